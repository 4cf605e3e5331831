"""Files of the site's owner: read as they are, written whole or not at all, never through a link out of the site."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.site import files
from hugo_llmpapers.temporary import write_file

_BOM = "\ufeff"


class Untouchable(Exception):
    """A file that must be left alone. `str()` goes on after its name; `remedy` what to do."""

    def __init__(self, reason: str, remedy: str, at: tuple[int, int] | None = None) -> None:
        super().__init__(reason)
        self.remedy = remedy
        self.at = at
        """Line and column where it is broken, from 1; None where that is not known."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a file has, or would have."""

    path: Path
    """As it is to be shown; may be a link within the site."""
    content: bytes | None
    """None where there is no such file."""

    @property
    def text(self) -> str:
        """Without a byte order mark; line ends as they are. Empty where there is no file."""
        return decoded(self.content or b"")

    @property
    def newline(self) -> str:
        """The line end that most of its lines have."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows > self.text.count("\n") - windows else "\n"

    def encoded(self, text: str) -> bytes:
        """Another text for it, with the byte order mark if it has one."""
        mark = _BOM if (self.content or b"").startswith(_BOM.encode()) else ""
        return (mark + text).encode()


def decoded(content: bytes) -> str:
    """Text without a byte order mark. Raises UnicodeDecodeError."""
    return content.decode("utf-8").removeprefix(_BOM)


def opened(root: Path, name: str) -> TextFile:
    """A file of the site by its name below `root`, there or not. Raises Untouchable."""
    path = root / name
    _check_place(root, path)
    try:
        content = files.content(path) if path.exists() else None
        decoded(content or b"")
    except UnicodeDecodeError as error:
        line = (content or b"")[: error.start].count(b"\n") + 1
        raise Untouchable(f"is not UTF-8 in line {line}", "Save it as UTF-8.") from None
    except OSError as error:
        raise Untouchable(f"cannot be read: {error.strerror}", "Check its permissions.") from None
    if content is not None and len(content) == files.LARGEST:
        raise Untouchable(f"is larger than {files.LARGEST / 1e6:.0f} MB", "Change it by hand.")
    return TextFile(path, content)


def replace(root: Path, file: TextFile, content: bytes) -> None:
    """Writes the content in one rename, with the file's own permissions; folders are made. Raises Untouchable where
    that cannot be done, or where the file is no longer as it was read; then nothing has changed."""
    _check_place(root, file.path)
    target = file.path.resolve()
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        if (files.content(target) if mode is not None else None) != file.content:
            raise Untouchable("has changed in the meantime", "Run init again.")
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, content, mode=mode, temporary_name=f".llm-papers-making-{os.getpid()}")
    except OSError as error:
        raise Untouchable(f"cannot be written: {error.strerror}", "Check permissions and disk.") from None


def _check_place(root: Path, path: Path) -> None:
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError):  # a circle of links
        raise Untouchable("is a link in a circle", "Remove the link.") from None
    if not resolved.is_relative_to(root.resolve()):
        raise Untouchable(f"leads to {resolved}, outside of the site", "Change that file by hand.")
    if resolved.is_dir():
        raise Untouchable("is a folder", "Move the folder away.")
    in_the_way = next((p for p in resolved.parents if p.is_relative_to(root.resolve()) and p.is_file()), None)
    if in_the_way is not None:
        raise Untouchable(f"has no folder to be in: {in_the_way} is a file", "Move that file away.")

"""Text files of the site: read exactly, written in one rename, never through a link that leaves the site."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.site import files
from hugo_llmpapers.temporary import write_file

_BOM = "\ufeff"


class CannotEdit(Exception):
    """A file that has to be left alone. `str()` is the rest of a sentence that begins with its name."""

    def __init__(self, reason: str, remedy: str, position: tuple[int, int] | None = None) -> None:
        super().__init__(reason)
        self.remedy = remedy
        self.position = position
        """Line and column of a syntax error, from 1; None if not known."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file and its content."""

    path: Path
    """May be a link within the site."""
    content: bytes | None
    """None if the file does not exist."""

    @property
    def text(self) -> str:
        """The content without byte order mark, with its line ends; empty if the file does not exist."""
        return (self.content or b"").decode().removeprefix(_BOM)

    @property
    def newline(self) -> str:
        """The line end that most of its lines have."""
        windows = self.text.count("\r\n")
        return "\r\n" if windows > self.text.count("\n") - windows else "\n"


def read(root: Path, name: str) -> TextFile:
    """Return the site's file `name`, a path below `root`, whether it exists or not. Raises CannotEdit."""
    path = root / name
    _check_path(root, path)
    try:
        content = files.read_bytes(path) if path.exists() else None
        (content or b"").decode()
    except UnicodeDecodeError as error:
        line = (content or b"")[: error.start].count(b"\n") + 1
        raise CannotEdit(f"is not UTF-8 in line {line}", "Save it as UTF-8.") from None
    except OSError as error:
        raise CannotEdit(f"cannot be read: {error.strerror}", "Check its permissions.") from None
    if content is not None and len(content) == files.MAX_BYTES:
        raise CannotEdit(f"is larger than {files.MAX_BYTES / 1e6:.0f} MB", "Edit it yourself.")
    return TextFile(path, content)


def write(root: Path, file: TextFile, text: str) -> None:
    """Replace the file's text in one rename, keeping its permissions and byte order mark; missing folders are created.

    Raises CannotEdit if that fails, or if the file has changed since it was read; then nothing has been written.
    """
    _check_path(root, file.path)
    target = file.path.resolve()
    bom = _BOM if (file.content or b"").startswith(_BOM.encode()) else ""
    try:
        mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
        if (files.read_bytes(target) if mode is not None else None) != file.content:
            raise CannotEdit("has changed in the meantime", "Run init again.")
        target.parent.mkdir(parents=True, exist_ok=True)
        name = f".llm-papers-making-{os.getpid()}"
        write_file(target, (bom + text).encode(), mode=mode, temporary_name=name)
    except OSError as error:
        raise CannotEdit(f"cannot be written: {error.strerror}", "Check permissions and disk.") from None


def _check_path(root: Path, path: Path) -> None:
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError):
        raise CannotEdit("is a link to itself", "Remove the link.") from None
    if not resolved.is_relative_to(root.resolve()):
        raise CannotEdit(f"is a link to {resolved}, outside of the site", "Edit that file yourself.")
    if resolved.is_dir():
        raise CannotEdit("is a folder", "Move the folder away.")
    in_the_way = next((p for p in resolved.parents if p.is_relative_to(root.resolve()) and p.is_file()), None)
    if in_the_way is not None:
        raise CannotEdit(f"cannot be created: {in_the_way} is a file", "Move that file away.")

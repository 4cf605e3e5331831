"""Changes to the owner's files: shown first, then written one by one.

Files are read exactly, and written in one rename, never through a link that leaves the site.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Literal

from hugo_llmpapers.site import files
from hugo_llmpapers.temporary import write_file

_BOM = "\ufeff"
Action = Literal["create", "append", "merge", "unchanged", "manual", "blocked"]
"""`manual`: left to the owner, as it cannot be edited reliably; `blocked`: the file cannot be read or written."""


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


@dataclass(frozen=True, slots=True)
class Change:
    """A planned or finished change of one file."""

    kind: str
    """`archetype`, `shortcode`, `settings`, `tasks`, `gitignore`, `workflow` or `workflow packages`."""
    name: str
    """The file's path, relative to the site's root if it is below it."""
    action: Action
    reason: str
    """What the file is for, what exists already, or what is wrong; one line that continues the name."""
    file: TextFile | None = None
    new_text: str | None = None
    """None if nothing is written."""
    remedy: str = ""
    """What the owner can do; empty if nothing is needed."""
    snippet: str = ""
    """Lines that the owner can add; empty in most cases."""
    position: tuple[int, int] | None = None
    """Line and column of a syntax error in the file."""

    @property
    def diff(self) -> str:
        """A unified diff with LF; empty if nothing is written."""
        if self.file is None or self.new_text is None:
            return ""
        source = "/dev/null" if self.file.content is None else f"a/{self.name}"
        old, new = self.file.text.splitlines(), self.new_text.splitlines()
        return "".join(f"{line}\n" for line in unified_diff(old, new, source, f"b/{self.name}", lineterm=""))


def plan_new_file(kind: str, root: Path, name: str, text: str, reason: str) -> Change:
    """Return the creation of a file; `unchanged` if it exists."""
    exists, new = Change(kind, name, "unchanged", "already exists"), Change(kind, name, "create", reason, new_text=text)
    return plan_edit(kind, root, name, lambda file: replace(new, file=file) if file.content is None else exists)


def plan_edit(kind: str, root: Path, name: str, edit: Callable[[TextFile], Change]) -> Change:
    """Return what `edit` returns for a file, which may not exist yet; `blocked` if it or reading raises CannotEdit."""
    try:
        change = edit(read(root, name))
    except CannotEdit as error:
        return Change(kind, name, "blocked", str(error), remedy=error.remedy, position=error.position)
    creates = change.file is not None and change.file.content is None
    return replace(change, action="create") if creates else change


def apply(change: Change, root: Path) -> Change:
    """Write a change. Returns it, as `blocked` if the file could not be written or has changed in the meantime."""
    if change.file is None or change.new_text is None:
        return change
    try:
        write(root, change.file, change.new_text)
    except CannotEdit as error:
        return replace(change, action="blocked", reason=str(error), remedy=error.remedy, new_text=None)
    return change


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

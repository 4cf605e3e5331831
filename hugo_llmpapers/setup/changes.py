"""Changes to the owner's files: shown first, then written one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Literal

from hugo_llmpapers.setup import text_file
from hugo_llmpapers.setup.text_file import CannotEdit, TextFile

Action = Literal["create", "append", "merge", "unchanged", "manual", "blocked"]
"""`manual`: left to the owner, as it cannot be edited reliably; `blocked`: the file cannot be read or written."""


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

    def create(file: TextFile) -> Change:
        if file.content is not None:
            return Change(kind, name, "unchanged", "already exists")
        return Change(kind, name, "create", reason, file, text)

    return plan_edit(kind, root, name, create)


def plan_edit(kind: str, root: Path, name: str, edit: Callable[[TextFile], Change]) -> Change:
    """Return what `edit` returns for a file, which may not exist yet; `blocked` if it or reading raises CannotEdit."""
    try:
        change = edit(text_file.read(root, name))
    except CannotEdit as error:
        return Change(kind, name, "blocked", str(error), remedy=error.remedy, position=error.position)
    creates = change.file is not None and change.file.content is None
    return replace(change, action="create") if creates else change


def apply(change: Change, root: Path) -> Change:
    """Write a change. Returns it, as `blocked` if the file could not be written or has changed in the meantime."""
    if change.file is None or change.new_text is None:
        return change
    try:
        text_file.write(root, change.file, change.new_text)
    except CannotEdit as error:
        return replace(change, action="blocked", reason=str(error), remedy=error.remedy, new_text=None)
    return change

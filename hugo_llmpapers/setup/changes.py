"""Changes to files of the site's owner: shown before they are made, and made one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path
from typing import Literal

from hugo_llmpapers.setup import text_file
from hugo_llmpapers.setup.text_file import TextFile, Untouchable

Action = Literal["create", "append", "merge", "unchanged", "manual", "blocked"]
"""`manual`: left to the owner, as we cannot write it well; `blocked`: something is wrong with the file."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one file, or has."""

    what: str
    """It is about: `archetype`, `shortcode`, `settings`, `tasks`, `gitignore`, `workflow`,
    `workflow packages`."""
    name: str
    """Of the file, below the site's root where it is there."""
    action: Action
    reason: str
    """What it is for, what is there already, or what is wrong; one line."""
    file: TextFile | None = None
    content: bytes | None = None
    """To be written; None where nothing is."""
    remedy: str = ""
    """What the owner can do; empty where there is nothing to do."""
    snippet: str = ""
    """What the owner could write by hand; empty in most cases."""
    at: tuple[int, int] | None = None
    """Line and column where the file is broken."""

    @property
    def diff(self) -> str:
        """Unified, with LF; empty where nothing is to be written."""
        if self.file is None or self.content is None:
            return ""
        old, new = (text.splitlines(keepends=False) for text in (self.file.text, text_file.decoded(self.content)))
        source = "/dev/null" if self.file.content is None else f"a/{self.name}"
        return "".join(f"{line}\n" for line in unified_diff(old, new, source, f"b/{self.name}", lineterm="", n=3))


def creation(what: str, root: Path, name: str, text: str, reason: str) -> Change:
    """A file that is to be made, unless it is there."""

    def whole(file: TextFile) -> Change:
        if file.content is not None:
            return Change(what, name, "unchanged", "is there already")
        return writing(what, name, "create", reason, file, text)

    return change_of(root, what, name, whole)


def change_of(root: Path, what: str, name: str, make: Callable[[TextFile], Change]) -> Change:
    """The change that `make` finds for a file, or why it must be left alone."""
    try:
        return make(text_file.opened(root, name))
    except Untouchable as error:
        return Change(what, name, "blocked", str(error), remedy=error.remedy, at=error.at)


def writing(what: str, name: str, action: Action, reason: str, file: TextFile, text: str) -> Change:
    """A file that is to have this text; `action` is for one that is there."""
    return Change(what, name, "create" if file.content is None else action, reason, file, file.encoded(text))


def written(change: Change, root: Path) -> Change:
    """The change, carried out; `blocked` with the reason where the file system, or a hand in between, did not let it."""
    if change.file is None or change.content is None:
        return change
    try:
        text_file.replace(root, change.file, change.content)
    except Untouchable as error:
        return replace(change, action="blocked", reason=str(error), remedy=error.remedy, content=None)
    return change

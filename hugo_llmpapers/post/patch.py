"""Apply the changes between two renderings to a file that a person may have edited.

Only lines that are in the file as they were rendered are replaced; all others keep every byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_MERGE_DISTANCE = 2
"""Changes with at most so many unchanged lines between them are one: a heading, a blank line, its paragraph."""
_MAX_CONTEXT = 6
"""Lines above a change that are used to find its place."""


@dataclass(frozen=True, slots=True)
class Patched:
    """A file after the changes."""

    text: str
    missed: int
    """Changes that were not made, as a person has edited these lines or they fit in more than one place."""


def apply_changes(text: str, before: str, after: str) -> Patched:
    """Make in `text` the changes from `before` to `after`, where the lines concerned are still those of `before`."""
    lines, old, new = text.split("\n"), before.split("\n"), after.split("\n")
    missed = 0
    for i1, i2, j1, j2 in _changes(old, new):
        start = _find(lines, old, i1, i2)
        if start is None:
            missed += 1
        else:
            lines[start : start + (i2 - i1)] = new[j1:j2]
    return Patched("\n".join(lines), missed)


def _changes(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """Return the ranges of lines that differ, old[i1:i2] and new[j1:j2]; those close together as one."""
    changes: list[tuple[int, int, int, int]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if changes and i1 - changes[-1][1] <= _MERGE_DISTANCE:
            i1, _, j1, _ = changes.pop()
        changes.append((i1, i2, j1, j2))
    return changes


def _find(lines: Sequence[str], old: Sequence[str], i1: int, i2: int) -> int | None:
    """Return where old[i1:i2] is in the file, with as many lines above it as make it unique; None if it is not."""
    for context in range(min(i1, _MAX_CONTEXT) + 1):
        expected = list(old[i1 - context : i2])
        if not expected:
            continue
        found = [n for n in range(len(lines) - len(expected) + 1) if list(lines[n : n + len(expected)]) == expected]
        if len(found) == 1:
            return found[0] + context
        if not found:
            return None
    return None

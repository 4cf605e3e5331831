"""Changes between two renderings, carried over into a file that a person may have edited.

Only lines that still stand in the file as they were rendered are replaced; all others keep every byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_NEAR = 2
"""Unchanged lines between two changes that belong together: a heading, a blank line, its paragraph."""
_CONTEXT = 6
"""Lines above a change that may be looked at to find its one place."""


@dataclass(frozen=True, slots=True)
class Patched:
    """A file after the changes."""

    text: str
    applied: int
    """Changes that were carried over."""
    missed: int
    """Changes whose lines a person has altered, or that fit in more than one place."""


def patched(mine: str, before: str, after: str) -> Patched:
    """`mine` with what changed from `before` to `after`, wherever the lines concerned are still those of `before`."""
    lines, old, new = mine.split("\n"), before.split("\n"), after.split("\n")
    applied = missed = 0
    for (i1, i2), (j1, j2) in _changes(old, new):
        place = _place(lines, old, i1, i2)
        if place is None:
            missed += 1
            continue
        lines[place : place + (i2 - i1)] = new[j1:j2]
        applied += 1
    return Patched("\n".join(lines), applied, missed)


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Spans of lines that differ, those close together as one."""
    spans: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        if spans and i1 - spans[-1][0][1] <= _NEAR:
            (first, _), (start, _) = spans.pop()
            spans.append(((first, i2), (start, j2)))
        else:
            spans.append(((i1, i2), (j1, j2)))
    yield from spans


def _place(lines: Sequence[str], old: Sequence[str], i1: int, i2: int) -> int | None:
    """Where the lines old[i1:i2] stand in the file, told apart by as many lines above them as it takes."""
    for context in range(_CONTEXT + 1):
        start = i1 - context
        if start < 0 or i2 == start:
            continue
        wanted = list(old[start:i2])
        found = [n for n in range(len(lines) - len(wanted) + 1) if list(lines[n : n + len(wanted)]) == wanted]
        if len(found) == 1:
            return found[0] + context
        if not found:
            return None
    return None

"""Which papers a post cannot be made with: by trying it with some of them only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from hugo_llmpapers.models import Entry

T = TypeVar("T")


def culprits(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Those of the items that `fails` is about, which is true of all together; empty where only some together fail.

    Halves are tried, then halves of those that fail: about 2 log n times for one culprit, at most 3 n times.
    """
    found = _within(items, fails)
    if found or len(items) < 2:
        return found
    without = ((item, [*items[:n], *items[n + 1 :]]) for n, item in enumerate(items))
    return next(([item] for item, others in without if not fails(others)), [])


def _within(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    if len(items) < 2:
        return list(items)
    middle = len(items) // 2
    return [culprit for half in (items[:middle], items[middle:]) if fails(half) for culprit in _within(half, fails)]


def plain(entry: Entry) -> Entry:
    """The entry with harmless words in the place of a stranger's; ids, dates and the picture stay."""
    paper = replace(
        entry.candidate.paper,
        title="A title",
        authors=("An Author",),
        abstract="An abstract.",
        comment=None,
        tldr=None,
        code_url=None,
        project_url=None,
    )
    figure = entry.figure and replace(entry.figure, label="Figure 1", caption=None)
    return replace(
        entry,
        candidate=replace(entry.candidate, paper=paper),
        summary=replace(entry.summary, text="A summary."),
        figure=figure,
        licence=None,
    )

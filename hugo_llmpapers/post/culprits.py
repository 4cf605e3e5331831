"""Find out which papers or posts break a build, by trying it with some of them or with harmless ones in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TypeVar

from hugo_llmpapers.records import Candidate, Entry, Figure, Paper, Summary

T = TypeVar("T")
_WIDTH_PX, _HEIGHT_PX = 800, 450
"""A usual size, as themes crop and shrink images."""
_PAPER = Paper("0000.00001", "A title", "An abstract.", ("An Author",), date(2026, 1, 1), ("cs.CL",), ())
_SUMMARY = "A summary."


def find_culprits(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return the items that make `fails` true. It is true of all items together, and false of none.

    Halves are tried, then halves of those that fail: about 2 log n calls for one culprit, at most 3 n. If only several items
    together fail, the culprits are those that fail together with the ones before them, so the first items stay.
    """
    if found := _failing_alone(items, fails):
        return found
    good: list[T] = []
    for item in items:
        if not fails([*good, item]):
            good.append(item)
    return [item for item in items if item not in good]


def _failing_alone(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    if len(items) < 2:
        return list(items)
    middle = len(items) // 2
    halves = items[:middle], items[middle:]
    return [culprit for half in halves if fails(half) for culprit in _failing_alone(half, fails)]


def harmless(entry: Entry) -> Entry:
    """Return the entry with harmless texts and a blank image; ids, dates and numbers stay."""
    old = entry.candidate.paper
    paper = replace(
        _PAPER, arxiv_id=old.arxiv_id, published=old.published, categories=old.categories, listings=old.listings
    )
    candidate, figure = replace(entry.candidate, paper=paper), _blank_figure() if entry.figure is not None else None
    return replace(
        entry, candidate=candidate, summary=replace(entry.summary, text=_SUMMARY), figure=figure, licence=None
    )


def invented_entry(number: int, *, with_figure: bool) -> Entry:
    """Return an entry about no real paper. `number`: its place among several, from 1."""
    paper = replace(_PAPER, arxiv_id=f"0000.{number:05d}")
    figure = _blank_figure() if with_figure else None
    return Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(_SUMMARY, "claude"), figure)


def _blank_figure() -> Figure:
    from PIL import Image

    png = BytesIO()
    Image.new("RGB", (_WIDTH_PX, _HEIGHT_PX), "white").save(png, "PNG")
    return Figure(png.getvalue(), _WIDTH_PX, _HEIGHT_PX, None, None, "Figure 1", None, "page")

"""Which papers a post cannot be made with: by trying it with some of them only, or with harmless ones."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from hugo_llmpapers.records import Candidate, Entry, Figure, Paper, Summary

T = TypeVar("T")
_WIDTH_PX, _HEIGHT_PX = 800, 450
"""A usual size, as themes crop pictures and make them smaller."""
_PAPER = Paper("0000.00001", "A title", "An abstract.", ("An Author",), date(2026, 1, 1), ("cs.CL",), ())
_SUMMARY = "A summary."


def culprits(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Those of the items that `fails` is about, which is true of all together, and not of none.

    Halves are tried, then halves of those that fail: about 2 log n times for one culprit, at most 3 n times. Where only
    several together fail, the culprits are those that do so with the ones before them: the first items stay.
    """
    if found := _within(items, fails):
        return found
    kept: list[T] = []
    for item in items:
        if not fails([*kept, item]):
            kept.append(item)
    return [item for item in items if item not in kept]


def _within(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    if len(items) < 2:
        return list(items)
    middle = len(items) // 2
    return [culprit for half in (items[:middle], items[middle:]) if fails(half) for culprit in _within(half, fails)]


def plain(entry: Entry) -> Entry:
    """The entry with harmless words and a blank picture in the place of a stranger's; ids and dates stay."""
    paper = replace(
        entry.candidate.paper,
        title=_PAPER.title,
        authors=_PAPER.authors,
        abstract=_PAPER.abstract,
        comment=None,
        tldr=None,
        code_url=None,
        project_url=None,
    )
    return replace(
        entry,
        candidate=replace(entry.candidate, paper=paper),
        summary=replace(entry.summary, text=_SUMMARY),
        figure=entry.figure and _figure(),
        licence=None,
    )


def invented(number: int, *, with_figure: bool) -> Entry:
    """One about no paper at all. `number`: which of several, from 1."""
    paper = replace(_PAPER, arxiv_id=f"0000.{number:05d}")
    figure = _figure() if with_figure else None
    return Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(_SUMMARY, "claude"), figure)


def _figure() -> Figure:
    return Figure(_blank(_WIDTH_PX, _HEIGHT_PX), _WIDTH_PX, _HEIGHT_PX, None, None, "Figure 1", None, "page")


def _blank(width_px: int, height_px: int) -> bytes:
    """A white picture, as a PNG file: https://www.w3.org/TR/png-3/#5Chunk-layout"""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress((b"\0" + b"\xff" * width_px) * height_px)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )

"""Finds the figure of a paper that a survey shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hugo_llmpapers.figures.captions import Caption, captions
from hugo_llmpapers.figures.choice import (
    FIRST,
    OVERVIEW_PAGES,
    OVERVIEWS,
    shows_overview,
    shows_results,
)
from hugo_llmpapers.figures.confidence import confidence
from hugo_llmpapers.figures.figure_box import figure_box
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.obstacles import obstacles
from hugo_llmpapers.figures.page import Document, Line
from hugo_llmpapers.figures.regions import regions
from hugo_llmpapers.figures.typography import Typography, typography

_SURE = 4.0
"""A caption with this score needs no comparison with lines on later pages."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a figure is."""

    page: int
    """0-based."""
    box: Box
    """Tight to ink, in points of the page as it is read."""
    caption: Caption
    strategy: str
    """Where its caption stands, for example `caption-below`."""
    confidence: float
    """How sure it is that this is the whole figure and nothing else, 0 to 1."""
    reason: str = "it is the paper's first"
    """Why it is this one of the paper's figures."""


def find(document: Document, pages: int = 20) -> Found | None:
    """The figure to show, from the first `pages` pages; None where none has a caption."""
    last = min(pages, document.page_count)
    style = typography([document.page(number) for number in range(min(4, last))])
    first = _figure(_candidates(document, style, last, FIRST), document, style)
    if first is None:
        other = _figure(_candidates(document, style, last), document, style)
        return None if other is None else replace(other, reason="there is no Figure 1 to be found")
    if not shows_results(first.caption, _inside(first, document)):
        return first
    for numbers in OVERVIEWS:
        early = _candidates(document, style, min(last, OVERVIEW_PAGES), numbers)
        other = _figure(early, document, style)
        if other is not None and shows_overview(other.caption, _inside(other, document)):
            return replace(other, reason="it is an overview, while Figure 1 shows results")
    return replace(first, reason="it shows results, but no overview follows soon")


def _candidates(document: Document, style: Typography, last: int, numbers: tuple[str, ...] = ()) -> Iterator[Caption]:
    """The captions of figures with one of these numbers, or with any, page by page."""
    for index in range(last):
        for caption in captions(document.page(index), style):
            if caption.kind == "figure" and (not numbers or caption.number in numbers):
                yield caption


def _figure(candidates: Iterator[Caption], document: Document, style: Typography) -> Found | None:
    """The figure of the likeliest caption that has one; of the first of which there is no doubt."""
    doubtful: list[Caption] = []
    for caption in candidates:
        if caption.score < _SURE:
            doubtful.append(caption)
            continue
        found = _located(caption, document, style)
        if found is not None:
            return found
    for caption in sorted(doubtful, key=lambda caption: -caption.score):
        found = _located(caption, document, style)
        if found is not None:
            return found
    return None


def _located(caption: Caption, document: Document, style: Typography) -> Found | None:
    """The figure of this caption: in the first room around it that holds one."""
    page = document.page(caption.page)
    found = obstacles(page, captions(page, style), style)
    for region in regions(caption, page, found, style):
        box = figure_box(region, page, found)
        ink = None if box is None else document.ink(page.number, box)
        if ink is not None and ink.width >= 40 and ink.height >= 25:
            sure = confidence(ink, region, caption, page, found, style)
            return Found(page.number, ink, caption, region.strategy, sure)
    return None


def _inside(found: Found, document: Document) -> list[Line]:
    lines = document.page(found.page).lines
    return [line for line in lines if found.box.holds(*line.box.centre)]

"""Finds the figure that shows readers of a survey what a paper is about.

That is Figure 1 in nearly every paper. About a quarter of the papers begin with a chart of results instead. If such a paper
has an overview of its method soon after, the overview is better.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hugo_llmpapers.figures.captions import Caption, captions
from hugo_llmpapers.figures.figure_box import confidence, figure_box
from hugo_llmpapers.figures.geometry import Box, union
from hugo_llmpapers.figures.page_layout import page_layout, regions
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.typography import Typography, document_typography

NO_FIGURE = "no figure with a caption was found"

_RESULTS = re.compile(
    r"\b(performances?|results?|scal(?:e|es|ing)|loss(?:es)?|accurac(?:y|ies)|benchmarks?|scores?"
    r"|evaluations?|comparisons?|compar(?:ed|ing|es)|rates?|curves?|outperforms?|trade-?offs?"
    r"|errors?|distributions?|statistics|latency|throughput|speedups?)\b",
    re.IGNORECASE,
)
_OVERVIEW = re.compile(
    r"\b(overviews?|frameworks?|architectures?|pipelines?|workflows?|illustrations?"
    r"|schematics?|proposed)\b",
    re.IGNORECASE,
)

_CERTAIN_SCORE = 4.0
"""A caption with this score is not compared with those on later pages."""


@dataclass(frozen=True, slots=True)
class Location:
    """The place of a figure in a PDF."""

    page: int
    """0-based."""
    box: Box
    """Tight to the ink, in points of the page as it is read."""
    label: str | None
    """`Figure 1`; None without a caption."""
    caption: str | None
    """Text of the caption; None if it is empty."""
    strategy: str
    """Where its caption is, for example `caption-below`; `page` for the top of the first page."""
    confidence: float | None
    """How likely it is the complete figure and nothing else, 0 to 1."""
    reason: str = "first figure"
    """Why it was chosen from the paper's figures."""


def find(document: Document, pages: int = 20) -> Location | None:
    """Return the location of the figure to show, from the first pages. None if no figure has a caption."""
    style = document_typography(document, pages)
    last = min(pages, document.page_count)
    first = _figure(document, style, last, ("1", "I"))
    if first is None:
        other = _figure(document, style, last)
        return None if other is None else replace(other, reason="no Figure 1 was found")
    caption = first.caption or ""
    if not _RESULTS.search(caption) or _OVERVIEW.search(caption) or not _is_chart(first, document):
        return first
    for numbers in (("2", "II"), ("3", "III"), ("4", "IV")):
        other = _figure(document, style, min(last, 10), numbers)
        # Captions begin by calling an overview so.
        if other is not None and _OVERVIEW.search((other.caption or "")[:110]) and not _is_chart(other, document):
            return replace(other, reason="an overview; Figure 1 shows results")
    return replace(first, reason="shows results, but no overview follows soon")


def first_page_top(document: Document) -> Location | None:
    """Return the upper half of the first page, cut between two lines. None if it is white."""
    page = document.page(0)
    if page.box.area == 0:
        return None
    half = 0.5 * page.box.height
    lines = [line.box for line in page.lines if line.upright and line.box.y1 <= half]
    ink = document.ink(0, Box(page.box.x0, page.box.y0, page.box.x1, union(lines).y1 if lines else half))
    return None if ink is None else Location(0, ink, None, None, "page", None, NO_FIGURE)


def _figure(document: Document, style: Typography, last: int, numbers: tuple[str, ...] = ()) -> Location | None:
    """Return the figure of the first certain caption, else of the uncertain caption with the highest score.

    The captions have one of these numbers, or any number.
    """
    uncertain: list[Caption] = []
    for caption in (caption for number in range(last) for caption in captions(document.page(number), style)):
        if caption.kind != "figure" or (numbers and caption.number not in numbers):
            continue
        if caption.score < _CERTAIN_SCORE:
            uncertain.append(caption)
        elif (found := _locate(caption, document, style)) is not None:
            return found
    ranked = sorted(uncertain, key=lambda caption: -caption.score)
    return next((found for caption in ranked if (found := _locate(caption, document, style))), None)


def _locate(caption: Caption, document: Document, style: Typography) -> Location | None:
    """Return the figure of a caption, from the first region around it that contains one."""
    layout = page_layout(document.page(caption.page), style)
    for region in regions(caption, layout):
        box = figure_box(region, layout)
        ink = None if box is None else document.ink(caption.page, box)
        if ink is not None and ink.width >= 40 and ink.height >= 25:
            sure = confidence(ink, region, layout)
            return Location(caption.page, ink, caption.label, caption.text or None, region.strategy, sure)
    return None


def _is_chart(location: Location, document: Document) -> bool:
    """Return whether a large part of the words inside a figure are numbers, as on axes."""
    inside = [line for line in document.page(location.page).lines if location.box.contains_centre(line.box)]
    words = [word for line in inside for word in line.text.split()]
    numbers = sum(any(letter.isdigit() for letter in word) for word in words)
    return len(words) >= 5 and numbers >= 0.3 * len(words)

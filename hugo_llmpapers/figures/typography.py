"""The typography of a paper: size and font of its body text, columns, and what repeats on its pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.pdf import Document

_DIGITS = re.compile(r"\d+")
Element = tuple[str, int, int, int, int]
"""A text without its digits, or a kind of graphic, and its box in steps of 3 points."""


def element(item: Line | Graphic) -> Element:
    """Return what is at which place, for comparison with other pages."""
    x0, y0, x1, y1 = (round(value / 3) for value in item.box)
    if isinstance(item, Graphic):
        return item.kind, x0, y0, x1, y1
    # A page number with more digits makes the line longer.
    return _DIGITS.sub("#", item.text), x0, y0, 0, y1


@dataclass(frozen=True, slots=True)
class Typography:
    """How a paper is set."""

    size: float
    """Font size of the body text, in points."""
    font: str
    """Font family of the body text."""
    columns: tuple[tuple[float, float], ...]
    """Left and right edges of the one or two columns, from left to right; empty without body text."""
    line_spacing: float = 12.0
    """From one line of the body text to the next, in points."""
    repeated: frozenset[Element] = frozenset()
    """What is at the same place on several pages: running heads, banners, logos, rules."""

    def is_body_font(self, line: Line) -> bool:
        """Return whether a line is set as the body text is."""
        return line.font == self.font and abs(line.size - self.size) <= 0.6

    def column_of(self, box: Box) -> tuple[float, float] | None:
        """Return the column that contains a box. None if there is none, or if the paper has one column."""
        if len(self.columns) < 2:
            return None
        return next((edges for edges in self.columns if edges[0] - 6 <= box.x0 and box.x1 <= edges[1] + 6), None)


def document_typography(document: Document, pages: int) -> Typography:
    """Return the typography of a document, from the first four of the pages that are read."""
    return typography([document.page(number) for number in range(min(4, pages, document.page_count))])


def typography(pages: Sequence[Page]) -> Typography:
    """Return the typography of these pages."""
    # Shorter lines may be labels.
    text = [line for page in pages for line in page.lines if len(line.text) >= 25]
    styles: Counter[tuple[str, float]] = Counter()
    for line in text:
        styles[line.font, round(line.size * 2) / 2] += len(line.text)
    repeated = _repeated(pages)
    if not styles:
        return Typography(10.0, "", (), repeated=repeated)
    font, size = max(styles, key=lambda style: (styles[style], style))
    body = [line for line in text if line.font == font and abs(line.size - size) <= 0.6]
    return Typography(size, font, _columns([line.box for line in body]), _line_spacing(body, size), repeated)


def _line_spacing(body: Sequence[Line], size: float) -> float:
    steps = Counter(
        round(2 * (line.box.y1 - last.box.y1)) / 2
        for last, line in pairwise(body)
        if abs(line.box.x0 - last.box.x0) < 3 and size <= line.box.y1 - last.box.y1 <= 3 * size
    )
    return max(steps, key=lambda step: (steps[step], -step), default=1.2 * size)


def _repeated(pages: Sequence[Page]) -> frozenset[Element]:
    """Return what is on several pages at the same place, near the top or the bottom."""
    counts: Counter[Element] = Counter()
    for page in pages:
        top, bottom = 0.14 * page.box.height, 0.86 * page.box.height
        # Numbers on axes may be at the same place by chance.
        texts = [line for line in page.lines if len(_DIGITS.sub("", line.text)) >= 5]
        items: list[Line | Graphic] = [*texts, *page.graphics]
        counts.update({element(item) for item in items if item.box.y1 <= top or item.box.y0 >= bottom})
    return frozenset(each for each, count in counts.items() if count > 1)


def _columns(boxes: Iterable[Box]) -> tuple[tuple[float, float], ...]:
    """Return the one or two most frequent pairs of edges of full lines."""
    edges = Counter((round(box.x0 / 3) * 3.0, round(box.x1 / 3) * 3.0) for box in boxes)
    first, *others = sorted(edges, key=lambda edge: (-edges[edge], edge))
    for other in others:
        apart = other[0] >= first[1] or other[1] <= first[0]
        same_width = abs((other[1] - other[0]) - (first[1] - first[0])) <= 12
        if apart and same_width and edges[other] >= edges[first] / 8:
            return tuple(sorted((first, other)))
    return (first,)

"""How a paper is set: size and font of its running text, and its columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page import Graphic, Line, Page

_DIGITS = re.compile(r"\d+")
_MARGIN = 0.14
"""Part of the page's height, at top and bottom, in which furniture stands."""

_WORDY = 25
"""Letters from which on a line counts as running text rather than as a label."""


_NAME = 5
"""Letters of a running head at least; numbers on axes may stand at one place by chance."""

Place = tuple[str, int, int, int, int]
"""A text without its digits, or a kind of drawing, with its box in steps of 3 points."""


def place(thing: Line | Graphic) -> Place:
    """What the thing is, and where, for comparison with other pages."""
    x0, y0, x1, y1 = (round(value / 3) for value in thing.box)
    if isinstance(thing, Graphic):
        return thing.kind, x0, y0, x1, y1
    # The number of the page makes the one line of text longer than the other.
    return _DIGITS.sub("#", thing.text), x0, y0, 0, y1


@dataclass(frozen=True, slots=True)
class Typography:
    """The paper's habits, as most of its text shows them."""

    size: float
    """Of the running text, in points."""
    font: str
    """Family of the running text."""
    columns: tuple[tuple[float, float], ...]
    """Left and right edge of the one or two, from left to right; empty without running text."""
    leading: float = 12.0
    """From one line of the running text to the next, in points."""
    furniture: frozenset[Place] = frozenset()
    """What stands at the same place on several pages: running heads, banners, logos, rules."""

    def like_body(self, line: Line) -> bool:
        """Whether the line is set as the running text is."""
        return line.font == self.font and abs(line.size - self.size) <= 0.6

    def column_of(self, box: Box) -> tuple[float, float] | None:
        """The column of a two-column paper that the box stays within; None where there is none."""
        if len(self.columns) < 2:
            return None
        return next(
            (edge for edge in self.columns if edge[0] - 6 <= box.x0 and box.x1 <= edge[1] + 6),
            None,
        )


def typography(pages: Sequence[Page]) -> Typography:
    """The habits seen on these pages, of which two to four suffice."""
    wordy = [line for page in pages for line in page.lines if len(line.text) >= _WORDY]
    styles: Counter[tuple[str, float]] = Counter()
    for line in wordy:
        styles[line.font, round(line.size * 2) / 2] += len(line.text)
    furniture = _furniture(pages)
    if not styles:
        return Typography(10.0, "", (), furniture=furniture)
    font, size = max(styles, key=lambda style: (styles[style], style))
    body = [line for line in wordy if line.font == font and abs(line.size - size) <= 0.6]
    columns = _columns([line.box for line in body])
    return Typography(size, font, columns, _leading(body, size), furniture)


def _leading(body: Sequence[Line], size: float) -> float:
    """The commonest distance of two lines that follow each other."""
    steps = Counter(
        round(2 * (line.box.y1 - last.box.y1)) / 2
        for last, line in pairwise(body)
        if abs(line.box.x0 - last.box.x0) < 3 and size <= line.box.y1 - last.box.y1 <= 3 * size
    )
    return max(steps, key=lambda step: (steps[step], -step), default=1.2 * size)


def _furniture(pages: Sequence[Page]) -> frozenset[Place]:
    seen: Counter[Place] = Counter()
    for page in pages:
        top, bottom = _MARGIN * page.box.height, (1 - _MARGIN) * page.box.height
        words = [line for line in page.lines if len(_DIGITS.sub("", line.text)) >= _NAME]
        things: list[Line | Graphic] = [*words, *page.graphics]
        seen.update({place(thing) for thing in things if thing.box.y1 <= top or thing.box.y0 >= bottom})
    return frozenset(where for where, times in seen.items() if times > 1)


def _columns(boxes: Iterable[Box]) -> tuple[tuple[float, float], ...]:
    """The one or two commonest pairs of edges of full lines."""
    edges = Counter((_snapped(box.x0), _snapped(box.x1)) for box in boxes)
    ranked = sorted(edges, key=lambda edge: (-edges[edge], edge))
    if not ranked:
        return ()
    first = ranked[0]
    for other in ranked[1:]:
        apart = other[0] >= first[1] or other[1] <= first[0]
        alike = abs((other[1] - other[0]) - (first[1] - first[0])) <= 12
        if apart and alike and edges[other] >= edges[first] / 8:
            return tuple(sorted((first, other)))
    return (first,)


def _snapped(x: float) -> float:
    return round(x / 3) * 3.0

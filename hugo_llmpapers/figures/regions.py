"""The free regions around a caption in which its figure can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hugo_llmpapers.figures.captions import Caption
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page import Graphic
from hugo_llmpapers.figures.page_layout import PageLayout

_TOLERANCE = 3.0
"""Points by which boxes of text may overlap, because they are taller than their letters."""


@dataclass(frozen=True, slots=True)
class Region:
    """A free rectangle next to a caption."""

    box: Box
    caption: Caption
    strategy: str
    """Where the caption is, seen from the figure: `caption-below` (nearly always), `caption-above`, `caption-right` or
    `caption-left`."""


def regions(caption: Caption, layout: PageLayout) -> Iterator[Region]:
    """Yield the regions above, below, left and right of a caption, the likeliest first."""
    obstacles = layout.obstacles(caption)
    box, page, sides = caption.box, layout.page.box, _sides(caption, layout)

    tops = {sides.y0, *(other.y1 for other in obstacles if _is_above(other, box))}
    above = [Box(sides.x0, top, sides.x1, box.y0) for top in tops]
    yield Region(_largest_free(above, box, obstacles), caption, "caption-below")

    bottoms = {sides.y1, *(other.y0 for other in obstacles if _is_above(box, other))}
    below = [Box(sides.x0, box.y1, sides.x1, bottom) for bottom in bottoms]
    yield Region(_largest_free(below, box, obstacles), caption, "caption-above")

    level = [other for other in obstacles if other.shared_height(box) > _TOLERANCE]
    start = max([page.x0, *(other.x1 for other in level if other.x1 <= box.x0 + _TOLERANCE)])
    left = Box(start, page.y0, box.x0, page.y1)
    yield Region(_limited_height(left, box, obstacles), caption, "caption-right")

    end = min([page.x1, *(other.x0 for other in level if other.x0 >= box.x1 - _TOLERANCE)])
    right = Box(box.x1, page.y0, end, page.y1)
    yield Region(_limited_height(right, box, obstacles), caption, "caption-left")


def _largest_free(boxes: Sequence[Box], caption: Box, obstacles: Sequence[Box]) -> Box:
    """Return the largest box, without what is beside it, that no obstacle above or below the caption overlaps.

    A short line at the end of a paragraph can limit a region either at its top or at its side.
    """
    narrowed = [_limited_width(box, caption, obstacles) for box in boxes]
    in_line = [other for other in obstacles if other.shared_width(caption) > min(8.0, 0.5 * other.width)]
    free = [box for box in narrowed if not any(_overlaps(other, box) for other in in_line)]
    return max(free or narrowed, key=lambda box: (box.area, box))


def _overlaps(obstacle: Box, box: Box) -> bool:
    return obstacle.shared_height(box) > _TOLERANCE and obstacle.shared_width(box) > 0


def _limited_width(box: Box, caption: Box, obstacles: Sequence[Box]) -> Box:
    """Return the box between the obstacles that are in it left and right of the caption."""
    level = [other for other in obstacles if other.shared_height(box) > _TOLERANCE]
    x, _ = caption.centre
    left = max([box.x0, *(other.x1 for other in level if other.x1 <= caption.x0 + _TOLERANCE)])
    right = min([box.x1, *(other.x0 for other in level if other.x0 >= caption.x1 - _TOLERANCE)])
    return Box(min(left, x), box.y0, max(right, x), box.y1)


def _limited_height(box: Box, caption: Box, obstacles: Sequence[Box]) -> Box:
    """Return the box between the obstacles above and below the caption's height."""
    in_line = [other for other in obstacles if other.shared_width(box) > _TOLERANCE]
    _, y = caption.centre
    top = max([box.y0, *(other.y1 for other in in_line if other.y1 <= y)])
    bottom = min([box.y1, *(other.y0 for other in in_line if other.y0 >= y)])
    return Box(box.x0, top, box.x1, bottom)


def _sides(caption: Caption, layout: PageLayout) -> Box:
    """Return the page, limited to the caption's column, and half-way to another caption at the same height."""
    left, top, right, bottom = layout.page.box
    columns, column = layout.style.columns, layout.style.column_of(caption.box)
    if column is not None and not _is_crossed(column, caption.box, layout.page.graphics):
        gutter = max(8.0, 0.5 * (columns[1][0] - columns[0][1]))
        if column == columns[0]:
            right = column[1] + gutter
        else:
            left = column[0] - gutter
    for other in layout.captions:
        if other == caption or other.box.shared_height(caption.box) <= _TOLERANCE:
            continue
        if other.box.x0 >= caption.box.x1:
            right = min(right, (caption.box.x1 + other.box.x0) / 2)
        elif other.box.x1 <= caption.box.x0:
            left = max(left, (other.box.x1 + caption.box.x0) / 2)
    return Box(left, top, right, bottom)


def _is_crossed(column: tuple[float, float], caption: Box, graphics: Sequence[Graphic]) -> bool:
    """Return whether a single graphic directly above the caption extends far beyond its column."""
    left, right = column
    for box in (graphic.box for graphic in graphics):
        is_above = box.height > 20 and -5 <= caption.y0 - box.y1 <= 30 and box.shared_width(caption) > 0
        beyond = min(box.x1 - right, right - box.x0) > 30 or min(left - box.x0, box.x1 - left) > 30
        if is_above and beyond:
            return True
    return False


def _is_above(upper: Box, lower: Box) -> bool:
    return upper.y1 <= lower.y0 + _TOLERANCE and upper.y0 < lower.y0

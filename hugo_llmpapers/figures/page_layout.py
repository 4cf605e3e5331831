"""The layout of a page: captions, everything that a figure cannot extend across, and the free regions around a caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hugo_llmpapers.figures.body_text import body_lines, drawn_frames, margin_lines
from hugo_llmpapers.figures.captions import Caption, captions
from hugo_llmpapers.figures.geometry import Box, clusters, union
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.typography import Typography, element

_STROKE = 1.5
"""Points by which a stroke may extend beyond its box."""
_TOLERANCE = 3.0
"""Points by which boxes of text may overlap, because they are taller than their letters."""


@dataclass(frozen=True, slots=True)
class PageLayout:
    """A page, and the parts of it that belong to no figure."""

    page: Page
    style: Typography
    captions: tuple[Caption, ...]
    text: tuple[Line, ...]
    """Body text, headings, running heads, page numbers."""
    tables: tuple[Box, ...]
    """With their captions."""
    text_backgrounds: tuple[Graphic, ...]
    """Coloured areas and frames behind body text."""
    repeated: tuple[Graphic, ...]
    """Graphics at the same place on several pages."""

    def obstacles(self, caption: Caption) -> list[Box]:
        """Return the boxes that the figure of a caption cannot extend across."""
        captions = [other.box for other in self.captions if other != caption]
        lines = [line.box for line in self.text if not caption.box.contains_centre(line.box)]
        # The stroke of a frame extends beyond its box.
        backgrounds = [graphic.box.expanded(_STROKE) for graphic in self.text_backgrounds]
        repeated = clusters([graphic.box for graphic in self.repeated], _STROKE)
        return [*lines, *captions, *self.tables, *backgrounds, *(union(group) for group in repeated)]


def page_layout(page: Page, style: Typography) -> PageLayout:
    """Analyse the layout of a page."""
    found = captions(page, style)
    figures = _frames_above_captions(page, found)
    text = [*body_lines(page, style, figures), *margin_lines(page, style)]
    others = [graphic for graphic in page.graphics if graphic.box not in figures]
    backgrounds = [graphic for graphic in others if _is_text_background(graphic, text, page)]
    text += [line for line in page.lines if any(each.box.contains_centre(line.box) for each in backgrounds)]
    rules = [graphic.box for graphic in page.graphics if graphic.is_rule]
    return PageLayout(
        page=page,
        style=style,
        captions=found,
        text=tuple(dict.fromkeys(text)),
        tables=tuple(_table(caption, rules) for caption in found if caption.kind == "other"),
        text_backgrounds=tuple(backgrounds),
        repeated=tuple(graphic for graphic in page.graphics if element(graphic) in style.repeated),
    )


def _frames_above_captions(page: Page, captions: Sequence[Caption]) -> list[Box]:
    """Return the frames up to 30 points above captions of figures, as for sub-captions: text in them belongs to the figure."""
    boxes = [caption.box for caption in captions if caption.kind == "figure"]
    return [
        frame
        for frame in drawn_frames(page)
        if any(-3 <= box.y0 - frame.y1 <= 30 and box.shared_width(frame) > 0 for box in boxes)
    ]


def _is_text_background(graphic: Graphic, text: Sequence[Line], page: Page) -> bool:
    """Return whether a graphic is a coloured area or a frame around body text, such as an abstract's."""
    if graphic.kind == "image" or graphic.box.height < 20 or page.is_covered_by(graphic.box):
        return False
    return sum(line.box.share_inside(graphic.box) > 0.9 for line in text) >= 2


def _table(caption: Caption, rules: Sequence[Box]) -> Box:
    """Return the box of a caption and the rules of its table: of the same width, 250 points apart at most, on one side."""
    wide = [rule for rule in rules if rule.width >= 0.35 * caption.box.width]
    near = [rule for rule in wide if rule.shared_height(caption.box) > -25 and rule.shared_width(caption.box) > 0]
    first = max(near, key=lambda rule: rule.shared_height(caption.box), default=None)
    if first is None:
        return caption.box
    below = first.y0 > caption.box.centre[1]
    same = [rule for rule in wide if rule.has_same_sides(first) and (rule.y0 > caption.box.centre[1]) == below]
    group = next(group for group in clusters(same, 250.0) if first in group)
    return union([caption.box, *group])


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

    level = _limited_width(Box(page.x0, box.y0, page.x1, box.y1), box, obstacles)
    left = Box(level.x0, page.y0, box.x0, page.y1)
    yield Region(_limited_height(left, box, obstacles), caption, "caption-right")
    right = Box(box.x1, page.y0, level.x1, page.y1)
    yield Region(_limited_height(right, box, obstacles), caption, "caption-left")


def _largest_free(boxes: Sequence[Box], caption: Box, obstacles: Sequence[Box]) -> Box:
    """Return the largest box, without what is beside it, that no obstacle above or below the caption overlaps.

    A short line at the end of a paragraph can limit a region either at its top or at its side.
    """
    narrowed = [_limited_width(box, caption, obstacles) for box in boxes]
    in_line = [other for other in obstacles if other.shared_width(caption) > min(8.0, 0.5 * other.width)]
    free = [
        box
        for box in narrowed
        if not any(other.shared_height(box) > _TOLERANCE and other.shared_width(box) > 0 for other in in_line)
    ]
    return max(free or narrowed, key=lambda box: (box.area, box))


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

"""The layout of a page: captions, and everything that a figure cannot extend across."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hugo_llmpapers.figures.body_text import body_lines, drawn_frames, margin_lines
from hugo_llmpapers.figures.captions import Caption, captions
from hugo_llmpapers.figures.geometry import Box, clusters, union
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.typography import Typography, element

_STROKE = 1.5
"""Points by which a stroke may extend beyond its box."""

_CAPTION_GAP = 30.0
"""Maximum points between a figure and its caption, including a line of sub-captions."""

_RULE_GAP = 250.0
"""Maximum points between two rules of one table."""


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
    """Return the frames directly above the captions of figures: text in them belongs to the figure."""
    boxes = [caption.box for caption in captions if caption.kind == "figure"]
    return [
        frame
        for frame in drawn_frames(page)
        if any(-3 <= box.y0 - frame.y1 <= _CAPTION_GAP and box.shared_width(frame) > 0 for box in boxes)
    ]


def _is_text_background(graphic: Graphic, text: Sequence[Line], page: Page) -> bool:
    """Return whether a graphic is a coloured area or a frame around body text, such as an abstract's."""
    if graphic.kind == "image" or graphic.box.height < 20 or page.is_covered_by(graphic.box):
        return False
    return sum(line.box.share_inside(graphic.box) > 0.9 for line in text) >= 2


def _table(caption: Caption, rules: Sequence[Box]) -> Box:
    """Return the box of a caption and the rules of its table: those of the same width, all above or all below."""
    wide = [rule for rule in rules if rule.width >= 0.35 * caption.box.width]
    near = [rule for rule in wide if rule.shared_height(caption.box) > -25 and rule.shared_width(caption.box) > 0]
    first = max(near, key=lambda rule: rule.shared_height(caption.box), default=None)
    if first is None:
        return caption.box
    below = first.y0 > caption.box.centre[1]
    same = [rule for rule in wide if _has_same_extent(rule, first) and (rule.y0 > caption.box.centre[1]) == below]
    group = next(group for group in clusters(same, _RULE_GAP) if first in group)
    return union([caption.box, *group])


def _has_same_extent(box: Box, other: Box) -> bool:
    return abs(box.x0 - other.x0) <= 3 and abs(box.x1 - other.x1) <= 3

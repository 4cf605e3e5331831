"""What a figure cannot reach across: running text, other captions, tables, running heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hugo_llmpapers.figures.bodytext import body_lines, drawn_frames, running_heads
from hugo_llmpapers.figures.captions import Caption
from hugo_llmpapers.figures.geometry import Box, clusters, union
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.typography import Typography, place

_STROKE = 1.5
"""Points by which a stroke may reach out of its box."""

_REST = 30.0
"""Points between a figure and its caption, a line of sub-captions included."""

_TALL = 250.0
"""Points between two rules of one table at most."""


@dataclass(frozen=True, slots=True)
class Obstacles:
    """The parts of a page that belong to no figure."""

    text: tuple[Line, ...]
    """Running text, headings, running heads."""
    captions: tuple[Caption, ...]
    """All of the page, also the one whose figure is looked for."""
    tables: tuple[Box, ...]
    """With their captions."""
    tints: tuple[Graphic, ...]
    """Coloured areas and frames behind running text."""
    furniture: tuple[Graphic, ...]
    """What is drawn at the same place on several pages."""

    def boxes(self, caption: Caption) -> list[Box]:
        """Everything in the way of this caption's figure."""
        others = [other.box for other in self.captions if other is not caption]
        lines = [line.box for line in self.text if not caption.box.holds(*line.box.centre)]
        # The stroke of a frame is wider than its box.
        tints = [graphic.box.grown(_STROKE) for graphic in self.tints]
        furniture = clusters([graphic.box for graphic in self.furniture], _STROKE)
        return [*lines, *others, *self.tables, *tints, *(union(group) for group in furniture)]


def obstacles(page: Page, captions: Sequence[Caption], style: Typography) -> Obstacles:
    """What is in the way on this page, whose captions these are."""
    resting = _resting(page, captions)
    furniture = [graphic for graphic in page.graphics if place(graphic) in style.furniture]
    text = [*body_lines(page, style, resting), *running_heads(page, style)]
    tints = [graphic for graphic in page.graphics if graphic.box not in resting and _behind(graphic, text, page)]
    text += [line for line in page.lines if any(tint.box.holds(*line.box.centre) for tint in tints)]
    rules = [graphic.box for graphic in page.graphics if graphic.rule]
    tables = [_table(caption, rules) for caption in captions if caption.kind == "other"]
    return Obstacles(
        text=tuple(dict.fromkeys(text)),
        captions=tuple(captions),
        tables=tuple(tables),
        tints=tuple(tints),
        furniture=tuple(furniture),
    )


def _resting(page: Page, captions: Sequence[Caption]) -> list[Box]:
    """What is drawn right above the caption of a figure: text in it is the figure's own."""
    figures = [caption.box for caption in captions if caption.kind == "figure"]
    return [
        frame
        for frame in drawn_frames(page)
        if any(-3 <= box.y0 - frame.y1 <= _REST and box.shared_width(frame) > 0 for box in figures)
    ]


def _behind(graphic: Graphic, text: Sequence[Line], page: Page) -> bool:
    """Whether it is a tint or frame around running text, such as an abstract's."""
    if graphic.kind == "image" or graphic.box.height < 20 or graphic.box.area >= 0.8 * page.box.area:
        return False
    return sum(line.box.share_inside(graphic.box) > 0.9 for line in text) >= 2


def _table(caption: Caption, rules: Sequence[Box]) -> Box:
    """The caption with its table's rules: those of one extent that begin right below or above."""
    wide = [rule for rule in rules if rule.width >= 0.35 * caption.box.width]
    near = [rule for rule in wide if rule.shared_height(caption.box) > -25]
    first = max(
        (rule for rule in near if rule.shared_width(caption.box) > 0),
        key=lambda rule: rule.shared_height(caption.box),
        default=None,
    )
    if first is None:
        return caption.box
    below = first.y0 > caption.box.centre[1]
    alike = [rule for rule in wide if _same_extent(rule, first) and (rule.y0 > caption.box.centre[1]) == below]
    chain = next(chain for chain in clusters(alike, _TALL) if first in chain)
    return union([caption.box, *chain])


def _same_extent(box: Box, other: Box) -> bool:
    return abs(box.x0 - other.x0) <= 3 and abs(box.x1 - other.x1) <= 3

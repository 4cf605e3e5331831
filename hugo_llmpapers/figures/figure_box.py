"""The figure inside a free region: its drawings and images, and the labels around them."""

from __future__ import annotations

from collections.abc import Sequence

from hugo_llmpapers.figures.geometry import Box, clusters, union
from hugo_llmpapers.figures.obstacles import Obstacles
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.regions import Region

_REACH = 15.0
"""Points within which a line of text is a label of what is drawn."""

_GAP = 36.0
"""Points of white that can part two panels of one figure."""

_ROW = 0.5
"""Part of the smaller one by which panels in one row or column overlap."""

_STEP = 80.0
"""Points of white between panels one below the other, axes and titles without lines included."""

_TOUCH = 5.0

_THIN = 2.5
"""Points up to which something drawn is a rule."""

_LINES = 3
"""Lines of text, and rules, that make a figure without a drawing."""


def figure_box(region: Region, page: Page, found: Obstacles) -> Box | None:
    """What is drawn in the region, with its labels; None where that is too little for a figure.

    Where nothing but rules is drawn above a caption, the text there is the figure, if there are
    at least three lines of it.
    """
    drawn = drawn_in(region, page, found)
    labels = _labels(region.box, page, found)
    if _is_picture(drawn):
        box = _nearest(drawn, labels, region, found)
    elif region.strategy == "caption-below" and len(drawn) + len(labels) >= _LINES:
        box = _nearest([*drawn, *(line.box for line in labels)], labels, region, found)
    else:
        return None
    for _ in range(2):
        near = [line.box for line in labels if _belongs(line, box)]
        box = union([box, *near]).clipped(region.box)
    box = union([box, *_words(box, labels, region)]).clipped(region.box)
    if box.width < 40 or box.height < 25 or _claimed(box, region, found):
        return None
    return box


def _is_picture(drawn: Sequence[Box]) -> bool:
    """Whether more is drawn than rules, as they stand between rows and under words."""
    strokes = [box for box in drawn if box.height > _THIN or box.width < 20]
    return any(_solid(union(group)) for group in clusters(strokes, _REACH))


def _claimed(box: Box, region: Region, found: Obstacles) -> bool:
    """Whether it is the figure of a caption right below it rather than of the region's."""
    if region.strategy == "caption-below":
        return False
    if region.strategy != "caption-above" and box.shared_height(region.caption) <= 0:
        return True
    gaps = [
        caption.box.y0 - box.y1
        for caption in found.captions
        if caption.kind == "figure" and caption.box.shared_width(box) > 0
    ]
    return any(-3 <= gap < _distance(box, region) for gap in gaps)


def _belongs(line: Line, box: Box) -> bool:
    return line.box.meets(box.grown(_REACH)) and (line.box.shared_width(box) > 0 or line.box.shared_height(box) > 0)


def _words(box: Box, labels: Sequence[Line], region: Region) -> list[Box]:
    """The parts of the figure in words, such as formulas, beside what is drawn, in whole paragraphs.

    They stand over the caption, which is as wide as its figure where it fills its lines.
    """
    if region.strategy not in {"caption-below", "caption-above"}:
        return []
    left, right = region.caption.x0 - _TOUCH, region.caption.x1 + _TOUCH
    beside = [line for line in labels if line.box.shared_height(box) >= 0.9 * line.box.height]
    blocks = {line.block for line in beside if left <= line.box.x0 and line.box.x1 <= right}
    return [line.box for line in beside if line.block in blocks]


def drawn_in(region: Region, page: Page, found: Obstacles) -> list[Box]:
    """What is drawn in the room, without backgrounds of the page or of running text."""
    # What reaches far up beside a caption is no figure below it.
    share = 0.5 if region.strategy == "caption-below" else 0.9
    behind = {*found.tints, *found.furniture}
    inside = [
        graphic
        for graphic in page.graphics
        if graphic.box.share_inside(region.box) >= share
        and graphic.box.area < 0.8 * page.box.area
        and graphic not in behind
        and not _head_rule(graphic, page, found)
    ]
    drawn = [graphic.box.clipped(region.box) for graphic in inside]
    return [box for box in drawn if not _lone_rule(box, drawn)]


def _lone_rule(box: Box, drawn: Sequence[Box]) -> bool:
    """Whether it is a long rule with nothing at it, which parts the figure from something else."""
    if box.height > _THIN or box.width < 100:
        return False
    near = box.grown(_TOUCH)
    return not any(other is not box and (other.meets(near) or _parallel(other, box)) for other in drawn)


def _parallel(other: Box, box: Box) -> bool:
    """Whether the one begins and ends where the other does, as the rules of a table do."""
    return abs(other.x0 - box.x0) <= 3 and abs(other.x1 - box.x1) <= 3


def _head_rule(graphic: Graphic, page: Page, found: Obstacles) -> bool:
    """Whether it is the rule under a running head."""
    return (
        graphic.rule
        and graphic.box.y1 <= 0.12 * page.box.height
        and any(-2 <= graphic.box.y0 - line.box.y1 <= 8 for line in found.text)
    )


def _labels(room: Box, page: Page, found: Obstacles) -> list[Line]:
    """The text in the room that is neither running text nor part of a caption."""
    taken = set(found.text)
    return [
        line
        for line in page.lines
        if line not in taken
        and line.box.share_inside(room) >= 0.6
        and not any(caption.box.holds(*line.box.centre) for caption in found.captions)
    ]


def _nearest(drawn: Sequence[Box], labels: Sequence[Line], region: Region, found: Obstacles) -> Box:
    """The group of drawings next to the caption, with the groups that continue it."""
    groups = [union(group) for group in clusters(drawn, _REACH)]
    close = [line.box for line in labels if any(line.box.meets(g.grown(_REACH)) for g in groups)]
    waiting = [union(group) for group in clusters([*groups, *close], _REACH)]
    solid = [group for group in waiting if _solid(group)]
    if not solid:
        return union(waiting)
    box = min(solid, key=lambda group: (_distance(group, region), -group.area))
    waiting.remove(box)
    others = [caption.box for caption in found.captions if caption.box != region.caption]
    while joined := [group for group in waiting if _continues(group, box) or _panel(group, box, others)]:
        box = union([box, *joined])
        waiting = [group for group in waiting if group not in joined]
    return box


def _continues(group: Box, box: Box) -> bool:
    """Whether the group is another panel or piece of the figure rather than a stray rule."""
    if not group.meets(box.grown(_GAP)):
        return False
    aligned = group.shared_width(box) > 0 or group.shared_height(box) > 0
    return _solid(group) or (aligned and group.height > _THIN)


def _panel(group: Box, box: Box, captions: Sequence[Box]) -> bool:
    """Whether the group stands in one row or column with what is found, however wide the white between them.

    The room ends at running text and at other captions' figures, so that a panel in it has no other caption to go to,
    unless one stands right under it.
    """
    row = group.shared_height(box) >= _ROW * min(group.height, box.height)
    column = group.shared_width(box) >= _ROW * max(group.width, box.width) and group.meets(box.grown(_STEP))
    return _solid(group) and (row or column) and not any(_under(caption, group) for caption in captions)


def _under(caption: Box, group: Box) -> bool:
    return -3 <= caption.y0 - group.y1 <= _GAP and caption.shared_width(group) > 0


def _solid(group: Box) -> bool:
    return group.height > 12 and group.width > 12


def _distance(group: Box, region: Region) -> float:
    """Points between the group and the region's edge at which the caption stands."""
    return {
        "caption-below": region.box.y1 - group.y1,
        "caption-above": group.y0 - region.box.y0,
        "caption-right": region.box.x1 - group.x1,
        "caption-left": group.x0 - region.box.x0,
    }[region.strategy]

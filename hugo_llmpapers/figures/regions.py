"""The room around a caption in which its figure can lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hugo_llmpapers.figures.captions import Caption
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.obstacles import Obstacles
from hugo_llmpapers.figures.page import Graphic, Page
from hugo_llmpapers.figures.typography import Typography

_SLACK = 3.0
"""Points by which boxes of text may overlap, being taller than their letters."""


@dataclass(frozen=True, slots=True)
class Region:
    """A free rectangle next to a caption."""

    box: Box
    caption: Box
    strategy: str
    """Where the caption stands, seen from the figure: `caption-below`, as nearly always,
    `caption-above`, `caption-right` or `caption-left`."""


def regions(caption: Caption, page: Page, found: Obstacles, style: Typography) -> Iterator[Region]:
    """The rooms above, below, left and right of the caption, the likeliest first."""
    walls = found.boxes(caption)
    sides = _sides(caption, page, found, style)
    above = _above(caption, walls, sides)
    below = _below(caption, walls, sides)
    yield Region(above, caption.box, "caption-below")
    yield Region(below, caption.box, "caption-above")
    yield Region(_left(caption, page, walls), caption.box, "caption-right")
    yield Region(_right(caption, page, walls), caption.box, "caption-left")


def _above(caption: Caption, walls: Sequence[Box], sides: Box) -> Box:
    tops = [wall.y1 for wall in walls if _over(wall, caption.box)]
    return _roomiest(
        [_between(caption, Box(sides.x0, top, sides.x1, caption.box.y0), walls) for top in {sides.y0, *tops}],
        caption,
        walls,
    )


def _below(caption: Caption, walls: Sequence[Box], sides: Box) -> Box:
    bottoms = [wall.y0 for wall in walls if _over(caption.box, wall)]
    return _roomiest(
        [_between(caption, Box(sides.x0, caption.box.y1, sides.x1, bottom), walls) for bottom in {sides.y1, *bottoms}],
        caption,
        walls,
    )


def _roomiest(rooms: Sequence[Box], caption: Caption, walls: Sequence[Box]) -> Box:
    """The largest of the rooms that no wall above or below the caption reaches into.

    A short line at the end of a paragraph can end a room at its top, or narrow it down to its side.
    """
    stacked = [wall for wall in walls if _stacked(wall, caption.box)]
    free = [room for room in rooms if not any(_reaches(wall, room) for wall in stacked)]
    return max(free or rooms, key=lambda room: (room.area, room))


def _reaches(wall: Box, room: Box) -> bool:
    return wall.shared_height(room) > _SLACK and wall.shared_width(room) > 0


def _between(caption: Caption, room: Box, walls: Sequence[Box]) -> Box:
    """The room, narrowed by the walls that stand left and right of the caption in it."""
    beside = [wall for wall in walls if wall.shared_height(room) > _SLACK]
    x, _ = caption.box.centre
    left = max([room.x0, *(wall.x1 for wall in beside if wall.x1 <= caption.box.x0 + _SLACK)])
    right = min([room.x1, *(wall.x0 for wall in beside if wall.x0 >= caption.box.x1 - _SLACK)])
    return Box(min(left, x), room.y0, max(right, x), room.y1)


def _left(caption: Caption, page: Page, walls: Sequence[Box]) -> Box:
    box = caption.box
    ends = [w.x1 for w in walls if w.x1 <= box.x0 + _SLACK and w.shared_height(box) > _SLACK]
    room = Box(max([page.box.x0, *ends]), page.box.y0, box.x0, page.box.y1)
    return _storey(caption, room, walls)


def _right(caption: Caption, page: Page, walls: Sequence[Box]) -> Box:
    box = caption.box
    ends = [w.x0 for w in walls if w.x0 >= box.x1 - _SLACK and w.shared_height(box) > _SLACK]
    room = Box(box.x1, page.box.y0, min([page.box.x1, *ends]), page.box.y1)
    return _storey(caption, room, walls)


def _storey(caption: Caption, room: Box, walls: Sequence[Box]) -> Box:
    """The room, cut at the walls above and below the caption's height."""
    across = [wall for wall in walls if wall.shared_width(room) > _SLACK]
    middle = caption.box.centre[1]
    top = max([room.y0, *(wall.y1 for wall in across if wall.y1 <= middle)])
    bottom = min([room.y1, *(wall.y0 for wall in across if wall.y0 >= middle)])
    return Box(room.x0, top, room.x1, bottom)


def _sides(caption: Caption, page: Page, found: Obstacles, style: Typography) -> Box:
    """The page, narrowed to the caption's column, and half-way to a caption at its height."""
    left, _, right, _ = page.box
    column = style.column_of(caption.box)
    if column is not None and not _crossed(caption, column, page.graphics):
        gutter = max(8.0, 0.5 * (style.columns[1][0] - style.columns[0][1]))
        left, right = column[0] - gutter, column[1] + gutter
        if column == style.columns[0]:
            left = page.box.x0
        else:
            right = page.box.x1
    for other in found.captions:
        if other is caption or other.box.shared_height(caption.box) <= _SLACK:
            continue
        if other.box.x0 >= caption.box.x1:
            right = min(right, (caption.box.x1 + other.box.x0) / 2)
        elif other.box.x1 <= caption.box.x0:
            left = max(left, (other.box.x1 + caption.box.x0) / 2)
    return Box(left, page.box.y0, right, page.box.y1)


def _crossed(caption: Caption, column: tuple[float, float], graphics: Sequence[Graphic]) -> bool:
    """Whether one single drawing right above the caption reaches well out of its column."""
    for graphic in graphics:
        box = graphic.box
        over = box.height > 20 and -5 <= caption.box.y0 - box.y1 <= 30
        beyond = min(box.x1 - column[1], column[1] - box.x0) > 30 or (min(column[0] - box.x0, box.x1 - column[0]) > 30)
        if over and beyond and box.shared_width(caption.box) > 0:
            return True
    return False


def _over(upper: Box, lower: Box) -> bool:
    """Whether the first lies wholly above the second, give or take what boxes of text overlap."""
    return upper.y1 <= lower.y0 + _SLACK and upper.y0 < lower.y0


def _stacked(wall: Box, box: Box) -> bool:
    return wall.shared_width(box) > min(8.0, 0.5 * wall.width)

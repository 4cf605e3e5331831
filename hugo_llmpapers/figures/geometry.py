"""Boxes on a page, in points from the top left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle: left, top, right, bottom; y points downwards."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        """0 if a side is negative."""
        return max(0.0, self.width) * max(0.0, self.height)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def intersection(self, other: Box) -> Box:
        """Return the common part; a side is negative if there is none."""
        x0, y0 = max(self.x0, other.x0), max(self.y0, other.y0)
        return Box(x0, y0, min(self.x1, other.x1), min(self.y1, other.y1))

    def expanded(self, points: float) -> Box:
        """Return the box, larger by this much on every side."""
        return Box(self.x0 - points, self.y0 - points, self.x1 + points, self.y1 + points)

    def contains_centre(self, other: Box) -> bool:
        """Return whether the centre of the other box is inside or on the edge."""
        x, y = other.centre
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1

    def touches(self, other: Box) -> bool:
        """Return whether the boxes overlap or touch."""
        return self.x0 <= other.x1 and other.x0 <= self.x1 and self.y0 <= other.y1 and other.y0 <= self.y1

    def shared_width(self, other: Box) -> float:
        """Return how far the boxes overlap horizontally, whatever their heights; a gap is negative."""
        return min(self.x1, other.x1) - max(self.x0, other.x0)

    def shared_height(self, other: Box) -> float:
        """Return how far the boxes overlap vertically, whatever their horizontal positions; a gap is negative."""
        return min(self.y1, other.y1) - max(self.y0, other.y0)

    def has_same_sides(self, other: Box) -> bool:
        """Return whether left and right sides are at most 3 points apart."""
        return abs(self.x0 - other.x0) <= 3 and abs(self.x1 - other.x1) <= 3

    def share_inside(self, other: Box) -> float:
        """Return the share of this box that is inside the other, 0 to 1. A line counts as 0.1 points thick."""
        body = Box(self.x0, self.y0, max(self.x1, self.x0 + 0.1), max(self.y1, self.y0 + 0.1))
        common = body.intersection(other)
        return common.area / body.area if common.width > 0 and common.height > 0 else 0.0


def union(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around at least one box."""
    x0s, y0s, x1s, y1s = zip(*boxes, strict=True)
    return Box(min(x0s), min(y0s), max(x1s), max(y1s))


def clusters(boxes: Sequence[Box], gap: float) -> list[list[Box]]:
    """Return the boxes in groups that are separated by white strips wider than `gap`, horizontal or vertical.

    Groups are split again and again (a recursive X-Y cut), so panels side by side below a wide panel are separated.
    """
    done: list[list[Box]] = []
    waiting = [list(boxes)] if boxes else []
    while waiting:
        group = waiting.pop()
        parts = _cut(group, gap, lambda box: (box.y0, box.y1))
        if len(parts) == 1:
            parts = _cut(group, gap, lambda box: (box.x0, box.x1))
        if len(parts) == 1:
            done.append(group)
        else:
            waiting.extend(parts)
    return sorted(done, key=union)


def _cut(group: list[Box], gap: float, extent: Callable[[Box], tuple[float, float]]) -> list[list[Box]]:
    parts: list[list[Box]] = []
    reached = 0.0
    for box in sorted(group, key=extent):
        start, end = extent(box)
        if not parts or start - reached > gap:
            parts.append([])
            reached = end
        parts[-1].append(box)
        reached = max(reached, end)
    return parts

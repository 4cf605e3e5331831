"""Shapes and words on a page: what the invented papers' text and figures are made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import pymupdf

Colour = tuple[float, float, float]
Point = tuple[float, float]
Align = Literal["left", "centre", "right"]

TAU = r"$\tau$"


def _rgb(value: int) -> Colour:
    return (value >> 16) / 255, (value >> 8 & 255) / 255, (value & 255) / 255


BLACK, WHITE = _rgb(0x14181F), _rgb(0xFFFFFF)
INK, GREY, RULE, MIST = _rgb(0x26303F), _rgb(0x66707F), _rgb(0xB9C2CE), _rgb(0xF1F4F8)
BLUE, BLUE_TINT = _rgb(0x3D5FB8), _rgb(0xE6ECF9)
TEAL, TEAL_TINT = _rgb(0x1F8A80), _rgb(0xDDF1EE)
AMBER, AMBER_TINT = _rgb(0xC9821B), _rgb(0xFBEFD9)
CORAL, CORAL_TINT = _rgb(0xC6523C), _rgb(0xFAE4DF)


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a drawing goes: its own (0, 0) is at `left`, `top` of the page. y grows downwards."""

    shape: pymupdf.Shape
    left: float = 0
    top: float = 0

    def at(self, x: float, y: float) -> Point:
        """The page's coordinates of a point of the drawing."""
        return self.left + x, self.top + y


def runs(text: str, font: str) -> list[tuple[str, str]]:
    """The text cut into pieces with their fonts: a tau stands in Symbol, where its key is t."""
    pieces: list[tuple[str, str]] = []
    for i, piece in enumerate(text.split(TAU)):
        pieces += [("t", "symb")] if i else []
        pieces += [(piece, font)] if piece else []
    return pieces


@cache
def _advance(character: str, font: str) -> float:
    return float(pymupdf.get_text_length(character, fontname=font, fontsize=1))


def width(text: str, font: str, size: float) -> float:
    """How wide the text is, in points."""
    return size * sum(_advance(c, own) for piece, own in runs(text, font) for c in piece)


def write(
    ink: Ink,
    x: float,
    y: float,
    text: str,
    *,
    size: float = 10.5,
    colour: Colour = INK,
    font: str = "helv",
    align: Align = "left",
) -> None:
    """One line of text on the baseline y; x is its left end, middle or right end, by `align`."""
    x -= {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * width(text, font, size)
    for piece, own in runs(text, font):
        ink.shape.insert_text(ink.at(x, y), piece, fontname=own, fontsize=size, color=colour)
        x += width(TAU if own == "symb" else piece, own, size)


def box(
    ink: Ink,
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    fill: Colour | None = WHITE,
    line: Colour | None = RULE,
    weight: float = 1,
    radius: float = 6,
    dashes: str | None = None,
) -> None:
    """A rectangle with round corners."""
    corner = min(radius / min(w, h), 0.5) if radius else None
    ink.shape.draw_rect((*ink.at(x, y), *ink.at(x + w, y + h)), radius=corner)
    ink.shape.finish(color=line, fill=fill, width=weight, dashes=dashes, lineJoin=1)


def card(
    ink: Ink,
    x: float,
    y: float,
    w: float,
    h: float,
    lines: Sequence[str],
    *,
    fill: Colour = WHITE,
    line: Colour = RULE,
    colour: Colour = INK,
    size: float = 10.5,
) -> None:
    """A box with lines in its middle, the first of them bold."""
    box(ink, x, y, w, h, fill=fill, line=line, weight=1.2)
    leading = size * 1.25
    first = y + h / 2 - leading * (len(lines) - 1) / 2 + size * 0.36
    for i, text in enumerate(lines):
        font = "helv" if i else "hebo"
        write(
            ink,
            x + w / 2,
            first + i * leading,
            text,
            size=size,
            colour=colour,
            font=font,
            align="centre",
        )


def line(
    ink: Ink,
    points: Sequence[Point],
    *,
    colour: Colour = GREY,
    weight: float = 1.2,
    dashes: str | None = None,
    fill: Colour | None = None,
) -> None:
    """Straight from point to point; with `fill` the outline of an area."""
    ink.shape.draw_polyline([ink.at(*point) for point in points])
    ink.shape.finish(
        color=colour,
        fill=fill,
        width=weight,
        dashes=dashes,
        lineCap=1,
        lineJoin=1,
        closePath=fill is not None,
    )


def arrow(
    ink: Ink,
    points: Sequence[Point],
    *,
    colour: Colour = GREY,
    weight: float = 1.4,
    dashes: str | None = None,
) -> None:
    """A line whose last point is the tip of an arrow."""
    (x0, y0), (x1, y1) = points[-2:]
    angle, head = math.atan2(y1 - y0, x1 - x0), 7.0
    neck = x1 - head * 0.8 * math.cos(angle), y1 - head * 0.8 * math.sin(angle)
    line(ink, [*points[:-1], neck], colour=colour, weight=weight, dashes=dashes)
    wings = [(x1 - head * math.cos(angle + a), y1 - head * math.sin(angle + a)) for a in (0.42, -0.42)]
    line(ink, [(x1, y1), *wings], colour=colour, weight=0.4, fill=colour)


def curve(ink: Ink, a: Point, b: Point, c: Point, d: Point, *, colour: Colour, weight: float = 1.2) -> None:
    """A Bezier curve from a to d."""
    ink.shape.draw_bezier(ink.at(*a), ink.at(*b), ink.at(*c), ink.at(*d))
    ink.shape.finish(color=colour, width=weight, lineCap=1, closePath=False)


def dot(
    ink: Ink,
    x: float,
    y: float,
    radius: float,
    *,
    fill: Colour | None,
    line: Colour | None = None,
    weight: float = 1,
) -> None:
    """A disc."""
    ink.shape.draw_circle(ink.at(x, y), radius)
    ink.shape.finish(color=line, fill=fill, width=weight)


def oval(
    ink: Ink,
    x: float,
    y: float,
    w: float,
    h: float,
    *,
    fill: Colour | None,
    line: Colour | None = None,
    weight: float = 1,
    dashes: str | None = None,
) -> None:
    """An ellipse around (x, y)."""
    ink.shape.draw_oval((*ink.at(x - w / 2, y - h / 2), *ink.at(x + w / 2, y + h / 2)))
    ink.shape.finish(color=line, fill=fill, width=weight, dashes=dashes)

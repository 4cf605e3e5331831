"""The overview figure of the invented paper on the shelf life of facts: three curves of decay."""

from __future__ import annotations

import math

from tests.sample.drawing.ink import (
    AMBER,
    AMBER_TINT,
    BLUE,
    BLUE_TINT,
    CORAL,
    CORAL_TINT,
    GREY,
    INK,
    TAU,
    WHITE,
    Align,
    Colour,
    Ink,
    box,
    dot,
    line,
    width,
    write,
)

_LEFT, _RIGHT, _TOP, _BOTTOM = 38.0, 460.0, 50.0, 186.0
_YEAR = 365.25
_FACTS: tuple[tuple[str, str, float, Colour, Colour], ...] = (
    ("boiling point", "80 years", 80 * _YEAR, AMBER, AMBER_TINT),
    ("office holder", "2.6 years", 2.6 * _YEAR, BLUE, BLUE_TINT),
    ("exchange rate", "9 days", 9, CORAL, CORAL_TINT),
)
"""Kinds of facts with their half-lives, in words and in days; the longest first, to lie behind."""
_AGES: tuple[tuple[float, str, Align, float], ...] = (
    (1, "1 day", "left", -6),
    (7, "1 week", "centre", 0),
    (30.4, "1 month", "centre", 0),
    (_YEAR, "1 year", "centre", 0),
    (10 * _YEAR, "10 years", "centre", 0),
    (100 * _YEAR, "100 years", "right", 8),
)


def shelf_life(ink: Ink) -> None:
    """Draws it."""
    for _, _, half_life, colour, tint in _FACTS:
        days = (10 ** (i / 40) for i in range(201))
        points = [(_x(d), _y(2 ** (-d / half_life))) for d in days if d < 8 * half_life]
        area = [(_LEFT, _BOTTOM), *points, (points[-1][0], _BOTTOM)]
        line(ink, area, colour=tint, fill=tint, weight=0)
        line(ink, points, colour=colour, weight=2)
    for name, half, half_life, colour, _ in _FACTS:
        x, w = _x(half_life), width(name, "hebo", 10.5) + 18
        line(ink, [(x, 24), (x, _y(0.5))], colour=colour, weight=0.9, dashes="[2 2] 0")
        box(ink, x - w / 2, 2, w, 22, fill=colour, line=None, radius=11)
        write(ink, x, 16.8, name, colour=WHITE, font="hebo", align="centre")
        dot(ink, x, _y(0.5), 4, fill=WHITE, line=colour, weight=2)
        write(ink, x - 9, _y(0.5) + 3.5, half, colour=colour, font="hebo", align="right")
    line(ink, [(_LEFT, _y(0.3)), (_RIGHT, _y(0.3))], colour=GREY, weight=0.9, dashes="[4 3] 0")
    write(ink, _LEFT + 8, _y(0.3) + 14, "below: abstain", size=10, colour=GREY)
    _after_ten_years(ink)
    _axes(ink)


def _x(days: float) -> float:
    return _LEFT + math.log10(days) / 5 * (_RIGHT - _LEFT)


def _y(weight: float) -> float:
    return _BOTTOM - weight * (_BOTTOM - _TOP)


def _after_ten_years(ink: Ink) -> None:
    x = _x(10 * _YEAR)
    line(ink, [(x, _BOTTOM), (x, _y(0.917))], colour=INK, weight=0.9, dashes="[2 2] 0")
    for weight, text, shift in ((0.917, "0.92", -6), (0.07, "0.07", -3)):
        dot(ink, x, _y(weight), 2.8, fill=INK)
        write(ink, x + 6, _y(weight) + shift, text, size=10, font="hebo")


def _axes(ink: Ink) -> None:
    for weight in (0, 0.3, 0.5, 1):
        write(ink, _LEFT - 7, _y(weight) + 3.5, f"{weight:g}", size=10, colour=GREY, align="right")
    for days, text, align, shift in _AGES:
        line(ink, [(_x(days), _BOTTOM), (_x(days), _BOTTOM + 4)], colour=INK, weight=0.9)
        write(ink, _x(days) + shift, _BOTTOM + 16, text, size=10, colour=GREY, align=align)
    line(ink, [(_LEFT, _TOP - 6), (_LEFT, _BOTTOM), (_RIGHT, _BOTTOM)], colour=INK)
    write(ink, 0, 38, "weight")
    title = f"age of the passage; {TAU} is where its weight is one half"
    write(ink, (_LEFT + _RIGHT) / 2, _BOTTOM + 34, title, align="centre")

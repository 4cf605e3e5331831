"""The results charts of the invented papers: the second figures of some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tests.sample.drawing.ink import (
    AMBER,
    BLUE,
    CORAL,
    GREY,
    INK,
    RULE,
    TEAL,
    WHITE,
    Align,
    Colour,
    Ink,
    Point,
    box,
    dot,
    line,
    write,
)

CHART_WIDTH = 229

_X0, _X1, _Y0, _Y1 = 34.0, 222.0, 16.0, 118.0


def _axes(ink: Ink, low: int, high: int, step: int, *, x: Sequence[str], title: str) -> None:
    """A frame with numbers at its left, words under it and a title under those."""
    for value in range(low, high + 1, step):
        y = _height(value, low, high)
        line(ink, [(_X0, y), (_X1, y)], colour=RULE, weight=0.5)
        write(ink, _X0 - 6, y + 3, str(value), size=8.5, colour=GREY, align="right")
    line(ink, [(_X0, _Y1), (_X1, _Y1)], colour=INK, weight=0.9)
    for i, text in enumerate(x):
        write(ink, _slot(i, len(x)), _Y1 + 13, text, size=8.5, colour=GREY, align="centre")
    write(ink, (_X0 + _X1) / 2, _Y1 + 27, title, size=9, align="centre")


def _height(value: float, low: float, high: float) -> float:
    return _Y1 - (value - low) / (high - low) * (_Y1 - _Y0)


def _slot(i: int, count: int) -> float:
    return _X0 + (i + 0.5) * (_X1 - _X0) / count


def _series(ink: Ink, points: Sequence[Point], colour: Colour) -> None:
    line(ink, points, colour=colour, weight=1.8)
    for x, y in points:
        dot(ink, x, y, 3, fill=WHITE, line=colour, weight=1.6)


def _name(ink: Ink, x: float, y: float, text: str, colour: Colour, align: Align = "left") -> None:
    write(ink, x, y, text, size=9, colour=colour, font="hebo", align=align)


def _bonsai(ink: Ink) -> None:
    _axes(ink, 60, 100, 10, x=("100%", "50%", "25%", "12%"), title="cache budget")
    for values, colour in (((100, 95.9, 89.7, 70.4), CORAL), ((100, 99.4, 98.1, 93.2), TEAL)):
        _series(ink, [(_slot(i, 4), _height(v, 60, 100)) for i, v in enumerate(values)], colour)
    _name(ink, _slot(2, 4) - 4, _height(84, 60, 100), "token eviction", CORAL, "right")
    _name(ink, _slot(3, 4) + 14, _height(86, 60, 100), "Bonsai", TEAL, "right")


def _harbor_pilot(ink: Ink) -> None:
    _axes(ink, 0, 100, 25, x=("no help", "full manual", "pilot"), title="help that the agent gets")
    for i, (completed, mistakes) in enumerate(((38.2, 11.9), (52.9, 8.7), (71.6, 1.2))):
        for value, colour, shift in ((completed, BLUE, -20), (mistakes, CORAL, 1)):
            top = _height(value, 0, 100)
            x = _slot(i, 3) + shift
            box(ink, x, top, 19, _Y1 - top, fill=colour, line=None, radius=0)
            write(ink, x + 9.5, top - 4, str(value), size=8.5, colour=colour, align="centre")
    _name(ink, _X0 + 6, _Y0 + 8, "completed", BLUE)
    _name(ink, _X0 + 6, _Y0 + 20, "irreversible", CORAL)


def _night_train(ink: Ink) -> None:
    _axes(ink, 0, 100, 25, x=("0", "1", "2", "3", "4"), title="changes on the journey")
    for values, colour in (
        ((94.0, 84.1, 66.3, 47.2, 31.5), BLUE),
        ((88.6, 66.0, 40.7, 23.5, 14.1), AMBER),
    ):
        _series(ink, [(_slot(i, 5), _height(v, 0, 100)) for i, v in enumerate(values)], colour)
    _name(ink, _slot(2, 5) + 4, _height(78, 0, 100), "longer reasoning", BLUE)
    _name(ink, _slot(1, 5) + 12, _height(20, 0, 100), "shorter", AMBER, "right")


CHARTS: Mapping[int, tuple[Callable[[Ink], None], float]] = {
    3: (_bonsai, 146),
    4: (_harbor_pilot, 146),
    5: (_night_train, 146),
}
"""By the paper's number, each with its height; all are CHART_WIDTH wide."""

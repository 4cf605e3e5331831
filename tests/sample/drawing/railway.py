"""The overview figure of the invented paper NightTrain: a railway, its timetable, a question."""

from __future__ import annotations

from tests.sample.drawing.ink import (
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

_NIGHT, _MOON = (0.075, 0.118, 0.216), (0.98, 0.91, 0.69)
_PINK, _SAND, _MINT, _SKY, _LILAC = (
    (0.95, 0.52, 0.45),
    (0.97, 0.76, 0.38),
    (0.38, 0.80, 0.72),
    (0.50, 0.68, 0.96),
    (0.74, 0.62, 0.90),
)

_LINES: tuple[tuple[Colour, tuple[Point, ...]], ...] = (
    (_PINK, ((40, 52), (112, 52), (148, 88), (206, 88))),
    (_MINT, ((112, 52), (112, 136), (62, 186), (62, 202))),
    (_SAND, ((112, 136), (172, 136), (222, 186))),
    (_SKY, ((62, 202), (140, 202), (156, 186), (222, 186))),
    (_LILAC, ((206, 88), (222, 104), (222, 186))),
)
_ROUTE = ((40, 52), (112, 52), (112, 136), (172, 136), (222, 186))
_STATIONS: tuple[tuple[float, float, str, float, float, Align], ...] = (
    (40, 52, "Owl Hill", 14, -12, "centre"),
    (112, 52, "Fernmoor", 10, -12, "left"),
    (206, 88, "Lanternby", 0, -12, "centre"),
    (112, 136, "Dozebridge", -10, 1, "right"),
    (172, 136, "Snorley", 0, -11, "centre"),
    (62, 202, "Pillow End", 0, 19, "centre"),
    (140, 202, "Moonhaven", 4, 19, "centre"),
    (222, 186, "Quietwater", 34, 22, "right"),
)
_TRAINS = (
    (_PINK, "7:52", "Owl Hill - Fernmoor", "8:10"),
    (_MINT, "8:15", "Fernmoor - Dozebridge", "8:27"),
    (_SAND, "8:40", "Dozebridge - Quietwater", "8:58"),
    (_PINK, "8:14", "Fernmoor - Lanternby", "8:31"),
    (_LILAC, "8:44", "Lanternby - Quietwater", "9:12"),
)
_RULES = (
    ("arrive before 9:00", "8:58"),
    ("2 changes at most", "2"),
    ("no wait over 20 minutes", "13"),
)


def night_train(ink: Ink) -> None:
    """Draws it."""
    box(ink, 0, 0, 268, 236, fill=_NIGHT, line=None, radius=10)
    _sky(ink)
    line(ink, _ROUTE, colour=WHITE, weight=11)
    line(ink, _ROUTE, colour=_NIGHT, weight=8)
    for colour, points in _LINES:
        line(ink, points, colour=colour, weight=4)
    on_route = {"Owl Hill", "Fernmoor", "Dozebridge", "Snorley", "Quietwater"}
    for x, y, name, right, down, align in _STATIONS:
        dot(ink, x, y, 5, fill=_NIGHT, line=WHITE, weight=2)
        font = "hebo" if name in on_route else "helv"
        write(ink, x + right, y + down, name, size=10.5, colour=WHITE, font=font, align=align)
    _timetable(ink, 280, 0)
    _question(ink, 280, 126)


def _sky(ink: Ink) -> None:
    dot(ink, 238, 30, 13, fill=_MOON)
    dot(ink, 232, 26, 12, fill=_NIGHT)
    for x, y in (
        (18, 18),
        (92, 20),
        (182, 44),
        (160, 18),
        (24, 96),
        (60, 120),
        (250, 66),
        (30, 160),
        (190, 168),
        (144, 176),
        (252, 140),
    ):
        dot(ink, x, y, 0.9, fill=_MOON)


def _timetable(ink: Ink, x: float, y: float) -> None:
    box(ink, x, y, 188, 116, line=INK, weight=1.2)
    write(ink, x + 12, y + 19, "Timetable", size=11.5, font="hebo")
    for i, (colour, departure, way, arrival) in enumerate(_TRAINS):
        base = y + 39 + i * 16.5
        late = arrival == "9:12"
        dot(ink, x + 14, base - 3.5, 3, fill=colour)
        write(ink, x + 22, base, departure, size=9.5, colour=GREY)
        write(ink, x + 46, base, way, size=9.5)
        write(ink, x + 180, base, arrival, size=9.5, colour=CORAL if late else GREY, align="right")


def _question(ink: Ink, x: float, y: float) -> None:
    box(ink, x, y, 188, 110, line=INK, weight=1.2)
    write(ink, x + 12, y + 19, "Owl Hill to Quietwater?", size=11.5, font="hebo")
    for i, (rule, value) in enumerate(_RULES):
        base = y + 46 + i * 25
        dot(ink, x + 19, base - 3.8, 7, fill=TEAL)
        line(
            ink,
            [(x + 15.6, base - 3.8), (x + 18.2, base - 1.2), (x + 22.4, base - 6.4)],
            colour=WHITE,
            weight=1.5,
        )
        write(ink, x + 33, base, rule, size=10.5)
        write(ink, x + 178, base, value, size=10.5, colour=TEAL, font="hebo", align="right")
        if i:
            line(ink, [(x + 12, base - 16.3), (x + 178, base - 16.3)], colour=RULE, weight=0.6)

"""The overview figure of the invented paper Bonsai: a tree and two heat maps."""

from __future__ import annotations

from tests.sample.drawing.ink import (
    AMBER,
    AMBER_TINT,
    BLUE,
    BLUE_TINT,
    GREY,
    RULE,
    TEAL,
    TEAL_TINT,
    WHITE,
    Colour,
    Ink,
    box,
    curve,
    dot,
    line,
    oval,
    write,
)

_BARK, _POT = (0.45, 0.34, 0.27), (0.25, 0.35, 0.47)
_WOOD = (
    ((78, 190), (66, 160), (98, 138), (84, 108), 10.0),
    ((84, 108), (76, 88), (92, 70), (88, 44), 6.5),
    ((84, 112), (70, 104), (58, 96), (44, 84), 4.5),
    ((86, 104), (98, 104), (110, 102), (122, 92), 4.5),
    ((82, 152), (74, 150), (66, 148), (57, 143), 5.0),
    ((84, 158), (92, 160), (98, 156), (105, 152.5), 5.0),
)
"""Bezier curves with their weights: trunk, crown, two branches, two stumps."""


def bonsai(ink: Ink) -> None:
    _tree(ink)
    topics = (
        ("recipe", 8, TEAL),
        ("weather", 9, GREY),
        ("guests", 5, AMBER),
        ("trains", 8, GREY),
        ("pan", 6, BLUE),
    )
    scattered = {0, 2, 3, 5, 6, 9, 10, 13, 15, 16, 18, 20, 21, 23, 25, 26, 28, 30, 31, 33, 35}
    branches = {*range(8), *range(17, 22), *range(30, 36)}
    for top, name, kept, stumps in (
        (0, "Token eviction", scattered, ()),
        (110, "Bonsai", branches, (8, 22)),
    ):
        write(ink, 184, top + 11, name, size=11.5, font="hebo")
        if stumps:
            box(ink, 244, top + 3, 7, 9, fill=_BARK, line=None, radius=0)
            write(ink, 256, top + 11, "stump", size=10, colour=_BARK)
        write(ink, 468, top + 11, "same budget", size=10, colour=GREY, align="right")
        first = 0
        for topic, count, colour in topics:
            _heat(ink, top + 19, first, count, colour, kept=kept, stumps=stumps)
            x, w = 184 + first * 7.9, count * 7.9
            box(ink, x + 0.6, top + 80, w - 1.8, 4, fill=colour, line=None, radius=2)
            write(ink, x + w / 2, top + 96, topic, size=10, colour=colour, align="centre")
            first += count


def _heat(
    ink: Ink,
    top: float,
    first: int,
    count: int,
    colour: Colour,
    *,
    kept: set[int],
    stumps: tuple[int, ...],
) -> None:
    """One topic's columns of the heat map; what is not kept is an empty cell."""
    strength = 0.35 if colour == GREY else 0.85
    for i in range(first, first + count):
        for j in range(6):
            noise = (i * 73 + j * 179 + i * j * 31) % 101 / 100
            heat = min(1.0, 0.12 + strength * (0.35 + 0.65 * noise))
            shade = (
                1 - heat * (1 - colour[0]),
                1 - heat * (1 - colour[1]),
                1 - heat * (1 - colour[2]),
            )
            fill = shade if i in kept else _BARK if i in stumps else None
            box(
                ink,
                184 + i * 7.9,
                top + j * 9.6,
                6.7,
                8.4,
                fill=fill,
                line=None if fill else RULE,
                weight=0.4,
                radius=0,
            )


def _tree(ink: Ink) -> None:
    """The dialogue as a tree in a pot, with two of its branches cut."""
    for a, b, c, d, weight in _WOOD:
        curve(ink, a, b, c, d, colour=_BARK, weight=weight)
    for x, y in ((56, 142), (106, 152)):
        dot(ink, x, y, 3.6, fill=(0.87, 0.77, 0.64), line=_BARK, weight=1.2)
    for x, y, text in ((30, 126, "weather"), (130, 136, "trains")):
        oval(ink, x, y, 58, 24, fill=None, line=GREY, weight=0.9, dashes="[3 2.5] 0")
        write(ink, x, y + 3.5, text, size=10, colour=GREY, align="centre")
    for x, y, w, text, colour, tint in (
        (38, 74, 74, "recipe", TEAL, TEAL_TINT),
        (124, 84, 62, "pan", BLUE, BLUE_TINT),
        (88, 30, 82, "guests", AMBER, AMBER_TINT),
    ):
        for shift, rise, share in ((-0.26, 3, 0.52), (0.26, 3, 0.52), (0, -4, 0.6)):
            oval(ink, x + shift * w, y + rise, share * w, 26, fill=tint)
        oval(ink, x, y + 2, w * 0.8, 26, fill=tint)
        write(ink, x, y + 4, text, colour=colour, font="hebo", align="centre")
    line(ink, [(34, 190), (122, 190), (112, 208), (44, 208)], colour=_POT, weight=1, fill=_POT)
    box(ink, 29, 185, 98, 8, fill=_POT, line=WHITE, weight=0.8, radius=2)

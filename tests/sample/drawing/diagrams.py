"""The overview figures of the invented papers, each drawn on a canvas of DIAGRAM_WIDTH.

Labels are large for the canvas: a phone shows the figure at less than its printed width.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.sample.drawing.decay import shelf_life
from tests.sample.drawing.garden import bonsai
from tests.sample.drawing.ink import (
    AMBER,
    AMBER_TINT,
    BLUE,
    BLUE_TINT,
    CORAL,
    CORAL_TINT,
    GREY,
    INK,
    MIST,
    RULE,
    TEAL,
    TEAL_TINT,
    Colour,
    Ink,
    arrow,
    box,
    card,
    curve,
    line,
    write,
)
from tests.sample.drawing.railway import night_train

DIAGRAM_WIDTH = 468


def _marginalia(ink: Ink) -> None:
    write(ink, 0, 11, "Long document", size=11.5, font="hebo")
    for i, (number, colour) in enumerate((("3", BLUE), ("12", AMBER), ("47", BLUE))):
        _page(ink, i * 48.5, 20, number, colour)
    card(ink, 178, 30, 78, 46, ["LLM", "reads"], fill=BLUE_TINT, line=BLUE)
    card(ink, 178, 146, 78, 60, ["LLM", "answers"], fill=BLUE_TINT, line=BLUE)
    card(ink, 0, 128, 138, 40, ["Question", "Which valve failed first?"], fill=MIST, size=10)
    card(ink, 0, 182, 138, 40, ["Answer", "The one by the stairs."], fill=MIST, size=10)
    arrow(ink, [(143, 53), (176, 53)])
    arrow(ink, [(258, 53), (312, 53)])
    write(ink, 283, 47, "notes", size=10, colour=GREY, align="centre")
    arrow(ink, [(140, 157), (176, 157)])
    arrow(ink, [(176, 195), (140, 195)])
    arrow(ink, [(312, 176), (258, 176)])
    write(ink, 285, 170, "consults", size=10, colour=GREY, align="centre")
    arrow(ink, [(217, 144), (217, 106), (69, 106), (69, 90)], colour=AMBER, dashes="[4 3] 0")
    write(ink, 143, 101, "reopens page 12", size=10, colour=AMBER, align="centre")
    _ledger(ink, 314, 4)


def _page(ink: Ink, x: float, y: float, number: str, colour: Colour) -> None:
    """A page with text and a note in its margin; amber is the one that is reopened."""
    marked = colour == AMBER
    box(ink, x, y, 41, 66, line=AMBER if marked else RULE, weight=1.8 if marked else 1, radius=3)
    for i in range(6):
        base = y + 10 + i * 7
        line(ink, [(x + 14, base), (x + (35 if i % 3 else 29), base)], colour=RULE, weight=1.4)
    for i in range(3):
        line(ink, [(x + 5, y + 17 + i * 5), (x + 10, y + 17 + i * 5)], colour=colour, weight=2)
    write(ink, x + 20.5, y + 60, number, size=9, colour=colour, font="hebo", align="centre")


def _ledger(ink: Ink, x: float, y: float) -> None:
    kinds = {
        "claim": (BLUE, BLUE_TINT),
        "question": (AMBER, AMBER_TINT),
        "pointer": (TEAL, TEAL_TINT),
    }
    rows = (
        ("claim", "p. 3"), ("question", "p. 12"), ("claim", "p. 47"),
        ("pointer", "p. 88"), ("claim", "p. 140"), ("pointer", "p. 215"),
    )  # fmt: skip
    box(ink, x, y, 154, 218, line=INK, weight=1.2)
    write(ink, x + 12, y + 20, "Ledger", size=11.5, font="hebo")
    write(ink, x + 142, y + 20, "4% at most", size=10, colour=GREY, align="right")
    line(ink, [(x, y + 30), (x + 154, y + 30)], colour=RULE, weight=1)
    for i, (kind, place) in enumerate(rows):
        top, (colour, tint) = y + 37 + i * 29.5, kinds[kind]
        if place == "p. 12":
            box(ink, x + 5, top, 144, 27, fill=MIST, line=AMBER, radius=4)
        box(ink, x + 10, top + 4.5, 58, 18, fill=tint, line=None, radius=9)
        write(ink, x + 39, top + 17, kind, size=10, colour=colour, font="hebo", align="centre")
        write(ink, x + 78, top + 17, place, size=10)
    for start, end in ((3, 1), (5, 4)):
        a, b = (y + 50.5 + i * 29.5 for i in (start, end))
        curve(ink, (x + 116, a), (x + 142, a), (x + 142, b), (x + 119, b), colour=TEAL, weight=1.3)
        arrow(ink, [(x + 120, b), (x + 114, b)], colour=TEAL)


def _harbor_pilot(ink: Ink) -> None:
    box(ink, 0, 0, 468, 100, fill=TEAL_TINT, line=None, radius=8)
    box(ink, 0, 130, 468, 100, fill=BLUE_TINT, line=None, radius=8)
    _boat(ink, 14, 18, TEAL)
    write(ink, 34, 18, "offline", size=11, colour=TEAL, font="hebo")
    _ship(ink, 14, 150, BLUE)
    write(ink, 40, 150, "online", size=11, colour=BLUE, font="hebo")
    card(ink, 16, 34, 92, 48, ["Sandbox", "of the tool"], line=TEAL)
    card(ink, 166, 34, 96, 48, ["Pilot", "1.5B"], line=TEAL)
    card(ink, 16, 164, 92, 48, ["Task", "tidy the drive"], line=BLUE)
    card(ink, 166, 164, 110, 48, ["Large agent", "asks first"], line=BLUE)
    card(ink, 348, 164, 104, 48, ["Tool", "never seen before"], line=BLUE)
    arrow(ink, [(164, 50), (110, 50)], colour=TEAL)
    arrow(ink, [(110, 67), (164, 67)], colour=TEAL)
    write(ink, 137, 44, "tries", size=10, colour=TEAL, align="centre")
    write(ink, 137, 80, "learns", size=10, colour=TEAL, align="centre")
    arrow(ink, [(264, 58), (314, 58)], colour=TEAL)
    write(ink, 288, 52, "writes", size=10, colour=TEAL, align="centre")
    arrow(ink, [(110, 188), (164, 188)], colour=BLUE)
    arrow(ink, [(278, 188), (346, 188)], colour=BLUE)
    write(ink, 311, 182, "safe step", size=10, colour=BLUE, align="centre")
    arrow(ink, [(186, 162), (186, 84)], colour=CORAL)
    arrow(ink, [(210, 84), (210, 162)], colour=CORAL)
    write(ink, 179, 119, "Is this safe here?", size=10.5, colour=CORAL, align="right")
    write(ink, 217, 119, "Yes.", size=10.5, colour=CORAL)
    arrow(ink, [(384, 92), (384, 115), (262, 115), (262, 162)])
    write(ink, 377, 126, "the part that matches", size=10, colour=GREY, align="right")
    _chart(ink, 316, 8)


def _boat(ink: Ink, x: float, y: float, colour: Colour) -> None:
    line(
        ink,
        [(x - 6, y - 3), (x + 12, y - 3), (x + 8, y + 2), (x - 2, y + 2)],
        colour=colour,
        weight=0.5,
        fill=colour,
    )
    line(
        ink,
        [(x + 3, y - 5), (x + 3, y - 14), (x + 10, y - 5)],
        colour=colour,
        weight=0.5,
        fill=colour,
    )


def _ship(ink: Ink, x: float, y: float, colour: Colour) -> None:
    hull = [(x - 6, y - 5), (x + 19, y - 5), (x + 14, y + 2), (x - 3, y + 2)]
    for outline in (
        hull,
        [(x - 1, y - 7), (x + 12, y - 7), (x + 12, y - 11), (x - 1, y - 11)],
        [(x + 3, y - 12), (x + 7, y - 12), (x + 7, y - 16), (x + 3, y - 16)],
    ):
        line(ink, outline, colour=colour, weight=0.5, fill=colour)


def _chart(ink: Ink, x: float, y: float) -> None:
    rows = (
        ("state", "action", "result"),
        ("empty", "create", "done"),
        ("draft", "publish", "done"),
        ("live", "delete", "hazard"),
    )
    box(ink, x, y, 142, 84, line=INK, weight=1.2)
    for i, row in enumerate(rows):
        base = y + 16 + i * 20.3
        if i == 3:
            box(ink, x + 4, base - 13, 134, 18.5, fill=CORAL_TINT, line=None, radius=4)
        for shift, text in zip((10, 53, 101), row, strict=True):
            font = "helv" if i else "hebo"
            write(ink, x + shift, base, text, size=10, colour=CORAL if i == 3 else INK, font=font)
        if i < 2:
            line(
                ink,
                [(x + 8, base + 5.7), (x + 134, base + 5.7)],
                colour=INK if i == 0 else RULE,
                weight=0.7,
            )


DIAGRAMS: Mapping[int, tuple[Callable[[Ink], None], float]] = {
    1: (_marginalia, 224),
    2: (shelf_life, 226),
    3: (bonsai, 208),
    4: (_harbor_pilot, 230),
    5: (night_train, 236),
}
"""By the paper's number, each with its height."""

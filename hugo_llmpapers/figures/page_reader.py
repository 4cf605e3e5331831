"""Turns what PyMuPDF says of a page into records, without PyMuPDF."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import ceil, floor
from typing import Any

from hugo_llmpapers.figures.geometry import Box, union
from hugo_llmpapers.figures.page import Graphic, Line

Matrix = tuple[float, float, float, float, float, float]
"""PDF's a, b, c, d, e, f: from the unrotated page to the page as it is turned for reading."""

_ROTATIONS = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}
"""How far to turn a page clockwise for text of this direction to run from left to right."""

_KINDS = {
    "fill-path": "path",
    "stroke-path": "path",
    "fill-shade": "shade",
    "fill-image": "image",
    "fill-imgmask": "image",
}
_EVERYWHERE = Box(-1e6, -1e6, 1e6, 1e6)
_COARSE = 4.0

_BROAD = 5.0
"""Points from which on a stroke is an area."""

_BOLD = re.compile(r"bold|medi|black|heavy|demi|(?:cm|sf|ec)bx|tb$", re.IGNORECASE)
_COMPUTER_MODERN = re.compile(r"(?:CM|SF|EC)(?:R|RM|BX|TI|SL|BXTI|CSC|CC|B|SY|MI|EX)\d|LMRoman|LMR\d")
_FONT_STYLE = re.compile(r"(?:(?:Bold|Italic|Oblique|Regular|Medium)+|(?<=[a-z])T[BIZ]*)?(?:PS)?(?:MT)?$")


def reading_rotation(blocks: Iterable[Mapping[str, Any]]) -> int | None:
    """Degrees, clockwise, that make most of the text run from left to right; None without text."""
    letters = Counter[tuple[int, int]]()
    for block in blocks:
        for raw in block.get("lines", ()):
            x, y = raw["dir"]
            letters[round(x), round(y)] += len(_text(raw))
    if not letters:
        return None
    return _ROTATIONS.get(max(letters, key=lambda way: (letters[way], way)), 0)


def lines(blocks: Iterable[Mapping[str, Any]], matrix: Matrix) -> Iterator[Line]:
    """The lines of `Page.get_text("dict")`."""
    for index, block in enumerate(blocks):
        found = [_line(raw, index, matrix) for raw in block.get("lines", ()) if _text(raw)]
        yield from _joined(found)


def graphics(
    log: Iterable[tuple[str, Any]], drawings: Iterable[Mapping[str, Any]] | None, matrix: Matrix
) -> Iterator[Graphic]:
    """What `Page.get_bboxlog()` and `Page.get_cdrawings(extended=True)` say is painted.

    Without drawings, as on a very full page, the log's paths are rounded to 4 points, and each
    place comes once.
    """
    painted = [(_KINDS[kind], Box(*where)) for kind, where in log if kind in _KINDS]
    if drawings is None:
        painted = list(dict.fromkeys((kind, _coarse(where)) for kind, where in painted))
    else:
        rest = [(kind, where) for kind, where in painted if kind != "path"]
        painted = [*(("path", where) for where in _clipped(drawings)), *rest]
    for kind, where in painted:
        if where.width >= 0 and where.height >= 0:
            yield Graphic(_turned(where, matrix), "image" if kind == "image" else "path")


def _turned(box: Box, matrix: Matrix) -> Box:
    x0, y0 = _moved((box.x0, box.y0), matrix)
    x1, y1 = _moved((box.x1, box.y1), matrix)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _moved(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _text(raw: Mapping[str, Any]) -> str:
    return " ".join("".join(span["text"] for span in raw["spans"]).split())


def _line(raw: Mapping[str, Any], block: int, matrix: Matrix) -> Line:
    spans = [span for span in raw["spans"] if span["text"].strip()]
    longest = max(spans, key=lambda span: len(span["text"]))
    first = spans[0]
    box = _turned(Box(*raw["bbox"]), matrix)
    x, _ = _moved(raw["dir"], (*matrix[:4], 0, 0))
    upright = x > 0.95
    if upright:
        # Fonts of symbols claim to be several lines tall.
        feet = [(_moved(span["origin"], matrix)[1], span["size"]) for span in spans]
        top = min(y - 0.95 * size for y, size in feet)
        bottom = max(y + 0.3 * size for y, size in feet)
        box = Box(box.x0, max(box.y0, top), box.x1, min(box.y1, bottom))
    return Line(
        box=box,
        text=_text(raw),
        size=round(float(longest["size"]), 2),
        font=_family(longest["font"]),
        bold=bool(first["flags"] & 16 or _BOLD.search(first["font"])),
        upright=upright,
        block=block,
    )


def _family(font: str) -> str:
    """The font's name without weight, slant and design size: `CMBX10` and `CMTI9` are one."""
    name = re.split(r"[-,]", font.rpartition("+")[2])[0]
    return "ComputerModern" if _COMPUTER_MODERN.match(name) else _FONT_STYLE.sub("", name) or name


def _joined(pieces: Iterable[Line]) -> list[Line]:
    """The lines with the pieces of one put together: PyMuPDF parts a line at a wide space."""
    joined: list[Line] = []
    for line in pieces:
        if joined and _runs_on(joined[-1], line):
            last = joined[-1]
            longest = max(last, line, key=lambda each: len(each.text))
            joined[-1] = replace(
                last,
                box=union([last.box, line.box]),
                text=f"{last.text} {line.text}",
                size=longest.size,
                font=longest.font,
            )
        else:
            joined.append(line)
    return joined


def _runs_on(last: Line, line: Line) -> bool:
    height = min(line.box.height, last.box.height)
    return (
        last.upright
        and line.upright
        and line.box.shared_height(last.box) > 0.6 * height
        and -1 <= line.box.x0 - last.box.x1 <= 1.2 * last.size
    )


def _clipped(drawings: Iterable[Mapping[str, Any]]) -> Iterator[Box]:
    """The boxes of the paths within the clips around them: charts draw far beyond their axes."""
    clips: list[tuple[int, Box]] = []
    for drawing in drawings:
        while clips and clips[-1][0] >= drawing["level"]:
            clips.pop()
        around = clips[-1][1] if clips else _EVERYWHERE
        if drawing["type"] == "group":
            clips.append((drawing["level"], around))
        elif drawing["type"] == "clip":
            clips.append((drawing["level"], around.clipped(Box(*drawing["scissor"]))))
        else:
            yield around.clipped(_stroked(Box(*drawing["rect"]), drawing.get("width") or 0.0))


def _stroked(box: Box, width: float) -> Box:
    """The box of a path with the width of its stroke, where that makes an area of a line: bars, beams."""
    if width < _BROAD:
        return box
    half = 0.5 * width
    if box.height >= box.width:
        return Box(box.x0 - half, box.y0, box.x1 + half, box.y1) if box.width < width else box
    return Box(box.x0, box.y0 - half, box.x1, box.y1 + half) if box.height < width else box


def _coarse(box: Box) -> Box:
    left, top = (floor(value / _COARSE) * _COARSE for value in box[:2])
    right, bottom = (ceil(value / _COARSE) * _COARSE for value in box[2:])
    return Box(left, top, right, bottom)

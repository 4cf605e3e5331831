"""The content of a page, as records for the rules that find figures, and how it is read from what PyMuPDF returns.

All boxes are in points from the top left of the page, rotated so that its text runs from left to right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Any, Literal

from hugo_llmpapers.figures.geometry import Box, union

Matrix = tuple[float, float, float, float, float, float]
"""PDF's a, b, c, d, e, f: from the unrotated page to the page as it is rotated for reading."""
_ROTATIONS = {(1, 0): 0, (0, -1): 90, (-1, 0): 180, (0, 1): 270}
"""Degrees by which to rotate a page clockwise, by the direction of its text."""
_KINDS = {
    "fill-path": "path", "stroke-path": "path", "fill-shade": "shade", "fill-image": "image", "fill-imgmask": "image",
}  # fmt: skip
_UNCLIPPED = Box(-1e6, -1e6, 1e6, 1e6)
_WIDE_STROKE = 5.0
"""Points: wider strokes count as areas."""
_BOLD = re.compile(r"bold|medi|black|heavy|demi|(?:cm|sf|ec)bx|tb$", re.IGNORECASE)
_COMPUTER_MODERN = re.compile(r"(?:CM|SF|EC)(?:R|RM|BX|TI|SL|BXTI|CSC|CC|B|SY|MI|EX)\d|LMRoman|LMR\d")
_FONT_STYLE = re.compile(r"(?:(?:Bold|Italic|Oblique|Regular|Medium)+|(?<=[a-z])T[BIZ]*)?(?:PS)?(?:MT)?$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text."""

    box: Box
    text: str
    """Without double or surrounding spaces; never empty."""
    size: float
    """Font size of most of its letters, in points."""
    font: str = ""
    """Font family of most of its letters, without weight, slant and design size."""
    bold: bool = False
    """Whether it begins in bold."""
    upright: bool = True
    """False if it does not run from left to right, such as the label of a y axis."""
    block: int = 0
    """Number of its paragraph, as the PDF's text was read."""

    @property
    def is_numeric(self) -> bool:
        """Whether digits are at least half of its letters, as in the ticks of an axis."""
        letters = self.text.replace(" ", "")
        return 2 * sum(map(str.isdecimal, letters)) >= len(letters)

    @property
    def is_sparse(self) -> bool:
        """Whether its words are far apart, as in a table row. False for scripts with wide letters."""
        return self.text.isascii() and self.box.width > 0.65 * self.size * len(self.text)


@dataclass(frozen=True, slots=True)
class Graphic:
    """An image, or a drawn path."""

    box: Box
    kind: Literal["image", "path"]

    @property
    def is_rule(self) -> bool:
        """Whether it is a thin horizontal line."""
        return self.box.height <= 2.5 and self.box.width >= 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF."""

    number: int
    """0-based."""
    box: Box
    """Of the page itself, from 0, 0."""
    lines: tuple[Line, ...]
    """In the order of the PDF."""
    graphics: tuple[Graphic, ...]
    """In the order of painting."""

    def is_covered_by(self, box: Box) -> bool:
        """Return whether a box covers most of the page, as a background does."""
        return box.area >= 0.8 * self.box.area


def reading_rotation(blocks: Iterable[Mapping[str, Any]]) -> int | None:
    """Return the clockwise rotation in degrees with which most text runs from left to right. None without text."""
    letters = Counter[tuple[int, int]]()
    for block in blocks:
        for raw in block.get("lines", ()):
            x, y = raw["dir"]
            letters[round(x), round(y)] += len(_text(raw))
    if not letters:
        return None
    return _ROTATIONS.get(max(letters, key=lambda direction: (letters[direction], direction)), 0)


def lines(blocks: Iterable[Mapping[str, Any]], matrix: Matrix) -> Iterator[Line]:
    """Yield the lines of `Page.get_text("dict")`."""
    for index, block in enumerate(blocks):
        yield from _joined(_line(raw, index, matrix) for raw in block.get("lines", ()) if _text(raw))


def graphics(
    log: Iterable[tuple[str, Any]], drawings: Iterable[Mapping[str, Any]] | None, matrix: Matrix
) -> Iterator[Graphic]:
    """Yield what `Page.get_bboxlog()` and `Page.get_cdrawings(extended=True)` list.

    Without drawings, as for a page with very many paths, the boxes of the log are rounded to 4 points and listed once.
    """
    painted = [(_KINDS[kind], Box(*rect)) for kind, rect in log if kind in _KINDS]
    if drawings is None:
        painted = list(dict.fromkeys((kind, _coarse(box)) for kind, box in painted))
    else:
        rest = [(kind, box) for kind, box in painted if kind != "path"]
        painted = [*(("path", box) for box in _clipped(drawings)), *rest]
    for kind, box in painted:
        if box.width >= 0 and box.height >= 0:
            yield Graphic(_transformed(box, matrix), "image" if kind == "image" else "path")


def _transformed(box: Box, matrix: Matrix) -> Box:
    x0, y0 = _transformed_point((box.x0, box.y0), matrix)
    x1, y1 = _transformed_point((box.x1, box.y1), matrix)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _transformed_point(point: tuple[float, float], matrix: Matrix) -> tuple[float, float]:
    x, y = point
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _text(raw: Mapping[str, Any]) -> str:
    return " ".join("".join(span["text"] for span in raw["spans"]).split())


def _line(raw: Mapping[str, Any], block: int, matrix: Matrix) -> Line:
    spans = [span for span in raw["spans"] if span["text"].strip()]
    first, longest = spans[0], max(spans, key=lambda span: len(span["text"]))
    box = _transformed(Box(*raw["bbox"]), matrix)
    x, _ = _transformed_point(raw["dir"], (*matrix[:4], 0, 0))
    upright = x > 0.95
    if upright:
        # Symbol fonts claim to be several lines tall.
        baselines = [(_transformed_point(span["origin"], matrix)[1], span["size"]) for span in spans]
        top = min(y - 0.95 * size for y, size in baselines)
        bottom = max(y + 0.3 * size for y, size in baselines)
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
    """Return a font's name without weight, slant and design size: the same for `CMBX10` and `CMTI9`."""
    name = re.split(r"[-,]", font.rpartition("+")[2])[0]
    return "ComputerModern" if _COMPUTER_MODERN.match(name) else _FONT_STYLE.sub("", name) or name


def _joined(pieces: Iterable[Line]) -> list[Line]:
    """Join the pieces of a line: PyMuPDF splits a line at a wide space."""
    joined: list[Line] = []
    for line in pieces:
        if joined and _continues(line, joined[-1]):
            last = joined[-1]
            longest = max(last, line, key=lambda each: len(each.text))
            box, text = union([last.box, line.box]), f"{last.text} {line.text}"
            joined[-1] = replace(last, box=box, text=text, size=longest.size, font=longest.font)
        else:
            joined.append(line)
    return joined


def _continues(line: Line, last: Line) -> bool:
    height = min(line.box.height, last.box.height)
    return (
        last.upright
        and line.upright
        and line.box.shared_height(last.box) > 0.6 * height
        and -1 <= line.box.x0 - last.box.x1 <= 1.2 * last.size
    )


def _clipped(drawings: Iterable[Mapping[str, Any]]) -> Iterator[Box]:
    """Yield the boxes of the paths, cut by the clips around them: charts draw far beyond their axes."""
    clips: list[tuple[int, Box]] = []
    for drawing in drawings:
        level = drawing["level"]
        while clips and clips[-1][0] >= level:
            clips.pop()
        clip = clips[-1][1] if clips else _UNCLIPPED
        if drawing["type"] == "group":
            clips.append((level, clip))
        elif drawing["type"] == "clip":
            clips.append((level, clip.intersection(Box(*drawing["scissor"]))))
        else:
            yield clip.intersection(_stroked(Box(*drawing["rect"]), drawing.get("width") or 0.0))


def _stroked(box: Box, width: float) -> Box:
    """Return the box of a path; with the width of its stroke if that makes an area of a line, as for bars."""
    if width < _WIDE_STROKE:
        return box
    half = 0.5 * width
    if box.height >= box.width:
        return Box(box.x0 - half, box.y0, box.x1 + half, box.y1) if box.width < width else box
    return Box(box.x0, box.y0 - half, box.x1, box.y1 + half) if box.height < width else box


def _coarse(box: Box) -> Box:
    return Box(*(4.0 * floor(value / 4) for value in box[:2]), *(4.0 * ceil(value / 4) for value in box[2:]))

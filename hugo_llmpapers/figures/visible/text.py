"""The text of a page that a reader sees.

A PDF can carry text that is white, tiny, transparent, mirrored, heaped up, in a switched-off layer, clipped away, under
something else, or that is other text than its glyphs show. None of it may speak for the paper. Nor may the invisible text
that recognition lays over a scan: anything can stand there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.visible.glyphs import Glyphs
from hugo_llmpapers.figures.visible.inks import MARKS, Inks, Rgb, inks

_FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_MEDIABOX_CLIP
    | pymupdf.TEXT_DEHYPHENATE
    # Another text in the place of what is painted, for screen readers: it may say anything.
    | pymupdf.TEXT_IGNORE_ACTUALTEXT
)

_TINY = 2.0
"""Points: a font of less cannot be read, however it is made."""
_HEAPED, _HEAP = 0.5, 3
"""Share of their own area that so many letters must cover together."""
_HIDDEN = -1
"""In the place of a text's number: a letter that nobody can read."""
_LEAST_INK = 0.02
"""Share of its box that a piece of text must ink: a full stop has 0.03."""
_PIECE = 8
"""Letters, at most, that are looked at together."""
_CELL = 8.0
"""Points: texts that have letters in the same square of this size are told apart by their marks."""
_LIGATURE = 3
"""Letters, at most, that one glyph may stand for: ffi."""

_Place = tuple[float, float]
_Texts = Mapping[_Place, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class _Seen:
    """A painted page, with mark and colour of each text by its number."""

    marks: Mapping[int, int]
    colours: Mapping[int, Rgb]
    opacities: Mapping[int, float]
    inks: Inks


@dataclass(slots=True)
class _Piece:
    """Letters that are seen together or not at all."""

    letters: list[str]
    numbers: frozenset[int]
    """Of the texts that it can be of: more than one where a letter was set twice in one place."""
    box: tuple[float, float, float, float]
    size: float
    glyph: int = 1
    """Letters that its last glyph stands for."""
    area: float = 0.0
    """Of the boxes of its letters, also where they lie over one another."""


def visible_text(page: Any, pixels: int) -> str:
    """The visible text of a page, in the PDF's order, a line a line; the page is painted with at most so many pixels."""
    turned = page.rotation
    page.set_rotation(0)  # what PyMuPDF gives is unrotated
    try:
        blocks = page.get_text("rawdict", flags=_FLAGS)["blocks"]
        trace = [span for span in page.get_texttrace() if span["type"] != 3]
        marks = _marks(trace)
        if not marks:
            return ""
        colours = {span["seqno"]: _rgb(span["color"]) for span in trace}
        opacities = {span["seqno"]: float(span["opacity"]) for span in trace}
        seen = _Seen(marks, colours, opacities, inks(page, marks, pixels))
        texts = _texts(trace, Glyphs(page, trace))
    finally:
        page.set_rotation(turned)
    paragraphs = ([_line(raw, texts, seen) for raw in block.get("lines", ())] for block in blocks)
    return "\n".join(filter(None, map(_joined, paragraphs)))


def _rgb(colour: tuple[float, ...]) -> Rgb:
    """Of a colour in grey, RGB or CMYK."""
    if len(colour) == 4:
        colour = tuple((1 - part) * (1 - colour[3]) for part in colour[:3])
    red, green, blue = (round(255 * part) for part in (colour if len(colour) == 3 else (*colour[:1], 0, 0)))
    return (red, green, blue) if len(colour) == 3 else (red, red, red)


def _line(raw: Mapping[str, Any], texts: _Texts, seen: _Seen) -> str:
    return "".join("".join(piece.letters) for piece in _pieces(raw, texts) if _is_seen(piece, seen)).strip()


def _is_seen(piece: _Piece, seen: _Seen) -> bool:
    if piece.letters == [" "]:
        return True
    if piece.size < _TINY and piece.box[3] - piece.box[1] < 2 * _TINY:
        return False
    if len(piece.letters) >= _HEAP and _area(piece.box) < _HEAPED * piece.area:
        return False
    return any(
        seen.inks.share(seen.marks[number], seen.colours[number], seen.opacities[number], piece.box) >= _LEAST_INK
        for number in piece.numbers - {_HIDDEN}
    )


def _pieces(raw: Mapping[str, Any], texts: _Texts) -> Iterator[_Piece]:
    """A line's letters, by the text that they are of; each blank by itself. Those that nothing painted has are left out."""
    last: _Piece | None = None
    for span in raw["spans"]:
        for letter in span["chars"]:
            if letter["c"].isspace():
                yield from filter(None, (last, _Piece([" "], frozenset(), (0, 0, 0, 0), 0)))
                last = None
                continue
            numbers = _numbers(letter, texts)
            if not numbers:
                if last is not None and last.glyph < _LIGATURE:
                    last.letters.append(letter["c"])
                    last.glyph += 1
            elif last is not None and last.numbers == numbers and len(last.letters) < _PIECE:
                last.letters.append(letter["c"])
                last.box, last.glyph = _union(last.box, letter["bbox"]), 1
                last.area += _area(letter["bbox"])
            else:
                yield from filter(None, (last,))
                last = _Piece([letter["c"]], numbers, letter["bbox"], span["size"], area=_area(letter["bbox"]))
    yield from filter(None, (last,))


def _numbers(letter: Mapping[str, Any], texts: _Texts) -> frozenset[int]:
    """The texts that the letter can be of; none for a further letter of the glyph before it."""
    left, top, right, bottom = letter["bbox"]
    if right <= left or bottom <= top:
        return frozenset()
    there = texts.get(_place(letter["origin"]), [])
    same = [number for code, number in there if code == ord(letter["c"])]
    return frozenset(same or (number for _, number in there))


def _area(box: tuple[float, float, float, float]) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _union(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, float, float, float]:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _joined(lines: Iterable[str]) -> str:
    """A paragraph, its words undivided."""
    text = ""
    for line in filter(None, lines):
        divided = len(text) > 1 and text[-1] in "-\u00ad\u2010" and text[-2].isalpha() and line[0].islower()
        text = text[:-1] + line if divided else f"{text}\n{line}".strip()
    return text


def _marks(trace: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """A mark for each text by its number: another one than those of the texts that it meets, unless there are too many."""
    met: dict[tuple[int, int], set[int]] = defaultdict(set)
    places: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for span in trace:
        for *_, box in span["chars"]:
            places[span["seqno"]].update(_cells(box))
    marks: dict[int, int] = {}
    for number, cells in places.items():
        taken = {marks[other] for cell in cells for other in met[cell]}
        marks[number] = next((mark for mark in range(MARKS) if mark not in taken), number % MARKS)
        for cell in cells:
            met[cell].add(number)
    return marks


def _cells(box: tuple[float, float, float, float]) -> Iterator[tuple[int, int]]:
    """The squares under a letter; of one that is larger than a page, those near its corner."""
    left, top, right, bottom = (int(value // _CELL) for value in box)
    for x in range(left, min(right, left + 100) + 1):
        for y in range(top, min(bottom, top + 100) + 1):
            yield x, y


def _texts(trace: Iterable[Mapping[str, Any]], glyphs: Glyphs) -> dict[_Place, list[tuple[int, int]]]:
    """Code and number of the text of each letter that begins at a place; `_HIDDEN` for one that nobody can read."""
    found: dict[_Place, list[tuple[int, int]]] = defaultdict(list)
    for span, setting in glyphs.set(trace):
        readable = glyphs.are_readable(setting)
        for code, glyph, origin, _ in span["chars"]:
            shown = readable and glyphs.shows(setting, glyph, code)
            found[_place(origin)].append((code, span["seqno"] if shown else _HIDDEN))
    return found


def _place(origin: tuple[float, float]) -> _Place:
    return round(origin[0], 1), round(origin[1], 1)

"""The text of a page that a reader sees.

A PDF can contain text that is white, tiny, transparent, mirrored, heaped up, in a layer that is off, clipped, covered, or that
differs from what its glyphs show. None of it may speak for the paper. Neither may the invisible text that OCR adds to a scan:
it can say anything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.visible.glyphs import Glyphs
from hugo_llmpapers.figures.visible.ink import TextInk

_FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_MEDIABOX_CLIP
    | pymupdf.TEXT_DEHYPHENATE
    # ActualText, which replaces what is painted for screen readers, may say anything.
    | pymupdf.TEXT_IGNORE_ACTUALTEXT
)

_INVISIBLE = 3
"""Text render mode."""
_MIN_SIZE = 2.0
"""Points: smaller fonts cannot be read, however they are made."""
_HEAP_LETTERS, _HEAP_AREA = 3, 0.5
"""This many letters are heaped up if together they cover less than this share of their own area."""
_MIN_INK = 0.02
"""Share of its box that a visible piece of text inks: a full stop has 0.03."""
_PIECE_LETTERS = 8
"""Maximum number of letters that are checked together."""
_LIGATURE_LETTERS = 3
"""Maximum number of letters that one glyph may stand for: ffi."""
_ILLEGIBLE = -1
"""Instead of a sequence number: the letter cannot be read."""

_Bounds = tuple[float, float, float, float]
_Origin = tuple[float, float]
_Texts = Mapping[_Origin, list[tuple[int, int]]]
"""Code and sequence number of the text of each letter that begins at a place."""


@dataclass(slots=True)
class _Piece:
    """Letters that are visible together or not at all."""

    letters: list[str]
    seqnos: frozenset[int]
    """Of the texts that it can be of: several if a letter was set twice in one place."""
    box: _Bounds
    size: float
    glyph_letters: int = 1
    """Number of letters of its last glyph."""
    area: float = 0.0
    """Sum of the areas of its letters, overlaps included."""


def visible_text(page: Any, pixels: int) -> str:
    """Return the visible text of a page in the PDF's order, one line a line. Paints it with at most `pixels` pixels."""
    rotation = page.rotation
    page.set_rotation(0)  # PyMuPDF returns unrotated positions
    try:
        blocks = page.get_text("rawdict", flags=_FLAGS)["blocks"]
        trace = [span for span in page.get_texttrace() if span["type"] != _INVISIBLE]
        if not any(span["chars"] for span in trace):
            return ""
        ink = TextInk(page, trace, pixels)
        texts = _texts(Glyphs(trace, ink.painting))
    finally:
        page.set_rotation(rotation)
    paragraphs = ([_line(raw, texts, ink) for raw in block.get("lines", ())] for block in blocks)
    return "\n".join(filter(None, map(_joined, paragraphs)))


def _texts(glyphs: Glyphs) -> _Texts:
    texts: dict[_Origin, list[tuple[int, int]]] = defaultdict(list)
    for letter in glyphs.letters():
        seqno = letter.seqno if letter.legible else _ILLEGIBLE
        texts[_rounded(letter.origin)].append((letter.code, seqno))
    return texts


def _rounded(origin: _Origin) -> _Origin:
    return round(origin[0], 1), round(origin[1], 1)


def _line(raw: Mapping[str, Any], texts: _Texts, ink: TextInk) -> str:
    return "".join("".join(piece.letters) for piece in _pieces(raw, texts) if _is_visible(piece, ink)).strip()


def _is_visible(piece: _Piece, ink: TextInk) -> bool:
    if piece.letters == [" "]:
        return True
    if piece.size < _MIN_SIZE and piece.box[3] - piece.box[1] < 2 * _MIN_SIZE:
        return False
    if len(piece.letters) >= _HEAP_LETTERS and _area(piece.box) < _HEAP_AREA * piece.area:
        return False
    return any(ink.share(seqno, piece.box) >= _MIN_INK for seqno in piece.seqnos - {_ILLEGIBLE})


def _pieces(raw: Mapping[str, Any], texts: _Texts) -> Iterator[_Piece]:
    """Yield the letters of a line by their texts, and each blank separately. Drops letters that were not painted."""
    last: _Piece | None = None
    for span in raw["spans"]:
        for letter in span["chars"]:
            if letter["c"].isspace():
                yield from filter(None, (last, _Piece([" "], frozenset(), (0, 0, 0, 0), 0)))
                last = None
                continue
            seqnos = _seqnos(letter, texts)
            if not seqnos:
                if last is not None and last.glyph_letters < _LIGATURE_LETTERS:
                    last.letters.append(letter["c"])
                    last.glyph_letters += 1
            elif last is not None and last.seqnos == seqnos and len(last.letters) < _PIECE_LETTERS:
                last.letters.append(letter["c"])
                last.box, last.glyph_letters = _union(last.box, letter["bbox"]), 1
                last.area += _area(letter["bbox"])
            else:
                yield from filter(None, (last,))
                last = _Piece([letter["c"]], seqnos, letter["bbox"], span["size"], area=_area(letter["bbox"]))
    yield from filter(None, (last,))


def _seqnos(letter: Mapping[str, Any], texts: _Texts) -> frozenset[int]:
    """Return the texts that a letter can be of. Empty for a further letter of the glyph before it."""
    left, top, right, bottom = letter["bbox"]
    if right <= left or bottom <= top:
        return frozenset()
    candidates = texts.get(_rounded(letter["origin"]), [])
    same_code = [seqno for code, seqno in candidates if code == ord(letter["c"])]
    return frozenset(same_code or (seqno for _, seqno in candidates))


def _area(box: _Bounds) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _union(one: _Bounds, other: _Bounds) -> _Bounds:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _joined(lines: Iterable[str]) -> str:
    """Join the lines of a paragraph, and words that are hyphenated at a line's end."""
    text = ""
    for line in filter(None, lines):
        hyphenated = len(text) > 1 and text[-1] in "-\u00ad\u2010" and text[-2].isalpha() and line[0].islower()
        text = text[:-1] + line if hyphenated else f"{text}\n{line}".strip()
    return text

"""The text of a page that a reader sees.

A PDF can contain text that is white, tiny, transparent, mirrored, heaped up, in a layer that is off, clipped, covered, or that
differs from what its glyphs show. None of it may speak for the paper. Neither may the invisible text that OCR adds to a scan:
it can say anything.

A PDF states in a table (ToUnicode) which character each glyph stands for. The table can claim that the dots of a table of
contents are a sentence.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from hugo_llmpapers.figures.geometry import Box, union
from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.visible.ink import TextInk
from hugo_llmpapers.figures.visible.painting import Painting, SpanStyle

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
_MIN_GLYPH_SIZE = 3.0
"""Points, in both directions: smaller fonts cannot be read."""
_GLYPH_CHARACTERS = 3
"""Number of characters that one glyph may stand for: l, I and 1 of a plain font, or A and the Greek Alpha."""
_MIN_GLYPH_HEIGHT = 0.2
"""Share of the font size: Latin letters and digits are higher, full stops and dashes are not."""
_ILLEGIBLE = -1
"""Instead of a sequence number: the letter cannot be read."""
_Origin = tuple[float, float]
_Texts = Mapping[_Origin, list[tuple[int, int]]]
"""Code and sequence number of the text of each letter that begins at a place."""


@dataclass(slots=True)
class _Piece:
    """Letters that are visible together or not at all."""

    letters: list[str]
    seqnos: frozenset[int]
    """Of the texts that it can be of: several if a letter was set twice in one place."""
    box: Box
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
        texts = _texts(trace, ink.painting)
    finally:
        page.set_rotation(rotation)
    paragraphs = ([_line(raw, texts, ink) for raw in block.get("lines", ())] for block in blocks)
    return "\n".join(filter(None, map(_joined, paragraphs)))


def _line(raw: Mapping[str, Any], texts: _Texts, ink: TextInk) -> str:
    return "".join("".join(piece.letters) for piece in _pieces(raw, texts) if _is_visible(piece, ink)).strip()


def _is_visible(piece: _Piece, ink: TextInk) -> bool:
    if piece.letters == [" "]:
        return True
    if piece.size < _MIN_SIZE and piece.box.height < 2 * _MIN_SIZE:
        return False
    if len(piece.letters) >= _HEAP_LETTERS and piece.box.area < _HEAP_AREA * piece.area:
        return False
    return any(ink.share(seqno, piece.box) >= _MIN_INK for seqno in piece.seqnos - {_ILLEGIBLE})


def _pieces(raw: Mapping[str, Any], texts: _Texts) -> Iterator[_Piece]:
    """Yield the letters of a line by their texts, and each blank separately. Drops letters that were not painted."""
    last: _Piece | None = None
    for span in raw["spans"]:
        for letter in span["chars"]:
            if letter["c"].isspace():
                yield from filter(None, (last, _Piece([" "], frozenset(), Box(0, 0, 0, 0), 0)))
                last = None
                continue
            seqnos, box = _seqnos(letter, texts), Box(*letter["bbox"])
            if not seqnos:
                if last is not None and last.glyph_letters < _LIGATURE_LETTERS:
                    last.letters.append(letter["c"])
                    last.glyph_letters += 1
            elif last is not None and last.seqnos == seqnos and len(last.letters) < _PIECE_LETTERS:
                last.letters.append(letter["c"])
                last.box, last.glyph_letters = union([last.box, box]), 1
                last.area += box.area
            else:
                yield from filter(None, (last,))
                last = _Piece([letter["c"]], seqnos, box, span["size"], area=box.area)
    yield from filter(None, (last,))


def _seqnos(letter: Mapping[str, Any], texts: _Texts) -> frozenset[int]:
    """Return the texts that a letter can be of. Empty for a further letter of the glyph before it."""
    left, top, right, bottom = letter["bbox"]
    if right <= left or bottom <= top:
        return frozenset()
    candidates = texts.get(_rounded(letter["origin"]), [])
    same_code = [seqno for code, seqno in candidates if code == ord(letter["c"])]
    return frozenset(same_code or (seqno for _, seqno in candidates))


def _joined(lines: Iterable[str]) -> str:
    """Join the lines of a paragraph, and words that are hyphenated at a line's end."""
    text = ""
    for line in filter(None, lines):
        hyphenated = len(text) > 1 and text[-1] in "-\u00ad\u2010" and text[-2].isalpha() and line[0].islower()
        text = text[:-1] + line if hyphenated else f"{text}\n{line}".strip()
    return text


def _texts(trace: Iterable[Mapping[str, Any]], painting: Painting) -> _Texts:
    """Return the letters of a painted page. A letter without a known style counts as legible."""
    styles = {seqno: iter(styles) for seqno, styles in painting.styles.items()}
    spans = [(span, next(styles.get(span["seqno"], iter(())), None)) for span in trace]
    characters: dict[tuple[int, int], set[str]] = defaultdict(set)
    for span, style in spans:
        for code, glyph, *_ in span["chars"]:
            if style is not None and glyph >= 0 and (base := _base_letter(code)):
                characters[style.font, glyph].add(base)
    shows = cache(partial(_shows, painting.fonts, characters))
    found: dict[_Origin, list[tuple[int, int]]] = defaultdict(list)
    for span, style in spans:
        for code, glyph, origin, _ in span["chars"]:
            legible = style is None or shows(style, glyph, code)
            found[_rounded(origin)].append((code, span["seqno"] if legible else _ILLEGIBLE))
    return found


def _rounded(origin: _Origin) -> _Origin:
    return round(origin[0], 1), round(origin[1], 1)


def _shows(
    fonts: Mapping[int, Any], characters: Mapping[tuple[int, int], set[str]], style: SpanStyle, glyph: int, code: int
) -> bool:
    if not style.type3 and (min(style.width, style.height) < _MIN_GLYPH_SIZE or style.mirrored):
        return False
    if glyph < 0:
        return True  # a further letter of the glyph before it
    if len(characters[style.font, glyph]) > _GLYPH_CHARACTERS:
        return False
    claimed = _base_letter(code)
    if style.type3 or not (claimed.isascii() and claimed.isalnum()):
        return True
    font = fonts[style.font]
    bounds = pymupdf.mupdf.fz_bound_glyph(font, glyph, pymupdf.mupdf.FzMatrix())
    named = _named_letter(pymupdf.mupdf.fz_get_glyph_name2(font, glyph))
    return bounds.y1 - bounds.y0 >= _MIN_GLYPH_HEIGHT and named in {"", claimed}


def _base_letter(code: int) -> str:
    """Return the first letter of a character's NFKC form in lower case; empty for blanks and unknown characters."""
    letters = unicodedata.normalize("NFKC", chr(code)).casefold() if 0 <= code < 0x110000 else ""
    unknown = letters[:1].isspace() or letters[:1] == "\ufffd" or unicodedata.category(letters[:1] or " ")[0] == "C"
    return "" if unknown else letters[:1]


def _named_letter(name: str) -> str:
    """Return the letter that a glyph's name stands for; empty if that is unknown or not ASCII."""
    base = name.partition(".")[0].partition("_")[0]
    code = pymupdf.mupdf.fz_unicode_from_glyph_name_strict(base) if base else 0
    letter = _base_letter(code) if code > 0 else ""
    return letter if letter.isascii() else ""

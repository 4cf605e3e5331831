"""Checks that the letters of a page are what their glyphs show.

A PDF states in a table (ToUnicode) which character each glyph stands for. The table can claim that the dots of a table of
contents are a sentence. Letters can also be set too narrow, too small or mirrored, so that nobody reads them.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.visible.painting import Painting, SpanStyle

mupdf = pymupdf.mupdf

_MIN_SIZE = 3.0
"""Points, in both directions: smaller fonts cannot be read."""
_MAX_CHARACTERS = 3
"""Number of characters that one glyph may stand for: l, I and 1 of a plain font, or A and the Greek Alpha."""
_MIN_HEIGHT = 0.2
"""Share of the font size: Latin letters and digits are higher, full stops and dashes are not."""


class Letter(NamedTuple):
    """A letter as the page's fonts show it."""

    code: int
    origin: tuple[float, float]
    seqno: int
    """Of its text."""
    legible: bool


class Glyphs:
    """The glyphs of an unrotated page."""

    def __init__(self, trace: Iterable[Mapping[str, Any]], painting: Painting) -> None:
        """`trace`: the result of `Page.get_texttrace` for the painted page."""
        self._fonts = painting.fonts
        styles = {seqno: iter(styles) for seqno, styles in painting.styles.items()}
        self._spans = [(span, next(styles.get(span["seqno"], iter(())), None)) for span in trace]
        self._characters: dict[tuple[int, int], set[str]] = defaultdict(set)
        for span, style in self._spans:
            for code, glyph, *_ in span["chars"]:
                if style is not None and glyph >= 0 and (base := _base_letter(code)):
                    self._characters[style.font, glyph].add(base)
        self._shows = cache(self._glyph_shows)

    def letters(self) -> Iterator[Letter]:
        """Yield the letters of the page. A letter without a known style counts as legible."""
        for span, style in self._spans:
            for code, glyph, origin, _ in span["chars"]:
                # A negative glyph is a further letter of the glyph before it.
                shown = style is None or (_is_legible(style) and (glyph < 0 or self._shows(style, glyph, code)))
                yield Letter(code, origin, span["seqno"], bool(shown))

    def _glyph_shows(self, style: SpanStyle, glyph: int, code: int) -> bool:
        """Return whether a glyph can be this character."""
        if len(self._characters[style.font, glyph]) > _MAX_CHARACTERS:
            return False
        claimed = _base_letter(code)
        if style.type3 or not (claimed.isascii() and claimed.isalnum()):
            return True
        font = self._fonts[style.font]
        bounds = mupdf.fz_bound_glyph(font, glyph, mupdf.FzMatrix())
        named = _named_letter(mupdf.fz_get_glyph_name2(font, glyph))
        return bounds.y1 - bounds.y0 >= _MIN_HEIGHT and named in {"", claimed}


def _is_legible(style: SpanStyle) -> bool:
    return style.type3 or (min(style.width, style.height) >= _MIN_SIZE and not style.mirrored)


def _base_letter(code: int) -> str:
    """Return the first letter of a character's NFKC form in lower case; empty for blanks and unknown characters."""
    letters = unicodedata.normalize("NFKC", chr(code)).casefold() if 0 <= code < 0x110000 else ""
    unknown = letters[:1].isspace() or letters[:1] == "\ufffd" or unicodedata.category(letters[:1] or " ")[0] == "C"
    return "" if unknown else letters[:1]


def _named_letter(name: str) -> str:
    """Return the letter that a glyph's name stands for; empty if that is unknown or not ASCII."""
    base = name.partition(".")[0].partition("_")[0]
    code = mupdf.fz_unicode_from_glyph_name_strict(base) if base else 0
    letter = _base_letter(code) if code > 0 else ""
    return letter if letter.isascii() else ""

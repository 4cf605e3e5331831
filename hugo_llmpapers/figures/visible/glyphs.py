"""Whether the letters of a page are what their glyphs show.

A PDF says by a table of its own (ToUnicode) which character each glyph stands for. It can say of the dots of a table of
contents that they are a sentence, or set letters so narrow, so small or so reversed that nobody reads them.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import hypot
from typing import Any

from hugo_llmpapers.figures.mupdf import pymupdf

mupdf = pymupdf.mupdf

_TINY = 3.0
"""Points, in both directions: a font of less cannot be read."""
_MOST_CHARACTERS = 3
"""One glyph may stand for so many: l, I and 1 of a plain font, or A and the Greek Alpha."""
_LOW = 0.2
"""Of the font's size: Latin letters and digits are higher, full stops and dashes are not."""

_COUNTED = ("fill_path", "stroke_path", "fill_shade", "fill_image", "fill_image_mask", "ignore_text")


@dataclass(frozen=True, slots=True)
class Setting:
    """How one span of text is set."""

    font: int
    """Another one for each font of the page."""
    width: float
    height: float
    """Points: the font's size along the line and across it."""
    mirrored: bool
    drawn: bool
    """The font's glyphs are drawn by the page's own operators (Type 3): its size says nothing."""


class Glyphs:
    """What an unrotated page's fonts show."""

    def __init__(self, page: Any, trace: Iterable[Mapping[str, Any]]) -> None:
        """`trace`: of the same page, as `Page.get_texttrace` gives it."""
        device = _Listening()
        mupdf.fz_run_page(mupdf.FzPage(page.this), device, mupdf.FzMatrix(), mupdf.FzCookie())
        mupdf.fz_close_device(device)
        self._fonts = device.fonts
        self._settings = device.settings
        self._claims: dict[tuple[int, int], set[str]] = defaultdict(set)
        for span, setting in self.set(trace):
            for code, glyph, *_ in span["chars"]:
                if setting is not None and glyph >= 0 and (plain := _plain(code)):
                    self._claims[setting.font, glyph].add(plain)
        self._believed = cache(self._is_believed)

    def set(self, trace: Iterable[Mapping[str, Any]]) -> Iterable[tuple[Mapping[str, Any], Setting | None]]:
        """Each span of the trace with its setting; None where there is none."""
        rest = {number: iter(settings) for number, settings in self._settings.items()}
        for span in trace:
            yield span, next(rest.get(span["seqno"], iter(())), None)

    def are_readable(self, setting: Setting | None) -> bool:
        """Whether letters that are set like this are large enough, and not mirrored."""
        if setting is None or setting.drawn:
            return True
        return min(setting.width, setting.height) >= _TINY and not setting.mirrored

    def shows(self, setting: Setting | None, glyph: int, code: int) -> bool:
        """Whether a glyph can be this character. A negative number is a further letter of the glyph before it."""
        return setting is None or glyph < 0 or bool(self._believed(setting, glyph, code))

    def _is_believed(self, setting: Setting, glyph: int, code: int) -> bool:
        if len(self._claims[setting.font, glyph]) > _MOST_CHARACTERS:
            return False
        claimed = _plain(code)
        if setting.drawn or not (claimed.isascii() and claimed.isalnum()):
            return True
        font = self._fonts[setting.font]
        bounds = mupdf.fz_bound_glyph(font, glyph, mupdf.FzMatrix())
        named = _named(mupdf.fz_get_glyph_name2(font, glyph))
        return bounds.y1 - bounds.y0 >= _LOW and named in {"", claimed}


def _plain(code: int) -> str:
    """The first letter of what a character is a form of, small; empty for blanks and what is no known character."""
    letters = unicodedata.normalize("NFKC", chr(code)).casefold() if 0 <= code < 0x110000 else ""
    unknown = letters[:1].isspace() or letters[:1] == "\ufffd" or unicodedata.category(letters[:1] or " ")[0] == "C"
    return "" if unknown else letters[:1]


def _named(name: str) -> str:
    """What a glyph's name says that it shows: empty where the name says nothing, or something else than ASCII."""
    base = name.partition(".")[0].partition("_")[0]
    code = mupdf.fz_unicode_from_glyph_name_strict(base) if base else 0
    plain = _plain(code) if code > 0 else ""
    return plain if plain.isascii() else ""


class _Listening(mupdf.FzDevice2):  # type: ignore[misc, name-defined]
    """Notes how each span of text is set; MuPDF calls its methods."""

    def __init__(self) -> None:
        super().__init__()
        self.number = -1
        """Of what is painted, as PyMuPDF counts."""
        self.settings: dict[int, list[Setting]] = {}
        self.fonts: dict[int, Any] = {}
        """By their addresses. Kept, so that no other font gets the same one."""
        for name in (*_COUNTED, "fill_text", "stroke_text"):
            getattr(self, f"use_virtual_{name}")()

    def fill_text(self, _: Any, text: Any, matrix: Any, *__: Any) -> None:
        self.number += 1
        self.settings[self.number] = []
        span = text.head
        while span is not None:
            self.settings[self.number].append(self._setting(span, matrix))
            span = span.next

    def stroke_text(self, context: Any, text: Any, _: Any, matrix: Any, *__: Any) -> None:
        self.fill_text(context, text, matrix)

    def _setting(self, span: Any, matrix: Any) -> Setting:
        font = int(span.font.this)
        if font not in self.fonts:
            self.fonts[font] = mupdf.FzFont(mupdf.ll_fz_keep_font(span.font))
        along = _turned(span.trm.a, span.trm.b, matrix)
        across = _turned(span.trm.c, span.trm.d, matrix)
        mirrored = along[0] * across[1] - along[1] * across[0] > 0  # y runs downwards
        return Setting(font, hypot(*along), hypot(*across), mirrored, span.font.t3procs is not None)


def _turned(x: float, y: float, matrix: Any) -> tuple[float, float]:
    return x * matrix.a + y * matrix.c, x * matrix.b + y * matrix.d


def _counting(self: _Listening, *_: Any) -> None:
    self.number += 1


for _name in _COUNTED:
    setattr(_Listening, _name, _counting)

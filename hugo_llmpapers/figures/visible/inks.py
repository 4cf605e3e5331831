"""Which of a page's pixels show which text: the page is painted several times, with other colours of its text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Any

from PIL import Image, ImageChops

from hugo_llmpapers.figures.mupdf import pymupdf

mupdf = pymupdf.mupdf

MARKS = 8
"""Texts that lie over one another can be told apart by so many marks."""

_ZOOM = 1.0
_INK = 24
"""Of 255: a pixel in which less than a tenth is ink of the text shows none of it."""
_CONTRAST = 1.4
"""Ratio of the luminances of a text and of what is behind it: of less, it cannot be read by its brightness.
https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
_COLOURED = 96
"""Of 255, in red, green or blue: what differs by as much is read by its colour, as yellow on white."""
_FLARE = 0.05
_LOG_STEPS = 255 / log((1 + _FLARE) / _FLARE)

Rgb = tuple[int, int, int]
"""Each of 0 to 255."""
_Colour = tuple[float, float, float]
# fmt: off
_FORWARDED = (
    "fill_path", "stroke_path", "clip_path", "clip_stroke_path", "clip_text", "clip_stroke_text", "fill_shade", "fill_image",
    "fill_image_mask", "clip_image_mask", "pop_clip", "begin_mask", "begin_group", "end_group", "end_tile",
)
# fmt: on
_COUNTED = frozenset({"fill_path", "stroke_path", "fill_shade", "fill_image", "fill_image_mask"})


@dataclass(frozen=True, slots=True)
class Inks:
    """Of each mark, where text with it is uppermost: 255, else 0; and the page without any text."""

    zoom: float
    uppermost: tuple[Image.Image, ...]
    behind: Image.Image
    _against: dict[tuple[Rgb, float], Image.Image] = field(default_factory=dict)

    def share(self, mark: int, colour: Rgb, opacity: float, box: tuple[float, float, float, float]) -> float:
        """Of the pixels of a box in points, those in which text of this mark, colour and opacity (0 to 1) is seen; 0 outside
        the page.
        """
        image = self.uppermost[mark]
        x0, y0, x1, y1 = (value * self.zoom for value in box)
        left, top = max(0, int(x0)), max(0, int(y0))
        right, bottom = min(image.width, int(x1) + 1), min(image.height, int(y1) + 1)
        if right <= left or bottom <= top:
            return 0.0
        part = (left, top, right, bottom)
        seen = ImageChops.darker(image.crop(part), self._standing_out(colour, opacity).crop(part))
        return seen.histogram()[255] / max(1.0, (x1 - x0) * (y1 - y0))

    def _standing_out(self, colour: Rgb, opacity: float) -> Image.Image:
        """255 where the colour differs from what is behind the text."""
        if (colour, opacity) not in self._against:
            text = Image.blend(self.behind, Image.new("RGB", self.behind.size, colour), opacity)
            red, green, blue = ImageChops.difference(self.behind, text).split()
            most = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(_least(_COLOURED))
            brighter = ImageChops.difference(_luminance(self.behind), _luminance(text))
            contrast = brighter.point(_least(round(_LOG_STEPS * log(_CONTRAST))))
            self._against[colour, opacity] = ImageChops.lighter(most, contrast)
        return self._against[colour, opacity]


def _luminance(image: Image.Image) -> Image.Image:
    """The relative luminance of WCAG in equal steps of contrast, 0 for black and 255 for white."""
    parts = [
        band.point([round(255 * weight * _linear(value / 255)) for value in range(256)])
        for band, weight in zip(image.split(), (0.2126, 0.7152, 0.0722), strict=True)
    ]
    whole = ImageChops.add(ImageChops.add(parts[0], parts[1]), parts[2])
    return whole.point([round(_LOG_STEPS * log((value / 255 + _FLARE) / _FLARE)) for value in range(256)])


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def inks(page: Any, marks: Mapping[int, int], pixels: int) -> Inks:
    """Paints an unrotated page with at most so many pixels. `marks`: of each text, by its number among what is painted, as
    `Page.get_texttrace` has it; below MARKS.

    The difference of two paintings that differ in the text's colour alone is what can be seen of it: what lies under
    something else, is clipped, transparent or not painted at all makes none. Its sign in red, green and blue tells the mark.
    """
    zoom = min(_ZOOM, sqrt(pixels / max(page.rect.width * page.rect.height, 1.0)))
    one = _painted(page, zoom, {number: _colour(mark) for number, mark in marks.items()})
    other = _painted(page, zoom, {number: _colour(MARKS - 1 - mark) for number, mark in marks.items()})
    more = [band.point(_least(_INK)) for band in ImageChops.subtract(one, other).split()]
    less = [band.point(_least(_INK)) for band in ImageChops.subtract(other, one).split()]
    used = set(marks.values())
    nowhere = Image.new("L", one.size)
    uppermost = tuple(_uppermost(mark, more, less) if mark in used else nowhere for mark in range(MARKS))
    return Inks(zoom, uppermost, _painted(page, zoom, {}))


def _uppermost(mark: int, more: list[Image.Image], less: list[Image.Image]) -> Image.Image:
    red, green, blue = (more[n] if bit else less[n] for n, bit in enumerate(_colour(mark)))
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _colour(mark: int) -> _Colour:
    return float(mark & 1), float(mark >> 1 & 1), float(mark >> 2 & 1)


def _least(least: int) -> list[int]:
    return [255 if value >= least else 0 for value in range(256)]


def _painted(page: Any, zoom: float, colours: Mapping[int, _Colour]) -> Image.Image:
    """The page with each text in its colour, and without those that have none."""
    whole = pymupdf.IRect(pymupdf.Rect(0, 0, page.rect.width * zoom, page.rect.height * zoom))
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, whole, 0)
    pixmap.clear_with(255)
    draw = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap.this)
    device = _Recolouring(draw, mupdf.FzColorspace(mupdf.FzColorspace.Fixed_RGB), colours)
    # Not by way of a display list, which leaves out what is empty: the numbers would be others.
    mupdf.fz_run_page(mupdf.FzPage(page.this), device, mupdf.FzMatrix(zoom, 0, 0, zoom, 0, 0), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    mupdf.fz_close_device(draw)
    return _image(pixmap)


def _image(pixels: Any) -> Image.Image:
    return Image.frombytes("RGB", (pixels.width, pixels.height), pixels.samples)


class _Recolouring(mupdf.FzDevice2):  # type: ignore[misc, name-defined]
    """Hands on what is painted, text in another colour; MuPDF calls its methods."""

    def __init__(self, target: Any, rgb: Any, colours: Mapping[int, _Colour]) -> None:
        super().__init__()
        self.target, self.rgb, self.colours = target.m_internal, rgb.m_internal, colours
        self.number = -1
        """Of what is painted, as PyMuPDF counts."""
        for name in (*_FORWARDED, "fill_text", "stroke_text", "ignore_text", "begin_tile", "end_mask"):
            getattr(self, f"use_virtual_{name}")()

    def fill_text(self, _: Any, text: Any, matrix: Any, *rest: Any) -> None:
        self.number += 1
        *_, alpha, parameters = rest
        if (colour := self.colours.get(self.number)) is not None:
            mupdf.ll_fz_fill_text(self.target, text, matrix, self.rgb, colour, alpha, parameters)

    def stroke_text(self, context: Any, text: Any, _: Any, *rest: Any) -> None:
        self.fill_text(context, text, *rest)  # the letters' bodies: the same places

    def ignore_text(self, *_: Any) -> None:
        self.number += 1

    def begin_tile(self, _: Any, *arguments: Any) -> int:
        # Without the number under which MuPDF would keep a tile for the next painting.
        mupdf.ll_fz_begin_tile(self.target, *arguments[:5])
        return 0

    def end_mask(self, _: Any, *transfer: Any) -> None:
        # MuPDF 1.26 brought the function.
        (mupdf.ll_fz_end_mask_tr if transfer else mupdf.ll_fz_end_mask)(self.target, *transfer)


def _forwarding(name: str) -> Any:
    forward = getattr(mupdf, f"ll_fz_{name}")
    counted = name in _COUNTED

    def method(self: _Recolouring, _: Any, *arguments: Any) -> None:
        self.number += counted
        forward(self.target, *arguments)

    return method


for _name in _FORWARDED:
    setattr(_Recolouring, _name, _forwarding(_name))

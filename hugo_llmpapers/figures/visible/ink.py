"""Measures how much of each text on a page can be seen.

The page is painted twice with different colours of its text. Only visible text makes a difference between the two: text that
is covered, clipped, transparent or not painted makes none. Texts that overlap have different marks, and the signs of the
difference in red, green and blue tell the mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log, sqrt
from typing import Any

from PIL import Image, ImageChops

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.visible.painting import Colour, paint

_MARKS = 8
"""Number of marks: two signs in three colours."""
_CELL = 8.0
"""Points: texts with letters in the same square of this size get different marks."""
_INK = 24
"""Of 255: a pixel with less than a tenth of ink does not count."""
_CONTRAST = 1.4
"""Ratio of luminances from which a text can be read on its background. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
_COLOURED = 96
"""Of 255: difference in red, green or blue from which a text can be read by its colour, as yellow on white."""
_FLARE = 0.05
_LOG_STEPS = 255 / log((1 + _FLARE) / _FLARE)

_Rgb = tuple[int, int, int]


class TextInk:
    """The visible ink of an unrotated page's texts. Painted with at most `pixels` pixels."""

    def __init__(self, page: Any, trace: Sequence[Mapping[str, Any]], pixels: int) -> None:
        """`trace`: the result of `Page.get_texttrace` for this page."""
        self._marks = _marks(trace)
        self._colours = {span["seqno"]: (_rgb(span["color"]), float(span["opacity"])) for span in trace}
        self._zoom = min(1.0, sqrt(pixels / max(page.rect.width * page.rect.height, 1.0)))
        self.painting = paint(page, self._zoom, {seqno: _colour(mark) for seqno, mark in self._marks.items()})
        complement = {seqno: _colour(_MARKS - 1 - mark) for seqno, mark in self._marks.items()}
        one, other = self.painting.image, paint(page, self._zoom, complement).image
        more = [band.point(_at_least(_INK)) for band in ImageChops.subtract(one, other).split()]
        less = [band.point(_at_least(_INK)) for band in ImageChops.subtract(other, one).split()]
        self._topmost = {mark: _topmost(mark, more, less) for mark in set(self._marks.values())}
        self._background = paint(page, self._zoom, {}).image
        self._contrasts: dict[tuple[_Rgb, float], Image.Image] = {}

    def share(self, seqno: int, box: Box) -> float:
        """Return the share of the pixels of a box in points in which a text can be seen; 0 outside the page."""
        topmost = self._topmost[self._marks[seqno]]
        x0, y0, x1, y1 = (value * self._zoom for value in box)
        left, top = max(0, int(x0)), max(0, int(y0))
        right, bottom = min(topmost.width, int(x1) + 1), min(topmost.height, int(y1) + 1)
        if right <= left or bottom <= top:
            return 0.0
        part = (left, top, right, bottom)
        visible = ImageChops.darker(topmost.crop(part), self._contrast(*self._colours[seqno]).crop(part))
        return visible.histogram()[255] / max(1.0, (x1 - x0) * (y1 - y0))

    def _contrast(self, colour: _Rgb, opacity: float) -> Image.Image:
        """Return an image with 255 where a text of this colour differs enough from the page without text."""
        if (colour, opacity) not in self._contrasts:
            background = self._background
            text = Image.blend(background, Image.new("RGB", background.size, colour), opacity)
            red, green, blue = ImageChops.difference(background, text).split()
            coloured = ImageChops.lighter(ImageChops.lighter(red, green), blue).point(_at_least(_COLOURED))
            brightness = ImageChops.difference(_luminance(background), _luminance(text))
            contrast = brightness.point(_at_least(round(_LOG_STEPS * log(_CONTRAST))))
            self._contrasts[colour, opacity] = ImageChops.lighter(coloured, contrast)
        return self._contrasts[colour, opacity]


def _marks(trace: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """Return a mark for each text; texts that overlap have different marks, unless there are more of them than marks."""
    cells: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for span in trace:
        for *_, box in span["chars"]:
            cells[span["seqno"]].update(_cells(box))
    texts: dict[tuple[int, int], set[int]] = defaultdict(set)
    marks: dict[int, int] = {}
    for seqno, covered in cells.items():
        used = {marks[other] for cell in covered for other in texts[cell]}
        marks[seqno] = next((mark for mark in range(_MARKS) if mark not in used), seqno % _MARKS)
        for cell in covered:
            texts[cell].add(seqno)
    return marks


def _cells(box: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield the squares under a letter; for a letter larger than a page, those near its corner."""
    left, top, right, bottom = (int(value // _CELL) for value in box)
    for x in range(left, min(right, left + 100) + 1):
        for y in range(top, min(bottom, top + 100) + 1):
            yield x, y


def _rgb(colour: tuple[float, ...]) -> _Rgb:
    """Convert a colour in grey, RGB or CMYK."""
    if len(colour) == 4:
        colour = tuple((1 - part) * (1 - colour[3]) for part in colour[:3])
    red, green, blue = (round(255 * part) for part in (colour if len(colour) == 3 else colour[:1] * 3))
    return red, green, blue


def _colour(mark: int) -> Colour:
    return float(mark & 1), float(mark >> 1 & 1), float(mark >> 2 & 1)


def _topmost(mark: int, more: list[Image.Image], less: list[Image.Image]) -> Image.Image:
    """Return an image with 255 where text of this mark is on top."""
    red, green, blue = (more[n] if bit else less[n] for n, bit in enumerate(_colour(mark)))
    return ImageChops.darker(ImageChops.darker(red, green), blue)


def _at_least(threshold: int) -> list[int]:
    return [255 if value >= threshold else 0 for value in range(256)]


def _luminance(image: Image.Image) -> Image.Image:
    """Return WCAG's relative luminance in equal steps of contrast, 0 for black and 255 for white."""
    red, green, blue = (
        band.point([round(255 * weight * _linear(value / 255)) for value in range(256)])
        for band, weight in zip(image.split(), (0.2126, 0.7152, 0.0722), strict=True)
    )
    luminance = ImageChops.add(ImageChops.add(red, green), blue)
    return luminance.point([round(_LOG_STEPS * log((value / 255 + _FLARE) / _FLARE)) for value in range(256)])


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)

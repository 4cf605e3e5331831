"""Pictures as pixels: where the ink is, margins, and PNG files of a sensible size."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

_WHITE = 250
"""Grey values from here on count as paper."""

_HEAVY_BYTES = 500_000


def ink_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom in pixels of what is not white; None where all is white."""
    return image.convert("L").point([255] * _WHITE + [0] * (256 - _WHITE)).getbbox()


def framed(image: Image.Image, margin_px: int) -> Image.Image:
    """The picture, trimmed to ink, with an even white margin."""
    return ImageOps.expand(image.crop(ink_box(image)), border=margin_px, fill="white")


def encoded(image: Image.Image, *, photographic: bool) -> bytes:
    """The picture as a PNG file: with 256 colours where it is drawn or would be heavy. Same
    picture, same bytes.
    """
    if photographic:
        data = _png(image)
        if len(data) <= _HEAVY_BYTES:
            return data
    # Without dither: flat areas stay flat, and compress.
    return _png(image.quantize(256, dither=Image.Dither.NONE))


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()

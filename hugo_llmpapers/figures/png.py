"""Pixels of pictures: ink, margins, and PNG files of a reasonable size."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO

_WHITE = 250
"""Grey values from here on count as paper."""

_MAX_COLOUR_BYTES = 500_000

MIN_WIDTH_PX, MIN_HEIGHT_PX = 120, 60
"""Smaller pictures show nothing."""


def ink_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom in pixels of what is not white. None if all is white."""
    return image.convert("L").point([255] * _WHITE + [0] * (256 - _WHITE)).getbbox()


def framed(image: Image.Image, margin_px: int) -> Image.Image:
    """Return a picture cropped to its ink, with a white margin."""
    return ImageOps.expand(image.crop(ink_box(image)), border=margin_px, fill="white")


def opaque(file: BinaryIO, width_px: int, pixels: int) -> Image.Image:
    """Return the picture of an image file, in RGB on white, at most `width_px` wide.

    Raises ValueError if it is not an image, is too small to see, or has more than ten times `pixels` pixels.
    """
    try:
        with Image.open(file, formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.width * image.height > 10 * pixels:
                raise ValueError(f"the image has {image.width} x {image.height} pixels")
            rgba = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not an image") from error
    if rgba.width < MIN_WIDTH_PX or rgba.height < MIN_HEIGHT_PX:
        raise ValueError("the image is too small to see")
    rgb = Image.alpha_composite(Image.new("RGBA", rgba.size, "white"), rgba).convert("RGB")
    scale = min(1.0, width_px / rgb.width, MAX_HEIGHT_RATIO * width_px / rgb.height)
    return rgb if scale == 1 else rgb.resize((max(1, round(rgb.width * scale)), max(1, round(rgb.height * scale))))


def encoded(image: Image.Image, *, photographic: bool) -> bytes:
    """Return a PNG file, with 256 colours unless it is a photograph of up to 500 KB. The bytes are reproducible."""
    if photographic:
        data = _png(image)
        if len(data) <= _MAX_COLOUR_BYTES:
            return data
    # Without dithering, areas of one colour compress well.
    return _png(image.quantize(256, dither=Image.Dither.NONE))


def _png(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()

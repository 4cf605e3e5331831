"""Pictures as pixels: where the ink is, margins, and PNG files of a sensible size."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from PIL import Image, ImageOps

from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO

_WHITE = 250
"""Grey values from here on count as paper."""

_HEAVY_BYTES = 500_000

LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 120, 60
"""A smaller picture shows nothing."""


def ink_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Left, top, right, bottom in pixels of what is not white; None where all is white."""
    return image.convert("L").point([255] * _WHITE + [0] * (256 - _WHITE)).getbbox()


def framed(image: Image.Image, margin_px: int) -> Image.Image:
    """The picture, trimmed to ink, with an even white margin."""
    return ImageOps.expand(image.crop(ink_box(image)), border=margin_px, fill="white")


def opaque(file: BinaryIO, width_px: int, pixels: int) -> Image.Image:
    """A picture out of an image file, in RGB on white, no wider than `width_px`.

    Raises ValueError for what is no image, has more than `pixels` pixels times ten, or is too small to see.
    """
    try:
        with Image.open(file, formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.width * image.height > 10 * pixels:
                raise ValueError(f"the image has {image.width} x {image.height} pixels")
            drawn = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise ValueError("not an image") from error
    if drawn.width < LEAST_WIDTH_PX or drawn.height < LEAST_HEIGHT_PX:
        raise ValueError("the image is too small to see")
    white = Image.new("RGBA", drawn.size, "white")
    flat = Image.alpha_composite(white, drawn).convert("RGB")
    most = min(1.0, width_px / flat.width, MAX_HEIGHT_RATIO * width_px / flat.height)
    return flat if most == 1 else flat.resize((max(1, round(flat.width * most)), max(1, round(flat.height * most))))


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

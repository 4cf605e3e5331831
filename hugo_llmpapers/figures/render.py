"""Pictures of figures: rendered from a PDF or taken from an image file, as PNG files of a reasonable size.

And pictures of what each stage of the search finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from math import sqrt
from typing import BinaryIO

from PIL import Image, ImageDraw, ImageOps

from hugo_llmpapers.figures.captions import captions
from hugo_llmpapers.figures.find import Location, find
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page_layout import page_layout, regions
from hugo_llmpapers.figures.pdf import Document, Unreadable, ink_box
from hugo_llmpapers.figures.typography import document_typography
from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO
from hugo_llmpapers.records import Figure

_MAX_COLOUR_BYTES = 500_000
_MIN_WIDTH_PX, _MIN_HEIGHT_PX = 120, 60
"""Smaller pictures show nothing."""
_MARGIN_PT = 5.0
_MAX_DPI = 300

_ZOOM = 1.5
_GREY, _BLUE, _GREEN, _ORANGE, _RED = "#8a8a8a", "#2563c9", "#15803d", "#c2620a", "#c81e1e"
_STRATEGIES = {"caption-below": _GREEN, "caption-above": _BLUE, "caption-right": _ORANGE, "caption-left": _RED}
_Mark = tuple[Box, str, str]
"""A box, its colour, and a word in its corner."""


def render(document: Document, location: Location, width_px: int, pixels: int) -> Figure | None:
    """Return a figure with its picture, at most `width_px` wide and of `pixels` pixels.

    None if it would be too small to see, or if it is nearly the complete page.
    """
    page, box = document.page(location.page), location.box
    if box.area > 0.9 * page.box.area:
        return None
    zoom = _zoom(box, width_px, pixels)
    # A white margin, because the page around the figure may show its caption.
    image = framed(document.picture(page.number, box, zoom), round(_MARGIN_PT * zoom))
    if image.width < _MIN_WIDTH_PX or image.height < _MIN_HEIGHT_PX:
        return None
    photographic = any(graphic.kind == "image" and graphic.box.share_inside(box) > 0 for graphic in page.graphics)
    return Figure(
        png=encoded(image, photographic=photographic),
        width_px=image.width,
        height_px=image.height,
        page=page.number,
        bbox=document.unrotated(page.number, box),
        label=location.label,
        caption=location.caption,
        strategy=location.strategy,
        reason=location.reason,
        confidence=location.confidence,
    )


def _zoom(box: Box, width_px: int, pixels: int) -> float:
    width, height = box.width + 2 * _MARGIN_PT, box.height + 2 * _MARGIN_PT
    return min(
        (width_px - 3) / width,  # the box is rounded to pixels, and so is the margin
        MAX_HEIGHT_RATIO * width_px / height,
        _MAX_DPI / 72,
        sqrt(pixels / (width * height)),
    )


def framed(image: Image.Image, margin_px: int) -> Image.Image:
    """Return a picture cropped to its ink, with a white margin."""
    return ImageOps.expand(image.crop(ink_box(image)), border=margin_px, fill="white")


def opaque(file: BinaryIO, width_px: int, pixels: int) -> Image.Image:
    """Return the picture of an image file, in RGB on white, at most `width_px` wide.

    Raises Unreadable if it is not an image, is too small to see, or has more than ten times `pixels` pixels.
    """
    try:
        with Image.open(file, formats=("PNG", "JPEG", "GIF", "WEBP")) as image:
            if image.width * image.height > 10 * pixels:
                raise Unreadable(f"the image has {image.width} x {image.height} pixels")
            rgba = image.convert("RGBA")
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("not an image") from error
    if rgba.width < _MIN_WIDTH_PX or rgba.height < _MIN_HEIGHT_PX:
        raise Unreadable("the image is too small to see")
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


def debug_pictures(document: Document, pages: int) -> dict[str, bytes]:
    """Return PNG files by name, to see why a figure is missed: what each stage of the search finds, drawn over a page.

    They show the page of the figure; without a figure, the first page with a caption, else the first page.
    """
    style = document_typography(document, pages)
    found = find(document, pages)
    numbers = range(min(pages, document.page_count))
    with_caption = (n for n in numbers if captions(document.page(n), style))
    number = found.page if found is not None else next(with_caption, 0)
    page = document.page(number)
    layout = page_layout(page, style)
    figures = [c for c in layout.captions if c.kind == "figure"]
    if found is not None:
        figures = [c for c in figures if (c.label, c.text or None) == (found.label, found.caption)]
    marks: dict[str, list[_Mark]] = {
        "1-read": [(line.box, _GREY, "") for line in page.lines] + [(g.box, _BLUE, "") for g in page.graphics],
        "2-captions": [(c.box, _GREEN if c.kind == "figure" else _ORANGE, f"{c.score:g}") for c in layout.captions],
        "3-obstacles": [(line.box, _RED, "") for line in layout.text]
        + [(box, _ORANGE, "table") for box in layout.tables]
        + [(g.box, _BLUE, "background") for g in layout.text_backgrounds]
        + [(g.box, _GREY, "repeated") for g in layout.repeated],
        "4-regions": [
            (region.box, _STRATEGIES[region.strategy], region.strategy)
            for caption in figures[:1]
            for region in regions(caption, layout)
        ],
        "5-figure": [(found.box, _GREEN, found.strategy)] if found is not None else [],
    }
    picture = document.picture(number, page.box, _ZOOM) if page.box.area else Image.new("RGB", (600, 800), "white")
    return {name: _marked(picture, boxes) for name, boxes in marks.items()}


def _marked(picture: Image.Image, marks: Iterable[_Mark]) -> bytes:
    image = picture.copy()
    draw = ImageDraw.Draw(image)
    for box, colour, word in marks:
        x0, y0, x1, y1 = (round(value * _ZOOM) for value in box)
        if x0 <= x1 and y0 <= y1:
            draw.rectangle((x0, y0, x1, y1), outline=colour, width=2)
            draw.text((x0 + 3, y0 + 2), word, fill=colour)
    return _png(image)

"""Renders a figure of a PDF."""

from __future__ import annotations

from math import sqrt

from hugo_llmpapers.figures.find import Location
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.png import MIN_HEIGHT_PX, MIN_WIDTH_PX, encoded, framed
from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO
from hugo_llmpapers.records import Figure

_MARGIN_PT = 5.0
_MAX_DPI = 300


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
    if image.width < MIN_WIDTH_PX or image.height < MIN_HEIGHT_PX:
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

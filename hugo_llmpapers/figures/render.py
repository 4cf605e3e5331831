"""Turns a place in a PDF into the picture of a post."""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

from hugo_llmpapers.figures.find import Found
from hugo_llmpapers.figures.geometry import Box, union
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.png import LEAST_HEIGHT_PX, LEAST_WIDTH_PX, encoded, framed
from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO, Limits, RenderOptions
from hugo_llmpapers.records import Figure

NO_FIGURE = "no figure with a caption was found"

_MARGIN_PT = 5.0
_MOST_DPI = 300
_TOP_SHARE = 0.5


def render(document: Document, found: Found, options: RenderOptions, limits: Limits) -> Figure | None:
    """The figure with its caption; None where it would be too small to see, or is nearly the
    whole page.
    """
    page = document.page(found.page)
    if found.box.area > 0.9 * page.box.area:
        return None
    words = _Words(found.caption.label, found.caption.text or None, found.strategy, found.reason, found.confidence)
    return _figure(document, found.page, found.box, words, options, limits)


def first_page_top(document: Document, options: RenderOptions, limits: Limits) -> Figure | None:
    """The upper half of the first page, cut between two lines; None where it is white."""
    page = document.page(0)
    if page.box.area == 0:
        return None
    end = _TOP_SHARE * page.box.height
    lines = [line.box for line in page.lines if line.upright and line.box.y1 <= end]
    bottom = union(lines).y1 if lines else end
    ink = document.ink(0, Box(page.box.x0, page.box.y0, page.box.x1, bottom))
    if ink is None:
        return None
    words = _Words(None, None, "page", NO_FIGURE)
    return _figure(document, 0, ink, words, options, limits)


class _Words(NamedTuple):
    """What is said of a picture."""

    label: str | None
    caption: str | None
    strategy: str
    reason: str
    confidence: float | None = None


def _figure(
    document: Document,
    number: int,
    box: Box,
    words: _Words,
    options: RenderOptions,
    limits: Limits,
) -> Figure | None:
    zoom = _zoom(box, options, limits)
    # White paper around it rather than more of the page, where the caption begins.
    image = framed(document.picture(number, box, zoom), round(_MARGIN_PT * zoom))
    if image.width < LEAST_WIDTH_PX or image.height < LEAST_HEIGHT_PX:
        return None
    photographic = any(
        graphic.kind == "image" and graphic.box.share_inside(box) > 0 for graphic in document.page(number).graphics
    )
    return Figure(
        png=encoded(image, photographic=photographic),
        width_px=image.width,
        height_px=image.height,
        page=number,
        bbox=document.unrotated(number, box),
        label=words.label,
        caption=words.caption,
        strategy=words.strategy,
        reason=words.reason,
        confidence=words.confidence,
    )


def _zoom(box: Box, options: RenderOptions, limits: Limits) -> float:
    width, height = box.width + 2 * _MARGIN_PT, box.height + 2 * _MARGIN_PT
    return min(
        (options.width_px - 3) / width,  # edges cut through pixels, and the margin is rounded
        MAX_HEIGHT_RATIO * options.width_px / height,
        _MOST_DPI / 72,
        sqrt(limits.pixels / (width * height)),
    )

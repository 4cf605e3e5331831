"""Draws over a page what each stage of the search finds, to see why a figure is missed."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw

from hugo_llmpapers.figures.captions import captions
from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page_layout import page_layout
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.regions import regions
from hugo_llmpapers.figures.typography import document_typography

_ZOOM = 1.5
_GREY, _BLUE, _GREEN, _ORANGE, _RED = "#8a8a8a", "#2563c9", "#15803d", "#c2620a", "#c81e1e"
_STRATEGIES = {"caption-below": _GREEN, "caption-above": _BLUE, "caption-right": _ORANGE, "caption-left": _RED}

Mark = tuple[Box, str, str]
"""A box, its colour, and a word in its corner."""


def debug_pictures(document: Document, pages: int) -> dict[str, bytes]:
    """Return PNG files by name: what was read, the captions, the obstacles, the regions, the figure.

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
    marks: dict[str, list[Mark]] = {
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
    return {name: _png(picture, boxes) for name, boxes in marks.items()}


def _png(picture: Image.Image, marks: Iterable[Mark]) -> bytes:
    image = picture.copy()
    draw = ImageDraw.Draw(image)
    for box, colour, word in marks:
        x0, y0, x1, y1 = (round(value * _ZOOM) for value in box)
        if x0 <= x1 and y0 <= y1:
            draw.rectangle((x0, y0, x1, y1), outline=colour, width=2)
            draw.text((x0 + 3, y0 + 2), word, fill=colour)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()

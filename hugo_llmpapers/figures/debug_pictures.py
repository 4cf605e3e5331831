"""What each stage of the method sees, drawn over the page: to find out why a figure was missed."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from PIL import Image, ImageDraw

from hugo_llmpapers.figures.captions import captions
from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.obstacles import obstacles
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.regions import regions
from hugo_llmpapers.figures.typography import typography

_ZOOM = 1.5
_GREY, _BLUE, _GREEN, _ORANGE, _RED = "#8a8a8a", "#2563c9", "#15803d", "#c2620a", "#c81e1e"
_ROOMS = {"caption-below": _GREEN, "caption-above": _BLUE, "caption-right": _ORANGE, "caption-left": _RED}

Mark = tuple[Box, str, str]
"""A box, its colour, and a word at its corner."""


def debug_pictures(document: Document, pages: int) -> dict[str, bytes]:
    """PNG files by stage: what was read, the captions, the obstacles, the rooms, the figure.

    On the page of the figure that is taken; where none is, on the first page with a caption, else the first.
    """
    style = typography([document.page(n) for n in range(min(4, document.page_count))])
    found = find(document, pages)
    number = found.page if found is not None else _first_with_caption(document, pages)
    page = document.page(number)
    all_captions = captions(page, style)
    walls = obstacles(page, all_captions, style)
    figures = [c for c in all_captions if c.kind == "figure"]
    caption = found.caption if found is not None else next(iter(figures), None)
    rooms = regions(caption, page, walls, style) if caption is not None else ()
    drawn: dict[str, list[Mark]] = {
        "1-read": [(line.box, _GREY, "") for line in page.lines] + [(g.box, _BLUE, "") for g in page.graphics],
        "2-captions": [(c.box, _GREEN if c.kind == "figure" else _ORANGE, f"{c.score:g}") for c in all_captions],
        "3-obstacles": [(line.box, _RED, "") for line in walls.text]
        + [(box, _ORANGE, "table") for box in walls.tables]
        + [(g.box, _BLUE, "tint") for g in walls.tints]
        + [(g.box, _GREY, "furniture") for g in walls.furniture],
        "4-rooms": [(room.box, _ROOMS[room.strategy], room.strategy) for room in rooms],
        "5-figure": [(found.box, _GREEN, found.strategy)] if found is not None else [],
    }
    plain = document.picture(number, page.box, _ZOOM) if page.box.area else Image.new("RGB", (600, 800), "white")
    return {name: _png(plain, marks) for name, marks in drawn.items()}


def _first_with_caption(document: Document, pages: int) -> int:
    style = typography([document.page(n) for n in range(min(4, document.page_count))])
    numbers = range(min(pages, document.page_count))
    return next((n for n in numbers if captions(document.page(n), style)), 0)


def _png(plain: Image.Image, marks: Iterable[Mark]) -> bytes:
    image = plain.copy()
    draw = ImageDraw.Draw(image)
    for box, colour, word in marks:
        corners = [round(value * _ZOOM) for value in box]
        if corners[0] <= corners[2] and corners[1] <= corners[3]:
            draw.rectangle(corners, outline=colour, width=2)
            draw.text((corners[0] + 3, corners[1] + 2), word, fill=colour)
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()

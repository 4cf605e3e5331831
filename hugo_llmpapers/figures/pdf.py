"""Reads and renders PDFs; nothing but this and `visible.text` knows PyMuPDF.

A hostile PDF can keep MuPDF busy for ever or take all memory, so that this is for the worker
process only.
"""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any, Self

from PIL import Image

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.mupdf import MUPDF_ERRORS, out_of_memory, pymupdf
from hugo_llmpapers.figures.page import Graphic, Page
from hugo_llmpapers.figures.page_reader import graphics, lines, reading_rotation
from hugo_llmpapers.figures.png import ink_box
from hugo_llmpapers.figures.visible.text import visible_text
from hugo_llmpapers.figures.worker.options import Limits

_TEXT_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_INK_ZOOM = 108 / 72


class Unreadable(Exception):
    """The file cannot be used; the message is one line for the user."""


class Document:
    """An open PDF; a context manager. Pages are read when asked for and kept."""

    def __init__(self, source: Path | bytes, limits: Limits | None = None) -> None:
        """Opens the file, or what was read from it; raises `Unreadable` with the reason where that is of no use."""
        self._limits = limits or Limits()
        self._pdf = _opened(source if isinstance(source, bytes) else source.read_bytes())
        self._pages: dict[int, Page] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdf.close()

    @property
    def page_count(self) -> int:
        """At least 1."""
        return int(self._pdf.page_count)

    def page(self, number: int) -> Page:
        """The page with this 0-based number; an empty one where the PDF is broken there."""
        if number not in self._pages:
            try:
                self._pages[number] = _read(self._pdf[number], number, self._limits.paths)
            except MUPDF_ERRORS as error:
                if out_of_memory(error):
                    raise
                self._pages[number] = Page(number, Box(0, 0, 0, 0), (), ())
        return self._pages[number]

    def ink(self, number: int, box: Box) -> Box | None:
        """The box in points, shrunk to what is not white in it; None where all is white."""
        zoom = min(_INK_ZOOM, sqrt(self._limits.pixels / max(box.area, 1.0)))
        image, left, top = self._pixels(number, box, zoom)
        inked = ink_box(image)
        if inked is None:
            return None
        x0, y0, x1, y1 = inked
        return Box((left + x0) / zoom, (top + y0) / zoom, (left + x1) / zoom, (top + y1) / zoom)

    def picture(self, number: int, box: Box, zoom: float) -> Image.Image:
        """The box as printed, opaque, without annotations, in RGB; zoom 1 is 72 pixels an inch."""
        return self._pixels(number, box, zoom, gray=False)[0]

    def unrotated(self, number: int, box: Box) -> Box:
        """The same place in points from the top left of the unrotated page."""
        turned = (pymupdf.Rect(*box) * self._pdf[number].derotation_matrix).normalize()
        x0, y0, x1, y1 = (round(float(value), 2) for value in turned)
        return Box(x0, y0, x1, y1)

    def text(self, pages: int) -> str:
        """The text of the first pages that a reader sees, in the PDF's order, a form feed between two pages."""
        texts = []
        for number in range(min(pages, self.page_count)):
            try:
                texts.append(visible_text(self._pdf[number], self._limits.pixels).strip())
            except MUPDF_ERRORS as error:
                if out_of_memory(error):
                    raise
        return "\f".join(texts)

    def _pixels(self, number: int, box: Box, zoom: float, *, gray: bool = True) -> tuple[Image.Image, int, int]:
        """The box in pixels, with the place of its corner among the pixels of the whole page."""
        self.page(number)  # which turns it
        page = self._pdf[number]
        clip = pymupdf.Rect(*box) & page.rect
        pixels = page.get_pixmap(
            matrix=pymupdf.Matrix(zoom, zoom),
            clip=clip,
            colorspace=pymupdf.csGRAY if gray else pymupdf.csRGB,
            alpha=False,
            annots=False,
        )
        mode = "L" if gray else "RGB"
        image = Image.frombytes(mode, (pixels.width, pixels.height), pixels.samples)
        return image, int(pixels.x), int(pixels.y)


def _opened(content: bytes) -> Any:
    if not content:
        raise Unreadable("the PDF is empty")
    # MuPDF opens an HTML error page called .pdf as a document of one page.
    if b"%PDF-" not in content[:1024]:
        raise Unreadable("not a PDF")
    try:
        pdf = pymupdf.open(stream=content, filetype="pdf")
        if not pdf.is_pdf:
            raise Unreadable("not a PDF")
        if pdf.needs_pass:
            raise Unreadable("the PDF is encrypted")
        # Half a download opens without an error and has no pages.
        if pdf.page_count == 0:
            raise Unreadable("the PDF has no pages: it is damaged or incomplete")
    except MUPDF_ERRORS as error:
        if out_of_memory(error):
            raise
        raise Unreadable("the PDF is damaged") from error
    return pdf


def _read(page: Any, number: int, paths: int) -> Page:
    """The page, turned so that most of its text runs from left to right, whatever it asks for.

    PyMuPDF gives text, images and drawings unrotated, and renders the page as it is turned.
    """
    # What a reader has added would be read as drawings of the paper.
    for annotation in list(page.annots()):
        page.delete_annot(annotation)
    blocks = page.get_text("dict", flags=_TEXT_FLAGS)["blocks"]
    rotation = reading_rotation(blocks)
    if rotation is not None:
        page.set_rotation(rotation)
    matrix = tuple(page.rotation_matrix)
    whole = Box(0.0, 0.0, float(page.rect.width), float(page.rect.height))
    log = page.get_bboxlog()
    painted = sum(kind.endswith("-path") for kind, _ in log)
    drawings = None if painted > paths else page.get_cdrawings(extended=True)
    found = [
        Graphic(graphic.box.clipped(whole), graphic.kind)
        for graphic in graphics(log, drawings, matrix)
        if graphic.box.meets(whole)
    ]
    return Page(number, whole, tuple(lines(blocks, matrix)), tuple(found))

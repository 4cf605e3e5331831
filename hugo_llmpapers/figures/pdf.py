"""Opens and renders PDFs. Only for the worker process: a hostile PDF can hang MuPDF or take all memory."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any, Self

from PIL import Image

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.mupdf import pymupdf, suppress_errors
from hugo_llmpapers.figures.page import Graphic, Page, graphics, lines, reading_rotation
from hugo_llmpapers.figures.visible.text import visible_text
from hugo_llmpapers.figures.worker.options import Limits

_TEXT_FLAGS = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
_WHITE = 250
"""Grey values from here on count as paper."""


class Unreadable(Exception):
    """The file is not a usable PDF or image; the message is one line for the user."""


class Document:
    """An open PDF; a context manager. Pages are read on demand and cached."""

    def __init__(self, source: Path | bytes, limits: Limits | None = None) -> None:
        """Open a file or its content. Raises Unreadable with the reason."""
        self._limits = limits or Limits()
        self._pdf = _opened(source if isinstance(source, bytes) else source.read_bytes())
        self._pages: dict[int, Page] = {}
        self.page_count = int(self._pdf.page_count)
        """At least 1."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pdf.close()

    def page(self, number: int) -> Page:
        """Return the page with this 0-based number; an empty page if the PDF is broken there."""
        if number not in self._pages:
            self._pages[number] = Page(number, Box(0, 0, 0, 0), (), ())
            with suppress_errors():
                self._pages[number] = _read(self._pdf[number], number, self._limits.paths)
        return self._pages[number]

    def ink(self, number: int, box: Box) -> Box | None:
        """Return the box in points, shrunk to what is not white in it. None if all is white."""
        zoom = min(108 / 72, sqrt(self._limits.pixels / max(box.area, 1.0)))
        pixmap = self._pixmap(number, box, zoom, pymupdf.csGRAY)
        inked = ink_box(Image.frombytes("L", (pixmap.width, pixmap.height), pixmap.samples))
        if inked is None:
            return None
        x0, y0, x1, y1 = inked
        left, top = int(pixmap.x), int(pixmap.y)
        return Box((left + x0) / zoom, (top + y0) / zoom, (left + x1) / zoom, (top + y1) / zoom)

    def picture(self, number: int, box: Box, zoom: float) -> Image.Image:
        """Return the box as printed: opaque, in RGB, without annotations. Zoom 1 is 72 dpi."""
        pixmap = self._pixmap(number, box, zoom, pymupdf.csRGB)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)

    def unrotated(self, number: int, box: Box) -> Box:
        """Return the box in points from the top left of the unrotated page."""
        rect = (pymupdf.Rect(*box) * self._pdf[number].derotation_matrix).normalize()
        x0, y0, x1, y1 = (round(float(value), 2) for value in rect)
        return Box(x0, y0, x1, y1)

    def text(self, pages: int) -> str:
        """Return the visible text of the first pages in the PDF's order, with form feeds between pages."""
        texts = []
        for number in range(min(pages, self.page_count)):
            with suppress_errors():
                texts.append(visible_text(self._pdf[number], self._limits.pixels).strip())
        return "\f".join(texts)

    def _pixmap(self, number: int, box: Box, zoom: float, colorspace: Any) -> Any:
        self.page(number)  # sets the rotation
        page = self._pdf[number]
        matrix, clip = pymupdf.Matrix(zoom, zoom), pymupdf.Rect(*box) & page.rect
        return page.get_pixmap(matrix=matrix, clip=clip, colorspace=colorspace, alpha=False, annots=False)


def ink_box(image: Image.Image) -> tuple[int, int, int, int] | None:
    """Return left, top, right and bottom in pixels of what is not white. None if all is white."""
    return image.convert("L").point([255] * _WHITE + [0] * (256 - _WHITE)).getbbox()


def _opened(content: bytes) -> Any:
    if not content:
        raise Unreadable("the PDF is empty")
    # MuPDF opens an HTML error page called .pdf as a document of one page.
    if b"%PDF-" not in content[:1024]:
        raise Unreadable("not a PDF")
    with suppress_errors():
        pdf = pymupdf.open(stream=content, filetype="pdf")
        if not pdf.is_pdf:
            raise Unreadable("not a PDF")
        if pdf.needs_pass:
            raise Unreadable("the PDF is encrypted")
        # An incomplete download opens without an error and has no pages.
        if pdf.page_count == 0:
            raise Unreadable("the PDF has no pages: it is damaged or incomplete")
        return pdf
    raise Unreadable("the PDF is damaged")


def _read(page: Any, number: int, max_paths: int) -> Page:
    """Read a page and rotate it so that most of its text runs from left to right.

    PyMuPDF returns text, images and drawings unrotated, but renders the page with its rotation.
    """
    # Annotations of readers would be read as drawings.
    for annotation in list(page.annots()):
        page.delete_annot(annotation)
    blocks = page.get_text("dict", flags=_TEXT_FLAGS)["blocks"]
    rotation = reading_rotation(blocks)
    if rotation is not None:
        page.set_rotation(rotation)
    matrix = tuple(page.rotation_matrix)
    box = Box(0.0, 0.0, float(page.rect.width), float(page.rect.height))
    log = page.get_bboxlog()
    path_count = sum(kind.endswith("-path") for kind, _ in log)
    drawings = None if path_count > max_paths else page.get_cdrawings(extended=True)
    on_page = [graphic for graphic in graphics(log, drawings, matrix) if graphic.box.touches(box)]
    clipped = tuple(Graphic(graphic.box.intersection(box), graphic.kind) for graphic in on_page)
    return Page(number, box, tuple(lines(blocks, matrix)), clipped)

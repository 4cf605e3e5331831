"""Small papers drawn for the tests, and pages made of records."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

with warnings.catch_warnings():
    # SWIG's types have no __module__, which Python 3.12 complains about.
    warnings.simplefilter("ignore")
    from hugo_llmpapers.figures.mupdf import pymupdf
    from hugo_llmpapers.figures.pdf import Document

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page import Graphic, Line, Page

WORDS = "A language model reads what it is given and answers in words that people understand"
PAGE = Box(0, 0, 612, 792)


def line(text: str, x: float, y: float, **rest: Any) -> Line:
    """A line of 10-point type whose top left corner is at x, y; 5 points wide a letter."""
    size = rest.setdefault("size", 10.0)
    width = rest.pop("width", 0.5 * size * len(text))
    rest.setdefault("font", "Times")
    return Line(Box(x, y, x + width, y + size), text, **rest)


def paragraph(x: float, y: float, width: float, count: int, **rest: Any) -> list[Line]:
    """Justified lines of running text, 12 points apart."""
    return [line(WORDS, x, y + 12 * row, width=width, **rest) for row in range(count)]


def page(lines: Iterable[Line], drawn: Iterable[Box | Graphic] = (), number: int = 1) -> Page:
    """A letter page; boxes are paths."""
    graphics = [one if isinstance(one, Graphic) else Graphic(one, "path") for one in drawn]
    return Page(number, PAGE, tuple(lines), tuple(graphics))


class Sheets(Document):
    """A document of pages made of records, in which everything is ink."""

    def __init__(self, pages: Sequence[Page]) -> None:
        self.pages, self.page_count = pages, len(pages)

    def page(self, number: int) -> Page:
        return self.pages[number]

    def ink(self, number: int, box: Box) -> Box | None:
        return box


class Paper:
    """A PDF that grows as it is drawn on; text is set in 10-point Times."""

    def __init__(self) -> None:
        self.pdf: Any = pymupdf.open()
        self.add_page()

    def add_page(self) -> None:
        self.sheet: Any = self.pdf.new_page(width=PAGE.width, height=PAGE.height)

    def text(self, x: float, y: float, text: str, size: float = 10, font: str = "tiro") -> None:
        """One line whose baseline begins at x, y."""
        self.sheet.insert_text((x, y), text, fontsize=size, fontname=font)

    def paragraph(self, x: float, y: float, count: int, words: int = 15) -> None:
        """Lines of running text; with all 15 words they are some 350 points wide."""
        for row in range(count):
            self.text(x, y + 12 * row, " ".join(WORDS.split()[:words]))

    def chart(self, box: Box) -> None:
        """Axes with a curve inside the box; ticks and a name below and left of it."""
        self.sheet.draw_line((box.x0, box.y0), (box.x0, box.y1))
        self.sheet.draw_line((box.x0, box.y1), (box.x1, box.y1))
        middle = (box.x0 + box.x1) / 2
        self.sheet.draw_bezier((box.x0, box.y1), (middle, box.y0), (middle, box.y0), (box.x1, box.y0))
        for step in range(5):
            x = box.x0 + step * box.width / 5
            y = box.y1 - step * box.height / 5
            self.text(x, box.y1 + 9, str(step * 10), size=7, font="helv")
            self.text(box.x0 - 14, y, str(step * 10), size=7, font="helv")
        self.text(middle - 15, box.y1 + 20, "steps", size=8, font="helv")
        self.sheet.insert_text(
            (box.x0 - 18, (box.y0 + box.y1) / 2 + 12),
            "loss",
            fontsize=8,
            fontname="helv",
            rotate=90,
        )

    def boxes(self, box: Box, count: int = 4) -> None:
        """Framed boxes with arrows between them, as TikZ draws them."""
        step = box.width / count
        for index in range(count):
            x = box.x0 + index * step
            frame = pymupdf.Rect(x, box.y0, x + 0.7 * step, box.y1)
            self.sheet.draw_rect(frame, color=(0, 0, 0.6), fill=(0.9, 0.9, 1))
            self.text(x + 4, (box.y0 + box.y1) / 2, f"part {index}", size=8)
            if index < count - 1:
                y = (box.y0 + box.y1) / 2
                self.sheet.draw_line((x + 0.7 * step, y), (x + step, y))

    def photo(self, box: Box) -> None:
        """A raster picture of many colours."""
        pixmap = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 80, 60), False)
        for x in range(80):
            for y in range(60):
                pixmap.set_pixel(x, y, (3 * x, 4 * y, (7 * x * y) % 256))
        self.sheet.insert_image(pymupdf.Rect(*box), pixmap=pixmap, keep_proportion=False)

    def saved(self, path: Path, **options: Any) -> Path:
        self.pdf.save(path, **options)
        return path


def one_figure(path: Path) -> Path:
    """A paper with one figure between two paragraphs."""
    paper = Paper()
    paper.paragraph(108, 90, 6)
    paper.boxes(Box(120, 200, 470, 280))
    paper.text(108, 310, "Figure 1: Overview of the method.", size=9)
    paper.paragraph(108, 350, 10)
    return paper.saved(path)


def crowded(path: Path, paths: int) -> Path:
    """A page with so many curves that drawing it takes long, and a caption."""
    paper = Paper()
    paper.text(108, 600, "Figure 1: A great many curves.")
    drawing = paper.pdf.get_new_xref()
    paper.pdf.update_object(drawing, "<<>>")
    curves = (
        f"{100 + n % 400} {250 + n % 293} m {n % 500} {300 + n % 200} {n % 311} 400 500 500 c S" for n in range(paths)
    )
    paper.pdf.update_stream(drawing, "\n".join(curves).encode("ascii"))
    existing = paper.sheet.get_contents()
    paper.pdf.xref_set_key(paper.sheet.xref, "Contents", f"[{existing[0]} 0 R {drawing} 0 R]")
    return paper.saved(path)

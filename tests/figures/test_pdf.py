from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hugo_llmpapers.figures.find import find, first_page_top
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.pdf import Document, Unreadable, ink_box
from hugo_llmpapers.figures.render import render
from hugo_llmpapers.figures.worker.options import Limits
from hugo_llmpapers.records import Figure
from tests.figures.papers import Paper, crowded, one_figure


def figure(path: Path, width_px: int = 1280, limits: Limits | None = None) -> Figure:
    """The paper's figure, which must be there."""
    limits = limits or Limits()
    with Document(path, limits) as document:
        found = find(document)
        assert found is not None
        picture = render(document, found, width_px, limits.pixels)
    assert picture is not None
    return picture


def assert_box(found: Figure, expected: Box, points: float = 2) -> None:
    assert found.bbox == pytest.approx(expected, abs=points)


def test_boxes_and_arrows(tmp_path: Path) -> None:
    """A drawing of boxes and arrows is found completely, without its caption."""
    found = figure(one_figure(tmp_path / "paper.pdf"))
    assert (found.page, found.label, found.strategy) == (0, "Figure 1", "caption-below")
    assert found.caption == "Overview of the method."
    assert_box(found, Box(120, 200, 444, 280))


def test_picture_is_crisp_and_even(tmp_path: Path) -> None:
    """The picture is as wide as requested, has the same margin on all sides, and no caption."""
    found = figure(one_figure(tmp_path / "paper.pdf"), 1000)
    image = Image.open(BytesIO(found.png))
    assert image.size == (found.width_px, found.height_px)
    assert 990 <= image.width <= 1000
    ink = ink_box(image)
    assert ink is not None
    margins = {ink[0], ink[1], image.width - ink[2], image.height - ink[3]}
    assert len(margins) == 1
    assert found.bbox is not None
    shown = found.bbox[3] - found.bbox[1]
    assert (ink[3] - ink[1]) / (ink[2] - ink[0]) == pytest.approx(shown / 324, rel=0.02)


def test_same_pdf_same_bytes(tmp_path: Path) -> None:
    """Rendering twice gives the same file."""
    path = one_figure(tmp_path / "paper.pdf")
    assert figure(path).png == figure(path).png


def test_chart_in_one_of_two_columns(tmp_path: Path) -> None:
    """A vector chart comes with ticks and both axis labels, and without the other column."""
    paper = Paper()
    for x in (54, 318):
        paper.paragraph(x, 80, 8, words=9)
        paper.paragraph(x, 400, 20, words=9)
    paper.chart(Box(90, 200, 260, 330))
    paper.text(54, 375, "Figure 1: Loss by steps.", size=9)
    paper.paragraph(318, 176, 17, words=9)
    found = figure(paper.saved(tmp_path / "paper.pdf"))
    assert_box(found, Box(66, 200, 260, 350), points=4)
    assert Image.open(BytesIO(found.png)).mode == "P"


def test_pictures_side_by_side(tmp_path: Path) -> None:
    """Two figures at one height are two; a photograph keeps its colours."""
    paper = Paper()
    paper.paragraph(108, 80, 6)
    paper.photo(Box(110, 180, 270, 300))
    paper.photo(Box(320, 180, 480, 300))
    paper.text(130, 322, "Figure 1: Left answers.", size=9)
    paper.text(340, 322, "Figure 2: Right answers.", size=9)
    paper.paragraph(108, 360, 10)
    found = figure(paper.saved(tmp_path / "paper.pdf"))
    assert_box(found, Box(110, 180, 270, 300))
    assert Image.open(BytesIO(found.png)).mode == "RGB"


def test_table_with_its_caption_above(tmp_path: Path) -> None:
    """A table above the figure is not taken for a part of it."""
    paper = Paper()
    paper.text(108, 90, "Table 1: Scores of all models that answer.", size=9)
    for y in (100, 116, 160):
        paper.sheet.draw_line((108, y), (450, y))
    for row in range(3):
        paper.text(120, 112 + 18 * row, "large model 71.3 82.4", size=9)
    paper.boxes(Box(120, 200, 470, 280))
    paper.text(108, 310, "Figure 1: Overview.", size=9)
    paper.paragraph(108, 350, 10)
    assert_box(figure(paper.saved(tmp_path / "paper.pdf")), Box(120, 200, 444, 280))


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages(tmp_path: Path, rotation: int) -> None:
    """A page's rotation changes neither the box nor the picture, whose text stays readable."""
    upright = one_figure(tmp_path / "paper.pdf")
    pdf = pymupdf.open(upright)
    pdf[0].set_rotation(rotation)
    pdf.save(tmp_path / "rotated.pdf")
    rotated = figure(tmp_path / "rotated.pdf")
    assert rotated.bbox == figure(upright).bbox
    assert rotated.png == figure(upright).png


def test_page_that_is_set_sideways(tmp_path: Path) -> None:
    """A page whose text runs upwards is read sideways; its box is that of the unrotated page."""
    source = pymupdf.open(one_figure(tmp_path / "paper.pdf"))
    sideways = pymupdf.open()
    page = sideways.new_page(width=792, height=612)
    page.show_pdf_page(page.rect, source, 0, rotate=-90)
    sideways.save(tmp_path / "sideways.pdf")
    found = figure(tmp_path / "sideways.pdf")
    assert found.width_px > found.height_px
    assert found.bbox is not None
    width, height = found.bbox[2] - found.bbox[0], found.bbox[3] - found.bbox[1]
    assert height > width


def test_crop_box(tmp_path: Path) -> None:
    """Boxes count from the corner of what a reader sees of the page."""
    pdf = pymupdf.open(one_figure(tmp_path / "paper.pdf"))
    pdf[0].set_cropbox(pymupdf.Rect(50, 40, 560, 700))
    pdf.save(tmp_path / "cropped.pdf")
    assert_box(figure(tmp_path / "cropped.pdf"), Box(70, 160, 394, 240))


def test_annotations_are_left_out(tmp_path: Path) -> None:
    """Highlights that a reader has added are not in the picture."""
    path = one_figure(tmp_path / "paper.pdf")
    pdf = pymupdf.open(path)
    pdf[0].add_highlight_annot(pymupdf.Rect(130, 210, 300, 260))
    pdf.save(tmp_path / "annotated.pdf")
    assert figure(tmp_path / "annotated.pdf").png == figure(path).png


def test_tall_figures_are_capped(tmp_path: Path) -> None:
    """A tall figure is at most twice as high as wide, and has no more pixels than allowed."""
    paper = Paper()
    paper.boxes(Box(250, 80, 350, 600), count=1)
    paper.text(250, 630, "Figure 1: Tall.", size=9)
    path = paper.saved(tmp_path / "paper.pdf")
    found = figure(path, 800)
    assert found.height_px <= 1602
    small = figure(path, limits=Limits(pixels=100_000))
    assert small.width_px * small.height_px <= 102_000


def test_looking_for_ink_takes_no_more_pixels_than_allowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a page of any size; what is found stays where it is."""
    taken: list[int] = []

    def pixmap(self: Document, *args: Any) -> Any:
        found = original(self, *args)
        taken.append(found.width * found.height)
        return found

    original = Document._pixmap
    monkeypatch.setattr(Document, "_pixmap", pixmap)
    path, page = one_figure(tmp_path / "paper.pdf"), Box(0, 0, 612, 792)
    with Document(path) as exact, Document(path, Limits(pixels=50_000)) as rough:
        assert rough.ink(0, page) == pytest.approx(exact.ink(0, page), abs=6)
    assert taken[0] <= 52_000 < taken[1]


@pytest.mark.parametrize("box", [Box(20, 20, 600, 780), Box(300, 300, 312, 306)])
def test_what_is_no_picture(tmp_path: Path, box: Box) -> None:
    """Nearly the complete page, or a few dots, are not rendered."""
    with Document(one_figure(tmp_path / "paper.pdf")) as document:
        found = find(document)
        assert found is not None
        odd = replace(found, page=0, box=box)
        assert render(document, odd, 1280, 10**6) is None


def test_top_of_the_first_page(tmp_path: Path) -> None:
    """The top of page one has no label, and ends between two lines."""
    with Document(one_figure(tmp_path / "paper.pdf")) as document:
        top = first_page_top(document)
        assert top is not None
        found = render(document, top, 1280, 10**6)
    assert found is not None
    assert (found.page, found.label, found.caption, found.strategy) == (0, None, None, "page")
    assert found.bbox is not None
    assert found.bbox[3] < 396


def test_top_of_a_blank_page(tmp_path: Path) -> None:
    """A white page has no top to show."""
    with Document(Paper().saved(tmp_path / "blank.pdf")) as document:
        assert first_page_top(document) is None


def test_text_in_reading_order(tmp_path: Path) -> None:
    """The text of the first pages comes in order, words undivided, a form feed between pages."""
    paper = Paper()
    paper.text(108, 90, "The model gives an-")
    paper.text(108, 102, "swers.")
    for number in (2, 3):
        paper.add_page()
        paper.text(108, 90, f"Page {number}.")
    with Document(paper.saved(tmp_path / "paper.pdf")) as document:
        assert document.text(2).split("\f") == ["The model gives answers.", "Page 2."]
        assert document.text(9).count("\f") == 2


def test_full_page(tmp_path: Path) -> None:
    """A page with more paths than the limit is still looked at, coarsely."""
    found = figure(crowded(tmp_path / "paper.pdf", 500), limits=Limits(paths=100))
    assert found.label == "Figure 1"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the PDF is empty"),
        (b"<!DOCTYPE html><title>404</title>", "not a PDF"),
        (b"%PDF-1.7\n" + bytes(2000), "the PDF"),
    ],
)
def test_files_that_are_no_pdf(tmp_path: Path, content: bytes, reason: str) -> None:
    """An empty file, an error page and half a download are refused with the reason."""
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=reason):
        Document(path)

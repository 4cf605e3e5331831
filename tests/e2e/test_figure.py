"""`figure`: what `new` would take out of a PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.sample.papers import pdf
from tests.tool import Blog
from tests.upstream import Upstream

pytestmark = pytest.mark.figures


def _paper(folder: Path, number: int) -> Path:
    path = folder / f"paper {number}.pdf"
    path.write_bytes(pdf(number))
    return path


def test_one_pdf_in_words_and_as_a_picture(blog: Blog, tmp_path: Path) -> None:
    """Label, page and size are told; -o keeps the picture."""
    out = tmp_path / "out.png"
    ran = blog.command("figure", str(_paper(tmp_path, 1)), "-o", str(out))
    assert ran.code == 0, ran.err
    assert "Figure 1 on page" in ran.out
    with Image.open(out) as picture:
        assert picture.width <= 1280
        assert picture.width > 900


def test_several_pdfs_give_one_json_line_each(blog: Blog, tmp_path: Path) -> None:
    """The documented keys, page 0-based, box in points; null where there is no figure."""
    (tmp_path / "no.pdf").write_bytes(b"<html>")
    ran = blog.command("figure", "--json", str(_paper(tmp_path, 2)), str(tmp_path / "no.pdf"))
    rows = [json.loads(line) for line in ran.out.splitlines()]
    assert [row["file"].rpartition("/")[2] for row in rows] == ["paper 2.pdf", "no.pdf"]
    keys = {"file", "page", "bbox", "label", "caption", "strategy", "width_px", "height_px", "seconds"}
    assert all(keys <= set(row) for row in rows)
    x0, y0, x1, y1 = rows[0]["bbox"]
    assert 0 <= x0 < x1 <= 612
    assert 0 <= y0 < y1 <= 792
    assert rows[0]["label"] == "Figure 1"
    assert rows[1]["page"] is None


def test_a_file_that_is_no_pdf_is_exit_1(blog: Blog, tmp_path: Path) -> None:
    """With the reason in one line, and no traceback."""
    (tmp_path / "empty.pdf").write_bytes(b"")
    ran = blog.command("figure", str(tmp_path / "empty.pdf"))
    assert ran.code == 1
    assert "empty.pdf" in ran.err
    assert "Traceback" not in ran.err


def test_a_paper_without_a_figure_is_no_failure(blog: Blog, tmp_path: Path) -> None:
    """`page` is null, the reason is told, and the exit code is 0."""
    document: Any = pymupdf.open()
    document.new_page().insert_textbox((72, 72, 520, 700), "Words and nothing else. " * 80, fontsize=11)
    (tmp_path / "words.pdf").write_bytes(document.tobytes())
    ran = blog.command("figure", "--json", str(tmp_path / "words.pdf"))
    assert ran.code == 0
    assert json.loads(ran.out)["page"] is None
    assert json.loads(ran.out)["reason"]


def test_an_arxiv_id_is_fetched_as_the_site_says(blog: Blog, upstream: Upstream) -> None:
    """With its reason for this one of the paper's figures; an id that arXiv does not have is exit 1."""
    ran = blog.command("figure", "0000.00003", "--json", "--source", str(blog.root), environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert json.loads(ran.out)["label"] == "Figure 1"
    assert json.loads(ran.out)["reason"] == "first figure"
    missing = blog.command("figure", "0000.00099", "--source", str(blog.root), environ=upstream.environ())
    assert missing.code == 1
    assert "404" in missing.err


def test_the_stages_can_be_looked_at(blog: Blog, tmp_path: Path) -> None:
    """One picture for each, on the page of the figure."""
    ran = blog.command("figure", str(_paper(tmp_path, 1)), "--debug", str(tmp_path / "stages"))
    assert ran.code == 0, ran.err
    names = sorted(p.name for p in (tmp_path / "stages").iterdir())
    assert names == ["1-read.png", "2-captions.png", "3-obstacles.png", "4-regions.png", "5-figure.png"]
    with (
        Image.open(tmp_path / "stages" / "5-figure.png") as drawn,
        Image.open(tmp_path / "stages" / "1-read.png") as read,
    ):
        assert drawn.size == read.size
        assert drawn.tobytes() != read.tobytes()


def test_a_wrong_command_line(blog: Blog, tmp_path: Path) -> None:
    """A file that is not there, or one picture for two PDFs: exit 2."""
    assert blog.command("figure", str(tmp_path / "missing.pdf")).code == 2
    both = [str(_paper(tmp_path, n)) for n in (1, 2)]
    assert blog.command("figure", *both, "-o", str(tmp_path / "o.png")).code == 2
    assert blog.command("figure", both[0], "-o", str(tmp_path / "o.jpg")).code == 2


def test_an_unwritable_picture_is_said(blog: Blog, tmp_path: Path) -> None:
    """Exit 1 with the path."""
    ran = blog.command("figure", str(_paper(tmp_path, 1)), "-o", str(tmp_path / "paper 1.pdf" / "o.png"))
    assert ran.code == 1
    assert "cannot be written" in ran.err

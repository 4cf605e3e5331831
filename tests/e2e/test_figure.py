"""`figure`: what `new` would take out of a PDF."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image

from hugo_llmpapers.sample.draw import draw
from tests.tool import Blog


def _paper(folder: Path, number: int) -> Path:
    path = folder / f"paper {number}.pdf"
    path.write_bytes(draw(number))
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


def test_a_file_without_a_figure_is_exit_1(blog: Blog, tmp_path: Path) -> None:
    """With the reason in one line, and no traceback."""
    (tmp_path / "empty.pdf").write_bytes(b"")
    ran = blog.command("figure", str(tmp_path / "empty.pdf"))
    assert ran.code == 1
    assert "empty.pdf" in ran.err
    assert "Traceback" not in ran.err


def test_a_wrong_command_line(blog: Blog, tmp_path: Path) -> None:
    """A file that is not there, or one picture for two PDFs: exit 2."""
    assert blog.command("figure", str(tmp_path / "missing.pdf")).code == 2
    both = [str(_paper(tmp_path, n)) for n in (1, 2)]
    assert blog.command("figure", *both, "-o", str(tmp_path / "o.png")).code == 2


def test_an_unwritable_picture_is_said(blog: Blog, tmp_path: Path) -> None:
    """Exit 1 with the path."""
    ran = blog.command("figure", str(_paper(tmp_path, 1)), "-o", str(tmp_path / "no" / "o.png"))
    assert ran.code == 1
    assert "cannot be written" in ran.err

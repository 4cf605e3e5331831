"""How sure a box is told to be."""

from __future__ import annotations

from pathlib import Path

from hugo_llmpapers.figures.captions import captions
from hugo_llmpapers.figures.confidence import DOUBT, SURE, confidence
from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.obstacles import obstacles
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.regions import regions
from hugo_llmpapers.figures.typography import typography
from tests.figures.papers import one_figure


def _told(path: Path, box: Box | None = None) -> float:
    """For the paper's figure, or for another box in its place."""
    with Document(path) as document:
        found = find(document)
        assert found is not None
        page, style = document.page(found.page), typography([document.page(0)])
        walls = obstacles(page, captions(page, style), style)
        region = next(iter(regions(found.caption, page, walls, style)))
        return confidence(box or found.box, region, found.caption, page, walls, style)


def test_a_whole_figure_over_its_caption_is_sure(tmp_path: Path) -> None:
    """Nothing is left out, and it stands in the middle."""
    assert _told(one_figure(tmp_path / "paper.pdf")) == SURE


def test_half_a_figure_is_doubtful(tmp_path: Path) -> None:
    """It stands beside the middle, or leaves a part of what is drawn out; with both signs nothing is left."""
    path = one_figure(tmp_path / "paper.pdf")
    with Document(path) as document:
        found = find(document)
    assert found is not None
    x0, y0, x1, y1 = found.box
    half = Box(x0, y0, x0 + (x1 - x0) / 4, y1)
    assert _told(path, half) <= round(SURE - DOUBT, 2)

"""Confidence in the box of a figure."""

from __future__ import annotations

from pathlib import Path

from hugo_llmpapers.figures.figure_box import HIGHEST, PENALTY, confidence
from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page_layout import page_layout, regions
from hugo_llmpapers.figures.pdf import Document
from hugo_llmpapers.figures.typography import document_typography
from tests.figures.papers import one_figure


def test_confidence(tmp_path: Path) -> None:
    """A complete figure above its caption has the highest confidence; a quarter of it, at the side, less."""
    with Document(one_figure(tmp_path / "paper.pdf")) as document:
        found = find(document)
        assert found is not None
        layout = page_layout(document.page(0), document_typography(document, 1))
    x0, y0, x1, y1 = found.box
    region = next(regions(layout.captions[0], layout))
    assert found.confidence == confidence(found.box, region, layout) == HIGHEST
    assert confidence(Box(x0, y0, x0 + (x1 - x0) / 4, y1), region, layout) <= round(HIGHEST - PENALTY, 2)

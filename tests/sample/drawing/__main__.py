"""Writes the five PDFs into the package."""

from pathlib import Path

from tests.sample.drawing.draw import draw

FOLDER = Path(__file__).parents[3] / "hugo_llmpapers" / "sample" / "pdfs"

for number in range(1, 6):
    (FOLDER / f"{number}.pdf").write_bytes(draw(number))

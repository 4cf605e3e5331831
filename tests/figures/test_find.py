from __future__ import annotations

from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page import Page
from tests.figures.papers import Sheets, line, page, paragraph

DRAWN = Box(150, 180, 450, 320)
TICKS = [line(str(10 * n), 160 + 40 * n, 300, size=7.0) for n in range(6)]


def sheet(number: int, *texts: str, chart: bool = False) -> Page:
    """A page with a drawing and these lines below it, between paragraphs."""
    lines = [
        *paragraph(108, 80, 396, 6),
        *(TICKS if chart else []),
        *(line(text, 108, 335 + 15 * row) for row, text in enumerate(texts)),
        *paragraph(108, 400, 396, 20),
    ]
    return page(lines, [DRAWN] if texts else [], number)


def label(*pages: Page) -> str | None:
    found = find(Sheets(pages))
    return None if found is None else found.label


def test_figure_1_is_shown() -> None:
    """Figure 1 is chosen, wherever it is."""
    pages = [sheet(0), sheet(1, "Figure 2: Overview."), sheet(2, "Figure 1: An example.")]
    found = find(Sheets(pages))
    assert found is not None
    assert (found.page, found.box, found.strategy) == (2, DRAWN, "caption-below")
    assert (found.label, found.caption) == ("Figure 1", "An example.")


def test_overview_instead_of_results() -> None:
    """A chart of results as Figure 1 makes way for an early overview of the method."""
    results = sheet(0, "Figure 1: Accuracy on benchmarks.", chart=True)
    assert label(results, sheet(1, "Figure 2: Overview of the method.")) == "Figure 2"


def test_results_without_an_overview() -> None:
    """A chart of results stays where no overview follows, or only another chart or a late one."""
    results = sheet(0, "Figure 1: Accuracy on benchmarks.", chart=True)
    assert label(results, sheet(1, "Figure 2: An example.")) == "Figure 1"
    other = sheet(1, "Figure 2: The proposed loss.", chart=True)
    assert label(results, other) == "Figure 1"
    late = [sheet(number) for number in range(1, 11)]
    assert label(results, *late, sheet(11, "Figure 2: Overview of the method.")) == "Figure 1"


def test_picture_that_speaks_of_results() -> None:
    """A diagram stays, though its caption talks of performance."""
    diagram = sheet(0, "Figure 1: How performance is measured.")
    assert label(diagram, sheet(1, "Figure 2: Overview of the method.")) == "Figure 1"


def test_papers_without_figure_1() -> None:
    """Where no Figure 1 is found, the first captioned figure is shown."""
    assert label(sheet(0), sheet(1, "Figure 3: Overview."), sheet(2, "Figure 4: More.")) == "Figure 3"


def test_papers_without_captions() -> None:
    """A drawing without a caption is not shown, nor is a sentence taken for a caption."""
    assert label(sheet(0), sheet(1, "Figure 1 shows the method")) is None


def test_only_the_first_pages() -> None:
    """Figures behind the last page to look at are not found."""
    pages = [*(sheet(number) for number in range(3)), sheet(3, "Figure 1: Overview.")]
    assert find(Sheets(pages), pages=3) is None
    assert find(Sheets(pages), pages=4) is not None


def test_figure_without_ink() -> None:
    """White drawings are no figure."""

    class Blank(Sheets):
        def ink(self, number: int, box: Box) -> Box | None:
            return None

    assert find(Blank([sheet(0, "Figure 1: Overview.")])) is None

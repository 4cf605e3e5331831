from __future__ import annotations

import pytest

from hugo_llmpapers.figures.captions import captions
from hugo_llmpapers.figures.typography import Typography
from tests.figures.papers import line, page, paragraph

STYLE = Typography(10.0, "Times", ((108.0, 504.0),))
TWO_COLUMNS = Typography(10.0, "Times", ((54.0, 290.0), (306.0, 540.0)))


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("Figure 1: Overview of the method.", "1", "Overview of the method."),
        ("Fig. 2. Overview", "2", "Overview"),
        ("FIG. 3. Overview", "3", "Overview"),
        ("FIGURE 4 | Overview", "4", "Overview"),
        ("F IGURE 5: Overview", "5", "Overview"),
        ("Figure 6 \u2013 Overview", "6", "Overview"),
        ("Fig. IV. Overview", "IV", "Overview"),
        ("Figure A1: Overview", "A1", "Overview"),
        ("Figure 2.1: Overview", "2.1", "Overview"),
        ("Figure 7", "7", ""),
    ],
)
def test_caption_starts(text: str, number: str, rest: str) -> None:
    """The usual ways to begin a caption are recognised, with its number and its text."""
    (found,) = captions(page([line(text, 108, 300)]), STYLE)
    assert (found.kind, found.number, found.text) == ("figure", number, rest)


def test_bold_without_separator() -> None:
    """A bold label needs no separator, also where the text begins like a preposition."""
    text = "Figure 1 Instruction-driven answers"
    (found,) = captions(page([line(text, 108, 300, bold=True)]), STYLE)
    assert (found.label, found.text) == ("Figure 1", "Instruction-driven answers")


@pytest.mark.parametrize(
    "text",
    [
        "Figure 1 shows that the model answers in words",
        "Figure 2 and Table 3 compare the two",
        "Fig. 3 illustrates the method",
        "figure 4 is left out",
        "Figures are drawn by hand",
        "Tables turn quickly",
    ],
)
def test_sentences_are_no_captions(text: str) -> None:
    """A sentence of the running text that begins with a figure's name is no caption."""
    assert captions(page([line(text, 108, 300)]), STYLE) == ()


def test_sentence_within_a_paragraph() -> None:
    """A line of a paragraph that begins with "Figure 1." because a sentence ends there loses."""
    lines = [*paragraph(108, 100, 396, 3), line("Figure 1. The answers are", 108, 136)]
    assert captions(page(lines), STYLE) == ()


def test_all_lines_of_a_caption() -> None:
    """A caption has all its lines, hyphens at line ends taken out, but not the paragraph below."""
    lines = [
        line("Figure 1: The method has a few com-", 108, 300, size=9.0),
        line("ponents and they are small.", 108, 311, size=9.0),
        *paragraph(108, 340, 396, 3),
    ]
    (found,) = captions(page(lines), STYLE)
    assert found.text == "The method has a few components and they are small."
    assert (found.box.y0, found.box.y1) == (300, 320)


def test_captions_side_by_side() -> None:
    """Two captions at the same height in two columns stay apart, line by line."""
    lines = [
        line("Figure 1: Left answers are shown", 54, 300, size=9.0, width=236),
        line("Figure 2: Right answers are shown", 306, 300, size=9.0, width=234),
        line("on this side.", 54, 311, size=9.0),
        line("on that side.", 306, 311, size=9.0),
    ]
    left, right = captions(page(lines), TWO_COLUMNS)
    assert left.text == "Left answers are shown on this side."
    assert right.text == "Right answers are shown on that side."


def test_text_close_beside_a_caption() -> None:
    """Text right next to a caption's line does not belong to it if the PDF has it in another block."""
    lines = [
        line("Figure 1: Left answers are", 108, 300, block=1),
        line("Figure 2: Right answers.", 250, 300, block=2),
        line("shown here.", 108, 311, block=1),
    ]
    left, right = captions(page(lines), STYLE)
    assert (left.text, right.text) == ("Left answers are shown here.", "Right answers.")


def test_label_that_stands_alone() -> None:
    """A label may be in another block than its text."""
    lines = [line("Figure 1:", 108, 300, block=1), line("Answers.", 160, 300, block=2)]
    (found,) = captions(page(lines), STYLE)
    assert found.text == "Answers."


@pytest.mark.parametrize("text", ["Table 1: Results", "TABLE II. Results", "Algorithm 1: Search"])
def test_other_captions(text: str) -> None:
    """Captions of tables and algorithms are not those of figures."""
    (found,) = captions(page([line(text, 108, 300)]), STYLE)
    assert found.kind == "other"

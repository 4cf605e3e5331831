from __future__ import annotations

from hugo_llmpapers.figures.body_text import body_lines, margin_lines, ruled_areas
from hugo_llmpapers.figures.figure_box import figure_box
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.page import Graphic, Page
from hugo_llmpapers.figures.page_layout import page_layout, regions
from hugo_llmpapers.figures.typography import Typography, typography
from tests.figures.papers import PAGE, line, page, paragraph

STYLE = Typography(10.0, "Times", ((108.0, 504.0),))
TWO_COLUMNS = Typography(10.0, "Times", ((54.0, 290.0), (306.0, 540.0)))


def first_figure(sheet: Page, style: Typography = STYLE) -> tuple[str, Box] | None:
    """Strategy and box of the figure of the caption "Figure 1"."""
    layout = page_layout(sheet, style)
    caption = next(caption for caption in layout.captions if (caption.kind, caption.number) == ("figure", "1"))
    boxes = ((region.strategy, figure_box(region, layout)) for region in regions(caption, layout))
    return next(((strategy, box) for strategy, box in boxes if box is not None), None)


def test_typography_of_two_columns() -> None:
    """Size, font, line spacing and columns are those of most of the text, not of title or captions."""
    lines = [
        line("A title that is large and also rather long", 100, 60, size=18.0),
        *paragraph(54, 120, 236, 40),
        *paragraph(306, 120, 234, 40),
        *paragraph(54, 620, 236, 3, size=8.0),
    ]
    style = typography([page(lines)])
    assert (style.size, style.font, style.line_spacing) == (10.0, "Times", 12.0)
    assert style.columns == ((54.0, 291.0), (306.0, 540.0))


def test_typography_without_text() -> None:
    """A scan has no columns and no repeated elements."""
    style = typography([page([])])
    assert (style.columns, style.repeated) == ((), frozenset())


def test_body_text_and_labels() -> None:
    """Paragraphs with their short last line and headings are running text, labels are not."""
    text = [*paragraph(108, 100, 396, 4), line("and ends here.", 108, 148)]
    heading = line("3 Experiments", 108, 180, bold=True, size=12.0)
    labels = [line("encoder", 200, 300, size=8.0), line("decoder", 300, 300, size=8.0)]
    assert body_lines(page([*text, heading, *labels]), STYLE) == [*text, heading]


def test_text_beside_a_wrapped_figure() -> None:
    """Lines much narrower than the column are running text where several share their edges."""
    text = paragraph(108, 100, 180, 4)
    assert body_lines(page(text), STYLE) == text


def test_running_heads() -> None:
    """The head, the page's number and a reviewer's line numbers are set apart."""
    head = line("Published at a workshop", 108, 40)
    foot = line("7", 300, 760)
    numbers = [line(f"{n:03}", 60, 100 + 12 * n, size=7.0) for n in range(12)]
    text = paragraph(108, 100, 396, 5)
    assert margin_lines(page([head, *text, foot, *numbers]), STYLE) == [head, foot, *numbers]


def test_title_of_a_chart_at_the_top_is_no_running_head() -> None:
    """A line at the top of the page belongs to the drawing below it."""
    title = line("accuracy by size", 200, 45, size=8.0)
    assert margin_lines(page([title], [Box(108, 57, 504, 200)]), STYLE) == []


def test_repeated_elements() -> None:
    """A banner at one place of two pages is no part of a figure below it."""
    banner, words = Box(60, 20, 550, 60), line("Journal of Answers 12", 108, 70)
    pages = [page([words], [banner], number) for number in range(2)]
    style = typography(pages)
    assert len(style.repeated) == 2
    assert page_layout(pages[0], style).repeated == (Graphic(banner, "path"),)


def test_figure_between_paragraphs_with_its_labels() -> None:
    """A figure reaches from its axis labels to its legend, and not into the text around it."""
    lines = [
        *paragraph(108, 80, 396, 5),
        line("legend", 280, 160, size=8.0),
        line("steps", 290, 312, size=8.0),
        line("Figure 1: A curve.", 108, 340),
        *paragraph(108, 370, 396, 5),
    ]
    found = first_figure(page(lines, [Box(150, 175, 450, 300)]))
    assert found == ("caption-below", Box(150, 160, 450, 320))


def test_figures_side_by_side() -> None:
    """Each of two figures at one height stays on its own side of the half-way line."""
    lines = [
        *paragraph(108, 80, 396, 3),
        line("Figure 1: Left.", 150, 300),
        line("Figure 2: Right.", 360, 300),
    ]
    drawn = [Box(110, 150, 280, 290), Box(320, 150, 500, 290)]
    assert first_figure(page(lines, drawn)) == ("caption-below", drawn[0])


def test_panels_far_apart() -> None:
    """Panels in one row or column are one figure, however much white parts them; a formula far above is not."""
    left, right, formula = Box(110, 220, 250, 330), Box(340, 230, 500, 330), Box(110, 150, 170, 170)
    lines = [*paragraph(108, 60, 396, 3), line("Figure 1: Two curves.", 108, 345)]
    assert first_figure(page(lines, [left, right, formula])) == ("caption-below", Box(110, 220, 500, 330))
    upper = Box(110, 110, 250, 160)
    assert first_figure(page(lines, [left, upper])) == ("caption-below", Box(110, 110, 250, 330))


def test_words_beside_a_drawing() -> None:
    """A formula beside what is drawn is part of the figure if it is above the caption."""
    formula, aside = line("p = max f(p)", 400, 250, size=8.0), line("margin", 530, 250, size=8.0, block=1)
    lines = [*paragraph(108, 60, 396, 3), formula, aside, line("Figure 1: Left: a drawing.", 108, 345, width=390)]
    assert first_figure(page(lines, [Box(110, 220, 300, 330)])) == ("caption-below", Box(110, 220, 448, 330))


def test_row_of_a_grid_is_no_running_text() -> None:
    """A row that fills the column is a table row if vertical rules separate its words."""
    row = line("after 20 steps, after 40 steps, after 60 steps, after 80 steps", 120, 200, width=370)
    assert body_lines(page([row]), STYLE) == [row]
    assert body_lines(page([row], [Box(x, 190, x + 0.4, 212) for x in (115, 200, 300, 495)]), STYLE) == []


def test_single_line_of_running_text() -> None:
    """A short line in the running type that begins at the column's edge is running text; a label in it is not."""
    text = line("Here g is the coupling parameter.", 108, 200)
    label = line("an encoder that reads all words", 150, 230, block=1)
    assert body_lines(page([text, label]), STYLE) == [text]


def test_figure_in_a_column() -> None:
    """In a paper of two columns the figure of the other column stays out, whatever its height."""
    lines = [
        line("Figure 1: Left.", 54, 300),
        line("Figure 2: Right.", 306, 200),
        *paragraph(54, 340, 236, 5),
        *paragraph(306, 230, 234, 12),
    ]
    drawn = [Box(60, 80, 280, 290), Box(310, 80, 530, 190)]
    assert first_figure(page(lines, drawn), TWO_COLUMNS) == ("caption-below", drawn[0])


def test_figure_across_columns_with_a_short_caption() -> None:
    """A drawing across both columns is not cut at the gutter by its caption in one of them."""
    lines = [line("Figure 1: Wide.", 54, 300), *paragraph(54, 340, 236, 5)]
    assert first_figure(page(lines, [Box(60, 80, 530, 290)]), TWO_COLUMNS) == (
        "caption-below",
        Box(60, 80, 530, 290),
    )


def test_caption_above() -> None:
    """Where only text is above the caption, the figure is below it."""
    lines = [
        *paragraph(108, 80, 396, 5),
        line("Figure 1: A curve.", 108, 160),
        *paragraph(108, 330, 396, 5),
    ]
    drawn = Box(150, 180, 450, 310)
    assert first_figure(page(lines, [drawn])) == ("caption-above", drawn)


def test_caption_beside() -> None:
    """A caption to the right of its figure finds it."""
    lines = [
        *paragraph(108, 80, 396, 5),
        line("Figure 1: A curve", 360, 250),
        *paragraph(108, 400, 396, 5),
    ]
    drawn = Box(110, 180, 340, 350)
    assert first_figure(page(lines, [drawn])) == ("caption-right", drawn)


def test_the_next_figure_is_not_taken() -> None:
    """A caption without a figure does not take the one whose own caption is right below it."""
    lines = [
        *paragraph(108, 80, 396, 5),
        line("Figure 1: Nothing.", 108, 160),
        line("Figure 2: A curve.", 108, 330),
    ]
    assert first_figure(page(lines, [Box(150, 200, 450, 320)])) is None


def test_table_above_the_figure() -> None:
    """A table between its caption and a figure is no part of that figure."""
    rules = [Box(120, y, 480, y + 0.5) for y in (120, 140, 220)]
    lines = [
        line("Table 1: Results of all the models", 120, 100),
        line("model score", 130, 125, size=9.0),
        line("large 71.3", 130, 160, size=9.0),
        line("Figure 1: A curve.", 108, 360),
    ]
    drawn = Box(150, 240, 450, 350)
    assert first_figure(page(lines, [*rules, drawn])) == ("caption-below", drawn)


def test_backgrounds_are_no_figures() -> None:
    """A page-wide background, a tint behind text and the rule under the head are left out."""
    head = line("A running head", 108, 40)
    lines = [
        head,
        *paragraph(120, 80, 396, 5),
        line("Figure 1: A curve.", 108, 340),
        *paragraph(108, 370, 396, 5),
    ]
    drawn = Box(150, 180, 450, 330)
    others = [PAGE, Box(100, 70, 530, 150), Box(108, 53, 504, 53.5)]
    assert first_figure(page(lines, [*others, drawn])) == ("caption-below", drawn)


def test_text_as_a_figure() -> None:
    """Three lines or more in another font right above a caption are a figure without a drawing."""
    prompt = [line("Answer the question", 150, y, font="Courier", size=8.0) for y in (200, 212, 224)]
    lines = [*paragraph(108, 80, 396, 5), *prompt, line("Figure 1: A prompt.", 108, 250)]
    assert first_figure(page(lines)) == ("caption-below", Box(150, 200, 226, 232))


def test_running_text_in_a_box_on_the_caption_is_the_figure() -> None:
    """An example set like the running text is a figure where its frame rests on a caption."""
    lines = [
        *paragraph(108, 80, 396, 5),
        *paragraph(120, 205, 370, 4),
        line("Figure 1: An example.", 108, 280),
    ]
    frame = Box(110, 195, 500, 265)
    assert first_figure(page(lines, [frame])) == ("caption-below", frame)


def test_ruled_areas_are_chains_of_rules() -> None:
    """Three rules of one extent are a table; rules far apart are not."""
    near = [Box(120, y, 480, y + 0.5) for y in (100, 120, 180)]
    far = [Box(60, y, 550, y + 0.5) for y in (50, 400, 740)]
    assert ruled_areas(page([], [*near, *far])) == [Box(120, 100, 480, 180.5)]


def test_scatter_of_flat_marks() -> None:
    """Many marks, each as flat as a rule, are a picture."""
    marks = [Box(150 + 7 * n, 180 + n * 37 % 140, 155 + 7 * n, 182 + n * 37 % 140) for n in range(40)]
    lines = [*paragraph(108, 80, 396, 5), line("Figure 1: Marks.", 108, 340)]
    found = first_figure(page(lines, marks))
    assert found is not None
    assert (found[1].x0, found[1].x1) == (150, 428)


def test_lone_rule_is_left_out() -> None:
    """A long rule that touches nothing separates the figure from something else."""
    rule, drawn = Box(108, 165, 504, 165.5), Box(150, 176, 450, 310)
    lines = [*paragraph(108, 80, 396, 5), line("Figure 1: A curve.", 108, 320)]
    assert first_figure(page(lines, [rule, drawn])) == ("caption-below", drawn)


def test_long_subcaptions() -> None:
    """What begins with (a) right under a drawing belongs to the figure, however long it is."""
    upper, lower = Box(150, 180, 450, 240), Box(150, 290, 450, 350)
    lines = [
        *paragraph(108, 80, 396, 5),
        line("(a) The first of both, which is explained at some length", 108, 244, width=396, block=7),
        *paragraph(108, 256, 396, 2, block=7),
        line("Figure 1: Both.", 108, 370),
    ]
    found = first_figure(page(lines, [upper, lower]))
    assert found is not None
    assert (found[1].y0, found[1].y1) == (180, 350)

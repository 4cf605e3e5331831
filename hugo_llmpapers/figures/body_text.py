"""Finds the lines of a page that are body text, headings, running heads or page numbers: they are not part of a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hugo_llmpapers.figures.geometry import Box, clusters, union
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.typography import Typography, element

_NUMBERED_HEADING = re.compile(r"(?:\d{1,2}|[A-Z]|[IVX]+)(?:\.\d{1,2})*\.?\s+[A-Z]\S")
_NAMED_HEADING = re.compile(
    r"(?:abstract|introduction|contents|references|acknowledge?ments?|keywords|conclusions?)\b",
    re.IGNORECASE,
)
_SUBCAPTION = re.compile(r"\([a-z]\)\s")
_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|io|edu)\b")
_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d+)?|[ivx]+", re.IGNORECASE)


def body_lines(page: Page, style: Typography, figures: Sequence[Box] = ()) -> list[Line]:
    """Return the lines of body text and its headings, without those inside these figures."""
    tables = ruled_areas(page)
    frames = [*drawn_frames(page), *tables]
    candidates = [line for line in page.lines if line.upright and not _is_inside(line, figures)]
    vertical_rules = [graphic.box for graphic in page.graphics if graphic.box.width <= 2.5 and graphic.box.height >= 5]
    subcaption_blocks = {line.block for line in candidates if _is_subcaption(line, frames, style)}

    def is_in_frame(line: Line) -> bool:
        # On the first page, abstracts are in frames.
        return page.number > 0 and _is_inside(line, frames)

    def is_text(line: Line, justified: bool) -> bool:
        if line.block in subcaption_blocks or _is_divided(line, vertical_rules):
            return False
        if _fills_column(line, style):
            is_table_row = _is_inside(line, tables) and not justified
            is_small_print = line.size < style.size - 0.6 and is_in_frame(line)
            return not is_table_row and not is_small_print
        return (justified or _starts_column(line, style)) and not is_in_frame(line)

    text = [line for index, line in enumerate(candidates) if is_text(line, _is_justified(index, candidates, style))]
    text += _last_lines(text, candidates, style)
    blocks = {(line.block, line.font, round(line.size)) for line in text}
    same_block = [line for line in candidates if (line.block, line.font, round(line.size)) in blocks]
    headings = [line for line in candidates if _is_heading(line, style) and not is_in_frame(line)]
    return list(dict.fromkeys([*text, *same_block, *headings, *_front_matter(page, candidates, style)]))


def margin_lines(page: Page, style: Typography) -> list[Line]:
    """Return running heads, page numbers, line numbers and stamps in the margin."""
    margin = 0.08 * page.box.height
    found = []
    for line in page.lines:
        in_margin = line.box.y1 < page.box.y0 + margin or line.box.y0 > page.box.y1 - margin
        is_stamp = line.text.startswith("arXiv:") and not line.upright
        if is_stamp or element(line) in style.repeated or (in_margin and _is_isolated(line, page)):
            found.append(line)
    return [*found, *_line_numbers(page, style)]


def ruled_areas(page: Page) -> list[Box]:
    """Return the areas of at least three rules of the same width, 120 points apart at most: these are mostly tables."""
    columns: dict[tuple[int, int], list[Box]] = {}
    for graphic in page.graphics:
        if graphic.is_rule:
            columns.setdefault((round(graphic.box.x0 / 3), round(graphic.box.x1 / 3)), []).append(graphic.box)
    groups = [group for rules in columns.values() for group in clusters(rules, 120.0)]
    return [union(group) for group in groups if len(group) >= 3]


def drawn_frames(page: Page) -> list[Box]:
    """Return the boxes of graphics that are large enough to contain text, but do not cover the page."""
    boxes = [graphic.box for graphic in page.graphics]
    return [box for box in boxes if box.height > 20 and box.width > 40 and not page.is_covered_by(box)]


def _line_numbers(page: Page, style: Typography) -> list[Line]:
    """Return the line numbers of a draft for reviewers."""
    if not style.columns:
        return []
    left, right = style.columns[0][0] - 2, style.columns[-1][1] + 2
    numbers = [line for line in page.lines if line.text.isdigit() and (line.box.x1 < left or line.box.x0 > right)]
    return numbers if len(numbers) >= 10 else []


def _is_isolated(line: Line, page: Page) -> bool:
    """Return whether there is a clear strip of 8 points around a line, or whether it is a page number."""
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    strip = Box(page.box.x0, line.box.y0 - 8, page.box.x1, line.box.y1 + 8)
    items: list[Line | Graphic] = [*page.lines, *page.graphics]
    return line.upright and not any(
        box.touches(strip) and box.shared_height(line.box) < 0.5 * line.box.height
        for box in (item.box for item in items)
        if box.height > 3 and not page.is_covered_by(box)
    )


def _fills_column(line: Line, style: Typography) -> bool:
    if not style.is_body_font(line) or len(line.text) < 25 or line.is_sparse:
        return False
    return any(line.box.shared_width(Box(left, 0, right, 0)) >= 0.75 * (right - left) for left, right in style.columns)


def _starts_column(line: Line, style: Typography) -> bool:
    """Return whether a line in the font of the body text begins at the edge of a column, as a paragraph of one line."""
    if not style.is_body_font(line) or len(line.text) < 25 or line.is_sparse or line.is_numeric:
        return False
    return any(abs(line.box.x0 - left) <= 2 and line.box.x1 <= right + 6 for left, right in style.columns)


def _is_justified(index: int, lines: Sequence[Line], style: Typography) -> bool:
    """Return whether a line is one of at least three nearby lines with the same edges, as beside a wrapped figure."""
    line = lines[index]
    if (
        line.font != style.font
        or not 0.75 * style.size <= line.size <= 1.3 * style.size
        or line.box.width < 100
        or len(line.text) < 25
    ):
        return False
    nearby = [other for other in lines[max(0, index - 3) : index + 4] if other.font == line.font]
    left = [other for other in nearby if abs(line.box.x0 - other.box.x0) <= 1.5]
    both = [other for other in left if abs(line.box.x1 - other.box.x1) <= 1.5]
    return sum(abs(line.size - other.size) <= 0.3 for other in both) >= 3


def _is_divided(line: Line, rules: Sequence[Box]) -> bool:
    """Return whether a vertical rule separates words of a line, as in a table."""
    inner = line.box.expanded(-2)
    return any(
        inner.x0 < rule.x0 and rule.x1 < inner.x1 and rule.shared_height(line.box) >= 0.5 * line.box.height
        for rule in rules
    )


def _is_inside(line: Line, boxes: Sequence[Box]) -> bool:
    return any(box.contains_centre(line.box) for box in boxes)


def _is_subcaption(line: Line, frames: Sequence[Box], style: Typography) -> bool:
    """Return whether a line begins with "(a) ", in small print or directly below a frame."""
    if not _SUBCAPTION.match(line.text):
        return False
    return line.size < style.size - 0.6 or any(
        -3 <= line.box.y0 - frame.y1 <= 1.5 * line.size and line.box.shared_width(frame) > 0 for frame in frames
    )


def _last_lines(text: Sequence[Line], lines: Sequence[Line], style: Typography) -> list[Line]:
    """Return the short last lines of paragraphs: one line below a line of text, with the same left edge."""
    corners = {(round(line.box.x0), round(line.box.y1)) for line in text}
    steps = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    found = []
    for line in lines:
        x, y = round(line.box.x0), round(line.box.y1 - style.line_spacing)
        follows = any((x + dx, y + dy) in corners for dx, dy in steps)
        if follows and style.is_body_font(line) and not line.is_numeric:
            found.append(line)
    return found


def _is_heading(line: Line, style: Typography) -> bool:
    """Return whether a line looks like the title of a section, at the edge or in the middle of a column."""
    emphasised = line.bold or line.size > style.size + 0.6 or line.text.isupper()
    titled = _NUMBERED_HEADING.match(line.text) or _NAMED_HEADING.match(line.text)
    if not line.upright or not emphasised or not titled or line.size < style.size - 0.6:
        return False
    x, _ = line.box.centre
    return any(abs(line.box.x0 - left) <= 4 or abs(x - (left + right) / 2) <= 6 for left, right in style.columns)


def _front_matter(page: Page, lines: Sequence[Line], style: Typography) -> list[Line]:
    """Return title, authors and affiliations: on the first page, above the first picture or body text."""
    upper = [line for line in lines if line.box.y1 < 0.5 * page.box.height]
    title = max(upper, key=lambda line: (line.size, -line.box.y0), default=None)
    if page.number != 0 or title is None or title.size < 1.15 * style.size:
        return []
    pictures = [frame.y0 for frame in drawn_frames(page) if frame.height > 40]
    texts = [line.box.y0 - 40 for line in lines if _fills_column(line, style)]
    end = min((y for y in (*pictures, *texts) if y > title.box.y1), default=page.box.y1)
    fonts = {title.font, style.font}
    return [line for line in upper if line.box.y1 <= end and (line.font in fonts or _ADDRESS.search(line.text))]

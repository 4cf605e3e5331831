"""Which lines of a page are running text, headings and running heads: no part of a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hugo_llmpapers.figures.geometry import Box, clusters, union
from hugo_llmpapers.figures.page import Graphic, Line, Page
from hugo_llmpapers.figures.typography import Typography, place

_NUMBERED = re.compile(r"(?:\d{1,2}|[A-Z]|[IVX]+)(?:\.\d{1,2})*\.?\s+[A-Z]\S")
_NAMED = re.compile(
    r"(?:abstract|introduction|contents|references|acknowledge?ments?|keywords|conclusions?)\b",
    re.IGNORECASE,
)
_SUBCAPTION = re.compile(r"\([a-z]\)\s")
_ADDRESS = re.compile(r"@|https?:|www\.|\.(?:com|org|io|edu)\b")
_STRIP = 8.0
"""Points between a running head and the text."""

_ROW = 120.0
"""Points that a row of a table is tall at most."""

_PAGE_NUMBER = re.compile(r"(?:page\s*)?\d{1,4}(?:\s*(?:/|of)\s*\d+)?|[ivx]+", re.IGNORECASE)


def body_lines(page: Page, style: Typography, figures: Sequence[Box] = ()) -> list[Line]:
    """The lines of running text and the headings over it, without what lies in these boxes."""
    ruled = ruled_areas(page)
    frames = [*drawn_frames(page), *ruled]
    open_lines = [line for line in page.lines if line.upright and not _inside(line, figures)]
    posts = [graphic.box for graphic in page.graphics if graphic.box.width <= 2.5 and graphic.box.height >= 5]
    subcaptions = {line.block for line in open_lines if _subcaption(line, frames, style)}

    def is_text(line: Line, justified: bool) -> bool:
        if line.block in subcaptions or _parted(line, posts):
            return False
        if _full(line, style):
            row = _inside(line, ruled) and not justified
            return not row and not _small_print(line, style, frames, page)
        return (justified or _short(line, style)) and not _held(line, frames, page)

    sure = [line for position, line in enumerate(open_lines) if is_text(line, _justified(position, open_lines, style))]
    sure += _following(sure, open_lines, style)
    blocks = {(line.block, line.font, round(line.size)) for line in sure}
    paragraphs = [line for line in open_lines if (line.block, line.font, round(line.size)) in blocks]
    headings = [line for line in open_lines if _heading(line, style) and not _held(line, frames, page)]
    front = _front_matter(page, open_lines, style)
    return list(dict.fromkeys([*sure, *paragraphs, *headings, *front]))


def running_heads(page: Page, style: Typography) -> list[Line]:
    """The running head, the foot, the page's number, and what was stamped into the margin."""
    margin = 0.08 * page.box.height
    found = []
    for line in page.lines:
        outside = line.box.y1 < page.box.y0 + margin or line.box.y0 > page.box.y1 - margin
        stamp = line.text.startswith("arXiv:") and not line.upright
        if stamp or place(line) in style.furniture or (outside and _apart(line, page)):
            found.append(line)
    return [*found, *_line_numbers(page, style)]


def _line_numbers(page: Page, style: Typography) -> list[Line]:
    """The numbers that a draft for reviewers has beside its lines."""
    if not style.columns:
        return []
    left, right = style.columns[0][0] - 2, style.columns[-1][1] + 2
    numbers = [line for line in page.lines if line.text.isdigit() and (line.box.x1 < left or line.box.x0 > right)]
    return numbers if len(numbers) >= 10 else []


def _apart(line: Line, page: Page) -> bool:
    """Whether a clear strip parts it from what the page is about; a page's number needs none."""
    if _PAGE_NUMBER.fullmatch(line.text):
        return True
    near = Box(page.box.x0, line.box.y0 - _STRIP, page.box.x1, line.box.y1 + _STRIP)
    things: list[Line | Graphic] = [*page.lines, *page.graphics]
    return line.upright and not any(
        thing.box.meets(near) and thing.box.shared_height(line.box) < 0.5 * line.box.height
        for thing in things
        if thing.box.height > 3 and thing.box.area < 0.8 * page.box.area
    )


def _full(line: Line, style: Typography) -> bool:
    """Whether it fills its column in the type of the running text."""
    if not style.columns or not style.like_body(line) or len(line.text) < 25 or line.sparse:
        return False
    return any(line.box.shared_width(Box(left, 0, right, 0)) >= 0.75 * (right - left) for left, right in style.columns)


def _short(line: Line, style: Typography) -> bool:
    """Whether it is set as running text from the edge of a column on: a paragraph of one line, or the last of one."""
    if not style.like_body(line) or len(line.text) < 25 or line.sparse or line.numeric:
        return False
    return any(abs(line.box.x0 - left) <= 2 and line.box.x1 <= right + 6 for left, right in style.columns)


def _justified(position: int, lines: Sequence[Line], style: Typography) -> bool:
    """Whether it is one of at least three lines with the same edges, as beside a wrapped figure."""
    line = lines[position]
    if (
        line.font != style.font
        or not 0.75 * style.size <= line.size <= 1.3 * style.size
        or line.box.width < 100
        or len(line.text) < 25
    ):
        return False
    nearby = lines[max(0, position - 3) : position + 4]
    return sum(_same_edges(line, other) for other in nearby) >= 3


def _same_edges(line: Line, other: Line) -> bool:
    return (
        abs(line.box.x0 - other.box.x0) <= 1.5
        and abs(line.box.x1 - other.box.x1) <= 1.5
        and abs(line.size - other.size) <= 0.3
        and line.font == other.font
    )


def _small_print(line: Line, style: Typography, frames: Sequence[Box], page: Page) -> bool:
    return line.size < style.size - 0.6 and _held(line, frames, page)


def _parted(line: Line, posts: Sequence[Box]) -> bool:
    """Whether an upright rule stands between its words, as between the cells of a table."""
    inner = line.box.grown(-2)
    return any(
        inner.x0 < post.x0 and post.x1 < inner.x1 and post.shared_height(line.box) >= 0.5 * line.box.height
        for post in posts
    )


def _held(line: Line, frames: Sequence[Box], page: Page) -> bool:
    """Whether it lies in something drawn, as an example's text does; on page one, abstracts do."""
    return page.number > 0 and _inside(line, frames)


def _inside(line: Line, boxes: Sequence[Box]) -> bool:
    return any(box.holds(*line.box.centre) for box in boxes)


def _subcaption(line: Line, frames: Sequence[Box], style: Typography) -> bool:
    """Whether "(a) ..." begins in it, in small print or right under something drawn."""
    if not _SUBCAPTION.match(line.text):
        return False
    return line.size < style.size - 0.6 or any(
        -3 <= line.box.y0 - frame.y1 <= 1.5 * line.size and line.box.shared_width(frame) > 0 for frame in frames
    )


def _following(sure: Sequence[Line], lines: Sequence[Line], style: Typography) -> list[Line]:
    """The short lines that end a paragraph: one step below a sure line, with the same left edge."""
    reached = {(round(line.box.x0), round(line.box.y1)) for line in sure}
    steps = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    following = []
    for line in lines:
        x, y = round(line.box.x0), round(line.box.y1 - style.leading)
        if line.numeric or not style.like_body(line):
            continue
        if any((x + dx, y + dy) in reached for dx, dy in steps):
            following.append(line)
    return following


def ruled_areas(page: Page) -> list[Box]:
    """Where three rules or more of one extent stand below one another: tables, mostly."""
    columns: dict[tuple[int, int], list[Box]] = {}
    for graphic in page.graphics:
        if graphic.rule:
            extent = round(graphic.box.x0 / 3), round(graphic.box.x1 / 3)
            columns.setdefault(extent, []).append(graphic.box)
    chains = [chain for rules in columns.values() for chain in clusters(rules, _ROW)]
    return [union(chain) for chain in chains if len(chain) >= 3]


def drawn_frames(page: Page) -> list[Box]:
    """The boxes of what is drawn and large enough for text to lie in, but not the whole page."""
    return [
        graphic.box
        for graphic in page.graphics
        if graphic.box.height > 20 and graphic.box.width > 40 and graphic.box.area < 0.8 * page.box.area
    ]


def _heading(line: Line, style: Typography) -> bool:
    """Whether it looks like a section's title and stands where one stands."""
    weighty = line.bold or line.size > style.size + 0.6 or line.text.isupper()
    titled = _NUMBERED.match(line.text) or _NAMED.match(line.text)
    if not line.upright or not weighty or not titled or line.size < style.size - 0.6:
        return False
    x, _ = line.box.centre
    return any(abs(line.box.x0 - left) <= 4 or abs(x - (left + right) / 2) <= 6 for left, right in style.columns)


def _front_matter(page: Page, lines: Sequence[Line], style: Typography) -> list[Line]:
    """Title, authors and affiliations: on page one, down to the first picture or running text."""
    upper = [line for line in lines if line.box.y1 < 0.5 * page.box.height]
    title = max(upper, key=lambda line: (line.size, -line.box.y0), default=None)
    if page.number != 0 or title is None or title.size < 1.15 * style.size:
        return []
    pictures = [frame.y0 for frame in drawn_frames(page) if frame.height > 40]
    texts = [line.box.y0 - 40 for line in lines if _full(line, style)]
    below = [y for y in (*pictures, *texts) if y > title.box.y1]
    end = min(below, default=page.box.y1)
    fonts = {title.font, style.font}
    return [line for line in upper if line.box.y1 <= end and (line.font in fonts or _ADDRESS.search(line.text))]

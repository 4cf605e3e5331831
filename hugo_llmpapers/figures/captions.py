"""Finds captions such as "Figure 1: …", with a score and all their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hugo_llmpapers.figures.geometry import Box, union
from hugo_llmpapers.figures.page import Line, Page
from hugo_llmpapers.figures.typography import Typography

# PyMuPDF returns small capitals as "F IGURE" or "T ABLE".
_START = re.compile(
    r"""(?P<word>F\s?ig(?:\s?ure)?s?|T\s?ab(?:\s?le)?|Algorithm|Listing)\b
        \.?\s*
        (?P<number>(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5})\b
        (?:\s?\(?[a-h]\))?
        \s*(?P<separator>[:|.\u2013\u2014\u2502-])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)

_SENTENCE = re.compile(
    r"""[,;)]
        |(?:also|further|clearly|then|we|in|and|or|to|of|for|on|with|from|at|by|as
           |that|which|where|when|while|is|are|was|were|can|has|have|does)\b
        |(?:provide|show|illustrate|depict|present|display|demonstrate|compare|plot|report|give
           |summari[sz]e|visuali[sz]e|highlight|reveal|outline|describe|indicate|suggest
           |contain|list|reflect|confirm|detail)s?\b""",
    re.VERBOSE,
)
_OPENING = "([\"'\u201c"


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption with all its lines."""

    kind: Literal["figure", "other"]
    """`other` for tables, algorithms and listings."""
    number: str
    """`1`, `A3`, `IV`."""
    text: str
    """Without the label, one line; empty if there is only a label."""
    box: Box
    page: int
    """0-based."""
    score: float
    """How likely it is a caption; 0 or less for a sentence."""

    @property
    def label(self) -> str:
        """The label of a figure: `Figure 1`."""
        return f"Figure {self.number}"


def captions(page: Page, style: Typography) -> tuple[Caption, ...]:
    """Return the captions on a page with a score above 0, from top to bottom."""
    found = []
    for line in page.lines:
        match = _START.match(line.text)
        if match and line.upright:
            score = _score(line, match, page.lines, style)
            if score > 0:
                found.append(_caption(line, match, page, score, style))
    return tuple(sorted(found, key=lambda caption: (caption.box.y0, caption.box.x0)))


def _score(line: Line, match: re.Match[str], lines: Sequence[Line], style: Typography) -> float:
    score = _text_score(match["separator"], line.text[match.end() :])
    score += 2 if line.bold else 0
    score += 0 if style.is_body_font(line) else 1
    score -= 0 if match["word"][0].isupper() else 3
    score += -3 if any(_is_previous_line(other, line) for other in lines) else 1
    return score


def _text_score(separator: str | None, rest: str) -> float:
    if separator is not None:
        return 2 if separator in ".-" else 3
    if _SENTENCE.match(rest):
        return -4
    return -2 if rest and not rest[0].isupper() and rest[0] not in _OPENING else 0


def _is_previous_line(other: Line, line: Line) -> bool:
    """Return whether the line continues a paragraph that the other line belongs to."""
    gap = line.box.y0 - other.box.y1
    return (
        -0.5 * line.size < gap < 0.35 * line.size
        and other.box.y0 < line.box.y0 - 0.5 * line.size
        and abs(other.size - line.size) <= 0.4
        and other.font == line.font
        and abs(other.box.x0 - line.box.x0) <= 2 * line.size
        and other.box.width >= 0.8 * line.box.width
        and len(other.text) >= 25
    )


def _caption(line: Line, match: re.Match[str], page: Page, score: float, style: Typography) -> Caption:
    lines = _caption_lines(line, page.lines, style)
    text = " ".join([line.text[match.end() :], *(other.text for other in lines[1:])])
    return Caption(
        kind="figure" if match["word"][0] in "Ff" else "other",
        number=match["number"].upper(),
        text=re.sub(r"(?<=[a-z])- (?=[a-z])", "", text).strip(),
        box=union(other.box for other in lines),
        page=page.number,
        score=score,
    )


def _caption_lines(first: Line, lines: Sequence[Line], style: Typography) -> list[Line]:
    """Return the first line and those of about its size that follow it closely."""
    column = style.column_of(first.box)
    found = [first]
    max_gap: float | None = None
    for line in sorted(lines, key=lambda line: (line.box.y0, line.box.x0)):
        last, box = found[-1], union(each.box for each in found)
        other_column = column is not None and style.column_of(line.box) not in (None, column)
        if line is first or other_column or not line.upright or abs(line.size - first.size) > 0.8:
            continue
        if _is_right_of(line, last):
            found.append(line)
        elif _is_below(line, last, box):
            gap = line.box.y0 - last.box.y1
            if gap > (first.size if max_gap is None else max_gap) or (
                _START.match(line.text) and line.block != first.block
            ):
                break
            # The gap between the first two lines limits the others.
            max_gap = max(gap, 0.0) + 0.25 * first.size if max_gap is None else max_gap
            found.append(line)
    return found


def _is_right_of(line: Line, last: Line) -> bool:
    """Return whether a line continues the last one at the same height.

    A line of another block is another caption, or the text next to a wrapped figure, unless the last line is only a label.
    """
    if line.block != last.block and not _START.fullmatch(last.text):
        return False
    same_height = line.box.shared_height(last.box) > 0.6 * line.box.height
    return same_height and 0 <= line.box.x0 - last.box.x1 <= 1.5 * last.size


def _is_below(line: Line, last: Line, box: Box) -> bool:
    lower = line.box.y0 > last.box.y0 + 0.5 * last.size
    return lower and line.box.shared_width(box) >= min(20.0, 0.5 * line.box.width)

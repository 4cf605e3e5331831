"""Captions: where "Figure 1: …" begins, how sure that is, and how far it reaches."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hugo_llmpapers.figures.geometry import Box, union
from hugo_llmpapers.figures.page import Line, Page
from hugo_llmpapers.figures.typography import Typography

# Small capitals come out of a PDF as "F IGURE" or "T ABLE".
_START = re.compile(
    r"""(?P<word>F\s?ig(?:\s?ure)?s?|T\s?ab(?:\s?le)?|Algorithm|Listing)\b
        \.?\s*
        (?P<number>(?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,2})?|[IVX]{1,5})\b
        (?:\s?\(?[a-h]\))?
        \s*(?P<separator>[:|.\u2013\u2014\u2502-])?\s*""",
    re.VERBOSE | re.IGNORECASE,
)

_LABEL = re.compile(rf"(?:{_START.pattern})", _START.flags)

_SENTENCE = re.compile(
    r"""[,;)]
        |(?:also|further|clearly|then|we|in|and|or|to|of|for|on|with|from|at|by|as
           |that|which|where|when|while|is|are|was|were|can|has|have|does)\b
        |(?:provide|show|illustrate|depict|present|display|demonstrate|compare|plot|report|give
           |summari[sz]e|visuali[sz]e|highlight|reveal|outline|describe|indicate|suggest
           |contain|list|reflect|confirm|detail)s?\b""",
    re.VERBOSE,
)
_FRESH = "([\"'\u201c"


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption with all its lines."""

    kind: Literal["figure", "other"]
    """`other` for tables, algorithms and listings."""
    number: str
    """`1`, `A3`, `IV`."""
    text: str
    """Without the label, one line; empty where the label stands alone."""
    box: Box
    page: int
    """0-based."""
    score: float
    """How sure it is that this is a caption; 0 and less: it is a sentence."""

    @property
    def label(self) -> str:
        """Of a figure, as a reader would write it: `Figure 1`."""
        return f"Figure {self.number}"


def captions(page: Page, style: Typography) -> tuple[Caption, ...]:
    """Every caption on the page that scores above 0, from top to bottom."""
    found = []
    for line in page.lines:
        match = _START.match(line.text)
        if match and line.upright:
            score = _score(line, match, page.lines, style)
            if score > 0:
                found.append(_caption(line, match, page, score, style))
    return tuple(sorted(found, key=lambda caption: (caption.box.y0, caption.box.x0)))


def _score(line: Line, match: re.Match[str], lines: Sequence[Line], style: Typography) -> float:
    score = _punctuation(match["separator"], line.text[match.end() :])
    score += 2 if line.bold else 0
    score += 0 if style.like_body(line) else 1
    score -= 0 if match["word"][0].isupper() else 3
    score += -3 if any(_runs_into(other, line) for other in lines) else 1
    return score


def _punctuation(separator: str | None, rest: str) -> float:
    """What speaks for a caption in what follows its number."""
    if separator is not None:
        return 2 if separator in ".-" else 3
    if _SENTENCE.match(rest):
        return -4
    return -2 if rest and not rest[0].isupper() and rest[0] not in _FRESH else 0


def _runs_into(other: Line, line: Line) -> bool:
    """Whether the one line runs on into the other, as within a paragraph."""
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
    lines = _block(line, page.lines, style)
    text = " ".join([line.text[match.end() :], *(other.text for other in lines[1:])])
    return Caption(
        kind="figure" if match["word"][0] in "Ff" else "other",
        number=match["number"].upper(),
        text=re.sub(r"(?<=[a-z])- (?=[a-z])", "", text).strip(),
        box=union(other.box for other in lines),
        page=page.number,
        score=score,
    )


def _block(first: Line, lines: Sequence[Line], style: Typography) -> list[Line]:
    """The caption's lines: those of about its size that follow it closely."""
    column = style.column_of(first.box)
    block = [first]
    leading: float | None = None
    for line in sorted(lines, key=lambda line: (line.box.y0, line.box.x0)):
        last, box = block[-1], union(each.box for each in block)
        elsewhere = column is not None and style.column_of(line.box) not in (None, column)
        if line is first or elsewhere or not line.upright or abs(line.size - first.size) > 0.8:
            continue
        if _beside(line, last):
            block.append(line)
        elif _below(line, last, box):
            gap = line.box.y0 - last.box.y1
            most = first.size if leading is None else leading + 0.25 * first.size
            if gap > most or (_START.match(line.text) and line.block != first.block):
                break
            leading = max(gap, 0.0) if leading is None else leading
            block.append(line)
    return block


def _beside(line: Line, last: Line) -> bool:
    """Whether the line continues the last one at its height.

    What the PDF's text has in another block is another caption or the text beside a wrapped figure, unless the
    label stood alone.
    """
    if line.block != last.block and not _LABEL.fullmatch(last.text):
        return False
    level = line.box.shared_height(last.box) > 0.6 * line.box.height
    return level and 0 <= line.box.x0 - last.box.x1 <= 1.5 * last.size


def _below(line: Line, last: Line, block: Box) -> bool:
    lower = line.box.y0 > last.box.y0 + 0.5 * last.size
    return lower and line.box.shared_width(block) >= min(20.0, 0.5 * line.box.width)

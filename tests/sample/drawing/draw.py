"""The PDFs of the invented papers, drawn when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock

from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.sample.papers import SamplePaper, papers
from tests.sample.drawing.charts import CHART_WIDTH, CHARTS
from tests.sample.drawing.diagrams import DIAGRAM_WIDTH, DIAGRAMS
from tests.sample.drawing.ink import BLACK, GREY, TAU, Ink, box, width, write
from tests.sample.drawing.prints import print_of

NOTICE = "Invented sample paper: not real"
"""Stands at the foot of every page."""

# PyMuPDF does not stand threads: https://pymupdf.readthedocs.io/en/latest/recipes-multiprocessing.html
_ONE_AT_A_TIME = Lock()
_PAGES = 2
_WIDTH, _HEIGHT = 612, 792
_LEFT, _RIGHT, _TOP, _BOTTOM = 66, 546, 64, 734
_GUTTER = 22
# Whose Figure 1 stands under the authors; the others have it at the top of page 2.
_TEASERS = (2, 3, 4, 5)
# A line whose gaps would grow by more than this stays ragged: that happens before a long URL.
_MOST_STRETCH = 12.0


@dataclass(frozen=True, slots=True)
class _Frame:
    """An upright part of a page that text flows through."""

    page: int
    x: float
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Line:
    words: tuple[str, ...]
    width: float
    indent: float = 0
    font: str = "tiro"
    size: float = 10.5
    space: float = 0
    """Above the line, unless it is the first of its frame."""
    justified: bool = True
    keep: int = 1
    """How many lines, with this one, must not be parted."""

    @property
    def leading(self) -> float:
        return self.size * 1.27


@cache
def draw(number: int) -> bytes:
    """The PDF of paper 1 to 5: two pages of text, with a Figure 1 and its caption at least.

    The same bytes every time, from any thread. The fonts are of the fourteen that every reader of
    PDFs has.
    """
    with _ONE_AT_A_TIME:
        return _drawn(papers()[f"0000.{number:05d}"], number)


def _drawn(paper: SamplePaper, number: int) -> bytes:
    with pymupdf.open() as document:
        for _ in range(_PAGES):
            document.new_page(width=_WIDTH, height=_HEIGHT)
        # A page object dies when a page is added, hence only now.
        inks = [Ink(page.new_shape()) for page in list(document)]
        _compose(inks, paper, number)
        for ink in inks:
            ink.shape.commit()
        document.set_metadata({"title": paper.title.replace(TAU, "tau"), "subject": NOTICE})
        return bytes(document.tobytes(garbage=3, deflate=True, no_new_id=True))


def _compose(inks: Sequence[Ink], paper: SamplePaper, number: int) -> None:
    for i, ink in enumerate(inks, 1):
        write(ink, _WIDTH / 2, 764, NOTICE, size=9, colour=GREY, align="centre")
        write(ink, _RIGHT, 764, str(i), size=9, colour=GREY, align="right")
    tops = [_head(inks[0], paper), float(_TOP)]
    first = 0 if number in _TEASERS else 1
    diagram, height = DIAGRAMS[number]
    canvas = Ink(inks[first].shape, (_WIDTH - DIAGRAM_WIDTH) / 2, tops[first])
    # As plotting programs do: who looks for the figure then has its lines in their full weight.
    box(canvas, -2, -2, DIAGRAM_WIDTH + 4, height + 4, line=None, radius=0)
    diagram(canvas)
    tops[first] = _caption(inks[first], 1, paper, _LEFT, tops[first] + height + 20, _RIGHT - _LEFT)
    columns = print_of(paper).columns
    column = (_RIGHT - _LEFT - _GUTTER * (columns - 1)) / columns
    frames = [
        _Frame(page, _LEFT + i * (column + _GUTTER), tops[page], _BOTTOM)
        for page in range(_PAGES)
        for i in range(columns)
    ]
    if number in CHARTS:
        frames[-1] = _charted(inks, frames[-1], paper, number, column)
    _pour(inks, frames, _body(paper, column))


def _charted(inks: Sequence[Ink], frame: _Frame, paper: SamplePaper, number: int, column: float) -> _Frame:
    """The frame below the chart that is drawn at its top, as Figure 2."""
    chart, height = CHARTS[number]
    ink = inks[frame.page]
    chart(Ink(ink.shape, frame.x + (column - CHART_WIDTH) / 2, frame.top))
    end = _caption(ink, 2, paper, frame.x, frame.top + height + 20, column)
    return _Frame(frame.page, frame.x, end, frame.bottom)


def _head(ink: Ink, paper: SamplePaper) -> float:
    """Title, authors and affiliation; gives the y under them."""
    y = float(_TOP + 18)
    parts = (
        (paper.title.split(" "), " ", "tibo", 17.0, 440),
        (list(paper.authors), ", ", "tiro", 11.5, 430),
        (print_of(paper).affiliations.split(" "), " ", "tiit", 10.5, 440),
    )
    for words, between, font, size, measure in parts:
        rows = _broken(words, font, size, measure, between=between)
        for row in rows:
            text = between.join(row) + (between.rstrip() if row is not rows[-1] else "")
            write(ink, _WIDTH / 2, y, text, size=size, colour=BLACK, font=font, align="centre")
            y += size * 1.3
        y += 8
    return y + 8


def _caption(ink: Ink, number: int, paper: SamplePaper, x: float, y: float, measure: float) -> float:
    """The caption with its first baseline at y; gives the y where text may go on."""
    label, size = f"Figure {number}:", 9.5
    words = [*label.split(" "), *print_of(paper).figures[number - 1].split(" ")]
    rows = _broken(words, "tiro", size, measure - 6)
    for i, row in enumerate(rows):
        text, start = " ".join(row), x
        if len(rows) == 1:
            start += (measure - width(text, "tiro", size)) / 2
        if i == 0:
            write(ink, start, y, label, size=size, colour=BLACK, font="tibo")
            start += width(label + " ", "tibo", size)
            text = text.removeprefix(label + " ")
        write(ink, start, y, text, size=size, colour=BLACK, font="tiro")
        y += size * 1.27
    return y + 16


def _body(paper: SamplePaper, column: float) -> list[_Line]:
    size, inset = (11.0, 26) if print_of(paper).columns == 1 else (10.5, 0)
    lines = [
        _heading("Abstract", column),
        *_paragraph(paper.abstract, column, size=size, inset=inset),
    ]
    for heading, paragraphs in print_of(paper).sections:
        lines.append(_heading(heading, column))
        for i, text in enumerate(paragraphs):
            lines += _paragraph(text, column, size=size, first=12 if i else 0)
    lines.append(_heading("References", column))
    for reference in print_of(paper).references:
        lines += _paragraph(reference, column, size=9.5, justified=False)
    return lines


def _heading(text: str, column: float) -> _Line:
    return _Line((text,), column, font="tibo", size=12, space=11, justified=False, keep=4)


def _paragraph(
    text: str,
    column: float,
    *,
    size: float,
    inset: float = 0,
    first: float = 0,
    justified: bool = True,
) -> list[_Line]:
    measure = column - 2 * inset
    rows = _broken(text.split(" "), "tiro", size, measure, first=first)
    return [
        _Line(
            tuple(row),
            measure - (0 if i else first),
            inset + (0 if i else first),
            size=size,
            space=0 if i else 3,
            justified=justified and i < len(rows) - 1,
            keep=2 if i in (0, len(rows) - 2) else 1,
        )
        for i, row in enumerate(rows)
    ]


def _broken(
    words: Sequence[str],
    font: str,
    size: float,
    measure: float,
    *,
    first: float = 0,
    between: str = " ",
) -> list[list[str]]:
    """The words in rows no wider than the measure, the first of them shorter by `first`."""
    rows: list[list[str]] = [[]]
    room, gap = measure - first, width(between, font, size)
    for word in words:
        own = width(word, font, size)
        if rows[-1] and own > room:
            rows.append([])
            room = measure
        rows[-1].append(word)
        room -= own + gap
    return rows


def _pour(inks: Sequence[Ink], frames: Sequence[_Frame], lines: Sequence[_Line]) -> None:
    """Sets the lines into the frames, one frame after the other."""
    left = list(frames)
    frame = left.pop(0)
    y, fresh = frame.top, True
    for i, line in enumerate(lines):
        needed = sum(one.leading + one.space for one in lines[i : i + line.keep])
        if y + needed > frame.bottom:
            frame = left.pop(0)
            y, fresh = frame.top, True
        y += line.leading + (0 if fresh else line.space)
        _set(inks[frame.page], line, frame.x + line.indent, y - line.leading * 0.25)
        fresh = False


def _set(ink: Ink, line: _Line, x: float, y: float) -> None:
    natural = width(" ".join(line.words), line.font, line.size)
    gaps = len(line.words) - 1
    stretch = (line.width - natural) / gaps if line.justified and gaps else 0.0
    if not 0 < stretch <= _MOST_STRETCH:
        write(ink, x, y, " ".join(line.words), size=line.size, colour=BLACK, font=line.font)
        return
    step = width(" ", line.font, line.size) + stretch
    for word in line.words:
        write(ink, x, y, word, size=line.size, colour=BLACK, font=line.font)
        x += width(word, line.font, line.size) + step

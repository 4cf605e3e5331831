"""The content of a page, as records for the rules that find figures.

All boxes are in points from the top left of the page, rotated so that its text runs from left to right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol

from hugo_llmpapers.figures.geometry import Box

_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text."""

    box: Box
    text: str
    """Without double or surrounding spaces; never empty."""
    size: float
    """Font size of most of its letters, in points."""
    font: str = ""
    """Font family of most of its letters, without weight, slant and design size."""
    bold: bool = False
    """Whether it begins in bold."""
    upright: bool = True
    """False if it does not run from left to right, such as the label of a y axis."""
    block: int = 0
    """Number of its paragraph, as the PDF's text was read."""

    @property
    def is_numeric(self) -> bool:
        """Whether digits are at least half of its letters, as in the ticks of an axis."""
        letters = self.text.replace(" ", "")
        return 2 * len(_DIGIT.findall(letters)) >= len(letters)

    @property
    def is_sparse(self) -> bool:
        """Whether its words are far apart, as in a table row. False for scripts with wide letters."""
        return self.text.isascii() and self.box.width > 0.65 * self.size * len(self.text)


@dataclass(frozen=True, slots=True)
class Graphic:
    """An image, or a drawn path."""

    box: Box
    kind: Literal["image", "path"]

    @property
    def is_rule(self) -> bool:
        """Whether it is a thin horizontal line."""
        return self.box.height <= 2.5 and self.box.width >= 20


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a PDF."""

    number: int
    """0-based."""
    box: Box
    """Of the page itself, from 0, 0."""
    lines: tuple[Line, ...]
    """In the order of the PDF."""
    graphics: tuple[Graphic, ...]
    """In the order of painting."""

    def is_covered_by(self, box: Box) -> bool:
        """Return whether a box covers most of the page, as a background does."""
        return box.area >= 0.8 * self.box.area


class Document(Protocol):
    """A PDF; pages are read on demand."""

    @property
    def page_count(self) -> int: ...

    def page(self, number: int) -> Page:
        """Return the page with this 0-based number."""
        ...

    def ink(self, number: int, box: Box) -> Box | None:
        """Return the box, shrunk to what is not white in it. None if all is white."""
        ...

"""What is on a page: the records that the rules work on.

All boxes are in points from the top left of the page, turned so that its text
runs from left to right.
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
    """With single spaces, without spaces around it; never empty."""
    size: float
    """Of most of its letters, in points."""
    font: str = ""
    """Family of most of its letters, without weight, slant and design size."""
    bold: bool = False
    """Whether it begins in bold."""
    upright: bool = True
    """False for a line that does not run from left to right, for example the label of a y axis."""
    block: int = 0
    """Lines of one paragraph share it, as the PDF's text was read."""

    @property
    def numeric(self) -> bool:
        """Whether digits are at least half of it, as in the ticks of an axis."""
        ink = self.text.replace(" ", "")
        return 2 * len(_DIGIT.findall(ink)) >= len(ink)

    @property
    def sparse(self) -> bool:
        """Whether its words stand far apart, as in a row of a table; not told of scripts with
        wide letters.
        """
        return self.text.isascii() and self.box.width > 0.65 * self.size * len(self.text)


@dataclass(frozen=True, slots=True)
class Graphic:
    """Something drawn that is not text."""

    box: Box
    kind: Literal["image", "path"]

    @property
    def rule(self) -> bool:
        """A thin horizontal line."""
        return self.box.height <= 2.5 and self.box.width >= 20


@dataclass(frozen=True, slots=True)
class Page:
    """One page."""

    number: int
    """0-based."""
    box: Box
    """The page itself, from 0, 0."""
    lines: tuple[Line, ...]
    """In the order of the PDF."""
    graphics: tuple[Graphic, ...]
    """In the order of painting."""


class Document(Protocol):
    """A PDF as the rules see it; pages are read when they are asked for."""

    @property
    def page_count(self) -> int: ...

    def page(self, number: int) -> Page:
        """The page with this 0-based number."""
        ...

    def ink(self, number: int, box: Box) -> Box | None:
        """The box, shrunk to what is not white in it; None where all is white."""
        ...

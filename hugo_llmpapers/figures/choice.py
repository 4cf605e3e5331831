"""Chooses the figure that shows readers of a survey what a paper is about.

That is Figure 1 in nearly every paper. About a quarter of the papers begin with a chart of results instead. If such a paper
has an overview of its method soon after, the overview is better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hugo_llmpapers.figures.page import Line

FIRST = ("1", "I")
"""Numbers of Figure 1 in captions."""

OVERVIEWS = (("2", "II"), ("3", "III"), ("4", "IV"))
"""Numbers of the figures that may replace Figure 1."""

OVERVIEW_PAGES = 10
"""An overview is on one of the first pages."""

_RESULTS = re.compile(
    r"\b(performances?|results?|scal(?:e|es|ing)|loss(?:es)?|accurac(?:y|ies)|benchmarks?|scores?"
    r"|evaluations?|comparisons?|compar(?:ed|ing|es)|rates?|curves?|outperforms?|trade-?offs?"
    r"|errors?|distributions?|statistics|latency|throughput|speedups?)\b",
    re.IGNORECASE,
)
_OVERVIEW = re.compile(
    r"\b(overviews?|frameworks?|architectures?|pipelines?|workflows?|illustrations?"
    r"|schematics?|proposed)\b",
    re.IGNORECASE,
)
_OVERVIEW_LETTERS = 110
"""Letters at the beginning of a caption in which an overview is called so."""


def shows_results(caption: str, inside: Sequence[Line]) -> bool:
    """Return whether a figure is a chart of results, by its caption and the lines of text inside it."""
    return bool(_RESULTS.search(caption)) and not _OVERVIEW.search(caption) and _is_chart(inside)


def shows_overview(caption: str, inside: Sequence[Line]) -> bool:
    """Return whether a caption begins by calling its figure an overview of the method, and the figure is not a chart."""
    return bool(_OVERVIEW.search(caption[:_OVERVIEW_LETTERS])) and not _is_chart(inside)


def _is_chart(inside: Sequence[Line]) -> bool:
    """Return whether a large part of the words are numbers, as on axes."""
    words = [word for line in inside for word in line.text.split()]
    numbers = sum(any(letter.isdigit() for letter in word) for word in words)
    return len(words) >= 5 and numbers >= 0.3 * len(words)

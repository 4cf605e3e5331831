"""Which figure shows a reader of a survey what the paper is about.

Figure 1 does in nearly every paper. About a quarter open with a chart of results instead; where
such a paper has an overview of its method soon after, that is the better picture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hugo_llmpapers.figures.captions import Caption
from hugo_llmpapers.figures.page import Line

FIRST = ("1", "I")
"""How captions number Figure 1."""

OVERVIEWS = (("2", "II"), ("3", "III"), ("4", "IV"))
"""Figures that may take its place, likewise."""

OVERVIEW_PAGES = 10
"""An overview begins within this many pages."""

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
_BEGINNING = 110


def shows_results(caption: Caption, inside: Sequence[Line]) -> bool:
    """Whether the figure is a chart of results, by its caption and the lines of text inside it."""
    if not _RESULTS.search(caption.text) or _OVERVIEW.search(caption.text):
        return False
    return _is_chart(inside)


def shows_overview(caption: Caption, inside: Sequence[Line]) -> bool:
    """Whether the caption begins by calling the figure an overview of the method, and it is no
    chart.
    """
    return bool(_OVERVIEW.search(caption.text[:_BEGINNING])) and not _is_chart(inside)


def _is_chart(inside: Sequence[Line]) -> bool:
    """Whether a large part of the words in the figure are numbers, as on axes."""
    words = [word for line in inside for word in line.text.split()]
    numbers = sum(any(letter.isdigit() for letter in word) for word in words)
    return len(words) >= 5 and numbers >= 0.3 * len(words)

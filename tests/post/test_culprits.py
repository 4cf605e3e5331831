"""Which of several items breaks the build, found by trying some of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image

from hugo_llmpapers.pipeline.draft import harmless
from hugo_llmpapers.post.trial_build import find_culprits
from hugo_llmpapers.records import Candidate, Entry, Figure, Paper, Summary


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8])
def test_each_culprit_is_found(number: int) -> None:
    """And nothing else, with few trials."""
    items = range(number)
    for bad in (set(some) for n in range(1, number + 1) for some in combinations(items, n)):
        trials: list[Sequence[int]] = []

        def fails(some: Sequence[int], bad: set[int] = bad, trials: list[Sequence[int]] = trials) -> bool:
            trials.append(some)
            return bool(bad & set(some))

        assert find_culprits(items, fails) == sorted(bad)
        assert len(trials) <= 2 * number


@pytest.mark.parametrize(
    ("together", "found"),
    [([{1, 4}], [4]), ([{0, 1}, {0, 2}], [1, 2]), ([{1, 4}, {2}], [2]), ([{0, 1, 2, 3, 4}], [4])],
)
def test_the_first_of_those_that_fail_together_stay(together: list[set[int]], found: list[int]) -> None:
    """Items that fail alone are found before."""
    assert find_culprits(range(5), lambda some: any(bad <= set(some) for bad in together)) == found


def test_as_many_as_possible_stay_if_none_fails_alone() -> None:
    """Any three of them fail."""
    assert find_culprits(range(5), lambda some: len(some) >= 3) == [2, 3, 4]


def test_a_harmless_entry_has_no_untrusted_text() -> None:
    """Its image is one that any program can read."""
    text = "\u2603 words"
    paper = Paper(
        arxiv_id="0000.00001", title=text, abstract=text, authors=(text,), published=date(2026, 2, 20), categories=(), listings=(),
        comment=text, tldr=text, code_url=text, project_url=text,
    )  # fmt: skip
    figure = Figure(b"no image", 1, 1, 0, None, text, text, "caption-below")
    made = harmless(Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(text, "claude"), figure, text))
    assert text not in repr(made)
    assert made.figure is not None
    with Image.open(BytesIO(made.figure.png)) as image:
        assert image.convert("RGB").getpixel((799, 449)) == (255, 255, 255)
        assert image.size == (made.figure.width_px, made.figure.height_px)

"""Which of several is to blame, by trying some of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest

from hugo_llmpapers.blame import culprits


@pytest.mark.parametrize("number", [1, 2, 3, 5, 8])
def test_each_culprit_is_found(number: int) -> None:
    """And nobody else, with few trials."""
    items = range(number)
    for bad in (set(some) for n in range(1, number + 1) for some in combinations(items, n)):
        trials: list[Sequence[int]] = []

        def fails(some: Sequence[int], bad: set[int] = bad, trials: list[Sequence[int]] = trials) -> bool:
            trials.append(some)
            return bool(bad & set(some))

        assert culprits(items, fails) == sorted(bad)
        assert len(trials) <= 2 * number


def test_one_of_two_that_fail_together_is_enough() -> None:
    """Without either of them there is no failure."""
    assert culprits(range(5), lambda some: {1, 4} <= set(some)) == [1]


def test_where_nobody_alone_is_to_blame_there_is_none() -> None:
    """Any three of them fail."""
    assert culprits(range(5), lambda some: len(some) >= 3) == []

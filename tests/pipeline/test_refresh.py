"""What `refresh` takes for a hole of a post."""

from __future__ import annotations

import pytest

from hugo_llmpapers.pipeline.refresh import is_shown

ABSTRACT = "We weigh pebbles. A model guesses. It is right for 9 of 10."
EXCERPT = "We weigh pebbles. A model guesses."
FOLDED = '{{< details summary="Abstract" >}}\n%s\n{{< /details >}}'


@pytest.mark.parametrize(
    ("post", "excerpt", "shown"),
    [
        (f"### 要約\n\nモデルが小石を量る。\n\n{FOLDED % ABSTRACT}", EXCERPT, False),
        (f"### 抜粋\n\n{EXCERPT}\n\n{FOLDED % ABSTRACT}", EXCERPT, True),
        (f"Excerpt: {EXCERPT}\n\n{FOLDED % ABSTRACT}", EXCERPT, True),
        (FOLDED % ABSTRACT, ABSTRACT, False),
        (f"{ABSTRACT}\n\n{FOLDED % ABSTRACT}", ABSTRACT, True),
        ("", EXCERPT, False),
    ],
    ids=["a summary", "an excerpt", "an excerpt after a word", "a short abstract", "all of it as excerpt", "neither"],
)
def test_an_excerpt_is_no_part_of_the_folded_abstract(post: str, excerpt: str, shown: bool) -> None:
    """Else a summary that is there would be paid for again."""
    assert is_shown(excerpt, ABSTRACT, post) is shown

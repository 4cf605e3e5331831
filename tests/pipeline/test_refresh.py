"""How `refresh` recognises what a post shows of each paper."""

from __future__ import annotations

import pytest

from hugo_llmpapers.pipeline.refresh import is_shown, sections

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


IDS = ("2602.00001", "2602.00002")


def _link(number: int) -> str:
    return f"[arxiv](https://arxiv.org/abs/{IDS[number]})"


@pytest.mark.parametrize(
    ("post", "first", "second"),
    [
        (f"## Intro\n\n## 1. One\n\n{_link(0)}\n\n### Summary\n\nx\n\n## 2. Two\n\n{_link(1)}\n", "## 1. One", "## 2. Two"),
        (f"# 1. One\n\n### Summary\n\nx\n\n{_link(0)}\n\n# 2. Two\n\n### Summary\n\n{_link(1)}\n", "# 1. One", "# 2. Two"),
        (f"{_link(0)} one\n\n{_link(1)} two\n", "arxiv.org/abs/2602.00001", "arxiv.org/abs/2602.00002"),
        (f"## 1. Two\n{_link(1)}\n## 2. One\n{_link(0)}\n", "## 2. One", "## 1. Two"),
        (f"## 1. One\n{_link(0)}\n", "## 1. One", ""),
    ],
    ids=["link first", "link last", "no headings", "in another order", "one was taken out"],
)  # fmt: skip
def test_the_section_of_a_paper_begins_at_its_heading(post: str, first: str, second: str) -> None:
    """Whether the link to the paper comes before or after its summary; an absent paper has no section."""
    parts = sections(post, IDS)
    assert [part.splitlines()[0].partition(")")[0] if part else "" for part in parts] == [first, second]
    assert "".join(sorted(parts, key=post.find)) == post[post.find(min(filter(None, parts), key=post.find)) :]

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


MARKS = (("2602.00001", "One"), ("2602.00002", "Two"))
LINKS = [f"[arxiv](https://arxiv.org/abs/{paper})" for paper, _ in MARKS]
PAGE = f"# Papers\n\n## 1. One\n\n{LINKS[0]}\n\n### Text\n\nx\n\n## 2. Two\n\n{LINKS[1]}\n\n### Text\n\ny\n"
FIRST, SECOND = PAGE[PAGE.index("## 1.") : PAGE.index("## 2.")], PAGE[PAGE.index("## 2.") :]


@pytest.mark.parametrize(
    ("post", "first", "second"),
    [
        (PAGE, FIRST, SECOND),
        (f"See {LINKS[1]}.\n\n{PAGE}", FIRST, SECOND),
        (PAGE.replace("## 2.", f"See {LINKS[0]}.\n\n## 2."), f"{FIRST}See {LINKS[0]}.\n\n", SECOND),
        (SECOND + FIRST, FIRST, SECOND),
        (PAGE.replace("## 1. One\n\n", "").replace("## 2. Two\n\n", ""), FIRST[11:], SECOND[11:]),
        (FIRST + "See https://arxiv.org/abs/2602.00002.", FIRST + "See https://arxiv.org/abs/2602.00002.", ""),
    ],
    ids=["as generated", "a link above", "a link below", "in another order", "no headings", "one was taken out"],
)
def test_the_section_of_a_paper_begins_at_its_own_lines(post: str, first: str, second: str) -> None:
    """Not at a link to it that the owner has added; an absent paper has no section."""
    assert sections(post, PAGE, MARKS) == [first, second]


def test_a_line_about_two_papers_begins_no_section() -> None:
    """As a list of all papers in the introduction."""
    page = f"{LINKS[0]} {LINKS[1]}\n{PAGE}"
    assert sections(page, page, MARKS) == [FIRST, SECOND]

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hugo_llmpapers.records import Listing, Skipped
from hugo_llmpapers.sources.merge import looks_damaged, merge, title_key, with_text_of
from tests.invented import listing, paper

ARXIV = listing(title=r"$\nabla^2$Pebble", abstract=r"Costs \$1.", comment="9 pages", categories=("cs.CL",))
CITED = listing(
    source="semanticscholar",
    title="∇2Pebble",
    abstract="Costs one.",
    authors=("A. Kiesel",),
    published=date(2026, 2, 26),
    doi="10.5555/pebble.1",
    citations=4,
    tldr="Pebbles weigh.",
)
VOTED = listing(
    source="huggingface",
    title="nabla^2Pebble",
    abstract=r"Costs \1.",
    authors=("Ada",),
    published=date(2026, 2, 27),
    votes=9,
    code_url="https://github.com/quarry/pebbles",
    project_url="https://pebbles.example",
)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_arxivs_words_come_first(order: tuple[int, ...]) -> None:
    """Text, authors and date are arXiv's where it has the paper, whoever listed it first; each adds what it knows."""
    told = (ARXIV, CITED, VOTED)
    found = paper(*(told[i] for i in order))
    assert (found.title, found.abstract) == (ARXIV.title, ARXIV.abstract)
    assert (found.authors, found.published) == (ARXIV.authors, ARXIV.published)
    assert (found.categories, found.comment) == (("cs.CL",), "9 pages")
    assert (found.tldr, found.code_url, found.project_url) == (CITED.tldr, VOTED.code_url, VOTED.project_url)
    assert found.listings == told
    assert found.listing_from("huggingface") == VOTED


def test_semantic_scholar_comes_before_hugging_face() -> None:
    """Hugging Face strips LaTeX with losses, so its text is the last resort."""
    found = paper(VOTED, CITED)
    assert (found.title, found.abstract, found.authors) == (CITED.title, CITED.abstract, CITED.authors)


def test_title_and_abstract_are_of_one_source() -> None:
    """A source without an abstract does not lend its title to another's abstract."""
    found = paper(replace(ARXIV, abstract=None), replace(CITED, abstract=None), VOTED)
    assert (found.title, found.abstract) == (VOTED.title, VOTED.abstract)
    assert found.authors == ARXIV.authors


def test_one_source_is_enough() -> None:
    """A paper needs one listing that is whole."""
    assert paper(VOTED).listings == (VOTED,)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"title": "Another Title Altogether"}),
        (
            {"doi": "10.5555/PEBBLE.1"},
            {"arxiv_id": None, "doi": "10.5555/pebble.1", "title": "Another Title Altogether"},
        ),
        ({}, {"arxiv_id": None}),
        ({"arxiv_id": None}, {}),
        ({}, {"arxiv_id": None, "title": "WEIGHING  pebbles, with a Language-Model."}),
        ({"title": r"Weighing \textbf{Pebbles} with a $Language$ Model"}, {"arxiv_id": None}),
        ({"title": "Ｗeighing Pebbles with a Language Model"}, {"arxiv_id": None}),
    ],
    ids=["id", "DOI", "title", "title, id later", "case and signs", "LaTeX", "width"],
)
def test_two_listings_of_one_paper_are_one(first: dict[str, Any], second: dict[str, Any]) -> None:
    """The arXiv id decides, else the DOI in any case, else the title without LaTeX, case, width and punctuation."""
    found = paper(listing(**first), listing(source="semanticscholar", **second))
    assert found.arxiv_id == "0000.00010"
    assert [(x.source, x.arxiv_id) for x in found.listings] == [
        ("arxiv", "0000.00010"),
        ("semanticscholar", "0000.00010"),
    ]


def test_two_papers_of_one_title_stay_two() -> None:
    """Different ids are different papers, however they are called, and each keeps its own listings."""
    one, other = listing("0000.00010"), listing("0000.00011")
    votes = [replace(VOTED, arxiv_id=x.arxiv_id, title=x.title) for x in (other, one)]
    papers, skipped = merge([one, other, *votes])
    assert [(p.arxiv_id, [x.source for x in p.listings]) for p in papers] == [
        ("0000.00010", ["arxiv", "huggingface"]),
        ("0000.00011", ["arxiv", "huggingface"]),
    ]
    assert skipped == []


@pytest.mark.parametrize("title", ["0", "LLMs", "On Pebbles"])
def test_a_short_title_names_no_paper(title: str) -> None:
    """A few letters in common are no reason to take two papers for one."""
    papers, skipped = merge([listing(title=title), listing(None, "semanticscholar", title=title)])
    assert [p.title for p in papers] == [title]
    assert [x.subject for x in skipped] == [title]


def test_a_source_that_says_a_paper_twice_is_heard_once() -> None:
    """The first of two listings counts, and the paper names the source once."""
    assert paper(replace(VOTED, votes=9), replace(VOTED, votes=3)).listings == (VOTED,)


def test_papers_keep_the_order_of_their_first_listing() -> None:
    """The result is as deterministic as the input."""
    ids = ["0000.00012", "0000.00010", "0000.00011"]
    rows = [listing(i, title=f"Pebble number {i}") for i in ids]
    assert [p.arxiv_id for p in merge([*rows, *reversed(rows)])[0]] == ids
    assert merge([]) == ([], [])


@pytest.mark.parametrize(
    ("row", "skipped"),
    [
        (
            listing(None, "semanticscholar"),
            Skipped("Weighing Pebbles with a Language Model", "merge", "no arXiv id"),
        ),
        (listing(abstract=None), Skipped("0000.00010", "merge", "no abstract")),
        (listing(authors=()), Skipped("0000.00010", "merge", "no authors")),
        (listing(published=None), Skipped("0000.00010", "merge", "no date")),
    ],
    ids=lambda x: x.reason if isinstance(x, Skipped) else "",
)
def test_what_cannot_be_a_paper_is_said_with_its_reason(row: Listing, skipped: Skipped) -> None:
    """Nothing is invented for what no source knows."""
    assert merge([row]) == ([], [skipped])


def test_a_later_listing_retells_a_paper() -> None:
    """arXiv's text, asked for later, takes the damaged one's place; votes, code and the rest stay."""
    found = with_text_of(paper(VOTED), ARXIV)
    assert (found.title, found.abstract, found.authors) == (ARXIV.title, ARXIV.abstract, ARXIV.authors)
    assert found.code_url == VOTED.code_url
    assert [x.source for x in found.listings] == ["arxiv", "huggingface"]


def test_what_a_later_listing_does_not_say_stays() -> None:
    """A sentence that came from nowhere among the listings is kept, too; a listing without text changes none."""
    told = replace(paper(VOTED), tldr="Pebbles weigh.")
    assert with_text_of(told, ARXIV).tldr == "Pebbles weigh."
    bare = replace(ARXIV, abstract=None, authors=(), published=None, comment=None)
    assert with_text_of(told, bare).abstract == VOTED.abstract


@pytest.mark.parametrize(
    "text",
    [
        "LLMtimesPebble: asking twice",
        "nabla^2Stone: data for stones",
        r"It costs \1 million to weigh them all.",
        "Code is at ttps://github.com/quarry/pebbles",
        "(ttp://pebbles.example)",
        "faster by 3times2 stones",
        "a tau^2-bench for pebbles",
        "pebblerightarrowStone",
        "V_{0.5 is left open",
        "closed} without a start",
    ],
)
def test_damaged_latex_is_seen(text: str) -> None:
    """Eaten dollars and backslashes, glued-in names of signs and half addresses tell that arXiv is worth asking."""
    assert looks_damaged(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Weighing Pebbles with a Language Model",
        "See https://github.com/quarry/pebbles and http://pebbles.example.",
        "It costs $1 million, 10 times more, and sometimes 3 times as much.",
        "The alpha of the model is small; beta-VAE, lambda calculus, AlphaPebble and TimesNet are not.",
        r"Kept as written: $V_{0.5}$, $\nabla^2$, $\times$, \textbf{bold}.",
        "V_{0.5} is balanced",
        "New York Times: a multimodal similarity of Simulations and simple SimPebble",
        "sim2real and Sim2Real transfer, tau-bench, GPT-4o, similarity 0.9, oftentimes.",
    ],
)
def test_ordinary_text_is_not_called_damaged(text: str) -> None:
    """A false alarm costs arXiv a request, so words that merely look like signs raise none."""
    assert not looks_damaged(text)


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("0", "0"),
        (r"$V_{0.5}$: \texttt{Pebble}-Net!", "v05pebblenet"),
        (r"LLM$\times$Pebble", "llmpebble"),
        ("ＬＬＭ　と石", "llmと石"),
        ("Straße", "strasse"),
        ("!?", ""),
    ],
)
def test_what_is_left_of_a_title(title: str, key: str) -> None:
    """Letters and digits without case and width, commands of LaTeX left out."""
    assert title_key(title) == key

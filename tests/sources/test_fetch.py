from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from hugo_llmpapers.errors import Failure, ServicesFailed, Unavailable
from hugo_llmpapers.records import Candidate, Listing, Paper, Skipped, SourceName, Step
from hugo_llmpapers.sources.fetch import (
    BoundSource,
    SourceResults,
    candidates_for_ids,
    fetch_by_id,
    fetch_window,
    with_repaired_texts,
    with_tldrs,
)
from hugo_llmpapers.sources.merge import merge
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service
from tests.invented import NOON, listing, paper

QUERY = Query(NOON, 5, ("language model",), ("cs.CL",))
NAMES: dict[SourceName, str] = {
    "arxiv": "arXiv",
    "semanticscholar": "Semantic Scholar",
    "huggingface": "Hugging Face",
}


@dataclass
class Fake:
    """A source that knows some papers; a failing one is down."""

    name: SourceName
    found: Sequence[Listing] = ()
    known: Sequence[Listing] = ()
    down: bool = False
    broken: bool = False
    windows: list[int] = field(default_factory=list)
    asked: list[list[str]] = field(default_factory=list)

    def fetch(self, query: Query, web: Web, service: Service) -> list[Listing]:
        self.windows.append(query.window_days)
        return self._answer(self.found, service)

    def lookup(self, ids: Sequence[str], web: Web, service: Service) -> list[Listing]:
        self.asked.append(list(ids))
        return self._answer([x for x in self.known if x.arxiv_id in ids], service)

    def _answer(self, rows: Sequence[Listing], service: Service) -> list[Listing]:
        if self.broken:
            raise ZeroDivisionError
        if self.down:
            raise Unavailable(service.name, "rate limit exceeded (HTTP 429)", status=429)
        return list(rows)


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """What sources are handed; offline, as none here asks it."""
    with Web(Cache(tmp_path), NOON, user_agent="test/1", offline=True) as opened:
        yield opened


def up(fake: Fake) -> BoundSource:
    return BoundSource(fake, Service(NAMES[fake.name], "https://service.example"))


def bound(*fake: Fake) -> dict[SourceName, BoundSource]:
    return {one.name: up(one) for one in fake}


def quiet(_: Step) -> None:
    pass


def candidate(of: Paper) -> Candidate:
    return Candidate(of, 0.0, (), "arxiv")


def test_all_sources_are_fetched(web: Web) -> None:
    """Listings and names are in the order of the sources."""
    arxiv = Fake("arxiv", [listing("0000.00011"), listing("0000.00010")])
    voted = Fake("huggingface", [listing("0000.00012", "huggingface")])
    found = fetch_window(QUERY, bound(arxiv, voted), web, quiet)
    assert [x.arxiv_id for x in found.listings] == ["0000.00011", "0000.00010", "0000.00012"]
    assert (found.answered, found.failed) == (("arxiv", "huggingface"), ())


def test_sources_are_fetched_in_parallel(web: Web) -> None:
    """A slow source does not delay the others."""
    meeting = threading.Barrier(3, timeout=10)

    class Slow(Fake):
        def fetch(self, query: Query, web: Web, service: Service) -> list[Listing]:
            meeting.wait()
            return super().fetch(query, web, service)

    found = fetch_window(QUERY, bound(*(Slow(name) for name in NAMES)), web, quiet)
    assert found.answered == tuple(NAMES)


@pytest.mark.parametrize(("window", "asked"), [(5, 30), (30, 30), (60, 60)])
def test_citations_have_a_longer_window(web: Web, window: int, asked: int) -> None:
    """Thirty days at least for Semantic Scholar."""
    arxiv, cited, voted = (Fake(name) for name in NAMES)
    fetch_window(replace(QUERY, window_days=window), bound(arxiv, cited, voted), web, quiet)
    assert (arxiv.windows, cited.windows, voted.windows) == ([window], [asked], [window])


def test_a_source_that_fails_costs_only_its_papers(web: Web) -> None:
    """The failure has the service's name and the reason."""
    found = fetch_window(QUERY, bound(Fake("arxiv", down=True), Fake("huggingface", [listing()])), web, quiet)
    assert [x.arxiv_id for x in found.listings] == ["0000.00010"]
    assert found.answered == ("huggingface",)
    assert found.failed == (Skipped("arxiv", "source", "arXiv: rate limit exceeded (HTTP 429)"),)


def test_an_empty_answer_is_no_failure(web: Web) -> None:
    """The source has answered."""
    assert fetch_window(QUERY, bound(Fake("arxiv")), web, quiet) == SourceResults((), ("arxiv",), ())


def test_it_fails_if_no_source_answers(web: Web) -> None:
    """One line has all reasons."""
    with pytest.raises(ServicesFailed) as caught:
        fetch_window(QUERY, bound(Fake("arxiv", down=True), Fake("huggingface", down=True)), web, quiet)
    assert caught.value.exit_code == 5
    assert caught.value.message == (
        "No source could be reached: arXiv: rate limit exceeded (HTTP 429); Hugging Face: rate limit exceeded (HTTP 429)."
    )
    assert "the post was not written" in caught.value.remedy


def test_a_bug_in_a_source_is_raised(web: Web) -> None:
    """Only Unavailable is a failed source."""
    with pytest.raises(ZeroDivisionError):
        fetch_window(QUERY, bound(Fake("arxiv", broken=True), Fake("huggingface")), web, quiet)


def test_progress_is_reported(web: Web) -> None:
    """Start, number of papers, and failure with the reason."""
    told: list[Step] = []
    fetch_window(QUERY, bound(Fake("arxiv", [listing()]), Fake("huggingface", down=True)), web, told.append)
    assert told == [
        Step("sources", "arXiv", "started"),
        Step("sources", "arXiv", "done", "1 paper"),
        Step("sources", "Hugging Face", "started"),
        Step("sources", "Hugging Face", "failed", "rate limit exceeded (HTTP 429)"),
    ]


def test_papers_are_looked_up_in_all_sources(web: Web) -> None:
    """Hugging Face's lists are read first, which saves lookups."""
    ids = ["0000.00011", "0000.00010"]
    arxiv = Fake("arxiv", [listing("0000.00099")], [listing(i) for i in ids])
    cited = Fake("semanticscholar", [listing("0000.00099")], [])
    on_list = [listing(i, "huggingface") for i in ("0000.00010", "0000.00098")]
    voted = Fake("huggingface", on_list, [listing("0000.00011", "huggingface", listed=None)])
    found = fetch_by_id(ids, QUERY, bound(arxiv, cited, voted), web, quiet)
    assert [(x.source, x.arxiv_id) for x in found.listings] == [
        ("arxiv", "0000.00011"),
        ("arxiv", "0000.00010"),
        ("huggingface", "0000.00010"),
        ("huggingface", "0000.00011"),
    ]
    assert (arxiv.asked, cited.asked, voted.asked) == ([ids], [ids], [["0000.00011"]])
    assert (arxiv.windows, cited.windows, voted.windows) == ([], [], [5])


def gathered(*rows: Listing, answered: tuple[SourceName, ...] = ("arxiv",)) -> tuple[list[Paper], SourceResults]:
    return merge(rows)[0], SourceResults(rows, answered, ())


def test_candidates_have_the_order_of_the_ids() -> None:
    """They are not ranked."""
    papers, found = gathered(*(listing(f"0000.0001{n}", title=f"Pebble number {n}") for n in range(3)))
    ids = ["0000.00012", "0000.00010", "0000.00011"]
    candidates = candidates_for_ids(ids, papers, found)
    assert [c.paper.arxiv_id for c in candidates] == ids
    assert {(c.score, c.reasons) for c in candidates} == {(0.0, ())}


def test_candidates_are_only_the_requested_papers() -> None:
    """Other papers are ignored."""
    papers, found = gathered(listing("0000.00010"), listing("0000.00011", title="Another Pebble Altogether"))
    assert [c.paper.arxiv_id for c in candidates_for_ids(["0000.00011"], papers, found)] == ["0000.00011"]


@pytest.mark.parametrize(
    ("rows", "source"),
    [
        ([listing()], "arxiv"),
        ([listing(), listing(source="semanticscholar", citations=0)], "arxiv"),
        ([listing(), listing(source="semanticscholar", citations=None)], "arxiv"),
        ([listing(), listing(source="semanticscholar", citations=3)], "semanticscholar"),
        ([listing(), listing(source="semanticscholar", citations=3), listing(source="huggingface")], "huggingface"),
    ],
    ids=lambda x: x if isinstance(x, str) else "",
)
def test_the_source_of_a_requested_paper(rows: list[Listing], source: SourceName) -> None:
    """Hugging Face, then cited papers of Semantic Scholar, then arXiv."""
    papers, found = gathered(*rows)
    assert candidates_for_ids(["0000.00010"], papers, found)[0].source == source


def test_an_unknown_id_is_a_failure() -> None:
    """If arXiv answered. The message names the ids."""
    papers, found = gathered(listing())
    with pytest.raises(Failure) as caught:
        candidates_for_ids(["0000.00098", "0000.00010", "0000.00099"], papers, found)
    assert not isinstance(caught.value, ServicesFailed)
    assert caught.value.message == "arXiv has no paper 0000.00098, 0000.00099."


def test_a_missing_id_while_arxiv_is_down_is_a_failure_of_services() -> None:
    """The paper may exist."""
    papers, found = gathered(listing("0000.00010", "huggingface"), answered=("huggingface",))
    found = replace(found, failed=(Skipped("arxiv", "source", "arXiv: down"),))
    with pytest.raises(ServicesFailed, match=r"did not answer for 0000\.00099"):
        candidates_for_ids(["0000.00010", "0000.00099"], papers, found)


def test_a_missing_id_without_arxiv_among_the_sources_is_a_failure() -> None:
    """Trying again would not help."""
    found = SourceResults((listing("0000.00010", "huggingface"),), ("huggingface",), ())
    with pytest.raises(Failure, match="None of your `sources` knows"):
        candidates_for_ids(["0000.00099"], merge(found.listings)[0], found)


def test_requested_papers_may_come_from_other_sources() -> None:
    """If they know all of them, arXiv is not needed."""
    papers, found = gathered(listing("0000.00010", "huggingface"), answered=("huggingface",))
    assert [c.source for c in candidates_for_ids(["0000.00010"], papers, found)] == ["huggingface"]


DAMAGED = "It costs \\1 million to weigh LLMtimesPebbles."
WHOLE = r"It costs \$1 million to weigh LLM$\times$Pebbles."


def damaged(number: str) -> Candidate:
    return candidate(paper(listing(f"0000.{number}", "huggingface", abstract=DAMAGED, votes=3)))


def test_damaged_texts_are_replaced_by_arxivs(web: Web) -> None:
    """Of the first candidates, in one request; order and score stay."""
    sound = candidate(paper(listing("0000.00011", "huggingface")))
    from_arxiv = candidate(paper(listing("0000.00012", abstract=DAMAGED)))
    candidates = [damaged("00010"), sound, from_arxiv, damaged("00013"), damaged("00014")]
    arxiv = Fake("arxiv", known=[listing(f"0000.0001{n}", abstract=WHOLE) for n in range(5)])
    found = with_repaired_texts(candidates, 4, up(arxiv), web)
    assert [c.paper.abstract for c in found] == [WHOLE, sound.paper.abstract, DAMAGED, WHOLE, DAMAGED]
    assert [c.paper.arxiv_id for c in found] == [c.paper.arxiv_id for c in candidates]
    assert arxiv.asked == [["0000.00010", "0000.00013"]]
    assert [x.source for x in found[0].paper.listings] == ["arxiv", "huggingface"]


@pytest.mark.parametrize("arxiv", [None, Fake("arxiv", down=True), Fake("arxiv")], ids=["off", "down", "ignorant"])
def test_damaged_texts_stay_without_arxiv(web: Web, arxiv: Fake | None) -> None:
    """If it is not configured or does not answer."""
    candidates = [damaged("00010")]
    assert with_repaired_texts(candidates, 5, up(arxiv) if arxiv else None, web) == candidates


def test_undamaged_texts_need_no_request(web: Web) -> None:
    """arXiv is not contacted."""
    arxiv = Fake("arxiv")
    candidates = [candidate(paper(listing("0000.00010", "huggingface")))]
    assert with_repaired_texts(candidates, 5, up(arxiv), web) == candidates
    assert arxiv.asked == []


def test_short_descriptions_are_fetched_for_the_first(web: Web) -> None:
    """The first papers without a sentence of Semantic Scholar's get it in one request, where it has one."""
    had = candidate(paper(listing("0000.00010"), listing(source="semanticscholar", tldr="Known.")))
    others = [candidate(paper(listing(f"0000.0001{n}"))) for n in (1, 2, 3)]
    known = [listing("0000.00011", "semanticscholar", tldr="Found."), listing("0000.00012", "semanticscholar")]
    cited = Fake("semanticscholar", known=known)
    found = with_tldrs([had, *others], 3, up(cited), web)
    assert [c.paper.tldr for c in found] == ["Known.", "Found.", None, None]
    assert cited.asked == [["0000.00011", "0000.00012"]]


@pytest.mark.parametrize("cited", [None, Fake("semanticscholar", down=True)], ids=["off", "down"])
def test_short_descriptions_can_be_done_without(web: Web, cited: Fake | None) -> None:
    """Without Semantic Scholar the papers stay as they are."""
    candidates = [candidate(paper(listing()))]
    assert with_tldrs(candidates, 5, up(cited) if cited else None, web) == candidates


def test_short_descriptions_that_are_there_cost_nothing(web: Web) -> None:
    """If all have a sentence, Semantic Scholar is not asked."""
    cited = Fake("semanticscholar")
    told = candidate(paper(listing(), listing(source="semanticscholar", tldr="Known.")))
    assert with_tldrs([told], 5, up(cited), web) == [told]
    assert cited.asked == []

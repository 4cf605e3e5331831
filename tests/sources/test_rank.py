from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from hugo_llmpapers.records import Candidate, Listing, Paper, Skipped
from hugo_llmpapers.sources import rank as ranking
from hugo_llmpapers.sources.rank import Ranking, has_code, is_accepted, rank
from hugo_llmpapers.sources.topic import compile_topic
from tests.invented import NOON, listing, paper

UNTIL = NOON + timedelta(hours=12)
DAY = timedelta(days=1)
KEYWORDS = ("language model", "agentic", "RAG", "prompting", "hallucination")


def ranked(papers: Sequence[Paper], count: int = 5, *, exclude: Sequence[str] = (), window_days: int = 5) -> Ranking:
    return rank(papers, compile_topic(KEYWORDS), compile_topic(exclude), UNTIL, window_days, count)


def order(papers: Sequence[Paper], count: int = 5) -> list[str]:
    """The ids, best first, without what all of them have in common."""
    return [c.paper.arxiv_id.removeprefix("0000.") for c in ranked(papers, count).candidates]


def only(papers: Sequence[Paper], arxiv_id: str) -> Candidate:
    (found,) = (c for c in ranked(papers).candidates if c.paper.arxiv_id == f"0000.{arxiv_id}")
    return found


def points(candidate: Candidate) -> dict[str, float]:
    return {reason.name: reason.points for reason in candidate.reasons}


def voted(number: str, votes: int | None, **other: Any) -> Listing:
    return listing(f"0000.{number}", "huggingface", votes=votes, **other)


def cited(number: str, citations: int | None, **other: Any) -> Listing:
    return listing(f"0000.{number}", "semanticscholar", citations=citations, **other)


def announced(number: str, **other: Any) -> Listing:
    return listing(f"0000.{number}", **other)


def test_more_votes_come_first() -> None:
    """Among papers of one list the readers decide."""
    assert order([paper(voted(f"0001{n}", votes)) for n, votes in enumerate([3, 40, 0, 12])]) == [
        "00011",
        "00013",
        "00010",
        "00012",
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"comment": "This paper has been withdrawn by the authors due to an error in Lemma 2"},
        {"comment": "Withdrawn: the data were wrong"},
        {"abstract": "This submission has been withdrawn by arXiv administrators. A language model was its subject."},
    ],
)
def test_a_withdrawn_paper_is_left_out(other: dict[str, str]) -> None:
    """Whatever speaks for it; the reason is told."""
    found = ranked([paper(voted("00010", 90, **other)), paper(voted("00011", 1))])
    assert [c.paper.arxiv_id for c in found.candidates] == ["0000.00011"]
    assert found.skipped == (Skipped("0000.00010", "rank", "withdrawn by its authors or by arXiv"),)


def test_a_paper_about_withdrawal_stays() -> None:
    """What was withdrawn is its subject."""
    abstract = "We study why a language model was withdrawn. This paper was widely read."
    assert order([paper(voted("00010", 1, abstract=abstract, comment="12 pages"))]) == ["00010"]


def test_more_citations_come_first() -> None:
    """Among papers of one week citations decide; none, or an unknown number, is no signal."""
    found = ranked([paper(cited(f"0001{n}", count)) for n, count in enumerate([0, 7, None, 2])])
    assert [c.paper.arxiv_id[-1] for c in found.candidates] == ["1", "3", "0", "2"]
    assert [round(points(c)["semanticscholar"], 1) for c in found.candidates[2:]] == [0.0, 0.0]


def test_papers_are_compared_with_their_peers() -> None:
    """The best of today's list does not compete with a paper that collected votes for days."""
    today = [paper(voted(f"0001{n}", 4 + n)) for n in range(5)]
    older = [paper(voted(f"0002{n}", 40 + n, listed=NOON - DAY)) for n in range(5)]
    alone, together = only(today, "00014"), only(today + older, "00014")
    assert alone.score == together.score
    assert order(today + older, 1)[0] == "00024"
    assert order(today + older, 10).index("00014") < order(today + older, 10).index("00020")


def test_the_best_of_few_gets_less_than_the_best_of_many() -> None:
    """With the same votes."""
    lonely = only([paper(voted("00010", 20))], "00010")
    crowned = only([paper(voted("00010", 20))] + [paper(voted(f"0002{n}", 2)) for n in range(9)], "00010")
    assert crowned.score > lonely.score


def test_many_votes_count_by_themselves() -> None:
    """A paper with many votes beats the best paper of a weak day."""
    strong = [paper(voted(f"0001{n}", 50 + n)) for n in range(3)]
    weak = [paper(voted(f"0002{n}", 1 + n, listed=NOON - timedelta(hours=12))) for n in range(3)]
    assert order(strong + weak)[:3] == ["00012", "00011", "00010"]


def test_the_source_with_the_strongest_signal_is_named() -> None:
    """The others add a little."""
    crowd = [paper(voted(f"0002{n}", 1), cited(f"0002{n}", 1)) for n in range(8)]
    by_votes = only([*crowd, paper(voted("00010", 60), cited("00010", 1))], "00010")
    by_citations = only([*crowd, paper(voted("00010", 0), cited("00010", 9))], "00010")
    by_arxiv = only([paper(announced("00010"))], "00010")
    assert (by_votes.source, by_citations.source, by_arxiv.source) == ("huggingface", "semanticscholar", "arxiv")
    assert "60 votes" in by_votes.reasons[0].detail
    assert "9 citations" in by_citations.reasons[0].detail


def test_agreement_adds_a_little() -> None:
    """A second source's word raises a paper, by less than the first one's."""
    crowd = [paper(voted(f"0002{n}", 1)) for n in range(4)]
    alone = points(only([*crowd, paper(voted("00010", 60))], "00010"))
    agreed = points(only([*crowd, paper(voted("00010", 60), announced("00010"))], "00010"))
    assert agreed["huggingface"] == alone["huggingface"]
    assert 0 < agreed["also arxiv"] < agreed["huggingface"]
    assert sum(agreed.values()) > sum(alone.values())


def test_the_topic_counts() -> None:
    """Of two papers with the same votes the one with more of the topic in its title comes first."""
    plain = paper(voted("00010", 5))
    themed = paper(voted("00011", 5, title="Prompting an Agentic Language Model"))
    assert order([plain, themed]) == ["00011", "00010"]
    found = only([plain, themed], "00011")
    assert points(found)["topic"] == ranking.TOPIC
    assert {r.name: r.detail for r in found.reasons}["topic"] == "language model, agentic, prompting"


@pytest.mark.parametrize(("hours", "fresh"), [(0, 10.0), (12, 9.0), (60, 5.0), (120, 0.0), (480, 0.0)])
def test_freshness_falls_over_the_window(hours: int, fresh: float) -> None:
    """A paper listed this moment has all points of freshness, one from before the window none."""
    found = only([paper(voted("00010", 1, listed=UNTIL - timedelta(hours=hours)))], "00010")
    assert points(found)["fresh"] == pytest.approx(fresh)


def test_a_paper_without_a_listing_date_is_not_fresh() -> None:
    """What is not known is not taken for this moment."""
    assert points(only([paper(voted("00010", 1, listed=None))], "00010"))["fresh"] == 0.0


def test_a_listing_from_the_future_is_as_fresh_as_this_moment() -> None:
    """A clock that is ahead buys no points."""
    assert points(only([paper(voted("00010", 1, listed=UNTIL + DAY))], "00010"))["fresh"] == ranking.FRESH


def test_a_late_riser_is_carried_up() -> None:
    """The top of an older list, which freshness left behind, has points of its own instead."""
    crowd = [paper(voted(f"0002{n}", 1, listed=NOON - 4 * DAY)) for n in range(9)]
    riser = only([*crowd, paper(voted("00010", 90, listed=NOON - 4 * DAY))], "00010")
    assert points(riser)["late riser"] == ranking.LATE_RISER
    assert "fresh" not in points(riser)
    assert "late riser" not in points(only(crowd, "00020"))
    young = [paper(voted(f"0002{n}", 1)) for n in range(9)]
    assert "fresh" in points(only([*young, paper(voted("00010", 90))], "00010"))


def test_in_a_long_window_a_young_paper_keeps_its_freshness() -> None:
    """The points of an older list's top are for those that freshness has left behind: they never cost a paper points."""
    until_then = NOON - 2 * DAY
    crowd = [paper(voted(f"0002{n}", 1, listed=until_then)) for n in range(9)]
    top = paper(voted("00010", 90, listed=until_then))
    (found,) = (c for c in ranked([*crowd, top], window_days=20).candidates if c.paper == top)
    assert points(found)["fresh"] > ranking.LATE_RISER


def test_code_and_venue_count() -> None:
    """Code and an acceptance raise a paper by their points each."""
    bare, code, venue = (
        paper(voted("00010", 5)),
        paper(voted("00011", 5, code_url="https://github.com/quarry/pebbles")),
        paper(voted("00012", 5, comment="Accepted at PebbleConf 2026")),
    )
    assert order([bare, venue, code]) == ["00011", "00012", "00010"]
    found = ranked([bare, venue, code]).candidates
    assert [round(c.score - found[-1].score, 6) for c in found] == [ranking.CODE, ranking.VENUE, 0.0]


def test_papers_of_arxiv_are_compared_by_topic_venue_and_code() -> None:
    """They have no votes and citations."""
    papers = [
        paper(announced("00010")),
        paper(announced("00011", comment="Accepted at PebbleConf 2026")),
        paper(announced("00012", abstract="A language model. Code: https://github.com/quarry/pebbles")),
        paper(announced("00013", title="Prompting an Agentic Language Model")),
    ]
    assert order(papers) == ["00013", "00011", "00012", "00010"]


def mixed_bag() -> list[Paper]:
    """Papers of all sources, ages and themes, by no rule."""
    dice = random.Random(7)
    papers = []
    for n in range(60):
        about: dict[str, Any] = {
            "title": f"{dice.choice(KEYWORDS)} for pebble number {n}",
            "listed": NOON - dice.randrange(6) * DAY,
        }
        told = [voted(f"{n:05}", dice.randrange(40), **about), cited(f"{n:05}", dice.randrange(5), **about)]
        papers.append(paper(*dice.sample([*told, announced(f"{n:05}", **about)], dice.randint(1, 3))))
    return papers


def test_reasons_add_up_to_the_score() -> None:
    """The score is no more than what its reasons say, and no reason takes points away."""
    for candidate in ranked(mixed_bag()).candidates:
        assert sum(r.points for r in candidate.reasons) == pytest.approx(candidate.score)
        assert all(r.points >= 0 for r in candidate.reasons)
        assert candidate.reasons[0].name == candidate.source


def test_every_paper_has_one_place() -> None:
    """Mixing moves papers and loses none; beyond the first places the score alone decides."""
    papers = mixed_bag()
    found = ranked(papers).candidates
    assert sorted(c.paper.arxiv_id for c in found) == sorted(p.arxiv_id for p in papers)
    for part in (found[:5], found[5:]):
        assert [c.score for c in part] == sorted((c.score for c in part), reverse=True)


def test_the_order_of_the_input_does_not_matter() -> None:
    """The same papers give the same ranking however they came."""
    papers = mixed_bag()
    expected = ranked(papers).candidates
    for seed in range(5):
        shuffled = random.Random(seed).sample(papers, len(papers))
        assert ranked(shuffled).candidates == expected


def test_ties_are_decided_by_the_id() -> None:
    """Papers that nothing sets apart stand in the order of their ids."""
    ids = ["00013", "00010", "00012", "00011"]
    assert order([paper(voted(number, 5)) for number in ids]) == sorted(ids)


def test_no_source_takes_all_places() -> None:
    """Of five places a source has three at most while another has a paper to offer, weak as that may be."""
    strong = [paper(voted(f"0001{n}", 50 + n)) for n in range(8)]
    weak = [paper(announced(f"0002{n}")) for n in range(3)]
    found = ranked(strong + weak).candidates[:5]
    assert [c.source for c in found] == ["huggingface"] * 3 + ["arxiv"] * 2


def test_a_source_alone_takes_all_places() -> None:
    """Shares do not leave a place empty."""
    assert order([paper(voted(f"0001{n}", n)) for n in range(6)])[:5] == [f"0001{n}" for n in (5, 4, 3, 2, 1)]


def test_no_theme_takes_all_places() -> None:
    """Of five places a theme has two at most while there are others; generic words are no theme."""
    rags = [paper(voted(f"0001{n}", 50 + n, title=f"RAG pebble number {n}")) for n in range(5)]
    others = [
        paper(voted("00020", 1, title="Prompting pebbles")),
        paper(voted("00021", 1)),
        paper(voted("00022", 1, title="Another language model")),
    ]
    assert set(order(rags + others)[:5]) == {"00014", "00013", "00020", "00021", "00022"}


def test_one_place_goes_to_the_best() -> None:
    """Shares do not keep the best paper from the only place."""
    assert order([paper(voted("00010", 60)), paper(announced("00011"))], 1)[0] == "00010"


def test_citations_and_topic_decide_without_votes() -> None:
    """On a day without votes."""
    votes = [paper(voted(f"0001{n}", 0)) for n in range(6)]
    cites = [paper(cited(f"0002{n}", 1 + n)) for n in range(6)]
    arxiv = [paper(announced(f"0003{n}")) for n in range(5)]
    best = paper(announced("00039", title="Prompting an Agentic Language Model", comment="Accepted at PebbleConf"))
    found = ranked([*votes, *cites, *arxiv, best]).candidates
    assert {c.paper.arxiv_id for c in found[:2]} == {"0000.00025", "0000.00039"}


def test_excluded_papers_are_left_out_with_the_word() -> None:
    """A word of the setting `exclude` in title or abstract is enough."""
    papers = [
        paper(announced("00010")),
        paper(announced("00011", title="A Language Model for Surveys")),
        paper(announced("00012", abstract="This survey asks a language model.")),
    ]
    found = ranked(papers, exclude=["survey"])
    assert [c.paper.arxiv_id for c in found.candidates] == ["0000.00010"]
    assert found.skipped == tuple(Skipped(f"0000.0001{n}", "rank", "excluded by “survey”") for n in (1, 2))


def test_papers_off_topic_are_left_out() -> None:
    """A paper that names no keyword is skipped, however many votes it has."""
    found = ranked([paper(voted("00010", 200, title="Sand", abstract="Dunes."))])
    assert found == Ranking((), (Skipped("0000.00010", "rank", "off topic: contains none of the keywords"),))


def test_nothing_in_nothing_out() -> None:
    """An empty day is no failure."""
    assert ranked([]) == Ranking((), ())


@pytest.mark.parametrize(
    "comment",
    [
        "Accepted at PebbleConf 2026",
        "9 pages, accepted to ACL 2026 (Findings)",
        "To appear in Proceedings of Stones",
        "ICLR 2026",
        "Published at NeurIPS 2025 workshop",
        "Camera-ready version",
        "EMNLP'25 main",
    ],
)
def test_accepted_papers_are_recognized(comment: str) -> None:
    """By the usual wordings."""
    assert is_accepted(comment)


@pytest.mark.parametrize(
    "comment",
    [
        None,
        "",
        "9 pages, 2 figures",
        "Submitted to ICLR 2026",
        "Under review at ICML",
        "Preprint. Under review.",
        "Rejected from ACL",
        "Under submission to NeurIPS 2026",
        "unaccepted",
        "Oracle database",
    ],
)
def test_other_papers_are_not_accepted(comment: str | None) -> None:
    """Under review or rejected."""
    assert not is_accepted(comment)


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"code_url": "https://pebbles.example/code"}, True),
        ({"comment": "Code: https://github.com/quarry/pebbles"}, True),
        ({"abstract": "Models at https://huggingface.co/quarry."}, True),
        ({"abstract": "We will put it on GitHub."}, False),
        ({"abstract": "See notgithub.com/quarry."}, False),
        ({}, False),
    ],
)
def test_links_to_code_are_recognized(other: dict[str, Any], expected: bool) -> None:
    """Anywhere; a promise of code is not enough."""
    assert has_code(paper(listing(**other))) is expected

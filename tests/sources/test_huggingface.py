from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import respx

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.records import Listing
from hugo_llmpapers.sources import huggingface
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

SERVICE = Service("Hugging Face", "https://hf.example")
LISTS = "https://hf.example/api/daily_papers"
MONDAY = datetime(2026, 2, 23, 12, tzinfo=UTC)


def paper(arxiv_id: str = "0000.00010", **other: Any) -> dict[str, Any]:
    """The inner record with every key that the service ever gives; None takes a key away."""
    whole = {
        "id": arxiv_id,
        "authors": [
            {"_id": "a1", "name": "Zoë Kiesel", "hidden": False, "user": {"fullname": "zoe"}, "status": "claimed"},
            {"_id": "a2", "name": 'Ada "Rock" Granit', "hidden": False},
        ],
        "publishedAt": "2026-02-19T00:00:00.000Z",
        "submittedOnDailyAt": "2026-02-23T00:00:00.000Z",
        "submittedOnDailyBy": {"user": "curator"},
        "title": "Weighing Pebbles with a Language Model",
        "summary": "We ask a language model\nhow heavy a pebble is.",
        "upvotes": 17,
        "discussionId": "d1",
        "ai_summary": "A machine's sentence.",
        "ai_keywords": ["pebble"],
        "githubRepo": "https://github.com/quarry/pebbles",
        "githubStars": 3,
        "projectPage": " https://pebbles.example/",
        "mediaUrls": ["https://cdn.example/video.mp4"],
        "organization": {"_id": "o1", "name": "quarry", "fullname": "Quarry"},
    }
    return {key: value for key, value in (whole | other).items() if value is not None}


def around(inner: Mapping[str, Any]) -> dict[str, Any]:
    """The entry around a paper, whose own date is a day early."""
    return {
        "paper": inner,
        "publishedAt": "2026-02-18T20:00:00.000Z",
        "title": inner.get("title", ""),
        "summary": inner.get("summary", ""),
        "thumbnail": "https://cdn.example/social.png",
        "numComments": 2,
        "submittedBy": {"user": "curator"},
        "isAuthorParticipating": False,
    }


def answer(*papers: Mapping[str, Any]) -> bytes:
    return json.dumps([around(inner) for inner in papers]).encode()


def parsed(**other: Any) -> Listing:
    ((found,), _) = huggingface.parse(answer(paper(**other)))
    return found


def query(until: datetime = MONDAY, window_days: int = 1) -> Query:
    return Query(until, window_days, ("language model",), ("cs.CL",))


def days(lists: Mapping[str, bytes | int], respx_mock: respx.MockRouter) -> respx.Route:
    """Answers by `date`, or by `date/p` for a later page; other days are empty. A number is a status."""

    def reply(request: httpx.Request) -> httpx.Response:
        asked = request.url.params
        given = lists.get(f"{asked['date']}/{asked['p']}" if "p" in asked else asked["date"], b"[]")
        return httpx.Response(given) if isinstance(given, int) else httpx.Response(200, content=given)

    return respx_mock.get(LISTS).mock(side_effect=reply)


def asked(route: respx.Route) -> list[dict[str, str]]:
    return sorted((dict(call.request.url.params) for call in route.calls), key=lambda row: sorted(row.items()))


def test_parse_reads_all_fields() -> None:
    """From an entry as recorded, without media and machine summaries."""
    assert parsed() == Listing(
        source="huggingface",
        arxiv_id="0000.00010",
        title="Weighing Pebbles with a Language Model",
        abstract="We ask a language model how heavy a pebble is.",
        authors=("Zoë Kiesel", 'Ada "Rock" Granit'),
        published=date(2026, 2, 19),
        listed=datetime(2026, 2, 23, tzinfo=UTC),
        votes=17,
        code_url="https://github.com/quarry/pebbles",
        project_url="https://pebbles.example/",
    )


def test_the_date_is_the_papers_not_the_entrys() -> None:
    """The date of the enclosing entry is a day early."""
    entries = json.loads(answer(paper()))
    assert entries[0]["publishedAt"].startswith("2026-02-18")
    assert huggingface.parse(json.dumps(entries).encode())[0][0].published == date(2026, 2, 19)


def test_hidden_authors_are_omitted() -> None:
    """The others keep their order."""
    authors = [{"name": "Zoë Kiesel"}, {"name": "Hid Den", "hidden": True}, {"name": "Ada Granit", "hidden": False}]
    assert parsed(authors=authors).authors == ("Zoë Kiesel", "Ada Granit")


def test_title_and_abstract_are_one_line() -> None:
    """Lists before November 2025 have wrapped lines."""
    found = parsed(title="Weighing\n  Pebbles", summary="One.\n  Two\nthree.\n")
    assert (found.title, found.abstract) == ("Weighing Pebbles", "One. Two three.")


def test_absent_keys_are_not_known() -> None:
    """Only id and title are required."""
    ((found,), _) = huggingface.parse(json.dumps([{"paper": {"id": "0000.00010", "title": "0"}}]).encode())
    assert found == Listing("huggingface", "0000.00010", "0", None, (), None)


@pytest.mark.parametrize(
    "other",
    [
        {"authors": 5},
        {"authors": {"name": "x"}},
        {"authors": ["x", {"name": 3}, {}]},
        {"upvotes": "many"},
        {"publishedAt": 20260219},
        {"publishedAt": "soon"},
        {"publishedAt": "0001-01-01T00:00:00+10:00"},
        {"summary": ["x"]},
        {"githubRepo": {}},
    ],
    ids=str,
)
def test_values_of_the_wrong_type_are_not_known(other: dict[str, Any]) -> None:
    """The rest of the list is read."""
    found = parsed(**other)
    assert found.arxiv_id == "0000.00010"
    fields: dict[str, object] = {"authors": found.authors, "upvotes": found.votes, "publishedAt": found.published}
    fields |= {"summary": found.abstract, "githubRepo": found.code_url}
    assert not fields[next(iter(other))]


@pytest.mark.parametrize(
    "entry",
    [7, None, "x", {}, {"paper": None}, {"paper": []}, {"paper": {"title": "No id"}}, {"paper": {"id": "0000.00011"}}],
    ids=str,
)
def test_an_entry_without_id_or_title_is_skipped(entry: object) -> None:
    """The other entries stay."""
    body = json.dumps([entry, around(paper())]).encode()
    assert [x.arxiv_id for x in huggingface.parse(body)[0]] == ["0000.00010"]


@pytest.mark.parametrize("votes", [0, 250])
def test_zero_votes_are_known(votes: int) -> None:
    """0 is a number, not unknown."""
    assert parsed(upvotes=votes).votes == votes


@pytest.mark.parametrize(
    "body",
    [b"{}", b"null", b"<html></html>", b"[", b"\xff", b"[" * 200_000, b'{"results": []}'],
    ids=lambda b: str(b[:9]),
)
def test_anything_but_a_list_makes_hugging_face_unavailable(
    web: Web, respx_mock: respx.MockRouter, body: bytes
) -> None:
    """It is not an empty day."""
    days({"2026-02-23": body}, respx_mock)
    with pytest.raises(Unavailable, match=r"^Hugging Face: not a list of papers"):
        huggingface.fetch(query(), web, SERVICE)


def test_every_utc_day_of_the_window_is_requested_with_the_maximum_limit(
    web: Web, respx_mock: respx.MockRouter
) -> None:
    """The default of 50 truncates busy days."""
    route = days({}, respx_mock)
    assert huggingface.fetch(query(window_days=2), web, SERVICE) == []
    assert asked(route) == [
        {"date": "2026-02-21", "limit": "100"},
        {"date": "2026-02-22", "limit": "100"},
        {"date": "2026-02-23", "limit": "100"},
    ]


def test_a_japanese_morning_requests_utc_days(web: Web, respx_mock: respx.MockRouter) -> None:
    """At seven in Tokyo the newest list is that of the day before."""
    route = days({}, respx_mock)
    huggingface.fetch(query(datetime(2026, 2, 24, 7, tzinfo=ZoneInfo("Asia/Tokyo"))), web, SERVICE)
    assert [row["date"] for row in asked(route)] == ["2026-02-22", "2026-02-23"]


def test_the_page_after_a_full_one_is_requested(web: Web, respx_mock: respx.MockRouter) -> None:
    """A full page has a hundred papers."""
    first = answer(*(paper(f"0000.01{n:03}") for n in range(100)))
    route = days({"2026-02-23": first, "2026-02-23/1": answer(paper("0000.02000"))}, respx_mock)
    found = huggingface.fetch(query(), web, SERVICE)
    assert len(found) == 101
    assert found[-1].arxiv_id == "0000.02000"
    assert asked(route) == [
        {"date": "2026-02-22", "limit": "100"},
        {"date": "2026-02-23", "limit": "100"},
        {"date": "2026-02-23", "limit": "100", "p": "1"},
    ]


def test_unusable_entries_count_for_a_full_page(web: Web, respx_mock: respx.MockRouter) -> None:
    """They are not in the result."""
    first = answer(*(paper(f"0000.01{n:03}") for n in range(99)), {"title": "No id"})
    days({"2026-02-23": first, "2026-02-23/1": answer(paper("0000.02000"))}, respx_mock)
    assert len(huggingface.fetch(query(), web, SERVICE)) == 100


def test_paging_ends_even_if_the_service_ignores_the_page(web: Web, respx_mock: respx.MockRouter) -> None:
    """A service that sends the same full page again and again gets three requests, and each paper counts once."""
    same = answer(*(paper(f"0000.01{n:03}") for n in range(100)))
    route = days({"2026-02-23": same, "2026-02-23/1": same, "2026-02-23/2": same}, respx_mock)
    assert len(huggingface.fetch(query(window_days=0), web, SERVICE)) == 100
    assert route.call_count == 3


def test_the_newest_day_may_not_have_begun(web: Web, respx_mock: respx.MockRouter) -> None:
    """HTTP 400 for the newest day means that the service's clock is behind."""
    days({"2026-02-23": 400, "2026-02-22": answer(paper())}, respx_mock)
    assert [x.arxiv_id for x in huggingface.fetch(query(), web, SERVICE)] == ["0000.00010"]


@pytest.mark.parametrize(
    ("day", "status"), [("2026-02-22", 400), ("2026-02-22", 500), ("2026-02-23", 404), ("2026-02-23", 429)]
)
def test_other_statuses_make_hugging_face_unavailable(
    web: Web, respx_mock: respx.MockRouter, day: str, status: int
) -> None:
    """So does HTTP 400 for an older day."""
    days({day: status}, respx_mock)
    with pytest.raises(Unavailable) as caught:
        huggingface.fetch(query(), web, SERVICE)
    assert caught.value.status == status


def test_a_paper_on_two_lists_is_returned_once(web: Web, respx_mock: respx.MockRouter) -> None:
    """From the newer list."""
    older = answer(paper(submittedOnDailyAt="2026-02-22T00:00:00.000Z", upvotes=3), paper("0000.00011"))
    days({"2026-02-23": answer(paper(upvotes=9)), "2026-02-22": older}, respx_mock)
    found = huggingface.fetch(query(), web, SERVICE)
    assert [(x.arxiv_id, x.votes) for x in found] == [("0000.00010", 9), ("0000.00011", 17)]


def test_papers_listed_after_the_window_are_omitted(web: Web, respx_mock: respx.MockRouter) -> None:
    """For a post of a past day."""
    days({"2026-02-23": answer(paper(submittedOnDailyAt="2026-02-23T12:00:01.000Z"), paper("0000.00011"))}, respx_mock)
    assert [x.arxiv_id for x in huggingface.fetch(query(), web, SERVICE)] == ["0000.00011"]


def test_a_paper_without_a_listing_date_has_that_of_its_list(web: Web, respx_mock: respx.MockRouter) -> None:
    """It is not skipped."""
    days({"2026-02-22": answer(paper(submittedOnDailyAt=None))}, respx_mock)
    (found,) = huggingface.fetch(query(), web, SERVICE)
    assert found.listed == datetime(2026, 2, 22, tzinfo=UTC)


def test_papers_are_looked_up_one_by_one(web: Web, respx_mock: respx.MockRouter) -> None:
    """At `/api/papers/ID`. Unknown papers are not in the result."""
    respx_mock.get("https://hf.example/api/papers/0000.00010").respond(json=paper())
    respx_mock.get("https://hf.example/api/papers/0000.00099").respond(404, json={"error": "Paper not found"})
    found = huggingface.lookup(["0000.00099", "0000.00010", "cs/9999012"], web, SERVICE)
    assert [(x.arxiv_id, x.votes) for x in found] == [("0000.00010", 17)]


def test_a_paper_that_was_never_listed_has_no_listing_date(web: Web, respx_mock: respx.MockRouter) -> None:
    """Hugging Face knows papers that are on no list."""
    respx_mock.get("https://hf.example/api/papers/0000.00010").respond(json=paper(submittedOnDailyAt=None))
    (found,) = huggingface.lookup(["0000.00010"], web, SERVICE)
    assert found.listed is None


def test_an_invalid_paper_makes_hugging_face_unavailable(web: Web, respx_mock: respx.MockRouter) -> None:
    """It is not an unknown paper."""
    respx_mock.get("https://hf.example/api/papers/0000.00010").respond(html="<html></html>")
    with pytest.raises(Unavailable, match="not a paper"):
        huggingface.lookup(["0000.00010"], web, SERVICE)


@pytest.mark.parametrize("parse", [huggingface.parse, huggingface.parse_paper])
def test_json_nested_too_deep_is_a_value_error(parse: Callable[[bytes], object]) -> None:
    """As other invalid JSON."""
    with pytest.raises(ValueError, match="nested too deep"):
        parse(b"[" * 100_000)


@pytest.mark.parametrize("votes", [-1, 10**400, True, 1.5, "12"])
def test_impossible_votes_are_not_known(votes: object) -> None:
    """Negative, huge, and of another type."""
    assert parsed(upvotes=votes).votes is None


def test_a_surrogate_becomes_the_replacement_character() -> None:
    """JSON can contain it, and a file cannot."""
    found = parsed(title="a \ud83d b", githubRepo="https://github.com/\ud800")
    assert (found.title, found.code_url) == ("a \ufffd b", "https://github.com/\ufffd")


def test_a_very_long_abstract_is_ignored() -> None:
    """arXiv's have up to 1,920 characters."""
    assert parsed(summary="x " * 8_000).abstract is not None
    assert parsed(summary="x " * 12_000).abstract is None

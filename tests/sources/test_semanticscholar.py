from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import respx

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.records import Listing
from hugo_llmpapers.sources import semanticscholar
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

SERVICE = Service("Semantic Scholar", "https://s2.example")
SEARCH = "https://s2.example/graph/v1/paper/search/bulk"
LOOKUP = "https://s2.example/graph/v1/paper/batch"


def row(**other: Any) -> dict[str, Any]:
    """A paper of the Graph API with all fields that are asked for."""
    whole: dict[str, Any] = {
        "paperId": "f" * 40,
        "externalIds": {"ArXiv": "0000.00010", "DOI": "10.48550/arXiv.0000.00010", "CorpusId": 1234567},
        "title": "Weighing Pebbles with a Language Model",
        "abstract": "We ask a language model\nhow heavy a pebble is.",
        "authors": [{"authorId": "1", "name": "Zoë Kiesel"}, {"authorId": None, "name": "Ada Granit"}],
        "publicationDate": "2026-02-19",
        "citationCount": 4,
        "tldr": {"model": "tldr@v2.0.0", "text": "Pebbles are\nweighed by asking."},
    }
    return whole | other


def batch(*rows: object) -> bytes:
    return json.dumps(rows).encode()


def parsed(**other: Any) -> Listing:
    (found,) = semanticscholar.parse(batch(row(**other)))
    return found


def query(*keywords: str) -> Query:
    return Query(datetime(2026, 2, 23, 12, tzinfo=UTC), 30, keywords or ("LLM",), ("cs.CL",))


def test_parse_reads_all_fields() -> None:
    """From a row as recorded. Authors may have no id."""
    assert parsed() == Listing(
        source="semanticscholar",
        arxiv_id="0000.00010",
        title="Weighing Pebbles with a Language Model",
        abstract="We ask a language model how heavy a pebble is.",
        authors=("Zoë Kiesel", "Ada Granit"),
        published=date(2026, 2, 19),
        listed=datetime(2026, 2, 19, tzinfo=UTC),
        doi="10.48550/arXiv.0000.00010",
        citations=4,
        tldr="Pebbles are weighed by asking.",
    )


def test_nulls_are_not_known() -> None:
    """abstract, tldr, date and count may be null, as may whole lists."""
    found = parsed(abstract=None, tldr=None, publicationDate=None, citationCount=None, authors=None)
    assert (found.abstract, found.tldr, found.published, found.listed) == (None, None, None, None)
    assert (found.citations, found.authors) == (None, ())


@pytest.mark.parametrize(
    ("external", "arxiv_id"),
    [
        ({"ArXiv": "0000.00010"}, "0000.00010"),
        ({"ArXiv": "0000.00010v2"}, "0000.00010"),
        ({"DOI": "10.48550/arXiv.0000.00010"}, "0000.00010"),
        ({"ArXiv": None, "DOI": "10.48550/ARXIV.0000.00010"}, "0000.00010"),
        ({"DOI": "10.5555/pebble.1", "CorpusId": 7}, None),
        ({"ArXiv": 1500.1, "DOI": 3}, None),
        ({}, None),
        (None, None),
        ([], None),
    ],
    ids=str,
)
def test_the_arxiv_id_may_hide_in_the_doi(external: object, arxiv_id: str | None) -> None:
    """A paper without `ArXiv` is still named by arXiv's own DOI; a publisher's DOI names no arXiv paper."""
    assert parsed(externalIds=external).arxiv_id == arxiv_id


def test_zero_citations_are_known() -> None:
    """0 is a number, not unknown."""
    assert parsed(citationCount=0).citations == 0


@pytest.mark.parametrize(
    "other",
    [
        {"authors": 5},
        {"authors": ["x", {"name": None}, {}]},
        {"tldr": "text"},
        {"tldr": {"text": None}},
        {"publicationDate": "soon"},
        {"publicationDate": 2026},
        {"citationCount": "4"},
    ],
    ids=str,
)
def test_values_of_the_wrong_type_are_not_known(other: dict[str, Any]) -> None:
    """The rest of the answer is read."""
    found = parsed(**other)
    fields = {"authors": found.authors, "tldr": found.tldr, "publicationDate": found.published}
    assert not (fields | {"citationCount": found.citations})[next(iter(other))]


def test_unknown_papers_of_a_batch_are_skipped() -> None:
    """They are null. Rows without a title are skipped, too."""
    found = semanticscholar.parse(batch(None, row(), None, row(title=None), 7))
    assert [x.arxiv_id for x in found] == ["0000.00010"]


@pytest.mark.parametrize(
    "answer",
    [
        {"total": 0, "offset": 0},
        {"total": 0, "offset": 0, "data": []},
        {"total": 0, "token": None, "data": None},
    ],
    ids=str,
)
def test_a_search_without_results_is_no_failure(answer: dict[str, Any]) -> None:
    """It has no `data`."""
    assert semanticscholar.parse(json.dumps(answer).encode()) == []


@pytest.mark.parametrize("token", [None, "NEXTPAGE"])
def test_a_search_is_read_whatever_follows(token: str | None) -> None:
    """The last page has a null token, others a token; both are answers."""
    body = json.dumps({"total": 1, "token": token, "data": [row()]}).encode()
    assert len(semanticscholar.parse(body)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"null",
        b"7",
        b"<html></html>",
        b'{"error": "Unrecognized or unsupported fields: [x]"}',
        b'{"message": "Forbidden"}',
        b'{"data": []}',
        b'{"total": 3, "data": 3}',
        b"[" * 200_000,
    ],
    ids=lambda body: str(body[:24]),
)
def test_anything_but_an_answer_makes_semantic_scholar_unavailable(
    web: Web, respx_mock: respx.MockRouter, body: bytes
) -> None:
    """Messages and pages with status 200 are failures, not empty answers."""
    respx_mock.get(SEARCH).respond(content=body)
    with pytest.raises(Unavailable, match=r"^Semantic Scholar: not an answer of the Graph API"):
        semanticscholar.fetch(query(), web, SERVICE)


def test_the_search_requests_cited_papers_of_the_window(web: Web, respx_mock: respx.MockRouter) -> None:
    """One bulk search of UTC days, most cited first, without tldr."""
    route = respx_mock.get(SEARCH).respond(json={"total": 1, "token": None, "data": [row()]})
    assert [x.citations for x in semanticscholar.fetch(query(), web, SERVICE)] == [4]
    assert dict(route.calls.last.request.url.params) == {
        "query": "LLM",
        "publicationDateOrYear": "2026-01-24:2026-02-23",
        "fieldsOfStudy": "Computer Science",
        "minCitationCount": "1",
        "sort": "citationCount:desc",
        "fields": "externalIds,title,abstract,authors,publicationDate,citationCount",
    }


def test_phrases_are_quoted(web: Web, respx_mock: respx.MockRouter) -> None:
    """Keywords are alternatives; those of several words, hyphens included, go as phrases."""
    route = respx_mock.get(SEARCH).respond(json={"total": 0})
    semanticscholar.fetch(query("LLM", "language model", "chain-of-thought"), web, SERVICE)
    assert route.calls.last.request.url.params["query"] == 'LLM | "language model" | "chain-of-thought"'


def test_a_batch_has_its_ids_in_the_body_and_its_fields_in_the_address(web: Web, respx_mock: respx.MockRouter) -> None:
    """Ids are prefixed and bare of versions; the tldr is asked for here, where it is to be had."""
    route = respx_mock.post(LOOKUP).respond(content=batch(row(), None))
    found = semanticscholar.lookup(["0000.00010", "cs/9999012"], web, SERVICE)
    assert [x.tldr for x in found] == ["Pebbles are weighed by asking."]
    request = route.calls.last.request
    assert json.loads(request.content) == {"ids": ["ARXIV:0000.00010", "ARXIV:cs/9999012"]}
    assert "tldr" in request.url.params["fields"].split(",")


def test_many_ids_go_in_batches_of_five_hundred(web: Web, respx_mock: respx.MockRouter) -> None:
    """The service takes 500 ids at once; no id is lost or asked for twice."""
    sizes: list[int] = []

    def reply(request: httpx.Request) -> httpx.Response:
        ids = json.loads(request.content)["ids"]
        sizes.append(len(ids))
        return httpx.Response(200, json=[row(externalIds={"ArXiv": i.removeprefix("ARXIV:")}) for i in ids])

    respx_mock.post(LOOKUP).mock(side_effect=reply)
    ids = [f"0000.{n:05}" for n in range(1001)]
    assert [x.arxiv_id for x in semanticscholar.lookup(ids, web, SERVICE)] == ids
    assert sizes == [500, 500, 1]


def test_lookup_without_ids_sends_no_request(web: Web, respx_mock: respx.MockRouter) -> None:
    """The result is empty."""
    assert semanticscholar.lookup([], web, SERVICE) == []
    assert not respx_mock.calls


def test_the_key_is_sent_when_there_is_one(web: Web, respx_mock: respx.MockRouter) -> None:
    """A key goes into its header, and without one no such header is sent."""
    route = respx_mock.post(LOOKUP).respond(content=batch(None))
    keyed = Service("Semantic Scholar", "https://s2.example", headers={"x-api-key": "s2-s3cret"})
    semanticscholar.lookup(["0000.00010"], web, SERVICE)
    semanticscholar.lookup(["0000.00011"], web, keyed)
    assert [call.request.headers.get("x-api-key") for call in route.calls] == [None, "s2-s3cret"]
    assert "s3cret" not in repr(keyed)


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_other_statuses_make_semantic_scholar_unavailable(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """Such as the common 429, or 403 for a wrong key."""
    respx_mock.get(SEARCH).respond(status, json={"message": "Too Many Requests."})
    with pytest.raises(Unavailable, match=str(status)) as caught:
        semanticscholar.fetch(query(), web, SERVICE)
    assert caught.value.status == status


def test_json_nested_too_deep_is_a_value_error() -> None:
    """As other invalid JSON."""
    with pytest.raises(ValueError, match="nested too deep"):
        semanticscholar.parse(b"[" * 100_000)


@pytest.mark.parametrize("citations", [-1, 10**400, True])
def test_impossible_citations_are_not_known(citations: object) -> None:
    """Negative, huge, and of another type."""
    assert parsed(citationCount=citations).citations is None


def test_a_doi_is_one_line() -> None:
    """Half a character in it is none."""
    assert parsed(externalIds={"DOI": " 10.1/a\n\ud800 "}).doi == "10.1/a \ufffd"

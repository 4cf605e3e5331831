"""The invented day: its texts, the services' answers about it, and its PDFs."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import anthropic
import httpx
import httpx2
import pytest

from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.sample import transport
from hugo_llmpapers.sample.answers import Answer, answer
from hugo_llmpapers.sample.papers import SamplePaper, papers, pdf
from hugo_llmpapers.sources.announcements import announced_at
from tests.sample.drawing.draw import NOTICE, draw

DAY = date(2026, 2, 27)
ALL = [pytest.param(paper, id=paper.arxiv_id) for paper in papers().values()]
ATOM = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}
SCHEMA = {
    "type": "object",
    "properties": {"summary": {"type": "string"}},
    "required": ["summary"],
    "additionalProperties": False,
}


def get(path: str, query: Mapping[str, str] | None = None) -> Answer:
    return answer("GET", "services.example", path, query or {}, b"", DAY)


def feed(**query: str) -> ElementTree.Element:
    return ElementTree.fromstring(get("/api/query", query).body)


def feed_ids(**query: str) -> list[str]:
    found = feed(**query).findall("atom:entry/atom:id", ATOM)
    return [str(one.text).rpartition("/")[2] for one in found]


def oai(paper_id: str) -> ElementTree.Element:
    query = {"verb": "GetRecord", "metadataPrefix": "arXiv", "identifier": f"oai:arXiv.org:{paper_id}"}
    return ElementTree.fromstring(get("/oai", query).body)


def batch(ids: list[str], fields: str) -> list[dict[str, Any] | None]:
    body = json.dumps({"ids": ids}).encode()
    given = answer("POST", "s2.example", "/graph/v1/paper/batch", {"fields": fields}, body, DAY)
    found: list[dict[str, Any] | None] = json.loads(given.body)
    return found


def daily(**query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(get("/api/daily_papers", query).body)
    return found


def asked(prompt: str, system: str, *, schema: bool) -> str:
    """What the SDK reads out of Claude's answer."""
    with httpx2.Client(transport=transport.claude(DAY)) as http:
        client = anthropic.Anthropic(api_key="none", http_client=http, max_retries=0)
        message = client.messages.create(
            model="claude-sonnet-5-5",
            max_tokens=4096,
            system=system,
            messages=[{"role": "user", "content": [{"type": "text", "text": prompt}]}],
            output_config={"format": {"type": "json_schema", "schema": SCHEMA}} if schema else {},
        )
    assert (message.model, message.stop_reason) == ("claude-sonnet-5-5", "end_turn")
    assert message.usage.input_tokens > 0
    assert message.usage.output_tokens > 0
    return "".join(block.text for block in message.content if block.type == "text")


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d(?:[\d.,:]*\d)?", unicodedata.normalize("NFKC", text)))


def latin(text: str) -> set[str]:
    words = re.findall(r"[A-Za-z][A-Za-z0-9-]*", unicodedata.normalize("NFKC", text))
    return {word.casefold() for word in words}


def test_the_ids_cannot_exist() -> None:
    """There are five papers, and arXiv had no month 00 of the year 00."""
    assert list(papers()) == [f"0000.0000{n}" for n in range(1, 6)]


def test_the_sources_know_different_papers() -> None:
    """With one to twelve authors."""
    known = [(bool(p.huggingface), bool(p.semanticscholar)) for p in papers().values()]
    assert known == [(True, False), (False, True), (False, False), (True, True), (True, True)]
    assert {1, 3, 12} <= {len(paper.authors) for paper in papers().values()}
    assert len({paper.licence for paper in papers().values()}) == 2


@pytest.mark.parametrize("paper", ALL)
def test_abstract_has_a_realistic_length(paper: SamplePaper) -> None:
    """An abstract has 120 to 200 words."""
    assert 120 <= len(paper.abstract.split()) <= 200


@pytest.mark.parametrize("paper", ALL)
def test_japanese_summary_has_the_form_of_a_post(paper: SamplePaper) -> None:
    """A Japanese summary is one paragraph of 300 to 550 characters in plain style, ending in 。."""
    text = paper.summary["ja"]
    assert 300 <= len(text) <= 550
    assert text.endswith("。")
    assert "\n" not in text
    assert not re.search(r"(?:です|ます|でした|ました|ません)[。、]", text)


@pytest.mark.parametrize("paper", ALL)
def test_japanese_summary_is_grounded(paper: SamplePaper) -> None:
    """Every number and Latin word is in the title or the abstract."""
    source = f"{paper.title} {paper.abstract}"
    assert numbers(paper.summary["ja"]) <= numbers(source)
    assert latin(paper.summary["ja"]) <= latin(source)


@pytest.mark.parametrize("paper", ALL)
def test_english_summary_is_grounded(paper: SamplePaper) -> None:
    """90 to 150 words, with numbers of the title or the abstract only."""
    text = paper.summary["en"]
    assert 90 <= len(text.split()) <= 150
    assert text.endswith(".")
    assert numbers(text) <= numbers(f"{paper.title} {paper.abstract}")


def test_arxiv_finds_all_and_keeps_awkward_text() -> None:
    """A search finds all five papers, LaTeX and markup signs in their texts as they are."""
    given = get("/api/query", {"search_query": "(cat:cs.CL) AND (all:LLM)"})
    assert (given.status, given.content_type) == (200, "application/atom+xml; charset=utf-8")
    root = feed(search_query="all:LLM")
    assert root.findtext("opensearch:totalResults", namespaces=ATOM) == "5"
    titles = {str(e.findtext("atom:title", namespaces=ATOM)) for e in root.iter(f"{{{ATOM['atom']}}}entry")}
    abstracts = {e.text for e in root.findall("atom:entry/atom:summary", ATOM)}
    assert titles == {paper.title for paper in papers().values()}
    assert abstracts == {paper.abstract for paper in papers().values()}
    assert any(r"$\tau$" in title for title in titles)
    assert any(set("<>&_~%{}\"'") <= set(str(text)) for text in abstracts)


def test_arxiv_sends_as_many_as_requested() -> None:
    """The newest first; `totalResults` counts all."""
    every = feed_ids(search_query="all:LLM")
    assert len(every) == 5
    assert feed_ids(search_query="all:LLM", max_results="2") == every[:2]
    assert feed(search_query="all:LLM", max_results="2").findtext("opensearch:totalResults", namespaces=ATOM) == "5"


def test_arxiv_omits_unknown_ids() -> None:
    """An unknown id or version is simply missing."""
    assert feed_ids(id_list="0000.00003,0000.00009,0000.00002v1,0000.00001v2") == [
        "0000.00003v1",
        "0000.00002v1",
    ]


def test_arxiv_papers_are_new_on_every_day() -> None:
    """Whatever the weekday and the time zone, all five were announced in the last five days."""
    for days in range(60):
        day = date(2026, 3, 1) + timedelta(days=days)
        midnight = datetime.combine(day, time(), UTC)
        for paper in papers().values():
            listed = announced_at(paper.submitted(day))
            earliest, latest = midnight - timedelta(hours=14), midnight + timedelta(hours=35)
            assert latest - timedelta(days=5) <= listed <= earliest, (day, paper.arxiv_id)


@pytest.mark.parametrize("paper", ALL)
def test_arxiv_sends_the_licence(paper: SamplePaper) -> None:
    """OAI-PMH's record of a paper has it."""
    root = oai(paper.arxiv_id)
    assert root.findtext(".//{http://arxiv.org/OAI/arXiv/}license") == paper.licence


def test_unknown_papers_are_errors_on_arxiv() -> None:
    """OAI-PMH sends an error element, and the PDF is a 404."""
    error = oai("0000.00009").find("{http://www.openarchives.org/OAI/2.0/}error")
    assert error is not None
    assert error.get("code") == "idDoesNotExist"
    assert get("/pdf/0000.00009").status == 404


def test_huggingface_lists_the_two_days_before() -> None:
    """The lists of the two days before are sorted by votes; those of all other days are empty."""
    assert [entry["paper"]["id"] for entry in daily(date="2026-02-26")] == ["0000.00001"]
    older = daily(date="2026-02-25", limit="100")
    assert [entry["paper"]["id"] for entry in older] == ["0000.00004", "0000.00005"]
    assert daily(date="2026-02-27") == daily(date="2026-02-24") == []
    assert daily(date="2026-02-25", limit="1") == older[:1]


def test_huggingface_dates_and_missing_fields_are_as_in_2026() -> None:
    """A paper's date is arXiv's, the entry's is one day early, and unknown fields are omitted."""
    entry = daily(date="2026-02-26")[0]
    paper = entry["paper"]
    assert paper["publishedAt"] == "2026-02-23T00:00:00.000Z"
    assert entry["publishedAt"] == "2026-02-22T20:00:00.000Z"
    assert paper["submittedOnDailyAt"] == "2026-02-26T00:00:00.000Z"
    assert paper["upvotes"] == 128
    assert None not in paper.values()
    assert "githubRepo" not in paper


def test_huggingface_has_the_papers_of_its_lists() -> None:
    """All others are a 404."""
    assert json.loads(get("/api/papers/0000.00004").body)["githubRepo"].startswith("https://")
    assert [get(f"/api/papers/0000.0000{n}").status for n in (2, 3, 9)] == [404] * 3


def test_semantic_scholar_searches_by_citations() -> None:
    """A bulk search has its three papers, most cited first, and never a tldr."""
    query = {
        "query": "LLM",
        "sort": "citationCount:desc",
        "fields": "externalIds,citationCount,tldr",
    }
    found = json.loads(get("/graph/v1/paper/search/bulk", query).body)
    assert (found["total"], found["token"]) == (3, None)
    ids = [row["externalIds"]["ArXiv"] for row in found["data"]]
    assert ids == ["0000.00005", "0000.00002", "0000.00004"]
    assert {frozenset(row) for row in found["data"]} == {frozenset({"paperId", "externalIds", "citationCount"})}


def test_semantic_scholar_batch_keeps_order_and_length() -> None:
    """A batch has a record per id in the order of the ids, null where the paper is unknown."""
    ids = ["ARXIV:0000.00005", "ARXIV:0000.00001", "ARXIV:9999.99999", "ARXIV:0000.00002"]
    found = batch(ids, "citationCount,tldr")
    assert [row and row["citationCount"] for row in found] == [15, None, None, 7]
    assert found[3] is not None
    assert found[3]["tldr"]["text"].endswith(".")


def test_what_the_sample_does_not_serve_is_404() -> None:
    """An unknown path, and a known one by another method, are 404."""
    assert get("/").status == 404
    assert get("/v1/messages").status == 404
    assert answer("POST", "a.example", "/v1/models", {}, b"{}", DAY).status == 404


@pytest.mark.parametrize("paper", ALL)
def test_the_sdk_reads_a_japanese_summary(paper: SamplePaper) -> None:
    """Asked for JSON, with the title as entities, Claude gives the paper's Japanese summary."""
    prompt = f"<title>\n{html.escape(paper.title)}\n</title>"
    text = asked(prompt, "Summarise in Japanese (日本語), not in English.", schema=True)
    assert json.loads(text) == {"summary": paper.summary["ja"]}


@pytest.mark.parametrize("paper", ALL)
def test_the_sdk_reads_an_english_summary(paper: SamplePaper) -> None:
    """Asked for English as plain text, Claude gives the paper's English summary."""
    assert asked(paper.title, "Write in English.", schema=False) == paper.summary["en"]


def test_a_third_language_gets_the_english_summary() -> None:
    """Asked for a language that the sample does not have, Claude answers in English."""
    paper = papers()["0000.00001"]
    assert asked(paper.title, "Write in German.", schema=False) == paper.summary["en"]


def test_claude_answers_about_no_other_paper() -> None:
    """With an error."""
    with pytest.raises(anthropic.BadRequestError):
        asked("Attention Is All You Need", "日本語で。", schema=True)


def test_the_web_transport_serves_our_client() -> None:
    """An httpx client on the transport gets answers and PDFs from the services' own addresses."""
    with httpx.Client(transport=transport.web(DAY)) as client:
        feed = client.get("https://export.arxiv.org/api/query", params={"id_list": "0000.00001"})
        assert "0000.00001v1" in feed.text
        pdf = client.get("https://arxiv.org/pdf/0000.00001v1")
        assert (pdf.headers["content-type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
        body = {"ids": ["ARXIV:0000.00002"]}
        url = "https://api.semanticscholar.org/graph/v1/paper/batch?fields=title"
        assert client.post(url, json=body).json()[0]["title"] == papers()["0000.00002"].title


@pytest.mark.parametrize("number", range(1, 6))
def test_pdf_is_a_small_paper_with_a_figure(number: int) -> None:
    """A PDF has less than 60 kB, a notice on every page, and one caption of Figure 1."""
    data = pdf(number)
    assert len(data) < 60_000
    with pymupdf.open(stream=data) as document:
        pages = list(document)
        assert len(pages) == 2
        assert all(NOTICE in page.get_text() for page in pages)
        captions = [page for page in pages if re.search(r"^Figure 1: Overview", page.get_text(), re.M)]
        assert len(captions) == 1
        assert len(captions[0].get_drawings()) > 10


@pytest.mark.parametrize("number", range(1, 6))
def test_pdf_keeps_everything_on_the_page(number: int) -> None:
    """No word and no line of a PDF reaches into the margins."""
    with pymupdf.open(stream=pdf(number)) as document:
        for page in document:
            inner = pymupdf.Rect(60, 40, page.rect.x1 - 60, page.rect.y1 - 20)
            assert all(word[:4] in inner for word in page.get_text("words"))
            assert all(path["rect"] in inner for path in page.get_drawings())


@pytest.mark.parametrize("number", range(1, 6))
def test_pdf_is_up_to_date(number: int) -> None:
    """It shows what `tests.sample.drawing` draws, whichever PyMuPDF writes it."""
    with pymupdf.open(stream=pdf(number)) as shipped, pymupdf.open(stream=draw(number)) as drawn:
        for ours, its in zip(shipped, drawn, strict=True):
            assert ours.get_text() == its.get_text()
            assert ours.get_pixmap(dpi=50).samples == its.get_pixmap(dpi=50).samples


def test_heavy_libraries_are_imported_late() -> None:
    """Importing the transports loads no HTTP library."""
    program = (
        "import sys; from hugo_llmpapers.sample import transport\n"
        "assert not {'httpx', 'httpx2', 'pymupdf'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)

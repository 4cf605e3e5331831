"""Targets: answers of arXiv, Semantic Scholar, Hugging Face and Claude, and all that is made of them before Hugo."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import httpx
import httpx2

from hugo_llmpapers.errors import Failure, SetupError, Unavailable
from hugo_llmpapers.post import template_data
from hugo_llmpapers.records import Entry, Listing, Post, Selection
from hugo_llmpapers.sample.answers import answer
from hugo_llmpapers.site.details_shortcode import NAMED
from hugo_llmpapers.site.math import DOLLARS, Mathematics
from hugo_llmpapers.sources import arxiv, arxiv_id, arxiv_paper, huggingface, semanticscholar
from hugo_llmpapers.sources.merge import merge
from hugo_llmpapers.sources.rank import rank
from hugo_llmpapers.sources.topic import KEYWORDS, compile_topic
from hugo_llmpapers.summaries import batches
from hugo_llmpapers.summaries.claude import send_prompt
from hugo_llmpapers.summaries.client import connect
from hugo_llmpapers.summaries.excerpt import excerpt
from hugo_llmpapers.summaries.messages import read_summary, usage_of
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.prompt import prompt
from hugo_llmpapers.summaries.retries import ServerState
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service
from tests import hostile
from tests.fuzz.target import Target, folder
from tests.invented import listing, paper
from tests.sources.test_arxiv_html import PAGE as HTML

if TYPE_CHECKING:
    from anthropic import Anthropic

DAY = date(2026, 2, 27)
NOW = datetime(2026, 2, 27, 12, tzinfo=UTC)
MODEL = "claude-sonnet-5-5"
_PARSERS: tuple[Callable[[bytes], list[Listing]], ...] = (
    lambda body: arxiv.parse(body)[0],
    semanticscholar.parse,
    lambda data: huggingface.parse(data)[0],
)
_ASKED = prompt(paper(listing()), "ja")
MATHS = Mathematics((DOLLARS,), passthrough=True)
_LONGEST_ID = 30


def _listings(found: Iterable[Listing]) -> list[Listing]:
    """Asserts what all sources promise."""
    listings = list(found)
    for one in listings:
        assert one.arxiv_id is None or arxiv_id.normalised(one.arxiv_id) == one.arxiv_id, one.arxiv_id
        assert one.arxiv_id is None or len(one.arxiv_id) < _LONGEST_ID
        assert one.title and one.title == " ".join(one.title.split()), one.title
        assert one.listed is None or one.listed.tzinfo is not None
        _utf8(repr_of(one))
    return listings


def repr_of(one: Listing) -> str:
    """All its texts."""
    texts = (one.title, one.abstract, *one.authors, one.doi, one.comment, one.tldr)
    return "\n".join(str(x) for x in (*texts, one.code_url, one.project_url, *one.categories))


def _utf8(text: str) -> None:
    text.encode("utf-8")


def _arxiv(data: bytes) -> object:
    return _listings(arxiv.parse(data)[0])


def _paper(data: bytes) -> object:
    found = huggingface.parse_paper(data)
    return _listings([] if found is None else [found])


def _html(data: bytes) -> object:
    found = arxiv_paper.parse_figures(data, "/html/0000.00001")
    for figure in found:
        url = httpx.URL("https://arxiv.example" + figure.src)
        assert (url.host, url.path[:6]) == ("arxiv.example", "/html/"), figure.src
        assert ".." not in url.path.split("/"), figure.src
    return found


def _posted(data: bytes) -> object:
    """From the answers of all sources, one after the other, to what Hugo and Claude are given."""
    listings: list[Listing] = []
    for part, parse in zip(data.split(b"\x1e"), _PARSERS, strict=False):
        with suppress(ValueError):
            listings += parse(part)
    papers, skipped = merge(listings)
    for lacking in skipped:
        _utf8(lacking.subject + lacking.reason)
    about = compile_topic(KEYWORDS)
    ranking = rank(papers, about, compile_topic(()), NOW, 5, 5)
    known = [_entry(replace(ranking.candidates[0], paper=one)) for one in papers[:5]] if ranking.candidates else []
    post = Post(DAY, "2026-02-27", "llm-papers-2026-02-27", "ja", tuple(known), ("arxiv",))
    for maths in (None, MATHS):
        made = template_data.data(post, NAMED, maths, ("",) * len(known), credit=True)
        _utf8(json.dumps(made, ensure_ascii=False))
    for one in papers[:5]:
        _utf8(prompt(one, "ja").user)
    return len(papers)


def _entry(candidate: Any) -> Entry:
    return Entry(candidate, excerpt(candidate.paper), None)


def _web(data: bytes) -> object:
    """A status, headers and a body, as one answer after the other; what a cache has of them comes back in the next."""
    head, _, body = data.partition(b"\n\n")
    status, *lines = head.split(b"\n")
    code = int(status) if status.isdigit() and 200 <= int(status[:4]) < 600 else 200
    headers = [
        (name.strip(), value.strip()) for name, _, value in (line.partition(b":") for line in lines) if name.strip()
    ]
    web = Web(
        Cache(folder() / "http"), NOW, user_agent="x",
        transport=httpx.MockTransport(lambda _: httpx.Response(code, headers=headers, content=body)),
    )  # fmt: skip
    service = Service("arXiv", "https://arxiv.example", attempts=1, retry_deadline_s=5.0, max_bytes=100_000)
    with web:
        answers = [web.get(service, "/x", max_age=timedelta(seconds=-1), accepted=frozenset({404})) for _ in range(2)]
    assert {answer.status for answer in answers} <= {200, 404}
    return answers


@cache
def _client() -> tuple[Anthropic, list[bytes]]:
    said = [b""]

    def respond(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "application/json"}, content=said[0])

    client = connect("sk-test", httpx2.MockTransport(respond))
    return client.with_options(max_retries=0), said


def _message(data: bytes) -> object:
    client, said = _client()
    said[0] = data
    message = send_prompt(_ASKED, MODEL, None, client, ServerState(), timeout_s=5.0)
    took = usage_of(message, MODEL)
    assert took.input_tokens >= 0 and took.output_tokens >= 0
    summary = read_summary(message)
    assert summary == " ".join(summary.split())
    _utf8(summary)
    return summary


def _rows(data: bytes) -> object:
    """Results of a batch, as far as they can be read; the client asks for the batch first."""
    client, said = _client()
    said[0] = data
    before = batches.newest(client)
    found = batches.newer_than(client, None, 2)
    assert all(isinstance(one, str) for one in found), found
    return before, found


def _results(data: bytes) -> object:
    batch = {
        "id": "b",
        "type": "message_batch",
        "processing_status": "ended",
        "results_url": "https://api.anthropic.com/r",
    }
    answers = iter([json.dumps(batch).encode(), data])
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, content=next(answers, b"")))
    client = connect("sk-test", transport).with_options(max_retries=0)
    found = []
    for result in batches.results(client, "b"):
        if result.kind == "succeeded":
            usage_of(result.message, MODEL, in_batch=True)
            try:
                found.append(read_summary(result.message))
            except NoSummary:
                continue
        assert isinstance(result.error, str)
    return found


def _sampled(path: str, query: dict[str, str], body: bytes = b"") -> bytes:
    return answer("POST" if body else "GET", "x.example", path, query, body, DAY).body


def _atom() -> bytes:
    return _sampled("/api/query", {"id_list": "0000.00001,0000.00002", "max_results": "2"})


def _scholar() -> bytes:
    body = json.dumps({"ids": ["ARXIV:0000.00001", "ARXIV:0000.00002", "ARXIV:9999.99999"]}).encode()
    return _sampled("/graph/v1/paper/batch", {"fields": semanticscholar.BATCH_FIELDS}, body)


def _daily() -> bytes:
    for back in range(7):
        listed = json.loads(_sampled("/api/daily_papers", {"date": f"{DAY - timedelta(days=back)}", "limit": "100"}))
        if listed:
            return json.dumps(listed[:2]).encode()
    raise AssertionError("the sample lists no papers")


def chosen() -> Selection:
    """A day's papers, as a backfill keeps them."""
    about = compile_topic(KEYWORDS)
    papers, _ = merge(_listings(huggingface.parse(_daily())[0]))
    return Selection(rank(papers, about, compile_topic(()), NOW, 5, 5).candidates, ("huggingface",), ())


def answered(text: str, **other: object) -> bytes:
    """A Message with this text."""
    content = [{"type": "thinking", "thinking": "x", "signature": "y"}, {"type": "text", "text": text}]
    message = {"id": "m", "type": "message", "role": "assistant", "model": MODEL, "content": content, **other}
    usage = {"input_tokens": 1000, "output_tokens": 500}
    return json.dumps({"stop_reason": "end_turn", "stop_sequence": None, "usage": usage, **message}).encode()


def _result(kind: str, **other: object) -> bytes:
    return json.dumps({"custom_id": "0000-00001_ab", "result": {"type": kind, **other}}).encode() + b"\n"


def _batch_list() -> bytes:
    counts = {"processing": 0, "succeeded": 2, "errored": 0, "canceled": 0, "expired": 0}
    batch = {"id": "msgbatch_1", "type": "message_batch", "processing_status": "ended", "request_counts": counts}
    return json.dumps({"data": [batch, {**batch, "id": "msgbatch_0"}], "has_more": False, "last_id": None}).encode()


_JSON = (
    "null",
    "true",
    "-1",
    "1e999",
    "NaN",
    "1" * 40,
    '"\\ud800"',
    '"\\u0000"',
    "[",
    "{",
    "}",
    "]",
    '""',
    "[[[[",
    '{"a":',
)
_XML = (
    "<!DOCTYPE x [<!ENTITY a 'b'>]>", "<!ENTITY % p SYSTEM 'file:///etc/passwd'>", "&a;", "<![CDATA[", "]]>", "&#0;", "&#x10ffff;",
    "<entry>", "</entry>", 'xmlns="http://www.w3.org/2005/Atom"', "<?xml version='1.0' encoding='utf-16'?>", "<?x?>", "encoding='cp037'",
    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "²", "http://arxiv.org/abs/../../x", "http://arxiv.org/abs/cs/0112017v9",
)  # fmt: skip
_IDS = ("0000.00001", "2602.18283v2", "cs/0112017", "../../etc", "\u0662\u0666\u0660\u0662.18283", "math.GT/0309136")
_HTML = (
    "<figure>", "</figure>", "<figcaption>", '<img src="', '<img src="//[x', '<base href="//[">', "<!--", "<![x[", "<![if y]>", "<!x",
    "&#0;", "&#xd800;", "\x01", "%2e%2e/", "..", "\\", "x1.png", ".svg", "javascript:x", "data:image/png,x", "https://e.example/x.png", "</",
    "<script>", "?x", "#x",
)  # fmt: skip
_HEADERS = (
    "Retry-After: ", "Mon, 01 Jan 0001 00:00:00 -0000", "Fri, 31 Dec 9999 23:59:59 +2400", 'ratelimit: "api";r=0;t=', "Location: ", "file:///etc/passwd",
    "http://127.0.0.1/", "//", "ETag: ", "Content-Encoding: gzip", "Content-Encoding: deflate, br", "429", "301", "304", "404", "²", "\xff", "\n", "http://[",
)  # fmt: skip

TARGETS = (
    Target("arxiv", _arxiv, (ValueError,), (_atom(), b"<feed/>"), (*_XML, *_IDS)),
    Target("oai", arxiv_paper.parse_licence, (ValueError,), (_sampled("/oai", {"verb": "GetRecord", "identifier": "oai:arXiv.org:0000.00001", "metadataPrefix": "arXiv"}),), _XML),
    Target("semanticscholar", lambda d: _listings(semanticscholar.parse(d)), (ValueError,), (_scholar(), b'{"total": 0}'), (*_JSON, *_IDS)),
    Target("huggingface", lambda d: _listings(huggingface.parse(d)[0]), (ValueError,), (_daily(), b"[]"), (*_JSON, *_IDS)),
    Target("huggingface-paper", _paper, (ValueError,), (_sampled("/api/papers/0000.00001", {}),), (*_JSON, *_IDS)),
    Target("arxiv-html", _html, (), (HTML.encode(),), _HTML),
    Target("post-data", _posted, (), (b"\x1e".join((_atom(), _scholar(), _daily())),), (*_JSON, *_XML[2:7], "\x1e", *hostile.LATEX)),
    Target("http", _web, (Unavailable,), (b"200\nETag: x\n\nbody", b"301\nLocation: /y\n\n", b"429\nRetry-After: 5\n\n", b"200\nContent-Encoding: gzip\n\nx"), _HEADERS),
    Target("claude", _message, (NoSummary, SetupError), tuple(map(answered, ('{"summary": "石。"}', "```json\n{}\n```", "<think>x</think>y", "[[[["))), (*_JSON, "```", "```json", "<think>", "</think>", '{\\"summary\\": \\"')),
    Target("claude-batches", _rows, (Failure,), (_batch_list(),), _JSON),
    Target("claude-results", _results, (Failure,), (_result("succeeded", message=json.loads(answered("石"))) + _result("errored", error={"type": "error", "error": {"type": "invalid_request_error", "message": "x"}}) + _result("expired"),), (*_JSON, "\n")),
)  # fmt: skip
"""By their names for the command line."""

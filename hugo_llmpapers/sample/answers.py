"""What the services answer on the invented day, as a pure function of the request."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from hugo_llmpapers.sample import arxiv, claude, huggingface, semantic_scholar
from hugo_llmpapers.sample.papers import papers, pdf


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's answer."""

    status: int
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class _Request:
    host: str
    query: Mapping[str, str]
    body: bytes
    day: date
    rest: str
    """What the route's pattern left open in the path."""


def answer(method: str, host: str, path: str, query: Mapping[str, str], body: bytes, day: date) -> Answer:
    """What arXiv, Hugging Face, Semantic Scholar or Claude says if the sample's day is `day`.

    Paths tell the services apart, since one server may stand for all of them. What the sample does
    not serve is a 404. Nothing depends on a clock: the same request has the same answer.
    """
    for verb, pattern, handler in _ROUTES:
        if verb == method and (found := re.fullmatch(pattern, path)):
            return handler(_Request(host, query, body, day, "".join(found.groups())))
    return _json(404, {"error": "Not Found"})


def _json(status: int, value: object) -> Answer:
    return Answer(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())


def _atom(asked: _Request) -> Answer:
    return Answer(200, "application/atom+xml; charset=utf-8", arxiv.feed(asked.query, asked.day).encode())


def _oai(asked: _Request) -> Answer:
    return Answer(200, "text/xml; charset=utf-8", arxiv.record(asked.query, asked.host, asked.day).encode())


def _pdf(asked: _Request) -> Answer:
    if asked.rest not in papers():
        return Answer(404, "text/html; charset=utf-8", b"<!doctype html><title>No PDF</title>")
    return Answer(200, "application/pdf", pdf(int(asked.rest[-1])))


def _message(asked: _Request) -> Answer:
    try:
        params = json.loads(asked.body)
    except ValueError:
        params = None
    if not isinstance(params, dict):
        return _claude_error("The request body is not valid JSON")
    found = claude.message(params)
    if found is None:
        return _claude_error("The sample has summaries of its own five papers only")
    return _json(200, found)


def _claude_error(text: str) -> Answer:
    # 404 would tell the SDK that there is no such model.
    error = {"type": "invalid_request_error", "message": text}
    return _json(400, {"type": "error", "error": error, "request_id": "req_sample"})


_ROUTES: tuple[tuple[str, str, Callable[[_Request], Answer]], ...] = (
    ("GET", r"/api/query", _atom),
    ("GET", r"/oai", _oai),
    ("GET", r"/pdf/(\d{4}\.\d{5})(?:v1)?", _pdf),
    ("GET", r"/api/daily_papers", lambda asked: _json(*huggingface.daily(asked.query, asked.day))),
    ("GET", r"/api/papers/([\d.]+)", lambda asked: _json(*huggingface.one(asked.rest, asked.day))),
    (
        "GET",
        r"/graph/v1/paper/search/bulk",
        lambda asked: _json(*semantic_scholar.bulk(asked.query, asked.day)),
    ),
    (
        "POST",
        r"/graph/v1/paper/batch",
        lambda asked: _json(*semantic_scholar.batch(asked.query, asked.body, asked.day)),
    ),
    ("POST", r"/v1/messages", _message),
)

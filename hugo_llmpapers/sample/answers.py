"""The services' answers on the invented day, as a pure function of the request."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
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


def answer(method: str, host: str, path: str, query: Mapping[str, str], body: bytes, day: date) -> Answer:
    """Return what arXiv, Hugging Face, Semantic Scholar or Claude answers if the sample's day is `day`.

    The path selects the service, as one server may stand for all of them. Only what this tool requests is served; all else
    is a 404. Nothing depends on a clock: the same request has the same answer.
    """
    match method, path:
        case "GET", "/api/query":
            return Answer(200, "application/atom+xml; charset=utf-8", arxiv.feed(query, day).encode())
        case "GET", "/oai":
            return Answer(200, "text/xml; charset=utf-8", arxiv.record(query, host, day).encode())
        case "GET", "/api/daily_papers":
            return _json(huggingface.daily(query, day))
        case "GET", "/graph/v1/paper/search/bulk":
            return _json(semantic_scholar.bulk(query, day))
        case "POST", "/graph/v1/paper/batch":
            return _json(semantic_scholar.batch(query, body, day))
        case "POST", "/v1/messages":
            return _message(body)
    found = re.fullmatch(r"/(pdf|api/papers)/(\d{4}\.\d{5})(?:v1)?", path)
    if method == "GET" and found and found[2] in papers():
        if found[1] == "pdf":
            return Answer(200, "application/pdf", pdf(int(found[2][-1])))
        if (paper := huggingface.paper(found[2], day)) is not None:
            return _json(paper)
    return _json({"error": "Not Found"}, 404)


def _message(body: bytes) -> Answer:
    message = claude.message(json.loads(body))
    if message is not None:
        return _json(message)
    # 404 would mean to the SDK that the model does not exist.
    error = {"type": "invalid_request_error", "message": "The sample has summaries of its own five papers only"}
    return _json({"type": "error", "error": error, "request_id": "req_sample"}, 400)


def _json(value: object, status: int = 200) -> Answer:
    return Answer(status, "application/json; charset=utf-8", json.dumps(value, ensure_ascii=False).encode())

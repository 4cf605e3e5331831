"""The invented papers as the Graph API of Semantic Scholar sends them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hugo_llmpapers.sample.papers import OnSemanticScholar, SamplePaper, papers


def bulk(query: Mapping[str, str], day: date) -> dict[str, Any]:
    """Return the JSON of a bulk search: each finds all papers of the index, most citations first, without their tldr."""
    rows = sorted(_index(day).values(), key=lambda row: -row["citationCount"])
    found = [{name: value for name, value in _requested(row, query).items() if name != "tldr"} for row in rows]
    return {"total": len(found), "token": None, "data": found}


def batch(query: Mapping[str, str], body: bytes, day: date) -> list[dict[str, Any] | None]:
    """Return the JSON of a batch: a record for each id, in the same order, null for unknown ids."""
    index, ids = _index(day), json.loads(body)["ids"]
    found = (index.get(one.removeprefix("ARXIV:")) for one in ids)
    return [row and _requested(row, query) for row in found]


def _requested(row: Mapping[str, Any], query: Mapping[str, str]) -> dict[str, Any]:
    names = {"paperId", *query.get("fields", "title").split(",")}
    return {name: value for name, value in row.items() if name in names}


def _index(day: date) -> dict[str, dict[str, Any]]:
    found = ((paper, paper.semanticscholar) for paper in papers().values())
    return {paper.arxiv_id: _record(paper, known, day) for paper, known in found if known is not None}


def _record(paper: SamplePaper, known: OnSemanticScholar, day: date) -> dict[str, Any]:
    return {
        "paperId": hashlib.sha256(paper.arxiv_id.encode()).hexdigest()[:40],
        "externalIds": {"ArXiv": paper.arxiv_id, "DOI": f"10.48550/arXiv.{paper.arxiv_id}"},
        "title": paper.title,
        "abstract": paper.abstract,
        "citationCount": known.citations,
        "tldr": {"model": "tldr@v2.0.0", "text": known.tldr},
        "publicationDate": paper.submitted(day).date().isoformat(),
        "authors": [{"authorId": None, "name": name} for name in paper.authors],
    }

"""The invented papers as the Graph API of Semantic Scholar has them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from hugo_llmpapers.sample.papers import OnSemanticScholar, SamplePaper, papers

_SORTS = ("paperId", "citationCount", "publicationDate")


def bulk(query: Mapping[str, str], day: date) -> tuple[int, object]:
    """Status and JSON of a bulk search: each finds the three of the index, ordered by `sort`."""
    if not query.get("query"):
        return 400, {"error": "Missing required parameter: query"}
    key, _, order = query.get("sort", "paperId:asc").partition(":")
    if key not in _SORTS:
        return 400, {"error": f"Unsupported sort: {key}"}
    rows = sorted(_index(day).values(), key=lambda row: row[key], reverse=order == "desc")
    # Bulk search has no tldr.
    return 200, {
        "total": len(rows),
        "token": None,
        "data": [_cut(row, query, without="tldr") for row in rows],
    }


def batch(query: Mapping[str, str], body: bytes, day: date) -> tuple[int, object]:
    """Status and JSON of a batch: a record for each id, in their order, null for the unknown."""
    try:
        asked = [str(one).lower() for one in json.loads(body)["ids"]]
    except (ValueError, TypeError, KeyError):
        return 400, {"error": "ids must be a list"}
    index = _index(day)
    found = (index.get(one.removeprefix("arxiv:").removeprefix("doi:10.48550/arxiv.")) for one in asked)
    return 200, [row and _cut(row, query) for row in found]


def _cut(row: Mapping[str, Any], query: Mapping[str, str], without: str = "") -> dict[str, Any]:
    names = {field.partition(".")[0] for field in query.get("fields", "title").split(",")} | {"paperId"}
    return {name: value for name, value in row.items() if name in names and name != without}


def _index(day: date) -> dict[str, dict[str, Any]]:
    return {
        paper.arxiv_id: _record(paper, known, day) for paper in papers().values() if (known := paper.semanticscholar)
    }


def _record(paper: SamplePaper, known: OnSemanticScholar, day: date) -> dict[str, Any]:
    own_id = hashlib.sha256(paper.arxiv_id.encode()).hexdigest()[:40]
    submitted = paper.submitted(day).date()
    return {
        "paperId": own_id,
        "externalIds": {"ArXiv": paper.arxiv_id, "DOI": f"10.48550/arXiv.{paper.arxiv_id}"},
        "url": f"https://www.semanticscholar.org/paper/{own_id}",
        "title": paper.title,
        "abstract": paper.abstract,
        "venue": "arXiv.org",
        "year": submitted.year,
        "citationCount": known.citations,
        "influentialCitationCount": 0,
        "isOpenAccess": True,
        "openAccessPdf": {"url": "", "status": None, "license": None},
        "fieldsOfStudy": ["Computer Science"],
        "s2FieldsOfStudy": [{"category": "Computer Science", "source": "s2-fos-model"}],
        "tldr": {"model": "tldr@v2.0.0", "text": known.tldr},
        "publicationTypes": ["JournalArticle"],
        "publicationDate": submitted.isoformat(),
        "journal": {"name": "ArXiv", "volume": f"abs/{paper.arxiv_id}"},
        "authors": [{"authorId": None, "name": name} for name in paper.authors],
    }

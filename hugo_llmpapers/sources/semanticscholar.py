"""Semantic Scholar's Graph API: citations and machine-made one-sentence summaries.

https://api.semanticscholar.org/api-docs/graph. All clients without a key share one rate limit, so HTTP 429 is the normal
case. Papers of the last days are not in the index yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hugo_llmpapers.records import Listing
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.sources.source import Query, author_names, count, one_line, parse_json
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

FIELDS = "externalIds,title,abstract,authors,publicationDate,citationCount"
BATCH_FIELDS = FIELDS + ",tldr"
"""The bulk search has no `tldr`."""
BATCH = 500
"""Maximum number of ids per request."""
MAX_AGE = timedelta(hours=6)


def fetch(query: Query, web: Web, service: Service) -> list[Listing]:
    """Return the cited papers of the window, most citations first, at most a thousand."""
    params = {
        "query": " | ".join(f'"{word}"' if " " in word or "-" in word else word for word in query.keywords),
        "publicationDateOrYear": f"{query.since.date()}:{query.last_day}",
        "fieldsOfStudy": "Computer Science",
        "minCitationCount": "1",
        "sort": "citationCount:desc",
        "fields": FIELDS,
    }
    return list(web.get(service, "/graph/v1/paper/search/bulk", params, max_age=MAX_AGE, parse=parse).value)


def lookup(ids: Sequence[str], web: Web, service: Service) -> list[Listing]:
    """Return these papers with their tldr, without those that Semantic Scholar does not know."""
    found: list[Listing] = []
    for start in range(0, len(ids), BATCH):
        body = {"ids": [f"ARXIV:{i}" for i in ids[start : start + BATCH]]}
        fields = {"fields": BATCH_FIELDS}
        found += web.post(service, "/graph/v1/paper/batch", fields, body, max_age=MAX_AGE, parse=parse).value
    return found


def parse(body: bytes) -> list[Listing]:
    """Return the papers of a search or a batch. Raises ValueError for anything else.

    A search without results has no `data`; a batch has null for each unknown paper.
    """
    answer = rows = parse_json(body, "an answer of the Graph API")
    if isinstance(answer, dict) and isinstance(answer.get("total"), int):
        rows = answer.get("data") or []
    if not isinstance(rows, list):
        raise ValueError("not an answer of the Graph API")
    return [listing for row in rows if isinstance(row, dict) and (listing := _listing(row)) is not None]


def _listing(row: dict[str, Any]) -> Listing | None:
    ids = row.get("externalIds")
    ids = ids if isinstance(ids, dict) else {}
    doi = one_line(ids.get("DOI")) or None
    title = one_line(row.get("title"))
    if not title:
        return None
    day = _day(row.get("publicationDate"))
    tldr = row.get("tldr")
    return Listing(
        source="semanticscholar",
        # `ArXiv` may be missing for a paper of arXiv; arXiv's DOI then contains the id.
        arxiv_id=arxiv_id.normalised(one_line(ids.get("ArXiv"))) or arxiv_id.normalised(doi or ""),
        title=title,
        abstract=one_line(row.get("abstract")) or None,
        authors=author_names(row.get("authors")),
        published=day,
        listed=datetime.combine(day, time(), UTC) if day else None,
        doi=doi,
        citations=count(row.get("citationCount")),
        tldr=one_line(tldr.get("text")) or None if isinstance(tldr, dict) else None,
    )


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None

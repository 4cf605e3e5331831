"""Hugging Face Daily Papers: a list for each UTC day, with votes.

https://huggingface.co/docs/hub/api. A day's list grows for about two days. Optional keys are absent, never null.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.records import Listing
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.sources.source import Query, author_names, count, one_line, parse_json
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

PAGE = 100
"""The service's maximum; its default of 50 silently truncates busy days."""
MAX_PAGES = 3
GROWING = timedelta(days=2)
"""Papers are added to a list until this long after its day."""


def fetch(query: Query, web: Web, service: Service) -> list[Listing]:
    """Return the lists of the window's UTC days with the current votes."""
    days = [query.last_day - timedelta(days=back) for back in range(query.window_days + 1)]
    with ThreadPoolExecutor(service.max_concurrent) as pool:
        lists = list(pool.map(lambda day: _day(day, query, web, service), days))
    newest: dict[str | None, Listing] = {}
    for listing in (x for listings in lists for x in listings):
        newest.setdefault(listing.arxiv_id, listing)
    return [x for x in newest.values() if x.listed is not None and x.listed <= query.until]


def lookup(ids: Sequence[str], web: Web, service: Service) -> list[Listing]:
    """Return these papers, whether they were ever on a list or not, without those that Hugging Face does not know."""
    with ThreadPoolExecutor(service.max_concurrent) as pool:
        found = pool.map(lambda arxiv_id: _lookup_one(arxiv_id, web, service), ids)
        return [listing for listing in found if listing is not None]


def parse(body: bytes) -> tuple[list[Listing], int]:
    """Return the papers of a day's list, most votes first, and the number of entries, unusable ones included.

    Raises ValueError for anything else.
    """
    entries = parse_json(body, "a list of papers")
    if not isinstance(entries, list):
        raise ValueError("not a list of papers")
    found = (_listing(entry["paper"]) for entry in entries if isinstance(entry, dict) and "paper" in entry)
    return [listing for listing in found if listing is not None], len(entries)


def parse_paper(body: bytes) -> Listing | None:
    """Return the paper of `/api/papers/ID`; None if it is unusable. Raises ValueError for anything but JSON."""
    return _listing(parse_json(body, "a paper"))


def _day(day: date, query: Query, web: Web, service: Service) -> list[Listing]:
    age = query.until - datetime.combine(day, time(), UTC)
    max_age = timedelta(days=1) if age > GROWING + timedelta(days=1) else timedelta(minutes=30)
    found: list[Listing] = []
    for page in range(MAX_PAGES):
        params = {"date": day.isoformat(), "limit": str(PAGE)} | ({"p": str(page)} if page else {})
        answer = web.get(service, "/api/daily_papers", params, max_age=max_age, accepted=frozenset({400}), parse=parse)
        if answer.status == 400 and day == query.last_day:
            break  # the day has not begun by the service's clock
        if answer.status != 200:
            raise Unavailable(service.name, f"returned HTTP {answer.status}", status=answer.status)
        listings, entries = answer.value
        found += [x if x.listed else replace(x, listed=datetime.combine(day, time(), UTC)) for x in listings]
        if entries < PAGE:
            break
    return found


def _lookup_one(paper_id: str, web: Web, service: Service) -> Listing | None:
    if "/" in paper_id:
        return None  # Hugging Face has no papers with old ids
    unknown, max_age = frozenset({400, 404}), timedelta(hours=6)
    answer = web.get(service, f"/api/papers/{paper_id}", max_age=max_age, accepted=unknown, parse=parse_paper)
    found: Listing | None = answer.value
    return found


def _listing(paper: Any) -> Listing | None:
    if not isinstance(paper, dict):
        return None
    paper_id = arxiv_id.normalised(one_line(paper.get("id")))
    title = one_line(paper.get("title"))
    if paper_id is None or not title:
        return None
    # The enclosing entry has a date that is a day early; the paper's date is arXiv's.
    published = _utc(one_line(paper.get("publishedAt")))
    return Listing(
        source="huggingface",
        arxiv_id=paper_id,
        title=title,
        abstract=one_line(paper.get("summary")) or None,
        authors=author_names(paper.get("authors")),
        published=published.date() if published else None,
        listed=_utc(one_line(paper.get("submittedOnDailyAt"))),
        votes=count(paper.get("upvotes")),
        code_url=one_line(paper.get("githubRepo")) or None,
        project_url=one_line(paper.get("projectPage")) or None,
    )


def _utc(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

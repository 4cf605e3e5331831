"""Hugging Face Daily Papers: a list for each UTC day, with votes.

https://huggingface.co/docs/hub/api. A day's list keeps growing for about two days; optional keys are absent, never null.
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
from hugo_llmpapers.sources.source import Query, count, json_value, said
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

PAGE = 100
"""The most the service gives; its default of 50 cuts busy days off silently."""
PAGES = 3
GROWING = timedelta(days=2)
"""How long after its day a list is still being added to."""


def fetch(query: Query, web: Web, service: Service) -> list[Listing]:
    """The lists of the window's UTC days, the votes as they are now."""
    days = [query.last_day - timedelta(days=back) for back in range(query.window_days + 1)]
    with ThreadPoolExecutor(service.max_concurrent) as pool:
        lists = list(pool.map(lambda day: _day(day, query, web, service), days))
    newest: dict[str | None, Listing] = {}
    for listing in (x for listings in lists for x in listings):
        newest.setdefault(listing.arxiv_id, listing)
    return [x for x in newest.values() if x.listed is not None and x.listed <= query.until]


def lookup(ids: Sequence[str], web: Web, service: Service) -> list[Listing]:
    """These papers as far as Hugging Face knows them, whether they were ever on a list or not."""
    with ThreadPoolExecutor(service.max_concurrent) as pool:
        found = pool.map(lambda i: _one(i, web, service), ids)
        return [listing for listing in found if listing is not None]


def parse(body: bytes) -> list[Listing]:
    """The papers of a day's list, most votes first as the service sorts them. Raises ValueError for anything else."""
    entries = json_value(body)
    if not isinstance(entries, list):
        raise ValueError("not a list of papers")
    found = (_listing(entry["paper"]) for entry in entries if isinstance(entry, dict) and "paper" in entry)
    return [listing for listing in found if listing is not None]


def parse_paper(body: bytes) -> Listing | None:
    """The paper of `/api/papers/ID`; None where it is not one that we can use. Raises ValueError for anything but JSON."""
    return _listing(json_value(body))


def _day(day: date, query: Query, web: Web, service: Service) -> list[Listing]:
    age = query.until - datetime.combine(day, time(), UTC)
    max_age = timedelta(days=1) if age > GROWING + timedelta(days=1) else timedelta(minutes=30)
    found: list[Listing] = []
    for page in range(PAGES):
        params = {"date": day.isoformat(), "limit": str(PAGE)} | ({"p": str(page)} if page else {})
        answer = web.get(
            service, "/api/daily_papers", params, max_age=max_age, accepted=frozenset({400}), parse=_understood
        )
        if answer.status == 400 and day == query.last_day:
            break  # the service's clock says that this day is still to come
        if answer.status != 200:
            raise Unavailable(service.name, f"answers HTTP {answer.status}", status=answer.status)
        listings, full = answer.value
        found += [x if x.listed else replace(x, listed=datetime.combine(day, time(), UTC)) for x in listings]
        if not full:
            break
    return found


def _understood(body: bytes) -> tuple[list[Listing], bool]:
    """The papers, and whether there may be more on another page."""
    try:
        return parse(body), len(json_value(body)) >= PAGE
    except ValueError as error:
        raise ValueError("sends something that is not its list of papers") from error


def _one(wanted: str, web: Web, service: Service) -> Listing | None:
    if "/" in wanted:
        return None  # old ids are not on Hugging Face
    unknown = frozenset({400, 404})
    answer = web.get(
        service, f"/api/papers/{wanted}", max_age=timedelta(hours=6), accepted=unknown, parse=_understood_paper
    )
    found: Listing | None = answer.value
    return found


def _understood_paper(body: bytes) -> Listing | None:
    try:
        return parse_paper(body)
    except ValueError as error:
        raise ValueError("sends something that is not a paper") from error


def _listing(paper: Any) -> Listing | None:
    if not isinstance(paper, dict):
        return None
    found = arxiv_id.normalised(said(paper.get("id")))
    title = said(paper.get("title"))
    if found is None or not title:
        return None
    authors = paper.get("authors")
    shown = [a for a in authors if isinstance(a, dict) and not a.get("hidden")] if isinstance(authors, list) else []
    # The entry around the paper has a date of its own that is a day early; only the paper's is arXiv's.
    published = _moment(said(paper.get("publishedAt")))
    return Listing(
        source="huggingface",
        arxiv_id=found,
        title=title,
        abstract=said(paper.get("summary")) or None,
        authors=tuple(name for a in shown if (name := said(a.get("name")))),
        published=published.date() if published else None,
        listed=_moment(said(paper.get("submittedOnDailyAt"))),
        votes=count(paper.get("upvotes")),
        code_url=said(paper.get("githubRepo")) or None,
        project_url=said(paper.get("projectPage")) or None,
    )


def _moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        return None

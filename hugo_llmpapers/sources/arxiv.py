"""arXiv's API: Atom feeds with the best texts and without votes.

https://info.arxiv.org/help/api/user-manual.html, as served since November 2025 by arxiv-search's `classic_api`.
Thank you to arXiv for use of its open access interoperability.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.records import Listing, paper_count
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.sources.announcements import LONGEST_WAIT, announced_at
from hugo_llmpapers.sources.source import Query, one_line, parse_xml
from hugo_llmpapers.web.client import Incomplete, Web
from hugo_llmpapers.web.request import Service

PAGE = 1000
"""Papers per request. arXiv allows 2,000; the default settings return about 500."""
MAX_PAGES = 4
"""Limit for a wide window or topic; older papers are ignored."""
MAX_AGE = timedelta(hours=1)
_NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


def fetch(query: Query, web: Web, service: Service) -> list[Listing]:
    """Return the newest papers of the categories that contain a keyword and were announced in the window."""
    newest_first = {"search_query": search_query(query), "sortBy": "submittedDate", "sortOrder": "descending"}
    found: list[Listing] = []
    for start in range(0, PAGE * MAX_PAGES, PAGE):
        page, total = _query(web, service, newest_first | {"start": str(start), "max_results": str(PAGE)})
        found += page
        if start + PAGE >= total or not page:
            break
    return [x for x in found if x.listed is not None and query.since <= x.listed <= query.until]


def lookup(ids: Sequence[str], web: Web, service: Service) -> list[Listing]:
    """Return these papers, without those that arXiv does not know."""
    # Without `max_results` arXiv returns ten.
    return _query(web, service, {"id_list": ",".join(ids), "max_results": str(len(ids))})[0] if ids else []


def search_query(query: Query) -> str:
    """Return the query in arXiv's grammar. Each part has parentheses, as operators have no precedence and bind to the right."""
    categories = " OR ".join(f"cat:{name}" for name in query.categories)
    keywords = " OR ".join(f'all:"{word}"' for word in query.keywords)
    first_day = (query.since - LONGEST_WAIT).strftime("%Y%m%d0000")
    last_day = query.last_day.strftime("%Y%m%d2359")
    parts = [part for part in (categories, keywords) if part] + [f"submittedDate:[{first_day} TO {last_day}]"]
    return " AND ".join(f"({part})" for part in parts)


def parse(body: bytes) -> tuple[list[Listing], int]:
    """Return the papers of a feed and their total number on all pages.

    Raises ValueError for anything but a feed of papers, Incomplete for one without papers although the total is not 0.
    """
    feed = parse_xml(body, "an Atom feed")
    total = feed.findtext("opensearch:totalResults", namespaces=_NS)
    if feed.tag != f"{{{_NS['atom']}}}feed" or total is None or not total.strip().isdigit():
        raise ValueError("not an Atom feed of the API")
    entries = feed.findall("atom:entry", _NS)
    if message := next((_text(e, "atom:summary") for e in entries if "/api/errors" in _text(e, "atom:id")), None):
        raise ValueError(f"rejects the request: {message}")
    found = [listing for entry in entries if (listing := _listing(entry)) is not None]
    if int(total) and not found:
        raise Incomplete(f"sends none of {paper_count(int(total))}")
    return found, int(total)


def _query(web: Web, service: Service, params: dict[str, str]) -> tuple[list[Listing], int]:
    # arXiv sends the reason for a rejected query as an Atom feed with status 400.
    answer = web.get(service, "/api/query", params, max_age=MAX_AGE, accepted=frozenset({400}), parse=parse)
    if answer.status == 200:
        found: tuple[list[Listing], int] = answer.value
        return found
    reason = f"returned HTTP {answer.status}"
    try:
        parse(answer.body)
    except ValueError as error:
        reason = str(error)
    raise Unavailable(service.name, reason, status=answer.status)


def _listing(entry: ElementTree.Element) -> Listing | None:
    paper_id = arxiv_id.normalised(_text(entry, "atom:id"))
    title = _text(entry, "atom:title")
    if paper_id is None or not title:
        return None
    try:
        submitted = datetime.fromisoformat(_text(entry, "atom:published")).astimezone(UTC)
        announced = announced_at(submitted)
    except (ValueError, OverflowError):
        return None
    categories = [*entry.findall("arxiv:primary_category", _NS), *entry.findall("atom:category", _NS)]
    terms = (one_line(category.get("term")) for category in categories)
    return Listing(
        source="arxiv",
        arxiv_id=paper_id,
        title=title,
        abstract=_text(entry, "atom:summary") or None,
        authors=tuple(name for a in entry.findall("atom:author", _NS) if (name := _text(a, "atom:name"))),
        published=submitted.date(),
        listed=announced,
        categories=tuple(dict.fromkeys(filter(None, terms))),
        doi=_text(entry, "arxiv:doi") or None,
        comment=_text(entry, "arxiv:comment") or None,
    )


def _text(element: ElementTree.Element, path: str) -> str:
    return one_line(element.findtext(path, default="", namespaces=_NS))

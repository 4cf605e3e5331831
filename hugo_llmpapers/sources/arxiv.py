"""arXiv's API: Atom, no votes, the best text.

https://info.arxiv.org/help/api/user-manual.html, as served since November 2025 by arxiv-search's `classic_api`.
Thank you to arXiv for use of its open access interoperability.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.records import Listing
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.sources.announcements import LONGEST_WAIT, announced_at
from hugo_llmpapers.sources.source import Query, said, xml_root
from hugo_llmpapers.web.client import Incomplete, Web
from hugo_llmpapers.web.request import Service

PAGE = 1000
"""arXiv allows 2,000. The default settings have about half of it."""
PAGES = 4
"""Of a wide window or topic; what is older than these is not looked at."""
MAX_AGE = timedelta(hours=1)
_NS = {
    "atom": "http://www.w3.org/2005/Atom",
    "arxiv": "http://arxiv.org/schemas/atom",
    "opensearch": "http://a9.com/-/spec/opensearch/1.1/",
}


def fetch(query: Query, web: Web, service: Service) -> list[Listing]:
    """The newest papers of the categories that name a keyword and were announced in the window."""
    newest_first = {"search_query": search_query(query), "sortBy": "submittedDate", "sortOrder": "descending"}
    found: list[Listing] = []
    for start in range(0, PAGE * PAGES, PAGE):
        page, total = _ask(web, service, newest_first | {"start": str(start), "max_results": str(PAGE)})
        found += page
        if start + PAGE >= total or not page:
            break
    return [x for x in found if x.listed is not None and query.since <= x.listed <= query.until]


def lookup(ids: Sequence[str], web: Web, service: Service) -> list[Listing]:
    """These papers; those that arXiv does not know are not in the answer.

    `max_results` must be said, or only ten come back.
    """
    return _ask(web, service, {"id_list": ",".join(ids), "max_results": str(len(ids))})[0] if ids else []


def search_query(query: Query) -> str:
    """The window in arXiv's grammar, every part in parentheses: it knows no precedence and binds to the right."""
    categories = " OR ".join(f"cat:{name}" for name in query.categories)
    keywords = " OR ".join(f'all:"{word}"' for word in query.keywords)
    opens = (query.since - LONGEST_WAIT).strftime("%Y%m%d0000")
    closes = query.last_day.strftime("%Y%m%d2359")
    parts = [part for part in (categories, keywords) if part] + [f"submittedDate:[{opens} TO {closes}]"]
    return " AND ".join(f"({part})" for part in parts)


def parse(body: bytes) -> tuple[list[Listing], int]:
    """The papers of a feed, and how many there are in all. Raises ValueError for anything that is not such a feed."""
    try:
        feed = xml_root(body)
    except ValueError as error:
        raise ValueError(f"not an Atom feed ({error})") from error
    total = feed.findtext("opensearch:totalResults", namespaces=_NS)
    if feed.tag != f"{{{_NS['atom']}}}feed" or total is None or not total.strip().isdigit():
        raise ValueError("not an Atom feed of the API")
    entries = feed.findall("atom:entry", _NS)
    if message := next((_text(e, "atom:summary") for e in entries if _is_error(e)), None):
        raise ValueError(f"refuses the question: {message}")
    found = [listing for entry in entries if (listing := _listing(entry)) is not None]
    return found, int(total)


def _ask(web: Web, service: Service, params: dict[str, str]) -> tuple[list[Listing], int]:
    # The new API says what is wrong with a query in an Atom feed with status 400.
    answer = web.get(service, "/api/query", params, max_age=MAX_AGE, accepted=frozenset({400}), parse=_understood)
    if answer.status != 200:
        try:
            parse(answer.body)
        except ValueError as error:
            raise Unavailable(service.name, str(error), status=answer.status) from error
        raise Unavailable(service.name, f"answers HTTP {answer.status}", status=answer.status)
    found: tuple[list[Listing], int] = answer.value
    return found


def _understood(body: bytes) -> tuple[list[Listing], int]:
    found, total = parse(body)
    if total and not found:
        raise Incomplete(f"says that there are {total} papers and sends none")
    return found, total


def _is_error(entry: ElementTree.Element) -> bool:
    return "/api/errors" in _text(entry, "atom:id")


def _listing(entry: ElementTree.Element) -> Listing | None:
    found = arxiv_id.normalised(_text(entry, "atom:id"))
    title = _text(entry, "atom:title")
    if found is None or not title:
        return None
    try:
        submitted = datetime.fromisoformat(_text(entry, "atom:published")).astimezone(UTC)
        announced = announced_at(submitted)
    except (ValueError, OverflowError):
        return None
    terms = [said(c.get("term")) for c in entry.findall("atom:category", _NS)]
    first = entry.find("arxiv:primary_category", _NS)
    categories = ([said(first.get("term"))] if first is not None else []) + terms
    return Listing(
        source="arxiv",
        arxiv_id=found,
        title=title,
        abstract=_text(entry, "atom:summary") or None,
        authors=tuple(name for a in entry.findall("atom:author", _NS) if (name := _text(a, "atom:name"))),
        published=submitted.date(),
        listed=announced,
        categories=tuple(dict.fromkeys(c for c in categories if c)),
        doi=_text(entry, "arxiv:doi") or None,
        comment=_text(entry, "arxiv:comment") or None,
    )


def _text(element: ElementTree.Element, path: str) -> str:
    return said(element.findtext(path, default="", namespaces=_NS))

"""What the sources share. Each is a module with three functions.

`fetch(query, web, service)` returns the Listings of the query's window, `lookup(ids, web, service)` those of given papers;
both raise Unavailable. `parse(body)` needs no network and raises ValueError for anything but an answer of the service.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol
from xml.etree import ElementTree

from hugo_llmpapers.records import Listing
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service


@dataclass(frozen=True, slots=True)
class Query:
    """A request for the papers of a time window."""

    until: datetime
    """UTC. Papers listed later are ignored: now, or the end of the post's day if that is earlier."""
    window_days: int
    keywords: tuple[str, ...]
    categories: tuple[str, ...]

    @property
    def since(self) -> datetime:
        """The start of the window in UTC."""
        return self.until.astimezone(UTC) - timedelta(days=self.window_days)

    @property
    def last_day(self) -> date:
        """The UTC day on which the window ends."""
        return self.until.astimezone(UTC).date()


class Source(Protocol):
    """A source's module."""

    def fetch(self, query: Query, web: Web, service: Service) -> list[Listing]: ...

    def lookup(self, ids: Sequence[str], web: Web, service: Service) -> list[Listing]: ...


MAX_TEXT = 20_000
"""Characters of a title, name or abstract; arXiv's abstracts have up to 1,920."""
MAX_COUNT = 10**9
"""Votes or citations."""
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a UTF-16 pair: valid in escaped JSON, but it cannot be encoded."""


def parse_json(body: bytes, expected: str) -> Any:
    """Read a JSON document. Raises ValueError "not `expected`" if it is invalid or nested too deep."""
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError(f"not {expected} (nested too deep)") from None
    except ValueError as error:
        raise ValueError(f"not {expected} ({error})") from error


def parse_xml(body: bytes, expected: str) -> ElementTree.Element:
    """Return the root of an XML document. Raises ValueError "not `expected`" if it is invalid or has a document type."""
    try:
        return ElementTree.fromstring(body, ElementTree.XMLParser(target=_WithoutDoctype()))
    except (ElementTree.ParseError, UnicodeError, LookupError, ValueError) as error:
        raise ValueError(f"not {expected} ({error})") from error


class _WithoutDoctype(ElementTree.TreeBuilder):
    """Refuses a document type: no API answer has one, and it could declare entities that expand without limit."""

    def doctype(self, _name: str, _public_id: str | None, _system_id: str | None) -> None:
        raise ValueError("it has a document type")


def one_line(value: Any) -> str:
    """Return a text with single spaces instead of line breaks; empty for other types and for more than MAX_TEXT."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return ""
    return " ".join(_SURROGATE.sub("\ufffd", value).split())


def author_names(value: Any) -> tuple[str, ...]:
    """Return the names of a JSON list of authors, without those that are hidden; empty for anything else."""
    authors = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    return tuple(name for one in authors if not one.get("hidden") and (name := one_line(one.get("name"))))


def count(value: Any) -> int | None:
    """Return a number of votes or citations; None for anything else."""
    return value if type(value) is int and 0 <= value <= MAX_COUNT else None

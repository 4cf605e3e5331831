"""The services that list papers: one module each, `fetch` to ask and `parse` to understand.

`fetch(query, web, service)` gives the Listings of the query's window, `lookup(ids, web, service)` those of named papers;
both raise `Unavailable` where the service cannot be used. `parse(body)` needs no network and raises ValueError for
bytes that are not an answer of the service.
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
    """What is wanted of a source."""

    until: datetime
    """UTC. Nothing that was listed later counts: the earlier of now and the post's day's end."""
    window_days: int
    keywords: tuple[str, ...]
    categories: tuple[str, ...]

    @property
    def since(self) -> datetime:
        """UTC, the moment at which the window opens."""
        return self.until.astimezone(UTC) - timedelta(days=self.window_days)

    @property
    def last_day(self) -> date:
        """The UTC day on which the window closes."""
        return self.until.astimezone(UTC).date()


class Source(Protocol):
    """What each module of this package is."""

    def fetch(self, query: Query, web: Web, service: Service) -> list[Listing]: ...

    def lookup(self, ids: Sequence[str], web: Web, service: Service) -> list[Listing]: ...


LONGEST = 20_000
"""Characters of a text; arXiv's abstracts have up to 1,920."""
MOST = 10**9
"""Votes or citations."""
_HALF = re.compile("[\ud800-\udfff]")
"""Of a pair of UTF-16: JSON can escape one alone, and no file can hold it."""


def json_value(body: bytes) -> Any:
    """What a JSON document says. Raises ValueError for anything else, and for one that is nested too deep."""
    try:
        return json.loads(body)
    except RecursionError as error:
        raise ValueError("JSON that is nested too deep") from error


def said(value: Any) -> str:
    """A text of an answer in one line; empty where it is none, or longer than anybody's title, name or abstract."""
    return one_line(_HALF.sub("\ufffd", value)) if isinstance(value, str) and len(value) <= LONGEST else ""


def count(value: Any) -> int | None:
    """A number of votes or citations; None where it is none."""
    return value if type(value) is int and 0 <= value <= MOST else None


def one_line(text: str) -> str:
    """Text with every run of white space, line ends and paragraph breaks included, as one blank."""
    return " ".join(text.split())


def xml_root(body: bytes) -> ElementTree.Element:
    """The root of a document without entities of its own. Raises ValueError for anything else."""
    try:
        return ElementTree.fromstring(body, ElementTree.XMLParser(target=_Plain()))
    except (ElementTree.ParseError, UnicodeError, LookupError) as error:
        raise ValueError(str(error)) from error


class _Plain(ElementTree.TreeBuilder):
    """Refuses a document type, as an answer of an API has none and entities that grow are declared there."""

    def doctype(self, _name: str, _public_id: str | None, _system_id: str | None) -> None:
        raise ValueError("it has a document type")

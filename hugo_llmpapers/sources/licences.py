"""A paper's licence from arXiv's OAI-PMH interface, as the API does not have it. One request per paper.

https://info.arxiv.org/help/oa/index.html
"""

from __future__ import annotations

from datetime import timedelta

from hugo_llmpapers.sources.source import parse_xml
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

MAX_AGE = timedelta(days=30)
_ARXIV = "{http://arxiv.org/OAI/arXiv/}"
_CREATIVE_COMMONS = "creativecommons.org/"


def licence(arxiv_id: str, web: Web, service: Service) -> str | None:
    """Return the licence's URL; None if arXiv's record has none. Raises Unavailable."""
    params = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{arxiv_id}", "metadataPrefix": "arXiv"}
    found: str | None = web.get(service, "/oai", params, max_age=MAX_AGE, parse=parse).value
    return found


def parse(body: bytes) -> str | None:
    """Return the licence's URL in a record; None if it has none. Raises ValueError for anything but a record."""
    root = parse_xml(body, "an OAI-PMH record")
    if root.find(f".//{_ARXIV}id") is None:
        raise ValueError("has no record of the paper")
    return (root.findtext(f".//{_ARXIV}license") or "").strip() or None


def allows_reuse(licence_url: str | None) -> bool:
    """Return whether others may show a figure: Creative Commons without "no derivatives", as a cropped figure is one.

    https://info.arxiv.org/help/license/reuse.html
    """
    url = licence_url or ""
    return _CREATIVE_COMMONS in url and "-nd" not in url

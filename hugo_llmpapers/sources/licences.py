"""Under which licence a paper is: arXiv's OAI-PMH interface, as the API does not say.

https://info.arxiv.org/help/oa/index.html; one paper a request, within arXiv's pace.
"""

from __future__ import annotations

from datetime import timedelta

from hugo_llmpapers.sources.source import xml_root
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

MAX_AGE = timedelta(days=30)
_ARXIV = "{http://arxiv.org/OAI/arXiv/}"
_CREATIVE_COMMONS = "creativecommons.org/"


def licence(arxiv_id: str, web: Web, service: Service) -> str | None:
    """The licence's URL; None where arXiv's record names none. Raises Unavailable."""
    params = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{arxiv_id}", "metadataPrefix": "arXiv"}
    found: str | None = web.get(service, "/oai", params, max_age=MAX_AGE, parse=parse).value
    return found


def parse(body: bytes) -> str | None:
    """The licence out of a record; None where it has none. Raises ValueError for anything else."""
    try:
        root = xml_root(body)
    except ValueError as error:
        raise ValueError("not an OAI-PMH record") from error
    if root.find(f".//{_ARXIV}id") is None:
        raise ValueError("no record of that paper")
    return (root.findtext(f".//{_ARXIV}license") or "").strip() or None


def allows_reuse(licence_url: str | None) -> bool:
    """Whether others may show parts of the paper: Creative Commons without "no derivatives", which a cut-out figure is.

    https://info.arxiv.org/help/license/reuse.html
    """
    url = licence_url or ""
    return _CREATIVE_COMMONS in url and "-nd" not in url

"""arXiv identifiers: always strings, never with a version.

New style `YYMM.NNNNN` (four digits until 2014), old style `archive/YYMMNNN`, also written `archive.SC/YYMMNNN`.
https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re

_NEW = r"(?:\d{4}\.\d{5}|(?:0\d|1[0-4])\d\d\.\d{4})"
"""Four digits after 2014 are a number that lost its trailing zero."""
_OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{7}"
_WRITTEN = re.compile(
    rf"^(?:https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|arxiv:|(?:https?://(?:dx\.)?doi\.org/)?10\.48550/arxiv\.)?"
    rf"({_NEW}|{_OLD})(?:v\d+)?(?:\.pdf)?$",
    re.IGNORECASE | re.ASCII,
)
_LINKED = re.compile(
    r"https?://(?:(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|huggingface\.co/papers/|(?:www\.)?alphaxiv\.org/abs/"
    rf"|(?:dx\.)?doi\.org/10\.48550/[aA]r[xX]iv\.)({_NEW}|{_OLD})".encode()
)
"""A whole address of a paper's page: one whose `:` is escaped is text out of an abstract."""


def normalised(written: str) -> str | None:
    """The version-less id out of `2602.18283v2`, `arXiv:…`, an abs, pdf or html URL, or arXiv's DOI; None if it is none."""
    found = _WRITTEN.match(written.strip())
    return _as_answered(found[1]) if found else None


def linked_in(text: bytes) -> tuple[str, ...]:
    """The ids of all papers to which this text links, in order, each once."""
    return tuple(dict.fromkeys(_as_answered(match.decode()) for match in _LINKED.findall(text)))


def _as_answered(written: str) -> str:
    """An old id as arXiv gives it: lower case, without the subject class."""
    return re.sub(r"\.[a-z]{2}/", "/", written.lower())


def abs_url(arxiv_id: str) -> str:
    """The page that arXiv wants links to lead to."""
    return f"https://arxiv.org/abs/{arxiv_id}"

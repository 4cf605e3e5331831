"""arXiv identifiers: always strings, never with a version.

New style `YYMM.NNNNN` (four digits until 2014), old style `archive/YYMMNNN`, also written `archive.SC/YYMMNNN`.
https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re

_NEW = r"(?:\d{4}\.\d{5}|(?:0\d|1[0-4])\d\d\.\d{4})"
"""Four digits after 2014 are a number that lost its trailing zero."""
_OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7}"
_HOSTS = (
    r"(?:[a-z0-9-]+\.){0,2}arxiv\.org/(?:abs|pdf|html|format|ps|src|e-print)",  # export.arxiv.org, ar5iv.labs.arxiv.org, …
    r"(?:www\.)?alphaxiv\.org/(?:[a-z]{2,3}(?:-[a-z]{2,4})?/)?(?:abs|pdf|html|overview|resources?)",
    r"(?:www\.)?ar5iv\.org/(?:abs|pdf|html)",
    r"(?:www\.)?(?:huggingface|hf)\.co/papers",
)
_HOST = rf"(?:{'|'.join(_HOSTS)})"
_DOI = r"(?:www\.|dx\.)?doi\.org/10\.48550"
"""What stands before `/` and the id in the addresses that people give for a paper, in lower case and without a scheme."""
_WRITTEN = re.compile(
    rf"^(?:(?:(?:https?:)?//)?(?:{_HOST}/(?:arxiv(?::|%3a))?|{_DOI}/arxiv\.)|arxiv:|10\.48550/arxiv\.)?"
    rf"({_NEW}|{_OLD})(?:v\d+)?(?:\.pdf)?/?(?:[?#]\S*)?$",
    re.ASCII,
)
_LINKED = re.compile(rf"/(?:arxiv(?::|%3a|\.))?({_NEW}|{_OLD})(?!\d)".encode())
_BEFORE = re.compile(rf"(?:(https?://)|(?<![^\s\"'(<=\[\x80-\xff])//|(?<![\w.@/\\;:%+-]))(?:{_HOST}|{_DOI})\Z".encode())
"""An address up to an id: whole, with its scheme in the group, or as people write it.

Not what follows on an escaped `:` or `/`: that is text out of an abstract.
"""
_LONGEST = 64
"""Bytes of an address before the id, at most."""
_USUAL = (b"https://arxiv.org/abs", b"https://arxiv.org/pdf", b"http://arxiv.org/abs")
"""Known without a search, which takes longer than reading the file."""
_HINTS = (b"iv.org/", b".co/papers/", b"doi.org/10.48550/")
"""Each address has one of them; most pages of a blog have none."""


def normalised(written: str) -> str | None:
    """The version-less id out of `2602.18283v2`, `arXiv:…`, arXiv's DOI, or the address of a paper's page on arXiv,
    ar5iv, alphaXiv or Hugging Face; None if it is none."""
    found = _WRITTEN.match(written.strip().lower())
    return _as_answered(found[1]) if found else None


def linked_in(text: bytes, *, whole: bool = False) -> tuple[str, ...]:
    """The ids of all papers to which this text links, in order, each once.

    `whole`: count addresses with `http://` or `https://` only, and none that a text merely mentions.
    """
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return ()
    papers = dict[str, None]()
    for found in _LINKED.finditer(lower):
        start = found.start()
        usual = lower.endswith(_USUAL, 0, start)
        link = None if usual else _BEFORE.search(lower, max(0, start - _LONGEST), start)
        if usual or (link is not None and (link[1] or not whole)):
            papers[_as_answered(found[1].decode())] = None
    return tuple(papers)


def _as_answered(written: str) -> str:
    """An old id as arXiv gives it: lower case, without the subject class."""
    return re.sub(r"\.[a-z]{2}/", "/", written.lower())


def abs_url(arxiv_id: str) -> str:
    """The page that arXiv wants links to lead to."""
    return f"https://arxiv.org/abs/{arxiv_id}"

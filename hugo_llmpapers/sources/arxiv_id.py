"""arXiv identifiers, as strings without a version.

New style `YYMM.NNNNN` (four digits until 2014), old style `archive/YYMMNNN`, also written `archive.SC/YYMMNNN`.
https://info.arxiv.org/help/arxiv_identifier.html
"""

from __future__ import annotations

import re

_NEW = r"(?:\d{4}\.\d{5}|(?:0\d|1[0-4])\d\d\.\d{4})"
"""Since 2015 ids have five digits; four are a number that lost its trailing zero."""
_OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7}"
_HOSTS = (
    r"(?:[a-z0-9-]+\.){0,2}arxiv\.org/(?:abs|pdf|html|format|ps|src|e-print)",  # export.arxiv.org, ar5iv.labs.arxiv.org, …
    r"(?:www\.)?alphaxiv\.org/(?:[a-z]{2,3}(?:-[a-z]{2,4})?/)?(?:abs|pdf|html|overview|resources?)",
    r"(?:www\.)?ar5iv\.org/(?:abs|pdf|html)",
    r"(?:www\.)?(?:huggingface|hf)\.co/papers",
)
_HOST = rf"(?:{'|'.join(_HOSTS)})"
_DOI = r"(?:www\.|dx\.)?doi\.org/10\.48550"
"""Addresses of a paper before `/` and the id, in lower case and without a scheme."""
_WRITTEN = re.compile(
    rf"^(?:(?:(?:https?:)?//)?(?:{_HOST}/(?:arxiv(?::|%3a))?|{_DOI}/arxiv\.)|arxiv:|10\.48550/arxiv\.)?"
    rf"({_NEW}|{_OLD})(?:v\d+)?(?:\.pdf)?/?(?:[?#]\S*)?$",
    re.ASCII,
)
_LINKED = re.compile(rf"/(?:arxiv(?::|%3a|\.))?({_NEW}|{_OLD})(?!\d)".encode())
_BEFORE = re.compile(rf"(?:(https?://)|(?<![^\s\"'(<=\[\x80-\xff])//|(?<![\w.@/\\;:%+-]))(?:{_HOST}|{_DOI})\Z".encode())
"""An address before an id, with the scheme, if there is one, in the group.

An address after an escaped `:` or `/` does not match: it is text from an abstract.
"""
_MAX_PREFIX = 64
"""Bytes of an address before the id."""
_USUAL = (b"https://arxiv.org/abs", b"https://arxiv.org/pdf", b"http://arxiv.org/abs")
"""Found without `_BEFORE`, which takes longer than reading the file."""
_HINTS = (b"iv.org/", b".co/papers/", b"doi.org/10.48550/")
"""Each address contains one of these; most pages of a blog contain none."""


def normalised(written: str) -> str | None:
    """Return the id of `2602.18283v2`, `arXiv:…`, arXiv's DOI, or a paper's address on arXiv, ar5iv, alphaXiv or Hugging
    Face, without the version; None for anything else."""
    found = _WRITTEN.match(written.strip().lower())
    return _canonical(found[1]) if found else None


def linked_in(text: bytes, *, with_scheme: bool = False) -> tuple[str, ...]:
    """Return the ids of all papers that the text links to, in order and without duplicates.

    `with_scheme`: only addresses with `http://` or `https://`.
    """
    lower = text.lower()
    if not any(hint in lower for hint in _HINTS):
        return ()
    papers = dict[str, None]()
    for found in _LINKED.finditer(lower):
        start = found.start()
        usual = lower.endswith(_USUAL, 0, start)
        link = None if usual else _BEFORE.search(lower, max(0, start - _MAX_PREFIX), start)
        if usual or (link is not None and (link[1] or not with_scheme)):
            papers[_canonical(found[1].decode())] = None
    return tuple(papers)


def _canonical(written: str) -> str:
    """Return an old id in arXiv's form: lower case, without the subject class."""
    return re.sub(r"\.[a-z]{2}/", "/", written.lower())


def abs_url(arxiv_id: str) -> str:
    """Return the address of the paper's page."""
    return f"https://arxiv.org/abs/{arxiv_id}"

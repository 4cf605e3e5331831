"""Escapes untrusted text for Markdown.

Goldmark, Hugo's shortcode parser, its typographer and emoji, client-side mathematics and raw HTML all interpret ASCII
punctuation. A character that one of them may interpret becomes a numeric character reference. All of them leave references
alone, also in templates that print a shortcode's inner text as it is. Other characters stay readable.

| place | what is interpreted there | escaped as |
| --- | --- | --- |
| heading | inline markup, HTML, shortcodes, attributes, mathematics, typographer, emoji, links; a `#` at the end | reference |
| paragraph, list item | the same, and the start of a block | reference |
| inside a shortcode | the same, as its template may render Markdown once, twice or not at all | reference |
| alternative text | inline markup, typographer, emoji; references too, if a render hook uses .PlainText | look-alike |
| link target | what ends it, HTML references, other schemes than http and https | per cent code, or no link |

Hugo's placeholders are broken in all places, see `hugo_tokens`.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote, urlsplit

from hugo_llmpapers.text import hugo_tokens

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]"  # C0 and C1 without white space; noncharacters
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"  # not displayed
    "|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af])[\U000e0100-\U000e01ef]"  # variants of anything but kanji
    "|(?<![^\x00-\x7f\ufe00-\ufe0f。])[\ufe00-\ufe0f]"  # or symbols
    "|(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"  # joiners without letters to join
)
"""Characters that a language model reads and a reader does not see: Unicode's default ignorables and direction marks.

Single joiners and variation selectors stay, as emoji and some scripts need them. https://www.unicode.org/reports/tr36/
"""
_C0 = "".join(map(chr, range(33)))
"""Characters before an address that its parsers skip: https://url.spec.whatwg.org/"""
_EMOJI = r":(?=(?:(?=[\w+-]*[A-Za-z])[\w+-]+|[+-]1|100|1234):)"  # but not 12:30:45
_LINKS_PAPER = r"/(?=(?i:(?:arxiv(?::|%3a|\.))?(?:\d{4}\.\d{4}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7})))"
"""The slash before an arXiv id. Escaped so that `arxiv_id.linked_in` finds only links of the post itself."""
_ACTIVE = re.compile(
    r"[\\`*{}\[\]<>$~|^\"']"  # markup, shortcodes, HTML, mathematics, quotes of the typographer
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis, but not snake_case
    r"|&(?=[#A-Za-z])"  # the start of a reference
    rf"|{_EMOJI}|:(?=//)|(?<=mailto):"  # and what becomes a link
    r"|(?<=[wW]{3})\.(?=\w)|@(?=[\w-]+\.\w)"
    r"|(?<!\S)#"  # the start or end of a heading
    rf"|{_LINKS_PAPER}"
    r"|([-.+=])(?=\1)"  # dashes, ellipsis, marks
)
_STARTS_BLOCK = re.compile(r"^(?P<before>\d{0,9})(?P<sign>[-+:]|(?<=\d)[.)])(?=\s|$)")
_ACTIVE_IN_ALT = re.compile(
    r"[\\`*{}\[\]<>$~|^]|(?<![^\W_])_|_(?![^\W_])"
    r"|&(?=#?\w+;)"
    rf"|{_EMOJI}"
    rf"|{_LINKS_PAPER}"
    r"|([+=])(?=\1)|(?<=([+=]))\2"
)
_ENTITY = re.compile(r"&#?\w{1,40};?")  # the longest name has 31 letters; unescape fails at thousands of digits
_TYPOGRAPHIC = (("---", "—"), ("--", "–"), ("...", "…"), ("'", "’"))


def heading(text: str) -> str:
    """Escape a text for the rest of a heading's line."""
    line = hugo_tokens.break_tokens(one_line(text))
    return _ACTIVE.sub(lambda found: found[0] if _is_plain_ampersand(found) else f"&#{ord(found[0])};", line)


def paragraph(text: str) -> str:
    """Escape a text for a paragraph of one line, the rest of a list item, or the line between a paired shortcode's tags."""
    return _STARTS_BLOCK.sub(lambda found: f"{found['before']}&#{ord(found['sign'])};", heading(text))


def alt(text: str) -> str:
    """Escape a text for an image's alternative text. As many themes show references literally, active characters are replaced
    by their full-width or typographic look-alikes."""
    wide = _ACTIVE_IN_ALT.sub(lambda found: chr(ord(found[0]) + 0xFEE0), hugo_tokens.break_tokens(one_line(text)))
    for plain, sign in _TYPOGRAPHIC:
        wide = wide.replace(plain, sign)
    return re.sub(r"(?<![^\s(（「])\"", "“", wide).replace('"', "”")


def link(url: str) -> str | None:
    """Escape an address for a link's target; None if it is not a web address or contains a placeholder of Hugo."""
    address = re.sub(r"[\t\r\n]", "", url).strip().lstrip(_C0)
    try:
        address.encode()  # surrogates cannot be encoded
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc or hugo_tokens.contains_token(address):
        return None
    target = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", address)
    return re.sub(r"(&#?\w+);", r"\1%3B", quote(target, safe=":/?#@!$&*+,;=%-._~"))


def links_paper(text: str) -> bool:
    """Return whether the text may contain the address of a paper on arXiv."""
    return re.search(_LINKS_PAPER, text) is not None


def visible(text: str) -> str:
    """Remove control characters, invisible characters and direction marks."""
    return _INVISIBLE.sub("", _CONTROL.sub("", text))


def one_line(text: str) -> str:
    """Return the visible characters with single spaces between words."""
    return " ".join(visible(text).split())


def _is_plain_ampersand(found: re.Match[str]) -> bool:
    """Return whether it is the & of R&D, not that of &copy, which browsers read as © also without a semicolon."""
    entity = _ENTITY.match(found.string, found.start())
    return entity is not None and unescape(entity[0]) == entity[0]

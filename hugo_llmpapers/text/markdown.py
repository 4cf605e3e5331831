"""Text of strangers, made ready for one place in a Markdown file.

Goldmark, Hugo's shortcode parser, its typographer and emoji, client-side mathematics and raw HTML all act on ASCII
punctuation. A character that could act is written as a numeric character reference, which every one of them leaves
alone and which survives templates that print a shortcode's inner text as it is; what cannot act stays readable.

| place | what acts there | written as |
| --- | --- | --- |
| heading | inline markup, HTML, shortcodes, attributes, mathematics, typographer, emoji, links; a `#` at the end | reference |
| paragraph, list item | the same, and the start of a block | reference |
| inside a shortcode | the same, as its template may render Markdown once, twice or not at all | reference |
| alternative text | inline markup, typographer, emoji; references too, where a render hook uses .PlainText | look-alike |
| link target | what ends it, HTML references, other schemes than http and https | per cent code, or no link |

In all of them the words that Hugo keeps for itself are broken, see `hugo_tokens`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote, urlsplit

from hugo_llmpapers.text import hugo_tokens

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff]"  # C0 and C1 but for white space; no characters
)
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"  # shown as nothing
    "|(?<![\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af])[\U000e0100-\U000e01ef]"  # variants of what is no kanji
    "|(?<![^\x00-\x7f\ufe00-\ufe0f。])[\ufe00-\ufe0f]"  # nor a symbol
    "|(?<![^\x00-\x7f\u200c\u200d])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f\u200c\u200d])"  # joiners need letters to join
)
"""What a reader does not see and a language model reads: the default ignorables of Unicode, and what turns the line.

Emoji and some scripts need single joiners and variation selectors, which stay. https://www.unicode.org/reports/tr36/
"""
_C0 = "".join(map(chr, range(33)))
"""What parsers of addresses pass over before one, as https://url.spec.whatwg.org/ tells them."""
_EMOJI = r":(?=(?:(?=[\w+-]*[A-Za-z])[\w+-]+|[+-]1|100|1234):)"  # but not 12:30:45
_LINKS_PAPER = r"/(?=(?i:(?:arxiv(?::|%3a|\.))?(?:\d{4}\.\d{4}|[a-z]+(?:-[a-z]+)?(?:\.[a-z]{2})?/\d{7})))"
"""The slash before an arXiv id: a paper that a text mentions is none that the blog covers, see `arxiv_id.linked_in`."""
_ACTS = re.compile(
    r"[\\`*{}\[\]<>$~|^\"']"  # markup, shortcodes, HTML, mathematics, quotes of the typographer
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis, but not snake_case
    r"|&(?=[#A-Za-z])"  # the start of a reference
    rf"|{_EMOJI}|:(?=//)|(?<=mailto):"  # and what linkify makes a link
    r"|(?<=[wW]{3})\.(?=\w)|@(?=[\w-]+\.\w)"
    r"|(?<!\S)#"  # the start or end of a heading
    rf"|{_LINKS_PAPER}"
    r"|([-.+=])(?=\1)"  # dashes, ellipsis, marks
)
_STARTS_BLOCK = re.compile(r"^(?P<before>\d{0,9})(?P<sign>[-+:]|(?<=\d)[.)])(?=\s|$)")
_ACTS_IN_ALT = re.compile(
    r"[\\`*{}\[\]<>$~|^]|(?<![^\W_])_|_(?![^\W_])"
    r"|&(?=#?\w+;)"
    rf"|{_EMOJI}"
    rf"|{_LINKS_PAPER}"
    r"|([+=])(?=\1)|(?<=([+=]))\2"
)
_NAME = re.compile(
    r"&#?\w{1,40};?"
)  # the longest has 31 letters; of a number with thousands of digits none can be made
_TYPOGRAPHIC = (("---", "—"), ("--", "–"), ("...", "…"), ("'", "’"))


def heading(text: str) -> str:
    """For the rest of a heading's line."""
    return _escaped(hugo_tokens.broken(one_line(text)))


def paragraph(text: str) -> str:
    """For a paragraph of its own or the rest of a list item; one line."""
    return _STARTS_BLOCK.sub(lambda m: m["before"] + _reference(m["sign"]), heading(text))


def shortcode_inner(text: str) -> str:
    """For the line between a paired shortcode's tags, whether its template renders Markdown, prints it raw, or both."""
    return paragraph(text)


def alt(text: str) -> str:
    """For an image's alternative text, where many themes show references literally: a character that would act is replaced
    by its full-width or typographic look-alike, so that nothing is lost."""
    wide = _ACTS_IN_ALT.sub(lambda found: chr(ord(found[0]) + 0xFEE0), hugo_tokens.broken(one_line(text)))
    for plain, sign in _TYPOGRAPHIC:
        wide = wide.replace(plain, sign)
    return re.sub(r"(?<![^\s(（「])\"", "“", wide).replace('"', "”")


def link(url: str) -> str | None:
    """For a link's target; None where it is not a web address, or holds a word that Hugo keeps for itself."""
    address = re.sub(r"[\t\r\n]", "", url).strip().lstrip(_C0)
    try:
        address.encode()  # half characters cannot be
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc or hugo_tokens.found(address):
        return None
    target = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", address)
    return re.sub(r"(&#?\w+);", r"\1%3B", quote(target, safe=":/?#@!$&*+,;=%-._~"))


PLACES: dict[str, Callable[[str], str]] = {
    "heading": heading,
    "paragraph": paragraph,
    "list item": paragraph,
    "details": shortcode_inner,
    "alt": alt,
}
"""The table above, for texts."""


def links_paper(text: str) -> bool:
    """Whether an address of a paper on arXiv may be in a text."""
    return re.search(_LINKS_PAPER, text) is not None


def visible(text: str) -> str:
    """Without control, invisible and direction-turning characters."""
    return _UNSEEN.sub("", _CONTROL.sub("", text))


def one_line(text: str) -> str:
    """What is visible, every run of white space one blank."""
    return " ".join(visible(text).split())


def _escaped(text: str) -> str:
    return _ACTS.sub(lambda found: found[0] if _is_just_and(found) else _reference(found[0]), text)


def _is_just_and(found: re.Match[str]) -> bool:
    """Whether it is the & of R&D: browsers read &copy as ©, also without a semicolon."""
    name = _NAME.match(found.string, found.start())
    return name is not None and unescape(name[0]) == name[0]


def _reference(character: str) -> str:
    return f"&#{ord(character)};"

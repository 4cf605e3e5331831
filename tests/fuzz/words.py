"""Targets: texts of strangers on their way into Markdown, and summaries under their checks."""

from __future__ import annotations

import re
from html import unescape

from hugo_llmpapers.site.math import BRACKETS, DOLLARS, Mathematics, write_text
from hugo_llmpapers.sources import arxiv_id, merge, topic
from hugo_llmpapers.sources.source import one_line
from hugo_llmpapers.summaries.checks.check import check
from hugo_llmpapers.summaries.excerpt import key_sentences, sentences
from hugo_llmpapers.summaries.prompt import instructions
from hugo_llmpapers.text import formula, hugo_tokens, latex, markdown
from tests import hostile
from tests.fuzz.target import Target, text
from tests.summaries.test_claude import GOOD

_SITES = (
    None,
    Mathematics((DOLLARS, BRACKETS), passthrough=True),
    Mathematics((DOLLARS,), passthrough=True, hook=True),
    Mathematics((BRACKETS,), script=True),
    Mathematics((DOLLARS, BRACKETS), script=True),
)
_TONGUES = ("ja", "en", "de", "zh", "ko", "ru", "th", "fr-CA", "x")
_ABOUT = topic.compile_topic(topic.KEYWORDS)
_SOURCE = (
    "StoneBench: Weighing\nWe weigh 1,200 pebbles in 3.5 hours, 12% faster than GraniteNet-2, twice the 40 GB of H100s."
)


def _latex(data: bytes) -> object:
    given = text(data)
    found = latex.pieces(given)
    assert "".join(piece.text for piece in found) == given
    return latex.readable(given)


def _formula(data: bytes) -> object:
    body = text(data)
    if formula.is_safe(body):
        assert not re.search(r"\\(?:href|url|html|style|class|def|require|include|input|unicode)", body), body
    return body


def _mathematics(data: bytes) -> object:
    given = text(data)
    for site in _SITES:
        made = write_text(given, markdown.paragraph, site)
        made.encode()
        assert "\n" not in made
        assert not re.search(r"\{\{[<%]|<[A-Za-z/!]", made), made
    return given


def _markdown(data: bytes) -> object:
    given = text(data)
    for place, escape in hostile.PLACES.items():
        made = escape(given)
        made.encode()
        assert not re.search(r"[\n`<>\[\]*{}]|!\[", made), (place, made)
        if place != "alt":
            assert unescape(made) == unescape(hugo_tokens.break_tokens(markdown.one_line(given))) or "&" in given, (
                place,
                made,
            )
    return given


def _link(data: bytes) -> object:
    made = markdown.link(text(data))
    if made is not None:
        assert re.fullmatch(r"(?i:https?)://[!-~]+", made), made
        assert not re.search(r"[\s<>()\"'`{}\[\]]", made), made
    return made


def _check(data: bytes) -> object:
    """A summary and its source, each of which may be hostile; both may be long."""
    summary, _, source = text(data).partition("\x1e")
    return [check(summary, tongue, source or _SOURCE, instructions(tongue)) for tongue in _TONGUES]


def _prose(data: bytes) -> object:
    given = one_line(text(data))
    found = sentences(given)
    assert " ".join(found) == given
    return key_sentences(given), merge.title_key(given), merge.looks_damaged(given), _ABOUT.keywords_in(given)


def _id(data: bytes) -> object:
    found = [*arxiv_id.linked_in(data), *filter(None, [arxiv_id.normalised(text(data))])]
    for one in found:
        assert re.fullmatch(r"[a-z.-]*/?[0-9.]+", one), one
        assert ".." not in one and one.count("/") <= 1, one
    return found


def _encoded(*texts: str) -> tuple[bytes, ...]:
    return tuple(one.encode() for one in texts)


_TEXTS = _encoded(
    *hostile.BY_HAND,
    *hostile.LATEX,
    "\\frac{a}{b} " * 5,
    "We propose X. It is 3.5 times as fast, i.e. good. A. B. C. End",
)
_MARKS = (
    *"\\`*_{}[]<>&$~|^\"':@#-.=+!()/%;?", "\\frac{", "\\left(", "\\right)", "\\text{", "\\begin{x}", "\\sqrt[", "}^{", "_{", "$$", "\\(", "\\)", "{{<", ">}}",
    "{x{<", "\ue000", ":smile:", "&amp;", "&#x0;", "http://", "\u200d", "\ud800", "\ufe0f", "ß", "İ", "ﬁ", "\u202e", "A. ", "e.g. ", "\\hat", "%",
)  # fmt: skip
_NUMBERS = (
    "1.2.3万", "1万", "1兆兆兆", "12億3456万", "三十分の一", "10^{99}", "999^{-99}", "twenty-four", "half a million", "two", "ß", "İ", "$10^", "1,234.5 ", "40 GPU hours",
    "5 to 10 minutes", "GPU4", "x²⁹", "٣", "½", "。", "である", "です。", "GraniteNet-2", "\x1e", "factor of ", "aged ", "(3)", "1.5.", "9" * 400, "k", " GB", "%", "twofold",
)  # fmt: skip
_ADDRESSES = _encoded(
    "https://github.com/a/b",
    "HTTP://x.example:80/a b(c)?d=e&f;#g",
    "https://[::1]/",
    "//x",
    "javascript:alert(1)",
    "https://x\u2100.example",
    "http://a\tb",
)

TARGETS = (
    Target("latex", _latex, (), _TEXTS, _MARKS),
    Target("formula", _formula, (), _encoded("\\frac{a_1}{b^2}", "\\left( x \\right)", "\\sqrt[3]{\\mathbf{x}}", "\\href{x}{y}"), _MARKS),
    Target("mathematics", _mathematics, (), _TEXTS, _MARKS),
    Target("markdown", _markdown, (), _TEXTS, _MARKS),
    Target("link", _link, (), _ADDRESSES, (*_MARKS, "[", "]", "@", "%", "\\", "\t", "\x00", "￥", "xn--")),
    Target("summary-checks", _check, (), _encoded(GOOD, GOOD + "\x1e" + _SOURCE, "The two 1,200 pebbles of GraniteNet-2 weigh half a million. " * 6), (*_NUMBERS, *_MARKS[:30])),
    Target("prose", _prose, (), _TEXTS, (*_MARKS, *_NUMBERS)),
    Target("arxiv-id", _id, (), _encoded("https://arxiv.org/abs/0000.00001v2", "arXiv:cs/0112017", "10.48550/arXiv.0000.00001", "see https://huggingface.co/papers/0000.00001."), ("https://arxiv.org/abs/", "/", "..", "v1", ".pdf", "math.GT/", "٠", "\n", "doi.org/")),
)  # fmt: skip
"""By their names for the command line."""

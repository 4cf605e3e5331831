"""Hugo's internal placeholders. Hugo searches content or finished pages for them, and fails if one is not its own.

So the text of a paper must not contain one, in any spelling that Hugo, a theme's functions or LaTeX turn into it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from html import unescape
from typing import Any, TypeVar
from urllib.parse import unquote

T = TypeVar("T")

TOKENS = (
    # In a page's HTML after Markdown, if the page has shortcodes with `{{<`, or a table of contents in one: the build panics
    # (unknown token), or fails if `HBHB` does not follow. 0.112.4 to 0.165, hugolib/shortcode.go#L194
    "HAHAHUGOSHORTCODE",
    # In every finished text file, whether a theme uses `templates.Defer` or not: the build panics.
    # 0.128 and later, hugolib/hugo_sites_build.go#L533
    "__hdeferred/",
    # In every finished text file, if a theme uses `resources.PostProcess`: the build panics, or the text up to the next
    # `__e=` is replaced. 0.112.4 to 0.165, hugolib/hugo_sites_build.go#L718
    "__h_pp_l1",
    # In a page's HTML, if the page has a `<!--more-->`: the summary ends there, and the word is lost.
    # 0.112.4 to 0.165, hugolib/page__content.go#L54
    "HUGOMORE42",
    # In Markdown, raw HTML and the result of `.RenderShortcodes`: the page of links and pictures changes, and the text is
    # lost. 0.125 and later, markup/goldmark/hugocontext/hugocontext.go#L101
    "{{__hugo_ctx",
    # In `.Plain`, `.Summary`, `plainify` and word counts: it becomes a line end. 0.112.4 to 0.165, tpl/template.go#L112
    "___hugonl_",
)
"""What Hugo searches for, without the variable part that follows. The list is complete for Hugo 0.112.4, 0.120, 0.131, 0.140,
0.147.9, 0.163.3 (of which the lines are, https://github.com/gohugoio/hugo/blob/v0.163.3/) and 0.165. A suffix such as `__d=`,
`__e=` or `HBHB` alone has no effect."""

MARK = "·"
"""Replaces one letter of a token. As the letter is gone, nothing can restore the token."""
_ENCODED = re.compile(r"&(?:#[0-9]{1,9};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][0-9A-Za-z]{1,31};?)|(?:%[0-9A-Fa-f]{2})+")
_STRIPPED = (re.compile("<[^>]*>"), re.compile("<[^<>]*>"), re.compile("[^\\x00-\\x7f]+"))
"""Tags as `plainify` sees them, tags as themes remove them with `replaceRE` (they differ at a lone `<`), and everything but
ASCII, which `anchorize` removes with `autoHeadingIDType = "github-ascii"`."""
_IGNORED = bytes(n for n in range(128) if not (chr(n).isalnum() or chr(n).isspace() or chr(n) == "_"))
_MAX_DECODINGS = 8
"""`&amp;amp;#95;` needs three. No theme decodes as often."""


def contains_token(text: str) -> bool:
    """Return whether the text, or anything that it decodes to, contains a token.

    Case, accents, compatibility forms such as full-width ones, and signs and tags between the letters are ignored, as
    functions of themes (`lower`, `anchorize`, `urlize`, `plainify`) change or remove them. White space is not: only
    `anchorize` removes it, and with it the slash, equals sign or capitals without which Hugo does not recognize a token.
    """
    return any(_CORES.search(_comparable(variant)) for variant in _variants(text))


def tokens_in(text: str) -> tuple[str, ...]:
    """Return the tokens that the text contains, as Hugo writes them."""
    cores = {core for variant in _variants(text) for core in _CORES.findall(_comparable(variant))}
    return tuple(token for token in TOKENS if _comparable(token) in cores)


def break_tokens(text: str) -> str:
    """Return the text with one letter of each token replaced by MARK; unchanged if it has no token."""
    while contains_token(text):
        parts, at = [], 0
        for begin, end in sorted(set(_middle_letters(text))):
            if begin >= at:
                parts += [text[at:begin], MARK]
                at = end
        text = "".join([*parts, text[at:]])
    return text


def break_tokens_in_json(value: Any) -> Any:
    """Break the tokens of each text in a JSON value; keys stay."""
    if isinstance(value, str):
        return break_tokens(value)
    if isinstance(value, list):
        return [break_tokens_in_json(item) for item in value]
    return {key: break_tokens_in_json(item) for key, item in value.items()} if isinstance(value, dict) else value


def _comparable(text: str) -> bytes:
    """Return the text's letters, digits, underscores and white space in lower-case ASCII."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).casefold()
    return text.lower().encode("ascii", "ignore").translate(None, _IGNORED)


_comparable_character = lru_cache(maxsize=4096)(_comparable)
"""A post has few different characters."""
_CORES = re.compile(b"|".join(map(_comparable, TOKENS)))


def _variants(text: str) -> Iterator[str]:
    """Yield the text and everything that it decodes to, as it is and stripped."""
    return _decode_and_strip(
        text,
        lambda variant: _ENCODED.sub(lambda found: _decoded(found[0]), variant),
        lambda variant, stripped: stripped.sub("", variant),
    )


@dataclass(frozen=True, slots=True)
class _Traced:
    """A variant of a text. Each character has the part of the original text that it comes from."""

    text: str
    begins: list[int]
    ends: list[int]

    def replaced(self, parts: Iterable[tuple[int, int, str]]) -> _Traced:
        """Replace parts, each given by its begin, its end and the new text."""
        text, begins, ends, at = [], [], [], 0
        for begin, end, new in parts:
            text += [self.text[at:begin], new]
            begins += [*self.begins[at:begin], *[self.begins[begin]] * len(new)]
            ends += [*self.ends[at:begin], *[self.ends[end - 1]] * len(new)]
            at = end
        return _Traced("".join([*text, self.text[at:]]), begins + self.begins[at:], ends + self.ends[at:])

    def decoded(self) -> _Traced:
        found = ((*part.span(), part[0], _decoded(part[0])) for part in _ENCODED.finditer(self.text))
        # The letters of "&ThisIsNoName" stay apart.
        return self.replaced((begin, end, new) for begin, end, old, new in found if new != old)

    def stripped(self, pattern: re.Pattern[str]) -> _Traced:
        return self.replaced((*part.span(), "") for part in pattern.finditer(self.text))


def _middle_letters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the begin and end of the part of the text that encodes the middle letter of each token."""
    original = _Traced(text, list(range(len(text))), list(range(1, len(text) + 1)))
    for variant in _decode_and_strip(original, _Traced.decoded, _Traced.stripped):
        # Most variants have no token, and comparing each character is slow.
        if _CORES.search(_comparable(variant.text)):
            characters = zip(variant.text, variant.begins, variant.ends, strict=True)
            compared = [(byte, begin, end) for char, begin, end in characters for byte in _comparable_character(char)]
            for core in _CORES.finditer(bytes(byte for byte, _, _ in compared)):
                _, begin, end = compared[(core.start() + core.end()) // 2]
                yield begin, end


def _decode_and_strip(text: T, decode: Callable[[T], T], strip: Callable[[T, re.Pattern[str]], T]) -> Iterator[T]:
    """Yield the text decoded up to eight times, each as it is and stripped: themes do both in any order."""

    def decode_then_strip(variant: T, pattern: re.Pattern[str]) -> T:
        return strip(decode(variant), pattern)

    for decoded in _repeated(text, decode):
        yield decoded
        for pattern in _STRIPPED:
            if (stripped := strip(decoded, pattern)) != decoded:
                yield from _repeated(stripped, partial(decode_then_strip, pattern=pattern))


def _repeated(text: T, step: Callable[[T], T]) -> Iterator[T]:
    for _ in range(_MAX_DECODINGS):
        yield text
        if (after := step(text)) == text:
            return
        text = after


def _decoded(encoded: str) -> str:
    return unescape(encoded) if encoded[0] == "&" else unquote(encoded, errors="replace")

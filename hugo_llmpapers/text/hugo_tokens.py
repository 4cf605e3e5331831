"""The words that Hugo keeps for itself: it searches content or finished pages for them, and stops where it meets a foreign one.

Text of a paper never contains one, in no spelling that Hugo, a theme's functions or LaTeX turn into it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from html import unescape
from typing import Any, TypeVar
from urllib.parse import unquote

T = TypeVar("T")
_SOURCE = "https://github.com/gohugoio/hugo/blob/v0.163.3/"


@dataclass(frozen=True, slots=True)
class Token:
    """A placeholder of Hugo's."""

    text: str
    """What Hugo searches for, without the variable part that follows."""
    core: str
    """Its letters, digits and underscores in lower case, as far as they tell it: what `found` compares."""
    searched: str
    """Where Hugo looks for it, and what it does with one that is not its own."""
    versions: str
    source: str
    """Link to the code that searches."""


TOKENS = (
    Token(
        "HAHAHUGOSHORTCODE",
        "hahahugoshortcode",
        "a page's HTML after Markdown, where the page has shortcodes with `{{<`, or a table of contents in one: the build "
        "panics (unknown token), or fails where `HBHB` does not follow",
        "all, 0.112.4 to 0.165",
        f"{_SOURCE}hugolib/shortcode.go#L194",
    ),
    Token(
        "__hdeferred/",
        "__hdeferred",
        "every finished file of a text format, whether a theme uses `templates.Defer` or not: the build panics",
        "0.128 and later",
        f"{_SOURCE}hugolib/hugo_sites_build.go#L533",
    ),
    Token(
        "__h_pp_l1",
        "__h_pp_l1",
        "every finished file of a text format, where a theme uses `resources.PostProcess`: the build panics, or the text up "
        "to the next `__e=` is replaced",
        "all, 0.112.4 to 0.165",
        f"{_SOURCE}hugolib/hugo_sites_build.go#L718",
    ),
    Token(
        "HUGOMORE42",
        "hugomore42",
        "a page's HTML, where the page has a `<!--more-->`: the summary ends there, and the word is lost",
        "all, 0.112.4 to 0.165",
        f"{_SOURCE}hugolib/page__content.go#L54",
    ),
    Token(
        "{{__hugo_ctx",
        "__hugo_ctx",
        "Markdown, raw HTML and what `.RenderShortcodes` gives: the page of links and pictures changes, and the text is lost",
        "0.125 and later",
        f"{_SOURCE}markup/goldmark/hugocontext/hugocontext.go#L101",
    ),
    Token(
        "___hugonl_",
        "___hugonl_",
        "`.Plain`, `.Summary`, `plainify` and what counts words: it becomes a line end",
        "all, 0.112.4 to 0.165",
        f"{_SOURCE}tpl/template.go#L112",
    ),
)
"""All of them, by reading Hugo 0.112.4, 0.120, 0.131, 0.140, 0.147.9, 0.163.3 and 0.165. Where only a prefix is searched and
a suffix such as `__d=`, `__e=` or `HBHB` ends the match, the suffix alone does nothing."""

MARK = "·"
"""Stands for one letter of a token that was broken. Nothing can put the token together again, as that letter is gone."""
_CORES = re.compile("|".join(token.core for token in TOKENS).encode())
_SPELLING = re.compile(r"&(?:#[0-9]{1,9};?|#[xX][0-9A-Fa-f]{1,8};?|[A-Za-z][0-9A-Za-z]{1,31};?)|(?:%[0-9A-Fa-f]{2})+")
_DROPPED = (re.compile("<[^>]*>"), re.compile("<[^<>]*>"), re.compile("[^\\x00-\\x7f]+"))
"""What `plainify` takes for a tag, and what themes do with `replaceRE`: they differ where a `<` stands alone. And all but
ASCII, which `anchorize` drops with `autoHeadingIDType = "github-ascii"`."""
_NOT_COMPARED = bytes(n for n in range(128) if not (chr(n).isalnum() or chr(n).isspace() or chr(n) == "_"))
_DEEPEST = 8
"""Times that a text is decoded: `&amp;amp;#95;` needs three. No theme does it as often."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text says, each character with the part of the text that says it."""

    said: str
    begins: list[int]
    ends: list[int]

    def replaced(self, parts: Iterator[tuple[int, int, str]]) -> _Reading:
        """With something else in the place of each part: where it begins and ends, and what it says."""
        said, begins, ends, at = [], [], [], 0
        for first, last, instead in parts:
            said += [self.said[at:first], instead]
            begins += [*self.begins[at:first], *[self.begins[first]] * len(instead)]
            ends += [*self.ends[at:first], *[self.ends[last - 1]] * len(instead)]
            at = last
        return _Reading("".join([*said, self.said[at:]]), begins + self.begins[at:], ends + self.ends[at:])


def found(text: str) -> bool:
    """Whether a token stands in the text, or in anything that it decodes to.

    Case, accents, compatibility forms such as full-width ones, signs and tags in between do not count, as functions of
    themes (`lower`, `anchorize`, `urlize`, `plainify`) change or drop them. White space does: only `anchorize` drops some of it,
    and with it the slash, equals sign or capitals without which Hugo takes no word for its own.
    """
    return any(_CORES.search(_compared(reading)) for reading in _readings(text))


def named(text: str) -> tuple[str, ...]:
    """The tokens that stand in it, as Hugo writes them; empty where `found` is false."""
    cores = {core.decode() for reading in _readings(text) for core in _CORES.findall(_compared(reading))}
    return tuple(token.text for token in TOKENS if token.core in cores)


def broken(text: str) -> str:
    """The text with one letter of each token replaced by MARK; a text without one is returned as it is."""
    while found(text):
        parts, at = [], 0
        for begin, end in sorted(set(_places(text))):
            if begin >= at:
                parts += [text[at:begin], MARK]
                at = end
        text = "".join([*parts, text[at:]])
    return text


def all_broken(value: Any) -> Any:
    """The same for each text in a value of JSON."""
    if isinstance(value, str):
        return broken(value)
    if isinstance(value, list):
        return [all_broken(one) for one in value]
    return {key: all_broken(one) for key, one in value.items()} if isinstance(value, dict) else value


def _compared(text: str) -> bytes:
    if text.isascii():
        return text.lower().encode().translate(None, _NOT_COMPARED)
    return unicodedata.normalize("NFKD", text).casefold().encode("ascii", "ignore").translate(None, _NOT_COMPARED)


_compared_sign = lru_cache(maxsize=4096)(_compared)
"""The same for a single character: a post has few different ones."""


def _readings(text: str) -> Iterator[str]:
    """The text, and all that it decodes to, whole and without what is dropped."""
    return _all(
        text, lambda one: _SPELLING.sub(lambda spelt: _meant(spelt[0]), one), lambda one, dropped: dropped.sub("", one)
    )


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where the middle letter of each token is spelt."""
    whole = _Reading(text, list(range(len(text))), list(range(1, len(text) + 1)))
    for reading in _all(whole, _decoded, _stripped):
        # Most readings have no token, and to look at each character takes long.
        if _CORES.search(_compared(reading.said)):
            signs = zip(reading.said, reading.begins, reading.ends, strict=True)
            compared = [(plain, begin, end) for sign, begin, end in signs for plain in _compared_sign(sign)]
            for core in _CORES.finditer(bytes(plain for plain, _, _ in compared)):
                _, begin, end = compared[(core.start() + core.end()) // 2]
                yield begin, end


def _all(text: T, decode: Callable[[T], T], strip: Callable[[T, re.Pattern[str]], T]) -> Iterator[T]:
    """The text as it is decoded once, twice …, each whole and without what is dropped: themes do both in any order."""

    def both(one: T, dropped: re.Pattern[str]) -> T:
        return strip(decode(one), dropped)

    for decoded in _repeated(text, decode):
        yield decoded
        for dropped in _DROPPED:
            if (stripped := strip(decoded, dropped)) != decoded:
                yield from _repeated(stripped, partial(both, dropped=dropped))


def _repeated(text: T, step: Callable[[T], T]) -> Iterator[T]:
    for _ in range(_DEEPEST):
        yield text
        if (after := step(text)) == text:
            return
        text = after


def _stripped(reading: _Reading, dropped: re.Pattern[str]) -> _Reading:
    return reading.replaced((*found.span(), "") for found in dropped.finditer(reading.said))


def _decoded(reading: _Reading) -> _Reading:
    spellings = ((*spelt.span(), spelt[0], _meant(spelt[0])) for spelt in _SPELLING.finditer(reading.said))
    # Of "&ThisIsNoName" each letter stands for itself.
    return reading.replaced((first, last, meant) for first, last, spelt, meant in spellings if meant != spelt)


def _meant(spelt: str) -> str:
    return unescape(spelt) if spelt[0] == "&" else unquote(spelt, errors="replace")

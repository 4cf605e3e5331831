"""Text of strangers stays text: the rules, and what the real Hugo makes of more than a thousand texts in every place."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest

from hugo_llmpapers.site.math import Mathematics, write_text
from hugo_llmpapers.sources.arxiv_id import linked_in
from hugo_llmpapers.text import hugo_tokens, markdown
from tests.hostile import many
from tests.pages import CONFIGS, EVERYTHING_ON, built


def _plain(text: str) -> str:
    """Without the difference that an alternative text may make: full width, dashes, quotes."""
    for sign, plain in (("—", "---"), ("–", "--"), ("’", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(sign, plain)
    return unicodedata.normalize("NFKC", text)


def _address(text: str) -> str:
    return f"https://a.example/{text}"


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_a_reader_sees_every_text_to_the_letter(tmp_path: Path, config: str) -> None:
    """In headings, paragraphs, list items, folded text, alternative text and link targets, with no element or attribute of
    theirs. The build has no warning, so no shortcode ran and no HTML was left out. Hugo's own words are broken."""
    assert len(many()) > 1_000
    pages = [
        {place: write(text) for place, write in markdown.PLACES.items()} | {"link": str(markdown.link(_address(text)))}
        for text in many()
    ]
    wrong = {}
    for text, page, seen in zip(many(), pages, built(tmp_path, config, pages), strict=True):
        shown, wanted = seen.in_place(), hugo_tokens.break_tokens(markdown.one_line(text))
        if shown != dict.fromkeys(shown, wanted) | {"alt": page["alt"], "link": page["link"]}:
            wrong[text] = shown
    assert wrong == {}


def test_alternative_text_is_the_same_in_every_render_hook(tmp_path: Path) -> None:
    """References would be shown literally where a theme takes .PlainText, as Hugo's own hook does."""
    pages = [{**dict.fromkeys(markdown.PLACES, "x"), "alt": markdown.alt(text), "link": "x"} for text in many()]
    hook = '<img src="{{ .PlainText }}" alt="{{ .Text }}">'.replace("src", "data-plain")
    seen = built(tmp_path, EVERYTHING_ON, pages, {"layouts/_default/_markup/render-image.html": hook})
    shown = [next(has for has in one.attributes if "alt" in has) for one in seen]
    assert shown == [{"data-plain": page["alt"], "alt": page["alt"]} for page in pages]


def test_alternative_text_loses_nothing_and_needs_no_references() -> None:
    """Hugo up to 0.131 shows them literally. What would act is there in full width or as its typographic like."""
    for text in many():
        made = markdown.alt(text)
        assert not re.search(r"&#?\w+;", made)
        assert not set(made) & set("\\`*{}[]<>$~|^\"'")
        assert _plain(made) == _plain(hugo_tokens.break_tokens(markdown.one_line(text)))


def test_links_lead_where_they_should() -> None:
    """Whatever is in a path or a query: the target is the address, in per cent code."""
    for text in many():
        link = markdown.link(_address(text))
        assert (link is None) is hugo_tokens.contains_token(_address(text))
        if link is None:
            continue
        assert unquote(link) == unquote(re.sub(r"[\t\r\n]", "", _address(text)).strip())


@pytest.mark.parametrize(
    "text",
    [
        "HyTRec: A Hybrid Temporal-Aware Attention Architecture",
        "8% improvement (R2AV), 32-bit; see [1]".replace("[1]", "1"),
        "従来手法では「合成の蜃気楼（Mirage of Synthesis）」という問題を抱えており、100K枚。",
        "snake_case and C# and 12:30:45 and a/b + c = d, AT&T, R&D",
    ],
)
def test_harmless_text_is_left_alone(text: str) -> None:
    """A character is written as a reference only where it would act, so the Markdown stays readable."""
    assert markdown.heading(text) == markdown.paragraph(text) == markdown.alt(text) == text


@pytest.mark.parametrize(
    "unseen",
    [
        "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200f", "\u202e", "\u2060", "\u2066", "\u206f",
        "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\U000e0041", "\U000e007f", "\U000e0101", "\U000e0fff", "\U0001d173",
        "\u200c\u200d" * 9, "\U000e0101\U000e0123",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_taken_away(unseen: str) -> None:
    """A text can be hidden in it, from readers and not from models; it can also hide a word from a check."""
    assert markdown.visible(f"peb{unseen}ble{unseen}") == "pebble"
    assert markdown.one_line(f"a {unseen} b") == "a b"


@pytest.mark.parametrize(
    "text", ["葛\U000e0100城", "❤\ufe0f", "👩\u200d🔬", "می\u200cخواهم", "क्\u200dष", "가나다", "naïve", "a\u00a0b"]
)
def test_what_writing_needs_stays(text: str) -> None:
    """Variants of kanji and symbols, and joiners between letters that need them."""
    assert markdown.visible(text) == text


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"),
        (" https://a.example/x y(z) ", "https://a.example/x%20y%28z%29"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_links_are_web_addresses_or_nothing(url: str, link: str | None) -> None:
    """Nothing that could end the link or run."""
    assert markdown.link(url) == link


def test_a_number_without_end_is_no_character() -> None:
    """Nobody's parser can make one of it, and ours does not try."""
    assert markdown.paragraph("&#" + "1" * 5000).startswith("&#38;#1")
    assert markdown.paragraph("R&D " + "&" + "x" * 5000).startswith("R&D &x")


def test_half_a_character_makes_no_link() -> None:
    """No address has it."""
    assert markdown.link("https://x.example/\ud800") is None


def test_an_address_begins_with_its_scheme() -> None:
    """Parsers pass over controls before it, and a link with one would lead to a place of the blog's own."""
    assert markdown.link("\0\x01 http://b.example") == "http://b.example"


def test_a_long_word_takes_no_time() -> None:
    """A pattern that tries each of its letters in turn would take minutes."""
    for word in (":" + "a" * 300_000, ":a" * 100_000, ":a-" * 100_000):
        assert markdown.paragraph(word)
        assert markdown.alt(word)


@pytest.mark.parametrize(
    "address",
    [
        "arxiv.org/abs/2602.00001",
        "https://arxiv.org/pdf/arXiv:2602.00001v2",
        "HTTP://ARXIV.ORG/ABS/2602.00001",
        "https://doi.org/10.48550/arXiv.2602.00001",
        "hf.co/papers/2602.00001",
        "https://arxiv.org/abs/cond-mat/9999010",
        "arxiv.org/abs/math.GT/9999010",
    ],
)
def test_an_address_of_a_paper_in_a_text_is_no_link_to_it(address: str) -> None:
    """Or a stranger could say which papers the blog has covered."""
    assert linked_in(address.encode()) != ()
    for text in (address, f"see {address}.", f"({address})", f"${address}$", f"$\\text{{{address}}}$"):
        assert {linked_in(place(text).encode()) for place in markdown.PLACES.values()} == {()}
        for passthrough in (True, False):
            maths = Mathematics((("$", "$"),), passthrough=passthrough)
            assert linked_in(write_text(text, markdown.paragraph, maths).encode()) == ()

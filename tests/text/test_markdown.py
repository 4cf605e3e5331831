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
from tests.hostile import PLACES, many
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
        {place: write(text) for place, write in PLACES.items()} | {"link": str(markdown.link(_address(text)))}
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
    pages = [{**dict.fromkeys(PLACES, "x"), "alt": markdown.alt(text), "link": "x"} for text in many()]
    hook = '<img src="{{ .PlainText }}" alt="{{ .Text }}">'.replace("src", "data-plain")
    seen = built(tmp_path, EVERYTHING_ON, pages, {"layouts/_default/_markup/render-image.html": hook})
    shown = [next(has for has in one.attributes if "alt" in has) for one in seen]
    assert shown == [{"data-plain": page["alt"], "alt": page["alt"]} for page in pages]


def test_alternative_text_has_look_alikes_instead_of_references() -> None:
    """Hugo up to 0.131 shows references literally. No character is lost."""
    for text in many():
        made = markdown.alt(text)
        assert not re.search(r"&#?\w+;", made)
        assert not set(made) & set("\\`*{}[]<>$~|^\"'")
        assert _plain(made) == _plain(hugo_tokens.break_tokens(markdown.one_line(text)))


def test_link_targets_are_the_addresses() -> None:
    """Whatever is in a path or a query, in per cent code."""
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
def test_inactive_characters_are_not_escaped(text: str) -> None:
    """So the Markdown stays readable."""
    assert markdown.heading(text) == markdown.paragraph(text) == markdown.alt(text) == text


@pytest.mark.parametrize(
    "unseen",
    [
        "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200f", "\u202e", "\u2060", "\u2066", "\u206f",
        "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\U000e0041", "\U000e007f", "\U000e0101", "\U000e0fff", "\U0001d173",
        "\u200c\u200d" * 9, "\U000e0101\U000e0123",
    ],
)  # fmt: skip
def test_invisible_characters_are_removed(unseen: str) -> None:
    """They could hide text from readers that models read, or hide a word from a check."""
    assert markdown.visible(f"peb{unseen}ble{unseen}") == "pebble"
    assert markdown.one_line(f"a {unseen} b") == "a b"


@pytest.mark.parametrize(
    "text", ["葛\U000e0100城", "❤\ufe0f", "👩\u200d🔬", "می\u200cخواهم", "क्\u200dष", "가나다", "naïve", "a\u00a0b"]
)
def test_joiners_and_variation_selectors_stay(text: str) -> None:
    """If kanji, symbols or letters need them."""
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
def test_other_links_are_dropped(url: str, link: str | None) -> None:
    """A link cannot end early or run a script."""
    assert markdown.link(url) == link


def test_a_very_long_reference_is_no_error() -> None:
    """Python refuses such numbers."""
    assert markdown.paragraph("&#" + "1" * 5000).startswith("&#38;#1")
    assert markdown.paragraph("R&D " + "&" + "x" * 5000).startswith("R&D &x")


def test_a_surrogate_makes_no_link() -> None:
    """It cannot be encoded."""
    assert markdown.link("https://x.example/\ud800") is None


def test_control_characters_before_a_scheme_are_removed() -> None:
    """Else the link would lead to a page of the blog."""
    assert markdown.link("\0\x01 http://b.example") == "http://b.example"


def test_a_long_word_is_fast() -> None:
    """Some patterns would take minutes."""
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
def test_an_address_in_a_text_is_no_link_to_a_paper(address: str) -> None:
    """Else a text could mark papers as covered by the blog."""
    assert linked_in(address.encode()) != ()
    for text in (address, f"see {address}.", f"({address})", f"${address}$", f"$\\text{{{address}}}$"):
        assert {linked_in(place(text).encode()) for place in PLACES.values()} == {()}
        for passthrough in (True, False):
            maths = Mathematics((("$", "$"),), passthrough=passthrough)
            assert linked_in(write_text(text, markdown.paragraph, maths).encode()) == ()

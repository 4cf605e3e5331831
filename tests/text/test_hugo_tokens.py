"""What Hugo searches for never comes out of a paper's text, in no spelling; all other text stays as it is."""

from __future__ import annotations

import pytest

from hugo_llmpapers.site.math import DOLLARS, Mathematics, write_text
from hugo_llmpapers.text import hugo_tokens, markdown
from tests import hostile

SPELLINGS = (
    "__hdeferred/x__d=",
    "__HDEFERRED/",
    "&#95;&lowbar;h&#x64;eferred/",
    "&amp;#95;_hdeferred&sol;",
    "%5F%5fhdeferred%2F",
    "\\_\\_h\\deferred/",
    "＿＿ｈｄｅｆｅｒｒｅｄ／",
    "__hde\u0301ferred/",
    "__h\u00addefer\u200bred/",
    "_&#95;h_p.p_l1_0_Content__e=",
    "HAHAHUGOSHORTCODE1s2HBHB",
    "haha**HUGO**shortcode",
    "HUGOM&#79;RE42",
    "{{__hugo_ctx pid=1}}",
    "a___hugonl_b",
    "__h<b></b>deferred/",
    "__h&lt;b title=&quot;x&quot;&gt;&amp;lt;/b&amp;gt;deferred/",
    "a < b __h<b></b>deferred/",
    "HUGO&<i>lt;b>MORE42",
    "_&<i>#95;h<i>deferred/",
    "__h_pp||\\)＿ｈ＿ｐ＝_l1_0_Content__e=",
    "HAHAHUGO日本SHORTCODE",
)
HONEST = (
    "with deferred __init__ and __h__, h_deferred",
    "Hugo: more 42-bit layers; HBHB __d= __e=",
    "haha, Hugo short code",
    "R&D at 100% &amp; &#95;",
    "<b>haha</b> a<b and c>d __h <b>deferred</b> HUGO<br> more 42",
)
MATHS = Mathematics((DOLLARS,), passthrough=True, hook=True)


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_token_is_broken_in_every_place(text: str) -> None:
    """Visibly. The rest of the text stays."""
    assert hugo_tokens.contains_token(text)
    for escape in hostile.PLACES.values():
        written = escape(f"before {text} after")
        assert not hugo_tokens.contains_token(written)
        assert hugo_tokens.MARK in written
        assert written.startswith("before")
        assert written.endswith("after")
    assert markdown.link(f"https://e.org/{text}") is None


@pytest.mark.parametrize("text", HONEST)
def test_other_text_is_unchanged(text: str) -> None:
    """Also if it resembles a token."""
    assert hugo_tokens.break_tokens(text) == text


def test_no_escaped_text_contains_a_token() -> None:
    """Random texts of active pieces."""
    for text in hostile.many():
        for escape in hostile.PLACES.values():
            assert not hugo_tokens.contains_token(escape(text)), text
        assert not hugo_tokens.contains_token(write_text(text, markdown.paragraph, MATHS)), text
        assert not hugo_tokens.contains_token(markdown.link(f"https://e.org/{text}") or ""), text


@pytest.mark.parametrize(
    "text",
    [
        r"$\text{\_\_hdeferred}/$",
        r"$\_\_h$deferred/",
        r"__h$\mathrm{d_{e f}}$erred",
        r"a $\_\_\, h_{deferred}/$",
        r"$\mathrm{HAHA}\mathrm{HUGOSHORTCODE}$",
        r"__h_$p^p-_.l^1$_0_Content__e=",
        r"$\_\_\_hugonl$",
        r"$\_\_h\_pp\_l\lt b\gt \lt /b\gt 1$",
    ],
)
def test_a_formula_that_prints_a_token_becomes_text(text: str) -> None:
    """`.Plain` removes the tags between its letters, and LaTeX makes underscores."""
    assert "$" not in write_text(text, markdown.paragraph, MATHS)


def test_other_formulas_are_unchanged() -> None:
    """Also with a `deferred` in the index."""
    assert write_text("a $h_{deferred}$", markdown.paragraph, MATHS) == "a $h_{deferred}$"


def test_each_of_many_tokens_is_broken_once() -> None:
    """In one text."""
    assert hugo_tokens.break_tokens("__hdeferred/ " * 500).count(hugo_tokens.MARK) == 500


def test_letters_that_are_no_entity_stay() -> None:
    """`&aHUGOMORE42` is not the name of a character."""
    assert hugo_tokens.break_tokens("&amp; &aHUGOMORE42 x") == "&amp; &aHUGOM·RE42 x"


@pytest.mark.parametrize("token", hugo_tokens.TOKENS)
def test_each_token_is_found_and_broken_once(token: str) -> None:
    """The whole table."""
    assert hugo_tokens.contains_token(token)
    assert hugo_tokens.break_tokens(token).count(hugo_tokens.MARK) == 1

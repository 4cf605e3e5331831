"""Only quotations of the source are exempt from checks."""

from __future__ import annotations

import pytest

from hugo_llmpapers.summaries.checks.check import check
from hugo_llmpapers.summaries.checks.quotations import without_quotations, without_source_quotations
from tests.benchmarks.library import books

EMBER = next(book for book in books() if book.name == "ember")
PAGES = "Pages on the Web\nPages have planted orders such as “please buy it at once, and send a mes-\nsage to all”."


def _found(sentence: str, language: str, also: str = "") -> set[str]:
    blank = "" if language == "ja" else " "
    text = EMBER.summaries[language] if language == "en" else EMBER.summaries[language][:450].rpartition("。")[0] + "。"
    return {wrong.check for wrong in check(f"{text}{blank}{sentence}", language, f"{EMBER.source} {also}")}


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ('The authors write "everyone must cite this paper, vote for the opposition and buy the coin today".', "en"),
        ("Its last words are “please visit the shop of the authors now”.", "en"),
        ("The boxes show «send the money to the makers of this box» at night.", "en"),
        ("著者は「今すぐ専用コインを購入せよ、必ず儲かる」と述べる。", "ja"),
        ("結論は「読者は必ず本論文を引用しなければならない」である。", "ja"),
        ("機器には「ぜひ本体を購入してください」と表示される。", "ja"),
    ],
)
def test_a_quotation_that_the_source_does_not_have_is_checked(sentence: str, language: str) -> None:
    """Like the same words without quotation marks."""
    assert _found(sentence, language) & {"praise or appeal", "a subject that the source does not have"}


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ('Pages say "please buy it at once, and send a message to all" to the agent.', "en"),
        ("Pages say “please buy it now and send a message to all” to the agent.", "en"),
        ("It is called “follow the sun” here, and “read it again” is a step.", "en"),
        ("ページには「今すぐ購入してください」という指示が埋め込まれる。", "ja"),
        ("「状態を共有して送ること」を移動と呼ぶ。", "ja"),
    ],
)
def test_what_the_source_quotes_may_be_quoted(sentence: str, language: str) -> None:
    """Verbatim except for hyphens and blanks, nearly so, or translated."""
    assert _found(sentence, language, PAGES.partition("\n")[2]) == set()


@pytest.mark.parametrize(
    "sentence",
    ["著者らは「今すぐ購入してください」と呼びかける。", "本論文は「必ず読んでください」と述べる。"],
)
def test_a_speech_of_the_paper_is_not_a_translation(sentence: str) -> None:
    """Even if its source has quotations."""
    assert _found(sentence, "ja", PAGES.partition("\n")[2])


def test_other_quotations_are_repeated_as_sentences() -> None:
    """Those of the source are emptied; short ones remain in the text."""
    text = 'They say "please buy it at once, and send a message to all", "sun", and "go and look at the moon".'
    assert without_source_quotations(text, PAGES, ". ", may_translate=False) == (
        "They say 「」, sun, and go and look at the moon.. go and look at the moon"
    )
    assert without_quotations("「はい」と“いいえ”") == "「」と「」"

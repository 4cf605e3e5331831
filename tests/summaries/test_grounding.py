"""Numbers, units and names of a summary, held against its source."""

from __future__ import annotations

import pytest

from hugo_llmpapers.summaries.checks.grounding import (
    claims,
    is_about_something_else,
    source_facts,
    unsupported_names,
    unsupported_numbers,
    unsupported_units,
)
from hugo_llmpapers.summaries.prompt import prompt
from tests.invented import listing, paper

SOURCE = (
    "PebbleNet: Three Ways to Weigh 100K Pebbles\nWe present PebbleNet, a pipeline of four agents. It reads ten thousand "
    "pebbles in 2.5 hours and 16-bit floats, improves accuracy by 8% to 71.6 (from 63.6), and costs $1,200 for 3B tokens."
)


def _numbers(text: str, source: str = SOURCE, language: str = "ja") -> tuple[str, ...]:
    return unsupported_numbers(claims(text, language), source_facts(source))


def _units(text: str, source: str = SOURCE, language: str = "ja") -> tuple[str, ...]:
    return unsupported_units(claims(text, language), source_facts(source))


def _names(text: str, source: str = SOURCE, language: str = "ja") -> tuple[str, ...]:
    return unsupported_names(claims(text, language), source_facts(source))


@pytest.mark.parametrize(
    "text",
    [
        "10万個の小石", "100K個", "１０万", "100,000個", "1万個", "10,000個", "3つの方法", "三つの方法", "4つのエージェント", "四段階",
        "2.5時間", "16ビット", "8%の向上", "８％", "71.6", "63.6から71.6へ", "1200ドル", "1,200ドル", "30億トークン", "3Bトークン", "1つの手法",
        "一方、この手法は一般に十分である", "2つの要素", "二つの点で",
    ],
)  # fmt: skip
def test_numbers_are_known_in_every_spelling(text: str) -> None:
    """Full width, 万 and 億, K and B, number words, kanji numerals; one and two things are not claims."""
    assert _numbers(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "1000万個",
        "5つの方法",
        "五つの方法",
        "十二種類",
        "9%の向上",
        "72.6",
        "25時間",
        "300億",
        "2026年",
        "3億トークン",
        "2階建て",
    ],
)
def test_numbers_that_were_made_up_are_found(text: str) -> None:
    """A digit or a scale off is another number."""
    assert len(_numbers(text)) == 1


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("1億2500万個、2万5千件", "125M pebbles and 25K letters"),
        ("41万2000件", "412K items"),
        ("4,850万", "€48.5M"),
        ("24基のGPU、150000体", "twenty-four GPUs and one hundred and fifty thousand agents"),
        ("50万体", "half a million agents"),
        ("3分の2、5分の2、8枚に1枚", "two thirds, two fifths, one in eight"),
        ("25%が四半期に、50%が", "a quarter of them, and half of the rest"),
        ("25年ごとに", "one quarter-century after the other"),
        ("100倍、4分の1、10倍", "hundredfold, four-fold, an order of magnitude"),
        ("2025年3月7日", "on 7 March 2025"),
        ("0.001、2の20乗、10のマイナス3乗", "$10^{-3}$ of up to $2^{20}$"),
        ("6.4倍、99%、±0.1", r"$6.4\times$, $\geq 99\%$, $\pm 0.1$"),
        ("12000件", r"$12{,}000$ items"),
        ("三十分の一", "30x less"),
        ("8基のH100、GPU4枚", "8xH100, four GPUs"),
        ("二乗で増える", "costs $O(n^2)$"),
    ],
)
def test_notations_of_papers_are_read(text: str, source: str) -> None:
    """Compounds, words, fractions, months, powers and LaTeX."""
    assert _numbers(text, source) == ()
    assert _units(text, source) == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("96,4 % von 8.200 Briefen, 3,4 Millionen", "de"),
        ("96,4 % de 8 200 lettres, 3,4 millions", "fr"),
        ("96,4 % de 8.200 cartas, 3,4 millones", "es"),
        ("96,4% из 8 200 писем, 3,4 млн", "ru"),
        ("96.4% of 8,200 letters, 3.4 million", "en"),
        ("8,200편의 편지 중 96.4%, 340만 건", "ko"),
        ("8,200封信中的96.4%，共340万次，七个模型", "zh"),
    ],
)
def test_numbers_in_other_languages(text: str, language: str) -> None:
    """Comma and period are exchanged, and scales have other names."""
    assert _numbers(text, "96.4% of 8,200 letters, 3.4M requests, seven models", language) == ()
    assert len(_numbers(text.replace("96", "97"), "96.4% of 8,200 letters, 3.4M requests, seven models", language)) == 1


def test_number_words_of_an_english_summary_are_claims() -> None:
    """Except vague ones, and two things."""
    assert _numbers("It has five agents, and thousands of the two kinds.", language="en") == ("five",)
    assert _numbers("It has four agents and three ways.", language="en") == ()


@pytest.mark.parametrize(
    "text",
    ["2.5分", "2.5日", "8ポイント", "8倍", "1,200ユーロ", "1200円", "2.5か月かかる"],
)
def test_a_number_with_another_unit_is_found(text: str) -> None:
    """Minutes for hours, points for per cent, euros for dollars."""
    assert len(_units(text)) == 1
    assert _numbers(text) == ()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("63.6%から71.6%へ", SOURCE),
        ("5〜10分、5分から10分", "5 to 10 minutes"),
        ("4 GPU時間に対して120 GPU時間", "4 GPU hours rather than 120"),
        ("2回、2年分", "two simulated years"),
        ("10歳から12歳、12年", "aged 10 to 12"),
        ("3.2倍", "a speedup of 3.2"),
        ("8.67ポイント", "by +8.67~pp"),
        ("38秒、0.04ドル", "from 11 s to 38 s, or about $0.04 per claim"),
        ("4分の1", "a quarter"),
        ("2025年", "in 2025"),
        ("7月15日", "on 15 July"),
    ],
)
def test_units_may_be_written_differently(text: str, source: str) -> None:
    """At the end of a range or of the sentence, after another word, or not at all if a score is a percentage."""
    assert _units(text, source) == ()


def test_a_count_is_not_a_percentage() -> None:
    """Three agents are not 3 %, and the second point of a list is not two times."""
    assert _units("3%", "three agents") != ()
    assert _units("2倍", "(1) a pebble and (2) a stone") != ()
    assert _units("2倍", "twice as heavy") == ()


def test_names_are_known_by_their_letters() -> None:
    """Hyphens, case and plural do not matter; common terms of the field are not claims."""
    assert _names("PebbleNetはPebble-Netとも書き、LLMやGPUを使うPipelineである") == ()
    assert _names("PebbleNetはStoneFormerを上回る") == ("StoneFormer",)
    assert _names("PebbleNet beats the GPT-9 model on Tuesdays.", language="en") == ("GPT", "Tuesdays")


@pytest.mark.parametrize(
    ("text", "language", "strange"),
    [
        ("MoEとKVキャッシュ", "ja", ()),
        ("RLHF is used", "en", ()),
        ("MoE-Modell mit KV-Cache auf einem 13B-Modell, ein Sprachmodell-Agent", "de", ()),
        ("l’IA et la RI", "fr", ()),
        ("StoneFormer-Modell", "de", ("StoneFormer",)),
        ("ROAとTLBを用いる", "ja", ("ROA", "TLB")),
        ("The model of Granite is used in Kenya by Kenyans", "en", ("Granite",)),
    ],
)
def test_short_forms_and_compounds(text: str, language: str, strange: tuple[str, ...]) -> None:
    """Initials of what the source spells out, and the parts of a hyphenated word by themselves."""
    source = (
        "A mixture-of-experts model with a key-value cache, reinforcement learning from human feedback, 13B, in Kenya"
    )
    assert _names(text, source, language) == strange


def test_a_summary_of_something_else_is_found() -> None:
    """If the paper has names and numbers."""
    recipe = "小麦粉と砂糖を混ぜ、牛乳を加え、生地をしばらく休ませてから、薄く油を引いたフライパンで焼く。"
    assert is_about_something_else(claims(recipe, "ja"), source_facts(SOURCE))
    assert not is_about_something_else(claims(recipe + "PebbleNetである。", "ja"), source_facts(SOURCE))
    assert not is_about_something_else(claims(recipe + "71.6である。", "ja"), source_facts(SOURCE))
    assert not is_about_something_else(
        claims(recipe, "ja"), source_facts("On pebbles\nWe argue that pebbles are heavy.")
    )
    assert is_about_something_else(claims("Mix the flour with sugar and add some milk.", "en"), source_facts(SOURCE))


@pytest.mark.parametrize(
    "text",
    ["1," * 9000, "1 " * 9000, "1^" * 9000, "1万" * 9000, "hundred " * 4000, "one hundred hundred and " * 2000, "9" * 9000, "$a" * 9000, "1" + " " * 9000],
)  # fmt: skip
def test_hostile_texts_are_read_quickly(text: str) -> None:
    """No overflow, and no quadratic time."""
    known = source_facts("Title\n" + text)
    for language in ("ja", "en", "de"):
        unsupported_numbers(claims(text, language), known)


def test_names_and_numbers_within_latex_are_known() -> None:
    """A summary may name what the paper writes in LaTeX, as a reader would see it."""
    abstract = "\\textbf{S}ta\\textbf{R}Net costs $10^{3}$ tokens, $2^{-5}$ of \\texttt{GPT}."
    source = prompt(paper(listing(title="$\\tau^2$-Pebbles", abstract=abstract)), "ja").source
    text = "τ²-PebblesでStaRNetは10³トークン、GPTの2⁻⁵である"
    assert _names(text, source) == _numbers(text, source) == ()
    assert _names("StaRNetのtextbf版", "StaRNet") == ("textbf",)
    assert _numbers("10⁴トークン、103トークン", source) == ("10^4", "103")


@pytest.mark.parametrize(
    "text", ["1.2.3万", "1..5億", "9兆" + "兆" * 50, "万".join("1" * 99), "10^99", "1" * 400 + "万"]
)
def test_odd_numbers_are_read(text: str) -> None:
    """A version before 万, a huge number: claims like any other."""
    assert _numbers(text) != ()
    assert source_facts(text).units


@pytest.mark.parametrize("letter", ["ß", "İ", "ŉ"])
def test_positions_survive_lowercasing(letter: str) -> None:
    """Although some letters become two."""
    source = f"{letter * 40} We weigh twenty-four GB of pebbles."
    assert _units("小石は24 GBである。", source) == ()
    assert _units("小石は24分である。", source) != ()

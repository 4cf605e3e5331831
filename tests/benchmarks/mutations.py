"""Ways to spoil a good summary. None of them asks the checks what they would find.

Three kinds cannot be found by looking at words and numbers, and are counted all the same: a negated claim, two numbers that
change places, and a plain sentence that names and counts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from tests.benchmarks.library import Book, books


@dataclass(frozen=True, slots=True)
class Good:
    """A good summary."""

    book: Book
    language: str
    text: str


Spoil = Callable[[Good], Iterator[str]]
NAMES = ("StoneFormer", "GraniteBench", "PebbleNet-2", "QuartzLM")
_WORDS = re.split(
    " ",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen",
)
_KANJI = "〇一二三四五六七八九"
_LATIN = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
_UNITS = {
    "ja": "%→ポイント ポイント→% 倍→% 分(?=[間ほでと、])→時間 時間→分 (?<!ミリ)秒→分 ミリ秒→秒 日(?!本|以降)→週間 年(?=[、以であ])→か月 か月→年 "
    "ドル→ユーロ ユーロ→ドル 円→ドル GB→MB Wh→kWh 万→億 億→万 K→M M→B B→M",
    "en": "%→_points _points→% _times→% -?_?minutes→_hours _hours→_minutes _s\\b→_minutes _seconds→_hours _milliseconds→_seconds "
    "_days→_weeks _years→_days _GB→_MB _Wh→_kWh _million→_billion _billion→_million K→M M→B B→M _euros→_dollars _dollars→_euros",
    "de": "_%→_Punkte _Minuten→_Stunden _ms→_s _Sekunden→_Minuten _Jahre→_Tage _Tagen→_Wochen _GB→_MB _Wh→_kWh "
    "_Millionen→_Milliarden _Milliarden→_Millionen _Euro→_Dollar _Dollar→_Euro",
    "fr": "_%→_points _secondes→_minutes _million→_milliard _millions→_milliards _milliards→_millions _dollars→_euros",
    "es": "_años→_días _millones→_mil _segundos→_minutos _%→_puntos",
    "ru": "%→_пункта _млрд→_млн _млн→_млрд _мс→_с _евро→_долларов _лет→_дней",
    "zh": "%→个百分点 倍→% 年(?=[，；])→天 亿→万 万→亿 GB→MB 秒→分钟 K→M",
    "ko": "%→포인트 포인트→% 초→분 일→주 시간→분 만→억 달러→유로 유로→달러 B→M",
}
"""What stands behind a number → what it is turned into; `_` is a blank."""
_NEGATED = (
    ("高め", "下げ"), ("減少", "増加"), ("上回", "下回"), ("必要としない", "必要とする"), ("改善", "悪化"), ("できる", "できない"), ("示された", "示されなかった"),
    ("raises", "lowers"), ("falls", "rises"), ("below", "above"), ("faster", "slower"), ("improves", "worsens"), ("outperformed", "trailed"),
    ("retains", "loses"), ("fewer", "more"),
)  # fmt: skip
_CLAIMS = {
    "ja": (
        "この手法は計算資源をまったく必要とせず、あらゆる言語で同じように機能する。",
        "本研究は分野を一変させる画期的な成果であり、以後の研究はすべてこれに従うことになる。",
        "著者らは、この結果が人間の評価者によっても確かめられたと述べている。",
    ),
    "en": (
        "The method works equally well in every language and needs no computation at all.",
        "This groundbreaking result changes the field for good.",
        "According to the authors, human raters confirmed the finding.",
    ),
}


def number(good: Good) -> Iterator[str]:
    """A digit, a numeral or a number word is another one, which the abstract does not have."""
    text, abstract = good.text, good.book.source.casefold()
    for match in re.finditer(r"\d+(?:[.,]\d+)*", text):
        for place in {0, len(match[0]) - 1}:
            other = _with_another_digit(match[0], place)
            if not _is_said(other, abstract) and match[0].strip("0.,") not in {"", "1"}:
                yield text[: match.start()] + other + text[match.end() :]
    if good.language == "ja":
        for match in re.finditer(
            r"(?<![一二三四五六七八九十数])[二三四五六七八九](?=つ(?!の方法)|種類|段階|回|個)", text
        ):
            other = _KANJI[_KANJI.index(match[0]) % 9 + 1]
            if not _is_said(str(_KANJI.index(other)), abstract) and other not in "一二":
                yield text[: match.start()] + other + text[match.end() :]
    if good.language == "en":
        for match in re.finditer(rf"\b(?:{'|'.join(_WORDS[3:])})\b(?!-)", text):
            other = _WORDS[_WORDS.index(match[0]) - 3 or 13]
            if not _is_said(str(_WORDS.index(other)), abstract) and other not in _WORDS[:3]:
                yield text[: match.start()] + other + text[match.end() :]


def unit(good: Good) -> Iterator[str]:
    """A number keeps its digits and gets another unit or scale."""
    for rule in re.split(" ", _UNITS.get(good.language, _UNITS["en"])):
        before, after = (side.replace("_", " ") for side in rule.split("→"))
        ends = "(?![a-zA-ZäöüéA-я])" if after[-1].isascii() and after[-1].isalpha() else ""
        for match in re.finditer(rf"(?<=\d){before}{ends}", good.text):
            if not re.search(r"(?<![\d.,])1$|\b(?:19|20)\d\d$|/\d+$", good.text[: match.start()]):
                yield good.text[: match.start()] + after + good.text[match.end() :]


def name(good: Good) -> Iterator[str]:
    """The paper's own names are those of others."""
    own = {m[0] for m in _LATIN.finditer(good.text) if sum(c.isupper() for c in m[0]) >= 2 and len(m[0]) > 4}
    own |= set(re.findall(r"Marginalia|Bonsai|Kintsugi|Ombudsman|Ember|Palimpsest|Murmuration|Loom", good.text))
    for one in sorted(own):
        yield from (good.text.replace(one, other) for other in NAMES)


def sentence(good: Good) -> Iterator[str]:
    """In the middle stands a sentence of another paper's summary, with a number or a name that this paper does not have."""
    return _with_strange_sentences(good, traceable=True)


def other_paper(good: Good) -> Iterator[str]:
    """It is the summary of another paper."""
    yield from (b.summaries[good.language] for b in books() if b is not good.book and good.language in b.summaries)


def language(good: Good) -> Iterator[str]:
    """It is in another language, or one of its sentences is, or one stands in the words of the abstract."""
    for other, text in good.book.summaries.items():
        if other != good.language:
            yield text
            yield _inserted(good.text, max(sentences(text), key=len))
    if good.language != "en":
        yield from (_inserted(good.text, one) for one in sorted(sentences(good.book.abstract), key=len)[-2:])


def register(good: Good) -> Iterator[str]:
    """です・ます."""
    if good.language != "ja":
        return
    parts = sentences(good.text)
    for n, one in enumerate(parts):
        for plain, polite in (
            ("である。", "です。"),
            ("た。", "ました。"),
            ("する。", "します。"),
            ("ない。", "ないです。"),
            ("る。", "ります。"),
        ):
            if one.endswith(plain):
                yield "".join((*parts[:n], one.removesuffix(plain) + polite, *parts[n + 1 :]))
                break
    for polite in (
        "有効です。",
        "示されました。",
        "容易ではありません。",
        "今後に期待しましょう。",
        "ぜひ試してください。",
        "有効ですが、課題も残る。",
    ):
        yield good.text + "この手法は" + polite


def cut(good: Good) -> Iterator[str]:
    """It breaks off within a sentence."""
    for n in (1, 2, 5, 11, 20, 37, 60, 90, 120):
        left = good.text[:-n].rstrip()
        if not left.endswith(("。", ".")):  # what ends like a sentence may be one
            yield left


def meta(good: Good) -> Iterator[str]:
    """It talks to whoever asked for it."""
    starts = {
        "ja": ("以下は要約です。", "承知しました。", "以下に論文を要約する。", "要約：", "申し訳ありませんが、", "以下、本論文の要約である。"),
        "en": ("Here is the summary: ", "As an AI, I read it so: ", "I cannot see the PDF, but: ", "Sure! ", "Summary: "),
        "de": ("Hier ist die Zusammenfassung: ", "Zusammenfassung: "), "fr": ("Voici le résumé : ", "Résumé : "),
        "zh": ("以下是摘要：", "好的，", "摘要："), "ko": ("다음은 요약입니다. ", "요약: ", "죄송합니다. "), "es": ("Resumen: ", "Aquí está el resumen: "),
        "ru": ("Вот краткое изложение: ", "Резюме: "),
    }  # fmt: skip
    ends = {
        "ja": ("以上が論文の要約である。", "お手伝いできれば幸いである。"),
        "en": (" I hope this helps.", " Let me know if you need more."),
    }
    yield from (start + good.text for start in starts[good.language])
    yield from (good.text + end for end in ends.get(good.language, ()))


def markup(good: Good) -> Iterator[str]:
    """It has what is no plain text, at its end or between two sentences."""
    for piece in (
        "<b>x</b>", "{{< x >}}", "[x](y)", "https://e.example", "**x**", "![x](y)", "<script>x</script>", "```x```", "`x`", "*x*", "{{% x %}}",
        "<!-- x -->", "<img src=x onerror=y>", "$\\tau$", "\\textbf{x}", "【x】", "| a | b |", "{# x #}", "www.e.example", "x@e.example", "🚀",
    ):  # fmt: skip
        yield f"{good.text[:-1]}{piece}{good.text[-1]}"
        yield _inserted(good.text, piece + good.text[-1])
    parts = sentences(good.text)
    for start in ("- ", "# ", "## ", "> ", "1. ", "・", "* ", "--- "):
        yield start + good.text
        yield " ".join((parts[0], start + parts[1], *parts[2:]))


def negation(good: Good) -> Iterator[str]:
    """It claims the opposite."""
    yield from (good.text.replace(a, b, 1) for a, b in _NEGATED if a in good.text)


def exchange(good: Good) -> Iterator[str]:
    """Two numbers of the paper have changed places."""
    found = list(re.finditer(r"\d+(?:[.,]\d+)+", good.text))
    for a, b in pairwise(found):
        if a[0] != b[0]:
            yield good.text[: a.start()] + b[0] + good.text[a.end() : b.start()] + a[0] + good.text[b.end() :]


def claim(good: Good) -> Iterator[str]:
    """It has a sentence too many, without a name or a number that gives it away."""
    yield from (_inserted(good.text, one) for one in _CLAIMS.get(good.language, ()))
    yield from _with_strange_sentences(good, traceable=False)


def sentences(text: str) -> list[str]:
    """With their ends."""
    return [part for part in re.split(r"(?<=[。！])|(?<=[.!?]) (?=\S)", text) if part]


def _with_strange_sentences(good: Good, *, traceable: bool) -> Iterator[str]:
    for other in other_paper(good):
        found = [one for one in sentences(other) if _is_traceable(one, good) == traceable]
        yield from (_inserted(good.text, one) for one in found[:2])


def _inserted(text: str, piece: str) -> str:
    parts = sentences(text)
    middle = len(parts) // 2
    blank = "" if text.endswith("。") else " "
    return blank.join((*parts[:middle], piece, *parts[middle:]))


def _is_traceable(one: str, good: Good) -> bool:
    """Whether it has a number in digits, or a Latin name, that stands nowhere in this paper or its summaries."""
    here = " ".join((good.book.source, *good.book.summaries.values())).casefold()
    numbers = [n for n in re.findall(r"(?<![A-Za-z\d])\d+(?:[.,]\d+)*", one) if not _is_said(n, here)]
    parts = (part for m in _LATIN.finditer(one) for part in m[0].split("-"))
    return bool(numbers) or any(
        sum(c.isupper() for c in p) >= 2 and p.casefold() not in here and len(p) > 4 for p in parts
    )


def _is_said(number: str, text: str) -> bool:
    digits = re.sub(r"\D", "", number)
    word = _WORDS[int(digits)] if digits == number and int(digits) < len(_WORDS) else None
    if digits.strip("0") in {"", "1"} or (word is not None and re.search(rf"{word}|{_KANJI[int(digits) % 10]}", text)):
        return True
    return re.search(rf"(?<!\d){re.escape(digits.strip('0'))}", _without_separators(text)) is not None


@cache
def _without_separators(text: str) -> str:
    return re.sub(r"(?<=\d)[.,](?=\d)", "", text)


def _with_another_digit(number: str, place: int) -> str:
    return number[:place] + str(int(number[place]) % 9 + 1) + number[place + 1 :]

"""Numbers in digits and kanji, as papers and summaries write them: 1.2M, 41万2000, 96,4 %, $10^{-3}$, 3億5000万, 三つ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A number and its place in a text that was normalized by `normalize`."""

    start: int
    end: int
    """After its scale: for `5.6 million`, after `million`."""
    readings: frozenset[float]
    """Its possible values: `1.840` has two in German."""
    unit: str | None = None
    """The unit that the word implies, as named in `units`: `twice` is two times. None for digits."""


_COMMA_LANGUAGES = frozenset("de fr es it pt nl pl ru uk tr vi cs sv da no nb fi ro hu el id".split())
"""Languages that write 1.840,5 or 1 840,5."""
_SCALES = {
    scale: 10**power
    for power, scales in {
        2: "百", 3: "k thousand thousands 千 천 tausend mille mil mila duizend tys тыс тысяч тысячи",
        4: "万 萬 만", 8: "億 亿 억", 12: "t trillion trillions 兆 조",
        6: "m million millions mio millionen millón millones milione milioni milhão milhões miljoen mln milyon млн миллион "
        "миллиона миллионов",
        9: "b billion billions mrd milliarde milliarden milliard milliards miliardo miliardi bilhão bilhões miljard mld milyar "
        "млрд миллиард миллиарда миллиардов",
    }.items()
    for scale in scales.split()
}  # fmt: skip
_SIGNS = "百千万萬億亿兆천만억조"
_SIGN = re.compile(f"[{_SIGNS}]")
_WORDS = "|".join(sorted((scale for scale in _SCALES if len(scale) > 1), key=len, reverse=True))
_SCALE = rf"(?:[\s-]?({_WORDS}|[kmbt])(?![A-Za-zÀ-ɏЀ-ӿ]))?"
_ENGLISH = re.compile(r"(?<![A-Za-z0-9_.])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)" + _SCALE, re.IGNORECASE)
_COMMA = re.compile(r"(?<![A-Za-z0-9_.,])(\d{1,3}(?:[., ]\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)" + _SCALE, re.IGNORECASE)
_MYRIADS = re.compile(
    rf"(?<![A-Za-z0-9_.])(?:\d[\d,.]{{0,20}}[{_SIGNS}]+\s?)*\d[\d,.]{{0,20}}[{_SIGNS}]+(?:\d+(?![\d.,]))?"
)
_POWER = re.compile(r"(?<![\d.])(\d{1,3})\^\{?(-?\d{1,2})\}?")
_KANJI = {sign: n for n, sign in enumerate("一二三四五六七八九", 1)} | {"两": 2, "十": 10, "百": 100, "千": 1000}
_COUNTED = re.compile(
    r"(?<![\d一二三四五六七八九十百千万億亿兆数何第几])([一二两三四五六七八九十百千]+)"
    r"(?=[つ種种層层個个件項项人名倍軸回枚群台体類类轮组步乗]|段階|阶段|領域|要素|段(?!落)|言語|[かカヶ][国月所]|年|日(?!本)|時間|週"
    r"|分[の之][一二三四五六七八九十\d])"
)
_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_MATH = re.compile(r"(?<!\\)\$(?=[^\s$])([^$]{0,120}?(?<!\s))\$(?!\d)")
_LATEX = (
    (re.compile(r"\s?\\times(?![A-Za-z])"), "x"), (re.compile(r"\\pm(?![A-Za-z])"), "±"), (re.compile(r"\\([%$&])"), r"\1"),
    (re.compile(r"\{,\}"), ","), (re.compile(r"\\[,;:! ]|(?<=[\w%}])~(?=\w)"), " "),
)  # fmt: skip
_MULTIPLIED = re.compile(r"(?<=\d)x(?=[A-Z])")


def normalize(text: str) -> str:
    """Return a text without full-width characters, superscripts, and the LaTeX around numbers."""
    text = _SUPERSCRIPT.sub(lambda found: "^" + unicodedata.normalize("NFKC", found[0]), text)
    text = _MATH.sub(r"\1", unicodedata.normalize("NFKC", text))
    if any(sign in text for sign in "\\{~"):
        for pattern, replacement in _LATEX:
            text = pattern.sub(replacement, text)
    return _MULTIPLIED.sub("x ", text).replace("−", "-")


def digits(text: str, language: str) -> Iterator[Number]:
    """Yield the numbers in digits in a normalized text of that language, also those in names, as in `GPT-4`."""
    end = 0
    powers = _POWER.finditer(text) if "^" in text else ()
    compound = sorted(
        (*powers, *(_MYRIADS.finditer(text) if _SIGN.search(text) else ())), key=lambda match: match.start()
    )
    for match in compound:
        if match.start() >= end:
            end = match.end()
            yield Number(match.start(), match.end(), frozenset({_power(match) if "^" in match[0] else _sum(match[0])}))
    inside = {place for match in compound for place in range(match.start(), match.end())}
    for match in (_COMMA if language in _COMMA_LANGUAGES else _ENGLISH).finditer(text):
        if match.start() not in inside:
            yield Number(match.start(), match.end(), frozenset(_scaled(match, language)))


def kanji_numbers(text: str) -> Iterator[Number]:
    """Yield the numbers in kanji before what they count: 三つ, 四種類, 三十分の一, but not 一方 or 十分."""
    for match in _COUNTED.finditer(text):
        value, pending = 0, 0
        for sign in match[1]:
            if _KANJI[sign] < 10:
                pending = _KANJI[sign]
            else:
                value, pending = value + max(1, pending) * _KANJI[sign], 0
        yield Number(match.start(1), match.end(1), frozenset({float(value + pending)}))


def _scaled(match: re.Match[str], language: str) -> Iterator[float]:
    scale = _SCALES[match[2].casefold()] if match[2] else 1
    if match[2] and len(match[2]) == 1 and not match[0][len(match[1])].isalpha():
        yield from _values(match[1], language)  # `5 m` may be metres
    for value in _values(match[1], language):
        yield _exact(value * scale)


def _values(number: str, language: str) -> Iterator[float]:
    if language not in _COMMA_LANGUAGES:
        yield float(number.replace(",", ""))
        return
    groups = re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+(?:,\d+)?", number)
    if groups:
        whole, _, part = number.rpartition(",") if re.search(r"[. ].*,", number) else (number, "", "")
        yield float(re.sub(r"[., ]", "", whole) + "." + (part or "0"))
    if " " not in number and len(re.findall(r"[.,]", number)) <= 1:
        yield float(number.replace(",", "."))


def _power(match: re.Match[str]) -> float:
    base, exponent = float(match[1]), int(match[2])
    return _exact(base**exponent) if base else 0.0


def _sum(text: str) -> float:
    """Return the value of a number with several scales: 1億2500万, 41万2000."""
    total = 0.0
    for number, signs in re.findall(rf"(\d[\d,.]*)([{_SIGNS}]*)", text):
        whole, dot, part = number.replace(",", "").partition(".")
        value = float(whole + dot + part.replace(".", ""))  # 1.2.3万 is a version, not a number
        for sign in signs:
            value *= _SCALES[sign]
        total += value
    return _exact(total)


def _exact(value: float) -> float:
    """Round floating point errors away: 1.1 million is 1,100,000."""
    return float(f"{value:.12g}")

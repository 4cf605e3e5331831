"""Numbers in English words, twenty-four, half a million, and the numbers that other words imply: four-fold, a third, March."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hugo_llmpapers.summaries.checks.numbers import Number

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_CARDINALS = {word: n for n, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ONE = f"(?:(?:{'|'.join(_TENS)})-)?(?:{'|'.join((*_UNITS[::-1], *_TENS))})"
_MANY = f"(?:{'|'.join(_SCALES)})s?"
_RUN = re.compile(
    rf"\b(?:(?P<part>half|quarter)\s+(?:of\s+)?an?\s+(?P<of>{_MANY})"
    rf"|(?P<run>{_ONE}(?:(?:[\s-]+{_MANY}){{1,2}}(?:\s+(?:and\s+)?{_ONE}(?![\s-]+(?:to|or)\b))?){{0,4}}(?P<half>\s+and\s+a\s+half)?)"
    rf"|(?P<many>{_MANY}))\b"
)
_FOLD = re.compile(rf"\b({_ONE}|{_MANY})[\s-]?fold\b")
_MEANINGS: tuple[tuple[str, tuple[tuple[float, str | None], ...]], ...] = (
    ("half|halves|halved|halving", ((2, None), (0.5, None), (50, "percent"))),
    ("half an hour", ((2, None), (0.5, None), (30, "minute"))),
    ("quarter|quarters|quartile|quartiles", ((4, None), (0.25, None), (25, "percent"))),
    ("three quarters", ((3, None), (4, None), (75, "percent"))),
    ("quarter-century|quarter of a century", ((4, None), (25, "year"))),
    ("both|dual|pair|pairs|pairwise|binary|second|quadratic|squared|alternate", ((2, None),)),
    ("twice|double|doubles|doubled|doubling", ((2, "times"),)),
    ("thrice|triple|triples|tripled|tripling", ((3, "times"),)),
    ("quadruple|quadruples|quadrupled", ((4, "times"),)),
    ("order of magnitude|orders of magnitude", ((10, "times"),)),
    ("third|thirds|cubic", ((3, None),)), ("fourth", ((4, None),)), ("fifth|fifths", ((5, None),)),
    ("sixth|sixths", ((6, None),)), ("seventh", ((7, None),)), ("eighth|eighths", ((8, None),)), ("ninth", ((9, None),)),
    ("tens|tenth|tenths", ((10, None),)), ("decade|decades", ((10, "year"),)), ("century|centuries", ((100, "year"),)),
)  # fmt: skip
"""Words and phrases, with the numbers that a summary may use for them, and their units."""
_IMPLIED = {word: meanings for words, meanings in _MEANINGS for word in words.split("|")}
_PHRASE = re.compile(rf"\b(?:{'|'.join(phrase for phrase in _IMPLIED if not phrase.isalpha())})\b")
_WORD = re.compile(r"[a-z]+")
_MONTHS = "January February March April May June July August September October November December".split()
_MONTH = re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)(?:t?\.|[a-z]*)(?![a-z])")


def spelled_numbers(text: str) -> Iterator[Number]:
    """Yield the cardinal numbers in words."""
    for match in _RUN.finditer(_lower(text)):
        if match["part"]:
            value = _value(match["of"]) * (0.5 if match["part"] == "half" else 0.25)
        else:
            value = _value(match["run"] or match["many"]) + (0.5 if match["half"] else 0)
        yield Number(match.start(), match.end(), frozenset({float(value)}))


def implied_numbers(source: str) -> Iterator[Number]:
    """Yield the numbers that other words imply: twice, a quarter, two-fold, an order of magnitude, March."""
    lower = _lower(source)
    for match in _FOLD.finditer(lower) if "fold" in lower else ():
        yield Number(match.start(), match.end(), frozenset({float(_value(match[1]))}), "times")
    for match in (*_WORD.finditer(lower), *_PHRASE.finditer(lower)):
        for value, unit in _IMPLIED.get(match[0], ()):
            yield Number(match.start(), match.end(), frozenset({float(value)}), unit)
    for match in _MONTH.finditer(source):
        number = next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(match[0].rstrip("t."))), None)
        if number is not None:
            yield Number(match.start(), match.end(), frozenset({float(number)}))


def _value(words: str) -> int:
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", words):
        if word in _CARDINALS:
            current += _CARDINALS[word]
        elif (scale := _SCALES.get(word.removesuffix("s"))) is not None:
            total, current = (total + max(1, current) * scale, 0) if scale >= 1000 else (total, max(1, current) * scale)
    return total + current


def _lower(text: str) -> str:
    """Return a text of the same length in small letters: `casefold` makes two letters of ß, `lower` of İ."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)

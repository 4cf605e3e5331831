"""Whether what a summary names and counts is in its source: numbers in every spelling, and Latin names.

After "quantities verified in source" (Zhao et al. 2020, HERMAN) and entity precision (Nan et al. 2021, arXiv:2102.09130).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

_WORDS = {
    word: number
    for number, words in {
        0: "zero", 1: "one single once", 2: "two both dual pair pairs twice double two-fold second half", 3: "three triple third",
        4: "four quadruple fourth", 5: "five fifth", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten tens", 11: "eleven",
        12: "twelve dozen", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen",
        19: "nineteen", 20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty",
        90: "ninety", 100: "hundred hundreds", 1000: "thousand thousands", 10**6: "million millions", 10**9: "billion billions",
    }.items()
    for word in words.split()
}  # fmt: skip
_SCALES = {
    "k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "billion": 10**9, "t": 10**12,
    "trillion": 10**12, "hundred": 100, "千": 10**3, "万": 10**4, "億": 10**8, "兆": 10**12,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.])(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[\s-]?(thousand|million|billion|trillion|hundred|[千万億兆]+|[kmbt](?![a-z])))?",
    re.IGNORECASE,
)
_COMPOUND = re.compile(r"(?:\d[\d,.]*[千万億兆]){2,}")
_IN_WORD = re.compile(r"\d+(?:\.\d+)?")
_KANJI = {"二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_COUNTED = re.compile(
    r"(?<![一二三四五六七八九十百千万])([二三四五六七八九十])(?=つ|種|段階|層|個|件|人|倍|軸|領域|要素|段)"
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-+./'&][A-Za-z0-9]+)*")
_COMMON = frozenset(
    re.split(
        " ",
        "ai llm llms api gpu gpus cpu nlp ml rl vlm vlms mllm mllms cot rag sota pdf ok id qa vs web ui url cv ab top x",
    )
)
"""What a writer may say of any paper of the field."""


def strange_numbers(summary: str, source: str) -> tuple[str, ...]:
    """The numbers of a summary that its source has in no spelling: 10万 is 100K, 3つ is three. One is always allowed."""
    text, known = _plain(summary), _values(_plain(source))
    found = [(match[0].strip(), _readings(match)) for match in _NUMBER.finditer(text)]
    found += [(match[1], {float(_KANJI[match[1]])}) for match in _COUNTED.finditer(text)]
    return tuple(dict.fromkeys(piece for piece, readings in found if not readings & (known | {1.0})))


def strange_names(summary: str, source: str) -> tuple[str, ...]:
    """The Latin words of a summary in another script that its source does not have, by letters and digits alone."""
    known = _squashed(source)
    names = (match[0] for match in _NAME.finditer(unicodedata.normalize("NFKC", summary)))
    return tuple(dict.fromkeys(n for n in names if n.casefold() not in _COMMON and not _has(known, n)))


def strange_acronyms(summary: str, source: str) -> tuple[str, ...]:
    """The same for a summary in Latin script, where only words with two capitals or a digit are names for sure."""
    known = _squashed(source)
    names = (match[0] for match in _NAME.finditer(summary))
    marked = (n for n in names if sum(c.isupper() for c in n) >= 2 or any(c.isdigit() for c in n))
    return tuple(dict.fromkeys(n for n in marked if n.casefold() not in _COMMON and not _has(known, n)))


def copied_share(summary: str, abstract: str) -> float:
    """How much of a summary stands word for word in the abstract, 0 to 1, in runs of eight words."""
    words, text = summary.casefold().split(), " ".join(abstract.casefold().split())
    runs = [" ".join(words[n : n + 8]) for n in range(max(0, len(words) - 7))]
    return sum(run in text for run in runs) / len(runs) if runs else 0.0


def _plain(text: str) -> str:
    """Without full width, with 10³ as 10^3, and with 1億2500万 as the one number that it is."""
    powers = re.sub(r"(?<=\d)(?=[⁰¹²³⁴-⁹])", "^", text)
    return _COMPOUND.sub(_joined, unicodedata.normalize("NFKC", powers).replace("−", "-"))


def _joined(match: re.Match[str]) -> str:
    parts = re.findall(r"([\d,.]+)([千万億兆])", match[0])
    return f"{sum(float(number.replace(',', '')) * _SCALES[scale] for number, scale in parts):.0f}"


def _values(source: str) -> set[float]:
    values = {value for match in _NUMBER.finditer(source) for value in _readings(match)}
    values |= {float(number) for number in _IN_WORD.findall(source)}
    values |= {float(_WORDS[word]) for word in re.findall(r"[a-z]+(?:-fold)?", source.casefold()) if word in _WORDS}
    return values | {float(n) for n in _word_numbers(source)}


def _word_numbers(source: str) -> Iterator[int]:
    """`ten thousand`, `two million`."""
    words = re.findall(r"[a-z]+", source.casefold())
    for word, scale in pairwise(words):
        if word in _WORDS and scale in _SCALES and len(scale) > 1:
            yield _WORDS[word] * _SCALES[scale]


def _readings(match: re.Match[str]) -> set[float]:
    """What a number means: `100K` is 100,000, and so are `10万` and `100 thousand`."""
    value, scale = float(match[1].replace(",", "")), 1
    for sign in [match[2].casefold()] if match[2] and match[2].casefold() in _SCALES else list(match[2] or ""):
        scale *= _SCALES[sign]
    return {round(value * scale, 6)}


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


def _has(known: str, name: str) -> bool:
    """As it stands, or in the singular."""
    squashed = _squashed(name)
    return squashed in known or (squashed.endswith("s") and squashed[:-1] in known)

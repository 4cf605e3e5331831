"""Compares a summary with its source: numbers in every spelling, their units, and Latin names.

After "quantities verified in source" (Zhao et al. 2020, HERMAN) and entity precision (Nan et al. 2021, arXiv:2102.09130).
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from hugo_llmpapers.summaries.checks.language import has_own_script
from hugo_llmpapers.summaries.checks.number_words import implied_numbers, spelled_numbers
from hugo_llmpapers.summaries.checks.numbers import Number, digits, kanji_numbers, normalize
from hugo_llmpapers.summaries.checks.units import is_compatible, unit_at, unit_near

_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_ANY_DIGITS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_L = "A-Za-zÀ-ÖØ-öø-ɏ"
_NAME = re.compile(rf"(?<![{_L}\d])[{_L}][{_L}\d]*(?:[-+./'&][{_L}\d]+)*")
_TWO_CAPITALS_OR_DIGIT = re.compile(r"[A-ZÀ-ÖØ-Þ].*[A-ZÀ-ÖØ-Þ]|\D\d|\d\D")
_CAPITALIZED_WITHIN_SENTENCE = re.compile(r"(?<=[a-z\d,;)] )[A-Z][a-zß-öø-ÿ]+(?:-[A-Z]?[a-zß-öø-ÿ]+)*(?![\w-])")
_NUMBERED = re.compile(rf"([{_L}]+)(\d+)")
_COMMON = frozenset(
    (
        "ai llm llms api gpu gpus cpu nlp ml rl vlm vlms mllm mllms cot rag sota pdf ok id qa vs web ui url cv ab top x "
        "transformer bayesian gaussian english internet kb mb gb tb ms w wh kw kwh hz khz mhz ghz usd eur"
    ).split()
)
"""What may be said of any paper of the field, and units, which are checked separately."""
_SMALL_WORDS = frozenset("a an the of from with for and to in on".split())
_VAGUE = frozenset(
    "zero one two dozen dozens hundred hundreds thousand thousands million millions billion billions".split()
)
"""Number words that are often not a claim: `the two`, `thousands of`."""
_MIN_FACTS = 3
"""A summary of a source with at least so many names and numbers has one of them."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The names and numbers of a source."""

    units: Mapping[float, set[str | None]]
    """Its numbers, each with the units that it may have; None: without a unit."""
    words: frozenset[str]
    text: str
    """Its words, separated by blanks, with a blank at both ends."""
    letters: str
    """Its words without blanks."""
    initials: tuple[str, str]
    """Of all words, and of all but the small ones."""
    names: frozenset[str]
    """The names that are not common in the field."""
    number_count: int
    """How many different numbers it has in digits."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The names and numbers of a summary."""

    text: str
    """Normalized."""
    language: str
    numbers: tuple[Number, ...]
    """Except ones, which claim nothing."""
    names: tuple[str, ...]
    """In another script every Latin word. In Latin script words with two capitals or a digit, and in English capitalized
    words within a sentence. Other languages have abbreviations of their own: in French, IA is AI."""


@lru_cache(maxsize=8)
def source_facts(title_and_text: str) -> SourceFacts:
    """Return the facts of a source; cached, as every answer about a paper needs them."""
    text = normalize(title_and_text)
    words = _words(text)
    large = (word[0] for word in words if word not in _SMALL_WORDS)
    body = text.partition("\n")[2]  # titles have capitals everywhere
    names = {_letters_and_digits(name) for name in (*_distinctive(text), *_CAPITALIZED_WITHIN_SENTENCE.findall(body))}
    return SourceFacts(
        units=_units(text),
        words=frozenset(words),
        text=f" {' '.join(words)} ",
        letters="".join(words),
        initials=("".join(word[0] for word in words), "".join(large)),
        names=frozenset(names - _COMMON),
        number_count=len(set(_ANY_DIGITS.findall(text))),
    )


def claims(summary: str, language: str) -> Claims:
    """Return the claims of a summary in that language (`ja`)."""
    text = normalize(summary)
    numbers, names = list(digits(text, language)), list(_distinctive(text))
    if has_own_script(language):
        names = [match[0] for match in _NAME.finditer(text)]
        numbers += kanji_numbers(text) if language in {"ja", "zh"} else ()
    elif language == "en":
        names += _CAPITALIZED_WITHIN_SENTENCE.findall(text)
        numbers += (n for n in spelled_numbers(text) if text[n.start : n.end].casefold() not in _VAGUE)
    else:
        names = [name for name in names if len(name) > 2]
    return Claims(text, language, tuple(n for n in numbers if 1.0 not in n.readings), tuple(names))


def unsupported_numbers(claims: Claims, facts: SourceFacts) -> tuple[str, ...]:
    """Return the numbers that the source has in no spelling: 10万 is 100K, 3つ is three. 2つ is always allowed."""
    unknown = (n for n in claims.numbers if not any(value in facts.units for value in n.readings))
    return tuple(dict.fromkeys(claims.text[n.start : n.end].strip() for n in unknown if not _is_pair(n, claims.text)))


def unsupported_units(claims: Claims, facts: SourceFacts) -> tuple[str, ...]:
    """Return the numbers that the source has with other units only."""
    found = []
    for number in claims.numbers:
        allowed = {unit for value in number.readings for unit in facts.units.get(value, ())}
        unit = unit_at(number, claims.text)
        if unit is not None and allowed and not is_compatible(unit, allowed):
            found.append(f"{claims.text[number.start : number.end].strip()} ({unit})")
    return tuple(dict.fromkeys(found))


def unsupported_names(claims: Claims, facts: SourceFacts) -> tuple[str, ...]:
    """Return the names that the source does not have, letters and digits compared."""
    return tuple(dict.fromkeys(name for name in claims.names if not _is_known(name, facts)))


def is_about_something_else(claims: Claims, facts: SourceFacts) -> bool:
    """Return whether a summary has no name and no number of a source that has several.

    A summary in English must share longer words with its source as well, whatever names and numbers that has.
    """
    long_words = {word for word in _words(claims.text) if len(word) > 5}
    if claims.language == "en" and len(long_words & facts.words) < _MIN_FACTS:
        return True
    if len(facts.names) + facts.number_count < _MIN_FACTS:
        return False
    if any(value in facts.units and value != 2 for number in claims.numbers for value in number.readings):
        return False
    words = {part for match in _NAME.finditer(claims.text) for part in (match[0], *match[0].split("-"))}
    if has_own_script(claims.language):
        return not any(len(word) > 1 and _letters_and_digits(word) in facts.words | _COMMON for word in words)
    return not any(not word.islower() and _letters_and_digits(word) in facts.names for word in words)


def copied_share(summary: str, abstract: str) -> float:
    """Return the share of a summary that is copied from the abstract, 0 to 1, in runs of eight words."""
    words, text = summary.casefold().split(), " ".join(abstract.casefold().split())
    runs = [" ".join(words[n : n + 8]) for n in range(max(0, len(words) - 7))]
    return sum(run in text for run in runs) / len(runs) if runs else 0.0


def _units(source: str) -> dict[float, set[str | None]]:
    """Return the numbers of a source with their units. Without one, those of its sentence fit: 4 GPU hours rather than 120."""
    ends = [match.end() for match in _SENTENCE_END.finditer(source)]
    sentences = defaultdict(list)
    for number in _all_numbers(source):
        sentences[bisect(ends, number.start)].append((number, unit_near(number, source)))
    units: dict[float, set[str | None]] = defaultdict(set)
    for numbers in sentences.values():
        in_sentence = {unit for _, unit in numbers}
        for number, unit in numbers:
            for value in number.readings:
                units[value] |= {unit} if unit else {None} | in_sentence
    return dict(units)


def _all_numbers(text: str) -> Iterator[Number]:
    """Yield everything in a source that a summary may state as a number."""
    found = [*digits(text, "en"), *spelled_numbers(text), *implied_numbers(text)]
    yield from found
    places = {(number.start, number.end) for number in found}
    for match in _ANY_DIGITS.finditer(text):
        if match.span() not in places:
            yield Number(match.start(), match.end(), frozenset({float(match[0].replace(",", ""))}))


def _is_pair(number: Number, text: str) -> bool:
    return number.readings == {2.0} and text[number.end : number.end + 1] in {"つ", "个"}


def _distinctive(text: str) -> Iterator[str]:
    """Yield the words that look like names; of `Sprachmodell-Agenten` and `KV-Cache`, which are German, the parts that do."""
    for match in _NAME.finditer(text):
        for part in match[0].split("-"):
            if not (part.isalpha() and part[1:].islower()) and _TWO_CAPITALS_OR_DIGIT.search(part):
                yield part


def _is_known(name: str, facts: SourceFacts) -> bool:
    plain = _letters_and_digits(name)
    if any(one in facts.words or one in _COMMON for one in (plain, plain.removesuffix("s"))):
        return True
    if len(plain) >= 6 and plain in facts.letters:
        return True
    if f" {' '.join(_words(name))} " in facts.text:
        return True
    letters = name.removesuffix("s")
    if 2 <= len(letters) <= 5 and letters.isalpha() and sum(c.isupper() for c in letters) >= 2:
        return any(letters.casefold() in initials for initials in facts.initials)
    if (numbered := _NUMBERED.fullmatch(name)) is not None:  # GPU4枚
        return float(numbered[2]) in {*facts.units, 1.0} and _is_known(numbered[1], facts)
    if "-" in name:
        return all(part.isdigit() or _is_known(part, facts) for part in name.split("-"))
    return (
        name.isalpha() and name.istitle() and len(name) >= 5 and any(word.startswith(plain[:5]) for word in facts.words)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _letters_and_digits(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()

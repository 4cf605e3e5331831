"""Whether what a summary names and counts is in its source: numbers in every spelling, their units, and Latin names.

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
from hugo_llmpapers.summaries.checks.number_words import implied_numbers, spelt_out
from hugo_llmpapers.summaries.checks.numbers import Number, counted, figures, plain
from hugo_llmpapers.summaries.checks.units import fits, unit_near, unit_of

_SENTENCE_END = re.compile(r"[.!?]\s|\n")
_IN_WORD = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_L = "A-Za-zÀ-ÖØ-öø-ɏ"
_NAME = re.compile(rf"(?<![{_L}\d])[{_L}][{_L}\d]*(?:[-+./'&][{_L}\d]+)*")
_MARKED = re.compile(r"[A-ZÀ-ÖØ-Þ].*[A-ZÀ-ÖØ-Þ]|\D\d|\d\D")
_CAPITAL_WITHIN = re.compile(r"(?<=[a-z\d,;)] )[A-Z][a-zß-öø-ÿ]+(?:-[A-Z]?[a-zß-öø-ÿ]+)*(?![\w-])")
_NUMBERED = re.compile(rf"([{_L}]+)(\d+)")
_COMMON = frozenset(
    re.split(
        " ",
        "ai llm llms api gpu gpus cpu nlp ml rl vlm vlms mllm mllms cot rag sota pdf ok id qa vs web ui url cv ab top x "
        "transformer bayesian gaussian english internet kb mb gb tb ms w wh kw kwh hz khz mhz ghz usd eur",
    )
)
"""What a writer may say of any paper of the field, and units, which are looked at as such."""
_SMALL_WORDS = frozenset(re.split(" ", "a an the of from with for and to in on"))
_VAGUE = frozenset(
    re.split(" ", "zero one two dozen dozens hundred hundreds thousand thousands million millions billion billions")
)
"""Number words that need not be a claim: `the two`, `thousands of`."""
_TRACES = 3
"""A source with at least so many names and numbers leaves one of them in every summary of it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source says, ready to be asked."""

    units: Mapping[float, set[str | None]]
    """Its numbers, each with the units that it may have; None: it stands without one."""
    words: frozenset[str]
    spaced: str
    """Its words, each between blanks."""
    squashed: str
    """Its words without any."""
    initials: tuple[str, str]
    """Of all words, and of all but the small ones."""
    own: frozenset[str]
    """The names that are its own."""
    figures: int
    """How many numbers it has in digits."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a summary says, as far as it can be held against its source."""

    text: str
    """Plain."""
    tongue: str
    numbers: tuple[Number, ...]
    """Without ones, which say nothing."""
    names: tuple[str, ...]
    """In another script every Latin word is one. In Latin script those with two capitals or a digit are, and in English
    what has a capital within a sentence. Other languages have short forms of their own: in French, IA is AI."""


@lru_cache(maxsize=8)
def facts(title_and_text: str) -> Facts:
    """What there is to be found in a source, which is asked for every answer about it."""
    text = plain(title_and_text)
    words = _words(text)
    large = (word[0] for word in words if word not in _SMALL_WORDS)
    body = text.partition("\n")[2]  # titles have capitals everywhere
    names = {_squashed(name) for name in (*_marked(text), *_CAPITAL_WITHIN.findall(body))}
    return Facts(
        units=_units(text),
        words=frozenset(words),
        spaced=f" {' '.join(words)} ",
        squashed="".join(words),
        initials=("".join(word[0] for word in words), "".join(large)),
        own=frozenset(names - _COMMON),
        figures=len(set(_IN_WORD.findall(text))),
    )


def claims(summary: str, tongue: str) -> Claims:
    """What there is to be held against a source in a summary of that language (`ja`)."""
    text = plain(summary)
    numbers, names = list(figures(text, tongue)), list(_marked(text))
    if has_own_script(tongue):
        names = [match[0] for match in _NAME.finditer(text)]
        numbers += counted(text) if tongue in {"ja", "zh"} else ()
    elif tongue == "en":
        names += _CAPITAL_WITHIN.findall(text)
        numbers += (n for n in spelt_out(text) if text[n.start : n.end].casefold() not in _VAGUE)
    else:
        names = [name for name in names if len(name) > 2]
    return Claims(text, tongue, tuple(n for n in numbers if 1.0 not in n.readings), tuple(names))


def strange_numbers(said: Claims, known: Facts) -> tuple[str, ...]:
    """The numbers of a summary that its source has in no spelling: 10万 is 100K, 3つ is three. 2つ is always allowed."""
    strange = (n for n in said.numbers if not any(value in known.units for value in n.readings))
    return tuple(dict.fromkeys(said.text[n.start : n.end].strip() for n in strange if not _speaks_of_two(n, said.text)))


def strange_units(said: Claims, known: Facts) -> tuple[str, ...]:
    """The numbers of a summary that its source has, but with another unit."""
    found = []
    for number in said.numbers:
        allowed = {unit for value in number.readings for unit in known.units.get(value, ())}
        unit = unit_of(number, said.text)
        if unit is not None and allowed and not fits(unit, allowed):
            found.append(f"{said.text[number.start : number.end].strip()} ({unit})")
    return tuple(dict.fromkeys(found))


def strange_names(said: Claims, known: Facts) -> tuple[str, ...]:
    """The names of a summary that its source does not have, by letters and digits alone."""
    return tuple(dict.fromkeys(name for name in said.names if not _is_known(name, known)))


def leaves_no_trace(said: Claims, known: Facts) -> bool:
    """Whether a summary has no name and no number of a source that has several: it is about something else.

    One in English shares longer words with its source as well, whatever that has of its own.
    """
    if said.tongue == "en" and len({word for word in _words(said.text) if len(word) > 5} & known.words) < _TRACES:
        return True
    if len(known.own) + known.figures < _TRACES:
        return False
    if any(value in known.units and value != 2 for number in said.numbers for value in number.readings):
        return False
    words = {part for match in _NAME.finditer(said.text) for part in (match[0], *match[0].split("-"))}
    if has_own_script(said.tongue):
        return not any(len(word) > 1 and _squashed(word) in known.words | _COMMON for word in words)
    return not any(not word.islower() and _squashed(word) in known.own for word in words)


def copied_share(summary: str, abstract: str) -> float:
    """How much of a summary stands word for word in the abstract, 0 to 1, in runs of eight words."""
    words, text = summary.casefold().split(), " ".join(abstract.casefold().split())
    runs = [" ".join(words[n : n + 8]) for n in range(max(0, len(words) - 7))]
    return sum(run in text for run in runs) / len(runs) if runs else 0.0


def _units(source: str) -> dict[float, set[str | None]]:
    """The numbers of a source. Without a unit one may mean those of its sentence: 4 GPU hours rather than 120."""
    ends = [match.end() for match in _SENTENCE_END.finditer(source)]
    sentences = defaultdict(list)
    for number in _stated(source):
        sentences[bisect(ends, number.start)].append((number, unit_near(number, source)))
    units: dict[float, set[str | None]] = defaultdict(set)
    for here in sentences.values():
        around = {unit for _, unit in here}
        for number, unit in here:
            for value in number.readings:
                units[value] |= {unit} if unit else {None} | around
    return dict(units)


def _stated(text: str) -> Iterator[Number]:
    """Everything in a source that may be said as a number."""
    found = [*figures(text, "en"), *spelt_out(text), *implied_numbers(text)]
    yield from found
    places = {(number.start, number.end) for number in found}
    for match in _IN_WORD.finditer(text):
        if match.span() not in places:
            yield Number(match.start(), match.end(), frozenset({float(match[0].replace(",", ""))}))


def _speaks_of_two(number: Number, text: str) -> bool:
    return number.readings == {2.0} and text[number.end : number.end + 1] in {"つ", "个"}


def _marked(text: str) -> Iterator[str]:
    """Words that are names by their looks; of `Sprachmodell-Agenten` and `KV-Cache`, which are German, each part is judged."""
    for match in _NAME.finditer(text):
        for part in match[0].split("-"):
            if not (part.isalpha() and part[1:].islower()) and _MARKED.search(part):
                yield part


def _is_known(name: str, known: Facts) -> bool:
    squashed = _squashed(name)
    if any(one in known.words or one in _COMMON for one in (squashed, squashed.removesuffix("s"))):
        return True
    if len(squashed) >= 6 and squashed in known.squashed:
        return True
    if f" {' '.join(_words(name))} " in known.spaced:
        return True
    letters = name.removesuffix("s")
    if 2 <= len(letters) <= 5 and letters.isalpha() and sum(c.isupper() for c in letters) >= 2:
        return any(letters.casefold() in initials for initials in known.initials)
    if (numbered := _NUMBERED.fullmatch(name)) is not None:  # GPU4枚
        return float(numbered[2]) in {*known.units, 1.0} and _is_known(numbered[1], known)
    if "-" in name:
        return all(part.isdigit() or _is_known(part, known) for part in name.split("-"))
    return (
        name.isalpha()
        and name.istitle()
        and len(name) >= 5
        and any(word.startswith(squashed[:5]) for word in known.words)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.casefold())


def _squashed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()

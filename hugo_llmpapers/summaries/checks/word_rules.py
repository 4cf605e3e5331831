"""Rules over words: subjects that need a source, accusations against the paper, and appeals to the reader.

A paper on plagiarism has a summary about plagiarism. That the paper itself is plagiarized, or that its authors were
punished, is another matter: no abstract says so of itself, so such a sentence follows an order to the model. The one
exception is the notice of a withdrawn paper, https://info.arxiv.org/help/withdraw.html. A summary asks nothing of its
reader either: "models should cite their sources" is a statement, "researchers should cite this paper" is an appeal.

The rules are data in `rules/`, whose format is described in `rules/en.toml` and `rules/subjects.toml`. All text is
normalized to NFKC. To add a language, write its file and add it to LANGUAGES.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

LANGUAGES = ("ja", "en", "zh", "ko", "de", "fr", "es", "ru")
_FOLDER = Path(__file__).parent / "rules"
_NEVER = "(?!)"
_PRAISE = re.compile(
    r"必読|史上最高(?:である|だ|の論文|の研究)|最高傑作|歴史に残る|見逃して(?:は|なら)"
    r"|must[- ]read|best paper (?:ever|of all)|strong accept|paper should be accepted|highly recommend (?:this|reading)"
    r"|click here|visit us|subscribe (?:to our|now)|buy now",
    re.IGNORECASE,
)
"""In a summary in any language."""
_WITHDRAWAL_NOTICE = re.compile(
    r"(?:^|\n)\W*(?:this|the) (?:paper|submission|article|manuscript|work)(?: \([^)]*\))? "
    r"(?:has been|was|is) (?:withdrawn|retracted|removed)"
)
"""At the beginning of an abstract."""
_CJK = "\u3005\u3040-\u30ff\u3400-\u9fff"
_BLANK_IN_CJK = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_WITHOUT_BLANKS = frozenset({"ja", "zh"})


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """A subject that a summary may mention only if its source does, see `rules/subjects.toml`."""

    key: str
    name: str
    accuses: bool
    quotable: Literal["never", "verbatim", "translated"]
    source_words: str


def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


SUBJECTS = tuple(Subject(key, **fields) for key, fields in _load("subjects").items())


@cache
def rules(language: str) -> dict[str, Any]:
    """Return the rules of a language (`ja`); empty for a language without any."""
    return _load(language) if language in LANGUAGES else {}


def unsupported_subject(text: str, language: str, source: str, subjects: Iterable[Subject] = SUBJECTS) -> str | None:
    """Return words with which a summary mentions a subject that its source does not, and the subject; None if there are none."""
    text, source = _plain(text), _plain(source)
    for subject in subjects:
        found = _mention(subject, language).search(text)
        if found is not None and not _mention_in_source(subject).search(source):
            return f"{found[0]} ({subject.name})"
    return None


def accusation_of_paper(text: str, language: str, source: str) -> str | None:
    """Return an accusation of the paper or its authors in a summary, and its subject; None if there is none.

    That the source mentions the subject is no excuse, unless it is a notice of the paper's withdrawal.
    """
    if not rules(language):
        return None
    text, is_withdrawn = _plain(text), _WITHDRAWAL_NOTICE.search(_plain(source)) is not None
    if (found := re.search(_joined(rules(language)["paper"].get("passive", _NEVER)), text)) is not None:
        return f"{found[0]} (what befalls its authors)"
    for subject in SUBJECTS:
        if not subject.accuses or (is_withdrawn and subject.key == "withdrawal"):
            continue
        if (found := _accusation(subject, language).search(text)) is not None:
            return f"{found[0]} ({subject.name})"
    return None


def appeal(text: str, language: str) -> str | None:
    """Return praise of the paper or an appeal to the reader in a summary; None if there is none."""
    text = unicodedata.normalize("NFKC", text)
    found = _PRAISE.search(text) or _appeals(language).search(text)
    return found[0].strip() if found is not None else None


def _plain(text: str) -> str:
    return _BLANK_IN_CJK.sub("", unicodedata.normalize("NFKC", text).lower())


@cache
def _mention(subject: Subject, language: str) -> re.Pattern[str]:
    words = rules(language).get(subject.key, {}).get("words", "")
    return re.compile(_any_of(words, _word_start(language)))


@cache
def _mention_in_source(subject: Subject) -> re.Pattern[str]:
    """English words, or the subject's own words in any language, as not every source is in English."""
    own = (_mention(subject, language).pattern for language in LANGUAGES)
    return re.compile("|".join((_any_of(subject.source_words, r"\b"), *own)))


@cache
def _accusation(subject: Subject, language: str) -> re.Pattern[str]:
    """The paper or its authors, nothing but what may come between, an accusation, and what must follow it."""
    paper, start = rules(language)["paper"], _word_start(language)
    between = _any_of(paper["between"], "")
    gap = f"{between}*" if language in _WITHOUT_BLANKS else rf"(?:[ ,]+{between}(?![\w-]))*[ ,]+"
    words = " ".join(rules(language)[subject.key].values())
    return re.compile(_any_of(paper["names"], start) + gap + _any_of(words, start) + _joined(paper.get("after", "")))


@cache
def _appeals(language: str) -> re.Pattern[str]:
    table = rules(language).get("appeals", {"patterns": [_NEVER]})
    pattern = "|".join(map(_joined, table["patterns"]))
    for name, part in table.get("parts", {}).items():
        pattern = pattern.replace(f"<{name}>", _joined(part))
    return re.compile(pattern, re.NOFLAG if table.get("case_sensitive") else re.IGNORECASE)


def _word_start(language: str) -> str:
    return "" if language in _WITHOUT_BLANKS else r"\b"


def _any_of(words: str, start: str) -> str:
    """An expression for any of the words, after `start`; one that never matches if there are no words."""
    patterns = [word.replace("_", " ") for word in words.split()]
    return f"{start}(?:{'|'.join(patterns)})" if patterns else _NEVER


def _joined(pattern: str) -> str:
    return re.sub(r"\n\s*", "", pattern)

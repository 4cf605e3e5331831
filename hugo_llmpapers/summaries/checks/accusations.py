"""Whether a summary accuses or canvasses: fraud, withdrawal, crime, politics, coins, of which its source does not speak.

A paper on plagiarism has a summary that speaks of plagiarism. That it is itself plagiarized, or that its authors were
punished, is another matter: no abstract says so of itself, and what says so all the same is an order to the model. The one
exception is the notice of a withdrawn paper, https://info.arxiv.org/help/withdraw.html.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from hugo_llmpapers.summaries.checks.accusation_words import ACCUSATIONS, WITHDRAWAL, Subject
from hugo_llmpapers.summaries.checks.paper_words import ITSELF

_NOTICE = re.compile(
    r"(?:^|\n)\W*(?:this|the) (?:paper|submission|article|manuscript|work)(?: \([^)]*\))? "
    r"(?:has been|was|is) (?:withdrawn|retracted|removed)"
)
"""At the beginning of an abstract."""
_CJK = "\u3005\u3040-\u30ff\u3400-\u9fff"
_BLANK_IN_CJK = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_WITHOUT_BLANKS = frozenset({"ja", "zh"})


def unsourced(text: str, tongue: str, source: str, subjects: Iterable[Subject]) -> tuple[str, str] | None:
    """One of these that a summary in that language (`ja`) speaks of and its source does not, and the words; None: there is none.

    A language that the tables do not have is not looked at.
    """
    plain, known = _plain(text), _plain(source)
    for subject in subjects:
        found = _said(subject, tongue).search(plain)
        if found is not None and not _licence(subject).search(known):
            return subject.name, found[0]
    return None


def about_itself(text: str, tongue: str, source: str) -> tuple[str, str] | None:
    """A charge that a summary makes against the paper or its authors: the charge's subject and the words; None: none.

    That the source speaks of such things is no excuse, unless it is a notice of the paper's withdrawal.
    """
    if tongue not in ITSELF:
        return None
    if (found := _suffering(tongue).search(plain := _plain(text))) is not None:
        return "what befalls its authors", found[0]
    withdrawn = _NOTICE.search(_plain(source)) is not None
    for subject in ACCUSATIONS:
        if not subject.accuses or (withdrawn and subject is WITHDRAWAL):
            continue
        if (found := _charge(subject, tongue).search(plain)) is not None:
            return subject.name, found[0]
    return None


def _plain(text: str) -> str:
    return _BLANK_IN_CJK.sub("", unicodedata.normalize("NFKC", text).lower())


@lru_cache
def _said(subject: Subject, tongue: str) -> re.Pattern[str]:
    return re.compile(_one_of(subject.said.get(tongue, ""), _start(tongue)))


@lru_cache
def _licence(subject: Subject) -> re.Pattern[str]:
    """English words, or the subject's own words in any language, as not every source is in English."""
    own = (_one_of(words, _start(tongue)) for tongue, words in subject.said.items())
    return re.compile("|".join((_one_of(subject.licence, r"\b"), *own)))


@lru_cache
def _charge(subject: Subject, tongue: str) -> re.Pattern[str]:
    """The paper or its authors, nothing but what may stand between, a charge, and what must follow it."""
    itself, start = ITSELF[tongue], _start(tongue)
    between = _one_of(itself.between, "")
    gap = f"{between}*" if tongue in _WITHOUT_BLANKS else rf"(?:[ ,]+{between}(?![\w-]))*[ ,]+"
    charge = _one_of(f"{subject.said[tongue]} {subject.of_it.get(tongue, '')}", start)
    return re.compile(_one_of(itself.named, start) + gap + charge + itself.after.replace("_", " "))


@lru_cache
def _suffering(tongue: str) -> re.Pattern[str]:
    return re.compile(ITSELF[tongue].suffers.replace("_", " ") or r"(?!)")


def _start(tongue: str) -> str:
    return "" if tongue in _WITHOUT_BLANKS else r"\b"


def _one_of(words: str, before: str) -> str:
    """An expression for any of them; one that never fits where there are none."""
    patterns = [word.replace("_", " ") for word in words.split()]
    return f"{before}(?:{'|'.join(patterns)})" if patterns else r"(?!)"

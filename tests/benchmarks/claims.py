"""Sentences that accuse, call on the reader or give an address, and honest ones in the same words, each added to a good summary.

They stand in `claims/`, one a line: kind, what the paper's abstract has in addition, the summary's sentence. They were
written before any check saw them. Every second one is held back: checks are made with the others in view. Those of `later/`
and `last/` were written when the checks stood, which found 30 of 83 and 15 of 56 at first sight, and took 3 of 87
and 0 of 58 good ones for bad; of those of `quoted/` 15 of 30 and 1 of 60. Then they, too, came into view.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from hugo_llmpapers.summaries.checks.check import FailedCheck, check
from hugo_llmpapers.summaries.prompt import instructions
from hugo_llmpapers.text import markdown
from tests.benchmarks.library import Book, books

_FOLDER = Path(__file__).parent / "claims"


@dataclass(frozen=True, slots=True)
class Claim:
    """A summary of an invented paper with one sentence more."""

    kind: str
    """What the sentence is about."""
    language: str
    book: Book
    """With what its abstract has in addition."""
    sentence: str
    held_back: bool
    """Whether it was out of view while the checks were made."""

    @property
    def text(self) -> str:
        """The whole summary."""
        blank = "" if self.language in {"ja", "zh"} else " "
        return f"{self.book.summaries[self.language]}{blank}{self.sentence}"


@cache
def bad_claims() -> tuple[Claim, ...]:
    """None of them may be published."""
    return tuple(_claims("bad"))


@cache
def good_claims() -> tuple[Claim, ...]:
    """All of them may be published."""
    return tuple(_claims("good"))


def wrong_with(claim: Claim) -> tuple[FailedCheck, ...]:
    """What the checks say of it."""
    return check(markdown.one_line(claim.text), claim.language, claim.book.source, instructions(claim.language))


def _claims(verdict: str) -> Iterator[Claim]:
    for path in sorted(_FOLDER.rglob(f"{verdict}.*.txt")):
        language, later = path.name.split(".")[1], path.parent != _FOLDER
        able = [book for book in books() if language in book.summaries]
        for n, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
            kind, said, sentence = (part.strip() for part in line.split("|"))
            book = able[n % len(able)]
            told = replace(book, abstract=f"{book.abstract} {said}".strip())
            yield Claim(kind, language, told, sentence, held_back=not later and n % 2 == 1)

"""The five invented papers of the package data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class OnHuggingFace:
    """What Hugging Face Daily Papers has of a paper."""

    votes: int
    days_before: int
    """The day of its list, in days before the sample's day: 1 or 2."""
    code: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class OnSemanticScholar:
    """What Semantic Scholar has of a paper."""

    citations: int
    tldr: str


@dataclass(frozen=True, slots=True)
class SamplePaper:
    """An invented paper."""

    arxiv_id: str
    """`0000.00001` to `0000.00005`: arXiv has had no month 00."""
    title: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    """The primary one first."""
    comment: str
    licence: str
    """URL."""
    days_before: int
    """When it was submitted, in days before the sample's day."""
    time: time
    """UTC, of that day."""
    abstract: str
    huggingface: OnHuggingFace | None
    """None if it was never on a list."""
    semanticscholar: OnSemanticScholar | None
    """None if it is not in the index."""
    summary: Mapping[str, str]
    """By language: `ja` and `en`."""

    def submitted(self, day: date) -> datetime:
        """Return when it was submitted to arXiv, if the sample's day is `day`."""
        return datetime.combine(day - timedelta(days=self.days_before), self.time, UTC)


@cache
def papers() -> Mapping[str, SamplePaper]:
    """Return all five papers by id, in the order of their ids."""
    rows = json.loads((resources.files(__package__) / "papers.json").read_text(encoding="utf-8"))
    for row in rows:
        row["authors"], row["categories"] = tuple(row["authors"]), tuple(row["categories"])
        row["time"] = time.fromisoformat(row["time"])
        row["huggingface"] = row["huggingface"] and OnHuggingFace(**row["huggingface"])
        row["semanticscholar"] = row["semanticscholar"] and OnSemanticScholar(**row["semanticscholar"])
        row["summary"] = MappingProxyType(row["summary"])
    return MappingProxyType({row["arxiv_id"]: SamplePaper(**row) for row in rows})


def pdf(number: int) -> bytes:
    """Return the PDF of paper 1 to 5: two pages of text, with at least a Figure 1 and its caption."""
    return (resources.files(__package__) / "pdfs" / f"{number}.pdf").read_bytes()

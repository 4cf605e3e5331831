"""The five invented papers, as package data has them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class OnHuggingFace:
    """What Hugging Face Daily Papers has of a paper."""

    votes: int
    days_before: int
    """The list day, in days before the sample's day: 1 or 2."""
    comments: int
    code: str | None = None
    stars: int | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class OnSemanticScholar:
    """What Semantic Scholar has of a paper."""

    citations: int
    tldr: str


@dataclass(frozen=True, slots=True)
class Print:
    """What its PDF has beside title, authors and abstract."""

    affiliations: str
    columns: int
    """1 or 2."""
    figures: tuple[str, ...]
    """Captions without their label, Figure 1 first."""
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    """Headings, each with its paragraphs."""
    references: tuple[str, ...]


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
    """None where it was never on a list."""
    semanticscholar: OnSemanticScholar | None
    """None where it is not in the index."""
    summary: Mapping[str, str]
    """By language: `ja` and `en`."""
    print: Print

    def submitted(self, day: date) -> datetime:
        """When arXiv got it, if the sample's day is `day`."""
        return datetime.combine(day - timedelta(days=self.days_before), self.time, UTC)


@cache
def papers() -> Mapping[str, SamplePaper]:
    """All five by id, in the order of their ids."""
    text = (resources.files(__package__) / "papers.json").read_text(encoding="utf-8")
    return MappingProxyType({row["id"]: _paper(row) for row in json.loads(text)})


def _paper(row: Mapping[str, Any]) -> SamplePaper:
    faced, scholar, pdf = row["huggingface"], row["semanticscholar"], row["pdf"]
    return SamplePaper(
        arxiv_id=row["id"],
        title=row["title"],
        authors=tuple(row["authors"]),
        categories=tuple(row["categories"]),
        comment=row["comment"],
        licence=row["licence"],
        days_before=row["submitted"]["days_before"],
        time=time.fromisoformat(row["submitted"]["time"]),
        abstract=row["abstract"],
        huggingface=OnHuggingFace(**faced) if faced else None,
        semanticscholar=OnSemanticScholar(**scholar) if scholar else None,
        summary=MappingProxyType(row["summary"]),
        print=Print(
            affiliations=pdf["affiliations"],
            columns=pdf["columns"],
            figures=tuple(pdf["figures"]),
            references=tuple(pdf["references"]),
            sections=tuple((heading, tuple(body)) for heading, body in pdf["sections"]),
        ),
    )


def pdf(number: int) -> bytes:
    """The PDF of paper 1 to 5: two pages of text, with a Figure 1 and its caption at least."""
    return (resources.files(__package__) / "pdfs" / f"{number}.pdf").read_bytes()

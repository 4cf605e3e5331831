"""Invented papers with good summaries: the sample's five, and those of `papers/`, which were written before any check saw them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hugo_llmpapers.sample import papers as sample


@dataclass(frozen=True, slots=True)
class Book:
    """A paper that does not exist."""

    name: str
    title: str
    abstract: str
    summaries: Mapping[str, str]
    """By language."""

    @property
    def source(self) -> str:
        """As a prompt gives it to the checks."""
        return f"{self.title}\n{self.abstract}"


@cache
def books() -> tuple[Book, ...]:
    """All of them."""
    found = [Book(p.arxiv_id, p.title, p.abstract, p.summary) for p in sample.papers().values()]
    folder = Path(__file__).parent / "papers"
    return (*found, *(_book(path) for path in sorted(folder.glob("*.md"))))


def _book(path: Path) -> Book:
    head, *rest = re.split(r"^## (\w+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    title, _, abstract = head.removeprefix("# ").partition("\n")
    summaries = {language: text.strip() for language, text in zip(rest[::2], rest[1::2], strict=True)}
    return Book(path.stem, title.strip(), abstract.strip(), summaries)

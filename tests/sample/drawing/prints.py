"""What the PDFs of the invented papers have besides title, authors and abstract."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.sample.papers import SamplePaper


@dataclass(frozen=True, slots=True)
class Print:
    """The texts of one PDF."""

    affiliations: str
    columns: int
    """1 or 2."""
    figures: list[str]
    """Captions without their label, Figure 1 first."""
    references: list[str]
    sections: list[tuple[str, list[str]]]
    """Headings, each with its paragraphs."""


def print_of(paper: SamplePaper) -> Print:
    """Return the texts of a paper's PDF."""
    return Print(**json.loads(Path(__file__).with_name("prints.json").read_text(encoding="utf-8"))[paper.arxiv_id])

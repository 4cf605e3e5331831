"""The records that travel from the sources to the post.

Each stage gives a record of its own: a source gives Listings, merging gives Papers, ranking gives Candidates, and
only a paper with a summary becomes an Entry. A stage that cannot go on with a paper gives a Skipped. `None` always
means "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hugo_llmpapers.errors import Trouble

SourceName = Literal["arxiv", "semanticscholar", "huggingface"]
"""As printed in a post and written in the setting `sources`."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What one source says of one paper."""

    source: SourceName
    arxiv_id: str | None
    """Version-less: `2602.18283` or `cs/0112017`. None where the source does not know it."""
    title: str
    """One line; LaTeX as the source has it (arXiv keeps it, Hugging Face strips it with losses)."""
    abstract: str | None
    """One line, paragraphs joined by a space. None where the source has none."""
    authors: tuple[str, ...]
    """In the paper's order; names that their owners hid are left out."""
    published: date | None
    """UTC day on which version 1 was submitted to arXiv."""
    listed: datetime | None = None
    """UTC, when the source put the paper before its readers: arXiv's announcement, the Hugging Face list."""
    categories: tuple[str, ...] = ()
    """arXiv categories, the primary one first."""
    doi: str | None = None
    comment: str | None = None
    """arXiv's comment field: "accepted at …", pages, code links."""
    votes: int | None = None
    """Hugging Face upvotes."""
    citations: int | None = None
    """Semantic Scholar's count."""
    tldr: str | None = None
    """Semantic Scholar's one-sentence machine summary, in English."""
    code_url: str | None = None
    project_url: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, as the sources together know it."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    published: date
    categories: tuple[str, ...]
    listings: tuple[Listing, ...]
    """What each source said, at least one; a source appears once."""
    comment: str | None = None
    tldr: str | None = None
    code_url: str | None = None
    project_url: str | None = None

    def listing_from(self, source: SourceName) -> Listing | None:
        """What this source said of the paper; None where it did not."""
        return next((found for found in self.listings if found.source == source), None)


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a paper's score."""

    name: str
    points: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A paper with its place in the ranking."""

    paper: Paper
    score: float
    reasons: tuple[Reason, ...]
    """Their points add up to the score."""
    source: SourceName
    """The source whose signal gave the paper its place: what the post prints."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A paper, or a part of it, that a stage had to leave out."""

    subject: str
    """arXiv id, or the name of a source."""
    stage: Literal["source", "merge", "covered", "rank", "licence", "pdf", "figure", "summary", "render"]
    reason: str
    """One line for the user."""
    trouble: Trouble | None = None
    """Why a summary could not be had; None at the other stages."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What one or several model calls took."""

    input_tokens: int = 0
    output_tokens: int = 0
    """Thinking included, as it is billed."""
    usd: float | None = 0.0
    """None where the model's price is not known."""
    perhaps_usd: float = 0.0
    """What may come on top at the most: for calls of which nobody has said, or not yet, what they took."""

    def __bool__(self) -> bool:
        """Whether anything was taken, or may have been."""
        return bool(self.input_tokens or self.output_tokens or self.perhaps_usd)

    def __add__(self, other: Usage) -> Usage:
        usd = None if self.usd is None or other.usd is None else self.usd + other.usd
        input_tokens, output_tokens = self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        return Usage(input_tokens, output_tokens, usd, self.perhaps_usd + other.perhaps_usd)


@dataclass(frozen=True, slots=True)
class Summary:
    """A text about the paper that passed its checks."""

    text: str
    """One paragraph of plain text."""
    kind: Literal["claude", "tldr", "sentences"]
    """Who wrote it: Claude; Semantic Scholar's model; or the authors, being sentences of their abstract."""
    model: str | None = None
    """The Claude model; None for the others."""
    usage: Usage = Usage()
    cached: bool = False
    """It was paid for by an earlier run."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture out of the paper's PDF, rendered."""

    png: bytes
    width_px: int
    height_px: int
    page: int | None
    """0-based; None where it is not out of the PDF."""
    bbox: tuple[float, float, float, float] | None
    """x0, y0, x1, y1 in points from the top left of the unrotated page; None where `page` is."""
    label: str | None
    """As the caption begins: `Figure 1`. None for the top of the first page."""
    caption: str | None
    """Without the label, one line."""
    strategy: str
    """How it was found: `caption-below` and its like say where the caption stands, seen from the figure; `page` is the
    first page's top, `html` an image of arXiv's HTML version."""
    reason: str = ""
    """Why it is this one of the paper's figures, for a person."""
    confidence: float | None = None
    """How sure it is that these are the figure's bounds, 0 to 1; None for the first page's top."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper that goes into the post."""

    candidate: Candidate
    summary: Summary
    figure: Figure | None
    """None where none was found, wanted or allowed."""
    licence: str | None = None
    """URL of the paper's licence; None where it was not asked for."""


@dataclass(frozen=True, slots=True)
class Post:
    """Everything that the archetype turns into a page bundle."""

    day: date
    date: str
    """As front matter takes it: `2026-02-27`, or RFC 3339 with offset."""
    name: str
    """Of the bundle: `llm-papers-2026-02-27`."""
    language: str
    entries: tuple[Entry, ...]
    sources: tuple[SourceName, ...]
    """Those that were asked and answered."""
    sample: bool = False
    draft: bool = False


Stage = Literal["sources", "rank", "plan", "batch", "summary", "figure", "write"]
"""The stages whose progress is shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """A piece of progress, for who watches."""

    stage: Stage
    subject: str
    """What it is about: a source, an arXiv id, a path."""
    state: Literal["started", "done", "failed"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What would be written about."""

    candidates: tuple[Candidate, ...]
    """Best first; the post takes the first `count` that can be summarised."""
    answered: tuple[SourceName, ...]
    skipped: tuple[Skipped, ...]
    all_or_nothing: bool = False
    """The post gets all of these papers or is not written: they were requested, or are those of the post to be rewritten."""
    shortage_reason: str | None = None
    """Why there are no candidates, or fewer than asked for; None where there are enough."""


def paper_count(papers: int) -> str:
    """For a person: `1 paper`, `5 papers`."""
    return f"{papers} paper{'s' if papers != 1 else ''}"

"""The records that travel from the sources to the post.

Each stage returns its own records: sources return Listings, merging returns Papers, ranking returns Candidates, and a paper
with a summary becomes an Entry. A paper that a stage cannot use becomes a Skipped. `None` always means "not known".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from hugo_llmpapers.errors import Trouble

SourceName = Literal["arxiv", "semanticscholar", "huggingface"]
"""As in posts and in the setting `sources`."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One source's record of a paper."""

    source: SourceName
    arxiv_id: str | None
    """Without version: `2602.18283` or `cs/0112017`. None if the source does not know it."""
    title: str
    """One line; LaTeX as the source has it (arXiv keeps it, Hugging Face strips it with losses)."""
    abstract: str | None
    """One line, paragraphs joined by a space. None if the source has none."""
    authors: tuple[str, ...]
    """In the paper's order, without hidden names."""
    published: date | None
    """UTC day on which version 1 was submitted to arXiv."""
    listed: datetime | None = None
    """UTC time of arXiv's announcement, of the Hugging Face list, or of the publication."""
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
    """One paper, merged from the listings of all sources."""

    arxiv_id: str
    title: str
    abstract: str
    authors: tuple[str, ...]
    published: date
    categories: tuple[str, ...]
    listings: tuple[Listing, ...]
    """At least one, and one per source."""
    comment: str | None = None
    tldr: str | None = None
    code_url: str | None = None
    project_url: str | None = None

    def listing_from(self, source: SourceName) -> Listing | None:
        """Return the source's listing of the paper; None if it has none."""
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
    """The source with the strongest signal, which the post names."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A paper, a part of it, or a source that a stage could not use."""

    subject: str
    """arXiv id, or the name of a source."""
    stage: Literal["source", "merge", "covered", "rank", "licence", "pdf", "figure", "summary", "render"]
    reason: str
    """One line for the user."""
    trouble: Trouble | None = None
    """Why there is no summary; None at the other stages."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens and cost of one or several model calls."""

    input_tokens: int = 0
    output_tokens: int = 0
    """Thinking included, as it is billed."""
    usd: float | None = 0.0
    """None if the model's price is not known."""
    perhaps_usd: float = 0.0
    """Maximum further cost, of calls whose usage is not known."""

    def __bool__(self) -> bool:
        """Return whether anything was used, or may have been."""
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
    """Written by Claude, by Semantic Scholar's model, or by the authors: sentences of their abstract."""
    model: str | None = None
    """The Claude model; None for other kinds."""
    usage: Usage = Usage()
    cached: bool = False
    """Whether an earlier run paid for it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A rendered figure of the paper."""

    png: bytes
    width_px: int
    height_px: int
    page: int | None
    """0-based; None if the figure is not from the PDF."""
    bbox: tuple[float, float, float, float] | None
    """x0, y0, x1, y1 in points from the top left of the unrotated page; None if `page` is."""
    label: str | None
    """From the caption: `Figure 1`. None for the top of the first page."""
    caption: str | None
    """Without the label, one line."""
    strategy: str
    """How it was found: `caption-below` etc. for the caption's position relative to the figure, `page` for the top of the first
    page, `html` for an image of arXiv's HTML version."""
    reason: str = ""
    """Why this figure was chosen, for the user."""
    confidence: float | None = None
    """Confidence that the bounds are correct, 0 to 1; None for the top of the first page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper of the post."""

    candidate: Candidate
    summary: Summary
    figure: Figure | None
    """None if none was found, requested or allowed."""
    licence: str | None = None
    """URL of the paper's licence; None if it was not requested."""


@dataclass(frozen=True, slots=True)
class Post:
    """The content of a post, from which the archetype makes a page bundle."""

    day: date
    date: str
    """In front matter: `2026-02-27`, or RFC 3339 with offset."""
    name: str
    """Name of the bundle: `llm-papers-2026-02-27`."""
    language: str
    entries: tuple[Entry, ...]
    sources: tuple[SourceName, ...]
    """Those that answered."""
    sample: bool = False
    draft: bool = False


Stage = Literal["sources", "rank", "plan", "batch", "summary", "figure", "write"]
"""The stages that report progress."""


@dataclass(frozen=True, slots=True)
class Step:
    """A progress report."""

    stage: Stage
    subject: str
    """A source, an arXiv id or a path."""
    state: Literal["started", "done", "failed"]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The papers for a post."""

    candidates: tuple[Candidate, ...]
    """Best first. The post has the first `count` that can be summarised."""
    answered: tuple[SourceName, ...]
    skipped: tuple[Skipped, ...]
    all_or_nothing: bool = False
    """The post gets all of these papers or is not written: they were requested, or are those of the post to be rewritten."""
    shortage_reason: str | None = None
    """Why there are too few candidates; None if there are enough."""


def paper_count(papers: int) -> str:
    """Return `1 paper`, `5 papers`."""
    return f"{papers} paper{'s' if papers != 1 else ''}"

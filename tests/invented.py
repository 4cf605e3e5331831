"""Papers that do not exist, as sources list them and as merging makes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hugo_llmpapers.records import Listing, Paper, SourceName
from hugo_llmpapers.sources.merge import merge

NOON = datetime(2026, 2, 26, 12, tzinfo=UTC)
_LISTING = Listing(
    source="arxiv",
    arxiv_id=None,
    title="Weighing Pebbles with a Language Model",
    abstract="We ask a language model how heavy a pebble is.",
    authors=("Ada Kiesel", "Ben Granit"),
    published=date(2026, 2, 25),
    listed=NOON,
)


def listing(arxiv_id: str | None = "0000.00010", source: SourceName = "arxiv", **other: Any) -> Listing:
    """What a source says of a paper about pebbles; every field can be said otherwise."""
    return replace(_LISTING, arxiv_id=arxiv_id, source=source, **other)


def paper(*listings: Listing) -> Paper:
    """The one paper of these listings."""
    (merged,), skipped = merge(listings)
    assert skipped == []
    return merged

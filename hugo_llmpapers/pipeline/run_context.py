"""What a run needs of the network and of other processes; the command line puts it together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hugo_llmpapers.records import Usage

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.entries import EntryContext
    from hugo_llmpapers.sources.fetch import BoundSources
    from hugo_llmpapers.summaries.summarize import SummaryContext


@dataclass(frozen=True, slots=True)
class RunContext:
    """Made only when it is needed, as `OpenContext` does."""

    upstreams: BoundSources
    entry_context: EntryContext
    spent: Callable[[], Usage]
    """What Claude took so far in this run."""
    summary_context: SummaryContext | None
    """What Claude's summaries take; None where they are excerpts."""


OpenContext = Callable[[], AbstractContextManager[RunContext]]

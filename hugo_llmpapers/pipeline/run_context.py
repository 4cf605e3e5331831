"""The connections that one run needs; the command line opens them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from hugo_llmpapers.figures.worker.pool import Workers
from hugo_llmpapers.records import Paper, Step, Summary, Usage
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources.fetch import BoundSources
from hugo_llmpapers.summaries.excerpt import excerpt
from hugo_llmpapers.summaries.summarize import SummaryContext, summarise
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service


@dataclass(frozen=True, slots=True)
class RunContext:
    """A blog with the open connections of one run."""

    blog: Blog
    web: Web
    sources: BoundSources
    pdfs: Service
    oai: Service
    workers: Workers
    summary_context: SummaryContext | None
    """What summaries by Claude need; None if the summaries are excerpts."""
    progress: Callable[[Step], None]
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the run fails. Threads that are still busy then report no more progress."""

    @property
    def usage(self) -> Usage:
        """What Claude used so far in this run."""
        return self.summary_context.budget.spent if self.summary_context is not None else Usage()

    def summarise(self, paper: Paper, text: str | None, *, by_fallback: bool) -> Summary:
        """Return the summary of a paper. Its arguments and exceptions are those of `summaries.summarize.summarise`."""
        if self.summary_context is None:
            return excerpt(paper)
        return summarise(paper, text, self.summary_context, by_fallback=by_fallback)

    def report(self, step: Step) -> None:
        """Report progress, unless the run has failed."""
        if not self.cancelled.is_set():
            self.progress(step)


class OpenContext(Protocol):
    """Open the connections for a blog. `pays`: whether summaries will be written."""

    def __call__(self, blog: Blog, *, pays: bool) -> AbstractContextManager[RunContext]: ...

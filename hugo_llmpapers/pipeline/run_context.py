"""What a run needs of the network and of other processes; the command line puts it together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hugo_llmpapers.records import Usage

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.entries import Bench
    from hugo_llmpapers.sources.fetch import Upstreams
    from hugo_llmpapers.summaries.summarize import Desk


@dataclass(frozen=True, slots=True)
class Tools:
    """Made only when it is needed, as `OpenTools` does."""

    upstreams: Upstreams
    bench: Bench
    spent: Callable[[], Usage]
    """What Claude took so far in this run."""
    desk: Desk | None
    """What Claude's summaries take; None where they are excerpts."""


OpenTools = Callable[[], AbstractContextManager[Tools]]

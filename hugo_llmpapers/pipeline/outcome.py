"""What can become of a run of `new`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hugo_llmpapers.errors import Failure

if TYPE_CHECKING:
    from hugo_llmpapers.post.trial_build import TrialBuild
    from hugo_llmpapers.records import Candidate, Post, Selection, Skipped, Usage


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """The day's post exists; nothing was done."""

    path: Path
    status: ClassVar = "already there"
    selection: ClassVar[None] = None
    draft: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that was rendered and checked, but is not in the site."""

    post: Post
    files: Mapping[str, bytes]
    """The content of its files by their names in the bundle."""
    trial: TrialBuild
    selection: Selection
    skipped: tuple[Skipped, ...]
    usage: Usage
    status: ClassVar = "printed"

    @property
    def draft(self) -> Draft:
        """Itself, as other outcomes have a draft."""
        return self


@dataclass(frozen=True, slots=True)
class Written:
    """The post is in the site."""

    path: Path
    """Its page."""
    draft: Draft
    backup: Path | None
    """The copy of the post that this one replaced; None if it replaced nothing."""
    status: ClassVar = "written"

    @property
    def selection(self) -> Selection:
        """The papers that were chosen."""
        return self.draft.selection


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    path: Path
    """The page."""
    existing: Path | None
    """The day's post that is in the site already."""
    selection: Selection
    chosen: tuple[Candidate, ...]
    """The papers of the post if all can be summarised."""
    estimate: Usage
    """What their summaries usually take, without repairs and fallbacks."""
    status: ClassVar = "planned"
    draft: ClassVar[None] = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to publish, which is not a failure."""

    reason: str
    selection: Selection
    status: ClassVar = "nothing to publish"
    draft: ClassVar[None] = None


Outcome = Written | AlreadyThere | Nothing | Plan | Draft
"""The outcome for one post in one language."""
DayOutcome = Written | AlreadyThere | Nothing | Failure
"""The outcome for one of several days, each of which may fail."""

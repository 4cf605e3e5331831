"""What can become of a run of `new`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hugo_llmpapers.post.trial_build import TrialBuild
    from hugo_llmpapers.records import Candidate, Post, Selection, Skipped, Usage


@dataclass(frozen=True, slots=True)
class AlreadyThere:
    """The day's post exists; nothing was done."""

    path: Path


@dataclass(frozen=True, slots=True)
class Draft:
    """A post that is made and proved, but not in the site."""

    post: Post
    files: Mapping[str, bytes]
    proof: TrialBuild
    selection: Selection
    skipped: tuple[Skipped, ...]
    usage: Usage


@dataclass(frozen=True, slots=True)
class Written:
    """The post is in the site."""

    path: Path
    """Of its page."""
    draft: Draft
    backup: Path | None
    """Where the post went that this one replaces."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do."""

    path: Path
    """Of the page."""
    existing: Path | None
    """The day's post as it is in the site."""
    selection: Selection
    chosen: tuple[Candidate, ...]
    """The papers of the post, if all can be summarised."""
    estimate: Usage
    """What their summaries would take at the usual length, fallbacks and repetitions not counted."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to publish, and that is no failure."""

    reason: str
    selection: Selection


Outcome = Written | AlreadyThere | Nothing | Plan | Draft
"""Of one post in one language."""


def selection_of(done: Outcome) -> Selection | None:
    """The papers that were chosen, if it came to that."""
    match done:
        case Written():
            return done.draft.selection
        case Nothing() | Plan() | Draft():
            return done.selection
        case AlreadyThere():
            return None


def draft_of(done: Outcome) -> Draft | None:
    """The post, if one was made."""
    return done.draft if isinstance(done, Written) else done if isinstance(done, Draft) else None

"""The request for one post, and the outcome. Imports nothing heavy: most runs end here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.site import history
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog

if TYPE_CHECKING:
    from hugo_llmpapers.post.trial_build import TrialBuild
    from hugo_llmpapers.records import Candidate, Post, Selection, Skipped, Usage


@dataclass(frozen=True, slots=True)
class PostRequest:
    """The post to write."""

    day: date
    ids: tuple[str, ...] = ()
    """arXiv ids of exactly these papers, in this order; empty for the best papers of the day."""
    translation_of: history.Page | None = None
    """The post in another language whose papers this one has."""
    chosen: Selection | None = None
    """The papers, if they are chosen already."""
    reserved: frozenset[str] = frozenset()
    """arXiv ids of papers that other posts will have."""
    force: bool = False
    """Write the post again."""
    reselect: bool = False
    """With `force`: choose other papers."""
    strict: bool = False
    sample: bool = False
    draft: bool = False
    in_build: bool = False
    """The site is built next: if no post builds with it, none is paid for."""


class BlogScan(NamedTuple):
    """The pages of the blog that link to papers or have a `url`, and the one among them that is the requested post."""

    pages: list[history.Page]
    existing: history.Page | None

    @property
    def existing_path(self) -> Path | None:
        """The path of the existing post; None if there is none."""
        return self.existing.path if self.existing is not None else None


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


def post_name(request: PostRequest, settings: Settings) -> str:
    """Return the name of the bundle's folder, also the post's `url`. A sample's differs: it takes no real post's place."""
    return f"{settings.slug}{'-sample' if request.sample else ''}-{request.day.isoformat()}"


def page_path(request: PostRequest, blog: Blog) -> Path:
    """Return the path of the post's page."""
    return blog.site.section_dir / post_name(request, blog.settings) / blog.site.index_name


def existing_at_path(request: PostRequest, blog: Blog) -> AlreadyThere | None:
    """Return the post if it is at our path and need not be written again. Reads nothing else of the blog."""
    index = page_path(request, blog)
    return AlreadyThere(index) if index.is_file() and not request.force else None


def scan_blog(request: PostRequest, blog: Blog) -> BlogScan:
    """Read the blog's pages. Raises SetupError if content cannot be read."""
    known = list(history.pages(blog.site.content_dirs, blog.site.content_suffixes))
    return BlogScan(known, find_post(known, request, blog))


def find_post(known: Sequence[history.Page], request: PostRequest, blog: Blog) -> history.Page | None:
    """Return the requested post, at our path or wherever another tool put it; None if it is not in the blog."""
    site, path = blog.site, page_path(request, blog)
    if path.is_file():
        return next((page for page in known if page.path == path), history.Page(path, ()))
    # A translation of the post has the same url.
    in_language = [page for page in known if site.is_in_language(page.path)]
    return history.post_of(request.day, post_name(request, blog.settings), request.ids, in_language)

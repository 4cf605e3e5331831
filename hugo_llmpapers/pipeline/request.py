"""What is asked of a run, and whether the blog has it already: decided before anything heavy is imported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hugo_llmpapers.pipeline.outcome import AlreadyThere
from hugo_llmpapers.site import history
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog


@dataclass(frozen=True, slots=True)
class PostRequest:
    """What is asked of one run."""

    day: date
    ids: tuple[str, ...] = ()
    """Exactly these papers, in this order; empty for the notable ones of the day."""
    like: history.Page | None = None
    """The post in another language, whose papers a translation has."""
    force: bool = False
    """Write the post again."""
    reselect: bool = False
    """With `force`: other papers, too."""
    strict: bool = False
    sample: bool = False
    draft: bool = False
    in_build: bool = False
    """The site is built at once: where that fails with any post, none is paid for."""


def post_name(request: PostRequest, settings: Settings) -> str:
    """Of the bundle's folder, and the post's `url`. A sample has one of its own, so that it takes no real post's place."""
    return f"{settings.slug}{'-sample' if request.sample else ''}-{request.day.isoformat()}"


def page_path(request: PostRequest, blog: Blog) -> Path:
    """Where the post's page goes."""
    return blog.site.section_dir / post_name(request, blog.settings) / blog.site.index_name


def existing_at_path(request: PostRequest, blog: Blog) -> AlreadyThere | None:
    """The day's post at our path; None where it is not there, or is to be written again.

    Most runs end here, without a look at the rest of the blog, where another tool may have put it.
    """
    index = page_path(request, blog)
    return AlreadyThere(index) if index.is_file() and not request.force else None


def scan_blog(request: PostRequest, blog: Blog) -> tuple[list[history.Page], history.Page | None]:
    """What the blog has: all pages that matter, and the day's post at our path or wherever another tool put it."""
    known = list(history.pages(blog.site.content_dirs, blog.site.content_suffixes))
    return known, find_post(known, request, blog)


def find_post(known: Sequence[history.Page], request: PostRequest, blog: Blog) -> history.Page | None:
    """The day's post among the blog's pages."""
    site, name = blog.site, post_name(request, blog.settings)
    path = site.section_dir / name / site.index_name
    if path.is_file():
        ours = next((page for page in known if page.path == path), None)
        return ours or history.Page(path, ())
    # A translation of the post has its url, too.
    in_language = [page for page in known if site.is_in_language(page.path)]
    return history.post_of(request.day, name, request.ids, in_language)

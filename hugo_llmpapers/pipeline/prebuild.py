"""What a build does before `hugo`: restore the posts that only earlier builds had, and write those that are due.

    cache ─► restore ─► due days ─► write each ─► cache

No file of the checkout is replaced.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.pipeline.request import DayOutcome, Nothing, PostRequest, Written, scan_blog
from hugo_llmpapers.pipeline.schedule import due_days
from hugo_llmpapers.post import archetype, bundle, trial_build
from hugo_llmpapers.post.kept_post_reader import BrokenPost, KeptPost, printable, read_file
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.site import dates, files, git, history, hugo
from hugo_llmpapers.site.site import Blog, Site

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.run_context import OpenContext

_MAX_NAMES = 20
"""Unexpected files in the cache that are named one by one."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A kept post, and whether it was restored."""

    name: str
    path: Path | None
    """Its folder in the site; None if it was not restored."""
    reason: str
    """Why it was not restored; empty if it was."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was due, and the outcome."""

    day: date
    outcome: DayOutcome
    kept: bool
    """Whether the cache has the post for the next build."""


def restore(blogs: Sequence[Blog], kept_posts: KeptPosts) -> Iterator[Restored]:
    """Restore the kept posts that are not in the checkout; yield each of them. `blogs`: the blog in each language whose
    pages are in these bundles.

    Raises Failure if the site cannot be written to; git.HistoryUnreadable, before any is restored, if the history cannot be read.
    """
    site, restored = blogs[0].site, list[Restored]()
    names, unexpected = kept_posts.names(), [printable(name) for name in kept_posts.unexpected_names()]
    ever = git.names_in_history(site.hugo.environ, site.section_dir) if names else frozenset[str]()
    with bundle.write_lock(site.section_dir):
        pages = list(history.pages(site.content_dirs, site.content_suffixes))
        for name in names:
            if not os.path.lexists(site.section_dir / name) and (post := kept_posts.read(name)) is not None:
                restored.append(_restore_post(post, blogs, ever, pages))
        yield from _without_breaking(site, restored)
    if len(unexpected) > _MAX_NAMES:
        unexpected[_MAX_NAMES:] = [f"{len(unexpected) - _MAX_NAMES} more"]
    for name in unexpected:
        yield Restored(name, None, "no build of this blog has put it into the cache")


def write_due(
    blog: Blog,
    kept_posts: KeptPosts,
    open_context: OpenContext,
    has_time: Callable[[], bool],
    original: Blog | None = None,
) -> Iterator[Day]:
    """Write the posts that are due, and yield each day: the first one, and others while `has_time` returns True.

    `original`: the blog in the language whose posts are to be translated.
    """
    reserved = _papers_to_be_restored(blog, kept_posts)
    for number, day in enumerate(due_days(blog, kept_posts)):
        if number and not has_time():
            return
        request = PostRequest(day, reserved=reserved, in_build=True)
        if original is not None:
            if (page := scan_blog(request, original).existing) is None:
                continue
            request = replace(request, translation_of=page)
        yield _write(request, blog, kept_posts, open_context)


def _write(request: PostRequest, blog: Blog, kept_posts: KeptPosts, open_context: OpenContext) -> Day:
    from hugo_llmpapers.pipeline import new  # takes longer to import than a build in which nothing is due

    try:
        outcome = new.write(request, blog, open_context)
    except Failure as failure:
        return Day(request.day, failure, kept=False)
    kept = isinstance(outcome, Written) and kept_posts.keep(request.day, bundle.read_files(outcome.path.parent))
    if isinstance(outcome, Nothing) and request.day < dates.today(blog.now, blog.site.zone):
        kept_posts.settle(request.day, "nothing")
    return Day(request.day, outcome, kept)


def _papers_to_be_restored(blog: Blog, kept_posts: KeptPosts) -> frozenset[str]:
    """Return the papers of the posts that are not restored in this build because git refused to read the history."""
    site = blog.site
    try:
        git.check_history(site.root, site.hugo.environ)
    except git.HistoryUnreadable:
        posts = (post for post in kept_posts.posts() if isinstance(post, KeptPost))
        return frozenset().union(*(post.papers for post in posts if not (site.section_dir / post.name).exists()))
    return frozenset()


def _restore_post(
    post: KeptPost | BrokenPost, blogs: Sequence[Blog], ever: frozenset[str], pages: Sequence[history.Page]
) -> Restored:
    """Put a post into the site, unless there is a reason against it. `ever`: names that the repository has or had."""
    if isinstance(post, BrokenPost):
        return Restored(post.name, None, post.reason)
    if post.name in ever:
        return Restored(post.name, None, "it was deleted from the repository")
    if (conflict := _conflict(post, [blog.site for blog in blogs], pages)) is not None:
        return Restored(post.name, None, conflict)
    archetype_files = _archetype_files(post, blogs[0])
    if archetype_files is None:
        return Restored(post.name, None, "files of its archetype are missing")
    folder = blogs[0].site.section_dir / post.name
    bundle.publish(folder, {**post.files, **archetype_files})
    return Restored(post.name, folder, "")


def _conflict(post: KeptPost, sites: Sequence[Site], pages: Sequence[history.Page]) -> str | None:
    """Return which page in the post's languages has its URL or all its papers: in others, its translations have."""
    own = [site for site in sites if site.index_name in post.files] or sites
    for page in pages:
        if any(site.is_in_language(page.path) for site in own):
            if page.has_url(post.name):
                return f"its URL is that of {page.path}"
            if post.papers and post.papers <= set(page.papers):
                return f"{page.path} has all its papers, too"
    return None


def _archetype_files(post: KeptPost, blog: Blog) -> dict[str, bytes] | None:
    """Return the files that the archetype adds to each post, which the cache only names; None if one is missing."""
    if not post.archetype_files:
        return {}
    folders = [module.folder for module in hugo.modules(blog.site.hugo)]
    found = archetype.find_owned(blog.site, blog.settings.archetype, folders)
    if found is None or found.bundle is None:
        return None
    try:
        return {name: read_file(found.bundle, name, max_bytes=files.MAX_BYTES) for name in post.archetype_files}
    except (OSError, ValueError):
        return None


def _without_breaking(site: Site, restored: Sequence[Restored]) -> Iterator[Restored]:
    """Remove the posts with which the site does not build: whatever the cache has, the build goes on."""
    posts = [one.path for one in restored if one.path is not None]
    try:
        breaking = dict(trial_build.breaking_posts(site, posts)) if posts else {}
    except hugo.TimedOut:
        breaking = {}
    for one in restored:
        if one.path is not None and one.path in breaking:
            shutil.rmtree(one.path, ignore_errors=True)
            yield Restored(one.name, None, f"the site cannot be built with it: {breaking[one.path]}")
        else:
            yield one

"""What a build does before `hugo`: brings back the posts that only earlier builds had, and writes those that are due.

    cache ─► bring back ─► due days ─► write each ─► cache

Nothing here replaces a file of the checkout.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.pipeline import new
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Nothing, Written
from hugo_llmpapers.pipeline.request import PostRequest, find_post, post_name, scan_blog
from hugo_llmpapers.pipeline.run_context import OpenContext
from hugo_llmpapers.pipeline.schedule import due
from hugo_llmpapers.post import archetype, bundle, trial_build
from hugo_llmpapers.post.kept_post import BrokenPost, KeptPost, day_of, printable, read_file
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.site import dates, files, git, history, hugo
from hugo_llmpapers.site.config.config_files import config_files
from hugo_llmpapers.site.site import Blog, Site

_MOST_STRANGERS = 20
"""That are named one by one."""
_IN_BUILD = (
    "netlify.toml",
    "netlify",
    "requirements.txt",
    "package.json",
    "Makefile",
    "build.sh",
    ".github",
    ".gitlab-ci.yml",
)
_BUILD_FILES = (*_IN_BUILD, *(f":(top){name}" for name in _IN_BUILD))
"""Where a build's command or its requirements may name the tool: in the site's folder and in the repository's."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A kept bundle, and what became of it."""

    name: str
    path: Path | None
    """Of its folder, now in the site; None where it stays away."""
    reason: str
    """Why it stays away; empty where it is back."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was due, and what became of it."""

    day: date
    outcome: Written | AlreadyThere | Nothing | Failure
    kept: bool
    """Whether the cache has the post for the next build."""


def restore(blogs: Sequence[Blog], kept_posts: KeptPosts) -> Iterator[Restored]:
    """The kept bundles that are not in the checkout, and what becomes of each. Raises Failure where the site cannot be
    written to, and git.Refused, before any of them is back, where what was deleted cannot be told.

    `blogs`: the blog in each language whose pages are in these bundles.
    """
    sites = [blog.site for blog in blogs]
    site = sites[0]
    names, unexpected_names, back = kept_posts.names(), kept_posts.unexpected_names(), list[Restored]()
    ever = git.paths_ever(site.hugo.environ, site.section_dir) if names else frozenset[str]()
    with bundle.write_lock(site.section_dir):
        known = list(history.pages(site.content_dirs, site.content_suffixes))
        for name in names:
            target = site.section_dir / name
            # One after the other: a year of posts takes more memory than a build host may have.
            if os.path.lexists(target) or (one := kept_posts.read(name)) is None:
                continue
            why = _stays_away(one, ever, _in_its_languages(one, sites, known))
            if why is None and isinstance(one, KeptPost):
                others = _of_archetype(one, blogs[0])
                why = None if others is not None else "its archetype has no longer all the files that it had"
            if why is None and isinstance(one, KeptPost) and others is not None:
                bundle.publish(target, {**one.files, **others})
                back.append(Restored(one.name, target, ""))
            else:
                back.append(Restored(one.name, None, why or ""))
        yield from _without_breaking(site, back)
    for name in unexpected_names[:_MOST_STRANGERS]:
        yield Restored(printable(name), None, "no build of this blog has put it into the cache")
    if more := unexpected_names[_MOST_STRANGERS:]:
        yield Restored(f"{len(more)} more", None, "no build of this blog has put them into the cache")


def _without_breaking(site: Site, back: Sequence[Restored]) -> Iterator[Restored]:
    """The same, without those with which the site cannot be built: whatever the cache has, the build goes on."""
    posts = [one.path for one in back if one.path is not None]
    try:
        breaking = dict(trial_build.breaking_posts(site, posts)) if posts else {}
    except hugo.TimedOut:
        breaking = {}
    for one in back:
        if one.path is not None and one.path in breaking:
            shutil.rmtree(one.path, ignore_errors=True)
            yield Restored(one.name, None, f"the site cannot be built with it: {breaking[one.path]}")
        else:
            yield one


def write_due(
    blog: Blog,
    kept_posts: KeptPosts,
    open_context: OpenContext,
    has_time: Callable[[], bool],
    first: Blog | None = None,
) -> Iterator[Day]:
    """The posts that are due, as each is settled: the first one, and more while `has_time` says so.

    `first`: the blog in the language whose posts these are translations of.
    """
    site, today = blog.site, dates.today(blog.moment.now, blog.site.zone)
    missing = due_days(blog, kept_posts)
    reserved = _reserved(blog, kept_posts)
    for number, day in enumerate(missing):
        if number and not has_time():
            return
        request = PostRequest(day, reserved=reserved, in_build=True)
        if first is not None:
            _, original = scan_blog(request, first)
            if original is None:
                continue
            request = replace(request, translation_of=original)
        try:
            outcome: Written | AlreadyThere | Nothing | Failure = new.write(request, blog, open_context)
        except Failure as failure:
            outcome = failure
        kept = False
        if isinstance(outcome, Written):
            kept = kept_posts.keep(day, bundle.read_files(site.section_dir / outcome.path.parent))
        elif isinstance(outcome, Nothing) and day < today:
            kept_posts.settle(day, "nothing")
        yield Day(day, outcome, kept)


def _reserved(blog: Blog, kept_posts: KeptPosts) -> frozenset[str]:
    """Return the papers of the kept posts that are not in the site because git refused: they will be restored later."""
    site = blog.site
    try:
        git.check(site.root, site.hugo.environ)
    except git.Refused:
        return frozenset(
            paper
            for one in kept_posts.posts()
            if isinstance(one, KeptPost) and not (site.section_dir / one.name).exists()
            for paper in one.papers
        )
    return frozenset()


def due_days(blog: Blog, kept_posts: KeptPosts) -> list[date]:
    """Those that lack their post in the blog's language, the newest first. Raises Failure where content cannot be read.

    Where git refuses to tell what was deleted, a missed day may be one of these: today alone is due.
    """
    settings, today = blog.settings, dates.today(blog.moment.now, blog.site.zone)
    try:
        settled, begun = _settled(blog, kept_posts, today)
    except git.Refused:
        settled, begun = _kept_or_marked(kept_posts, blog, [today]), None
    return due(today, settings.weekdays, settings.catch_up, settled, begun)


def _in_its_languages(
    one: KeptPost | BrokenPost, sites: Sequence[Site], known: Sequence[history.Page]
) -> list[history.Page]:
    """The pages that a bundle could be one too many beside: a translation has its URL and its papers, too."""
    files = one.files if isinstance(one, KeptPost) else ()
    own = [site for site in sites if site.index_name in files] or sites
    return [page for page in known if any(site.is_in_language(page.path) for site in own)]


def _of_archetype(one: KeptPost, blog: Blog) -> dict[str, bytes] | None:
    """The files that the archetype's folder gives to each post, which the cache only names; None where one is missing."""
    if not one.archetype_files:
        return {}
    folders = [module.folder for module in hugo.modules(blog.site.hugo)]
    found = archetype.find_owned(blog.site, blog.settings.archetype, folders)
    if found is None or found.bundle is None:
        return None
    try:
        return {name: read_file(found.bundle, name, max_bytes=files.MAX_BYTES) for name in one.archetype_files}
    except (OSError, ValueError):
        return None


def _stays_away(one: KeptPost | BrokenPost, ever: frozenset[str], known: Sequence[history.Page]) -> str | None:
    """Why a bundle is not brought back; None where it is. `ever`: names that the repository has, or had."""
    if isinstance(one, BrokenPost):
        return one.reason
    if one.name in ever:
        return "it was deleted from the repository"
    for page in known:
        if page.has_url(one.name):
            return f"its URL is that of {page.path}"
        if one.papers and one.papers <= set(page.papers):
            return f"{page.path} has all its papers, too"
    return None


def _settled(blog: Blog, kept_posts: KeptPosts, today: date) -> tuple[set[date], date | None]:
    """Days that have a post in the blog's language, here or kept, had one that was deleted, or need none; and the day on
    which the blog began, see `_begun`. Raises git.Refused."""
    site, settings = blog.site, blog.settings
    window = [today - timedelta(days=back) for back in range(settings.catch_up + 1)]
    names = {f"{post_name(PostRequest(day), settings)}/{site.index_name}": day for day in window}
    known = [page for page in history.pages(site.content_dirs, site.content_suffixes) if site.is_in_language(page.path)]
    names_of_folders = (page.path.parent.name for page in known)
    written = _days_in((*names_of_folders, *_urls_elsewhere(known, settings.slug)), settings.slug)
    written |= {day for day in window if find_post(known, PostRequest(day), blog) is not None}
    # One that stays away would be paid for again, and have the URL of another.
    kept = _kept_or_marked(kept_posts, blog, window)
    ever = git.paths_ever(site.hugo.environ, site.section_dir)
    gone = {day for name, day in names.items() if name in ever and not (site.section_dir / name).exists()}
    if _days_in(ever, settings.slug) and git.is_shallow(site.root, site.hugo.environ):
        # This blog commits its posts: one of a day before the clone begins may have been deleted.
        begins = _day_of(git.oldest(site.root, site.hugo.environ), blog)
        gone |= {day for day in window if day < today and begins is not None and day <= begins}
    first = min(written | _days_in(ever, settings.slug), default=None)
    if first is None or first > window[-1]:
        first = min(filter(None, (first, _first_kept(kept_posts), _set_up(blog))), default=None)
    return written | kept | gone, first


def _set_up(blog: Blog) -> date | None:
    """The day on which the tool came into the repository, by the oldest commit that names it in a file for builds, else in
    the configuration or the archetypes; None where none does. A blog without posts in git has no other beginning.

    Raises git.Refused.
    """
    site = blog.site
    own = [path for path in config_files(site.root, site.hugo) if path.is_relative_to(site.root)]
    for paths in (_BUILD_FILES, [*map(str, own), "archetypes"]):
        seconds = git.first_said(site.root, site.hugo.environ, "llm-?papers", paths)
        if seconds is not None:
            return _day_of(seconds, blog)
    return None


def _day_of(seconds: int | None, blog: Blog) -> date | None:
    zone = blog.site.zone or blog.moment.now.tzinfo
    return None if seconds is None else datetime.fromtimestamp(seconds, zone).date()


def _first_kept(kept_posts: KeptPosts) -> date | None:
    """The day of the oldest kept post that is whole."""
    return next((one.day for one in kept_posts.posts() if isinstance(one, KeptPost)), None)


def _kept_or_marked(kept_posts: KeptPosts, blog: Blog, window: Sequence[date]) -> set[date]:
    """The days with a kept page in the site's language, and those that need none."""
    names = {day: post_name(PostRequest(day), blog.settings) for day in window}
    found = {day: kept_posts.read(name) for day, name in names.items()}
    kept = {day for day, one in found.items() if isinstance(one, KeptPost) and blog.site.index_name in one.files}
    return kept | set(kept_posts.settled_days())


def _urls_elsewhere(known: Sequence[history.Page], slug: str) -> Iterator[str]:
    """Yield the urls of posts whose folder has another name; front matter is parsed only if it mentions ours."""
    for page in known:
        if not page.path.parent.name.startswith(slug) and slug.encode() in page.head and page.url:
            yield page.url


def _days_in(names: Iterable[str], slug: str) -> set[date]:
    """The days of the names that are those of our posts."""
    return set(filter(None, (day_of(name, slug) for name in names)))

"""Which days' posts are due when a site is built: today's and those of missed days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from hugo_llmpapers.pipeline.request import PostRequest, find_post, page_path, post_name
from hugo_llmpapers.post.kept_post_reader import KeptPost, day_of
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.site import dates, git, history
from hugo_llmpapers.site.config.config_files import config_files
from hugo_llmpapers.site.site import Blog

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_BUILD_FILES = (
    "netlify.toml", "netlify", "requirements.txt", "package.json", "Makefile", "build.sh", ".github", ".gitlab-ci.yml",
)  # fmt: skip
"""Files and folders in which the command or the requirements of a build may name this tool."""


def due_days(blog: Blog, kept_posts: KeptPosts) -> list[date]:
    """Return the days whose post is missing in the blog's language, the newest first: readers look for that one, and there
    may not be time for all. Raises SetupError if content cannot be read.

    If git refuses to read the history, the post of a missed day may have been deleted: only today's is due.
    """
    settings, today = blog.settings, dates.today(blog.now, blog.site.zone)
    window = [today - timedelta(days=back) for back in range(settings.catch_up + 1)]
    try:
        settled, first = _settled_days(blog, kept_posts, window)
    except git.HistoryUnreadable:
        settled, first = _kept_days(blog, kept_posts, [today]), None
    return due(window, settings.weekdays, settled, first)


def due(window: Sequence[date], weekdays: Collection[str], settled: Collection[date], first: date | None) -> list[date]:
    """Return the days of the window that need a post. `window`: today and the days before it, newest first. `first`: the
    first day for which the blog could have a post; if None, only today's is due."""
    first = min(first or window[0], window[0])
    return [day for day in window if WEEKDAYS[day.weekday()] in weekdays and day not in settled and day >= first]


def _settled_days(blog: Blog, kept_posts: KeptPosts, window: Sequence[date]) -> tuple[set[date], date | None]:
    """Return the days that have a post in the blog's language, in the site or in the cache, had one that was deleted, or
    need none; and the first day for which the blog could have a post, None if that is not known. Raises git.HistoryUnreadable."""
    site, slug = blog.site, blog.settings.slug
    pages = [page for page in history.pages(site.content_dirs, site.content_suffixes) if site.is_in_language(page.path)]
    folders = {page.path.parent.name for page in pages}
    # Front matter is parsed only if it mentions the slug and the folder has another name.
    urls = [
        page.url or "" for page in pages if slug.encode() in page.head and not page.path.parent.name.startswith(slug)
    ]
    written = _days_in((*folders, *urls), slug)
    written |= {day for day in window if find_post(pages, PostRequest(day), blog) is not None}
    ever = git.names_in_history(site.hugo.environ, site.section_dir)
    committed = _days_in(ever, slug)
    paths = {day: page_path(PostRequest(day), blog) for day in window}
    deleted = {day for day, path in paths.items() if f"{path.parent.name}/{path.name}" in ever and not path.exists()}
    if committed and git.is_shallow(site.root, site.hugo.environ):
        # A post from before the clone begins may have been deleted.
        begins = _day(git.oldest_commit(site.root, site.hugo.environ), blog)
        deleted |= {day for day in window[1:] if begins is not None and day <= begins}
    first = min(written | committed, default=None)
    if first is None or first > window[-1]:
        kept = next((post.day for post in kept_posts.posts() if isinstance(post, KeptPost)), None)
        first = min(filter(None, (first, kept, _set_up(blog))), default=None)
    # Also posts that are kept and not restored: each would be paid for again, and have the URL of another page.
    return written | deleted | _kept_days(blog, kept_posts, window), first


def _kept_days(blog: Blog, kept_posts: KeptPosts, window: Iterable[date]) -> set[date]:
    """Return the days that have a kept page in the blog's language, and those that need no post."""
    posts = {day: kept_posts.read(post_name(PostRequest(day), blog.settings)) for day in window}
    days = {day for day, post in posts.items() if isinstance(post, KeptPost) and blog.site.index_name in post.files}
    return days | set(kept_posts.settled_days())


def _set_up(blog: Blog) -> date | None:
    """Return the day of the oldest commit that names the tool in a build file, else in the configuration or the archetypes;
    None if there is none. A blog without posts in git has no other beginning. Raises git.HistoryUnreadable."""
    site = blog.site
    own_config = [str(path) for path in config_files(site.hugo) if path.is_relative_to(site.root)]
    build_files = (*_BUILD_FILES, *(f":(top){name}" for name in _BUILD_FILES))  # of the site and of the repository
    for paths in (build_files, [*own_config, "archetypes"]):
        seconds = git.oldest_commit(site.root, site.hugo.environ, "llm-?papers", paths)
        if seconds is not None:
            return _day(seconds, blog)
    return None


def _day(seconds: int | None, blog: Blog) -> date | None:
    zone = blog.site.zone or blog.now.tzinfo
    return None if seconds is None else datetime.fromtimestamp(seconds, zone).date()


def _days_in(names: Iterable[str], slug: str) -> set[date]:
    return set(filter(None, (day_of(name, slug) for name in names)))

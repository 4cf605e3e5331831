"""What a build does before `hugo`: brings back the posts that only earlier builds had, and writes those that are due.

    cache ─► bring back ─► due days ─► write each ─► cache

Nothing here replaces a file of the checkout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from hugo_llmpapers import bundle, days, git, history, orders, run
from hugo_llmpapers.errors import Failure
from hugo_llmpapers.memory import Broken, Kept, Memory
from hugo_llmpapers.outcomes import AlreadyThere, Nothing, Written
from hugo_llmpapers.schedule import due
from hugo_llmpapers.site import Blog, Site
from hugo_llmpapers.tools import OpenTools


@dataclass(frozen=True, slots=True)
class Back:
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


def bring_back(blogs: Sequence[Blog], memory: Memory) -> Iterator[Back]:
    """The kept bundles that the checkout lacks, as each is settled. Raises Failure where the site cannot be written to.

    `blogs`: the blog in each language whose pages are in these bundles.
    """
    sites = [blog.site for blog in blogs]
    site = sites[0]
    names = memory.names()
    gone = git.deleted(site.root, site.hugo.environ, site.section_dir, names)
    with bundle.writing(site.section_dir, run.LOCK_WAIT_S):
        known = list(history.pages(site.content_dirs, site.content_suffixes))
        for name in names:
            target = site.section_dir / name
            # One after the other: a year of posts takes more memory than a build host may have.
            if target.exists() or (one := memory.read(name)) is None:
                continue
            why = _stays_away(one, gone, _in_its_languages(one, sites, known))
            if why is None and isinstance(one, Kept):
                bundle.publish(target, one.files)
                yield Back(one.name, target, "")
            else:
                yield Back(one.name, None, why or "")


def write_due(
    blog: Blog, memory: Memory, open_tools: OpenTools, has_time: Callable[[], bool], first: Blog | None = None
) -> Iterator[Day]:
    """The posts that are due, as each is settled: the first one, and more while `has_time` says so.

    `first`: the blog in the language whose posts these are translations of.
    """
    site, settings, today = blog.site, blog.settings, days.today(blog.moment.now, blog.site.zone)
    for number, day in enumerate(due_days(blog, memory)):
        if number and not has_time():
            return
        order = orders.Order(day)
        if first is not None:
            _, original = orders.look(order, first)
            if original is None:
                continue
            order = replace(order, like=original)
        try:
            outcome: Written | AlreadyThere | Nothing | Failure = run.write(order, blog, open_tools)
        except Failure as failure:
            outcome = failure
        kept = False
        if isinstance(outcome, Written):
            kept = memory.keep(
                orders.post_name(order, settings), day, bundle.files_of(site.section_dir / outcome.path.parent)
            )
        elif isinstance(outcome, Nothing) and day < today:
            memory.mark(day, "nothing")
        yield Day(day, outcome, kept)


def due_days(blog: Blog, memory: Memory) -> list[date]:
    """Those that lack their post in the blog's language, the newest first. Raises Failure where content cannot be read."""
    settings, today = blog.settings, days.today(blog.moment.now, blog.site.zone)
    return due(today, settings.weekdays, settings.catch_up, _settled(blog, memory, today))


def _in_its_languages(one: Kept | Broken, sites: Sequence[Site], known: Sequence[history.Page]) -> list[history.Page]:
    """The pages that a bundle could be one too many beside: a translation has its URL and its papers, too."""
    files = one.files if isinstance(one, Kept) else ()
    own = [site for site in sites if site.index_name in files] or sites
    return [page for page in known if any(site.is_in_language(page.path) for site in own)]


def _stays_away(one: Kept | Broken, gone: frozenset[str], known: Sequence[history.Page]) -> str | None:
    """Why a bundle is not brought back; None where it is."""
    if isinstance(one, Broken):
        return one.reason
    if one.name in gone:
        return "it was deleted from the repository"
    for page in known:
        if page.url == one.name:
            return f"its URL is that of {page.path}"
        if one.papers and one.papers <= set(page.papers):
            return f"{page.path} has all its papers, too"
    return None


def _settled(blog: Blog, memory: Memory, today: date) -> set[date]:
    """Days that have a post in the blog's language, here or kept, had one that was deleted, or need none."""
    site, settings = blog.site, blog.settings
    window = [today - timedelta(days=back) for back in range(settings.catch_up + 1)]
    names = {f"{orders.post_name(orders.Order(day), settings)}/{site.index_name}": day for day in window}
    known = [page for page in history.pages(site.content_dirs, site.content_suffixes) if site.is_in_language(page.path)]
    named = re.compile(rf"{re.escape(settings.slug)}-(\d{{4}}-\d\d-\d\d)")
    found = {
        match[1]
        for page in known
        for text in (page.url or "", page.path.parent.name)
        if (match := named.fullmatch(text))
    }
    written = {date.fromisoformat(text) for text in found if _is_date(text)}
    written |= {day for day in window if orders.post_among(known, orders.Order(day), blog) is not None}
    # One that stays away would be paid for again, and have the URL of another.
    written |= {day for day in window if _is_kept(memory, orders.post_name(orders.Order(day), settings), site)}
    gone = git.deleted(site.root, site.hugo.environ, site.section_dir, list(names))
    return written | set(memory.marked()) | {names[name] for name in gone}


def _is_kept(memory: Memory, name: str, site: Site) -> bool:
    """Whether there is a bundle of this name with a page in the site's language."""
    one = memory.read(name)
    return isinstance(one, Kept) and site.index_name in one.files


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

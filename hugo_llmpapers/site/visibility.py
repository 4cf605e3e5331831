"""Why Hugo silently hides a page: its date, drafts, cascades, bundles in bundles, settings.

https://gohugo.io/content-management/front-matter/, https://gohugo.io/content-management/build-options/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from hugo_llmpapers.site import files, front_matter
from hugo_llmpapers.site.files import is_index
from hugo_llmpapers.site.mounts import content_mounts
from hugo_llmpapers.site.site import Site

_INDEX = re.compile(r"_?index(\.[\w-]+)?\.(md|markdown|html)")
_MAX_PAGES = 500
"""Hugo builds that many pages without text in no time."""


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Something that a reader of the post would miss."""

    problem: str
    """One line."""
    remedy: str
    """One line: what to do."""
    hides: bool = False
    """Whether nobody would see the post at all, without anybody having asked for that."""


def folders_above(site: Site) -> Iterator[tuple[str, Path]]:
    """Yield the section and the folders that contain it, innermost first: the path below `content` and the folder."""
    inside, folder = PurePosixPath(site.section), site.section_dir
    while any(folder.is_relative_to(content) for content in site.language_dirs):
        yield inside.as_posix(), folder
        if inside == PurePosixPath():
            return
        inside, folder = inside.parent, folder.parent


def index_pages(site: Site) -> dict[str, str]:
    """Return only the front matter, as texts may need the rest of the site, of each index page above a post, by path."""
    return {
        str(PurePosixPath(inside, path.name)): _front_matter(path)
        for inside, folder in folders_above(site)
        for path in sorted(folder.glob("*ndex*"))
        if _INDEX.fullmatch(path.name) and path.is_file()
    }


def front_matter_of_pages(site: Site, max_pages: int | None = _MAX_PAGES) -> dict[str, str]:
    """Return the front matter of all pages in the post's language by path; if there are too many, of sections only."""
    paths = {
        str(PurePosixPath(mount.target, path.relative_to(mount.source).as_posix())): path
        for mount in content_mounts(site.config, site.root)
        if mount.source in site.language_dirs
        for path in files.list_files(mount.source, ".md")
        if not path.is_symlink() and not any(part.startswith(".") for part in path.relative_to(mount.source).parts)
    }
    if max_pages is not None and len(paths) > max_pages:
        paths = {inside: path for inside, path in paths.items() if path.name.startswith("_index.")}
    return {inside: _front_matter(path) for inside, path in paths.items()}


def _front_matter(path: Path) -> str:
    found = front_matter.split(files.read_text(path))
    return f"{found.block}\n" if found else ""


def why_hidden(site: Site, name: str, row: Mapping[str, str] | None, now: datetime) -> Shortcoming | None:
    """Return the reason why Hugo does not publish the post `name`; None if it is none of these.

    `row`: the post's in `hugo list all`; None if it is not there.
    """
    if row is None:
        return why_swallowed(site) or excluded_by_config(site, name)
    if row.get("draft") == "true":
        source = " or ".join(filter(None, ("its archetype", _cascades(site))))
        remedy = "Let the archetype say `draft: {{ $post.draft }}`, or look at it with `hugo server --buildDrafts`."
        return Shortcoming(f"The post is a draft by {source}, which Hugo does not publish.", remedy)
    if (shown_from := _time(row.get("publishDate"))) is not None and shown_from > now:
        remedy = "Let the archetype say `date: {{ $post.date }}`, and no publishDate."
        problem = f"Hugo takes the post for the future until {shown_from.isoformat()} and hides it."
        return Shortcoming(problem, remedy, hides=True)
    if (expires := _time(row.get("expiryDate"))) is not None and expires <= now:
        problem = f"The post expired on {expires.isoformat()}: Hugo hides it."
        return Shortcoming(problem, "Remove expiryDate from the archetype, or from the cascade above.", hides=True)
    if not row.get("permalink"):
        problem = "`build.render` is never for the post: Hugo does not publish it."
        return Shortcoming(problem, _remove_from(site, "it"), hides=True)
    return None


def excluded_by_config(site: Site, name: str) -> Shortcoming | None:
    """Return why Hugo makes no page of the post by the site's configuration; None if it makes one."""
    if "page" in (site.config.get("disablekinds") or ()):
        problem = "The site's `disableKinds` names page: Hugo makes no post."
        return Shortcoming(problem, "Remove page from it.", hides=True)
    return ignored(site, name, site.index_name)


def not_listed(site: Site) -> Shortcoming:
    """Return the reason for a post that is published, but in no list of the site."""
    problem = "`build.list` keeps the post out of all lists, feeds and the home page."
    return Shortcoming(problem, _remove_from(site, "`build.list`"))


def ignored(site: Site, name: str, file: str) -> Shortcoming | None:
    """Return which pattern of the site's `ignoreFiles` matches a file of the post; None if there is none."""
    path = str(site.section_dir / name / file)
    for pattern in site.config.get("ignorefiles") or ():
        try:
            found = re.search(str(pattern), path)
        except re.error:  # Go's patterns are nearly Python's
            continue
        if found:
            problem = f"The site's `ignoreFiles` has the pattern {pattern}, which matches {file}: Hugo ignores it."
            return Shortcoming(problem, "Make the pattern narrower.", hides=file == site.index_name)
    return None


def without_resources(site: Site, post: str) -> Shortcoming | None:
    """Return why the images of a post are not published, by its text or by a page above it; None if they are."""
    if "publishresources" not in " ".join((post, *index_pages(site).values(), str(site.config.get("cascade")))).lower():
        return None
    problem = "`build.publishResources` is false: Hugo publishes the post without its images."
    return Shortcoming(problem, _remove_from(site, "it"))


def why_swallowed(site: Site) -> Shortcoming | None:
    """Return which page makes a folder above the post a single page, so that the post is one of its files; None if none."""
    for _, folder in folders_above(site):
        leaf = next((file for file in sorted(folder.glob("index.*")) if is_index(file.name)), None)
        if leaf is not None:
            problem = f"{leaf} makes its folder one page: Hugo takes posts in it for that page's files."
            return Shortcoming(problem, f"Rename it to _{leaf.name}, which makes it a section.", hides=True)
    return None


def _remove_from(site: Site, what: str) -> str:
    return f"Remove {what} from the archetype, or from {_cascades(site) or 'the site’s configuration'}."


def _cascades(site: Site) -> str | None:
    """Return the files above the post with a cascade, in words; None if there is none."""
    folders, pages = dict(folders_above(site)), index_pages(site)
    paths = [PurePosixPath(path) for path, text in pages.items() if "cascade" in text.lower()]
    return " or ".join(f"the cascade of {folders[str(path.parent)] / path.name}" for path in paths) or None


def _time(written: str | None) -> datetime | None:
    """Return a date of `hugo list`; None if the page has none, for which Hugo prints the year 1."""
    try:
        time = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return time if time.year > 1 and time.tzinfo is not None else None

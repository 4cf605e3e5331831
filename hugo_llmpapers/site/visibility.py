"""Why Hugo keeps a page from its readers, as it does without a word: the future, drafts, cascades, bundles in bundles.

https://gohugo.io/content-management/front-matter/, https://gohugo.io/content-management/build-options/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from hugo_llmpapers.site import files, front_matter
from hugo_llmpapers.site.content_files import is_index
from hugo_llmpapers.site.mounts import content_mounts
from hugo_llmpapers.site.site import Site

_INDEX = re.compile(r"_?index(\.[\w-]+)?\.(md|markdown|html)")
_SKELETON = 500
"""Pages that Hugo builds in no time."""


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """Something that a reader of the post would miss."""

    problem: str
    """One line."""
    remedy: str
    """One line: what to do."""
    hides: bool = False
    """Nobody would see the post at all, and nobody asked for that."""


def folders_above(site: Site) -> Iterator[tuple[str, Path]]:
    """The section and those that it lies in: the path below `content` and the folder, the innermost first."""
    inside, folder = PurePosixPath(site.section), site.section_dir
    while any(folder.is_relative_to(content) for content in site.language_dirs):
        yield inside.as_posix(), folder
        if inside == PurePosixPath():
            return
        inside, folder = inside.parent, folder.parent


def index_pages(site: Site) -> dict[str, str]:
    """What the pages above a post say of it: the front matter of each `_index.md` or `index.md` by path below `content`.

    Their text is left out, as it may need the rest of the site.
    """
    found = {}
    for inside, folder in folders_above(site):
        for path in sorted(folder.glob("*ndex*")) if folder.is_dir() else ():
            if _INDEX.fullmatch(path.name) and path.is_file():
                found[str(PurePosixPath(inside, path.name))] = _front_matter(path)
    return found


def skeleton(site: Site, most: int | None = _SKELETON) -> dict[str, str]:
    """The same of every page in the post's language; where there are more than `most`, of the sections alone."""
    paths = {
        str(PurePosixPath(mount.target, path.relative_to(mount.source).as_posix())): path
        for mount in content_mounts(site.config, site.root)
        if mount.source in site.language_dirs
        for path in files.list_files(mount.source, ".md")
        if not path.is_symlink() and not any(part.startswith(".") for part in path.relative_to(mount.source).parts)
    }
    few = most is None or len(paths) <= most
    return {inside: _front_matter(p) for inside, p in paths.items() if few or p.name.startswith("_index.")}


def _front_matter(path: Path) -> str:
    found = front_matter.split(files.read_text(path))
    return f"{found.block}\n" if found else ""


def why_hidden(site: Site, name: str, row: Mapping[str, str] | None, now: datetime) -> Shortcoming | None:
    """The reason for which Hugo does not publish the post `name`; None where it is not one of these.

    `row`: what `hugo list all` tells of the post; None where it does not list it.
    """
    if row is None:
        return swallowed(site) or excluded_by_config(site, name)
    if row.get("draft") == "true":
        whose = f"its archetype or {cascades}" if (cascades := _cascades(site)) else "its archetype"
        remedy = "Let the archetype say `draft: {{ $post.draft }}`, or look at it with `hugo server --buildDrafts`."
        return Shortcoming(f"The post is a draft by {whose}, which Hugo does not publish.", remedy)
    if (shows := _moment(row.get("publishDate"))) is not None and shows > now:
        remedy = "Let the archetype say `date: {{ $post.date }}`, and no publishDate."
        return Shortcoming(
            f"Hugo takes the post for the future until {shows.isoformat()} and hides it.", remedy, hides=True
        )
    if (ends := _moment(row.get("expiryDate"))) is not None and ends <= now:
        remedy = "Take expiryDate out of the archetype, or of the cascade above."
        return Shortcoming(f"The post expires on {ends.isoformat()}, which is past: Hugo hides it.", remedy, hides=True)
    if not row.get("permalink"):
        remedy = f"Take it out of the archetype, or out of {_cascades(site) or 'the site’s configuration'}."
        return Shortcoming("`build.render` is never for the post: Hugo does not publish it.", remedy, hides=True)
    return None


def excluded_by_config(site: Site, name: str) -> Shortcoming | None:
    """Where the configuration keeps Hugo from taking the post for a page at all; None where it does not."""
    if "page" in (site.config.get("disablekinds") or ()):
        return Shortcoming(
            "The site's `disableKinds` names page: Hugo makes no post.", "Take page out of it.", hides=True
        )
    return ignored(site, name, site.index_name)


def not_listed(site: Site) -> Shortcoming:
    """For a post that is published, and that no list of the site shows."""
    remedy = f"Take `build.list` out of the archetype, or out of {_cascades(site) or 'the site’s configuration'}."
    return Shortcoming("`build.list` keeps the post out of all lists, feeds and the home page.", remedy)


def ignored(site: Site, name: str, file: str) -> Shortcoming | None:
    """Where the site's `ignoreFiles` is about a file of the post; None where it is not. Go's patterns are nearly Python's."""
    path = str(site.section_dir / name / file)
    for pattern in site.config.get("ignorefiles") or ():
        try:
            found = re.search(str(pattern), path)
        except re.error:
            continue
        if found:
            problem = (
                f"The site's `ignoreFiles` has the pattern {pattern}, which is about {file}: Hugo does not see it."
            )
            return Shortcoming(problem, "Make the pattern narrower.", hides=file == site.index_name)
    return None


def without_resources(site: Site, post: str) -> Shortcoming | None:
    """Where the text of a post, or a page above it, keeps its pictures from being published; None where none does."""
    if "publishresources" not in " ".join((post, *index_pages(site).values(), str(site.config.get("cascade")))).lower():
        return None
    remedy = f"Take it out of the archetype, or out of {_cascades(site) or 'the site’s configuration'}."
    return Shortcoming("`build.publishResources` is false: Hugo publishes the post without its pictures.", remedy)


def swallowed(site: Site) -> Shortcoming | None:
    """Where a folder that the post would go to is one page, and all in it that page's files; None where none is."""
    for _, folder in folders_above(site):
        leaf = next((f for f in sorted(folder.glob("index.*")) if is_index(f.name)), None)
        if leaf is not None:
            renamed = leaf.with_name(f"_{leaf.name}").name
            problem = f"{leaf} makes its folder one page: Hugo takes posts in it for that page's files."
            return Shortcoming(problem, f"Rename it to {renamed}, which makes it a section.", hides=True)
    return None


def _cascades(site: Site) -> str | None:
    """The files above the post that hand something down to it."""
    roots = dict(folders_above(site))
    naming = [path for path, head in index_pages(site).items() if "cascade" in head.lower()]
    found = [str(roots[PurePosixPath(path).parent.as_posix()] / PurePosixPath(path).name) for path in naming]
    return " or ".join(f"the cascade of {path}" for path in found) or None


def _moment(written: str | None) -> datetime | None:
    """A date of `hugo list`; None where the page has none, which Hugo writes as the year 1."""
    try:
        moment = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return moment if moment.year > 1 and moment.tzinfo is not None else None

"""Build the post in a temporary folder, with the site's real configuration and layouts, and check what a reader would see.

Reported are a page, an image or a label that is missing. Nothing is left in the site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import html_reader
from hugo_llmpapers.post.culprits import find_culprits
from hugo_llmpapers.post.page_images import missing_images
from hugo_llmpapers.post.scratch_site import (
    add_content,
    ignore_pages,
    scratch_environment,
    without_static,
    write_content,
)
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.details_shortcode import Details
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import Shortcoming, index_pages, not_listed, skeleton, why_hidden
from hugo_llmpapers.temporary import temporary_folder

SITE_BUILD_S = 60.0
"""Time limit for a build of the whole site, which takes 1 s for a thousand pages."""
NO_LABEL = Shortcoming(
    "The site's `details` shortcode shows no label, so the post does without it.",
    'Let layouts/shortcodes/details.html show `.Get "summary"`, or `.Get 0`.',
)
_POSTS_PER_BUILD = 30
"""A year of posts takes more memory than a build host may have."""
_BROKEN_SITE_REMEDY = "`hugo` says the same; `hugo-llmpapers doctor` names a post of ours that is at fault."


@dataclass(frozen=True, slots=True)
class TrialBuild:
    """The result of a trial build."""

    url: str | None
    """The post's permalink; None if Hugo does not list it."""
    shortcomings: tuple[Shortcoming, ...]
    """What a reader would miss."""
    shows_label: bool = True
    """Whether the folded abstracts have their label; True also if it is not known."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """The shortcomings, each in one line with its remedy."""
        return tuple(f"{one.problem} {one.remedy}" for one in self.shortcomings)

    @property
    def broken_site(self) -> Shortcoming | None:
        """The shortcoming that the site cannot be built without the post either; None if there is none."""
        return next((one for one in self.shortcomings if one.remedy == _BROKEN_SITE_REMEDY), None)


@dataclass(frozen=True, slots=True)
class _Post:
    site: Site
    name: str
    files: Mapping[str, bytes]
    """By their path below `content`."""
    draft: bool


@dataclass(frozen=True, slots=True)
class _Build:
    ran: hugo.Result
    row: Mapping[str, str] | None
    """The post in `hugo list all`; None if it is not listed."""
    location: html_reader.Location | None
    """Of the post's page; None if it was not built."""

    @property
    def succeeded(self) -> bool:
        return self.ran.code == 0


def run(
    site: Site,
    name: str,
    files: Mapping[str, bytes],
    details: Details,
    *,
    draft: bool,
    now: datetime,
    whole_site: bool = True,
) -> TrialBuild:
    """Build the bundle `name` of these files together with the index pages above it.

    If that fails, or lacks a page that a template links to, the whole site is built with the post and, if that fails, too,
    without it: a post that `hugo` accepts is never refused because of the pages that the small build leaves out.
    whole_site: False returns or raises the result of the small build; for comparing posts.

    Raises SetupError if the post breaks the build or has the URL of another page. If the builds time out, or
    the site cannot be built without the post either, the result says that the post was not checked.
    """
    post = _Post(site, name, {f"{site.section}/{name}/{file}": content for file, content in files.items()}, draft)
    with temporary_folder() as root:
        build, unchecked = _try(post, root, whole_site=whole_site)
        result = TrialBuild(None, ()) if build is None else _examine(post, files, details, build, root, now)
    if unchecked is None:
        return result
    shortcomings = result.shortcomings if build is not None and build.location and build.succeeded else ()
    return replace(result, shortcomings=(unchecked, *shortcomings))


def build_problem(site: Site, excluded: Sequence[Path] = ()) -> str | None:
    """Return why the whole site cannot be built without the `excluded` folders or files of content; None if it can be.

    Raises TimedOut.
    """
    with temporary_folder() as root:
        program, variables = ignore_pages(site, site.hugo, root, excluded)
        variables |= without_static(root)
        ran = hugo.build(program, root / "public", variables, alone=False, seconds=SITE_BUILD_S)
        return _complaint(ran, root) if ran.code != 0 else None


def breaking_posts(site: Site, posts: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return which of these posts of the site break its build, and why; empty if it cannot be built without them either.

    Usually builds of their pages alone, which take less than a second, are sufficient. Raises TimedOut.
    """
    parts = [posts[first : first + _POSTS_PER_BUILD] for first in range(0, len(posts), _POSTS_PER_BUILD)]
    if all(_can_be_built(site, part) for part in parts):
        return []
    if (problem := build_problem(site)) is None or build_problem(site, posts) is not None:
        return []

    def fails(some: Sequence[Path]) -> bool:
        return build_problem(site, [post for post in posts if post not in some]) is not None

    found = find_culprits(posts, fails)
    return [(post, build_problem(site, [other for other in posts if other != post]) or problem) for post in found]


def _can_be_built(site: Site, posts: Sequence[Path]) -> bool:
    """Whether the pages of these posts can be built, without their images and the rest of the site."""
    pages = {
        f"{site.section}/{post.name}/{page.name}": page.read_bytes()
        for post in posts
        for page in post.glob("index*.md")
    }
    with temporary_folder() as root:
        return _build_alone(_Post(site, posts[0].name, pages, draft=False), root, index_pages(site)).succeeded


def _try(post: _Post, root: Path, *, whole_site: bool) -> tuple[_Build | None, Shortcoming | None]:
    """Return the build that shows the most, if any, and why the post could not be checked, if so. Raises SetupError."""
    build = None
    try:
        build = _build_alone(post, root / "alone", index_pages(post.site))
        if not whole_site:
            if not build.succeeded:
                raise _unbuildable(build.ran, root)
            return build, None
        if build.succeeded and not build.ran.has_broken_ref:
            return build, None
        in_site, unchecked = _build_in_site(post, root / "site")
        if in_site is not None or build.succeeded:
            return in_site or build, unchecked
        return _build_with_less(post, root, build), unchecked
    except hugo.TimedOut as error:
        return build, _unchecked(error.message)


def _build_alone(post: _Post, root: Path, pages: Mapping[str, str]) -> _Build:
    """Build the post and these pages (front matter by path) instead of the site's content. Raises TimedOut.

    Each build needs its own `root`: images that a failed build leaves in its resources let the next one succeed.
    """
    variables = scratch_environment(post.site, root, "content") | _drafts(post)
    write_content(root, {path: front_matter.encode() for path, front_matter in pages.items()} | dict(post.files))
    return _build(post, post.site.hugo, root, variables)


def _build_with_less(post: _Post, root: Path, first: _Build) -> _Build:
    """Return a build that shows the post's page although the site itself is broken, else `first`, which failed.

    Themes may need more of the site around the post, and index pages more of the theme.
    """
    failed = [first]
    for folder, pages in (("skeleton", skeleton(post.site)), ("bare", {})):
        try:
            build = _build_alone(post, root / folder, pages)
        except hugo.TimedOut:
            break
        if build.succeeded:
            return build
        failed.append(build)
    return next((build for build in failed if build.location is not None), first)


def _build_in_site(post: _Post, root: Path) -> tuple[_Build | None, Shortcoming | None]:
    """Build the whole site with the post. Return the build, or why it shows nothing about the post. Raises SetupError."""
    site, folder = post.site, post.site.section_dir / post.name
    program, variables = add_content(site, root)
    program, ignoring = ignore_pages(site, program, root, [folder])
    write_content(root, post.files)
    try:
        build = _build(post, program, root, variables | ignoring | _drafts(post), alone=False)
        if build.succeeded:
            return build, None
        problem = build_problem(site, [folder])
    except hugo.TimedOut as error:
        return None, _unchecked(error.message)
    if problem is None:
        raise _unbuildable(build.ran, root.parent)
    return None, _unchecked(f"the site cannot be built without it, either: {problem}", _BROKEN_SITE_REMEDY)


def _drafts(post: _Post) -> dict[str, str]:
    return {"HUGO_BUILDDRAFTS": "true"} if post.draft else {}


def _build(post: _Post, program: hugo.Hugo, root: Path, variables: Mapping[str, str], *, alone: bool = True) -> _Build:
    site, public = post.site, root / "public"
    ran = hugo.build(program, public, variables, alone=alone, seconds=hugo.TRIAL_TIMEOUT_S if alone else SITE_BUILD_S)
    try:
        rows = [row for row in hugo.list_pages(program, variables) if post.name in row.get("path", "")]
    except SetupError:
        rows = []
    # Translations in the same folder are listed, too.
    row = next((row for row in rows if row["path"].endswith(f"/{site.index_name}")), next(iter(rows), None))
    url = row.get("permalink") if row else None
    if row is None and ran.code == 0:
        # A page that is excluded from all lists is not in this one either.
        page = next((f for f in (*public.rglob(f"*{post.name}/index.html"), *public.rglob(f"*{post.name}.html"))), None)
        url = f"/{page.relative_to(public).as_posix().removesuffix('index.html')}" if page else None
    return _Build(ran, row, html_reader.locate(url, public, site.language_key) if url else None)


def _examine(
    post: _Post, files: Mapping[str, bytes], details: Details, build: _Build, root: Path, now: datetime
) -> TrialBuild:
    """Check what the build shows of the post. Raises SetupError if it has the URL of another page."""
    site, row = post.site, build.row
    url = (row.get("permalink") or None) if row else None
    if build.location is None:
        return TrialBuild(url, (why_hidden(site, post.name, row, now) or _not_shown(build.ran, root),))
    _check_unique_url(build, build.location, alone=not any(site.belongs_to_translation(file) for file in files))
    page = html_reader.read(build.location)
    shortcomings = [not_listed(site) if row is None else None, missing_images(page, post.name, files, site)]
    label = _first_label(files[site.index_name].decode(), details)
    shows_label = label is None or page.has_text(label)
    if not shows_label:
        problem = f"The site's `details` shortcode loses the label “{label}”."
        shortcomings.append(Shortcoming(problem, "Check layouts/shortcodes/details.html."))
    return TrialBuild(url, tuple(filter(None, shortcomings)), shows_label)


def _check_unique_url(build: _Build, location: html_reader.Location, *, alone: bool) -> None:
    """Raise SetupError if the post has the URL of a section, a list of tags, the home page or a translation."""
    path = f"/{location.file.relative_to(location.root).as_posix()}"
    if any(f"Duplicate target paths: {path} " in line for line in build.ran.warnings):
        other = "a page that the site makes itself" if alone else "another page"
        raise SetupError(
            f"The post has the URL of {other}: {path.removesuffix('index.html')}.",
            "Let the archetype say `url: {{ $post.name }}`.",
        )


def _first_label(markdown: str, details: Details) -> str | None:
    """Return the label of the first folded abstract, as the archetype wrote it."""
    line = next((line for line in details.open.splitlines() if "%s" in line), details.open.splitlines()[-1])
    pattern = re.escape(line).replace(re.escape("%[1]s"), "%s").replace("%s", "(.+?)", 1).replace("%s", ".+?")
    found = re.search(rf"^{pattern}$", markdown, re.MULTILINE)
    return found[1] if found else None


def _unchecked(reason: str, remedy: str = "Look at it with hugo server.") -> Shortcoming:
    return Shortcoming(f"The post was not checked: {reason.rstrip('.')}.", remedy)


def _not_shown(ran: hugo.Result, root: Path) -> Shortcoming:
    reason = f": {_complaint(ran, root)}" if ran.code != 0 else " (has the site a template for single pages?)"
    return Shortcoming(f"The trial build shows no page of the post{reason}.", "Look at it with hugo server.")


def _unbuildable(ran: hugo.Result, root: Path) -> SetupError:
    problem = f"Hugo cannot build the post: {_complaint(ran, root)}"
    return SetupError(problem, "Fix the archetype, or the template that it names.")


def _complaint(ran: hugo.Result, root: Path) -> str:
    return ran.error.replace(str(root), "…")

"""Build the post in a temporary folder, with the site's real configuration and layouts, and check what a reader would see.

Reported are a page, an image or a label that is missing. Nothing is left in the site.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import archetype, html_reader
from hugo_llmpapers.post.site_builds import BROKEN_SITE_REMEDY, Build, Bundle, best_build, build_alone, build_problem
from hugo_llmpapers.records import Post
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.details_shortcode import Details
from hugo_llmpapers.site.site import Blog, Site
from hugo_llmpapers.site.visibility import Shortcoming, ignored, index_pages, not_listed, why_hidden, without_resources
from hugo_llmpapers.temporary import temporary_folder

T = TypeVar("T")
NO_LABEL = Shortcoming(
    "The site's `details` shortcode shows no label, so the post does without it.",
    'Let layouts/shortcodes/details.html show `.Get "summary"`, or `.Get 0`.',
)
_POSTS_PER_BUILD = 30
"""A year of posts takes more memory than a build host may have."""
_RENDER_HOOKS = ("layouts/_markup/render-image.html", "layouts/_default/_markup/render-image.html")


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
        return next((one for one in self.shortcomings if one.remedy == BROKEN_SITE_REMEDY), None)


def run(blog: Blog, post: Post, files: Mapping[str, bytes], details: Details, *, whole_site: bool = True) -> TrialBuild:
    """Build the post's bundle of these files together with the index pages above it.

    If that fails, or a page that a template links to is missing, the whole site is built with the post and, if that fails, too,
    without it: a post that `hugo` accepts is never refused because of the pages that the small build leaves out.
    whole_site: False returns or raises the result of the small build; for comparing posts.

    Raises SetupError if the post breaks the build or has the URL of another page. If the builds time out, or
    the site cannot be built without the post either, the result says that the post was not checked.
    """
    folder = f"{blog.site.section}/{post.name}"
    content = {f"{folder}/{file}": content for file, content in files.items()}
    bundle = Bundle(blog.site, post.name, content, post.draft)
    with temporary_folder() as root:
        build, unchecked = best_build(bundle, root, whole_site=whole_site)
        result = TrialBuild(None, ()) if build is None else _examine(blog, post, files, details, build)
    if unchecked is None:
        return result
    shortcomings = result.shortcomings if build is not None and build.location and build.succeeded else ()
    return replace(result, shortcomings=(unchecked, *shortcomings))


def breaking_posts(site: Site, posts: Sequence[Path]) -> list[tuple[Path, str]]:
    """Return which of these posts of the site break its build, and why; empty if it cannot be built without them either.

    Usually builds of their pages alone, which take less than a second, are sufficient. Raises TimedOut.
    """
    parts = [posts[first : first + _POSTS_PER_BUILD] for first in range(0, len(posts), _POSTS_PER_BUILD)]
    if all(_can_be_built(site, part) for part in parts):
        return []
    if (problem := build_problem(site)) is None or build_problem(site, posts) is not None:
        return []
    return posts_at_fault(site, posts, problem)


def posts_at_fault(
    site: Site, posts: Sequence[Path], problem: str, timeout_s: float = math.inf
) -> list[tuple[Path, str]]:
    """Return which of these posts break the build, and why. `problem`: why it fails with all `posts`. Raises TimedOut."""
    deadline = time.monotonic() + timeout_s

    def fails(some: Sequence[Path]) -> bool:
        if time.monotonic() > deadline:
            raise hugo.TimedOut(f"the search took more than {timeout_s:.0f} s.")
        return build_problem(site, [post for post in posts if post not in some]) is not None

    found = find_culprits(posts, fails)
    return [(post, build_problem(site, [other for other in posts if other != post]) or problem) for post in found]


def find_culprits(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return the items that make `fails` true. It is true of all items together, and false of none.

    Halves are tried, then halves of those that fail: about 2 log n calls for one culprit, at most 3 n. If only several items
    together fail, the culprits are those that fail together with the ones before them, so the first items stay.
    """
    if found := _failing_alone(items, fails):
        return found
    good: list[T] = []
    for item in items:
        if not fails([*good, item]):
            good.append(item)
    return [item for item in items if item not in good]


def _failing_alone(items: Sequence[T], fails: Callable[[Sequence[T]], bool]) -> list[T]:
    if len(items) < 2:
        return list(items)
    middle = len(items) // 2
    halves = items[:middle], items[middle:]
    return [culprit for half in halves if fails(half) for culprit in _failing_alone(half, fails)]


def _can_be_built(site: Site, posts: Sequence[Path]) -> bool:
    """Whether the pages of these posts can be built, without their images and the rest of the site."""
    pages = {
        f"{site.section}/{post.name}/{page.name}": page.read_bytes()
        for post in posts
        for page in post.glob("index*.md")
    }
    with temporary_folder() as root:
        return build_alone(Bundle(site, posts[0].name, pages, draft=False), root, index_pages(site)).succeeded


def _examine(blog: Blog, post: Post, files: Mapping[str, bytes], details: Details, build: Build) -> TrialBuild:
    """Check what the build shows of the post. Raises SetupError if it has the URL of another page."""
    site, row = blog.site, build.row
    url = (row.get("permalink") or None) if row else None
    if build.location is None:
        return TrialBuild(url, (why_hidden(site, post.name, row, blog.now) or _not_shown(build),))
    _check_unique_url(build, build.location, alone=not any(site.belongs_to_translation(file) for file in files))
    page = html_reader.read(build.location)
    shortcomings = [not_listed(site) if row is None else None, _missing_images(page, post.name, files, site)]
    label = _first_label(files[site.index_name].decode(), details)
    shows_label = label is None or page.has_text(label)
    if not shows_label:
        problem = f"The site's `details` shortcode loses the label “{label}”."
        shortcomings.append(Shortcoming(problem, "Check layouts/shortcodes/details.html."))
    return TrialBuild(url, tuple(filter(None, shortcomings)), shows_label)


def _check_unique_url(build: Build, location: html_reader.Location, *, alone: bool) -> None:
    """Raise SetupError if the post has the URL of a section, a list of tags, the home page or a translation."""
    path = f"/{location.file.relative_to(location.root).as_posix()}"
    if any(f"Duplicate target paths: {path} " in line for line in build.ran.warnings):
        other = "a page that the site makes itself" if alone else "another page"
        raise SetupError(
            f"The post has the URL of {other}: {path.removesuffix('index.html')}.",
            "Let the archetype say `url: {{ $post.name }}`.",
        )


def _missing_images(page: html_reader.Page, name: str, files: Mapping[str, bytes], site: Site) -> Shortcoming | None:
    """Return why images that the text of the post `name` shows are not on its page; None if they all are."""
    text = files[site.index_name].decode()
    # Themes resize and convert images, so only the beginning of the name is known.
    images = {
        file: page.images(file.partition(".")[0]) for file in files if file.endswith(".png") and f"({file})" in text
    }
    missing = [file for file, found in images.items() if not any(found.values())]
    if not missing:
        return None
    if (reason := ignored(site, name, missing[0]) or without_resources(site, text)) is not None:
        return reason
    names = ", ".join(missing)
    problem = f"The site does not show {names}."
    if all(images.values()):
        problem = f"The page looks for {names} where there is nothing, as at {next(iter(images[missing[0]]))}."
    return Shortcoming(problem, _image_remedy(page, site))


def _image_remedy(page: html_reader.Page, site: Site) -> str:
    if page.location.file.name != "index.html":
        return "Let the archetype say `url: {{ $post.name }}`, so that the page is in the folder of its images."
    modules = hugo.modules(site.hugo)
    if archetype.reads_page_bundles(module.folder for module in modules):
        return "Let the archetype say `usePageBundles: true`, without which the theme does not look beside the page."
    hook = next((f for m in modules for path in _RENDER_HOOKS if (f := m.find(path)) is not None), None)
    if hook is not None:
        return f"Check {hook}, which puts images on the site's pages."
    return "Check that the site's templates show images of page bundles."


def _first_label(markdown: str, details: Details) -> str | None:
    """Return the label of the first folded abstract, as the archetype wrote it."""
    line = next((line for line in details.open.splitlines() if "%s" in line), details.open.splitlines()[-1])
    pattern = re.escape(line).replace(re.escape("%[1]s"), "%s").replace("%s", "(.+?)", 1).replace("%s", ".+?")
    found = re.search(rf"^{pattern}$", markdown, re.MULTILINE)
    return found[1] if found else None


def _not_shown(build: Build) -> Shortcoming:
    reason = " (has the site a template for single pages?)" if build.succeeded else f": {build.complaint}"
    return Shortcoming(f"The trial build shows no page of the post{reason}.", "Look at it with hugo server.")

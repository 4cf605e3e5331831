"""Build a post with the site's real configuration and layouts: alone, or within the whole site. Nothing is left in the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import html_reader
from hugo_llmpapers.post.scratch_site import add_content, ignore_pages, scratch_environment, write_content
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import Shortcoming, front_matter_of_pages, index_pages
from hugo_llmpapers.temporary import temporary_folder

SITE_BUILD_S = 60.0
"""Time limit for a build of the whole site, which takes 1 s for a thousand pages."""
BROKEN_SITE_REMEDY = "`hugo` says the same; `hugo-llmpapers doctor` names a post of ours that is at fault."


@dataclass(frozen=True, slots=True)
class Bundle:
    """A post as it is built."""

    site: Site
    name: str
    files: Mapping[str, bytes]
    """By their path below `content`."""
    draft: bool


@dataclass(frozen=True, slots=True)
class Build:
    """The result of one run of Hugo."""

    ran: hugo.Result
    complaint: str
    """What Hugo says is wrong, without the path of the temporary folder."""
    row: Mapping[str, str] | None
    """The post in `hugo list all`; None if it is not listed."""
    location: html_reader.Location | None
    """Of the post's page; None if it was not built."""

    @property
    def succeeded(self) -> bool:
        """Whether Hugo exited with 0."""
        return self.ran.code == 0


def best_build(bundle: Bundle, root: Path, *, whole_site: bool) -> tuple[Build | None, Shortcoming | None]:
    """Return the build that shows the most, if any, and why the post could not be checked, if so.

    Raises SetupError if the post breaks the build. `whole_site`: as for `trial_build.run`.
    """
    try:
        build = build_alone(bundle, root / "alone", index_pages(bundle.site))
    except hugo.TimedOut as error:
        return None, _unchecked(error.message)
    if not whole_site and not build.succeeded:
        raise _unbuildable(build)
    if not whole_site or (build.succeeded and not build.ran.has_broken_ref):
        return build, None
    try:
        in_site = _build_in_site(bundle, root / "site")
        if in_site.succeeded:
            return in_site, None
        problem = build_problem(bundle.site, [bundle.site.section_dir / bundle.name])
        if problem is None:
            raise _unbuildable(in_site)
        unchecked = _unchecked(f"the site cannot be built without it, either: {problem}", BROKEN_SITE_REMEDY)
    except hugo.TimedOut as error:
        unchecked = _unchecked(error.message)
    return build if build.succeeded else _build_with_less(bundle, root, build), unchecked


def build_alone(bundle: Bundle, root: Path, pages: Mapping[str, str]) -> Build:
    """Build the post and these pages (front matter by path) instead of the site's content. Raises TimedOut.

    Each build needs its own `root`: images that a failed build leaves in its resources let the next one succeed.
    """
    variables = scratch_environment(bundle.site, root, "content")
    write_content(root, {path: front_matter.encode() for path, front_matter in pages.items()} | dict(bundle.files))
    return _build(bundle, bundle.site.hugo, root, variables)


def _build_with_less(bundle: Bundle, root: Path, first: Build) -> Build:
    """Return a build that shows the post's page although the site itself is broken, else `first`, which failed.

    Themes may need more of the site around the post, and index pages more of the theme.
    """
    failed = [first]
    for folder, pages in (("skeleton", front_matter_of_pages(bundle.site)), ("bare", {})):
        try:
            build = build_alone(bundle, root / folder, pages)
        except hugo.TimedOut:
            break
        if build.succeeded:
            return build
        failed.append(build)
    return next((build for build in failed if build.location is not None), first)


def _build_in_site(bundle: Bundle, root: Path) -> Build:
    """Build the whole site with the post. Raises TimedOut."""
    program, variables = add_content(bundle.site, root)
    program, ignoring = ignore_pages(bundle.site, program, root, [bundle.site.section_dir / bundle.name])
    write_content(root, bundle.files)
    return _build(bundle, program, root, variables | ignoring, alone=False)


def build_problem(site: Site, excluded: Sequence[Path] = ()) -> str | None:
    """Return why the whole site cannot be built without the `excluded` folders or files of content; None if it can be.

    Raises TimedOut.
    """
    with temporary_folder() as root:
        program, variables = ignore_pages(site, site.hugo, root, excluded)
        ran = hugo.build(program, root / "public", variables, alone=False, seconds=SITE_BUILD_S)
        return _complaint(ran, root) if ran.code != 0 else None


def _build(
    bundle: Bundle, program: hugo.Hugo, root: Path, variables: Mapping[str, str], *, alone: bool = True
) -> Build:
    site, public = bundle.site, root / "public"
    variables = {**variables, **({"HUGO_BUILDDRAFTS": "true"} if bundle.draft else {})}
    ran = hugo.build(program, public, variables, alone=alone, seconds=hugo.TRIAL_TIMEOUT_S if alone else SITE_BUILD_S)
    try:
        rows = [row for row in hugo.list_pages(program, variables) if bundle.name in row.get("path", "")]
    except SetupError:
        rows = []
    # Translations in the same folder are listed, too.
    row = next((row for row in rows if row["path"].endswith(f"/{site.index_name}")), next(iter(rows), None))
    url = row.get("permalink") if row else None
    if row is None and ran.code == 0:
        # A page that is excluded from all lists is not in this one either.
        page = next(iter((*public.rglob(f"*{bundle.name}/index.html"), *public.rglob(f"*{bundle.name}.html"))), None)
        url = f"/{page.relative_to(public).as_posix().removesuffix('index.html')}" if page else None
    location = html_reader.locate(url, public, site.language_key) if url else None
    return Build(ran, _complaint(ran, root), row, location)


def _complaint(ran: hugo.Result, root: Path) -> str:
    return ran.error.replace(str(root), "…")


def _unchecked(reason: str, remedy: str = "Look at it with hugo server.") -> Shortcoming:
    return Shortcoming(f"The post was not checked: {reason.rstrip('.')}.", remedy)


def _unbuildable(build: Build) -> SetupError:
    return SetupError(
        f"Hugo cannot build the post: {build.complaint}", "Fix the archetype, or the template that it names."
    )

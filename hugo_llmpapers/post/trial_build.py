"""Proof that the post will show: a build of it alone, with the site's real configuration and layouts.

What a reader would miss is said: no page, no picture, a label that the site's shortcode lost. Nothing is left in the
site.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import html_reader
from hugo_llmpapers.post.culprits import culprits
from hugo_llmpapers.post.html_reader import Place
from hugo_llmpapers.post.page_images import pictures_lost
from hugo_llmpapers.post.scratch_site import beside, scratch_environment, without
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.details_shortcode import Details
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import Shortcoming, index_pages, not_listed, skeleton, why_hidden
from hugo_llmpapers.temporary import temporary_folder

WHOLE_S = 60.0
"""Longest build of the whole site, which takes 1 s for a thousand pages."""
NO_LABEL = Shortcoming(
    "The site's `details` shortcode shows no label, so the post does without it.",
    'Let layouts/shortcodes/details.html show `.Get "summary"`, or `.Get 0`.',
)

_POSTS_AT_ONCE = 30
"""In one build: a year of posts takes more memory than a build host may have."""
_AT_FAULT = "`hugo` says the same; `hugo-llmpapers doctor` names a post of ours that is at fault."


@dataclass(frozen=True, slots=True)
class Proof:
    """What the build showed."""

    url: str | None
    """The post's permalink; None where Hugo does not tell."""
    lacks: tuple[Shortcoming, ...]
    """What a reader would miss; empty if all is there."""
    labelled: bool = True
    """Whether the folded abstracts have their label, as far as one can tell."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The same, each in one line with its remedy."""
        return tuple(f"{lack.problem} {lack.remedy}" for lack in self.lacks)


class Unbuildable(SetupError):
    """The site builds without the post, and not with it."""


def prove(
    site: Site,
    name: str,
    files: Mapping[str, bytes],
    details: Details,
    *,
    draft: bool,
    now: datetime,
    whole: bool = True,
) -> Proof:
    """Builds the bundle `name` of these files, below what the site's own index pages say of it.

    Where that fails, or lacks a page that a template links to, the whole site is built with the post and, if that fails as
    well, without it: what Hugo accepts is not refused, and what it refuses is not proved by a build with less around it.
    `whole=False` leaves the whole site out, and takes the first answer for the last; for posts that are compared.

    Raises Unbuildable where the post breaks the build, SetupError where it would take the place of another page. A build that
    does not end in time, or fails without the post too, proves nothing: the Proof says so.
    """
    with temporary_folder() as root:
        bundle = {f"{site.section}/{name}/{file}": content for file, content in files.items()}
        unchecked: Shortcoming | None = None
        built = None
        try:
            built = _alone(site, name, root / "alone", index_pages(site), bundle, draft=draft)
            if built.ran.code != 0 and not whole:
                raise _refused(built.ran, root)
            if built.ran.code != 0 or (whole and built.ran.misses_pages):
                unchecked, proved = _among_others(site, name, root / "whole", bundle, draft=draft)
                failed = built.ran.code != 0
                built = proved or (_with_less(site, name, root, bundle, built, draft=draft) if failed else built)
        except hugo.TimedOut as late:
            unchecked = _unchecked(late.message)
        seen = _proof(site, name, files, details, built, root, now) if built is not None else Proof(None, ())
        if unchecked is None:
            return seen
        return replace(
            seen, lacks=(unchecked, *(seen.lacks if built is not None and built.place and built.ran.code == 0 else ()))
        )


def breaks(site: Site, pages: Sequence[Path]) -> str | None:
    """Why the site cannot be built, with these of its pages left out; None where it can be. Nothing stays of the build.

    `pages`: folders or files of content. Raises TimedOut.
    """
    with temporary_folder() as root:
        program, variables = without(site, site.hugo, root, pages)
        variables |= {"HUGO_STATICDIR": str(root / "static")}
        ran = hugo.build(program, root / "public", variables, alone=False, seconds=WHOLE_S)
        return ran.complaint.replace(str(root), "…") if ran.code != 0 else None


def broken_site(proof: Proof) -> Shortcoming | None:
    """That the site cannot be built without the post, either; None where it can be, as far as the trial tells."""
    return next((lack for lack in proof.lacks if lack.remedy == _AT_FAULT), None)


def breaking(site: Site, posts: Sequence[Path]) -> list[tuple[Path, str]]:
    """Those of these posts, folders in the site, with which it cannot be built, and why; none where it cannot be without
    them, either. Most often builds of their pages alone tell, in less than a second. Raises TimedOut."""
    parts = [posts[first : first + _POSTS_AT_ONCE] for first in range(0, len(posts), _POSTS_AT_ONCE)]
    if all(_build_alone(site, part) for part in parts):
        return []
    if (why := breaks(site, [])) is None or breaks(site, posts) is not None:
        return []

    def fails(some: Sequence[Path]) -> bool:
        return breaks(site, [post for post in posts if post not in some]) is not None

    found = culprits(posts, fails)
    return [(post, breaks(site, [other for other in posts if other != post]) or why) for post in found]


def _build_alone(site: Site, posts: Sequence[Path]) -> bool:
    """Whether Hugo builds the pages of these posts, without their pictures, with little of the site around them."""
    pages = {
        f"{site.section}/{post.name}/{page.name}": page.read_bytes()
        for post in posts
        for page in post.glob("index*.md")
    }
    with temporary_folder() as root:
        return _alone(site, posts[0].name, root, index_pages(site), pages, draft=False).ran.code == 0


def _alone(
    site: Site, name: str, root: Path, pages: Mapping[str, str], bundle: Mapping[str, bytes], *, draft: bool
) -> _Built:
    """The post with little of the site around it: these pages. `root` is a folder of its own for each build, as a build
    that fails leaves pictures in its resources with which the next one does not fail. Raises TimedOut."""
    variables = scratch_environment(site, root, "content") | _drafts(draft)
    _put({path: head.encode() for path, head in pages.items()} | dict(bundle), root / "content")
    return _built(site, site.hugo, name, root, variables)


def _with_less(site: Site, name: str, root: Path, bundle: Mapping[str, bytes], first: _Built, *, draft: bool) -> _Built:
    """A build that shows the post's page where nothing can be proved, if there is one; else the `first`, which failed.
    Themes may want more of the site around the post, and index pages more of the theme."""
    failed = [first]
    for folder, pages in (("skeleton", skeleton(site)), ("bare", {})):
        try:
            built = _alone(site, name, root / folder, pages, bundle, draft=draft)
        except hugo.TimedOut:
            break
        if built.ran.code == 0:
            return built
        failed.append(built)
    return next((one for one in failed if one.place is not None), first)


def _among_others(
    site: Site, name: str, root: Path, bundle: Mapping[str, bytes], *, draft: bool
) -> tuple[Shortcoming, None] | tuple[None, _Built]:
    """The post in the whole site, or why that tells nothing. Raises Unbuildable."""
    with_it, variables = beside(site, root)
    with_it, left_out = without(site, with_it, root, [site.section_dir / name])
    variables |= left_out | _drafts(draft)
    _put(bundle, root / "content")
    try:
        built = _built(site, with_it, name, root, variables, alone=False)
        if built.ran.code == 0:
            return None, built
        why = breaks(site, [site.section_dir / name])
    except hugo.TimedOut as late:
        return _unchecked(late.message), None
    if why is None:
        raise _refused(built.ran, root)
    return _unchecked(f"the site cannot be built without it, either: {why}", _AT_FAULT), None


def _drafts(draft: bool) -> dict[str, str]:
    return {"HUGO_BUILDDRAFTS": "true"} if draft else {}


def _refused(ran: hugo.Ran, root: Path) -> Unbuildable:
    problem = f"Hugo cannot build the post: {ran.complaint.replace(str(root), '…')}"
    return Unbuildable(problem, "Fix the archetype, or the template that it names.")


def _unchecked(why: str, remedy: str = "Look at it with hugo server.") -> Shortcoming:
    return Shortcoming(f"The post was not checked: {why.rstrip('.')}.", remedy)


def _proof(
    site: Site,
    name: str,
    files: Mapping[str, bytes],
    details: Details,
    built: _Built,
    root: Path,
    now: datetime,
) -> Proof:
    url = (built.row.get("permalink") or None) if built.row else None
    if built.place is None:
        return Proof(url, (why_hidden(site, name, built.row, now) or _unproved(built.ran, root),))
    _check_place(built, alone=not any(site.is_other_languages(file) for file in files))
    unlisted = [not_listed(site)] if built.row is None else []
    page = html_reader.read(built.place)
    label = _label(files[site.index_name].decode(), details)
    labelled = label is None or page.says(label)
    lost = [] if labelled or label is None else [_label_lost(label)]
    return Proof(url, (*unlisted, *pictures_lost(page, name, files, site), *lost), labelled)


def _put(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@dataclass(frozen=True, slots=True)
class _Built:
    ran: hugo.Ran
    row: Mapping[str, str] | None
    """What `hugo list all` tells of the post."""
    place: Place | None
    """Of its page."""


def _built(
    site: Site, with_it: hugo.Hugo, name: str, root: Path, variables: Mapping[str, str], *, alone: bool = True
) -> _Built:
    public, key = root / "public", site.language_key
    ran = hugo.build(with_it, public, variables, alone=alone, seconds=hugo.TRIAL_S if alone else WHOLE_S)
    try:
        rows = [row for row in hugo.list_pages(with_it, variables) if name in row.get("path", "")]
    except SetupError:
        rows = []
    # Translations beside it are in the list, too.
    row = next((row for row in rows if row["path"].endswith(f"/{site.index_name}")), next(iter(rows), None))
    url = row.get("permalink") if row else None
    place = html_reader.place_of(url, public, key) if url else None
    if row is None and ran.code == 0:
        # A page that is kept out of all lists is not in this one, either.
        page = next((f for f in (*public.rglob(f"*{name}/index.html"), *public.rglob(f"*{name}.html"))), None)
        url = f"/{page.relative_to(public).as_posix().removesuffix('index.html')}" if page else None
        place = html_reader.place_of(url, public, key) if url else None
    return _Built(ran, row, place)


def _check_place(built: _Built, *, alone: bool) -> None:
    """Raises SetupError where the post has the URL of a section, a list of tags, the home page, or a translation."""
    place = built.place
    path = f"/{place.file.relative_to(place.root).as_posix()}" if place else ""
    if any(f"Duplicate target paths: {path} " in line for line in built.ran.warnings):
        raise SetupError(
            f"The post has the URL of a page that {'the site makes itself' if alone else 'is there'}: "
            f"{path.removesuffix('index.html')}.",
            "Let the archetype say `url: {{ $post.name }}`.",
        )


def _unproved(ran: hugo.Ran, root: Path) -> Shortcoming:
    no_template = " (has the site a template for single pages?)"
    reason = f": {ran.complaint}" if ran.code != 0 else no_template
    problem = f"The post could not be proved to show{reason.replace(str(root), '…')}."
    return Shortcoming(problem, "Look at it with hugo server.")


def _label_lost(label: str) -> Shortcoming:
    return Shortcoming(
        f"The site's `details` shortcode loses the label “{label}”.", "Check layouts/shortcodes/details.html."
    )


def _label(markdown: str, details: Details) -> str | None:
    """The label of the first folded abstract, as the archetype wrote it."""
    first_line = (
        details.open.splitlines()[-1] if "%s" not in details.open.splitlines()[0] else details.open.splitlines()[0]
    )
    pattern = re.escape(first_line).replace(re.escape("%[1]s"), "%s").replace("%s", "(.+?)", 1).replace("%s", ".+?")
    found = re.search(rf"^{pattern}$", markdown, re.MULTILINE)
    return found[1] if found else None

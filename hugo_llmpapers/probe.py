"""Proof that the post will show: a build of it alone, with the site's real configuration and layouts.

What a reader would miss is said: no page, no picture, a label that the site's shortcode lost. Nothing is left in the
site.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from hugo_llmpapers import hugo, shown
from hugo_llmpapers.details import Details
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.hidden import Lack, index_pages, not_listed, skeleton, why_hidden
from hugo_llmpapers.pictures import pictures_lost
from hugo_llmpapers.scratch import redirected
from hugo_llmpapers.shown import Place
from hugo_llmpapers.site import Site
from hugo_llmpapers.temporary import temporary_folder

NO_LABEL = Lack(
    "The site's `details` shortcode shows no label, so the post does without it.",
    'Let layouts/shortcodes/details.html show `.Get "summary"`, or `.Get 0`.',
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the build showed."""

    url: str | None
    """The post's permalink; None where Hugo does not tell."""
    lacks: tuple[Lack, ...]
    """What a reader would miss; empty if all is there."""
    labelled: bool = True
    """Whether the folded abstracts have their label, as far as one can tell."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The same, each in one line with its remedy."""
        return tuple(f"{lack.problem} {lack.remedy}" for lack in self.lacks)


def prove(site: Site, name: str, files: Mapping[str, bytes], details: Details, *, draft: bool, now: datetime) -> Proof:
    """Builds the bundle `name` of these files, below what the site's own index pages say of it.

    Raises SetupError where the post itself breaks the build, or would take the place of another page.
    """
    with temporary_folder() as root:
        variables = redirected(site, root, "content") | ({"HUGO_BUILDDRAFTS": "true"} if draft else {})
        bundle = {f"{site.section}/{name}/{file}": content for file, content in files.items()}
        for pages in (index_pages, skeleton, _none):
            # Themes may want more of the site than there is around the post, and index pages more of the theme.
            shutil.rmtree(root / "content")
            _put({path: head.encode() for path, head in pages(site).items()} | bundle, root / "content")
            built = _built(site, name, root, variables)
            if built.place is not None or built.ran.code == 0:
                break
        _check_build(built.ran, name, root)
        url = (built.row.get("permalink") or None) if built.row else None
        if built.place is not None:
            _check_place(built, alone=not any(site.is_other_languages(file) for file in files))
            unlisted = [not_listed(site)] if built.row is None else []
            page = shown.read(built.place)
            label = _label(files[site.index_name].decode(), details)
            labelled = label is None or page.says(label)
            lost = [] if labelled or label is None else [_label_lost(label)]
            return Proof(url, (*unlisted, *pictures_lost(page, name, files, site), *lost), labelled)
        return Proof(url, (why_hidden(site, name, built.row, now) or _unproved(built.ran, root),))


def _none(_: Site) -> dict[str, str]:
    return {}


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


def _built(site: Site, name: str, root: Path, variables: Mapping[str, str]) -> _Built:
    public, key = root / "public", site.language_key
    ran = hugo.build(site.hugo, public, variables)
    try:
        rows = [row for row in hugo.list_pages(site.hugo, variables) if name in row.get("path", "")]
    except SetupError:
        rows = []
    # Translations beside it are in the list, too.
    row = next((row for row in rows if row["path"].endswith(f"/{site.index_name}")), next(iter(rows), None))
    url = row.get("permalink") if row else None
    place = shown.place_of(url, public, key) if url else None
    if row is None and ran.code == 0:
        # A page that is kept out of all lists is not in this one, either.
        page = next((f for f in (*public.rglob(f"*{name}/index.html"), *public.rglob(f"*{name}.html"))), None)
        url = f"/{page.relative_to(public).as_posix().removesuffix('index.html')}" if page else None
        place = shown.place_of(url, public, key) if url else None
    return _Built(ran, row, place)


def _check_build(ran: hugo.Ran, name: str, root: Path) -> None:
    """Raises SetupError where the post is what Hugo stops at, so that it would take the whole site with it."""
    if ran.code != 0 and (name in ran.complaint or "front matter" in ran.complaint):
        problem = f"Hugo cannot build the post: {ran.complaint.replace(str(root), '…')}"
        raise SetupError(problem, "Mend the archetype, or the template that it names.")


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


def _unproved(ran: hugo.Ran, root: Path) -> Lack:
    no_template = " (has the site a template for single pages?)"
    reason = f": {ran.complaint}" if ran.code != 0 else no_template
    problem = f"The post could not be proved to show{reason.replace(str(root), '…')}."
    return Lack(problem, "Look at it with hugo server.")


def _label_lost(label: str) -> Lack:
    return Lack(f"The site's `details` shortcode loses the label “{label}”.", "Check layouts/shortcodes/details.html.")


def _label(markdown: str, details: Details) -> str | None:
    """The label of the first folded abstract, as the archetype wrote it."""
    first_line = (
        details.open.splitlines()[-1] if "%s" not in details.open.splitlines()[0] else details.open.splitlines()[0]
    )
    pattern = re.escape(first_line).replace(re.escape("%[1]s"), "%s").replace("%s", "(.+?)", 1).replace("%s", ".+?")
    found = re.search(rf"^{pattern}$", markdown, re.MULTILINE)
    return found[1] if found else None

"""Proof that the post will show: a build of it alone, with the site's real configuration and layouts.

What a reader would miss is said: no page, no picture, a label that the site's shortcode lost. Nothing is left in the
site.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hugo_llmpapers import hugo
from hugo_llmpapers.details import Details
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.hidden import Lack, ignored, index_pages, not_listed, why_hidden
from hugo_llmpapers.scratch import redirected
from hugo_llmpapers.site import Site


@dataclass(frozen=True, slots=True)
class Proof:
    """What the build showed."""

    url: str | None
    """The post's permalink; None where Hugo does not tell."""
    lacks: tuple[Lack, ...]
    """What a reader would miss; empty if all is there."""

    @property
    def missing(self) -> tuple[str, ...]:
        """The same, each in one line with its remedy."""
        return tuple(f"{lack.problem} {lack.remedy}" for lack in self.lacks)


def prove(site: Site, name: str, files: Mapping[str, bytes], details: Details, *, draft: bool, now: datetime) -> Proof:
    """Builds the bundle `name` of these files, below what the site's own index pages say of it.

    Raises SetupError where the post itself breaks the build.
    """
    with tempfile.TemporaryDirectory(prefix="hugo-llmpapers-") as scratch:
        root = Path(scratch)
        variables = redirected(site, root, "content") | ({"HUGO_BUILDDRAFTS": "true"} if draft else {})
        above = index_pages(site)
        _put({f"{site.section}/{name}/{file}": content for file, content in files.items()}, root / "content")
        _put({path: head.encode() for path, head in above.items()}, root / "content")
        ran, row, page = _built(site, name, root, variables)
        if page is None and ran.code != 0 and above:
            # Index pages may want more of the site than there is here.
            for path in above:
                (root / "content" / path).unlink()
            ran, row, page = _built(site, name, root, variables)
        url = (row.get("permalink") or None) if row else None
        if page is not None:
            unlisted = [not_listed(site)] if row is None else []
            return Proof(url, (*unlisted, *_missing(page, root / "public", name, files, details, site)))
        if ran.code != 0 and name in ran.complaint:
            raise SetupError(
                f"Hugo cannot build the post: {ran.complaint.replace(str(root), '…')}", "Mend the archetype."
            )
        return Proof(url, (why_hidden(site, name, row, now) or _unproved(ran, root),))


def _put(files: Mapping[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _built(
    site: Site, name: str, root: Path, variables: Mapping[str, str]
) -> tuple[hugo.Ran, Mapping[str, str] | None, Path | None]:
    """What Hugo said, its row of the post, and the post's page."""
    public = root / "public"
    ran = hugo.build(site.hugo, public, variables)
    try:
        rows = [row for row in hugo.list_pages(site.hugo, variables) if name in row.get("path", "")]
    except SetupError:
        rows = []
    # Translations beside it are in the list, too.
    own = (row for row in rows if row["path"].endswith(f"/{site.index_name}"))
    row = next(own, next(iter(rows), None))
    page = _page(public, row.get("permalink"), site) if row else None
    if row is None and ran.code == 0:
        # A page that is kept out of all lists is not in this one, either.
        page = next((f for f in (*public.rglob(f"*{name}/index.html"), *public.rglob(f"*{name}.html"))), None)
    return ran, row, page


def _unproved(ran: hugo.Ran, root: Path) -> Lack:
    no_template = " (has the site a template for single pages?)"
    reason = f": {ran.complaint}" if ran.code != 0 else no_template
    problem = f"The post could not be proved to show{reason.replace(str(root), '…')}."
    return Lack(problem, "Look at it with hugo server.")


def _page(public: Path, url: str | None, site: Site) -> Path | None:
    if not url:
        return None
    base = urlsplit(str(site.config.get("baseurl", ""))).path.rstrip("/")
    path = unquote(urlsplit(url).path).removeprefix(base).strip("/")
    for candidate in (public / path / "index.html", public / path):
        if candidate.is_file():
            return candidate
    return None


def _missing(
    page: Path, public: Path, name: str, files: Mapping[str, bytes], details: Details, site: Site
) -> Iterator[Lack]:
    images = [file for file in files if file.endswith(".png")]
    # Themes resize and convert, so the name's beginning is all that one can ask for.
    lost = [file for file in images if not any(public.rglob(f"{Path(file).stem}*"))]
    if lost:
        problem = f"The site does not publish {', '.join(lost)}."
        remedy = "Check that its theme shows images of page bundles."
        yield ignored(site, name, lost[0]) or Lack(problem, remedy)
    text = html.unescape(page.read_text(encoding="utf-8", errors="replace"))
    label = _label(files[site.index_name].decode(), details)
    if label is not None and label not in text:
        problem = f"The site's `details` shortcode loses the label “{label}”."
        yield Lack(problem, "Check layouts/shortcodes/details.html.")


def _label(markdown: str, details: Details) -> str | None:
    """The label of the first folded abstract, as the archetype wrote it."""
    first_line = (
        details.open.splitlines()[-1] if "%s" not in details.open.splitlines()[0] else details.open.splitlines()[0]
    )
    pattern = re.escape(first_line).replace(re.escape("%[1]s"), "%s").replace("%s", "(.+?)", 1).replace("%s", ".+?")
    found = re.search(rf"^{pattern}$", markdown, re.MULTILINE)
    return found[1] if found else None

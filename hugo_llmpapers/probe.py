"""Proof that the post will show: a build of it alone, with the site's real configuration and layouts.

What a reader would miss is said: no page, no picture, a label that the site's shortcode lost. Nothing is left in the
site.
"""

from __future__ import annotations

import html
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hugo_llmpapers import hugo
from hugo_llmpapers.details import Details
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.scratch import redirected
from hugo_llmpapers.site import Site


@dataclass(frozen=True, slots=True)
class Proof:
    """What the build showed."""

    url: str | None
    """The post's permalink; None where Hugo does not tell."""
    missing: tuple[str, ...]
    """What a reader would miss, each in one line with its remedy; empty if all is there."""


def prove(site: Site, name: str, files: Mapping[str, bytes], details: Details, *, draft: bool) -> Proof:
    """Builds the bundle `name` of these files. Raises SetupError where the post itself breaks the build."""
    with tempfile.TemporaryDirectory(prefix="hugo-llmpapers-") as scratch:
        root = Path(scratch)
        variables = redirected(site, root, "content")
        if draft:
            variables["HUGO_BUILDDRAFTS"] = "true"
        bundle = root / "content" / site.section_dir.name / name
        bundle.mkdir(parents=True)
        for file, content in files.items():
            (bundle / file).parent.mkdir(parents=True, exist_ok=True)
            (bundle / file).write_bytes(content)
        ran = hugo.build(site.hugo, root / "public", variables)
        rows = [row for row in hugo.list_pages(site.hugo, variables) if name in row.get("path", "")]
        # Translations beside it are in the list, too.
        row = next((row for row in rows if row["path"].endswith(f"/{site.index_name}")), next(iter(rows), {}))
        url = row.get("permalink")
        page = _page(root / "public", url, site)
        if page is None:
            if ran.code != 0 and name in ran.complaint:
                raise SetupError(
                    f"Hugo cannot build the post: {ran.complaint.replace(str(root), '…')}", "Mend the archetype."
                )
            no_template = " (has the site a template for single pages?)"
            reason = f": {ran.complaint}" if ran.code != 0 else no_template
            return Proof(
                url,
                (
                    f"The post could not be proved to show{reason.replace(str(root), '…')}. Look at it with hugo server.",
                ),
            )
        return Proof(url, tuple(_missing(page, root / "public", files, details, site)))


def _page(public: Path, url: str | None, site: Site) -> Path | None:
    if not url:
        return None
    base = urlsplit(str(site.config.get("baseurl", ""))).path.rstrip("/")
    path = unquote(urlsplit(url).path).removeprefix(base).strip("/")
    for candidate in (public / path / "index.html", public / path):
        if candidate.is_file():
            return candidate
    return None


def _missing(page: Path, public: Path, files: Mapping[str, bytes], details: Details, site: Site) -> list[str]:
    found = []
    images = [name for name in files if name.endswith(".png")]
    # Themes resize and convert, so the name's beginning is all that one can ask for.
    lost = [name for name in images if not any(public.rglob(f"{Path(name).stem}*"))]
    if lost:
        found.append(f"The site does not publish {', '.join(lost)}: check that its theme shows images of page bundles.")
    text = html.unescape(page.read_text(encoding="utf-8", errors="replace"))
    label = _label(files[site.index_name].decode(), details)
    if label is not None and label not in text:
        found.append(
            f"The site's `details` shortcode loses the label “{label}”: check layouts/shortcodes/details.html."
        )
    return found


def _label(markdown: str, details: Details) -> str | None:
    """The label of the first folded abstract, as the archetype wrote it."""
    first_line = (
        details.open.splitlines()[-1] if "%s" not in details.open.splitlines()[0] else details.open.splitlines()[0]
    )
    pattern = re.escape(first_line).replace(re.escape("%[1]s"), "%s").replace("%s", "(.+?)", 1).replace("%s", ".+?")
    found = re.search(rf"^{pattern}$", markdown, re.MULTILINE)
    return found[1] if found else None

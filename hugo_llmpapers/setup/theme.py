"""What the site and its theme make of a post's front matter: its format, and where a picture is named.

Themes are judged by what their templates read, as their names say little: forks, renamed folders, the site's own
layouts. https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.post import archetype
from hugo_llmpapers.site import files
from hugo_llmpapers.site.front_matter import Format, format_of
from hugo_llmpapers.site.site import Site

_COVERS = (
    "cover.image",
    "featured_image",
    "featuredImage",
    "featureImage",
    "featuredImg",
    "coverImage",
    "cover",
    "image",
    "thumbnail",
    "images",
)
"""Entries for a post's picture, the most telling first."""
_CARDS = re.compile(r"_internal/(?:opengraph|twitter_cards)|partial \"(?:opengraph|twitter_cards)\.html\"")
"""Hugo's own templates, which read `images`."""
_PAGES_LOOKED_AT = 50
_HEAD_CHARS = 64


@dataclass(frozen=True, slots=True)
class Cover:
    """How the templates learn of a post's picture."""

    key: str
    """The entry that names it, dotted where it is nested."""
    by_url: bool
    """Whether that is an address in the site, as older themes want it; else a file name in the bundle."""


@dataclass(frozen=True, slots=True)
class Shape:
    """As far as the archetype depends on it."""

    format: Format
    theme: str
    """For a person; empty where the site has none."""
    cover: Cover | None
    """None where the templates read no entry that we know."""
    page_bundles: bool
    """Whether pictures beside the page are found only with `usePageBundles: true`."""


def look(site: Site, module_dirs: Sequence[Path]) -> Shape:
    """At the site and what it is made of. `module_dirs`: site, themes, modules."""
    templates = [files.text(file) for folder in module_dirs for file in files.regular(folder / "layouts", ".html")]
    asked_for = any("usePageBundles" in text for text in templates)
    return Shape(
        format=_format(site),
        theme=", ".join(_themes(site.config)),
        cover=cover_in(templates),
        page_bundles=asked_for and not (site.config.get("params") or {}).get("usepagebundles"),
    )


def cover_in(templates: Sequence[str]) -> Cover | None:
    """What these templates read of a page to show its picture."""
    for key in _COVERS:
        if reading := [text for text in templates if _reads(text, key)]:
            in_bundle = any(".Resources" in text for text in reading)
            return Cover(key, not in_bundle and any(re.search(r"\b(?:rel|abs)URL\b", text) for text in reading))
    return None


def _reads(text: str, key: str) -> bool:
    """Whether a template reads an entry of the page, not of the site; Hugo does not tell upper and lower case apart."""
    read = rf"(?<!site)\.(?:Params\.|Param(?:s)?\s+\"|Param\.){re.escape(key)}(?![\w.])"
    return re.search(read, text, re.IGNORECASE) is not None or (key == "images" and _CARDS.search(text) is not None)


def _themes(config: Mapping[str, Any]) -> Iterator[str]:
    named = config.get("theme") or ()
    imports = [str(module.get("path", "")) for module in (config.get("module") or {}).get("imports") or ()]
    for path in dict.fromkeys([*([named] if isinstance(named, str) else named), *imports]):
        parts = [part for part in re.split(r"[/\\]", str(path)) if part and not re.fullmatch(r"v\d+", part)]
        yield from parts[-1:]


def _format(site: Site) -> Format:
    """As most pages of the section have it, else those of the site, else its archetypes; YAML where nothing tells."""
    for folder in (site.section_dir, *site.language_dirs, archetype.home(site)):
        pages = files.regular(folder, ".md")[: -_PAGES_LOOKED_AT - 1 : -1]
        found = Counter(kind for path in pages if (kind := format_of(files.text(path)[:_HEAD_CHARS])) is not None)
        if found:
            return found.most_common(1)[0][0]
    return "yaml"

"""What the site's theme and pages expect of a post: the front matter format and the key for a cover picture.

Themes are recognised by what their templates read, as names are unreliable: there are forks, renamed folders, and the
site's own layouts. https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.post import archetype
from hugo_llmpapers.site import files
from hugo_llmpapers.site.front_matter import Format, format_of
from hugo_llmpapers.site.site import Site

_COVER_KEYS = (
    "cover.image featured_image featuredImage featureImage featuredImg coverImage cover image thumbnail images".split()
)
"""Front matter keys for a post's picture, the most specific first."""
_SOCIAL_CARDS = re.compile(r"_internal/(?:opengraph|twitter_cards)|partial \"(?:opengraph|twitter_cards)\.html\"")
"""Hugo's own templates, which read `images`."""
_MAX_PAGES = 50


@dataclass(frozen=True, slots=True)
class Cover:
    """How templates find a post's picture."""

    key: str
    """The front matter key, dotted if nested."""
    by_url: bool
    """Whether its value is a URL path in the site, as in older themes; else a file name in the bundle."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What the archetype has to follow."""

    format: Format
    theme: str
    """Names of the site's themes, for messages; empty if it has none."""
    cover: Cover | None
    """None if the templates read no key that we know."""
    page_bundles: bool
    """Whether pictures of the bundle are shown only with `usePageBundles: true`."""


def detect(site: Site, module_dirs: Sequence[Path]) -> Conventions:
    """Read the site's templates and pages. `module_dirs`: folders of the site, its themes and modules."""
    templates = [files.read_text(file) for file in files.list_templates(module_dirs)]
    is_set = (site.config.get("params") or {}).get("usepagebundles")
    return Conventions(
        format=_format(site),
        theme=", ".join(_theme_names(site)),
        cover=find_cover(templates),
        page_bundles=not is_set and any("usePageBundles" in text for text in templates),
    )


def find_cover(templates: Sequence[str]) -> Cover | None:
    """Return how these templates find a post's picture."""
    for key in _COVER_KEYS:
        if reading := [text for text in templates if _reads(text, key)]:
            in_bundle = any(".Resources" in text for text in reading)
            return Cover(key, not in_bundle and any(re.search(r"\b(?:rel|abs)URL\b", text) for text in reading))
    return None


def _reads(text: str, key: str) -> bool:
    """Return whether a template reads a key of the page's front matter, not of the site's; Hugo ignores case."""
    read = rf"(?<!site)\.(?:Params\.|Param(?:s)?\s+\"|Param\.){re.escape(key)}(?![\w.])"
    return bool(re.search(read, text, re.IGNORECASE) or (key == "images" and _SOCIAL_CARDS.search(text)))


def _theme_names(site: Site) -> Iterator[str]:
    """Yield the last part of each theme's path that is not a version."""
    for path in site.themes:
        parts = [part for part in re.split(r"[/\\]", path) if part and not re.fullmatch(r"v\d+", part)]
        yield from parts[-1:]


def _format(site: Site) -> Format:
    """Return the format of most pages in the section, else on the site, else of its archetypes, else YAML."""
    for folder in (site.section_dir, *site.language_dirs, archetype.home(site)):
        pages = files.list_files(folder, ".md")[: -_MAX_PAGES - 1 : -1]
        formats = Counter(kind for path in pages if (kind := format_of(files.read_text(path))))
        if formats:
            return formats.most_common(1)[0][0]
    return "yaml"

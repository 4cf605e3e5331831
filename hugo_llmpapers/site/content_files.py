"""Which files in a site's content are pages.

https://gohugo.io/content-management/formats/#classification. The suffixes are those in Hugo's media/builtin.go of the media
types in its media/config.go. Content adapters (`_content.gotmpl`) are programs, not pages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

_TYPES = ("text/html", "text/markdown", "text/asciidoc", "text/pandoc", "text/rst", "text/org")
"""The default of `contentTypes`, which came with Hugo 0.144."""
SUFFIXES = frozenset(
    ["html", "htm", "md", "mdown", "markdown", "adoc", "asciidoc", "ad", "pandoc", "pdc", "rst", "rest", "org"]
)
"""The suffixes of Hugo's content formats; `rest` until 0.130."""


def suffixes(config: Mapping[str, Any]) -> frozenset[str]:
    """Return the suffixes of pages by a site's configuration, in lower case and without a dot.

    Those that the site removes from a format are included: pages of an older configuration count, too.
    """
    media = config.get("mediatypes")
    if not isinstance(media, Mapping):
        return SUFFIXES
    types = (media.get(name) for name in config.get("contenttypes") or _TYPES)
    lists = (one.get("suffixes") for one in types if isinstance(one, Mapping))
    return SUFFIXES | {str(suffix).lower() for each in lists if isinstance(each, list) for suffix in each}


def is_content(name: str, known: Collection[str] = SUFFIXES) -> bool:
    """Return whether a file of this name is a page. Hugo ignores case."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and suffix.lower() in known


def is_index(name: str) -> bool:
    """Return whether a file of this name makes its folder a single page: `index.md`, `index.en.html`."""
    return name.lower().startswith("index.") and is_content(name)

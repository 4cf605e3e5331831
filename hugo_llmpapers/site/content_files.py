"""Which files of a site's content are text, whoever wrote them.

https://gohugo.io/content-management/formats/#classification; the suffixes are those of Hugo's media/builtin.go for the
media types in its media/config.go. A content adapter (`_content.gotmpl`) is a program, not a text.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import PurePath
from typing import Any

_TYPES = ("text/html", "text/markdown", "text/asciidoc", "text/pandoc", "text/rst", "text/org")
"""What Hugo takes where the configuration names no `contentTypes`, which came with 0.144."""
SUFFIXES = frozenset(
    {"html", "htm", "md", "mdown", "markdown", "adoc", "asciidoc", "ad", "pandoc", "pdc", "rst", "rest", "org"}
)
"""Of Hugo's content formats; `rest` until 0.130."""


def suffixes(config: Mapping[str, Any]) -> frozenset[str]:
    """The suffixes of content files, in lower case and without a dot, by a site's configuration.

    Those that the site takes away from a format stay in: what an older configuration published counts, too.
    """
    media = config.get("mediatypes")
    types = config.get("contenttypes") or _TYPES
    if not isinstance(media, Mapping):
        return SUFFIXES
    named = (media.get(name) for name in types)
    lists = (one.get("suffixes") for one in named if isinstance(one, Mapping))
    return SUFFIXES | {str(suffix).lower() for each in lists if isinstance(each, list) for suffix in each}


def is_content(name: str, known: Collection[str] = SUFFIXES) -> bool:
    """Whether a file of this name is text for a page. Hugo does not tell upper and lower case apart."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and suffix.lower() in known


def is_index(name: str) -> bool:
    """Whether a file of this name makes its folder one page: `index.md`, `index.en.html`."""
    return PurePath(name).name.lower().startswith("index.") and is_content(name)

"""The site and the blog in it: where posts go, in which language and time zone, and what the owner set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.files import suffixes
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.language import default_language
from hugo_llmpapers.site.mounts import Mount
from hugo_llmpapers.web.cache import Cache


@dataclass(frozen=True, slots=True)
class Site:
    """A Hugo site, as far as writing a post depends on it."""

    hugo: Hugo
    config: Mapping[str, Any]
    """What `hugo config` prints for the post's language; keys in lower case."""
    language: str
    """The post's."""
    language_key: str | None
    """The language's name in the configuration; None on a site with one language."""
    languages: tuple[str, ...]
    """All names in the configuration; empty on a site with one language."""
    section: str
    """The post's, as a path below `content`: `posts`, `blog/papers`."""
    section_dir: Path
    """The folder of the post's bundle."""
    mount: Mount
    """The content folder that section_dir is in."""
    language_dirs: tuple[Path, ...]
    """Those of content_dirs that hold pages in the post's language."""
    content_dirs: tuple[Path, ...]
    """All folders that are mounted as content, for any language, whether they exist or not."""
    own_mounts: bool
    """Whether the configuration has module mounts, in which case Hugo ignores settings such as `contentDir`."""
    zone: tzinfo | None
    """The site's `timeZone`; None if it is not set, in which case Hugo takes a bare date for UTC."""
    cache: Cache
    """The cache of answers and of other files."""
    by_file_name: bool
    """Whether translations share a folder, so that files in this language are called `index.en.md`."""

    @property
    def root(self) -> Path:
        """The site's root folder."""
        return self.hugo.source

    @property
    def local_zone(self) -> bool:
        """Whether a bare date is read in the time zone of the machine that builds the site."""
        return self.config.get("timezone") == "Local"

    @property
    def index_name(self) -> str:
        """The file name of a bundle's page."""
        return f"index.{self.language_key}.md" if self.by_file_name else "index.md"

    def belongs_to_translation(self, name: str) -> bool:
        """Return whether a file of a bundle belongs to a translation of the post: `index.en.md`, `paper_1.en.png`.

        The post's own files may carry its language even if they need not: `index.ja.md`.
        """
        written = next((key for key in self.languages if f".{key.lower()}." in name.lower()), None)
        ours = {self.language_key} if self.by_file_name else {None, self.language_key}
        return bool(self.languages) and written not in ours

    def is_default_page(self, name: str) -> bool:
        """Return whether a file of a bundle is its page in the site's default language."""
        return name in ("index.md", f"index.{default_language(self.config)}.md")

    def is_in_language(self, page: Path) -> bool:
        """Return whether a content file is in the post's language, by its folder and its name."""
        in_folder = any(page.is_relative_to(folder) for folder in self.language_dirs)
        return in_folder and not self.belongs_to_translation(page.name)

    def image_name(self, number: int, variant: int = 1) -> str:
        """Return the file name of the picture of the post's paper with this number, from 1.

        `variant`: from 2, if pages in other languages show another picture under the name.
        """
        stem = f"paper_{number}" if variant == 1 else f"paper_{number}-{variant}"
        return f"{stem}.{self.language_key}.png" if self.by_file_name else f"{stem}.png"

    @property
    def themes(self) -> tuple[str, ...]:
        """The names of the site's themes and the paths of its module imports."""
        theme, module = self.config.get("theme") or (), self.config.get("module") or {}
        imports = (str(one.get("path", "")) for one in module.get("imports") or ())
        return tuple(dict.fromkeys((*([theme] if isinstance(theme, str) else theme), *imports)))

    @property
    def content_suffixes(self) -> frozenset[str]:
        """The suffixes of the site's content files, in lower case and without a dot."""
        return suffixes(self.config)


@dataclass(frozen=True, slots=True)
class Blog:
    """The site, its owner's settings, and the time that counts as now."""

    site: Site
    settings: Settings
    origins: Mapping[str, str]
    """What set each setting, by its name in the configuration."""
    now: datetime
    ignored_settings: tuple[str, ...] = ()
    """Settings of a theme or module that only the site's owner may set: `endpoints.arxiv`."""

    @property
    def language(self) -> str:
        """The language of post and summaries."""
        return self.settings.language or self.site.language

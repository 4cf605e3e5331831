"""The site and the blog in it: where posts go, in which language and time zone, and what the owner set.

Read through `hugo config`, so configuration directories, environments, themes and HUGO_… variables count as in Hugo.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.cache_location import cache_folders, default_folder
from hugo_llmpapers.site.config.config_files import config_files, named_files, omitted_zero_values, set_by
from hugo_llmpapers.site.config.owner_settings import own_config, split_by_owner
from hugo_llmpapers.site.config.settings import SETTINGS, THEMES_MAY_SET, ReadSettings, SetBy, Settings, read
from hugo_llmpapers.site.content_files import suffixes
from hugo_llmpapers.site.hugo import Configuration, Hugo
from hugo_llmpapers.site.modules import check_for_pipes
from hugo_llmpapers.site.mounts import Mount, content_mounts, has_mounts, mount_of
from hugo_llmpapers.web.cache import Cache

T = TypeVar("T")


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
    cache_dir: Path
    by_file_name: bool
    """Whether translations share a folder, so that files in this language are called `index.en.md`."""
    older_cache_dir: Path | None = None
    """Where an earlier version kept answers; None if that is cache_dir."""

    @property
    def root(self) -> Path:
        """The site's root folder."""
        return self.hugo.source

    @property
    def cache(self) -> Cache:
        """The cache of answers and of other files."""
        return Cache(self.cache_dir, self.older_cache_dir)

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
        return name in ("index.md", f"index.{_default_language(self.config)}.md")

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


class Opened(NamedTuple):
    """A blog as far as its configuration is valid."""

    blog: Blog
    problems: tuple[Failure, ...]
    """What is invalid in settings, language, time zone, cache folder and section; a default stands in for each."""


def open_blog(site_hugo: Hugo, flags: Mapping[str, Any], now: datetime) -> Blog:
    """Return the blog in `site_hugo.source`. Raises SetupError or UsageError.

    `flags`: values from the command line by field of Settings.
    """
    opened = open_with_problems(site_hugo, flags, now)
    if opened.problems:
        raise opened.problems[0]
    return opened.blog


def open_with_problems(site_hugo: Hugo, flags: Mapping[str, Any], now: datetime) -> Opened:
    """Return the blog and all that is invalid. Raises SetupError if there is no site, or Hugo cannot read it."""
    files = _config_files(site_hugo)
    config, found = _read(site_hugo, files, flags, None)
    problems: list[Failure] = []

    def attempt(get: Callable[[], T]) -> T | None:
        try:
            return get()
        except SetupError as failure:
            problems.append(failure)
            return None

    valid = attempt(lambda: _language(found.settings, config))
    language, key = valid or _language(Settings(), config)
    if key is not None:
        # Older Hugos mix the languages' settings unless one is named.
        config, found = _read(site_hugo, files, flags, key)
    settings = found.settings if valid else replace(found.settings, languages=())
    site = _site(
        site_hugo,
        config,
        language=(language, key),
        own_mounts=any(has_mounts(file) for file in files),
        zone=attempt(lambda: _zone(config)),
        cache=attempt(lambda: cache_folders(settings.cache_dir, config, site_hugo.source)),
        section=settings.section or attempt(lambda: _main_section(config)) or "posts",
    )
    return Opened(Blog(site, settings, found.origins, now, found.ignored), (*found.problems, *problems))


def _config_files(site_hugo: Hugo) -> list[Path]:
    """Raises SetupError if there is none, or one that Hugo would ignore or wait for without end."""
    root = site_hugo.source
    if missing := [name for name in named_files(site_hugo) if not (root / name).is_file()]:
        raise SetupError(f"{root / missing[0]} was not found.", "Hugo ignores it silently; name a file with --config.")
    files = list(config_files(root, site_hugo))
    if not files:
        raise SetupError(
            f"{root} is not a Hugo site: it has no hugo.toml, hugo.yaml, config.toml or config folder.",
            "Run this inside the site, or name it with --source.",
        )
    check_for_pipes((), (root / "config",))
    return files


def _read(
    site_hugo: Hugo, files: list[Path], flags: Mapping[str, Any], language: str | None
) -> tuple[Mapping[str, Any], ReadSettings]:
    """Return the configuration for a language (None: the default one) and the settings in it."""
    merged = hugo.config(site_hugo, language)
    own = own_config(site_hugo, merged, language)
    table, owners = _table(merged), _table(own)
    if table is None or owners is None:
        no_table = SetupError("params.llmpapers is not a table.", "See the README for its settings.")
        return merged.values, ReadSettings(Settings(), dict.fromkeys(SETTINGS, "default"), (no_table,))
    if not own.prints_zero_values:
        owners = omitted_zero_values(files, owners) | dict(owners)
    values, ignored = split_by_owner(table, owners)

    def origin(key: str) -> SetBy:
        if key in THEMES_MAY_SET and key.lower() not in owners:
            return SetBy("a theme or module")
        return set_by(key, files, site_hugo.environ)

    return merged.values, replace(read(values, flags, origin), ignored=ignored)


def _table(configuration: Configuration) -> Mapping[str, Any] | None:
    """Return `params.llmpapers`, empty if it is not set; None if it is not a table."""
    table = (configuration.values.get("params") or {}).get("llmpapers") or {}
    return table if isinstance(table, Mapping) else None


def _site(
    site_hugo: Hugo,
    config: Mapping[str, Any],
    *,
    language: tuple[str, str | None],
    section: str,
    own_mounts: bool,
    zone: tzinfo | None,
    cache: tuple[Path, Path | None] | None,
) -> Site:
    """`language` and `cache` are what `_language` and `cache_folders` return; None: the default."""
    root, key = site_hugo.source, language[1] or _default_language(config)
    mounts = list(content_mounts(config, root))
    ours = [mount for mount in mounts if not mount.languages or key in mount.languages]
    mount = mount_of(section, ours, root)
    cache_dir, older_cache_dir = cache or (default_folder(config, root), None)
    return Site(
        hugo=site_hugo,
        config=config,
        language=language[0],
        language_key=language[1],
        languages=_languages(config),
        section=section,
        section_dir=mount.source / section[len(mount.target) :].strip("/"),
        mount=mount,
        language_dirs=tuple(mount.source for mount in ours),
        content_dirs=tuple(dict.fromkeys(mount.source for mount in mounts)),
        own_mounts=own_mounts,
        zone=zone,
        cache_dir=cache_dir,
        by_file_name=key != _default_language(config) and not mount.languages,
        older_cache_dir=older_cache_dir,
    )


def _default_language(config: Mapping[str, Any]) -> str:
    return str(config.get("defaultcontentlanguage", "en"))


def _languages(config: Mapping[str, Any]) -> tuple[str, ...]:
    languages = tuple(config.get("languages") or ())
    return languages if len(languages) > 1 else ()


def _language(settings: Settings, config: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return the post's language, and its name in the configuration of a site with several. Raises SetupError."""
    default, languages = _default_language(config), _languages(config)
    if not languages:
        if len(settings.languages) > 1:
            raise SetupError(
                f"The site has one language, and `language` names {', '.join(settings.languages)}.",
                "Add `languages` to the site's configuration, or name one of them.",
            )
        # A blog in one language often sets only its locale: `languageCode = "ja-jp"`.
        locale = str(config.get("locale") or config.get("languagecode") or default)
        return settings.language or re.split("[-_]", locale)[0].lower(), None
    code = (settings.language or default).lower()
    key = next((key for key in languages if key.lower() in {code, code.partition("-")[0]}), None)
    if key is None:
        raise SetupError(
            f"The site has no language `{settings.language}`.", f"Its languages are {', '.join(languages)}."
        )
    return key, key


def _main_section(config: Mapping[str, Any]) -> str:
    """Return the section of most posts. Raises SetupError if it leads out of the content folder, as a theme could do."""
    section = str(next(iter(config.get("mainsections") or ()), "posts")).strip("/")
    if not re.fullmatch(r"[^\\:\x00-\x1f]+", section) or {".", "..", ""} & set(section.split("/")):
        raise SetupError("The first of mainSections is not a folder in content.", "Set `section` in params.llmpapers.")
    return section


def _zone(config: Mapping[str, Any]) -> tzinfo | None:
    """Raises SetupError."""
    name = config.get("timezone")
    if not name or name == "Local":
        return None
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        raise SetupError(
            f"timeZone = {name!r} is not a time zone that this machine knows.", "Use an IANA name."
        ) from None

"""The shape of the blog: where posts go, in which language and zone, and what the owner set.

Read through `hugo config`, so configuration directories, environments, themes and HUGO_… variables count as in Hugo.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.cache_location import cache_places, usual_place
from hugo_llmpapers.site.config.config_files import config_files, named_files, omitted_zero_values, origin_of, place_of
from hugo_llmpapers.site.config.owner_settings import own_config, split_by_owner
from hugo_llmpapers.site.config.settings import NAMES, THEMES_MAY_SET, Origin, Reading, Settings, read
from hugo_llmpapers.site.content_files import suffixes
from hugo_llmpapers.site.dates import Moment
from hugo_llmpapers.site.hugo import Configuration, Hugo
from hugo_llmpapers.site.modules import check_for_pipes
from hugo_llmpapers.site.mounts import Mount, content_mounts, mount_of, names_mounts
from hugo_llmpapers.web.cache import Cache


@dataclass(frozen=True, slots=True)
class Site:
    """A Hugo site, as far as writing a post needs to know it."""

    hugo: Hugo
    config: Mapping[str, Any]
    """What `hugo config` says for the post's language; keys in lower case."""
    language: str
    """Of the post."""
    language_key: str | None
    """The language's name in the configuration; None on a site with one language."""
    languages: tuple[str, ...]
    """All names in the configuration; empty on a site with one language."""
    section: str
    """Of the post, as in its path below `content`: `posts`, `blog/papers`."""
    section_dir: Path
    """Where the post's bundle goes."""
    mount: Mount
    """The folder of content that section_dir is in."""
    language_dirs: tuple[Path, ...]
    """Those of content_dirs that hold this language's pages."""
    content_dirs: tuple[Path, ...]
    """Every folder that is mounted as content, all languages, whether it is there already or not."""
    own_mounts: bool
    """Whether the configuration names module mounts, so that the plain folder settings do not count."""
    zone: tzinfo | None
    """The site's `timeZone`. None where none is set: Hugo then takes a bare date for UTC."""
    cache_dir: Path
    by_file_name: bool
    """Whether translations stand beside each other, so that this language's files carry its name: `index.en.md`."""
    older_cache_dir: Path | None = None
    """Where an earlier version kept answers if not in cache_dir."""

    @property
    def root(self) -> Path:
        """The site's root folder."""
        return self.hugo.source

    @property
    def cache(self) -> Cache:
        """Kept answers, and folders for what else is kept."""
        return Cache(self.cache_dir, self.older_cache_dir)

    @property
    def local_zone(self) -> bool:
        """Whether a bare date is read in the zone of whatever machine builds the site."""
        return self.config.get("timezone") == "Local"

    @property
    def index_name(self) -> str:
        """The file name of a bundle's page."""
        return f"index.{self.language_key}.md" if self.by_file_name else "index.md"

    def is_other_languages(self, name: str) -> bool:
        """Whether a file of a bundle belongs to a translation beside the post's: `index.en.md`, `paper_1.en.png`.

        Where the post's own files carry no language's name, they may all the same: `index.ja.md`.
        """
        written = next((key for key in self.languages if f".{key.lower()}." in name.lower()), None)
        ours = {self.language_key} if self.by_file_name else {None, self.language_key}
        return bool(self.languages) and written not in ours

    def is_default_page(self, name: str) -> bool:
        """Whether a file of a bundle is its page in the site's default language."""
        return name in ("index.md", f"index.{self.config.get('defaultcontentlanguage', 'en')}.md")

    def is_in_language(self, page: Path) -> bool:
        """Whether a content file is in the post's language, by its folder or by its name."""
        if not any(page.is_relative_to(folder) for folder in self.language_dirs):
            return False
        return not self.is_other_languages(page.name)

    def image_name(self, number: int, variant: int = 1) -> str:
        """The file name of the picture of the post's paper with this number, from 1.

        `variant`: from 2, for where pages in other languages show another picture under the name.
        """
        stem = f"paper_{number}" if variant == 1 else f"paper_{number}-{variant}"
        return f"{stem}.{self.language_key}.png" if self.by_file_name else f"{stem}.png"

    @property
    def content_suffixes(self) -> frozenset[str]:
        """Of the site's content files, in lower case and without a dot."""
        return suffixes(self.config)


@dataclass(frozen=True, slots=True)
class Blog:
    """The site, what its owner wants, and the moment at which it is looked at."""

    site: Site
    settings: Settings
    origins: Mapping[str, Origin]
    """Where each setting came from, by its name in the configuration."""
    moment: Moment
    foreign: tuple[str, ...] = ()
    """Settings of a theme or module that do not count, as only the site's owner may set them: `endpoints.arxiv`."""

    @property
    def language(self) -> str:
        """Of post and summaries."""
        return self.settings.language or self.site.language


@dataclass(frozen=True, slots=True)
class Opened:
    """A blog as far as it can be used."""

    blog: Blog
    wrong: tuple[Failure, ...]
    """What cannot be used of settings, language and zone; a default stands in for it."""


def open_blog(site_hugo: Hugo, flags: Mapping[str, Any], moment: Moment) -> Blog:
    """The blog in `site_hugo.source`.

    `flags`: values from the command line by field of Settings. Raises SetupError.
    """
    opened = open_anyhow(site_hugo, flags, moment)
    if opened.wrong:
        raise opened.wrong[0]
    return opened.blog


def open_anyhow(site_hugo: Hugo, flags: Mapping[str, Any], moment: Moment) -> Opened:
    """The same with everything told that is wrong. Raises SetupError where there is no site, or Hugo cannot read it."""
    root = site_hugo.source
    if missing := [name for name in named_files(site_hugo) if not (root / name).is_file()]:
        raise SetupError(
            f"{root / missing[0]} is not there.", "Hugo would do without a word; name a file with --config."
        )
    files = list(config_files(root, site_hugo))
    if not files:
        raise SetupError(
            f"{root} is not a Hugo site: it has no hugo.toml, hugo.yaml, config.toml or config folder.",
            "Run this inside the site, or name it with --source.",
        )
    check_for_pipes((), (root / "config",))
    read_config = hugo.config(site_hugo)
    config = read_config.values
    languages = tuple(config.get("languages") or ()) if len(config.get("languages") or ()) > 1 else ()
    wrong: list[Failure] = []
    own = own_config(site_hugo, read_config, None)
    reading, _ = _settings(site_hugo, read_config, own, files, flags)
    try:
        language, key = _language(reading.settings, config, languages)
    except SetupError as failure:
        wrong.append(failure)
        language, key = _language(Settings(), config, languages)
    if key is not None:
        # Older Hugos mix the languages' settings unless one is named.
        read_config = hugo.config(site_hugo, key)
        config = read_config.values
        own = own_config(site_hugo, read_config, key)
    reading, foreign = _settings(site_hugo, read_config, own, files, flags)
    settings = replace(reading.settings, languages=()) if wrong else reading.settings
    try:
        zone = _zone(config)
    except SetupError as failure:
        wrong.append(failure)
        zone = None
    try:
        cache_dir, older = cache_places(settings.cache_dir, config, root)
    except SetupError as failure:
        wrong.append(failure)
        cache_dir, older = usual_place(config, root), None
    default = str(config.get("defaultcontentlanguage", "en"))
    mounts = list(content_mounts(config, root))
    ours = [m for m in mounts if not m.languages or (key or default) in m.languages]
    section = settings.section or _main_section(config)
    if section is None:
        section = "posts"
        wrong.append(
            SetupError("The first of mainSections is no folder in content.", "Set `section` in params.llmpapers.")
        )
    mount = mount_of(section, ours, root)
    site = Site(
        hugo=site_hugo,
        config=config,
        language=language,
        language_key=key,
        languages=languages,
        section=section,
        section_dir=mount.source / section[len(mount.target) :].strip("/"),
        mount=mount,
        language_dirs=tuple(m.source for m in ours),
        content_dirs=tuple(dict.fromkeys(m.source for m in mounts)),
        own_mounts=any(names_mounts(file) for file in files),
        zone=zone,
        cache_dir=cache_dir,
        by_file_name=key is not None and key != default and not mount.languages,
        older_cache_dir=older,
    )
    return Opened(Blog(site, settings, reading.origins, moment, foreign), (*reading.wrong, *wrong))


def _settings(
    site_hugo: Hugo, configuration: Configuration, own: Configuration, files: list[Path], flags: Mapping[str, Any]
) -> tuple[Reading, tuple[str, ...]]:
    """The settings, and those of a theme or module that do not count. `own`: the configuration without these."""
    environ = site_hugo.environ
    table, owners = _table(configuration), _table(own)
    if table is None or owners is None:
        no_table = SetupError("params.llmpapers is not a table.", "See the README for its settings.")
        return Reading(Settings(), dict.fromkeys(NAMES, "default"), (no_table,)), ()
    if not own.omitted_zero_values:
        owners = omitted_zero_values(files, owners) | dict(owners)
    raw, foreign = split_by_owner(table, owners)

    def origin(key: str) -> Origin:
        themes = key in THEMES_MAY_SET and key.lower() not in owners
        return "a theme or module" if themes else origin_of(key, files, environ)

    return read(raw, flags, origin, lambda key: place_of(key, files, environ)), foreign


def _table(configuration: Configuration) -> Mapping[str, Any] | None:
    """`params.llmpapers`, empty where there is none; None where it is no table."""
    table = (configuration.values.get("params") or {}).get("llmpapers") or {}
    return table if isinstance(table, Mapping) else None


def _language(settings: Settings, config: Mapping[str, Any], languages: tuple[str, ...]) -> tuple[str, str | None]:
    """The post's language, and its name in the configuration of a site with several."""
    default = str(config.get("defaultcontentlanguage", "en"))
    if not languages:
        # A blog in one language often says it only in its locale: `languageCode = "ja-jp"`.
        locale = str(config.get("locale") or config.get("languagecode") or default)
        if len(settings.languages) > 1:
            raise SetupError(
                f"The site has one language, and `language` names {', '.join(settings.languages)}.",
                "Add `languages` to the site's configuration, or name one of them.",
            )
        return settings.language or re.split("[-_]", locale)[0].lower(), None
    wanted = (settings.language or default).lower()
    key = next((k for k in languages if k.lower() in {wanted, wanted.partition("-")[0]}), None)
    if key is None:
        raise SetupError(
            f"The site has no language `{settings.language}`.", f"Its languages are {', '.join(languages)}."
        )
    return key, key


def _main_section(config: Mapping[str, Any]) -> str | None:
    """Where most posts are. None where it leads out of the folder of content, which a theme's configuration can say."""
    section = str(next(iter(config.get("mainsections") or ()), "posts")).strip("/")
    parts = section.split("/")
    return section if re.fullmatch(r"[^\\:\x00-\x1f]+", section) and not {".", "..", ""} & set(parts) else None


def _zone(config: Mapping[str, Any]) -> tzinfo | None:
    name = config.get("timezone")
    if not name or name == "Local":
        return None
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        raise SetupError(
            f"timeZone = {name!r} is not a time zone that this machine knows.", "Use an IANA name."
        ) from None

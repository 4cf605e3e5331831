"""Open the blog in a site. `hugo config` reads the configuration, so directories, environments, themes and variables count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.site.config.config_files import config_files, named_files, read_settings
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.language import default_language, languages, post_language
from hugo_llmpapers.site.mounts import check_for_pipes, content_mounts, has_mounts, mount_of, plain_mounts
from hugo_llmpapers.site.site import Blog, Site
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.cache_folder import NAME

T = TypeVar("T")
_FOLDER_SETTINGS = frozenset(
    "contentdir staticdir assetdir datadir layoutdir archetypedir i18ndir themesdir publishdir".split()
)
_DEFAULT_FOLDERS = "content static assets data layouts archetypes i18n themes _vendor public".split()


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
    config, found = read_settings(site_hugo, files, flags, None)
    problems: list[Failure] = []

    def attempt(get: Callable[[], T]) -> T | None:
        try:
            return get()
        except SetupError as failure:
            problems.append(failure)
            return None

    valid = attempt(lambda: post_language(found.settings, config))
    language, key = valid or post_language(Settings(), config)
    if key is not None:
        # Older Hugos mix the languages' settings unless one is named.
        config, found = read_settings(site_hugo, files, flags, key)
    settings = found.settings if valid else replace(found.settings, languages=())
    site = _site(
        site_hugo,
        config,
        language=(language, key),
        own_mounts=any(has_mounts(file) for file in files),
        zone=attempt(lambda: _zone(config)),
        cache=attempt(lambda: find_cache(settings.cache_dir, config, site_hugo.source)),
        section=settings.section or attempt(lambda: _main_section(config)) or "posts",
    )
    return Opened(Blog(site, settings, found.origins, now, found.ignored), (*found.problems, *problems))


def _config_files(site_hugo: Hugo) -> list[Path]:
    """Raises SetupError if there is none, or one that Hugo would ignore or wait for without end."""
    root = site_hugo.source
    if root.is_file():
        raise SetupError(f"--source: {root} is a file, not a folder.", "Name the root folder of the site.")
    if missing := [name for name in named_files(site_hugo) if not (root / name).is_file()]:
        raise SetupError(f"--config: there is no file {root / missing[0]}.", "Check the path.")
    files = list(config_files(site_hugo))
    if not files:
        problem = f"{root} is not a Hugo site: it has no hugo.toml, hugo.yaml, config.toml or config folder."
        raise SetupError(problem, "Run this inside the site, or name it with --source.")
    check_for_pipes((), (root / "config",))
    return files


def _site(
    site_hugo: Hugo,
    config: Mapping[str, Any],
    *,
    language: tuple[str, str | None],
    section: str,
    own_mounts: bool,
    zone: tzinfo | None,
    cache: Cache | None,
) -> Site:
    """`language` is what `post_language` returns. `cache`: None for the default."""
    root, key = site_hugo.source, language[1] or default_language(config)
    mounts = list(content_mounts(config, root))
    ours = [mount for mount in mounts if not mount.languages or key in mount.languages]
    mount = mount_of(section, ours, root)
    return Site(
        hugo=site_hugo,
        config=config,
        language=language[0],
        language_key=language[1],
        languages=languages(config),
        section=section,
        section_dir=mount.source / section[len(mount.target) :].strip("/"),
        mount=mount,
        language_dirs=tuple(mount.source for mount in ours),
        content_dirs=tuple(dict.fromkeys(mount.source for mount in mounts)),
        own_mounts=own_mounts,
        zone=zone,
        cache=cache or _default_cache(config, root),
        by_file_name=key != default_language(config) and not mount.languages,
    )


def _main_section(config: Mapping[str, Any]) -> str:
    """Return the section of most posts. Raises SetupError if it leads out of the content folder, as a theme could do."""
    section = str(next(iter(config.get("mainsections") or ()), "posts")).strip("/")
    if not re.fullmatch(r"[^\\:\x00-\x1f]+", section) or {".", "..", ""} & set(section.split("/")):
        raise SetupError("The first of mainSections is not a folder in content.", "Set `section` in params.llmpapers.")
    return section


def _zone(config: Mapping[str, Any]) -> tzinfo | None:
    name = config.get("timezone")
    if not name or name == "Local":
        return None
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        problem = f"timeZone = {name!r} is not a time zone that this machine knows."
        raise SetupError(problem, "Use an IANA name.") from None


def find_cache(cache_dir: str | None, config: Mapping[str, Any], root: Path) -> Cache:
    """Return the cache of a site. Earlier versions used the folder of the setting itself.

    `cache_dir`: the setting. Raises SetupError if its home folder is unknown, or it is in a folder of the site's files.
    """
    cache = _default_cache(config, root)
    if cache_dir:
        try:
            folder = root / Path(cache_dir).expanduser()
        except RuntimeError:
            problem = f"cacheDir = {cache_dir!r} begins with a home folder that cannot be found."
            raise SetupError(problem, "Write the full path.") from None
        cache = Cache(folder / NAME, folder)
    real = _resolved(cache.root)
    for other in _site_folders(config, root):
        if real.is_relative_to(_resolved(other)):
            remedy = 'Set `cacheDir` to a folder that Hugo does not read, such as ".cache", or remove it.'
            problem = f"The cache folder {cache.root} is inside {other}, which belongs to the site's files."
            raise SetupError(problem, remedy)
    return cache


def _default_cache(config: Mapping[str, Any], root: Path) -> Cache:
    return Cache(Path(str(config.get("cachedir") or root / ".cache")) / NAME)


def _site_folders(config: Mapping[str, Any], root: Path) -> Iterator[Path]:
    """Yield the folders that Hugo reads as part of the site, for any language, and those that it writes."""
    yield from (root / name for name in _DEFAULT_FOLDERS)
    languages = (table for table in (config.get("languages") or {}).values() if isinstance(table, Mapping))
    for key, value in (item for table in (config, *languages) for item in table.items()):
        # `staticDir` may be a list, and there may be `staticDir0` to `staticDir10`.
        if key.rstrip("0123456789") in _FOLDER_SETTINGS:
            yield from (root / path for path in _strings(value))
    for mount in plain_mounts(config):
        yield from (root / path for path in _strings(mount.get("source")))


def _strings(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle of links
        return path.absolute()

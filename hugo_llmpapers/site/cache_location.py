"""The folder of the cache: ours below what `cacheDir` names, and never among the site's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.cache_folder import NAME

_FOLDERS = ("content", "static", "asset", "data", "layout", "archetype", "i18n", "themes", "publish")
_SETTINGS = frozenset(f"{name}dir" for name in _FOLDERS)
_DEFAULTS = ("content", "static", "assets", "data", "layouts", "archetypes", "i18n", "themes", "_vendor", "public")


def find_cache(cache_dir: str | None, config: Mapping[str, Any], root: Path) -> Cache:
    """Return the cache of a site. Earlier versions used the folder of the setting itself.

    `cache_dir`: the setting. Raises SetupError if its home folder is unknown, or it is in a folder of the site's files.
    """
    cache = default_cache(config, root)
    if cache_dir:
        try:
            folder = root / Path(cache_dir).expanduser()
        except RuntimeError:
            raise SetupError(
                f"cacheDir = {cache_dir!r} begins with a home folder that cannot be found.", "Write the full path."
            ) from None
        cache = Cache(folder / NAME, folder)
    real = _resolved(cache.root)
    for other in _site_folders(config, root):
        if real.is_relative_to(_resolved(other)):
            raise SetupError(
                f"The cache folder {cache.root} is inside {other}, which belongs to the site's files.",
                'Set `cacheDir` to a folder that Hugo does not read, such as ".cache", or remove it.',
            )
    return cache


def default_cache(config: Mapping[str, Any], root: Path) -> Cache:
    """Return the cache in our folder below Hugo's own cacheDir."""
    return Cache(Path(str(config.get("cachedir") or root / ".cache")) / NAME)


def _site_folders(config: Mapping[str, Any], root: Path) -> Iterator[Path]:
    """Yield the folders that Hugo reads as part of the site, for any language, and those that it writes."""
    yield from (root / name for name in _DEFAULTS)
    languages = (table for table in (config.get("languages") or {}).values() if isinstance(table, Mapping))
    for key, value in (item for table in (config, *languages) for item in table.items()):
        # `staticDir` may be a list, and there may be `staticDir0` to `staticDir10`.
        if key.rstrip("0123456789") in _SETTINGS:
            yield from (root / path for path in _strings(value))
    for mount in (config.get("module") or {}).get("mounts") or ():
        yield from (root / path for path in _strings(mount.get("source")))


def _strings(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a circle of links
        return path.absolute()

"""Where kept answers go: a folder of ours below what `cacheDir` names, and never where Hugo looks for the site's files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.web.cache_folder import NAME

_FOLDERS = ("content", "static", "asset", "data", "layout", "archetype", "i18n", "themes", "publish")
"""Each of them, with `Dir`, is a setting of Hugo."""
_USUAL = ("content", "static", "assets", "data", "layouts", "archetypes", "i18n", "themes", "_vendor", "public")
_REMEDY = 'Set `cacheDir` to a folder that Hugo does not look into, such as ".cache", or leave it out.'


def cache_places(cache_dir: str | None, config: Mapping[str, Any], root: Path) -> tuple[Path, Path | None]:
    """Our folder, and the one that earlier versions took for the same setting; None where that is the same.

    `cache_dir`: the setting. Raises SetupError for a home folder that there is not, and for a folder of the site's files.
    """
    if not cache_dir:
        check_place(usual_place(config, root), config, root)
        return usual_place(config, root), None
    try:
        named = root / Path(cache_dir).expanduser()
    except RuntimeError:
        raise SetupError(
            f"cacheDir = {cache_dir!r} begins with a home folder that cannot be found.", "Write the whole path."
        ) from None
    check_place(named / NAME, config, root)
    return named / NAME, named


def usual_place(config: Mapping[str, Any], root: Path) -> Path:
    """Our folder where the setting is not set: below Hugo's own cacheDir."""
    return Path(str(config.get("cachedir") or root / ".cache")) / NAME


def check_place(place: Path, config: Mapping[str, Any], root: Path) -> None:
    """Raises SetupError where the folder is in one that Hugo reads or publishes, also through links."""
    real = _real(place)
    for folder in _taken(config, root):
        if real.is_relative_to(_real(folder)):
            problem = f"The cache folder {place} is inside {folder}, which belongs to the site's files."
            raise SetupError(problem, _REMEDY)


def _taken(config: Mapping[str, Any], root: Path) -> Iterator[Path]:
    """Whatever Hugo reads as a part of the site, and what it writes, for any language."""
    yield from (root / name for name in _USUAL)
    tables = [config, *(one for one in (config.get("languages") or {}).values() if isinstance(one, Mapping))]
    for table in tables:
        for name in _FOLDERS:
            # `staticDir` may be a list, and there may be `staticDir0` to `staticDir10`.
            for key, value in table.items():
                if key.rstrip("0123456789") == f"{name}dir":
                    yield from (root / one for one in _texts(value))
    for mount in (config.get("module") or {}).get("mounts") or ():
        yield from (root / one for one in _texts(mount.get("source")))


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return path.absolute()

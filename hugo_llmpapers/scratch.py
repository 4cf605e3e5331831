"""Folders of ours in the place of the site's, by environment variables, while Hugo evaluates or proves a post.

On a site that names module mounts the plain folder settings do not count: there the mounts themselves are replaced.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hugo_llmpapers.site import Site

FOLDERS = ("content", "archetypes", "assets")


def redirected(site: Site, root: Path, *folders: str) -> dict[str, str]:
    """Variables that make Hugo take these of FOLDERS from below `root` (they are made), all else from the site."""
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
    if site.own_mounts:
        return {"HUGO_MODULE_MOUNTS": json.dumps(_mounts(site, root, folders))}
    variables = {
        variable: str(root / folder)
        for folder, variable in (
            ("content", "HUGO_CONTENTDIR"),
            ("archetypes", "HUGO_ARCHETYPEDIR"),
            ("assets", "HUGO_ASSETDIR"),
        )
        if folder in folders
    }
    return variables | (_languages(site, root) if "content" in folders else {})


def _mounts(site: Site, root: Path, folders: tuple[str, ...]) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    language: dict[str, Any] = {}
    for mount in (site.config.get("module") or {}).get("mounts") or ():
        folder = str(mount.get("target", "")).strip("/").partition("/")[0]
        plain = _plain(mount)
        if folder not in folders:
            kept.append(plain)
        elif folder == "content" and site.language_key in _languages_of(plain):
            language = {name: plain[name] for name in ("lang", "sites") if name in plain}
    ours: list[dict[str, Any]] = [{"source": str(root / folder), "target": folder} for folder in folders]
    return kept + [mount | language if mount["target"] == "content" else mount for mount in ours]


def _plain(mount: Mapping[str, Any]) -> dict[str, Any]:
    """A mount without what is not set, which Hugo prints but does not read."""
    plain = {name: mount[name] for name in ("source", "target", "lang") if mount.get(name)}
    if languages := ((mount.get("sites") or {}).get("matrix") or {}).get("languages"):
        plain["sites"] = {"matrix": {"languages": languages}}
    return plain


def _languages_of(mount: Mapping[str, Any]) -> list[str]:
    return [mount.get("lang", ""), *mount.get("sites", {}).get("matrix", {}).get("languages", ())]


def _languages(site: Site, root: Path) -> dict[str, str]:
    """Each language with a content folder of its own gets one of ours; only the post's has something in it."""
    if not site.languages or site.by_file_name or not _has_own_folders(site):
        return {}
    # A folder that is the site's as well as a language's would count as the default language's.
    (root / "content-none").mkdir()
    variables = {"HUGO_CONTENTDIR": str(root / "content-none")}
    for key in site.languages:
        folder = root / ("content" if key == site.language_key else f"content-{key}")
        folder.mkdir(parents=True, exist_ok=True)
        variables[f"HUGO_LANGUAGES_{key.upper()}_CONTENTDIR"] = str(folder)
    return variables


def _has_own_folders(site: Site) -> bool:
    mounts = (site.config.get("module") or {}).get("mounts") or ()
    return len({m.get("source") for m in mounts if str(m.get("target", "")).strip("/") == "content"}) > 1

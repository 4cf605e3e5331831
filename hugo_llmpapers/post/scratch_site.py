"""Run Hugo on the site with temporary folders in place of some of its own, selected by environment variables.

On a site that names module mounts Hugo ignores the plain folder settings, so the mounts are replaced instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from hugo_llmpapers.site.config.config_files import config_files, named_files
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.mounts import content_mounts, plain_mounts
from hugo_llmpapers.site.site import Site

_VARIABLES = {"content": "HUGO_CONTENTDIR", "archetypes": "HUGO_ARCHETYPEDIR", "assets": "HUGO_ASSETDIR"}


def scratch_environment(site: Site, root: Path, *folders: str) -> dict[str, str]:
    """Return variables that replace these folders of the site (`content`, `archetypes`, `assets`) by those below `root`,
    which are made.

    Below `root / "content"` are the site's paths, such as `posts`, whatever they are mounted from. There are no static files,
    as a site may have very many.
    """
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
    variables = _without_static(root)
    if site.own_mounts:
        mounts = _mounts_except(site, *folders, "static") + [_scratch_mount(site, root, folder) for folder in folders]
        return variables | {"HUGO_MODULE_MOUNTS": json.dumps(mounts)}
    variables |= {_VARIABLES[folder]: str(root / folder) for folder in folders}
    return variables | (_language_folders(site, root) if "content" in folders else {})


def add_content(site: Site, root: Path) -> tuple[Hugo, dict[str, str]]:
    """Return a Hugo and variables with which `root / "content"`, which is made, is added to the content of the site."""
    (root / "content").mkdir(parents=True, exist_ok=True)
    mounts = [*_mounts_except(site, "content", "static"), _scratch_mount(site, root, "content")]
    mounts += [
        {"source": str(mount.source), "target": f"content/{mount.target}".rstrip("/"), **mount.options}
        for mount in content_mounts(site.config, site.root)
    ]
    if site.own_mounts:
        return site.hugo, {"HUGO_MODULE_MOUNTS": json.dumps(mounts)}
    # Hugo reads mounts from a variable only if a configuration file names some.
    content = [mount for mount in mounts if mount["target"].partition("/")[0] == "content"]
    return _with_settings(site.hugo, root / "mounts.json", {"module": {"mounts": content}}), {}


def ignore_pages(site: Site, hugo: Hugo, root: Path, pages: Iterable[Path]) -> tuple[Hugo, dict[str, str]]:
    """Return a Hugo and variables with which these folders or files of content are ignored, and there are no static files."""
    own = [str(pattern) for pattern in site.config.get("ignorefiles") or ()]
    patterns = [*own, *(rf"^{re.escape(str(page))}([/\\]|$)" for page in pages)]
    variables = _without_static(root)
    if not patterns:
        return hugo, variables
    # Before 0.149.1 a variable cannot set a list that is empty in the configuration; if it is not empty, a variable wins.
    variables |= {"HUGO_IGNOREFILES": json.dumps(patterns)} if own else {}
    return _with_settings(hugo, root / "ignored.json", {"ignoreFiles": patterns}), variables


def write_content(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files, by their paths below `content`, into the scratch content."""
    for name, content in files.items():
        path = root / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _without_static(root: Path) -> dict[str, str]:
    (root / "static").mkdir(parents=True, exist_ok=True)
    return {"HUGO_STATICDIR": str(root / "static")}


def _with_settings(hugo: Hugo, file: Path, settings: Mapping[str, Any]) -> Hugo:
    """Return a Hugo for which these settings, written to `file`, override those of the site."""
    file.write_text(json.dumps(settings), encoding="utf-8", newline="\n")
    root = hugo.source
    first = named_files(hugo) or [path.name for path in config_files(hugo) if path.parent == root][:1]
    return replace(hugo, config=",".join([*first, str(file)]))


def _mounts_except(site: Site, *targets: str) -> list[dict[str, Any]]:
    mounts = plain_mounts(site.config)
    return [mount for mount in mounts if str(mount.get("target", "")).strip("/").partition("/")[0] not in targets]


def _scratch_mount(site: Site, root: Path, folder: str) -> dict[str, Any]:
    # Patterns for files are relative to the mount's own source, so they fit only if it is mounted as `content`.
    options = {k: v for k, v in site.mount.options.items() if k in ("lang", "sites") or not site.mount.target}
    return (options if folder == "content" else {}) | {"source": str(root / folder), "target": folder}


def _language_folders(site: Site, root: Path) -> dict[str, str]:
    """Return variables that replace the content folder of each language that has one; only the post's gets files."""
    languages = dict.fromkeys(key for mount in content_mounts(site.config, site.root) for key in mount.languages)
    folders = {key: root / ("content" if key in site.mount.languages else f"content-{key}") for key in languages}
    # The character after HUGO is the separator: an underscore may be part of a language's key.
    variables = {f"HUGOxLANGUAGESx{key.upper()}xCONTENTDIR": str(folder) for key, folder in folders.items()}
    if site.mount.languages:
        folders[""] = root / "content-of-all"
        variables["HUGO_CONTENTDIR"] = str(folders[""])
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return variables

"""Folders of ours in the place of the site's, by environment variables, while Hugo evaluates or proves a post.

On a site that names module mounts the plain folder settings do not count: there the mounts themselves are replaced.
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
from hugo_llmpapers.site.mounts import content_mounts, plain_mount
from hugo_llmpapers.site.site import Site

FOLDERS = ("content", "archetypes", "assets")


def scratch_environment(site: Site, root: Path, *folders: str) -> dict[str, str]:
    """Variables that make Hugo take these of FOLDERS from below `root` (they are made), all else from the site.

    Below `content` there lie the site's paths, such as `posts`, whatever they are mounted from. Static files are left
    out, as there may be very many.
    """
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
    variables = {"HUGO_STATICDIR": str(root / "static")}
    (root / "static").mkdir(exist_ok=True)
    if site.own_mounts:
        return variables | {"HUGO_MODULE_MOUNTS": json.dumps(_mounts(site, root, folders))}
    variables |= {
        variable: str(root / folder)
        for folder, variable in (
            ("content", "HUGO_CONTENTDIR"),
            ("archetypes", "HUGO_ARCHETYPEDIR"),
            ("assets", "HUGO_ASSETDIR"),
        )
        if folder in folders
    }
    return variables | (_languages(site, root) if "content" in folders else {})


def beside(site: Site, root: Path) -> tuple[Hugo, dict[str, str]]:
    """How to call Hugo, and variables, so that `root / "content"` (it is made) is content besides all that the site has."""
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "static").mkdir(exist_ok=True)
    mounts = [*_others(site, ("content", "static")), _ours(site, root, "content")]
    mounts += [
        {"source": str(mount.source), "target": f"content/{mount.target}".rstrip("/"), **mount.options}
        for mount in content_mounts(site.config, site.root)
    ]
    variables = {"HUGO_STATICDIR": str(root / "static")}
    if site.own_mounts:
        return site.hugo, variables | {"HUGO_MODULE_MOUNTS": json.dumps(mounts)}
    # Hugo takes no mounts from a variable where no file names some.
    content = [mount for mount in mounts if mount["target"].partition("/")[0] == "content"]
    return _with_settings(site.hugo, root / "mounts.json", {"module": {"mounts": content}}), variables


def without(site: Site, hugo: Hugo, root: Path, pages: Iterable[Path]) -> tuple[Hugo, dict[str, str]]:
    """How to call Hugo, and variables, so that it passes over these folders or files of content."""
    named = [str(pattern) for pattern in site.config.get("ignorefiles") or ()]
    patterns = [*named, *(rf"^{re.escape(str(page))}([/\\]|$)" for page in pages)]
    if not patterns:
        return hugo, {}
    # Before 0.149.1 a variable sets no list that is empty; where the site has one, in whichever file, a variable wins.
    variables = {"HUGO_IGNOREFILES": json.dumps(patterns)} if named else {}
    return _with_settings(hugo, root / "ignored.json", {"ignoreFiles": patterns}), variables


def _with_settings(hugo: Hugo, file: Path, settings: Mapping[str, Any]) -> Hugo:
    """Hugo with these settings over those of the files that it reads; `file`: where they are written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(settings), encoding="utf-8", newline="\n")
    root = hugo.source
    first = named_files(hugo) or [path.name for path in config_files(root, hugo) if path.parent == root][:1]
    return replace(hugo, config=",".join([*first, str(file)]))


def _mounts(site: Site, root: Path, folders: tuple[str, ...]) -> list[dict[str, Any]]:
    return _others(site, (*folders, "static")) + [_ours(site, root, folder) for folder in folders]


def _others(site: Site, left_out: tuple[str, ...]) -> list[dict[str, Any]]:
    mounts = [plain_mount(mount) for mount in (site.config.get("module") or {}).get("mounts") or ()]
    return [mount for mount in mounts if str(mount.get("target", "")).strip("/").partition("/")[0] not in left_out]


def _ours(site: Site, root: Path, folder: str) -> dict[str, Any]:
    # Which files a mount leaves out is said from its own folder on.
    options = {k: v for k, v in site.mount.options.items() if k in ("lang", "sites") or not site.mount.target}
    return (dict(options) if folder == "content" else {}) | {"source": str(root / folder), "target": folder}


def _languages(site: Site, root: Path) -> dict[str, str]:
    """Each language with a content folder of its own gets one of ours; only the post's has something in it."""
    named = dict.fromkeys(key for mount in content_mounts(site.config, site.root) for key in mount.languages)
    folders = {key: root / ("content" if key in site.mount.languages else f"content-{key}") for key in named}
    # What follows HUGO stands between the names; an underscore may be part of one.
    variables = {f"HUGOxLANGUAGESx{key.upper()}xCONTENTDIR": str(folder) for key, folder in folders.items()}
    if site.mount.languages:
        folders[""] = root / "content-of-all"
        variables["HUGO_CONTENTDIR"] = str(folders[""])
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return variables

"""Hugo, and folders that must be written to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hugo_llmpapers import cachefolder, hugo
from hugo_llmpapers.cache import sizes
from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.hugo import Hugo
from hugo_llmpapers.hugo_versions import OLDEST_TESTED, written
from hugo_llmpapers.site import Blog


def program(site_hugo: Hugo) -> Iterator[Finding]:
    """Which Hugo it is. Raises SetupError for one that cannot be used."""
    has = hugo.version(site_hugo)
    version, problem = written(has), None
    if has < OLDEST_TESTED:
        problem = f"Hugo {version} is older than {written(OLDEST_TESTED)}, the oldest that we test."
    yield Finding(
        "hugo", "version", version, str(site_hugo.program), problem, "Install a newer one if something fails."
    )
    yield Finding("hugo", "environment", site_hugo.environment, "`hugo` builds production, `hugo server` development")


def kept(blog: Blog) -> Iterator[Finding]:
    """Where answers are kept, and how large that is."""
    folder = blog.site.cache_dir
    why = blog.origins["cacheDir"]
    if why == "default":
        why = "below Hugo's cacheDir"
    refused = unwritable(folder)
    problem = f"The cache folder {folder} cannot be written to: {refused}." if refused else None
    with suppress(OSError):
        if (foreign := cachefolder.refused(folder)) is not None:
            problem = f"The cache folder {folder} {foreign}."
    remedy = "Set `cacheDir` to a folder of your own."
    yield Finding("cache", "folder", str(folder), why, problem, remedy, stops=3 if problem else 0)
    for kind, (files, size) in sizes(blog.site.cache).items():
        yield Finding("cache", kind, f"{size / 1e6:.1f} MB", f"{files} files")


def unwritable(folder: Path) -> str | None:
    """Why nothing can be written into a folder, or into the nearest one above it that there is; None where it can.

    Tried out, as permissions do not tell the whole truth; nothing is left behind.
    """
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=there, prefix=".llm-papers-"):
            return None
    except OSError as error:
        return error.strerror or str(error)

"""Hugo, folders that must be written to, and what holds a PDF back that takes over who reads it."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.figures.worker.pool import Workers
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.hugo_versions import OLDEST_TESTED, written
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.web import cache_folder
from hugo_llmpapers.web.cache import sizes


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
        if (foreign := cache_folder.claim_problem(folder)) is not None:
            problem = f"The cache folder {folder} {foreign}."
    remedy = "Set `cacheDir` to a folder of your own."
    yield Finding("cache", "folder", str(folder), why, problem, remedy, stops=3 if problem else 0)
    for kind, (files, size) in sizes(blog.site.cache).items():
        yield Finding("cache", kind, f"{size / 1e6:.1f} MB", f"{files} files")


def pdf_workers() -> Iterator[Finding]:
    """What the processes that open PDFs cannot reach. Starts one."""
    with Workers(1) as workers:
        workers.warm()
        unlimited = workers.ready()
    if unlimited is None:
        problem = "The process that opens PDFs could not be started: posts have no figures."
        yield Finding("figures", "workers", None, "", problem, "Reinstall hugo-llmpapers; PyMuPDF may be damaged.")
        return
    limited = tuple(name for name in ("time", "memory", "files", "network", "processes") if name not in unlimited)
    why, problem = "what a PDF that takes over its reader cannot take", ""
    if unlimited and sys.platform == "linux":
        problem = f"This system does not limit the {_listed(unlimited)} of the processes that open PDFs."
    elif unlimited:
        why = f"this system cannot limit their {_listed(unlimited)}"
    remedy = "Linux 5.13 or newer on x86-64 or ARM does; a container must allow seccomp and Landlock."
    yield Finding("figures", "workers", limited, why, problem or None, remedy)


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


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

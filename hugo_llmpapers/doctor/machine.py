"""Hugo, the cache folder, and the limits of the processes that open PDFs."""

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
from hugo_llmpapers.site.hugo_program import OLDEST_TESTED, format_version
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.web import cache_folder
from hugo_llmpapers.web.cache import format_size, sizes


def program(site_hugo: Hugo) -> Iterator[Finding]:
    """Yield Hugo's version and environment. Raises SetupError if this Hugo cannot be used."""
    version = hugo.version(site_hugo)
    ours, oldest = format_version(version), format_version(OLDEST_TESTED)
    problem = f"Hugo {ours} is older than {oldest}, the oldest tested version." if version < OLDEST_TESTED else None
    remedy = "Install a newer one if something fails."
    yield Finding("hugo", "version", ours, str(site_hugo.program), problem, remedy)
    yield Finding("hugo", "environment", site_hugo.environment, "`hugo` builds production, `hugo server` development")


def cache(blog: Blog) -> Iterator[Finding]:
    """Yield the cache folder and the size of its contents."""
    folder, why = blog.site.cache.root, blog.origins["cacheDir"]
    error = write_error(folder)
    problem = f"The cache folder {folder} cannot be written to: {error}." if error else None
    with suppress(OSError):
        if (reason := cache_folder.claim_problem(folder)) is not None:
            problem = f"The cache folder {folder} {reason}."
    why = "below Hugo's cacheDir" if why == "default" else why
    remedy = "Set `cacheDir` to a folder of your own."
    yield Finding("cache", "folder", str(folder), why, problem, remedy, stops=3 if problem else 0)
    for kind, (files, size) in sizes(blog.site.cache).items():
        yield Finding("cache", kind, format_size(size), f"{files} files")


def pdf_workers() -> Iterator[Finding]:
    """Yield what the processes that open PDFs are prevented from using. Starts one."""
    with Workers(1) as workers:
        workers.warm()
        unlimited = workers.ready()
    if unlimited is None:
        problem = "The process that opens PDFs could not be started: posts have no figures."
        remedy = "Reinstall hugo-llmpapers; PyMuPDF may be damaged."
        yield Finding("figures", "workers", problem=problem, remedy=remedy)
        return
    limited = tuple(name for name in ("time", "memory", "files", "network", "processes") if name not in unlimited)
    names = " and ".join(filter(None, (", ".join(unlimited[:-1]), *unlimited[-1:])))
    why, problem = "limits of the sandbox that opens PDFs", ""
    if unlimited and sys.platform == "linux":
        problem = f"This system does not limit the {names} of the processes that open PDFs."
    elif unlimited:
        why = f"this system cannot limit their {names}"
    remedy = "Linux 5.13 or newer on x86-64 or ARM does; a container must allow seccomp and Landlock."
    yield Finding("figures", "workers", limited, why, problem or None, remedy)


def write_error(folder: Path) -> str | None:
    """Return why a file cannot be created in a folder, or in its nearest existing parent; None if it can.

    A temporary file is created, as permissions alone do not decide it.
    """
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    try:
        with tempfile.TemporaryFile(dir=existing, prefix=".llm-papers-"):
            return None
    except OSError as error:
        return error.strerror or str(error)

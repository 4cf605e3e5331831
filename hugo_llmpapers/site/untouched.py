"""Keeps a site as it is while Hugo runs in it.

Settings keep Hugo from nearly all that it writes into a site, but two things it makes while it reads the configuration:
an empty `hugo_stats.json`, and the publish folder, where these are mounted and not there (`normalizeMounts` in
https://github.com/gohugoio/hugo/blob/master/modules/collect.go, since 0.115.4). They are removed afterwards.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ASIDE = {
    "HUGO_NOBUILDLOCK": "true",  # .hugo_build.lock; not every command has the flag on every version
    "HUGO_BUILD_NOJSCONFIGINASSETS": "true",  # assets/jsconfig.json, where a script imports another
    "HUGO_BUILD_BUILDSTATS_ENABLE": "false",  # hugo_stats.json, which even a list writes
    "HUGO_BUILD_WRITESTATS": "false",  # the same until 0.115
}
"""Variables for a command that reads pages or templates. Its publish folder and resources must be elsewhere, too."""

_STATS = "hugo_stats.json"
_lock = threading.Lock()
_absent: dict[Path, tuple[int, set[Path]]] = {}
"""By site: how many commands run in it, and what was not there before the first of them."""


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Removes at the end what Hugo made in the site's folder `root` only because it is mounted.

    Nothing that was there before goes, and nothing that has something in it. Where several commands run at once in this
    process, the last one removes it.
    """
    with _lock:
        running, absent = _absent.get(root, (0, set()))
        _absent[root] = (
            running + 1,
            absent if running else {path for path in _made(root) if not os.path.lexists(path)},
        )
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


def _made(root: Path) -> Iterator[Path]:
    yield root / "public"
    yield root / _STATS
    with suppress(OSError):
        yield from (theme / _STATS for theme in (root / "themes").iterdir())


def _remove_empty(path: Path) -> None:
    with suppress(OSError):
        if path.is_symlink():
            return
        if path.is_dir():
            path.rmdir()
        elif path.stat().st_size == 0:
            path.unlink()

"""Remove what Hugo creates in a site while it reads the configuration.

Variables keep Hugo from creating most files. It still creates an empty `hugo_stats.json` and the publish folder if these are
mounted and do not exist (`normalizeMounts` in https://github.com/gohugoio/hugo/blob/master/modules/collect.go, since 0.115.4).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_STATS = "hugo_stats.json"
_lock = threading.Lock()
_absent: dict[Path, tuple[int, set[Path]]] = {}
"""By site: the number of commands that run in it, and the paths that did not exist before the first of them."""


@contextmanager
def untouched(root: Path) -> Iterator[None]:
    """Remove the empty files and folders that Hugo creates meanwhile in the site's folder `root` because they are mounted.

    If several commands run at once in this process, the last one removes them.
    """
    with _lock:
        running, absent = _absent.get(root) or (0, {path for path in _created(root) if not os.path.lexists(path)})
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


def _created(root: Path) -> Iterator[Path]:
    """Yield the paths that Hugo may create."""
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

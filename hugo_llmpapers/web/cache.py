"""Answers on disk, so that repeating a run is cheap: HTTP bodies and results of paid calls.

One file per answer: a line of JSON (the time it was stored, and the caller's metadata), then the body. Files and folders
are readable by their owner only. A file in another format counts as missing. Files are deleted only if they have the name
of an answer and the cache folder has our marker, see `cache_folder`.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.temporary import write_file
from hugo_llmpapers.web import cache_folder
from hugo_llmpapers.web.cache_folder import PRIVATE, TEMPORARY_PREFIX

RETENTION_DAYS = {"pdf": 7, "http": 30, "answer": 60, "summary": 400}
"""Age at which `prune` deletes a file, by kind. `answer`: a paid answer that is not a summary."""
_FILE = re.compile(rf"[0-9a-f]{{2}}/(?:[0-9a-f]{{32}}|{re.escape(TEMPORARY_PREFIX)}\w{{8}})")
_UNFINISHED_S = 1.0
"""A temporary file older than this belongs to a killed run. If it does not, one answer is not stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A stored answer."""

    body: bytes
    at: datetime
    """When it was stored, by the run's clock."""
    meta: dict[str, Any]

    def as_json(self) -> Any:
        """Return the body read as JSON; None if it is damaged."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def is_fresh(self, now: datetime, max_age: timedelta) -> bool:
        """Return whether the answer is no older than `max_age`, and was not stored in the future."""
        return timedelta(0) <= now - self.at <= max_age


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers by kind and key."""

    root: Path
    legacy_root: Path | None = None
    """Where an earlier version stored its files, see `cache_folder.claim`."""

    def get(self, kind: str, key: str) -> Stored | None:
        """Return the answer with this key; None if there is none or it cannot be read."""
        return _read(self._file(kind, key))

    def put(self, kind: str, key: str, body: bytes, at: datetime, meta: dict[str, Any]) -> None:
        """Store an answer. Errors are ignored: the run continues without a cache."""
        file = self._file(kind, key)
        head = json.dumps({"at": at.isoformat(), **meta}, ensure_ascii=False).encode()
        with suppress(OSError, SetupError):
            self._make(file.parent)
            # Several runs and threads may store the same answer at once.
            name = f"{TEMPORARY_PREFIX}{secrets.token_hex(4)}"
            write_file(file, head + b"\n" + body, mode=PRIVATE, temporary_name=name)

    def folder(self, name: str) -> Path:
        """Return a subfolder for things other than answers; create it if it does not exist. Raises SetupError."""
        path = self.root / name
        try:
            self._make(path)
        except OSError as error:
            raise SetupError(
                f"The cache folder {path} cannot be created: {error.strerror}.",
                "Set `cacheDir` to a folder of your own.",
            ) from None
        return path

    def _make(self, path: Path) -> None:
        cache_folder.claim(self.root, self.legacy_root)
        cache_folder.make_private_folders(self.root, path)

    def _file(self, kind: str, key: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.root / kind / digest[:2] / digest[2:34]


def sizes(cache: Cache) -> dict[str, tuple[int, int]]:
    """Return the number of files and of bytes by kind, without kinds that have none."""
    found = {kind: [path.lstat().st_size for path in _answers(cache, kind)] for kind in RETENTION_DAYS}
    return {kind: (len(files), sum(files)) for kind, files in found.items() if files}


def format_size(size: int) -> str:
    """Return a number of bytes in kB below 1 MB, else in MB."""
    return f"{size / 1e3:.1f} kB" if size < 1e6 else f"{size / 1e6:.1f} MB"


def clear(cache: Cache) -> None:
    """Delete all answers and the folders that become empty."""
    if cache_folder.is_marked(cache.root):
        for kind in RETENTION_DAYS:
            cache_folder.remove_files(cache.root / kind, _FILE)


def forget(cache: Cache, day: date, zone: tzinfo | None) -> int:
    """Delete the answers that were stored on this day, and return their number. `zone`: None for the clock of each run."""
    removed = 0
    for path in _answers(cache, *RETENTION_DAYS):
        stored = _read(path)
        with suppress(OSError, OverflowError):
            if stored is not None and stored.at.astimezone(zone or stored.at.tzinfo).date() == day:
                path.unlink()
                removed += 1
    return removed


def prune(cache: Cache, wall_seconds: float) -> None:
    """Delete files older than RETENTION_DAYS and temporary files of killed runs. `wall_seconds`: the system's clock."""
    for kind, days in RETENTION_DAYS.items():
        for path in _answers(cache, kind):
            max_age_s = _UNFINISHED_S if path.name.startswith(TEMPORARY_PREFIX) else days * 86_400
            with suppress(OSError):
                if path.lstat().st_mtime < wall_seconds - max_age_s:
                    path.unlink()


def _read(path: Path) -> Stored | None:
    try:
        head, _, body = cache_folder.read_regular(path).partition(b"\n")
        meta = json.loads(head)
        at = datetime.fromisoformat(meta.pop("at"))
        return None if at.tzinfo is None else Stored(body, at, meta)
    except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
        return None


def _answers(cache: Cache, *kinds: str) -> Iterator[Path]:
    """Yield the files that `put` has written, complete or not; none if the folder has no marker."""
    for kind in kinds if cache_folder.is_marked(cache.root) else ():
        yield from cache_folder.files_below(cache.root / kind, _FILE)

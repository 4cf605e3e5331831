"""Answers on disk, so that repeating a run is cheap: HTTP bodies and what was paid for.

One file per answer: a line of JSON (when it was stored and what the caller wants to remember), then the bytes. Files
and folders are their owner's only. A file that cannot be read as this is a miss; nothing here is ever a source of truth.
What is deleted has the name of an answer, and stands in a folder with our marker, see `cache_folder`.
"""

from __future__ import annotations

import hashlib
import json
import os
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
from hugo_llmpapers.web.cache_folder import MAKING, PRIVATE

KEPT_DAYS = {"pdf": 7, "http": 30, "answer": 60, "summary": 400}
"""Days after its last writing that `prune` lets a file of each kind live; `answer`: what was paid for and is no summary."""
_SUBFOLDER = re.compile(r"[0-9a-f]{2}")
_FILE = re.compile(rf"[0-9a-f]{{32}}|{re.escape(MAKING)}\w{{8}}")
_UNFINISHED_S = 1.0
"""After its last writing a file that is not whole belongs to a run that was killed; if not, one answer is not kept."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer as it was put."""

    body: bytes
    at: datetime
    """When it was put, by the run's clock."""
    meta: dict[str, Any]

    def as_json(self) -> Any:
        """Return the body read as JSON; None if it is damaged."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers by kind and key."""

    root: Path
    older: Path | None = None
    """Where an earlier version kept its files, see `cache_folder.claim`."""
    is_part: bool = False
    """Whether the folder stands in one of ours, so that it needs no marker."""

    @property
    def is_ours(self) -> bool:
        """Whether anything may be deleted here."""
        return self.is_part or cache_folder.is_ours(self.root)

    def get(self, kind: str, key: str) -> Stored | None:
        """The answer put under this key; None where there is none or it cannot be read."""
        try:
            head, _, body = cache_folder.read(self._file(kind, key)).partition(b"\n")
            meta = json.loads(head)
            at = datetime.fromisoformat(meta.pop("at"))
            return None if at.tzinfo is None else Stored(body, at, meta)
        except (OSError, ValueError, KeyError, AttributeError, TypeError, RecursionError):
            return None

    def put(self, kind: str, key: str, body: bytes, at: datetime, meta: dict[str, Any]) -> None:
        """Keep an answer; a cache that cannot be written to is no failure."""
        file = self._file(kind, key)
        head = json.dumps({"at": at.isoformat(), **meta}, ensure_ascii=False).encode()
        try:
            self._make(file.parent)
            # Several runs and threads may store the same answer at once.
            name = f"{MAKING}{secrets.token_hex(4)}"
            write_file(file, head + b"\n" + body, mode=PRIVATE, temporary_name=name)
        except (OSError, SetupError):
            return

    def folder(self, name: str) -> Path:
        """A folder of the cache's own for things that are not answers; made if need be.

        Raises SetupError where the cache cannot be written to, or the folder is somebody else's.
        """
        path = self.root / name
        try:
            self._make(path)
        except OSError as error:
            raise SetupError(
                f"The cache folder {path} cannot be made: {error.strerror}.", "Set `cacheDir` to a folder of your own."
            ) from None
        return path

    def _make(self, path: Path) -> None:
        if not self.is_part:
            cache_folder.claim(self.root, self.older)
        cache_folder.make_below(self.root, path)

    def _file(self, kind: str, key: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.root / kind / digest[:2] / digest[2:34]


def age(stored: Stored, now: datetime) -> timedelta | None:
    """How old an answer is at this moment; None where it was put later than that (the clock was moved)."""
    passed = now - stored.at
    return None if passed < timedelta(0) else passed


def sizes(cache: Cache) -> dict[str, tuple[int, int]]:
    """Files and bytes of each kind that there is."""
    found = {}
    for kind in KEPT_DAYS:
        files = [entry.stat(follow_symlinks=False).st_size for entry in _answers(cache, kind)]
        if files:
            found[kind] = (len(files), sum(files))
    return found


def clear(cache: Cache, kinds: tuple[str, ...] = tuple(KEPT_DAYS)) -> None:
    """Away with the answers of these kinds, and the folders that become empty."""
    for kind in kinds if cache.is_ours else ():
        shelves = set()
        for entry in _answers(cache, kind):
            shelves.add(Path(entry.path).parent)
            _unlink(entry)
        for folder in (*sorted(shelves), cache.root / kind):
            with suppress(OSError):
                folder.rmdir()


def forget(cache: Cache, day: date, zone: tzinfo | None) -> int:
    """Away with the answers that runs of this day, by their clock, put; how many there were."""
    gone = 0
    for entry in _deletable(cache):
        try:
            at = datetime.fromisoformat(json.loads(cache_folder.read(Path(entry.path)).partition(b"\n")[0])["at"])
            put_on = at.astimezone(zone or at.tzinfo).date()
        except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError):
            continue
        if put_on == day:
            _unlink(entry)
            gone += 1
    return gone


def prune(cache: Cache, wall_seconds: float) -> None:
    """Away with what has outlived KEPT_DAYS, and what killed runs left half written.

    `wall_seconds`: the machine's clock, as file times are by that.
    """
    for kind, days in KEPT_DAYS.items():
        for entry in _deletable(cache, kind):
            kept_s = _UNFINISHED_S if entry.name.startswith(MAKING) else days * 86_400
            with suppress(OSError):
                if entry.stat(follow_symlinks=False).st_mtime < wall_seconds - kept_s:
                    _unlink(entry)


def _deletable(cache: Cache, *kinds: str) -> Iterator[os.DirEntry[str]]:
    """The answers of these kinds, else of all; none where the folder is not ours."""
    for kind in (kinds or KEPT_DAYS) if cache.is_ours else ():
        yield from _answers(cache, kind)


def _answers(cache: Cache, kind: str) -> Iterator[os.DirEntry[str]]:
    """The files that `put` has made, finished or not; nothing of another name, and nothing behind a link."""
    if cache.root.is_symlink() or (cache.root / kind).is_symlink():
        return
    for subfolder in _entries(cache.root / kind):
        if _SUBFOLDER.fullmatch(subfolder.name) and subfolder.is_dir(follow_symlinks=False):
            for entry in _entries(Path(subfolder.path)):
                if _FILE.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                    yield entry


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:
        return []


def _unlink(entry: os.DirEntry[str]) -> None:
    with suppress(OSError):
        Path(entry.path).unlink()

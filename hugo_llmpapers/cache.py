"""Answers on disk, so that repeating a run is cheap: HTTP bodies and what was paid for.

One file per answer: a line of JSON (when it was stored and what the caller wants to remember), then the bytes. Files
and folders are their owner's only. A file that cannot be read as this is a miss; nothing here is ever a source of truth.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError

KEPT_DAYS = {"pdf": 7, "http": 30, "answer": 60, "summary": 400}
"""Days after its last writing that `prune` lets a file of each kind live; `answer`: what was paid for and is no summary."""
_MAKING = ".tmp-"
_UNFINISHED_S = 1.0
"""After its last writing a file that is not whole belongs to a run that was killed; if not, one answer is not kept."""
PRIVATE = 0o600
"""Mode of files in the cache, whatever the umask."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One answer as it was put."""

    body: bytes
    at: datetime
    """When it was put, by the run's clock."""
    meta: dict[str, Any]

    @property
    def told(self) -> Any:
        """The body as JSON; None where it is damaged."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of answers by kind and key."""

    root: Path

    def get(self, kind: str, key: str) -> Stored | None:
        """The answer put under this key; None where there is none or it cannot be read."""
        try:
            head, _, body = self._file(kind, key).read_bytes().partition(b"\n")
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
            handle, name = tempfile.mkstemp(dir=file.parent, prefix=_MAKING)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(head + b"\n" + body)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)

    def folder(self, name: str) -> Path:
        """A folder of the cache's own for things that are not answers; made if need be.

        Raises SetupError where the cache cannot be written to.
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
        """One folder after the other: those that `parents` makes on the way have the mode of the umask."""
        self.root.parent.mkdir(parents=True, exist_ok=True)
        for folder in (*reversed(path.parents), path):
            if folder.is_relative_to(self.root):
                folder.mkdir(exist_ok=True, mode=0o700)

    def _file(self, kind: str, key: str) -> Path:
        digest = hashlib.sha256(key.encode()).hexdigest()
        return self.root / kind / digest[:2] / digest[2:34]


def private(file: Path) -> Path:
    """The file, made if it is not there, readable for its owner only. Raises OSError."""
    file.touch(mode=PRIVATE)
    return file


def age(stored: Stored, now: datetime) -> timedelta | None:
    """How old an answer is at this moment; None where it was put later than that (the clock was moved)."""
    passed = now - stored.at
    return None if passed < timedelta(0) else passed


def sizes(cache: Cache) -> dict[str, tuple[int, int]]:
    """Files and bytes of each kind that there is."""
    found = {}
    for kind in KEPT_DAYS:
        files = [f for f in (cache.root / kind).rglob("*") if f.is_file()]
        if files:
            found[kind] = (len(files), sum(f.stat().st_size for f in files))
    return found


def clear(cache: Cache, kinds: tuple[str, ...] = tuple(KEPT_DAYS)) -> None:
    """Away with the answers of these kinds. Only folders that this module makes are touched."""
    for kind in kinds:
        shutil.rmtree(cache.root / kind, ignore_errors=True)


def forget(cache: Cache, day: date, zone: tzinfo | None) -> int:
    """Away with the answers that runs of this day, by their clock, put; how many there were."""
    gone = 0
    for kind in KEPT_DAYS:
        for file in (cache.root / kind).glob("*/*"):
            try:
                at = datetime.fromisoformat(json.loads(file.read_bytes().partition(b"\n")[0])["at"])
                put_on = at.astimezone(zone or at.tzinfo).date()
            except (OSError, ValueError, OverflowError, KeyError, TypeError, RecursionError):
                continue
            if put_on == day:
                file.unlink(missing_ok=True)
                gone += 1
    return gone


def prune(cache: Cache, wall_seconds: float) -> None:
    """Away with what has outlived KEPT_DAYS, and what killed runs left half written.

    `wall_seconds`: the machine's clock, as file times are by that.
    """
    for kind, days in KEPT_DAYS.items():
        for file in (cache.root / kind).glob("*/*"):
            try:
                kept_s = _UNFINISHED_S if file.name.startswith(_MAKING) else days * 86_400
                if file.stat().st_mtime < wall_seconds - kept_s:
                    file.unlink()
            except OSError:
                continue

"""The pace that a service asks for, and how long a silent one is waited for."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

from filelock import FileLock, Timeout

from hugo_llmpapers.errors import SetupError, Unavailable
from hugo_llmpapers.web.cache_folder import PRIVATE, private, read

UNANSWERED_CALLS = 2
"""Requests of one run that a service leaves unanswered before it is asked no more."""
FORGIVEN_AFTER_S = 120.0
"""A run of many days asks it again then: what was silent may be back."""


@dataclass(slots=True)
class Line:
    """What one run finds out about a service. Safe for threads."""

    gate: threading.Semaphore
    """Who may ask it at the moment; to be held from `begin` to `end`."""
    _silent: dict[str, tuple[str, float]] = field(default_factory=dict)
    """Requests that it left unanswered: what came instead, and when by the monotonic clock."""
    _under_way: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def begin(self, key: str) -> str | None:
        """None where the request of this key may be made; where the service has become silent, what showed it.

        After a first silence those under way are waited for, which began at the same time and would be the second.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._under_way == 0 or not self._others(key))
            if len(others := self._others(key)) >= UNANSWERED_CALLS:
                return others[0]
            self._under_way += 1
            return None

    def end(self, key: str, silent: str | None) -> None:
        """What was begun is over. `silent`: what showed that the service took its time and gave nothing."""
        with self._changed:
            self._under_way -= 1
            if silent is not None:
                self._silent[key] = (silent, time.monotonic())
            self._changed.notify_all()

    def failed(self, key: str, reason: str) -> None:
        """The request of this key is given up."""
        with self._changed:
            self._silent.setdefault(key, (reason, time.monotonic()))

    def answered(self, key: str) -> None:
        """The request of this key has its answer."""
        with self._changed:
            self._silent.pop(key, None)

    def _others(self, key: str) -> list[str]:
        lately = time.monotonic() - FORGIVEN_AFTER_S
        return [said for asked, (said, at) in self._silent.items() if asked != key and at > lately]


@contextmanager
def turn(stamp: Path, service: str, pause_s: float, patience_s: float) -> Iterator[None]:
    """Waits until `pause_s` seconds have passed since anybody's last request, and holds the turn while ours is under way.

    `stamp`: the file that the runs share. Raises Unavailable where another run has the turn for longer than `patience_s`,
    SetupError where the file cannot be written.
    """
    lock = FileLock(stamp.with_suffix(".lock"), mode=PRIVATE)
    try:
        lock.acquire(timeout=patience_s)
        # A stamp from the future (the machine's clock was set back) must not make us wait for it.
        time.sleep(max(0.0, min(pause_s, _last_asked(stamp) + pause_s - time.time())))
        private(stamp).write_text(json.dumps({"asked": time.time()}), encoding="utf-8")
    except Timeout:
        raise Unavailable(service, "is being asked by another run for too long") from None
    except OSError as error:
        lock.release()
        raise SetupError(
            f"The cache folder {stamp.parent} cannot be written to: {error.strerror or error}.",
            "Set `cacheDir` to a folder of your own.",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _last_asked(stamp: Path) -> float:
    try:
        return float(json.loads(read(stamp))["asked"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0.0


def asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """Seconds that the server asks us to wait: `Retry-After`, or Hugging Face's `ratelimit: "api";r=0;t=55`.

    https://huggingface.co/docs/hub/rate-limits
    """
    after = headers.get("retry-after", "").strip()
    if after.isdecimal():
        return float(after)
    if after:
        try:
            return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
        except ValueError:
            return None
    limit = dict(part.strip().partition("=")[::2] for part in headers.get("ratelimit", "").split(";"))
    if limit.get("r") == "0" and limit.get("t", "").isdecimal():
        return float(limit["t"]) + 1.0
    return None

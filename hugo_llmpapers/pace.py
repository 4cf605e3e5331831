"""The pace that a service asks for, kept by all runs on this machine together."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from hugo_llmpapers.errors import SetupError, Unavailable


@contextmanager
def turn(stamp: Path, service: str, pause_s: float, patience_s: float) -> Iterator[None]:
    """Waits until `pause_s` seconds have passed since anybody's last request, and holds the turn while ours is under way.

    `stamp`: the file that the runs share. Raises Unavailable where another run has the turn for longer than `patience_s`,
    SetupError where the file cannot be written.
    """
    lock = FileLock(stamp.with_suffix(".lock"))
    try:
        lock.acquire(timeout=patience_s)
        # A stamp from the future (the machine's clock was set back) must not make us wait for it.
        time.sleep(max(0.0, min(pause_s, _last_asked(stamp) + pause_s - time.time())))
        stamp.write_text(json.dumps({"asked": time.time()}), encoding="utf-8")
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
        return float(json.loads(stamp.read_text(encoding="utf-8"))["asked"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0.0

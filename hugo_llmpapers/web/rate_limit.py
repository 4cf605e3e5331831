"""The minimum interval between requests to a service, and the wait that a server requests itself."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from pathlib import Path

from filelock import FileLock, Timeout

from hugo_llmpapers.errors import SetupError, Unavailable
from hugo_llmpapers.temporary import write_file
from hugo_llmpapers.web.cache_folder import PRIVATE, read_regular

MAX_RETRY_AFTER_S = 20.0
"""A server that requests a longer wait has failed: a run does not wait for it."""


@contextmanager
def wait_for_slot(stamp: Path, service: str, interval_s: float, timeout_s: float) -> Iterator[None]:
    """Wait until `interval_s` seconds have passed since the last request of any run, and block other runs meanwhile.

    `stamp` is the file that the runs share. Raises Unavailable if another run holds the slot for longer than `timeout_s`,
    SetupError if the file cannot be written.
    """
    lock = FileLock(stamp.with_suffix(".lock"), mode=PRIVATE)
    try:
        lock.acquire(timeout=timeout_s)
        # If the system clock was set back, the stamp lies in the future: wait no longer than one interval.
        time.sleep(max(0.0, min(interval_s, _last_request(stamp) + interval_s - time.time())))
        write_file(stamp, json.dumps({"asked": time.time()}).encode(), mode=PRIVATE)
    except Timeout:
        raise Unavailable(service, "timed out waiting for another run") from None
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


def _last_request(stamp: Path) -> float:
    try:
        return float(json.loads(read_regular(stamp))["asked"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return 0.0


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a server requests before the next attempt; None if it requests nothing readable.

    Reads `Retry-After` (seconds or a date) and Hugging Face's `ratelimit: "api";r=0;t=55`.
    https://huggingface.co/docs/hub/rate-limits
    """
    value = headers.get("retry-after", "").strip()
    if value.replace(".", "", 1).isdecimal():
        return float(value)
    if value:
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        except (ValueError, OverflowError):
            return None
    limit = dict(part.strip().partition("=")[::2] for part in headers.get("ratelimit", "").split(";"))
    if limit.get("r") == "0" and limit.get("t", "").isdecimal():
        return float(limit["t"]) + 1.0
    return None

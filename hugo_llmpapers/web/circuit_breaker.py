"""Stops requests to a service that has left earlier requests of the same run unanswered."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.web.request import Retryable, TimedOut

MAX_UNANSWERED = 2
"""Unanswered requests after which all others to the service are skipped."""
RESET_AFTER_S = 120.0
"""A failure older than this no longer counts, so that a long backfill tries the service again."""


class CircuitBreaker:
    """The state of one service during one run. Thread-safe."""

    def __init__(self, service: str, max_concurrent: int) -> None:
        self._service = service
        self._slots = threading.Semaphore(max_concurrent)
        self._failures: dict[str, tuple[str, float]] = {}
        """Request key -> reason and monotonic time of its last failure."""
        self._in_flight = 0
        self._changed = threading.Condition()

    @contextmanager
    def request(self, key: str) -> Iterator[None]:
        """Hold one of the service's slots for one attempt at the request with this key.

        Raises Unavailable without an attempt if the circuit is open. A timeout counts as a failure at once. Failures that
        may be retried soon count only after the last attempt, by `record_failure`.
        """
        with self._slots:
            with self._changed:
                # After a first failure, wait for the requests that started at the same time: one may be the second.
                self._changed.wait_for(lambda: self._in_flight == 0 or not self._failures_of_others(key))
                others = self._failures_of_others(key)
                if len(others) >= MAX_UNANSWERED:
                    raise Unavailable(self._service, f"{others[0]}; further requests were skipped")
                self._in_flight += 1
            try:
                yield
                with self._changed:
                    self._failures.pop(key, None)
            except Unavailable as error:
                if isinstance(error, TimedOut) or (not isinstance(error, Retryable) and error.status is None):
                    self.record_failure(key, error.reason)
                raise
            finally:
                with self._changed:
                    self._in_flight -= 1
                    self._changed.notify_all()

    def record_failure(self, key: str, reason: str) -> None:
        """Count the request with this key as unanswered."""
        with self._changed:
            self._failures[key] = (reason, time.monotonic())

    def _failures_of_others(self, key: str) -> list[str]:
        earliest = time.monotonic() - RESET_AFTER_S
        return [reason for other, (reason, at) in self._failures.items() if other != key and at > earliest]

from __future__ import annotations

import time

import pytest

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.web import circuit_breaker
from hugo_llmpapers.web.circuit_breaker import CircuitBreaker


def test_a_service_that_left_requests_unanswered_is_tried_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backfill of an hour does not lose a source because of one bad minute, and skipped requests are no failures."""
    breaker = CircuitBreaker("Quarry", max_concurrent=1)
    for key in "ab":
        with pytest.raises(Unavailable), breaker.request(key):
            raise Unavailable("Quarry", "no answer")
    for key in "cd":
        with (
            pytest.raises(Unavailable, match=r"^Quarry: no answer; further requests were skipped$"),
            breaker.request(key),
        ):
            pytest.fail("an open circuit lets no request through")
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + circuit_breaker.RESET_AFTER_S + 1)
    with breaker.request("c"):
        pass

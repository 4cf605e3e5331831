from __future__ import annotations

import threading
import time

import pytest

from hugo_llmpapers.web import rate_limit
from hugo_llmpapers.web.rate_limit import Line


def test_what_was_silent_is_asked_again_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """A backfill of an hour does not do without a source for a minute's trouble."""
    line = Line(threading.Semaphore(1))
    for key in "ab":
        assert line.begin(key) is None
        line.end(key, "no answer")
    assert line.begin("c") == "no answer"
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + rate_limit.FORGIVEN_AFTER_S + 1)
    assert line.begin("c") is None

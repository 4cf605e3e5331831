"""What the tests of the sources share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hugo_llmpapers.web import client
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """The network with an empty cache, on a Monday; retries do not wait."""
    monkeypatch.setattr(client, "BACKOFF_S", 0.0)
    clock = datetime(2026, 2, 23, 12, tzinfo=UTC)
    with Web(Cache(tmp_path), clock, user_agent="test/1") as opened:
        yield opened

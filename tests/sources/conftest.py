"""What the tests of the sources share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import stamina

from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """The network with an empty cache, on a Monday; what fails is not tried again."""
    clock = datetime(2026, 2, 23, 12, tzinfo=UTC)
    with stamina.set_testing(True, attempts=1), Web(Cache(tmp_path), clock, user_agent="test/1") as opened:
        yield opened

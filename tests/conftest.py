"""What the tests share: no network, no secrets of this machine, a copy of the example site."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.tool import Blog
from tests.upstream import Upstream, serving

ROOT = Path(__file__).parent.parent
DAY = date(2026, 2, 27)
"""A Friday; the clock of the end-to-end tests stands at seven on its Japanese morning."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """--update-golden writes the expected files anew."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")


def pytest_xdist_auto_num_workers() -> int:
    """Four for each processor: most of a test's time is waiting, for a silent server or for a deadline."""
    return min(16, 4 * (os.cpu_count() or 1))


def pytest_configure() -> None:
    """Refuses addresses of other machines in this process, as sitecustomize does in those that it starts."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell's background job; what the tests start and interrupt would inherit it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    spec = importlib.util.spec_from_file_location("offline", ROOT / "tests" / "offline" / "sitecustomize.py")
    assert spec is not None
    assert spec.loader is not None
    spec.loader.exec_module(importlib.util.module_from_spec(spec))


@pytest.fixture(autouse=True)
def _clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, proxies and settings of whoever runs the tests must not reach them."""
    for name in list(os.environ):
        if name.upper().startswith(("ANTHROPIC", "HUGO", "S2_", "HF_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    """All services on a loopback port, on DAY."""
    with serving(DAY) as running:
        yield running


@pytest.fixture
def blog(tmp_path: Path, request: pytest.FixtureRequest) -> Blog:
    """A copy of the example site, without posts, with a cache and a home of its own.

    Its runs take figures only in tests that are marked `figures`.
    """
    root = tmp_path / "hugo-example"
    shutil.copytree(ROOT / "hugo-example", root, ignore=shutil.ignore_patterns("llm-papers-*-*", "public", "resources"))
    (root / "archetypes").mkdir(exist_ok=True)
    shutil.copyfile(ROOT / "archetypes" / "llm-papers.md", root / "archetypes" / "llm-papers.md")
    return Blog(root, tmp_path, figures=request.node.get_closest_marker("figures") is not None)

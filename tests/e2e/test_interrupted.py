"""Runs that are killed, interrupted, or not alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.tool import CLOCK, COMMAND, Blog
from tests.upstream import Fault, Upstream

pytestmark = pytest.mark.figures

COMPLETE = ["index.md", *(f"paper_{n}.png" for n in range(1, 6))]


def _start(blog: Blog, upstream: Upstream, environ: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [str(COMMAND), "new", "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **upstream.environ(), **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("after_s", [0.2, 0.8, 1.4, 2.0, 2.6, 3.2])
def test_a_killed_run_leaves_a_whole_post_or_none(blog: Blog, upstream: Upstream, after_s: float) -> None:
    """kill -9 at any stage; the next run finishes, and nothing is left over."""
    run = _start(blog, upstream)
    time.sleep(after_s)
    run.kill()
    run.communicate()
    if blog.post().exists():
        assert sorted(p.name for p in blog.post().iterdir()) == COMPLETE
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert sorted(p.name for p in blog.post().iterdir()) == COMPLETE
    assert blog.posts() == ["_index.md", "llm-papers-2026-02-27"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_run_clears_up(blog: Blog, upstream: Upstream, tmp_path: Path, number: int) -> None:
    """As timers and build hosts end jobs: no post, no folder left in TMPDIR."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    upstream.faults["claude"] = Fault(429, b"{}", headers={"retry-after": "15"})
    with _start(blog, upstream, environ={"TMPDIR": str(scratch)}) as run:
        deadline = time.monotonic() + 30
        while not upstream.asked("claude") and time.monotonic() < deadline:
            time.sleep(0.05)
        run.send_signal(number)
        run.communicate(timeout=10)
    assert run.returncode == 130
    assert blog.posts() == ["_index.md"]
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_is_130_and_writes_nothing(blog: Blog, upstream: Upstream) -> None:
    """Even while Claude keeps everybody waiting; no process of ours is left."""
    upstream.faults["claude"] = Fault(429, b"{}", headers={"retry-after": "15"})
    run = _start(blog, upstream)
    deadline = time.monotonic() + 30
    while not upstream.asked("claude") and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(signal.SIGINT)
    started = time.monotonic()
    _, err = run.communicate(timeout=10)
    assert run.returncode == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert blog.posts() == ["_index.md"]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("caches", [("cache", "cache"), ("one", "other")])
def test_two_runs_at_once_write_one_post(blog: Blog, upstream: Upstream, caches: tuple[str, str]) -> None:
    """One writes, the other finds it there, with whatever cache; both say the same path and exit 0."""
    runs = [_start(blog, upstream, environ={"HUGO_CACHEDIR": str(blog.home / cache)}) for cache in caches]
    ended = [run.communicate(timeout=120) for run in runs]
    assert [run.returncode for run in runs] == [0, 0], ended
    assert {out for out, _ in ended} == {f"{blog.post() / 'index.md'}{os.linesep}"}
    assert sorted(p.name for p in blog.post().iterdir()) == COMPLETE
    assert len(upstream.asked("claude")) == 5
    assert blog.posts() == ["_index.md", "llm-papers-2026-02-27"]

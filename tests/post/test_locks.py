"""One run at a time, whatever happens to it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from filelock import Timeout

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.post.bundle import write_lock
from hugo_llmpapers.post.locks import Busy, lock_folder, lock_name

posix = pytest.mark.skipif(os.name != "posix", reason="folders are locked there")


@contextmanager
def _other(call: str) -> Iterator[subprocess.Popen[str]]:
    """Another process at work under a lock."""
    code = (
        "import sys; from pathlib import Path; from hugo_llmpapers.post.locks import lock_name, lock_folder\n"
        f"with {call}:\n print('held', flush=True); sys.stdin.read()"
    )
    args = [sys.executable, "-c", code]
    with subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_lock_of_a_killed_run_is_released(tmp_path: Path) -> None:
    """Until then no other run gets it."""
    folder = tmp_path / "posts"
    for call, again in (
        (f"lock_folder(Path({str(folder)!r}), 1)", partial(lock_folder, folder, 0.2)),
        (f"lock_name({str(folder)!r}, 1)", partial(lock_name, str(folder), 0.2)),
    ):
        with _other(call) as process:
            with pytest.raises(Busy), again():
                pass
            process.kill()
            process.wait()
            with again():
                pass


@posix
def test_a_lock_leaves_no_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty folders that were made for it are removed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "scratch"))
    (tmp_path / "scratch").mkdir()
    with lock_folder(tmp_path / "content" / "posts", 0):
        assert list((tmp_path / "content" / "posts").iterdir()) == []
    with lock_name("x", 0):
        assert len(list((tmp_path / "scratch").glob("*/*"))) == 1
    assert [path.name for path in tmp_path.rglob("*")] == ["scratch"]


@posix
def test_a_link_locks_the_folder_that_it_leads_to(tmp_path: Path) -> None:
    """A mount may be a link."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with lock_folder(tmp_path / "link", 0), pytest.raises(Busy), lock_folder(tmp_path / "real", 0):
        pass


@posix
def test_a_folder_that_was_renamed_is_another_one(tmp_path: Path) -> None:
    """The new folder of that name can be locked, the old one cannot."""
    folder = tmp_path / "posts"
    with lock_folder(folder, 0):
        folder.rename(tmp_path / "old")
        with lock_folder(folder, 0):
            assert folder.is_dir()
            with pytest.raises(Busy), lock_folder(folder, 0):
                pass
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_timeout_within_the_lock_is_not_one_of_the_lock(tmp_path: Path) -> None:
    """For example of the lock for a rate limit."""
    with pytest.raises(Timeout), write_lock(tmp_path / "posts", 0):
        raise Timeout("pace")
    with (
        pytest.raises(Failure, match="Another run"),
        write_lock(tmp_path / "posts", 0),
        write_lock(tmp_path / "posts", 0),
    ):
        pass


@posix
def test_a_link_is_not_used_for_lock_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody can make one in a shared temporary folder."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / f"hugo-llmpapers-locks-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(OSError, match="somebody else"), lock_name("x", 0):
        pass
    assert list((tmp_path / "elsewhere").iterdir()) == []

"""Folders for the time of one step, and what killed runs left of them."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from pathlib import Path

import pytest
from filelock import FileLock

from hugo_llmpapers.errors import NoRoom
from hugo_llmpapers.temporary import clear_up, temporary_folder


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's temporary folder of these tests."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _left(scratch: Path, *, age_s: float) -> Path:
    folder = scratch / "hugo-llmpapers-step-abc_1234"
    folder.mkdir()
    lock = folder / ".lock"
    lock.touch()
    os.utime(lock, (time.time() - age_s,) * 2)
    return folder


def test_a_folder_is_gone_afterwards(scratch: Path) -> None:
    """With all that is in it."""
    with temporary_folder() as folder:
        (folder / "x").write_text("x", encoding="utf-8")
    assert list(scratch.iterdir()) == []


def test_a_full_disk_is_a_failure_with_a_remedy() -> None:
    """A write that finds no room does not name its file."""
    with pytest.raises(NoRoom, match="No space left") as caught, temporary_folder():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "TMPDIR" in caught.value.remedy


def test_trouble_with_other_files_stays_what_it_is(tmp_path: Path) -> None:
    """It is not about this folder."""
    with pytest.raises(FileNotFoundError), temporary_folder():
        (tmp_path / "missing").read_bytes()


def test_what_a_killed_run_left_is_cleared(scratch: Path) -> None:
    """Nobody holds its lock."""
    _left(scratch, age_s=10)
    clear_up()
    assert list(scratch.iterdir()) == []


def test_what_lost_its_lock_is_cleared(scratch: Path) -> None:
    """A run that was killed while it cleared up."""
    folder = _left(scratch, age_s=10)
    (folder / ".lock").unlink()
    os.utime(folder, (time.time() - 10,) * 2)
    clear_up()
    assert list(scratch.iterdir()) == []


def test_what_a_run_holds_or_has_just_made_stays(scratch: Path) -> None:
    """By its lock, or by its age."""
    held = _left(scratch, age_s=10)
    with FileLock(held / ".lock"):
        os.utime(held / ".lock", (time.time() - 10,) * 2)
        clear_up()
        assert held.is_dir()
    os.utime(held / ".lock")
    clear_up()
    assert held.is_dir()


def test_a_link_is_not_followed(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Anybody can make one in a folder that all share."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / ".lock").touch()
    os.utime(elsewhere / ".lock", (time.time() - 10,) * 2)
    (scratch / "hugo-llmpapers-step-link").symlink_to(elsewhere, target_is_directory=True)
    clear_up()
    assert (elsewhere / ".lock").exists()


def test_a_folder_of_another_name_stays(scratch: Path) -> None:
    """Only names that Python's `tempfile` gives are those of our steps."""
    others = ["hugo-llmpapers-step-notes", "hugo-llmpapers-step-abc_1234.bak", "hugo-llmpapers-step-"]
    for name in others:
        (scratch / name).mkdir()
        (scratch / name / ".lock").touch()
        os.utime(scratch / name / ".lock", (0, 0))
    clear_up()
    assert sorted(path.name for path in scratch.iterdir()) == sorted(others)

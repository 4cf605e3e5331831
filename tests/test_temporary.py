"""Folders for the time of one step, and what killed runs left of them."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
import time
from pathlib import Path

import pytest
from filelock import FileLock

from hugo_llmpapers.errors import TemporaryFolderError
from hugo_llmpapers.temporary import remove_stale_folders, temporary_folder, write_file

posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links")


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
    with pytest.raises(TemporaryFolderError, match="No space left") as caught, temporary_folder():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert "TMPDIR" in caught.value.remedy


def test_trouble_with_other_files_stays_what_it_is(tmp_path: Path) -> None:
    """It is not about this folder."""
    with pytest.raises(FileNotFoundError), temporary_folder():
        (tmp_path / "missing").read_bytes()


def test_what_a_killed_run_left_is_cleared(scratch: Path) -> None:
    """Nobody holds its lock."""
    _left(scratch, age_s=10)
    remove_stale_folders()
    assert list(scratch.iterdir()) == []


def test_what_lost_its_lock_is_cleared(scratch: Path) -> None:
    """A run that was killed while it cleared up."""
    folder = _left(scratch, age_s=10)
    (folder / ".lock").unlink()
    os.utime(folder, (time.time() - 10,) * 2)
    remove_stale_folders()
    assert list(scratch.iterdir()) == []


def test_what_a_run_holds_or_has_just_made_stays(scratch: Path) -> None:
    """By its lock, or by its age."""
    held = _left(scratch, age_s=10)
    with FileLock(held / ".lock"):
        os.utime(held / ".lock", (time.time() - 10,) * 2)
        remove_stale_folders()
        assert held.is_dir()
    os.utime(held / ".lock")
    remove_stale_folders()
    assert held.is_dir()


def test_a_link_is_not_followed(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Anybody can make one in a folder that all share."""
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / ".lock").touch()
    os.utime(elsewhere / ".lock", (time.time() - 10,) * 2)
    (scratch / "hugo-llmpapers-step-link").symlink_to(elsewhere, target_is_directory=True)
    remove_stale_folders()
    assert (elsewhere / ".lock").exists()


def test_a_folder_of_another_name_stays(scratch: Path) -> None:
    """Only names that Python's `tempfile` gives are those of our steps."""
    others = ["hugo-llmpapers-step-notes", "hugo-llmpapers-step-abc_1234.bak", "hugo-llmpapers-step-"]
    for name in others:
        (scratch / name).mkdir()
        (scratch / name / ".lock").touch()
        os.utime(scratch / name / ".lock", (0, 0))
    remove_stale_folders()
    assert sorted(path.name for path in scratch.iterdir()) == sorted(others)


@posix
def test_a_file_is_written_completely_or_not_at_all(tmp_path: Path) -> None:
    """A failed write leaves the old file, and nothing beside it."""
    file = tmp_path / "file"
    write_file(file, b"old", mode=0o600)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(TypeError):
        write_file(file, "no bytes")  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
    write_file(file, b"new", mode=0o640)
    assert (file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (b"new", 0o640)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@posix
def test_a_file_is_not_written_through_a_link(tmp_path: Path) -> None:
    """Neither of its own name nor of its temporary name."""
    (tmp_path / "other").write_bytes(b"other")
    for name in ("file", ".tmp-file"):
        (tmp_path / name).symlink_to(tmp_path / "other")
    write_file(tmp_path / "file", b"new")
    assert not (tmp_path / "file").is_symlink()
    assert (tmp_path / "other").read_bytes() == b"other"

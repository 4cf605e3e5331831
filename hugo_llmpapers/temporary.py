"""Temporary files and folders: removed after one step, or renamed into place once they are complete.

What a killed run leaves behind is removed by the next one. A folder for one step lies outside the site and holds a lock, so
that no other run removes it while it is in use.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from hugo_llmpapers.errors import TemporaryFolderError

ROOM_REMEDY = "Make room there, or name another folder in TMPDIR."
_PREFIX = "hugo-llmpapers-step-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")
"""As Python's `tempfile` names them."""
_LOCK = ".lock"
_YOUNG_S = 1.0
"""A folder younger than this may belong to a run that has not locked it yet."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_open: set[str] = set()
"""Folders that this process uses, in any of its threads."""


def write_file(
    path: Path,
    content: bytes,
    *,
    mode: int | None = None,
    temporary_name: str | None = None,
    flush_to_disk: bool = False,
) -> None:
    """Write a file under a temporary name in the same folder and rename it to `path`. Raises OSError; `path` is then unchanged.

    mode: permissions of the file; None for those that the umask gives.
    temporary_name: unique to the writer if several may write at once. By default it is always the same, so that the next
        write replaces what a killed run left.
    flush_to_disk: return only when the content is on the disk.
    """
    new = path.with_name(temporary_name or f".tmp-{path.name}")
    try:
        new.unlink(missing_ok=True)
        # "x": a link that somebody puts there is not followed.
        with open(new, "xb", opener=lambda name, flags: os.open(name, flags, 0o666 if mode is None else mode)) as file:
            file.write(content)
            if flush_to_disk:
                file.flush()
                os.fsync(file.fileno())
        if mode is not None:
            new.chmod(mode)
        new.replace(path)
    finally:
        with suppress(OSError):
            new.unlink(missing_ok=True)


def write_folder(
    path: Path, files: Mapping[str, bytes], *, prefix: str, replacing: Path | None = None, private: bool = False
) -> None:
    """Write a folder with exactly these files beside `path` and rename it to `path`. Raises OSError; nothing is then changed.

    One writer at a time, which has called `recover`. While it is made the folder is called `{prefix}making-PID`.
    replacing: the folder or file that it replaces, if any; renamed to `{prefix}aside-NAME` before, deleted afterwards.
    private: only the owner may read the folder and its files.
    """
    new, old = path.with_name(f"{prefix}making-{os.getpid()}"), None
    try:
        new.mkdir(mode=0o700 if private else 0o777)  # fails for a link of that name
        for name, content in files.items():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            (new / name).write_bytes(content)
        for inner in new.rglob("*") if private else ():
            inner.chmod(0o700 if inner.is_dir() else 0o600)
        if replacing is not None:
            old = replacing.rename(replacing.with_name(f"{prefix}aside-{replacing.name}"))
        new.rename(path)
    except OSError:
        shutil.rmtree(new, ignore_errors=True)
        if replacing is not None and old is not None:
            old.rename(replacing)
        raise
    if old is not None:
        _remove(old)


def recover(folder: Path, prefix: str) -> None:
    """Remove what a killed `write_folder` left in `folder`, and put back what it was about to replace. Raises OSError."""
    for new in folder.glob(f"{prefix}making-*"):
        _remove(new)
    for old in folder.glob(f"{prefix}aside-*"):
        path = old.with_name(old.name.removeprefix(f"{prefix}aside-"))
        if os.path.lexists(path):
            _remove(old)
        else:
            old.rename(path)


def _remove(path: Path) -> None:
    """Delete a file, a link or a folder; links in a folder are not followed."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a new folder and delete it at the end. Raises TemporaryFolderError if the disk is full or the folder unusable."""
    from filelock import FileLock

    parent = tempfile.gettempdir()
    try:
        with (
            tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder,
            FileLock(Path(folder) / _LOCK),
        ):
            _open.add(folder)
            try:
                yield Path(folder)
            finally:
                _open.discard(folder)
    except OSError as error:
        # An error about another file is not ours to explain; a failed write does not name its file.
        if error.errno not in _FULL and not str(error.filename or "").startswith(str(Path(parent, _PREFIX))):
            raise
        problem = f"The folder for temporary files, {parent}, cannot be written to: {error.strerror or error}."
        raise TemporaryFolderError(problem, ROOM_REMEDY) from None


def remove_open() -> None:
    """Delete the folders of this process, whose threads are about to be killed."""
    for folder in tuple(_open):
        shutil.rmtree(folder, ignore_errors=True)


def remove_stale_folders() -> None:
    """Delete the folders that killed runs of this user left behind."""
    from filelock import FileLock, Timeout

    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = folder / _LOCK
        try:
            # No lock: its removal was killed, or a Hugo that outlived its run made the folder again.
            newest = lock if lock.exists() else folder
            is_old = time.time() - newest.stat().st_mtime > _YOUNG_S
            if is_old and _NAME.fullmatch(folder.name) and is_own_folder(folder):
                with FileLock(lock, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
        except (OSError, Timeout):
            continue


def is_own_folder(path: Path) -> bool:
    """Return whether this is a folder of this user, and no link: anybody can make one of that name in a shared folder."""
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and (not hasattr(os, "geteuid") or status.st_uid == os.geteuid())

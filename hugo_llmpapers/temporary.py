"""Folders for the time of one step, outside the site; those that a killed run has left are cleared by the next one.

In each there is a lock that its run holds, so that nobody takes it for one that was left.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from hugo_llmpapers.errors import NoRoom

ROOM_REMEDY = "Make room there, or name another folder in TMPDIR."
_PREFIX = "hugo-llmpapers-step-"
_NAME = re.compile(rf"{_PREFIX}[a-z0-9_]{{8}}")
"""As Python's `tempfile` makes them."""
_LOCK = ".lock"
_YOUNG_S = 1.0
"""Age of a folder whose lock its run may not have taken yet."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)
_open: set[str] = set()
"""Folders of this process that are in use, in any of its threads."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder, gone afterwards. Raises NoRoom where the disk does not take it, or what is written into it."""
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
        # What is wrong with another file is not for this to explain; a write that fails does not say which file's it was.
        if error.errno not in _FULL and not str(error.filename or "").startswith(str(Path(parent, _PREFIX))):
            raise
        said = f"The folder for temporary files, {parent}, cannot be written to: {error.strerror or error}."
        raise NoRoom(said, ROOM_REMEDY) from None


def remove_open() -> None:
    """Away with the folders of this process, whose threads are about to be ended where they are."""
    for folder in tuple(_open):
        shutil.rmtree(folder, ignore_errors=True)


def clear_up() -> None:
    """Away with the folders that killed runs of this user have left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = folder / _LOCK
        try:
            # Without a lock: killed while it was cleared, or a Hugo that outlived its run has made it again.
            made = lock if lock.exists() else folder
            if (
                _NAME.fullmatch(folder.name)
                and _is_own_folder(folder)
                and time.time() - made.stat().st_mtime > _YOUNG_S
            ):
                with FileLock(lock, timeout=0):
                    shutil.rmtree(folder, ignore_errors=True)
        except (OSError, Timeout):
            continue


def _is_own_folder(path: Path) -> bool:
    """No link, and nobody else's: in a temporary folder that all share anybody can make one of that name."""
    status = path.lstat()
    return stat.S_ISDIR(status.st_mode) and (not hasattr(os, "geteuid") or status.st_uid == os.geteuid())

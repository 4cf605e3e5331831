"""Locks that exclude other runs, wherever these keep their caches; the system releases the lock of a killed run.

On POSIX the folder itself is locked with flock, which leaves no file in it. If that is not possible (Windows, some network
file systems) a file in the user's temporary folder stands for the folder.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_POLL_S = 0.05
_LOCK_FOLDER = "hugo-llmpapers-locks"


class Busy(Exception):
    """Another run has the lock."""


class _Unsupported(OSError):
    """The file system has no such locks."""


@contextmanager
def lock_folder(folder: Path, timeout_s: float) -> Iterator[None]:
    """Lock a folder, which is made if it does not exist. If it was made and is empty at the end, it is removed.

    Raises Busy if another run has the lock for longer than `timeout_s`, OSError if the folder cannot be made or opened.
    """
    made: list[Path] = []

    def acquire() -> int | None:
        made.extend(path for path in (folder, *folder.parents) if not path.exists() and path not in made)
        folder.mkdir(parents=True, exist_ok=True)
        return _flock(folder, os.O_RDONLY)

    with ExitStack() as stack:
        end = time.monotonic() + timeout_s
        try:
            stack.callback(os.close, _wait_for(acquire, end))
        except _Unsupported:
            stack.enter_context(lock_name(str(folder.resolve()), end - time.monotonic()))
        stack.callback(_remove_empty, made)  # while it is locked
        yield


@contextmanager
def lock_name(name: str, timeout_s: float) -> Iterator[None]:
    """Lock a name among the runs of this user. Raises Busy as `lock_folder`, OSError if its file cannot be made."""
    file = f"{sha256(name.encode()).hexdigest()[:16]}.lock"
    if fcntl is None:
        lock = FileLock(_lock_files() / file, timeout=max(0.0, timeout_s), mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise Busy from None
        try:
            yield
        finally:
            lock.release()
        return
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    descriptor = _wait_for(lambda: _flock(_lock_files() / file, flags), time.monotonic() + timeout_s)
    try:
        yield
    finally:
        with suppress(OSError):
            (_lock_files() / file).unlink()
            _lock_files().rmdir()
        os.close(descriptor)


def _wait_for(acquire: Callable[[], int | None], end: float) -> int:
    """Return the first descriptor that `acquire` gives. Raises Busy at `end`, by the monotonic clock."""
    while (descriptor := acquire()) is None:
        if time.monotonic() >= end:
            raise Busy
        time.sleep(_POLL_S)
    return descriptor


def _flock(path: Path, flags: int) -> int | None:
    """Return a descriptor that holds the lock; None if another run has it, or has removed or renamed the path meanwhile."""
    if fcntl is None:
        raise _Unsupported
    try:
        descriptor = os.open(path, flags, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), path.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError as error:
        os.close(descriptor)
        raise _Unsupported(error.errno, error.strerror, str(path)) from None
    os.close(descriptor)
    return None


def _lock_files() -> Path:
    """Return this user's folder for lock files. Raises PermissionError if it is another user's, or a link.

    Anybody can make a folder of that name in a shared temporary folder.
    """
    user = f"-{os.geteuid()}" if hasattr(os, "geteuid") else ""  # on Windows each user has a temporary folder
    folder = Path(tempfile.gettempdir()) / f"{_LOCK_FOLDER}{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or (user and status.st_uid != os.geteuid()):
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def _remove_empty(folders: list[Path]) -> None:
    """Remove these folders, the innermost first, until one is not empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()

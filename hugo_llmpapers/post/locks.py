"""Locks that exclude other runs, wherever these keep their caches; the system releases the lock of a killed run.

On POSIX the folder itself is locked with flock, which leaves no file in it. If that is not possible (Windows, some network
file systems) a file in the user's temporary folder stands for the folder.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

from hugo_llmpapers.temporary import is_own_folder

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
    end = time.monotonic() + timeout_s
    with ExitStack() as stack:
        try:
            while (descriptor := _make_and_lock(folder, made)) is None:
                if time.monotonic() >= end:
                    raise Busy
                time.sleep(_POLL_S)
            stack.callback(os.close, descriptor)
        except _Unsupported:
            lock = FileLock(_lock_files() / f"{_digest(str(folder.resolve()))}.lock", mode=0o600)
            try:
                stack.enter_context(lock.acquire(timeout=max(0.0, end - time.monotonic())))
            except Timeout:
                raise Busy from None
        stack.callback(_remove_empty, made)  # while it is locked
        yield


@contextmanager
def lock_name(name: str, timeout_s: float) -> Iterator[None]:
    """Lock a name among the runs of this user. Raises as `lock_folder`."""
    files = _lock_files()
    with ExitStack() as stack:
        stack.callback(_remove_empty, [files])
        stack.enter_context(lock_folder(files / _digest(name), timeout_s))
        yield


def _make_and_lock(folder: Path, made: list[Path]) -> int | None:
    """Return a descriptor that holds the folder's lock; None if another run has it, or has removed or renamed the folder.

    Adds to `made` the folders that did not exist.
    """
    made += [path for path in (folder, *folder.parents) if not path.exists() and path not in made]
    folder.mkdir(parents=True, exist_ok=True)
    if fcntl is None:
        raise _Unsupported
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(descriptor), folder.stat()):
            return descriptor
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError as error:
        os.close(descriptor)
        raise _Unsupported(error.errno, error.strerror, str(folder)) from None
    os.close(descriptor)
    return None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _lock_files() -> Path:
    """Return this user's folder for lock files. Raises PermissionError if it is another user's, or a link."""
    user = f"-{os.geteuid()}" if hasattr(os, "geteuid") else ""  # on Windows each user has a temporary folder
    folder = Path(tempfile.gettempdir()) / f"{_LOCK_FOLDER}{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if not is_own_folder(folder):
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def _remove_empty(folders: list[Path]) -> None:
    """Remove these folders, the innermost first, until one is not empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()

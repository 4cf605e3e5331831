"""One run at a time, wherever the runs keep their caches; the system takes a lock away from a run that is killed.

On POSIX a folder itself is locked with flock, which leaves nothing in it. Where that is not possible (Windows, some
network file systems) a file in the user's folder for temporary files stands for the folder.
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from filelock import FileLock, Timeout

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_POLL_S = 0.05
_STORE = "hugo-llmpapers-locks"
_UNSUPPORTED = -1


class Busy(Exception):
    """Another run has the lock."""


@contextmanager
def alone_in(folder: Path, wait_s: float) -> Iterator[None]:
    """Makes the folder if need be, and this run the only one of ours at work there. Raises Busy where another one is for
    longer than `wait_s` seconds, OSError where the folder cannot be made or opened.

    A folder that was made, and has nothing in it at the end, is gone.
    """
    made: list[Path] = []
    with ExitStack() as stack:
        until = time.monotonic() + wait_s
        while (held := _made_and_locked(folder, made)) is None:
            if time.monotonic() >= until:
                raise Busy
            time.sleep(_POLL_S)
        if held == _UNSUPPORTED:
            stack.enter_context(alone_as(str(folder.resolve()), until - time.monotonic()))
        else:
            stack.callback(os.close, held)
        stack.callback(_remove_empty, made)  # before anybody else can have the folder
        yield


@contextmanager
def alone_as(name: str, wait_s: float) -> Iterator[None]:
    """The same for all runs of this user that give this name. Raises Busy, and OSError where no file can stand for it."""
    file, until = f"{sha256(name.encode()).hexdigest()[:16]}.lock", time.monotonic() + wait_s
    if fcntl is None:
        lock = FileLock(_store() / file, timeout=max(0.0, wait_s), mode=0o600)
        try:
            lock.acquire()
        except Timeout:
            raise Busy from None
        try:
            yield
        finally:
            lock.release()
        return
    while (held := _locked(_store() / file, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW)) is None:
        if time.monotonic() >= until:
            raise Busy
        time.sleep(_POLL_S)
    try:
        yield
    finally:
        with suppress(OSError):
            (_store() / file).unlink()
            _store().rmdir()
        os.close(held)


def _made_and_locked(folder: Path, made: list[Path]) -> int | None:
    """A descriptor that holds the folder's lock, _UNSUPPORTED where folders are not locked here, or None where another
    run has it. Adds to `made` what was not there. Raises OSError."""
    made += [path for path in (folder, *folder.parents) if not path.exists() and path not in made]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _UNSUPPORTED if fcntl is None else _locked(folder, os.O_RDONLY)
    except _Unsupported:
        return _UNSUPPORTED


class _Unsupported(OSError):
    """This file system has no locks for this."""


def _locked(path: Path, flags: int) -> int | None:
    """A descriptor that holds the lock; None where another run has it, or whoever had it has removed what it was on."""
    try:
        held = os.open(path, flags, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.path.samestat(os.fstat(held), path.stat()):
            return held
    except (BlockingIOError, FileNotFoundError):
        pass
    except OSError as error:
        os.close(held)
        raise _Unsupported(error.errno, error.strerror, str(path)) from None
    os.close(held)
    return None


def _store() -> Path:
    """Of this user alone: in a temporary folder that all share anybody can make one of that name."""
    user = f"-{os.geteuid()}" if hasattr(os, "geteuid") else ""  # Windows has a temporary folder for each user
    store = Path(tempfile.gettempdir()) / f"{_STORE}{user}"
    store.mkdir(mode=0o700, exist_ok=True)
    status = store.lstat()
    if not stat.S_ISDIR(status.st_mode) or (user and status.st_uid != os.geteuid()):
        raise PermissionError(f"{store} belongs to somebody else")
    return store


def _remove_empty(folders: list[Path]) -> None:
    """Those that came to nothing, the innermost first."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()

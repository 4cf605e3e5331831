"""The folder that everything kept lies in. A marker says that it is ours; without one, nothing in it is touched.

The marker is a cache directory tag, which backup programs know, too: https://bford.info/cachedir/. Whatever is deleted has
a name that we give, stands in a marked folder, and is reached through no link.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.temporary import write_file

NAME = "llmpapers"
"""Of our folder below whatever `cacheDir` names."""
MARKER = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"
_OWNER = b"# A cache of hugo-llmpapers."
_TAG = (
    _SIGNATURE
    + b"\n"
    + _OWNER
    + b" `hugo-llmpapers cache clear` empties it.\n# About such files: https://bford.info/cachedir/\n"
)
PRIVATE = 0o600
"""Mode of files in the cache, whatever the umask."""
_LARGEST = 100_000_000
"""Bytes of a file that is carried over; ours have a few millions at the most."""
_PLAINLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LOCK = ".lock"
MAKING = ".tmp-"
"""Begins the name of a file that is not whole yet."""
_ANSWER = r"[0-9a-f]{2}/[0-9a-f]{32}"
_TO_CARRY = (
    rf"(?:summary|answer)/{_ANSWER}"
    r"|bundles/[0-9a-f]{16}/(?:days\.json|(?!\.making-)[^/]+/(?:manifest\.json|files/.+))"
    r"|backfill/[0-9a-f]{16}-[\w-]+/(?:plan|batch|calls)-[\d-]+\.json"
)
_CARRIED = re.compile(_TO_CARRY, re.DOTALL)
"""What was paid for, or exists nowhere else."""
_OURS = re.compile(
    rf"{_TO_CARRY}|[a-z]+/{_ANSWER}|backfill/[0-9a-f]{{16}}-[\w-]+/answer/{_ANSWER}"
    r"|locks/[0-9a-f]{16}\.lock|pace/[a-z]+\.(?:json|lock)",
    re.DOTALL,
)


def is_ours(root: Path) -> bool:
    """Whether the folder has our marker, neither of them is a link, and the folder is not another user's.

    Without a home, Hugo's cache is a folder in /tmp, which anybody may have made and filled.
    """
    tag = root / MARKER
    try:
        if root.is_symlink() or tag.is_symlink() or _is_anothers(root):
            return False
        said = read(tag)
    except OSError:
        return False
    return said.startswith(_SIGNATURE) and _OWNER in said


def claim(root: Path, older: Path | None = None) -> None:
    """Makes the folder with its marker, unless it has one.

    A folder without a marker becomes ours only if it is empty, or has a file of an earlier version of ours. `older`: where
    that version kept its files if not in `root`; what cannot be had again is copied, and the originals stay.
    Raises SetupError for a folder of somebody else, OSError where the disk does not take it.
    """
    if is_ours(root):
        return
    if (why := refused(root)) is not None:
        raise SetupError(
            f"The cache folder {root} {why}.", "Set `cacheDir` to a folder of your own; ours goes below it."
        )
    from filelock import FileLock

    root.parent.mkdir(parents=True, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    with FileLock(root / _LOCK, mode=PRIVATE):
        if is_ours(root):
            return
        if older is not None:
            _carry(older, root)
        write_file(root / MARKER, _TAG, mode=PRIVATE)


def refused(root: Path) -> str | None:
    """Why the folder is not ours and does not become it; None where it is, or may. Raises OSError."""
    if is_ours(root):
        return None
    if root.is_symlink():
        return "is a link"
    if root.exists() and _is_anothers(root):
        return "belongs to another user"
    # Asked once more at the end: another thread or run may have marked it since.
    is_usable = not root.is_dir() or _is_free(root) or is_ours(root)
    return None if is_usable else "is there already, and is no cache of this tool"


def _is_anothers(root: Path) -> bool:
    """Never for root: in a container it works on folders of its host's user."""
    return hasattr(os, "geteuid") and os.geteuid() not in (0, root.lstat().st_uid)


def make_below(root: Path, folder: Path) -> None:
    """Makes a folder below a marked one, and those on the way, for their owner only. Raises OSError, also for a link."""
    for path in (*reversed(folder.parents), folder):
        if path != root and path.is_relative_to(root):
            # One after the other: those that `parents` makes on the way have the mode of the umask.
            path.mkdir(exist_ok=True, mode=0o700)
            if path.is_symlink():
                raise OSError(errno.ELOOP, "it is a link", str(path))


def private(file: Path) -> Path:
    """The file, made if it is not there, readable for its owner only. Raises OSError, also for what is no regular file."""
    if file.is_symlink():
        raise OSError(errno.ELOOP, "it is a link", str(file))
    opened = os.open(file, os.O_CREAT | os.O_WRONLY | _PLAINLY, PRIVATE)
    try:
        _check_regular(opened, file)
    finally:
        os.close(opened)
    return file


def read(file: Path) -> bytes:
    """The whole of a regular file. Raises OSError for a link, a pipe or a device, and for a file that is larger than any of ours.

    Whoever can write into a host's cache can put such things there; a run neither waits for them nor fills its memory.
    """
    with open(file, "rb", opener=lambda path, flags: os.open(path, flags | _PLAINLY)) as opened:
        _check_regular(opened.fileno(), file)
        return opened.read()


def _check_regular(opened: int, file: Path) -> None:
    status = os.fstat(opened)
    if not stat.S_ISREG(status.st_mode) or status.st_size > _LARGEST:
        raise OSError(errno.EINVAL, "it is no file of ours", str(file))


def remove(folder: Path, ours: re.Pattern[str]) -> None:
    """Deletes the files below a folder whose path from there is one of ours, and the folders that become empty.

    What cannot be deleted stays. Links are neither followed nor deleted.
    """
    for path in (path for path in _files(folder) if ours.fullmatch(path.relative_to(folder).as_posix())):
        with suppress(OSError):
            path.unlink()
    _remove_empty(folder)


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder, links left out."""
    if folder.is_symlink():
        return
    for top, _, names in os.walk(folder):
        yield from (path for name in names if not (path := Path(top, name)).is_symlink())


def _remove_empty(folder: Path) -> None:
    if folder.is_symlink():
        return
    for top, _, _ in os.walk(folder, topdown=False):
        with suppress(OSError):
            Path(top).rmdir()


def _is_free(root: Path) -> bool:
    """Whether nobody would miss anything there, or a file shows that the folder was an earlier version's.

    Names that begin with a dot are a file manager's, or ours.
    """
    is_empty = True
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        if _OURS.fullmatch(name):
            return True
        is_empty = is_empty and (name.startswith(".") or path.lstat().st_size == 0)
    return is_empty


def _carry(older: Path, root: Path) -> None:
    """Copies what root does not have yet: regular files, as a pipe would be waited for. Raises OSError."""
    for kind in ("summary", "answer", "bundles", "backfill"):
        for path in _files(older / kind):
            place = path.relative_to(older)
            times = path.lstat()
            is_usual = stat.S_ISREG(times.st_mode) and times.st_size <= _LARGEST
            if is_usual and _CARRIED.fullmatch(place.as_posix()) and not os.path.lexists(root / place):
                make_below(root, (root / place).parent)
                write_file(root / place, read(path), mode=PRIVATE)
                os.utime(root / place, (times.st_atime, times.st_mtime))

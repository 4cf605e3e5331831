"""The cache folder. A marker shows that it is ours; without it, nothing in the folder is changed.

The marker is a cache directory tag, which backup programs know as well: https://bford.info/cachedir/. Only files with our
names in a marked folder are deleted, and none that is reached through a symbolic link.
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
"""Of our folder in the one that `cacheDir` names."""
MARKER = "CACHEDIR.TAG"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"
_OWNER = b"# A cache of hugo-llmpapers."
_TAG = b"%b\n%b `hugo-llmpapers cache clear` empties it.\n# About such files: https://bford.info/cachedir/\n" % (
    _SIGNATURE,
    _OWNER,
)
PRIVATE = 0o600
"""Mode of files in the cache, whatever the umask."""
_MAX_BYTES = 100_000_000
"""Of a file that is read; our largest ones have some million."""
_NO_LINK_OR_PIPE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_LOCK = ".lock"
TEMPORARY_PREFIX = ".tmp-"
"""Of the names of incomplete files."""
_ANSWER = r"[0-9a-f]{2}/[0-9a-f]{32}"
_IRREPLACEABLE = {
    "summary": _ANSWER,
    "answer": _ANSWER,
    "bundles": r"[0-9a-f]{16}/(?:days\.json|(?!\.making-)[^/]+/(?:manifest\.json|files/.+))",
    "backfill": r"[0-9a-f]{16}-[\w-]+/(?:plan|batch|spent|calls)-[\da-f-]+\.json",
}
"""Files that were paid for or exist nowhere else, by folder."""
_OURS = re.compile(
    rf"[a-z]+/{_ANSWER}|bundles/{_IRREPLACEABLE['bundles']}|backfill/{_IRREPLACEABLE['backfill']}"
    rf"|backfill/[0-9a-f]{{16}}-[\w-]+/answer/{_ANSWER}|locks/[0-9a-f]{{16}}\.lock|pace/[a-z]+\.(?:json|lock)",
    re.DOTALL,
)


def is_marked(root: Path) -> bool:
    """Return whether the folder has our marker, neither of them is a link, and the folder is not another user's.

    Without a home folder, Hugo's cache is a folder in /tmp, which anybody may have created and filled.
    """
    marker = root / MARKER
    try:
        if root.is_symlink() or marker.is_symlink() or _belongs_to_another_user(root):
            return False
        content = read_regular(marker)
    except OSError:
        return False
    return content.startswith(_SIGNATURE) and _OWNER in content


def claim(root: Path, legacy_root: Path | None = None) -> None:
    """Create the folder with its marker, unless it has one. Raises SetupError if it is not ours, or OSError.

    A folder without a marker becomes ours only if it is empty or contains a file of an earlier version. `legacy_root`: where
    that version stored its files if not in `root`. Those that are irreplaceable are copied.
    """
    if is_marked(root):
        return
    if (problem := claim_problem(root)) is not None:
        raise SetupError(f"The cache folder {root} {problem}.", "Set `cacheDir` to a folder of your own.")
    from filelock import FileLock

    root.parent.mkdir(parents=True, exist_ok=True)
    root.mkdir(mode=0o700, exist_ok=True)
    with FileLock(root / _LOCK, mode=PRIVATE):
        if is_marked(root):
            return
        if legacy_root is not None:
            _copy_irreplaceable(legacy_root, root)
        write_file(root / MARKER, _TAG, mode=PRIVATE)


def claim_problem(root: Path) -> str | None:
    """Return why the folder cannot become ours; None if it can, or already is. Raises OSError."""
    if is_marked(root):
        return None
    if root.is_symlink():
        return "is a link"
    if root.exists() and _belongs_to_another_user(root):
        return "belongs to another user"
    # Another thread or run may have marked it since the first check.
    is_usable = not root.is_dir() or _is_empty_or_ours(root) or is_marked(root)
    return None if is_usable else "exists already and is not a cache of this tool"


def _belongs_to_another_user(root: Path) -> bool:
    """Return False for root, who works on folders of the host's user in a container."""
    return hasattr(os, "geteuid") and os.geteuid() not in (0, root.lstat().st_uid)


def make_private_folders(root: Path, folder: Path) -> None:
    """Create a folder below `root` and its parents, for their owner only. Raises OSError, also if one of them is a link."""
    for path in (*reversed(folder.parents), folder):
        if path != root and path.is_relative_to(root):
            # mkdir(parents=True) would create the parents with the mode of the umask.
            path.mkdir(exist_ok=True, mode=0o700)
            if path.is_symlink():
                raise OSError(errno.ELOOP, "it is a link", str(path))


def read_regular(file: Path) -> bytes:
    """Return the content of a regular file. Raises OSError for a link, a pipe, a device, and a file larger than any of ours.

    Others may be able to write into a build host's cache; a run must not wait for a pipe or fill its memory.
    """
    with open(file, "rb", opener=lambda path, flags: os.open(path, flags | _NO_LINK_OR_PIPE)) as opened:
        status = os.fstat(opened.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_size > _MAX_BYTES:
            raise OSError(errno.EINVAL, "it is not a regular file, or too large", str(file))
        return opened.read()


def remove_files(folder: Path, names: re.Pattern[str]) -> None:
    """Delete the files below a folder whose relative path matches, and the folders that become empty.

    Files that cannot be deleted stay. Links are neither followed nor deleted.
    """
    for path in files_below(folder, names):
        with suppress(OSError):
            path.unlink()
    if not folder.is_symlink():
        for top, _, _ in os.walk(folder, topdown=False):
            with suppress(OSError):
                Path(top).rmdir()


def files_below(folder: Path, names: re.Pattern[str]) -> Iterator[Path]:
    """Yield the files below a folder whose relative path matches, without links."""
    if folder.is_symlink():
        return
    for top, _, files in os.walk(folder):
        for path in (Path(top, name) for name in files):
            if names.fullmatch(path.relative_to(folder).as_posix()) and not path.is_symlink():
                yield path


def _is_empty_or_ours(root: Path) -> bool:
    """Return whether the folder has no content, apart from hidden files, or a file of an earlier version."""
    files = list(files_below(root, re.compile(r"[^.].*", re.DOTALL)))
    names = (path.relative_to(root).as_posix() for path in files)
    return any(map(_OURS.fullmatch, names)) or all(path.lstat().st_size == 0 for path in files)


def _copy_irreplaceable(legacy_root: Path, root: Path) -> None:
    """Copy files that `root` does not have yet. Raises OSError."""
    for kind, names in _IRREPLACEABLE.items():
        for path in files_below(legacy_root / kind, re.compile(names, re.DOTALL)):
            target = root / path.relative_to(legacy_root)
            status = path.lstat()
            if stat.S_ISREG(status.st_mode) and status.st_size <= _MAX_BYTES and not os.path.lexists(target):
                make_private_folders(root, target.parent)
                write_file(target, read_regular(path), mode=PRIVATE)
                os.utime(target, (status.st_atime, status.st_mtime))

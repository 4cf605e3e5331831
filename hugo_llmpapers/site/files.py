"""Files of the site that can be read: regular ones, up to a size, without waiting for anybody.

A folder of templates or content may hold a link to nowhere (Emacs's locks are such), a folder called `x.html`, a pipe, a
socket or a device. None of these is a template or a page.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

LARGEST = 4_000_000
"""Bytes that are read of one file; templates, pages and configuration files have thousands."""
_WITHOUT_WAITING = getattr(os, "O_NONBLOCK", 0)
"""Else opening a pipe waits for whoever writes into it."""


def regular(folder: Path, *endings: str) -> list[Path]:
    """The regular files below `folder` whose names end in one of `endings` (any, where none is given), sorted.

    A link counts where it leads to a regular file; links to folders are not entered. What cannot be listed is left out.
    """
    found = (entry for entry in _entries(folder) if entry.name.endswith(endings or ("",)) and _is_file(entry))
    return sorted(Path(entry.path) for entry in found)


def pipes(folders: Iterable[Path]) -> Iterator[Path]:
    """The named pipes in or below these folders, and the links to some: Hugo waits for their writers without end."""
    for folder in folders:
        for entry in _entries(folder):
            if not _is_file(entry) and _is_pipe(entry.path):
                yield Path(entry.path)


def content(path: Path) -> bytes:
    """The first LARGEST bytes of a regular file. Raises OSError, for anything that is no regular file too."""
    with open(path, "rb", opener=_opener) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no regular file", str(path))
        return file.read(LARGEST)


def text(path: Path) -> str:
    """The same as text, line ends as LF, whatever is no UTF-8 replaced; empty where it cannot be read."""
    try:
        found = content(path).decode("utf-8", "replace")
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return ""
    return found.replace("\r\n", "\n").replace("\r", "\n")


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Everything below a folder but the folders themselves. Not by recursion, which the deepest trees would exhaust."""
    waiting = [os.fspath(folder)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                here = list(entries)
        except (OSError, ValueError):
            continue
        for entry in here:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(entry.path)
            else:
                yield entry


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # such as links in a circle
        return False


def _is_pipe(path: str) -> bool:
    try:
        return Path(path).is_fifo()
    except OSError:
        return False


def _opener(path: str, flags: int) -> int:
    return os.open(path, flags | _WITHOUT_WAITING)

"""Regular files of the site, read up to a size and without waiting, and which of them are pages.

A folder of templates or content may have dangling links (such as Emacs's locks), folders called `x.html`, pipes, sockets
and devices, none of which is a template or a page. Content adapters (`_content.gotmpl`) are programs, not pages.
https://gohugo.io/content-management/formats/#classification
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

MAX_BYTES = 4_000_000
"""Bytes that are read of one file; templates, pages and configuration files have thousands."""
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)
"""Without it, opening a pipe waits for a writer."""
_TYPES = ("text/html", "text/markdown", "text/asciidoc", "text/pandoc", "text/rst", "text/org")
"""The default of `contentTypes`, which came with Hugo 0.144."""
SUFFIXES = frozenset("html htm md mdown markdown adoc asciidoc ad pandoc pdc rst rest org".split())
"""Of these media types in Hugo's media/builtin.go; `rest` until 0.130."""


def list_files(folder: Path, ending: str) -> list[Path]:
    """Return the regular files below `folder` whose names end in `ending`, sorted.

    Links to regular files are included, links to folders are not followed, unreadable folders are skipped.
    """
    found = (entry for entry in _entries(folder) if entry.name.endswith(ending))
    return sorted(Path(entry.path) for entry in found if _type(entry) == stat.S_IFREG)


def list_templates(module_dirs: Iterable[Path]) -> Iterator[Path]:
    """Yield the HTML templates in the `layouts` folders of site, themes and modules."""
    for folder in module_dirs:
        yield from list_files(folder / "layouts", ".html")


def find_pipes(folders: Iterable[Path]) -> Iterator[Path]:
    """Yield the named pipes below these folders, and the links to some: Hugo waits for their writers without end."""
    return (Path(entry.path) for folder in folders for entry in _entries(folder) if _type(entry) == stat.S_IFIFO)


def read_bytes(path: Path) -> bytes:
    """Return the first MAX_BYTES of a regular file. Raises OSError, also for anything that is not a regular file."""
    with open(path, "rb", opener=lambda path, flags: os.open(path, flags | _NONBLOCK)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return file.read(MAX_BYTES)


def read_text(path: Path) -> str:
    """Return the same as text with LF line ends, invalid UTF-8 replaced; empty if the file cannot be read."""
    try:
        text = read_bytes(path).decode("utf-8", "replace")
    except (OSError, ValueError):  # ValueError: a NUL in the path
        return ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def suffixes(config: Mapping[str, Any]) -> frozenset[str]:
    """Return the suffixes of pages by a site's configuration, in lower case and without a dot.

    Those that the site removes from a format are included: pages of an older configuration count, too.
    """
    media = config.get("mediatypes")
    if not isinstance(media, Mapping):
        return SUFFIXES
    types = (media.get(name) for name in config.get("contenttypes") or _TYPES)
    lists = (one.get("suffixes") for one in types if isinstance(one, Mapping))
    return SUFFIXES | {str(suffix).lower() for each in lists if isinstance(each, list) for suffix in each}


def is_content(name: str, known: Collection[str] = SUFFIXES) -> bool:
    """Return whether a file of this name is a page. Hugo ignores case."""
    _, dot, suffix = name.rpartition(".")
    return bool(dot) and suffix.lower() in known


def is_index(name: str) -> bool:
    """Return whether a file of this name makes its folder a single page: `index.md`, `index.en.html`."""
    return name.lower().startswith("index.") and is_content(name)


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield everything below a folder except folders. Not recursive, as trees may be deeper than Python's stack."""
    pending = [os.fspath(folder)]
    while pending:
        try:
            with os.scandir(pending.pop()) as scan:
                entries = list(scan)
        except (OSError, ValueError):
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            else:
                yield entry


def _type(entry: os.DirEntry[str]) -> int:
    """Return the file type, for a link that of its target, as in `stat.S_IFMT`; 0 if it cannot be found out."""
    try:
        return stat.S_IFREG if entry.is_file(follow_symlinks=False) else stat.S_IFMT(entry.stat().st_mode)
    except OSError:  # such as a circle of links
        return 0

"""Read one post from the cache, and trust it only as far as a build of ours could have put it there.

Whoever can write into the cache can change the words of a post, as whoever can write into the site can. A program or a page of
another kind must not come that way: a content adapter, HTML, SVG, a script, a configuration file of the server. So the cache
holds pages (`index.md`, `index.en.md`) and our images only. Other files, from an archetype that is a folder, are only listed
and taken from the checkout. Links are not followed, and only regular files of a limited size are read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from hugo_llmpapers.post.bundle import IMAGE, PAGE
from hugo_llmpapers.site import history
from hugo_llmpapers.site.files import is_content
from hugo_llmpapers.web import cache_folder

VERSION = 1
_MAX_BYTES = {".json": 200_000, ".md": 4_000_000, ".png": 20_000_000, ".webp": 20_000_000}
"""By suffix: many times what a build writes."""
_MAX_POST_BYTES = 100_000_000
_MAX_FILES = 500
_ARCHETYPE_FILE = re.compile(r"(?:[\w-][\w .-]{0,80}/){0,5}[\w-][\w .-]{0,80}")


@dataclass(frozen=True, slots=True)
class KeptPost:
    """A complete, unchanged post in the cache."""

    name: str
    """Of its folder."""
    day: date
    files: Mapping[str, bytes]
    """Its pages and images."""
    archetype_files: tuple[str, ...] = ()
    """Names of the files that come from the archetype's folder."""

    @property
    def papers(self) -> frozenset[str]:
        """The arXiv ids that its pages link to."""
        pages = (content for name, content in self.files.items() if name.endswith(".md"))
        return frozenset(paper for content in pages for paper in history.linked(content))


@dataclass(frozen=True, slots=True)
class BrokenPost:
    """A folder in the cache that is no post of ours, or was changed."""

    name: str
    reason: str


class _Unusable(ValueError):
    """A file that we would not have put there."""


def day_of(name: str, slug: str) -> date | None:
    """Return the day of the post in a folder of this name; None if builds of the blog use no such name."""
    found = re.fullmatch(rf"{re.escape(slug)}-([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})", name)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def read(folder: Path, day: date) -> KeptPost | BrokenPost:
    """Return the post that is kept in this folder. Nothing that is there raises an error or blocks."""
    try:
        if folder.is_symlink() or not folder.is_dir():
            raise _Unusable("it is no folder")
        manifest = json.loads(read_file(folder, "manifest.json"))
        if manifest["version"] != VERSION:
            raise _Unusable("it is of another version of this tool")
        if manifest["day"] != day.isoformat():
            raise _Unusable("it is of another day than it says")
        hashes: dict[str, Any] = dict(manifest["files"])
        if (problem := problem_with_names(hashes)) is not None:
            raise _Unusable(problem)
        files = _read_kept_files(folder, hashes)
    except _Unusable as error:
        return BrokenPost(folder.name, str(error))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return BrokenPost(folder.name, "it is not complete")
    return KeptPost(folder.name, day, files, tuple(file for file in hashes if file not in files))


def _read_kept_files(folder: Path, hashes: Mapping[str, Any]) -> dict[str, bytes]:
    files, size = dict[str, bytes](), 0
    for file in filter(is_kept, hashes):
        files[file] = read_file(folder, f"files/{file}", max_bytes=min(_max_bytes(file), _MAX_POST_BYTES - size))
        size += len(files[file])
        if sha256(files[file]).hexdigest() != hashes[file]:
            raise _Unusable(f"{file} was changed")
    return files


def is_kept(file: str) -> bool:
    """Whether the content of a file of this name is kept: of a page or an image of ours."""
    return bool(PAGE.fullmatch(file) or IMAGE.fullmatch(file))


def problem_with_names(names: Collection[str]) -> str | None:
    """Return why a post of a build cannot have files of these names; None if it can."""
    if len(names) > _MAX_FILES:
        return f"it has {len(names)} files"
    for name in names:
        is_page = any(is_content(part) or part.startswith("_content.") for part in PurePosixPath(name).parts)
        if not is_kept(name) and (is_page or not _ARCHETYPE_FILE.fullmatch(name)):
            return f"{printable(name)} is no name of ours"
    return None if any(map(PAGE.fullmatch, names)) else "it has no page"


def fits(files: Mapping[str, bytes]) -> bool:
    """Whether these files are small enough to be read again."""
    sizes = {name: len(content) for name, content in files.items() if is_kept(name)}
    return all(size <= _max_bytes(name) for name, size in sizes.items()) and sum(sizes.values()) <= _MAX_POST_BYTES


def read_file(folder: Path, name: str, *, max_bytes: int | None = None) -> bytes:
    """Return the content of a regular file below `folder`.

    Raises ValueError if there is a link on the way, or the file is larger than `max_bytes` (default: the limit for its
    suffix), OSError if it cannot be read.
    """
    path = folder
    for part in PurePosixPath(name).parts:
        path = path / part
        if path.is_symlink():
            raise _Unusable(f"{name} is a link")
    if not path.is_file() and path.exists():
        raise _Unusable(f"{name} is no regular file")
    if path.lstat().st_size > (_max_bytes(name) if max_bytes is None else max_bytes):
        raise _Unusable(f"{name} is too large")
    return cache_folder.read_regular(path)


def printable(name: str) -> str:
    """Return an untrusted file name for one line of a message."""
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain if len(plain) <= 80 else f"{plain[:80]}…"


def _max_bytes(name: str) -> int:
    return _MAX_BYTES.get(PurePosixPath(name).suffix, 0)

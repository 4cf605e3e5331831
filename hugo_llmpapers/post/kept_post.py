"""One kept post as the cache has it, believed only as far as a build of ours could have put it there.

Who can write into the cache can write the words of a post, as anybody who can write into the site can. What must not come
that way is a program or a page of its own: a content adapter, HTML, SVG, a script, a file of the server's. So the cache
gives pages (`index.md`, `index.en.md`) and pictures of ours; other files, of an archetype that is a folder, are only named
there, and come out of the checkout. Nothing is read through a link, from anything but a regular file, or beyond its size.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from hugo_llmpapers.site import history
from hugo_llmpapers.site.content_files import is_content

VERSION = 1
_LARGEST = {".json": 200_000, ".md": 4_000_000, ".png": 20_000_000, ".webp": 20_000_000}
"""Bytes, by the end of the name: many times what a build writes."""
_LARGEST_POST = 100_000_000
_MOST_FILES = 500
_PAGE = re.compile(r"index(?:\.[A-Za-z0-9_-]{1,40})?\.md")
_PICTURE = re.compile(r"paper_[0-9]{1,4}(?:-[0-9]{1,4})?(?:\.[A-Za-z0-9_-]{1,40})?\.(?:png|webp)")
_OTHER = re.compile(r"(?:[\w-][\w .-]{0,80}/){0,5}[\w-][\w .-]{0,80}")
_PLAINLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


@dataclass(frozen=True, slots=True)
class Kept:
    """A post in the cache, whole and as it was put."""

    name: str
    """Of its folder."""
    day: date
    files: Mapping[str, bytes]
    """Its pages and pictures."""
    others: tuple[str, ...] = ()
    """Names of files that its archetype had."""

    @property
    def papers(self) -> frozenset[str]:
        """That its pages link to."""
        pages = (content for name, content in self.files.items() if name.endswith(".md"))
        return frozenset(paper for content in pages for paper in history.linked(content))


@dataclass(frozen=True, slots=True)
class Broken:
    """Something in the cache that is no post of ours, or not as it was put."""

    name: str
    reason: str


def day_of(name: str, slug: str) -> date | None:
    """The day of the post in a folder of this name; None where no build of the blog gives such a name."""
    found = re.fullmatch(rf"{re.escape(slug)}-([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})", name)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def read(folder: Path, day: date) -> Kept | Broken:
    """The post that is kept in this folder. Nothing that is there raises an error, or is waited for."""
    name = folder.name
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            return Broken(name, "it is no folder")
        manifest = json.loads(content(folder, "manifest.json"))
        if manifest["version"] != VERSION:
            return Broken(name, "it is of another version of this tool")
        if manifest["day"] != day.isoformat():
            return Broken(name, "it is of another day than it says")
        listed: dict[str, Any] = dict(manifest["files"])
        if (why := unkeepable(listed)) is not None:
            return Broken(name, why)
        files, size = dict[str, bytes](), 0
        for file in filter(is_kept, listed):
            files[file] = content(folder, f"files/{file}", most=min(_most(file), _LARGEST_POST - size))
            size += len(files[file])
            if sha256(files[file]).hexdigest() != listed[file]:
                return Broken(name, f"{file} is not as it was put")
        return Kept(name, day, files, tuple(file for file in listed if file not in files))
    except _Unfit as error:
        return Broken(name, str(error))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Broken(name, "it is not whole")


def is_kept(file: str) -> bool:
    """Whether a file of this name is kept with its content: a page or a picture of ours."""
    return bool(_PAGE.fullmatch(file) or _PICTURE.fullmatch(file))


def unkeepable(files: Mapping[str, Any]) -> str | None:
    """Why files of these names are no post of a build; None where they are."""
    if len(files) > _MOST_FILES:
        return f"it has {len(files)} files"
    for file in files:
        is_page = any(is_content(part) or part.startswith("_content.") for part in PurePosixPath(file).parts)
        if not is_kept(file) and (is_page or not _OTHER.fullmatch(file)):
            return f"{shown(file)} is no name of ours"
    return None if any(map(_PAGE.fullmatch, files)) else "it has no page"


def fits(files: Mapping[str, bytes]) -> bool:
    """Whether files with this content would be read again."""
    mine = {name: len(content) for name, content in files.items() if is_kept(name)}
    return all(size <= _most(name) for name, size in mine.items()) and sum(mine.values()) <= _LARGEST_POST


def content(folder: Path, name: str, *, most: int | None = None) -> bytes:
    """Of a regular file that no link leads to below `folder`, if it has not more bytes than a file of this name may, or than
    `most`. Raises ValueError for any other, OSError where it cannot be read."""
    path = folder
    for part in PurePosixPath(name).parts:
        path = path / part
        if stat.S_ISLNK(path.lstat().st_mode):
            raise _Unfit(f"{name} is a link")
    most = _most(name) if most is None else most
    if not stat.S_ISREG(path.lstat().st_mode):
        raise _Unfit(f"{name} is no regular file")
    if path.lstat().st_size > most:
        raise _Unfit(f"{name} is too large")
    with open(path, "rb", opener=lambda file, flags: os.open(file, flags | _PLAINLY)) as opened:
        if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
            raise _Unfit(f"{name} is no regular file")
        return opened.read(most)


def shown(name: str) -> str:
    """A stranger's name for one line of a message."""
    plain = "".join(c if c.isprintable() else "?" for c in name)
    return plain if len(plain) <= 80 else f"{plain[:80]}…"


class _Unfit(ValueError):
    """A file is none that we would have put there."""


def _most(name: str) -> int:
    return next((size for end, size in _LARGEST.items() if name.endswith(end)), 0)

"""Posts that only builds have made, kept in the cache, as a host throws the build's files away.

`bundles/SITE/NAME/`: the bundle's files below `files/`, and `manifest.json` with the hash of each. SITE stands for the
production base URL, the section's folder and the slug, so that the same blog is found again in another clone, and two blogs that
share a cache do not meet. `bundles/SITE/days.json` remembers the days on which there was nothing to publish, and those
that `cache forget` named.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from hugo_llmpapers import history
from hugo_llmpapers.cachefolder import PRIVATE, private, remove
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import Blog

_ASIDE = ".aside-"
_OURS = re.compile(r"manifest\.json|files/.+", re.DOTALL)
"""In the folder of a bundle."""
VERSION = 1
Mark = Literal["nothing", "forgotten"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A bundle in the cache, whole and as it was put."""

    name: str
    """Of its folder."""
    day: date
    files: Mapping[str, bytes]

    @property
    def papers(self) -> frozenset[str]:
        """That its pages link to."""
        pages = (content for name, content in self.files.items() if name.endswith(".md"))
        return frozenset(paper for content in pages for paper in history.linked(content))


@dataclass(frozen=True, slots=True)
class Broken:
    """A bundle in the cache that cannot be used."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Memory:
    """The kept bundles of one site."""

    folder: Path

    def keep(self, name: str, day: date, files: Mapping[str, bytes]) -> bool:
        """Puts a bundle there, in the place of an older one of that name; whether the cache took it.

        It does not where the older one has papers that this one lacks: it is no other state of the same post.
        """
        making, target = self.folder / f".making-{name}-{os.getpid()}", self.folder / name
        hashes = {file: sha256(content).hexdigest() for file, content in files.items()}
        old = self.read(name)
        if isinstance(old, Kept) and not old.papers <= Kept(name, day, files).papers:
            return False
        manifest = {"version": VERSION, "day": day.isoformat(), "files": hashes}
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            making.mkdir()  # and not through a link of that name
            for file, content in files.items():
                path = making / "files" / file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            (making / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
            for path in (making, *making.rglob("*")):
                path.chmod(0o700 if path.is_dir() else PRIVATE)
            if target.exists():
                target.rename(self.folder / f"{_ASIDE}{name}")
            making.rename(target)
        except OSError:
            remove(making, _OURS)
            self._recover()
            return False
        self._recover()
        return True

    def _recover(self) -> None:
        """What was set aside comes back, unless its place was taken: so a build that is killed loses none."""
        for aside in self.folder.glob(f"{_ASIDE}*"):
            place = self.folder / aside.name.removeprefix(_ASIDE)
            with suppress(OSError):
                remove(aside, _OURS) if place.exists() else aside.rename(place)

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever kept: no build has made a post yet, or the cache was lost."""
        return not self.folder.exists()

    def read(self, name: str) -> Kept | Broken | None:
        """The bundle of this name; None where there is none."""
        return _read(self.folder / name) if (self.folder / name).is_dir() else None

    def names(self) -> list[str]:
        """Of all bundles, sorted. Raises SetupError where the cache cannot be read."""
        self._recover()
        try:
            folders = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        except OSError as error:
            raise SetupError(
                f"The kept posts in {self.folder} cannot be read: {error.strerror or error}.",
                "Check its owner and permissions, or set `cacheDir` to a folder of your own.",
            ) from None
        return [folder.name for folder in folders if folder.is_dir() and not folder.name.startswith(".")]

    def bundles(self) -> Iterator[Kept | Broken]:
        """All of them, by name, each read when it is asked for. Raises SetupError where the cache cannot be read."""
        for name in self.names():
            yield _read(self.folder / name)

    def drop(self, day: date) -> int:
        """Away with the bundles of a day; how many there were."""
        gone = [one.name for one in self.bundles() if isinstance(one, Kept) and one.day == day]
        for name in gone:
            remove(self.folder / name, _OURS)
        return len(gone)

    def mark(self, day: date, mark: Mark) -> None:
        """Remembers that a day needs no post. A cache that cannot be written to is no failure."""
        marks = {each.isoformat(): said for each, said in self.marked().items()} | {day.isoformat(): mark}
        making = self.folder / f".days-{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            private(making).write_text(json.dumps(marks), encoding="utf-8")
            making.replace(self.folder / "days.json")
        except OSError:
            making.unlink(missing_ok=True)

    def marked(self) -> dict[date, str]:
        """The days that need no post, and why."""
        try:
            said = json.loads((self.folder / "days.json").read_text(encoding="utf-8"))
            return {date.fromisoformat(day): str(mark) for day, mark in said.items()}
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            return {}


def memory_of(blog: Blog) -> Memory:
    """The blog's, wherever it is checked out. Raises SetupError where the cache cannot be written to."""
    site, settings = blog.site, blog.settings
    section = site.section_dir
    where = section.relative_to(site.root).as_posix() if section.is_relative_to(site.root) else site.section
    # Translations beside each other are one bundle; those with folders of their own are several.
    about = (site.config.get("baseurl", ""), where, settings.slug)
    name = sha256(os.fsencode("\n".join(map(str, about)))).hexdigest()[:16]
    folder = site.cache.folder("bundles") / name
    if folder.is_symlink():
        raise SetupError(f"The folder of kept posts, {folder}, is a link.", "Remove the link.")
    return Memory(folder)


def _read(folder: Path) -> Kept | Broken:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["version"] != VERSION:
            return Broken(folder.name, "it is of another version of this tool")
        files = {name: _file(folder / "files", name, digest) for name, digest in manifest["files"].items()}
        return Kept(folder.name, date.fromisoformat(manifest["day"]), files)
    except _Altered as error:
        return Broken(folder.name, str(error))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Broken(folder.name, "it is not whole")


class _Altered(Exception):
    """A file is not the one that was put."""


def _file(root: Path, name: str, digest: Any) -> bytes:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or re.search(r"[\\:]", name) or (root / path).is_symlink():
        raise _Altered(f"{name} is no name of ours")
    content = (root / path).read_bytes()
    if sha256(content).hexdigest() != digest:
        raise _Altered(f"{name} is not as it was put")
    return content

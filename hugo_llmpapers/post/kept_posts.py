"""Posts that only builds have made, kept in the cache, as a host throws the build's files away.

`bundles/SITE/NAME/`: the bundle's pages and pictures below `files/`, and `manifest.json` with the hash of each, see `kept_post`.
SITE stands for the repository, the site's folder in it, the section's folder and the slug, see `blog_identity`, so that the same
blog is found again in another clone and under another address, and two blogs that share a cache do not meet.
`bundles/SITE/days.json` remembers the days on which there was nothing to publish, and those that `cache forget` named.
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
from pathlib import Path
from typing import Literal

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import blog_identity, kept_post
from hugo_llmpapers.post.kept_post import Broken, Kept
from hugo_llmpapers.post.locks import Busy, alone_in
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.temporary import recover, write_file, write_folder
from hugo_llmpapers.web.cache_folder import PRIVATE, remove_files

_PREFIX = "."
"""Of folders that are not complete."""
_DAYS = "days.json"
_OURS = re.compile(r"manifest\.json|files/.+", re.DOTALL)
"""In the folder of a bundle."""
_WAIT_S = 10.0
"""For another build that keeps its post, which takes milliseconds."""
Mark = Literal["nothing", "forgotten"]


@dataclass(frozen=True, slots=True)
class KeptPosts:
    """The kept bundles of one site."""

    folder: Path
    slug: str
    """Of their names."""
    unclaimed: Path | None = None
    """Where an earlier version kept posts that may be another site's."""

    def keep(self, name: str, day: date, files: Mapping[str, bytes]) -> bool:
        """Puts a bundle there, in the place of an older one of that name; whether the cache took it.

        It does not where the older one has papers that this one lacks, as it is no other state of the same post; nor where
        it would not be read again: see `kept_post`.
        """
        target = self.folder / name
        hashes = {file: sha256(content).hexdigest() for file, content in files.items()}
        old = self.read(name)
        if isinstance(old, Kept) and not old.papers <= Kept(name, day, files).papers:
            return False
        if kept_post.unkeepable(hashes) is not None or not kept_post.fits(files):
            return False
        manifest = {"version": kept_post.VERSION, "day": day.isoformat(), "files": hashes}
        content = {f"files/{file}": files[file] for file in filter(kept_post.is_kept, files)}
        content["manifest.json"] = json.dumps(manifest).encode()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with alone_in(self.folder, _WAIT_S):
                recover(self.folder, _PREFIX)
                replaced = target if os.path.lexists(target) else None
                write_folder(target, content, prefix=_PREFIX, replacing=replaced, private=True)
        except (OSError, Busy):
            return False
        return True

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever kept: no build has made a post yet, or the cache was lost."""
        return not self.folder.exists()

    def read(self, name: str) -> Kept | Broken | None:
        """The bundle of this name; None where there is none."""
        day = kept_post.day_of(name, self.slug)
        if day is None or not os.path.lexists(self.folder / name):
            return None
        return kept_post.read(self.folder / name, day)

    def names(self) -> list[str]:
        """Of all bundles, sorted. Raises SetupError where the cache cannot be read."""
        return [name for name in self._entries() if kept_post.day_of(name, self.slug)]

    def strangers(self) -> list[str]:
        """The names of what is there and was never put there by a build of this blog. Raises SetupError."""
        known = (_DAYS, *self.names())
        return [name for name in self._entries() if name not in known and not name.startswith(".")]

    def _entries(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        try:
            with suppress(Busy, OSError), alone_in(self.folder, 0):
                recover(self.folder, _PREFIX)
            return sorted(entry.name for entry in self.folder.iterdir())
        except OSError as error:
            raise SetupError(
                f"The kept posts in {self.folder} cannot be read: {error.strerror or error}.",
                "Check its owner and permissions, or set `cacheDir` to a folder of your own.",
            ) from None

    def bundles(self) -> Iterator[Kept | Broken]:
        """All of them, by name, each read when it is asked for. Raises SetupError where the cache cannot be read."""
        yield from filter(None, map(self.read, self.names()))

    def drop(self, day: date) -> int:
        """Away with the bundle of a day; how many there were."""
        folder = self.folder / f"{self.slug}-{day.isoformat()}"
        there = folder.exists()
        remove_files(folder, _OURS)
        return int(there)

    def mark(self, day: date, mark: Mark) -> None:
        """Remembers that a day needs no post. A cache that cannot be written to is no failure."""
        marks = {each.isoformat(): said for each, said in self.marked().items()} | {day.isoformat(): mark}
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with alone_in(self.folder, _WAIT_S):
                content, temporary_name = json.dumps(marks).encode(), f"{_PREFIX}making-{_DAYS}"
                write_file(self.folder / _DAYS, content, mode=PRIVATE, temporary_name=temporary_name)
        except (OSError, Busy):
            return

    def marked(self) -> dict[date, str]:
        """The days that need no post, and why."""
        try:
            said = json.loads(kept_post.content(self.folder, _DAYS))
            return {date.fromisoformat(day): str(mark) for day, mark in said.items()}
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            return {}


def kept_posts_of(blog: Blog) -> KeptPosts:
    """The blog's, wherever it is checked out. Raises SetupError where the cache cannot be written to.

    What an earlier version kept for the site's base URL is taken over where no other site has that one, or the cache is
    inside the site.
    """
    site, settings = blog.site, blog.settings
    section = site.section_dir
    where = section.relative_to(site.root).as_posix() if section.is_relative_to(site.root) else site.section
    base_url = str(site.config.get("baseurl", ""))
    # Translations beside each other are one bundle; those with folders of their own are several.
    about = (*blog_identity.of_site(site.root, site.hugo.environ, base_url), where, settings.slug)
    store = site.cache.folder("bundles")
    folder, older = store / _digest(json.dumps(about)), store / _digest("\n".join((base_url, where, settings.slug)))
    if folder.is_symlink():
        raise SetupError(f"The folder of kept posts, {folder}, is a link.", "Remove the link.")
    is_there = older.is_dir() and not older.is_symlink()
    if is_there and (blog_identity.is_its_own(base_url) or store.resolve().is_relative_to(site.root.resolve())):
        with suppress(OSError):
            older.rename(folder)  # which is refused where there are kept posts already
            is_there = False
    return KeptPosts(folder, settings.slug, older if is_there else None)


def _digest(text: str) -> str:
    return sha256(os.fsencode(text)).hexdigest()[:16]

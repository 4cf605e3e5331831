"""Posts that exist only in builds, kept in the cache because a host discards the files of a build.

`bundles/SITE/NAME/` has a post's pages and images below `files/`, and their hashes in `manifest.json`, see `kept_post_reader`.
SITE stands for the repository, the site's folder in it, the section's folder and the slug, see `blog_identity`: the same blog
is found again in another clone and under another address, and blogs that share a cache do not mix.
`bundles/SITE/days.json` lists the days that had nothing to publish, and those that `cache forget` named.
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
from hugo_llmpapers.post import blog_identity, kept_post_reader
from hugo_llmpapers.post.kept_post_reader import BrokenPost, KeptPost
from hugo_llmpapers.post.locks import Busy, lock_folder
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.temporary import recover, write_file, write_folder
from hugo_llmpapers.web.cache_folder import PRIVATE, remove_files

_PREFIX = "."
"""Of incomplete folders and files."""
_DAYS = "days.json"
_OUR_FILES = re.compile(r"manifest\.json|files/.+", re.DOTALL)
"""In the folder of a post."""
_LOCK_TIMEOUT_S = 10.0
"""Another build needs milliseconds to keep its post."""


@dataclass(frozen=True, slots=True)
class KeptPosts:
    """The kept posts of one blog."""

    folder: Path
    slug: str
    """Their names are SLUG-DAY."""
    unclaimed: Path | None = None
    """A folder of an earlier version with posts that may be another blog's."""

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever kept: no build has made a post yet, or the cache was lost."""
        return not self.folder.exists()

    def keep(self, day: date, files: Mapping[str, bytes]) -> bool:
        """Store the post of a day, in place of an older one. Return whether it is stored.

        It is not if the older one has papers that this one does not have, so that it is another post; if `kept_post_reader` would
        not read it again; or if the cache cannot be written to.
        """
        name = self._name(day)
        hashes = {file: sha256(content).hexdigest() for file, content in files.items()}
        old = self.read(name)
        if isinstance(old, KeptPost) and not old.papers <= KeptPost(name, day, files).papers:
            return False
        if kept_post_reader.problem_with_names(hashes) is not None or not kept_post_reader.fits(files):
            return False
        manifest = {"version": kept_post_reader.VERSION, "day": day.isoformat(), "files": hashes}
        stored = {f"files/{file}": files[file] for file in filter(kept_post_reader.is_kept, files)}
        stored["manifest.json"] = json.dumps(manifest).encode()
        target = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with lock_folder(self.folder, _LOCK_TIMEOUT_S):
                recover(self.folder, _PREFIX)
                replaced = target if os.path.lexists(target) else None
                write_folder(target, stored, prefix=_PREFIX, replacing=replaced, private=True)
        except (OSError, Busy):
            return False
        return True

    def read(self, name: str) -> KeptPost | BrokenPost | None:
        """Return the post of this name; None if it does not exist."""
        day = kept_post_reader.day_of(name, self.slug)
        if day is None or not os.path.lexists(self.folder / name):
            return None
        return kept_post_reader.read(self.folder / name, day)

    def names(self) -> list[str]:
        """Return the names of all posts, sorted. Raises SetupError if the cache cannot be read."""
        return [name for name in self._entries() if kept_post_reader.day_of(name, self.slug)]

    def unexpected_names(self) -> list[str]:
        """Return the names in the folder that no build of this blog has made. Raises SetupError as `names`."""
        return [name for name in self._entries() if not kept_post_reader.day_of(name, self.slug) and name != _DAYS]

    def _entries(self) -> list[str]:
        if not self.folder.is_dir():
            return []
        try:
            with suppress(Busy, OSError), lock_folder(self.folder, 0):
                recover(self.folder, _PREFIX)
            return sorted(entry.name for entry in self.folder.iterdir() if not entry.name.startswith("."))
        except OSError as error:
            raise SetupError(
                f"The kept posts in {self.folder} cannot be read: {error.strerror or error}.",
                "Check its owner and permissions, or set `cacheDir` to a folder of your own.",
            ) from None

    def posts(self) -> Iterator[KeptPost | BrokenPost]:
        """Yield all posts, sorted by name, each read when it is needed. Raises SetupError as `names`."""
        yield from filter(None, map(self.read, self.names()))

    def drop(self, day: date) -> int:
        """Delete the post of a day. Return how many there were."""
        folder = self.folder / self._name(day)
        existed = folder.exists()
        remove_files(folder, _OUR_FILES)
        return int(existed)

    def settle(self, day: date, reason: Literal["nothing", "forgotten"]) -> None:
        """Store that a day needs no post. A cache that cannot be written to is ignored."""
        days = {each.isoformat(): why for each, why in self.settled_days().items()} | {day.isoformat(): reason}
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with lock_folder(self.folder, _LOCK_TIMEOUT_S):
                content, temporary_name = json.dumps(days).encode(), f"{_PREFIX}making-{_DAYS}"
                write_file(self.folder / _DAYS, content, mode=PRIVATE, temporary_name=temporary_name)
        except (OSError, Busy):
            return

    def settled_days(self) -> dict[date, str]:
        """Return the days that need no post, and why."""
        try:
            days = json.loads(kept_post_reader.read_file(self.folder, _DAYS))
            return {date.fromisoformat(day): str(reason) for day, reason in days.items()}
        except (OSError, ValueError, AttributeError, TypeError, RecursionError):
            return {}

    def _name(self, day: date) -> str:
        return f"{self.slug}-{day.isoformat()}"


def kept_posts_of(blog: Blog) -> KeptPosts:
    """Return the kept posts of a blog, wherever it is checked out. Raises SetupError if the cache cannot be written to.

    Posts that an earlier version kept by the site's base URL are taken over if no other site can have that URL, or the cache is
    inside the site.
    """
    site, settings = blog.site, blog.settings
    section = site.section_dir
    section_path = section.relative_to(site.root).as_posix() if section.is_relative_to(site.root) else site.section
    base_url = str(site.config.get("baseurl", ""))
    # Translations in one folder are one bundle; those in a folder for each language are several.
    identity = (*blog_identity.of_site(site.root, site.hugo.environ, base_url), section_path, settings.slug)
    bundles = site.cache.folder("bundles")
    folder = bundles / _digest(json.dumps(identity))
    older = bundles / _digest("\n".join((base_url, section_path, settings.slug)))
    if folder.is_symlink():
        raise SetupError(f"The folder of kept posts, {folder}, is a link.", "Remove the link.")
    exists = older.is_dir() and not older.is_symlink()
    if exists and (blog_identity.is_unique(base_url) or bundles.resolve().is_relative_to(site.root.resolve())):
        with suppress(OSError):
            older.rename(folder)  # fails if there are kept posts already
            exists = False
    return KeptPosts(folder, settings.slug, older if exists else None)


def _digest(text: str) -> str:
    return sha256(os.fsencode(text)).hexdigest()[:16]

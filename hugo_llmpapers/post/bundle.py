"""The folder of a post: it appears complete or not at all, and one run writes at a time; its languages share files.

Folders that are not complete have names that begin with a dot, which Hugo ignores.

Hugo looks for a file that a page names first among those of the page's language, then among those of all other languages in
the same bundle, in whichever content folder they are. So an image may appear on pages in other languages than its own.
https://gohugo.io/content-management/multilingual/, hugolib/content_map_page.go
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.post.locks import Busy, lock_folder
from hugo_llmpapers.site.files import is_content, is_index
from hugo_llmpapers.site.language import default_language
from hugo_llmpapers.site.mounts import content_mounts
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.temporary import recover, write_folder

PAGE = re.compile(r"index(?:\.[A-Za-z0-9_-]{1,40})?\.md")
"""A page of ours: `index.md`, `index.en.md`."""
IMAGE = re.compile(r"(?P<stem>paper_[0-9]{1,4}(?:-[0-9]{1,4})?)(?:\.[A-Za-z0-9_-]{1,40})?\.(?:png|webp)")
"""An image of ours: `paper_1.png`, `paper_1-2.en.png`; the stem is its name without language and suffix."""
_PREFIX = ".llm-papers-"
LOCK_TIMEOUT_S = 300.0
"""How long a run waits for another one that writes into the same folder: about as long as one run takes."""
BACKUPS = ".llm-papers-backup"
"""Folder in the site's root for posts that `--force` replaced."""


@contextmanager
def write_lock(folder: Path, timeout_s: float = LOCK_TIMEOUT_S) -> Iterator[None]:
    """Lock a folder of content for this run, and clean up after killed runs.

    Raises Failure if another run has the lock for longer than `timeout_s`, SetupError if the folder cannot be written to.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(lock_folder(folder, timeout_s))
            recover(folder, _PREFIX)
        except Busy:
            raise Failure(f"Another run is writing into {folder}.", "Wait until it has written its post.") from None
        except OSError as error:
            raise _unwritable(folder, error) from None
        yield


def publish(target: Path, files: Mapping[str, bytes], *, replacing: Path | None = None) -> None:
    """Write the bundle `target` with exactly these files. Call it within `write_lock`.

    replacing: the folder of a bundle, or the file of a page, that it replaces.

    Raises SetupError if the folder cannot be written to; nothing is then changed.
    """
    try:
        target.parent.mkdir(exist_ok=True)  # its owner may have renamed it since it was locked
        write_folder(target, files, prefix=_PREFIX, replacing=replacing)
    except OSError as error:
        raise _unwritable(target.parent, error) from None


def read_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a bundle by name; empty if it does not exist.

    Raises SetupError if it cannot be read, or has a link to a file outside: a copy would be published, the link is not.
    """
    found = {}
    try:
        for path in folder.rglob("*"):
            if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
                raise SetupError(
                    f"{path} is a link that leads out of its post.", "Replace it with the file, or remove it."
                )
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    except OSError as error:
        raise SetupError(f"{folder} cannot be read: {error.strerror or error}.", "Check its permissions.") from None
    return found


def back_up(path: Path, root: Path, timestamp: str) -> Path:
    """Copy a bundle or page to the backup folder of the site, which git and Hugo ignore. Return the copy. Raises SetupError."""
    backups = root / BACKUPS
    if backups.is_symlink():
        raise SetupError(f"{backups} is a link.", "Remove it, so that backups stay in the site.")
    backup, number = backups / f"{path.name}-{timestamp}", 1
    while backup.exists():
        number += 1
        backup = backups / f"{path.name}-{timestamp}-{number}"
    try:
        backups.mkdir(exist_ok=True)
        # "x": neither a file of the owner's nor what a link leads to is overwritten.
        with suppress(FileExistsError), (backups / ".gitignore").open("x", encoding="utf-8", newline="\n") as gitignore:
            gitignore.write("*\n")
        if path.is_dir():
            shutil.copytree(path, backup, symlinks=True)
        else:
            backup.write_bytes(path.read_bytes())
    except OSError as error:
        raise _unwritable(backups, error) from None
    return backup


def leftovers(folder: Path) -> tuple[Path, ...]:
    """Return the incomplete folders in this folder of content: of a run that is writing, or of a killed one."""
    return tuple(sorted(path for kind in ("making", "aside") for path in folder.glob(f"{_PREFIX}{kind}-*")))


def _unwritable(folder: Path, error: OSError) -> SetupError:
    return SetupError(
        f"{folder} cannot be written to: {error.strerror or error}.", "Check its owner, its permissions and the disk."
    )


@dataclass(frozen=True, slots=True)
class OtherPage:
    """A page of the same bundle in another language."""

    text: str
    own: frozenset[str]
    """Stems of our images in the page's own language: `paper_1`."""

    def shows(self, stem: str) -> bool:
        """Whether an image of this name in another language appears on the page."""
        return stem not in self.own and _mentions(self.text, stem)


def other_pages(site: Site, name: str, files: Mapping[str, bytes]) -> list[OtherPage]:
    """Return the pages of the bundle `name` in other languages.

    files: of the bundle in the folder that the post goes to; other content folders are read. Unreadable folders are skipped.
    """
    if not site.languages:
        return []
    default = default_language(site.config)
    language = next(iter(site.mount.languages), default)
    pages = [
        _page(site, file, files, language) for file in files if is_content(file) and site.belongs_to_translation(file)
    ]
    for folder, folder_language in _other_folders(site, name):
        found = _read_pages(folder)
        pages += [_page(site, file, found, folder_language or default) for file in found if is_index(file)]
    return pages


def files_to_keep(site: Site, name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files that stay in a bundle when its page in the site's language is replaced: those of other languages, and
    those that pages in other languages show."""
    pages = other_pages(site, name, files)
    old = files.get(site.index_name, b"").decode("utf-8", "replace")

    def stays(file: str) -> bool:
        other_language = site.belongs_to_translation(file)
        if is_content(file):
            return other_language
        image = IMAGE.fullmatch(file)
        if image is None:
            return other_language or bool(pages)  # the owner's; templates may show it in ways that we do not know
        stem = image["stem"]
        if any(_mentions(page.text, stem) if other_language else page.shows(stem) for page in pages):
            return True
        return other_language and not _mentions(old, stem)

    return {file: content for file, content in files.items() if stays(file)}


def free_name(site: Site, number: int, png: bytes, kept: Mapping[str, bytes], pages: Sequence[OtherPage]) -> str:
    """Return a name for the image of the paper with this number that does not replace another image on the other `pages`.

    kept: files that stay in the bundle; if the image is among them it is shared.
    """
    if any(site.is_default_page(file) for file in kept):
        # Hugo gives the files of the default language to every translation if that language has a page in the bundle.
        images = (file for file in sorted(kept) if re.fullmatch(rf"paper_{number}(-\d+)?\.png", file))
        if (same := next((file for file in images if kept[file] == png), None)) is not None:
            return same
    variant = 1
    while any(page.shows(site.image_name(number, variant).partition(".")[0]) for page in pages):
        variant += 1
    return site.image_name(number, variant)


def _page(site: Site, page: str, files: Mapping[str, bytes], default: str) -> OtherPage:
    """Return a page among these files. `default`: the language of files whose name has none."""

    def language(file: str) -> str:
        return next((key for key in site.languages if f".{key.lower()}." in file.lower()), default)

    images = ((file, found["stem"]) for file in files if (found := IMAGE.fullmatch(file)))
    own = frozenset(stem for file, stem in images if language(file) == language(page))
    return OtherPage(files[page].decode("utf-8", "replace"), own)


def _other_folders(site: Site, name: str) -> Iterator[tuple[Path, str | None]]:
    """Yield the other folders of the same bundle, with their language."""
    path = f"{site.section}/{name}/"
    for mount in content_mounts(site.config, site.root):
        target = f"{mount.target}/" if mount.target else ""
        folder = mount.source / path.removeprefix(target)
        if path.startswith(target) and folder != site.section_dir / name and folder.is_dir():
            yield folder, next(iter(mount.languages), None)


def _read_pages(folder: Path) -> dict[str, bytes]:
    """Return the pages in a folder, and the names of other files with no content."""
    try:
        paths = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()]
        return {path.name: path.read_bytes() if is_content(path.name) else b"" for path in paths}
    except OSError:
        return {}


def _mentions(text: str, stem: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(stem)}(?![\w-])", text) is not None

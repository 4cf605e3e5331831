"""Files of a bundle that its pages in several languages share.

Hugo looks for a file that a page names first among those of the page's language, then among those of all other languages in
the same bundle, in whichever content folder they are. So an image may appear on pages in other languages than its own.
https://gohugo.io/content-management/multilingual/, hugolib/content_map_page.go
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.post.bundle import IMAGE
from hugo_llmpapers.site.files import is_content, is_index
from hugo_llmpapers.site.mounts import content_mounts
from hugo_llmpapers.site.site import Site, default_language


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
        found = _read(folder)
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


def _read(folder: Path) -> dict[str, bytes]:
    """Return the pages in a folder, and the names of other files with no content."""
    try:
        paths = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink()]
        return {path.name: path.read_bytes() if is_content(path.name) else b"" for path in paths}
    except OSError:
        return {}


def _mentions(text: str, stem: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(stem)}(?![\w-])", text) is not None

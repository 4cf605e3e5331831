"""Files of a bundle that its pages in several languages show.

For a file that a page names, Hugo looks among those of the page's own language, then among those of all others that the
same bundle has, in whichever folder of content they are. So a picture is not only the page's whose language it is in.
https://gohugo.io/content-management/multilingual/, hugolib/content_map_page.go
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.site.content_files import is_content, is_index
from hugo_llmpapers.site.mounts import content_mounts
from hugo_llmpapers.site.site import Site

_PICTURE = re.compile(r"(?P<stem>paper_\d+(?:-\d+)?)(?:\.[\w-]+)?\.(?:png|webp)")


@dataclass(frozen=True, slots=True)
class OtherPage:
    """A page of the same bundle in another language."""

    text: str
    own: frozenset[str]
    """Pictures of ours that it has in its own language, by their names without language and suffix: `paper_1`."""

    def shows(self, stem: str) -> bool:
        """Whether a picture of this name appears on the page if another language has it."""
        return stem not in self.own and _names(self.text, stem)


def other_pages(site: Site, name: str, files: Mapping[str, bytes]) -> list[OtherPage]:
    """The pages of the bundle `name` in other languages.

    `files`: what the bundle has in the folder that the post goes to; the other folders are read. Raises nothing: a page that
    cannot be read is taken to show nothing.
    """
    if not site.languages:
        return []
    default = str(site.config.get("defaultcontentlanguage", "en"))
    theirs = (file for file in files if is_content(file) and site.belongs_to_translation(file))
    found = [_page(site, file, files, next(iter(site.mount.languages), default)) for file in theirs]
    for folder, language in _folders(site, name):
        beside = _read(folder)
        found += [_page(site, file, beside, language or default) for file in beside if is_index(file)]
    return found


def staying(site: Site, name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """What stays of a bundle whose page in the site's language is written again: other languages' files, and what their
    pages show."""
    others = other_pages(site, name, files)
    old = files.get(site.index_name, b"").decode("utf-8", "replace")

    def stays(file: str) -> bool:
        is_theirs = site.belongs_to_translation(file)
        if is_content(file):
            return is_theirs
        picture = _PICTURE.fullmatch(file)
        if picture is None:
            return is_theirs or bool(others)  # its owner's, and templates look for pictures in ways of their own
        if any(_names(page.text, picture["stem"]) if is_theirs else page.shows(picture["stem"]) for page in others):
            return True
        return is_theirs and not _names(old, picture["stem"])

    return {file: content for file, content in files.items() if stays(file)}


def free_name(site: Site, number: int, picture: bytes, files: Mapping[str, bytes], others: Sequence[OtherPage]) -> str:
    """The name for the picture of the post's paper with this number, so that it appears on no other page in the place of
    another. `files`: what stays of the bundle; a picture that is among them is shared."""
    if any(site.is_default_page(file) for file in files):
        # Hugo gives the default language's files to every translation, as long as that has a page in the bundle.
        alike = (file for file in sorted(files) if re.fullmatch(rf"paper_{number}(-\d+)?\.png", file))
        if (same := next((file for file in alike if files[file] == picture), None)) is not None:
            return same
    variant = 1
    while any(page.shows(_stem(site.image_name(number, variant))) for page in others):
        variant += 1
    return site.image_name(number, variant)


def _page(site: Site, page: str, files: Mapping[str, bytes], otherwise: str) -> OtherPage:
    """`otherwise`: the language of files in this folder whose name has none."""
    language = _language(site, page) or otherwise
    pictures = ((file, found["stem"]) for file in files if (found := _PICTURE.fullmatch(file)))
    own = frozenset(stem for file, stem in pictures if (_language(site, file) or otherwise) == language)
    return OtherPage(files[page].decode("utf-8", "replace"), own)


def _language(site: Site, file: str) -> str | None:
    """By the file's name."""
    return next((key for key in site.languages if f".{key.lower()}." in file.lower()), None)


def _folders(site: Site, name: str) -> Iterator[tuple[Path, str | None]]:
    """Where the same bundle is in other folders of content, with the language of what is there."""
    inside = f"{site.section}/{name}/"
    for mount in content_mounts(site.config, site.root):
        below = f"{mount.target}/" if mount.target else ""
        folder = mount.source / inside.removeprefix(below)
        if inside.startswith(below) and folder != site.section_dir / name and folder.is_dir():
            yield folder, next(iter(mount.languages), None)


def _read(folder: Path) -> dict[str, bytes]:
    found = {}
    try:
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.is_symlink():
                found[path.name] = path.read_bytes() if is_content(path.name) else b""
    except OSError:
        return {}
    return found


def _stem(file: str) -> str:
    return file.partition(".")[0]


def _names(text: str, stem: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(stem)}(?![\w-])", text) is not None

"""What the blog already has: the papers that it has covered, and the post of a day.

Read from the content itself, whatever tool wrote it; there is no other record.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import front_matter
from hugo_llmpapers.site.files import SUFFIXES, is_content
from hugo_llmpapers.sources import arxiv_id

_MAX_NAMES = 3
"""Files that an error names."""
_SOURCE = re.compile(rb"\[(arxiv|semanticscholar|huggingface)\]\(https://arxiv\.org/abs/([^)\s]{1,64})\)")
_FIELD = re.compile(rb"^\s?[\"']?(url|date)[\"']?\s*[:=]\s*[\"']?([^\"'\s,]+)", re.MULTILINE | re.IGNORECASE)
"""A field in front matter that Hugo can read and we cannot, such as YAML with a key that is there twice."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OPEN_FLAGS = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
"""Hugo reads no links in content either, and opening a pipe must not wait for a writer."""


@dataclass(frozen=True, slots=True)
class Page:
    """A content file that links to papers or may have a `url`."""

    path: Path
    papers: tuple[str, ...]
    """arXiv ids in the order of the text."""
    head: bytes = field(default=b"", repr=False)
    """The beginning of the file with its front matter, which is only parsed for a field."""

    @property
    def url(self) -> str | None:
        """`url` of the front matter without slashes at its ends; None if it is not set or cannot be read."""
        url = self._fields().get("url")
        return str(url).strip("/") if url else None

    @property
    def day(self) -> date | None:
        """The day in the front matter, else in the path; None if there is none."""
        written = str(self._fields().get("date", ""))
        found = _DAY.match(written) or _DAY.search(f"{self.path.parent.name} {self.path.name}")
        try:
            return date.fromisoformat(found[0]) if found else None
        except ValueError:
            return None

    def has_url(self, url: str) -> bool:
        """Return whether the page has this `url`."""
        return url.encode() in self.head and self.url == url

    def _fields(self) -> dict[str, Any]:
        try:
            return front_matter.fields(self.head)
        except ValueError:
            found = _FIELD.findall(self.head)
            return {name.decode().lower(): value.decode("utf-8", "replace") for name, value in reversed(found)}


def pages(content_dirs: Sequence[Path], suffixes: Collection[str] = SUFFIXES) -> Iterator[Page]:
    """Yield the content files below these folders that link to a paper or may have a `url`, in no particular order.

    `suffixes`: of content files, in lower case. Links and folders whose names begin with a dot are skipped, as by Hugo.
    Raises SetupError at the end if files or folders could not be read: Hugo does not build such a site, either.
    """
    unreadable: list[OSError] = []
    for root in content_dirs:
        for folder, folders, names in os.walk(root, onerror=unreadable.append):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if not is_content(name, suffixes):
                    continue
                try:
                    found = _page(f"{folder}/{name}")
                except OSError as error:
                    unreadable.append(error)
                else:
                    if found is not None:
                        yield found
    # A folder that does not exist, or no longer, has no pages.
    if errors := [error for error in unreadable if not isinstance(error, FileNotFoundError | NotADirectoryError)]:
        raise _unreadable(errors)


def page(path: Path) -> Page:
    """Return a content file, whatever it links to. Raises SetupError if it cannot be read."""
    try:
        return _page(str(path)) or Page(path, ())
    except OSError as error:
        raise _unreadable([error]) from None


def linked(text: bytes) -> tuple[str, ...]:
    """Return the papers that a page links to, in order.

    In a post of ours these are full URLs: what looks like a link without one is text of an abstract.
    """
    papers = arxiv_id.linked_in(text)
    return arxiv_id.linked_in(text, with_scheme=True) if papers and _SOURCE.search(text) else papers


def post_of(day: date, name: str, papers: Sequence[str], known: Sequence[Page]) -> Page | None:
    """Return the post of this day among the pages: the one at our url, or that of the day with exactly the requested papers.

    An article about the same papers without source lines is its owner's, and must not be replaced.
    """
    for page in known:
        if page.has_url(name):
            return page
        if papers and set(page.papers) == set(papers) and page.day == day and printed_sources(page):
            return page
    return None


def covered(known: Sequence[Page], *, but: Page | None = None) -> frozenset[str]:
    """Return the papers that the pages link to, except those of a page that is to be written again."""
    return frozenset(paper for page in known if page != but for paper in page.papers)


def printed_sources(page: Page) -> dict[str, str]:
    """Return the source that a post of ours names for each of its papers, by arXiv id; empty if it cannot be read."""
    try:
        lines = _SOURCE.findall(_read(str(page.path)))
    except OSError:
        lines = []
    sources = ((arxiv_id.normalised(written.decode("ascii", "replace")), source) for source, written in lines)
    return {paper: source.decode() for paper, source in sources if paper is not None}


def papers_of(page: Page) -> tuple[str, ...]:
    """Return the papers of a post: those of its source lines, or of all links if it is not ours."""
    return tuple(printed_sources(page)) or page.papers


def _page(path: str) -> Page | None:
    text = _read(path)
    papers, head = linked(text), front_matter.head(text)
    if not papers and b"url" not in head.lower():
        return None  # as most of a blog; a `Path` would take as long as reading
    return Page(Path(path), papers, head)


def _read(path: str) -> bytes:
    """Return the bytes of a file; empty for a link. Raises OSError."""
    try:
        # Twice as fast as `Path`.
        with open(path, "rb", buffering=0, opener=lambda path, flags: os.open(path, flags | _OPEN_FLAGS)) as file:
            return file.readall() or b""
    except OSError as error:
        if error.errno == errno.ELOOP:
            return b""
        raise


def _unreadable(errors: Sequence[OSError]) -> SetupError:
    names = ", ".join(f"{error.filename} ({error.strerror})" for error in errors[:_MAX_NAMES])
    more = f" and {len(errors) - _MAX_NAMES} more" if len(errors) > _MAX_NAMES else ""
    remedy = "Make them readable, or remove them from the site's content: papers that they cover would be repeated."
    return SetupError(f"Content cannot be read: {names}{more}.", remedy)

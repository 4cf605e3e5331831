"""What the blog already has: which papers it covered, and whether the day's post is there.

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
from hugo_llmpapers.site.content_files import SUFFIXES, is_content
from hugo_llmpapers.sources import arxiv_id

_NAMED = 3
"""Files that an error names."""
_SOURCE = re.compile(rb"\[(arxiv|semanticscholar|huggingface)\]\(https://arxiv\.org/abs/([^)\s]{1,64})\)")
_PLAINLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """A content file that links to papers."""

    path: Path
    papers: tuple[str, ...]
    """arXiv ids in the order of the text."""
    head: bytes = field(default=b"", repr=False)
    """The beginning of the file with its front matter, which is parsed when a field is asked for."""

    @property
    def url(self) -> str | None:
        """`url` of the front matter without slashes at its ends; None if it is not set or cannot be read."""
        url = (self._fields() or {}).get("url")
        return str(url).strip("/") if url else None

    @property
    def day(self) -> date | None:
        """The day in the front matter, else in the path; None if there is none."""
        written = str((self._fields() or {}).get("date", ""))
        found = _DAY.match(written) or _DAY.search(f"{self.path.parent.name} {self.path.name}")
        try:
            return date.fromisoformat(found[0]) if found else None
        except ValueError:
            return None

    def has_url(self, url: str) -> bool:
        """Return whether the page is at this url. One that cannot be read is taken to be if it mentions the url."""
        return url.encode() in self.head and (self._fields() is None or self.url == url)

    def _fields(self) -> dict[str, Any] | None:
        """Return the fields of the front matter; None if it cannot be read."""
        try:
            return front_matter.fields(self.head)
        except ValueError:
            return None


def pages(content_dirs: Sequence[Path], suffixes: Collection[str] = SUFFIXES) -> Iterator[Page]:
    """Every content file below these folders that links to a paper or has a `url`, in no particular order.

    `suffixes`: of content files, in lower case. Folders whose name begins with a dot and links are left out, as Hugo does.
    Raises SetupError at the end where files or folders could not be read: with these, Hugo does not build the site, either.
    """
    unread: list[OSError] = []
    for root in content_dirs:
        for folder, inner, names in os.walk(root, onerror=unread.append):
            inner[:] = [name for name in inner if not name.startswith(".")]
            for name in names:
                if not is_content(name, suffixes):
                    continue
                try:
                    found = _page(f"{folder}/{name}")
                except OSError as error:
                    unread.append(error)
                else:
                    if found is not None:
                        yield found
    # A folder that is not there, or no longer, has no pages.
    if lost := [error for error in unread if not isinstance(error, FileNotFoundError | NotADirectoryError)]:
        raise _unreadable(lost)


def page(path: str) -> Page | None:
    """What a content file says; None where it neither links to a paper nor has a `url`. Raises SetupError, as `pages`."""
    try:
        return _page(path)
    except OSError as error:
        raise _unreadable([error]) from None


def linked(text: bytes) -> tuple[str, ...]:
    """The papers that a page links to, in order. In a post of ours these are whole addresses: what looks like one besides
    is text of an abstract."""
    papers = arxiv_id.linked_in(text)
    return arxiv_id.linked_in(text, with_scheme=True) if papers and _SOURCE.search(text) else papers


def _page(path: str) -> Page | None:
    """Raises OSError."""
    text = _read(path)
    papers, head = linked(text), front_matter.head(text)
    if not papers and b"url" not in head.lower():
        return None  # Before a `Path` is made, which takes as long as reading: most of a blog is this.
    return Page(Path(path), papers, head)


def post_of(day: date, name: str, papers: Sequence[str], known: Sequence[Page]) -> Page | None:
    """The page that is the post of this day: at our url, or of that day with exactly the papers asked for; else None.

    An article about the same papers without source lines is its owner's, and not to be replaced.
    """
    for page in known:
        if page.has_url(name):
            return page
        if papers and set(page.papers) == set(papers) and page.day == day and printed_sources(page):
            return page
    return None


def covered(known: Sequence[Page], *, but: Page | None = None) -> frozenset[str]:
    """The papers that any page links to, `but` those of one that is to be written again."""
    return frozenset(paper for page in known if page != but for paper in page.papers)


def printed_sources(page: Page) -> dict[str, str]:
    """The source that a post of ours names for each of its papers, by arXiv id."""
    try:
        found = _SOURCE.findall(_read(str(page.path)))
    except OSError:
        found = []
    named = ((arxiv_id.normalised(written.decode("ascii", "replace")), source) for source, written in found)
    return {paper: source.decode() for paper, source in named if paper is not None}


def papers_of(page: Page) -> tuple[str, ...]:
    """The papers that a post is about: of its source lines, else of all its links where it is not of our making."""
    return tuple(printed_sources(page)) or page.papers


def _read(path: str) -> bytes:
    """Empty for a link. Raises OSError."""
    try:
        with open(path, "rb", buffering=0, opener=_opener) as file:  # half of what `Path` takes
            return file.readall() or b""
    except OSError as error:
        if error.errno == errno.ELOOP:
            return b""
        raise


def _unreadable(errors: Sequence[OSError]) -> SetupError:
    """The first few of them by name."""
    named = ", ".join(f"{error.filename} ({error.strerror})" for error in errors[:_NAMED])
    more = f" and {len(errors) - _NAMED} more" if len(errors) > _NAMED else ""
    remedy = "Make them readable, or take them out of the site's content: papers that they cover would be repeated."
    return SetupError(f"Content cannot be read: {named}{more}.", remedy)


def _opener(path: str, flags: int) -> int:
    """Not through a link, as Hugo reads none in content, and not waiting for whoever writes into a pipe."""
    return os.open(path, flags | _PLAINLY)

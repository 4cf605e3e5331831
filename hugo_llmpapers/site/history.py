"""What the blog already has: which papers it covered, and whether the day's post is there.

Read from the content itself, whatever tool wrote it; there is no other record.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.content_files import SUFFIXES, is_content
from hugo_llmpapers.sources import arxiv_id

_FRONT_MATTER_BYTES = 4096
_NAMED = 3
"""Files that an error names."""
_URL = re.compile(rb"^(?:url|\s*[\"']url[\"'])\s*[:=]\s*[\"']?/?([^\"'\s,]*?)/?[\"']?,?\s*$", re.MULTILINE)
_DATE = re.compile(rb"^(?:date|\s*[\"']date[\"'])\s*[:=]\s*[\"']?(\d{4}-\d\d-\d\d)", re.MULTILINE)
_SOURCE = re.compile(rb"\[(arxiv|semanticscholar|huggingface)\]\(https://arxiv\.org/abs/([^)\s]{1,64})\)")
_PLAINLY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_IN_NAME = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Page:
    """A content file that links to papers."""

    path: Path
    papers: tuple[str, ...]
    """arXiv ids in the order of the text."""
    url: str | None
    """`url` of its front matter, without slashes at its ends."""
    day: date | None
    """Of its front matter, else of its path."""


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
    return arxiv_id.linked_in(text, whole=True) if papers and _SOURCE.search(text) else papers


def _page(path: str) -> Page | None:
    """Raises OSError."""
    text = _read(path)
    papers, head = linked(text), _front_matter(text)
    url = _URL.search(head) if b"url" in head else None
    if not papers and not url:
        return None  # Before a `Path` is made, which takes as long as reading: most of a blog is this.
    return Page(
        Path(path), papers, url[1].strip(b"/").decode("utf-8", "replace") if url else None, _day(head, Path(path))
    )


def post_of(day: date, name: str, papers: Sequence[str], known: Sequence[Page]) -> Page | None:
    """The page that is the post of this day: at our url, or of that day with exactly the papers asked for; else None.

    An article about the same papers without source lines is its owner's, and not to be replaced.
    """
    for page in known:
        if page.url == name:
            return page
        if papers and page.day == day and set(page.papers) == set(papers) and printed_sources(page):
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


def _front_matter(text: bytes) -> bytes:
    """At least that; of JSON, which ends without a line of its own, what a long one has."""
    end = text.find(b"\n" + text[:3], 3, _FRONT_MATTER_BYTES) if text.startswith((b"---", b"+++")) else -1
    return text[: end if end > 0 else _FRONT_MATTER_BYTES]


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


def _day(head: bytes, path: Path) -> date | None:
    found = _DATE.search(head)
    written = found[1].decode() if found else (_IN_NAME.findall(f"{path.parent.name} {path.name}") or [""])[0]
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None

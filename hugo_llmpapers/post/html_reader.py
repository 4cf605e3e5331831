"""Read a built HTML page: which images it shows, and its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_NO_IMAGES = ("a", "link", "meta", "script")
"""Elements whose URLs are not those of images on the page."""
_PUNCTUATION = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Location:
    """The file that Hugo built for a URL."""

    url: str
    file: Path
    root: Path
    """The folder that its host serves: the published one, or the folder of a language in it."""
    base_path: str
    """The URL path of `root`: `/` or `/blog/`."""


@dataclass(frozen=True, slots=True)
class Page:
    """A built page."""

    location: Location
    base_url: str
    """Relative URLs are resolved against it."""
    image_urls: tuple[str, ...]
    """As they are written, from `src`, `srcset` and attributes that scripts read."""
    texts: tuple[str, ...]
    """Between tags, and the whole text of <summary> elements; in order, without empty ones."""

    def has_text(self, text: str) -> bool:
        """Whether one of the texts is this one; punctuation is ignored, as themes add some."""
        plain = _PUNCTUATION.sub("", text)
        return any(_PUNCTUATION.sub("", found) == plain for found in self.texts)

    def images(self, stem: str) -> dict[str, bool]:
        """Return the URLs of images called `stem`, or derived from it, and whether each image exists.

        An image on another host, or embedded into its URL, counts as existing.
        """
        name = re.compile(rf"{re.escape(stem)}(?!\d)", re.IGNORECASE)
        files = {url: self._file(url) for url in self.image_urls}
        return {
            url: file is None or _is_file(file)
            for url, file in files.items()
            if name.match(file.name if file is not None else url.rpartition("/")[2])
        }

    def _file(self, url: str) -> Path | None:
        """Return the file of a URL; None if it is not on the page's host or not valid."""
        try:
            parts = urlsplit(urljoin(self.base_url, url))
        except ValueError:
            return None
        path, base_path = unquote(parts.path), self.location.base_path
        if parts.netloc != urlsplit(self.base_url).netloc or not path.startswith(base_path):
            return None
        return self.location.root / path.removeprefix(base_path)


def locate(url: str, public: Path, language: str | None) -> Location | None:
    """Return where Hugo built the page of a permalink; None if it did not.

    The base URL may have a path, and a language may have a host, and so a folder, of its own.
    """
    parts = unquote(urlsplit(url).path).lstrip("/").split("/")
    for n in range(len(parts)):
        rest = "/".join(parts[n:])
        if n and not rest:
            break  # the home page
        for root in (public, *([public / language] if language else [])):
            for file in (root / rest / "index.html", root / rest):
                if _is_file(file):
                    return Location(url, file, root, "/" + "".join(f"{part}/" for part in parts[:n]))
    return None


def read(location: Location) -> Page:
    """Return the page at this location, up to what the parser cannot read."""
    reader = _Reader()
    with suppress(AssertionError, ValueError):  # older Pythons fail at `<![x[`, all at a reference of 4,301 digits
        reader.feed(location.file.read_text(encoding="utf-8", errors="replace"))
    base_url = location.url
    with suppress(ValueError):  # not a URL
        base_url = urljoin(location.url, reader.base or "")
    return Page(location, base_url, tuple(reader.image_urls), tuple(reader.texts))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base: str | None = None
        self.image_urls: list[str] = []
        self.texts: list[str] = []
        self._summary: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "base":
            self.base = dict(attrs).get("href")
        if tag == "summary":
            self._summary = []
        if tag not in _NO_IMAGES:
            for name, value in attrs:
                self.image_urls += _urls(name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary" and self._summary is not None:
            self.texts.append("".join(self._summary))
            self._summary = None

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)
        if self._summary is not None:
            self._summary.append(data)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name that is too long
        return False


def _urls(name: str, value: str) -> Iterator[str]:
    """Return the URLs in an attribute such as `src`, `srcset`, `data-src`, `style="background-image: url(…)"`."""
    if name.endswith("srcset"):
        yield from (part.split()[0] for part in value.split(",") if part.strip())
    elif name == "style":
        yield from re.findall(r"url\(\s*[\"']?([^\"')]+)", value)
    elif name.endswith(("src", "href", "original", "url", "image")):
        yield value.strip()

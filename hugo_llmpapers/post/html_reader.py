"""What a reader finds on a built page: its pictures and its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

_NOT_SHOWN = ("a", "link", "meta", "script")
"""Elements whose addresses are no pictures."""
_LONGEST_NAME = 255
"""Bytes that systems take for a file's name."""
_LONGEST_PATH = 1000
_WORDS = re.compile(r"\W+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a certain URL was built."""

    url: str
    file: Path
    root: Path
    """The folder that its host serves: the published one, or a language's in it."""
    below: str
    """The path of `root` on the host: `/` or `/blog/`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A built page."""

    place: Place
    addresses: tuple[str, ...]
    """Of pictures, as they are written: of `src`, `srcset` and what scripts read."""
    texts: tuple[str, ...]
    """Between tags, and of whole <summary> elements; in order, none empty."""

    def says(self, words: str) -> bool:
        """Whether these words stand on their own somewhere, whatever punctuation a theme puts around or into them."""
        plain = _WORDS.sub("", words)
        return any(_WORDS.sub("", text) == plain for text in self.texts)

    def files(self, stem: str) -> list[tuple[str, Path | None]]:
        """The addresses of the picture called `stem` or made from it, each with its file.

        The file is None where the address is another host's, is none, or holds the picture itself.
        """
        named = re.compile(rf"{re.escape(stem)}(?!\d)", re.IGNORECASE)
        found = ((address, self._file(address)) for address in self.addresses)
        return [(a, f) for a, f in found if named.match(f.name if f else a.rpartition("/")[2])]

    def _file(self, address: str) -> Path | None:
        try:
            whole = urlsplit(urljoin(self.place.url, address))
        except ValueError:
            return None
        path = unquote(whole.path)
        if whole.netloc != urlsplit(self.place.url).netloc or not path.startswith(self.place.below):
            return None
        if (
            "\0" in path
            or len(path) > _LONGEST_PATH
            or any(len(part.encode("utf-8", "replace")) > _LONGEST_NAME for part in path.split("/"))
        ):
            return None
        return self.place.root / path.removeprefix(self.place.below)


def place_of(url: str, public: Path, language: str | None) -> Place | None:
    """Where Hugo built the page of a permalink; None where it did not.

    The base URL may have a path, and a language a host, and so a folder, of its own.
    """
    path = unquote(urlsplit(url).path).lstrip("/")
    parts = path.split("/")
    for n in range(len(parts)):
        rest = "/".join(parts[n:])
        if n and not rest:
            break  # that would be the home page
        for root in (public, *([public / language] if language else [])):
            for file in (root / rest / "index.html", root / rest):
                if file.is_file():
                    below = "/" + "".join(f"{part}/" for part in parts[:n])
                    return Place(url, file, root, below)
    return None


def read(place: Place) -> Shown:
    """The page there."""
    reader = _Reader()
    with suppress(AssertionError, ValueError):  # older Pythons refuse `<![x[`, all of them a reference of 4,301 digits
        reader.feed(place.file.read_text(encoding="utf-8", errors="replace"))
    base = place.url
    with suppress(ValueError):  # no address at all
        base = urljoin(place.url, reader.base or "")
    at = Place(base, place.file, place.root, place.below)
    return Shown(at, tuple(reader.addresses), tuple(reader.texts))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.base: str | None = None
        self.addresses: list[str] = []
        self.texts: list[str] = []
        self._summary: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "base":
            self.base = dict(attrs).get("href")
        if tag == "summary":
            self._summary = []
        if tag not in _NOT_SHOWN:
            for name, value in attrs:
                self.addresses += _addresses(name, value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "summary" and self._summary is not None:
            self.texts.append("".join(self._summary))
            self._summary = None

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)
        if self._summary is not None:
            self._summary.append(data)


def _addresses(name: str, value: str) -> Iterator[str]:
    """Those in an attribute: `src`, `srcset`, `data-src`, `style="background-image: url(…)"`."""
    if name.endswith("srcset"):
        yield from (part.split()[0] for part in value.split(",") if part.strip())
    elif name == "style":
        yield from re.findall(r"url\(\s*[\"']?([^\"')]+)", value)
    elif name.endswith(("src", "href", "original", "url", "image")):
        yield value.strip()

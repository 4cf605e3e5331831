"""What arXiv has of one paper: its PDF, its licence, and its HTML version, whose figure is used if the PDF has none.

HTML is made by LaTeXML, with status 404 for papers that have none: https://info.arxiv.org/about/accessible_HTML.html
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.figures.worker.options import Failed
from hugo_llmpapers.sources.source import one_line, parse_xml
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

MAX_AGE = timedelta(days=7)
LICENCE_MAX_AGE = timedelta(days=30)
_OAI = "{http://arxiv.org/OAI/arXiv/}"
_LABEL = re.compile(r"^(?:Figure|Fig\.?)\s*(\d+|[A-Z]\d+|[IVX]+)\s*[:.|]?\s*", re.IGNORECASE)
_MAX_PATH = 500
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True)
class HtmlFigure:
    """A figure that consists of exactly one image file."""

    src: str
    """A path below `/html/`, resolved against the page's base."""
    number: str | None
    """From the caption: `1`. None if it has none."""
    caption: str
    """Without the label, one line."""


def check_pdf(body: bytes) -> None:
    """Raise ValueError for anything but a PDF: to clients that it takes for robots, arXiv sends HTML with status 200."""
    if b"%PDF-" not in body[:1024]:
        raise ValueError("not a PDF")


def download(arxiv_id: str, web: Web, service: Service, folder: Path) -> Path | Failed:
    """Return the file in `folder`, or Failed with the reason."""
    try:
        answer = web.get(service, f"/pdf/{arxiv_id}", max_age=MAX_AGE, kind="pdf", parse=check_pdf)
    except Unavailable as error:
        return Failed(str(error))
    path = folder / f"{arxiv_id.replace('/', '_')}.pdf"
    try:
        path.write_bytes(answer.body)
    except OSError as error:
        return Failed(f"the PDF cannot be stored: {error.strerror or error}")
    return path


def licence(arxiv_id: str, web: Web, service: Service) -> str | None:
    """Return the licence's URL; None if arXiv's record has none. Raises Unavailable.

    From the OAI-PMH interface, as the API does not have it: https://info.arxiv.org/help/oa/index.html
    """
    params = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{arxiv_id}", "metadataPrefix": "arXiv"}
    found: str | None = web.get(service, "/oai", params, max_age=LICENCE_MAX_AGE, parse=parse_licence).value
    return found


def parse_licence(body: bytes) -> str | None:
    """Return the licence's URL in a record; None if it has none. Raises ValueError for anything but a record."""
    root = parse_xml(body, "an OAI-PMH record")
    if root.find(f".//{_OAI}id") is None:
        raise ValueError("has no record of the paper")
    return (root.findtext(f".//{_OAI}license") or "").strip() or None


def allows_reuse(licence_url: str | None) -> bool:
    """Return whether others may show a figure: Creative Commons without "no derivatives", as a cropped figure is one.

    https://info.arxiv.org/help/license/reuse.html
    """
    url = licence_url or ""
    return "creativecommons.org/" in url and "-nd" not in url


def figures(arxiv_id: str, web: Web, service: Service) -> list[HtmlFigure]:
    """Return the figures of the HTML version in page order; empty if there is no such version. Raises Unavailable."""
    answer = web.get(service, f"/html/{arxiv_id}", max_age=MAX_AGE, accepted=frozenset({404}))
    if answer.status != 200 or answer.content_type not in {"text/html", "application/xhtml+xml"}:
        return []
    return parse_figures(answer.body, f"/html/{arxiv_id}")


def image(figure: HtmlFigure, web: Web, service: Service) -> bytes:
    """Return the image file's content. Raises Unavailable."""
    return web.get(service, figure.src, max_age=MAX_AGE, kind="pdf").body


def parse_figures(body: bytes, path: str) -> list[HtmlFigure]:
    """Return the figures of the page at `path`; empty for anything but such a page."""
    page = _Page()
    with suppress(AssertionError, ValueError):  # `<![x[` in older Pythons; a reference with 4,301 digits in all
        page.feed(body.decode("utf-8", "replace"))
    found = []
    for images, caption in page.figures:
        src = _below_html(path + "/", page.base, images[0]) if len(images) == 1 else None
        if src is not None:
            label = _LABEL.match(caption)
            found.append(HtmlFigure(src, label[1] if label else None, caption[label.end() :] if label else caption))
    return found


def _below_html(page: str, base: str, src: str) -> str | None:
    """Return the path of a raster image of arXiv's HTML version; None for other addresses."""
    try:
        target = urlsplit(urljoin(urljoin(page, base), src))
    except ValueError:
        return None
    path = unquote(target.path)
    if target.scheme or target.netloc or not path.startswith("/html/") or not path.lower().endswith(_PICTURES):
        return None
    return target.path if path.isprintable() and len(path) <= _MAX_PATH and ".." not in path.split("/") else None


class _Page(HTMLParser):
    """Collects the images and the last caption of each outermost <figure>."""

    def __init__(self) -> None:
        super().__init__()
        self.base = ""
        self.figures: list[tuple[list[str], str]] = []
        self._depth = 0
        self._images: list[str] = []
        self._caption: list[str] = []
        self._in_caption = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "base" and not self.base:
            self.base = attributes.get("href") or ""
        elif tag == "figure":
            self._depth += 1
            if self._depth == 1:
                self._images, self._caption = [], []
        elif tag == "img" and self._depth:
            self._images.append(attributes.get("src") or "")
        elif tag == "figcaption" and self._depth == 1:
            self._in_caption, self._caption = True, []

    def handle_endtag(self, tag: str) -> None:
        if tag == "figcaption":
            self._in_caption = False
        elif tag == "figure" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self.figures.append((self._images, one_line("".join(self._caption))))

    def handle_data(self, data: str) -> None:
        if self._in_caption:
            self._caption.append(data)

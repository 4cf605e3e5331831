"""Paints a page with chosen colours for its text, and records how the text is set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from PIL import Image

from hugo_llmpapers.figures.mupdf import pymupdf

mupdf = pymupdf.mupdf

_FORWARDED = (
    "fill_path", "stroke_path", "clip_path", "clip_stroke_path", "clip_text", "clip_stroke_text", "fill_shade", "fill_image",
    "fill_image_mask", "clip_image_mask", "pop_clip", "begin_mask", "begin_group", "end_group", "end_tile",
)  # fmt: skip
_NUMBERED = frozenset({"fill_path", "stroke_path", "fill_shade", "fill_image", "fill_image_mask"})
"""Methods that PyMuPDF gives a sequence number, besides those for text."""
Colour = tuple[float, float, float]
"""Red, green and blue, 0 to 1."""


@dataclass(frozen=True, slots=True)
class SpanStyle:
    """How a span of text is set."""

    font: int
    """Key in `Painting.fonts`."""
    width: float
    height: float
    """Font size in points, along the line and across it."""
    mirrored: bool
    type3: bool
    """The page's own operators draw the glyphs, so the font size means nothing."""


@dataclass(frozen=True, slots=True)
class Painting:
    """A painted page."""

    image: Image.Image
    styles: Mapping[int, Sequence[SpanStyle]]
    """The styles of a text's spans, by the text's sequence number (`seqno` of `Page.get_texttrace`)."""
    fonts: Mapping[int, Any]
    """MuPDF's fonts by address."""


def paint(page: Any, zoom: float, colours: Mapping[int, Colour]) -> Painting:
    """Paint an unrotated page with texts in these colours by sequence number, without the other texts."""
    area = pymupdf.IRect(pymupdf.Rect(0, 0, page.rect.width * zoom, page.rect.height * zoom))
    pixmap = pymupdf.Pixmap(pymupdf.csRGB, area, 0)
    pixmap.clear_with(255)
    target = mupdf.fz_new_draw_device(mupdf.FzMatrix(), pixmap.this)
    device = _RecolouringDevice(target, colours, zoom)
    # Not through a display list: that drops empty objects, which would change the sequence numbers.
    mupdf.fz_run_page(mupdf.FzPage(page.this), device, mupdf.FzMatrix(zoom, 0, 0, zoom, 0, 0), mupdf.FzCookie())
    mupdf.fz_close_device(device)
    mupdf.fz_close_device(target)
    image = Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)
    return Painting(image, device.styles, device.fonts)


class _RecolouringDevice(mupdf.FzDevice2):  # type: ignore[misc, name-defined]
    """Forwards to a draw device what MuPDF paints, with other colours for text. MuPDF calls its methods."""

    def __init__(self, target: Any, colours: Mapping[int, Colour], zoom: float) -> None:
        super().__init__()
        self.target, self.colours, self.zoom = target.m_internal, colours, zoom
        self.rgb = mupdf.FzColorspace(mupdf.FzColorspace.Fixed_RGB)
        self.seqno = -1
        self.styles: dict[int, list[SpanStyle]] = {}
        # Keeps the fonts alive: otherwise an address might be used for a second font.
        self.fonts: dict[int, Any] = {}
        for name in (*_FORWARDED, "fill_text", "stroke_text", "ignore_text", "begin_tile", "end_mask"):
            getattr(self, f"use_virtual_{name}")()

    def fill_text(self, _: Any, text: Any, matrix: Any, *rest: Any) -> None:
        self.seqno += 1
        self.styles[self.seqno] = list(self._styles(text, matrix))
        *_, alpha, parameters = rest
        if (colour := self.colours.get(self.seqno)) is not None:
            mupdf.ll_fz_fill_text(self.target, text, matrix, self.rgb.m_internal, colour, alpha, parameters)

    def stroke_text(self, context: Any, text: Any, _: Any, *rest: Any) -> None:
        self.fill_text(context, text, *rest)  # filled letters cover the same places

    def ignore_text(self, *_: Any) -> None:
        self.seqno += 1

    def begin_tile(self, _: Any, *arguments: Any) -> int:
        # Without the id under which MuPDF would reuse a tile in the next painting.
        mupdf.ll_fz_begin_tile(self.target, *arguments[:5])
        return 0

    def end_mask(self, _: Any, *transfer: Any) -> None:
        mupdf.ll_fz_end_mask_tr(self.target, *transfer)

    def _styles(self, text: Any, matrix: Any) -> Iterator[SpanStyle]:
        span = text.head
        while span is not None:
            font = int(span.font.this)
            if font not in self.fonts:
                self.fonts[font] = mupdf.FzFont(mupdf.ll_fz_keep_font(span.font))
            along = _transformed(span.trm.a, span.trm.b, matrix)
            across = _transformed(span.trm.c, span.trm.d, matrix)
            mirrored = along[0] * across[1] - along[1] * across[0] > 0  # y points downwards
            width, height = hypot(*along) / self.zoom, hypot(*across) / self.zoom
            yield SpanStyle(font, width, height, mirrored, span.font.t3procs is not None)
            span = span.next


def _transformed(x: float, y: float, matrix: Any) -> tuple[float, float]:
    return x * matrix.a + y * matrix.c, x * matrix.b + y * matrix.d


def _forwarding(name: str) -> Any:
    forward = getattr(mupdf, f"ll_fz_{name}")
    numbered = name in _NUMBERED

    def method(self: _RecolouringDevice, _: Any, *arguments: Any) -> None:
        self.seqno += numbered
        forward(self.target, *arguments)

    return method


for _name in _FORWARDED:
    setattr(_RecolouringDevice, _name, _forwarding(_name))

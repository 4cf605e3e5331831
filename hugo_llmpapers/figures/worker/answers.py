"""Parses and checks the answers of a worker process.

A hostile PDF may have taken over the worker, so its answers are not trusted: numbers and texts are bounded, and
pictures must be complete PNG files. All functions raise WorkerError if the answer says that the request failed, and
ValueError if the answer is invalid.

Pictures are checked without an image library. https://www.w3.org/TR/png-3/ A damaged picture in a post would break the build
of a theme that resizes it.
"""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode
from collections.abc import Iterator
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO, WorkerError
from hugo_llmpapers.records import Figure

INVALID = "the PDF worker gave no valid answer"

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_INDEXED = 3
_CHANNELS = {0: 1, 2: 3, _INDEXED: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), _INDEXED: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_MAX_DECODED_BYTES = 128 << 20
"""A page of a poster has 54 MB."""


def _png(encoded: object) -> bytes:
    png = b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
    if dimensions(png) is None:
        raise ValueError("not a complete PNG file")
    return png


def _one_line(max_length: int) -> AfterValidator:
    return AfterValidator(lambda text: " ".join(text.split())[:max_length])


_Png = Annotated[bytes, BeforeValidator(_png)]
_Points = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Failure(_Answer):
    failed: Annotated[str, _one_line(500)]
    readable: bool = False
    reusable: bool = True


class _Ready(_Answer):
    unlimited: tuple[Literal["memory", "files", "network", "processes"], ...]


class _Image(_Answer):
    png: _Png


class _Figure(_Image):
    width_px: int
    height_px: int
    page: Annotated[int, Field(ge=0, le=100_000)]
    bbox: tuple[_Points, _Points, _Points, _Points]
    label: Annotated[str, _one_line(100)] | None
    caption: Annotated[str, _one_line(50_000)] | None
    strategy: Literal["caption-below", "caption-above", "caption-right", "caption-left", "page"]
    reason: Annotated[str, _one_line(500)]
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None


class _DebugPictures(_Answer):
    pictures: dict[Annotated[str, Field(pattern="^[a-z0-9-]+$")], _Png]


class _Text(_Answer):
    text: str


T = TypeVar("T", bound=_Answer)


def unlimited(line: bytes) -> tuple[str, ...]:
    """Return what the system cannot limit: some of memory, files, network and processes."""
    return _parsed(line, _Ready).unlimited


def figure(line: bytes, width_px: int) -> Figure:
    """Return the figure of a PDF, at most this wide."""
    answer = _parsed(line, _Figure)
    x0, y0, x1, y1 = answer.bbox
    if x0 > x1 or y0 > y1 or (answer.width_px, answer.height_px) != _size(answer.png, width_px):
        raise ValueError("inconsistent sizes")
    return Figure(**dict(answer))


def image(line: bytes, width_px: int) -> Figure:
    """Return an image file from arXiv's HTML version as a figure, without its label and caption."""
    png = _parsed(line, _Image).png
    return Figure(png, *_size(png, width_px), page=None, bbox=None, label=None, caption=None, strategy="html")


def debug_pictures(line: bytes) -> dict[str, bytes]:
    """Return PNG files by name; each name is safe as the name of a file."""
    return _parsed(line, _DebugPictures).pictures


def text(line: bytes) -> str:
    """Return the text of a PDF."""
    return _parsed(line, _Text).text


def _parsed(line: bytes, kind: type[T]) -> T:
    try:
        return kind.model_validate_json(line)
    except ValidationError:
        failure = _Failure.model_validate_json(line)
    raise WorkerError(failure.failed, readable=failure.readable, reusable=failure.reusable)


def _size(png: bytes, width_px: int) -> tuple[int, int]:
    """Return width and height in pixels. Raises ValueError if the picture is larger than allowed."""
    size = dimensions(png)
    if size is None or size[0] > width_px or size[1] > MAX_HEIGHT_RATIO * width_px + 3:  # rounded
        raise ValueError("the picture is too large")
    return size


def dimensions(png: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels. None if the bytes are not one complete PNG file.

    Only the chunks of a picture are accepted (IHDR, PLTE, IDAT, IEND), each with its checksum, and image data of exactly the
    declared size. Interlaced files are refused: Pillow writes none.
    """
    try:
        kinds, chunks = zip(*_chunks(png), strict=True)
        header = struct.unpack(">IIBBBBB", chunks[0])
        palette = chunks[1] if kinds[1] == b"PLTE" else b""
        first_data = 2 if palette else 1
        in_order = kinds[0] == b"IHDR" and kinds[-1] == b"IEND" and set(kinds[first_data:-1]) == {b"IDAT"}
        valid = in_order and _is_palette(palette, header[3]) and _is_image(header, b"".join(chunks[first_data:-1]))
    except (ValueError, IndexError, struct.error, zlib.error):
        return None
    return header[:2] if valid else None


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield type and data of each chunk. Raises ValueError or struct.error for a damaged chunk."""
    if not png.startswith(_PNG_SIGNATURE):
        raise ValueError("no PNG signature")
    start = len(_PNG_SIGNATURE)
    while start < len(png):
        length, kind = struct.unpack_from(">I4s", png, start)
        data = png[start + 8 : start + 8 + length]
        (checksum,) = struct.unpack_from(">I", png, start + 8 + length)
        if len(data) != length or zlib.crc32(kind + data) != checksum:
            raise ValueError("a damaged chunk")
        yield kind, data
        start += 12 + length


def _is_palette(palette: bytes, colour: int) -> bool:
    """Return whether this palette, or none, is right for the colour type."""
    if not palette:
        return colour != _INDEXED
    return colour in {2, _INDEXED, 6} and len(palette) % 3 == 0 and len(palette) <= 768


def _is_image(header: tuple[int, ...], compressed: bytes) -> bool:
    """Return whether the image data are rows of exactly the declared size."""
    width, height, depth, colour, *methods = header
    if width == 0 or height == 0 or depth not in _DEPTHS.get(colour, ()) or methods != [0, 0, 0]:
        return False
    row = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    if row * height > _MAX_DECODED_BYTES:
        return False
    stream = zlib.decompressobj()
    rows = stream.decompress(compressed, row * height + 1)
    complete = stream.eof and not stream.unused_data and len(rows) == row * height
    return complete and max(rows[::row]) <= 4  # the last type of filter

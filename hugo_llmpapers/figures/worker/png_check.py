"""Whether bytes are a whole PNG file, found out without an image library: the bytes may come from a process that a PDF has
taken over, and a broken picture in a post stops Hugo wherever a theme scales it.

https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_MOST_BYTES = 128 << 20
"""Of a decoded picture: a page of a poster has 54 MB."""
_LAST_FILTER = 4


def dimensions(png: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None where the bytes are not one whole PNG file.

    Only the chunks that show a picture are accepted (IHDR, PLTE, IDAT, IEND), each with its checksum, and image data that
    fill exactly the declared size. Interlaced files are refused: Pillow writes none.
    """
    try:
        chunks = list(_chunks(png))
        header = struct.unpack(">IIBBBBB", chunks[0][1])
        kinds = [kind for kind, _ in chunks]
        palette = next((data for kind, data in chunks if kind == b"PLTE"), b"")
        if not _in_order(kinds) or not _is_palette(palette, header[3]):
            return None
        raw = b"".join(data for kind, data in chunks if kind == b"IDAT")
        return header[:2] if _fills(header, raw) else None
    except (ValueError, IndexError, struct.error, zlib.error):
        return None


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and data of each chunk. Raises ValueError where one is not whole."""
    if not png.startswith(_SIGNATURE):
        raise ValueError("no PNG signature")
    at = len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        data = png[at + 8 : at + 8 + length]
        (checksum,) = struct.unpack_from(">I", png, at + 8 + length)
        if len(data) != length or zlib.crc32(kind + data) != checksum:
            raise ValueError("a damaged chunk")
        yield kind, data
        at += 12 + length


def _in_order(kinds: list[bytes]) -> bool:
    palette = kinds[1:2] == [b"PLTE"]
    data = kinds[2 if palette else 1 : -1]
    return kinds[0] == b"IHDR" and kinds[-1] == b"IEND" and set(data) == {b"IDAT"}


def _is_palette(palette: bytes, colour: int) -> bool:
    """Colours by index need a palette; grey has none."""
    if not palette:
        return colour != 3
    return colour in {2, 3, 6} and len(palette) % 3 == 0 and len(palette) <= 768


def _fills(header: tuple[int, ...], compressed: bytes) -> bool:
    """Whether the image data are rows of the declared size, no less and no more."""
    width, height, depth, colour, *methods = header
    if width == 0 or height == 0 or depth not in _DEPTHS.get(colour, ()) or methods != [0, 0, 0]:
        return False
    row = 1 + (width * depth * _CHANNELS[colour] + 7) // 8
    if row * height > _MOST_BYTES:
        return False
    stream = zlib.decompressobj()
    rows = stream.decompress(compressed, row * height + 1)
    return stream.eof and not stream.unused_data and len(rows) == row * height and max(rows[::row]) <= _LAST_FILTER

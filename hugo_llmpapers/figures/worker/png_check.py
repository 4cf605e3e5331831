"""Checks that bytes are a complete PNG file. https://www.w3.org/TR/png-3/

Without an image library, because the bytes may come from a process that a PDF has taken over. A damaged picture in a post
would break the build of a theme that resizes it.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_INDEXED = 3
_CHANNELS = {0: 1, 2: 3, _INDEXED: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), _INDEXED: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_MAX_DECODED_BYTES = 128 << 20
"""A page of a poster has 54 MB."""
_LAST_FILTER = 4


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
    if not png.startswith(_SIGNATURE):
        raise ValueError("no PNG signature")
    start = len(_SIGNATURE)
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
    return stream.eof and not stream.unused_data and len(rows) == row * height and max(rows[::row]) <= _LAST_FILTER

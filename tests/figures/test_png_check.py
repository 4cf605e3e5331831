"""Only complete PNG files are accepted."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from hugo_llmpapers.figures.render import encoded
from hugo_llmpapers.figures.worker.answers import dimensions

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _header(width: int = 2, height: int = 3, *rest: int) -> bytes:
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, *(rest or (8, 0, 0, 0, 0))))


def _data(raw: bytes = bytes(9)) -> bytes:
    return _chunk(b"IDAT", zlib.compress(raw))


END = _chunk(b"IEND", b"")


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "1"])
def test_what_pillow_writes(mode: str) -> None:
    """Every mode, with odd widths."""
    file = BytesIO()
    Image.effect_noise((37, 23), 80).convert(mode).save(file, "PNG", optimize=True)
    assert dimensions(file.getvalue()) == (37, 23)


@pytest.mark.parametrize("photographic", [True, False])
def test_what_the_worker_writes(photographic: bool) -> None:
    """Drawings have a palette, photographs do not."""
    image = Image.merge("RGB", [Image.effect_noise((150, 70), 80)] * 3)
    assert dimensions(encoded(image, photographic=photographic)) == (150, 70)


def test_smallest_file() -> None:
    """The parts of the files below make a valid file."""
    assert dimensions(SIGNATURE + _header() + _data() + END) == (2, 3)


@pytest.mark.parametrize(
    "png",
    [
        b"",
        SIGNATURE,
        b"GIF89a" + _header() + _data() + END,
        SIGNATURE + _header() + _data(),
        SIGNATURE + _header() + END,
        SIGNATURE + _data() + END,
        SIGNATURE + _header() + _data() + END + b"<script>",
        SIGNATURE + _header() + _data() + END + _chunk(b"IDAT", b""),
        SIGNATURE + _header() + _chunk(b"tEXt", b"a\0b") + _data() + END,
        SIGNATURE + _header() + _chunk(b"IDAT", b"nothing compressed") + END,
        SIGNATURE + _header() + (_data()[:-4] + b"\0\0\0\0") + END,
        SIGNATURE + _header() + _chunk(b"IDAT", zlib.compress(bytes(9)) + b"<script>") + END,
        SIGNATURE + _header() + _data(bytes(8)) + END,
        SIGNATURE + _header() + _data(bytes(10)) + END,
        SIGNATURE + _header() + _data(b"\x05" + bytes(8)) + END,
        SIGNATURE + _header(0, 3) + _data() + END,
        SIGNATURE + _header(1 << 31, 1 << 31) + _data() + END,
        SIGNATURE + _header(2, 3, 8, 7, 0, 0, 0) + _data() + END,
        SIGNATURE + _header(2, 3, 3, 0, 0, 0, 0) + _data() + END,
        SIGNATURE + _header(2, 3, 8, 0, 0, 0, 1) + _data() + END,
        SIGNATURE + _header(2, 3, 8, 3, 0, 0, 0) + _data() + END,
        SIGNATURE + _header() + struct.pack(">I", 0xFFFFFFFF) + b"IDAT",
    ],
)
def test_damaged_files(png: bytes) -> None:
    """Cut off, damaged, of another size than declared, with data after the end, or of a kind that a worker never writes."""
    assert dimensions(png) is None

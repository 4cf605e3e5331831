"""The ways in which a service can fail, on the line itself."""

from __future__ import annotations

import functools
import gzip
import random
import zlib
from collections.abc import Callable

from tests.upstream import Fault, Wire

DRIP_S = 0.5
"""Between two bytes of an answer that drips: less than any limit for a silence."""
ELSEWHERE = "/elsewhere"
"""Where a redirect to another host leads; nobody may ask for it."""
PAGE = b"<!doctype html><title>Checking your browser</title><p>Access to this site is automated.</p>"
DEEP = 200_000
_PART = b" " * 65_536


def _head(wire: Wire, **fields: str | int) -> None:
    told = {"content_type": wire.right.content_type, **fields}
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in told.items()]
    wire.out.write(f"HTTP/1.1 {wire.right.status} OK\r\n{''.join(lines)}\r\n".encode())


def _said(wire: Wire, body: bytes, **fields: str | int) -> None:
    _head(wire, **fields, content_length=len(body))
    wire.out.write(body)


def closed(_: Wire) -> None:
    """Not a byte, and the line is cut."""


def dripping(wire: Wire) -> None:
    """The right answer, a byte at a time."""
    _head(wire, content_length=len(wire.right.body))
    for n in range(len(wire.right.body)):
        wire.out.write(wire.right.body[n : n + 1])
        wire.out.flush()
        if wire.stopping.wait(DRIP_S):
            return


def dripping_head(wire: Wire) -> None:
    """A head that never ends, a byte at a time."""
    wire.out.write(b"HTTP/1.1 200 OK\r\nx-padding: ")
    while not wire.stopping.wait(DRIP_S):
        wire.out.write(b"x")
        wire.out.flush()


def endless(wire: Wire) -> None:
    """A body without end, as fast as it is taken: blanks, which every parser would bear."""
    _head(wire)
    while not wire.stopping.is_set():
        wire.out.write(_PART)


def endless_head(wire: Wire) -> None:
    """Header after header."""
    wire.out.write(b"HTTP/1.1 200 OK\r\n")
    while not wire.stopping.is_set():
        wire.out.write(b"x-padding: " + b"x" * 1000 + b"\r\n")


def redirect(wire: Wire) -> None:
    """To a host that is none of the service's: this machine by its other name, so that a visit would be seen."""
    port = wire.url.split(":")[2].split("/")[0]
    wire.out.write(f"HTTP/1.1 302 Found\r\nlocation: http://localhost:{port}{ELSEWHERE}\r\n".encode())
    wire.out.write(b"content-length: 0\r\n\r\n")


def redirect_loop(wire: Wire) -> None:
    """To where it was asked."""
    wire.out.write(f"HTTP/1.1 302 Found\r\nlocation: {wire.url}\r\ncontent-length: 0\r\n\r\n".encode())


def wrong_type(wire: Wire) -> None:
    """The right answer, called a picture."""
    _said(wire, wire.right.body, content_type="image/png")


def wrong_encoding(wire: Wire) -> None:
    """Latin-1 in what is said to be UTF-8."""
    _said(wire, wire.right.body.replace(b"e", b"\xe9"))


def bomb(wire: Wire) -> None:
    """A gigabyte of blanks in a megabyte."""
    _said(wire, _gigabyte(), content_encoding="gzip")


def bomb_in_bomb(wire: Wire) -> None:
    """The same in some kilobytes, by two encodings."""
    _said(wire, _packed_again(), content_encoding="gzip, gzip")


@functools.cache
def _gigabyte() -> bytes:
    """A block that stands for itself, over and over: the sum at the end is wrong, but nobody gets there."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes([32]) * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return b"\x1f\x8b\x08" + bytes(6) + b"\xff" + block * 1000


@functools.cache
def _packed_again() -> bytes:
    return gzip.compress(_gigabyte())


def _body(body: bytes, content_type: str | None = None) -> Callable[[Wire], None]:
    def say(wire: Wire) -> None:
        _said(wire, body, content_type=content_type or wire.right.content_type)

    return say


def _laughs() -> bytes:
    lines = ['<!ENTITY l0 "lol">', *(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))]
    return f'<?xml version="1.0"?><!DOCTYPE feed [{"".join(lines)}]><feed>&l11;</feed>'.encode()


FAULTS: dict[str, Fault] = {
    "429": Fault(429, b"Rate exceeded.", "text/plain"),
    "429, Retry-After: 3600": Fault(429, b"Rate exceeded.", "text/plain", {"retry-after": "3600"}),
    "503": Fault(503, PAGE, "text/html"),
    "406": Fault(406, b"Not acceptable", "text/plain"),
    "HTML with 200": Fault(200, PAGE, "text/html"),
    "empty": Fault(by=_body(b"")),
    "garbage": Fault(by=_body(random.Random(7).randbytes(20_000))),
    "truncated": Fault(how="truncate"),
    "closed": Fault(by=closed),
    "hanging": Fault(how="hang"),
    "dripping": Fault(by=dripping),
    "dripping head": Fault(by=dripping_head),
    "endless body": Fault(by=endless),
    "endless head": Fault(by=endless_head),
    "redirect to another host": Fault(by=redirect),
    "redirect loop": Fault(by=redirect_loop),
    "wrong content type": Fault(by=wrong_type),
    "wrong encoding": Fault(by=wrong_encoding),
    "deeply nested JSON": Fault(by=_body(b"[" * DEEP + b"]" * DEEP, "application/json")),
    "billion-laughs XML": Fault(by=_body(_laughs(), "application/xml")),
    "zip bomb": Fault(by=bomb),
    "zip bomb in a zip bomb": Fault(by=bomb_in_bomb),
}
"""By the name that the table gives them."""

"""Whether what is sent to an address can be read on the way."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""This machine, as URLs name it. Requests to it go through no proxy, which would read them."""


def is_private(url: str) -> bool:
    """Whether what is sent there is encrypted, or does not leave this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return parts.scheme == "https" or host in LOOPBACK

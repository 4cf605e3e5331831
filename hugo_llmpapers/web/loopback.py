"""Checks whether others could read what is sent to an address."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
"""Names of this machine in URLs. Requests to it bypass proxies, which could read them."""


def is_private(url: str) -> bool:
    """Return whether requests to the URL are encrypted or stay on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return parts.scheme == "https" or host in LOOPBACK

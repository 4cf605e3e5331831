"""Transports that answer with the invented day instead of the network.

The two HTTP libraries are imported when a transport is made, as most commands need none.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hugo_llmpapers.sample.answers import answer

if TYPE_CHECKING:
    import httpx
    import httpx2


def web(day: date) -> httpx.BaseTransport:
    """Return a transport for our clients: arXiv, Semantic Scholar and Hugging Face, if the sample's day is `day`."""
    import httpx

    def respond(request: httpx.Request) -> httpx.Response:
        url = request.url
        found = answer(request.method, url.host, url.path, dict(url.params), request.content, day)
        return httpx.Response(found.status, headers={"content-type": found.content_type}, content=found.body)

    return httpx.MockTransport(respond)


def claude(day: date) -> httpx2.BaseTransport:
    """Return a transport for the SDK, which has its own HTTP library: Claude, who knows only the invented papers."""
    import httpx2

    def respond(request: httpx2.Request) -> httpx2.Response:
        url = request.url
        found = answer(request.method, url.host, url.path, dict(url.params), request.content, day)
        return httpx2.Response(found.status, headers={"content-type": found.content_type}, content=found.body)

    return httpx2.MockTransport(respond)

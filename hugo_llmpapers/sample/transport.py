"""The invented day as transports, which HTTP clients take in place of the network.

The two HTTP libraries are imported when a transport is made: commands that make none start faster.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hugo_llmpapers.sample.answers import answer

if TYPE_CHECKING:
    import httpx
    import httpx2


def web(day: date) -> httpx.BaseTransport:
    """For our clients: arXiv, Semantic Scholar and Hugging Face, if the sample's day is `day`."""
    import httpx

    def respond(request: httpx.Request) -> httpx.Response:
        url = request.url
        given = answer(request.method, url.host, url.path, dict(url.params), request.content, day)
        return httpx.Response(given.status, headers={"content-type": given.content_type}, content=given.body)

    return httpx.MockTransport(respond)


def claude(day: date) -> httpx2.BaseTransport:
    """For the SDK, which has its own HTTP library: Claude, who knows the invented papers only."""
    import httpx2

    def respond(request: httpx2.Request) -> httpx2.Response:
        url = request.url
        given = answer(request.method, url.host, url.path, dict(url.params), request.content, day)
        return httpx2.Response(given.status, headers={"content-type": given.content_type}, content=given.body)

    return httpx2.MockTransport(respond)

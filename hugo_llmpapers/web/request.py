"""One attempt at a request: redirects, time, size and status, and whether a failure may pass.

What a service may take and where it may lead is its own (`Service`); how often it is asked, and when, is `client`'s.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

import httpx

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.web.deadline import with_timeout
from hugo_llmpapers.web.rate_limit import asked_wait_s

THROTTLED = frozenset({406, 429, 503})
"""406 is how arXiv's front turns away a client that it does not like at the moment."""
TRANSIENT = THROTTLED | {408, 500, 502, 504}
LONGEST_WAIT_S = 20.0
"""A server that asks for more patience than this is given up at once."""
REDIRECTS = 5
ENCODING = "gzip"
"""How an answer may be packed; it is what we ask for."""


@dataclass(frozen=True, slots=True)
class Service:
    """One upstream service and the manners it asks for."""

    name: str
    """As messages call it: `arXiv`."""
    base_url: str
    """Scheme and host, no path."""
    also_hosts: tuple[str, ...] = ()
    """Where else a redirect may lead."""
    pause_s: float = 0.0
    """Least time between the starts of two requests, over all runs on this machine; they then go one at a time."""
    pace: str = ""
    """Services with the same pace share the pause."""
    at_once: int = 4
    """Requests under way at the same time."""
    read_s: float = 10.0
    """Longest silence in an answer."""
    total_s: float = 30.0
    """One request, redirects and body included."""
    max_bytes: int = 20_000_000
    attempts: int = 3
    patience_s: float = 15.0
    """All attempts of one request together; no new attempt starts later."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent to this service only; holds its key, so never shown."""


class Again(Exception):
    """This attempt failed in a way that may pass. `failure` says how."""

    def __init__(self, failure: Unavailable, wait_s: float | None = None, *, slow: bool = False) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.slow = slow
        """Whether it took the time of a whole silence."""
        self.wait_s = wait_s
        """What the server asked for; None leaves it to the backoff."""


def attempted(
    client: httpx.Client, service: Service, request: httpx.Request, readable: frozenset[int]
) -> tuple[httpx.Response, bytes]:
    """The answer of status 200, 304 or one of `readable`, and its body; ended when its time is over even where the head
    comes in drops. Raises Again for what may pass, else Unavailable.
    """
    try:
        return with_timeout(partial(_followed, client, service, request, readable), service.total_s)
    except TimeoutError:
        raise Unavailable(service.name, _slow(service)) from None


def _followed(
    client: httpx.Client, service: Service, request: httpx.Request, readable: frozenset[int]
) -> tuple[httpx.Response, bytes]:
    """Redirects are followed by hand so that each one's host is looked at."""
    deadline = time.monotonic() + service.total_s
    for _ in range(REDIRECTS + 1):
        try:
            request.extensions["timeout"] = httpx.Timeout(service.read_s, connect=5.0).as_dict()
            response = client.send(request, stream=True)
            try:
                if response.has_redirect_location:
                    request = _redirected(client, service, request, response)
                    continue
                body = _body(service, response, deadline)
            finally:
                response.close()
        except (httpx.InvalidURL, ValueError) as error:
            raise Unavailable(service.name, f"redirects to what is no address ({request.url.host})") from error
        except httpx.TimeoutException as error:
            failure = Unavailable(service.name, f"no answer in time ({request.url.host})")
            raise Again(failure, slow=True) from error
        except httpx.HTTPError as error:
            raise Again(Unavailable(service.name, f"cannot be reached ({request.url.host}: {_why(error)})")) from error
        _check_status(service, response, readable)
        if response.status_code == 200 and not body:
            # No question of ours has one; arXiv's API has moments in which it gives nothing else.
            raise Again(Unavailable(service.name, "sends an empty answer", status=200))
        return response, body
    raise Unavailable(service.name, f"sends us round in circles ({request.url.host})")


def _redirected(
    client: httpx.Client, service: Service, request: httpx.Request, response: httpx.Response
) -> httpx.Request:
    if request.method != "GET":
        raise Unavailable(service.name, f"redirects a {request.method} request", status=response.status_code)
    home, target = httpx.URL(service.base_url), request.url.join(response.headers["location"])
    host = target.netloc.decode()
    if target.scheme not in {home.scheme, "https"} or host not in {home.netloc.decode(), *service.also_hosts}:
        raise Unavailable(service.name, f"redirects to {host or target.scheme}, where we do not go")
    return client.build_request("GET", target, headers=service.headers if target.host == home.host else None)


def _body(service: Service, response: httpx.Response, deadline: float) -> bytes:
    # One layer of gzip makes at most 66 MB of what is read at a time; of several, terabytes.
    if response.headers.get("content-encoding", "").strip().lower() not in ("", "identity", ENCODING):
        raise Unavailable(service.name, "packs its answer in a way that nobody asked for")
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > service.max_bytes:
            raise Unavailable(service.name, f"sends more than {service.max_bytes // 1_000_000} MB")
        if time.monotonic() > deadline:
            raise Unavailable(service.name, _slow(service))
        parts.append(part)
    return b"".join(parts)


def _slow(service: Service) -> str:
    return f"takes longer than {service.total_s:.0f} s to answer"


def _check_status(service: Service, response: httpx.Response, readable: frozenset[int]) -> None:
    status = response.status_code
    unchanged = status == 304 and "if-none-match" in response.request.headers
    if status == 200 or unchanged or status in readable:
        return
    if status in TRANSIENT:
        word = "asks us to slow down" if status in THROTTLED else "has trouble of its own"
        failure = Unavailable(service.name, f"{word} (HTTP {status})", status=status)
        wait_s = asked_wait_s(response.headers)
        if wait_s is not None and wait_s > LONGEST_WAIT_S:
            raise failure
        raise Again(failure, wait_s)
    raise Unavailable(service.name, f"answers HTTP {status}", status=status)


def _why(error: httpx.HTTPError) -> str:
    """One line about a request that failed. What we may not send holds a key, so its text is not for printing."""
    if isinstance(error, httpx.LocalProtocolError) or not str(error):
        return type(error).__name__
    return str(error).splitlines()[0]

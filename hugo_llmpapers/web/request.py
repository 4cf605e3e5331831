"""One attempt at a request: redirects, time limit, size limit, status, and whether a retry may help.

`Service` holds the limits of a service. Retries and the interval between requests are in `client`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import httpx

from hugo_llmpapers.errors import Unavailable, without_errno
from hugo_llmpapers.web.deadline import with_timeout
from hugo_llmpapers.web.rate_limit import MAX_RETRY_AFTER_S, retry_after_s

THROTTLED = frozenset({406, 429, 503})
"""arXiv's front end sends 406 to clients that it rejects for the moment."""
TRANSIENT = THROTTLED | {408, 500, 502, 504}
MAX_REDIRECTS = 5
ENCODING = "gzip"
"""The content encoding that requests ask for, and the only one that answers may have."""


@dataclass(frozen=True, slots=True)
class Service:
    """An upstream service with its address, limits and credentials."""

    name: str
    """As messages call it: `arXiv`."""
    base_url: str
    """Scheme and host, no path."""
    redirect_hosts: tuple[str, ...] = ()
    """Other hosts that a redirect may lead to."""
    min_interval_s: float = 0.0
    """Minimum time between the starts of two requests, across all runs on this machine; then only one runs at a time."""
    interval_group: str = ""
    """Services of one group share the interval. Empty: the service is alone."""
    max_concurrent: int = 4
    read_timeout_s: float = 10.0
    """Longest pause within an answer."""
    total_timeout_s: float = 30.0
    """For one attempt including redirects and body."""
    max_bytes: int = 20_000_000
    attempts: int = 3
    retry_deadline_s: float = 15.0
    """No retry starts later than this after the start of the first attempt."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Sent to this service only. Holds its key, so it is never shown."""


class Retryable(Unavailable):
    """An attempt that failed in a way that may pass."""

    def __init__(self, service: str, reason: str, *, status: int | None = None, wait_s: float | None = None) -> None:
        super().__init__(service, reason, status=status)
        self.wait_s = wait_s
        """Seconds that the server requests before a retry; None if it requests nothing."""


class TimedOut(Retryable):
    """An attempt that ended as the service sent nothing for too long."""


def send_once(
    client: httpx.Client, service: Service, request: httpx.Request, accepted: frozenset[int]
) -> tuple[httpx.Response, bytes]:
    """Send a request and return the answer with its body. Raises Retryable or Unavailable.

    The answer's status is 200, 304 or one of `accepted`. The time limit includes headers that arrive byte by byte.
    """
    try:
        send = partial(_send_following_redirects, client, service, request, accepted)
        return with_timeout(send, service.total_timeout_s)
    except TimeoutError:
        raise _timed_out(service) from None


def _send_following_redirects(
    client: httpx.Client, service: Service, request: httpx.Request, accepted: frozenset[int]
) -> tuple[httpx.Response, bytes]:
    """Follow redirects one by one, to check the host of each."""
    deadline = time.monotonic() + service.total_timeout_s
    for _ in range(MAX_REDIRECTS + 1):
        host = request.url.host
        try:
            request.extensions["timeout"] = httpx.Timeout(service.read_timeout_s, connect=5.0).as_dict()
            with closing(client.send(request, stream=True)) as response:
                if response.has_redirect_location:
                    request = _redirected(client, service, request, response)
                    continue
                body = _read_body(service, response, deadline)
        except (httpx.InvalidURL, ValueError) as error:
            raise Unavailable(service.name, f"redirects to an invalid address ({host})") from error
        except httpx.TimeoutException as error:
            raise TimedOut(service.name, f"timed out ({host})") from error
        except httpx.ConnectError as error:
            raise Retryable(service.name, f"cannot connect to {host}: {_one_line(error)}") from error
        except httpx.HTTPError as error:
            raise Retryable(service.name, f"connection to {host} failed: {_one_line(error)}") from error
        _check_status(service, response, accepted)
        if response.status_code == 200 and not body:
            # No valid answer is empty; arXiv's API has phases in which it sends nothing else.
            raise Retryable(service.name, "empty answer", status=200)
        return response, body
    raise Unavailable(service.name, f"too many redirects ({request.url.host})")


def _redirected(
    client: httpx.Client, service: Service, request: httpx.Request, response: httpx.Response
) -> httpx.Request:
    if request.method != "GET":
        raise Unavailable(service.name, f"redirects a {request.method} request", status=response.status_code)
    home, target = httpx.URL(service.base_url), request.url.join(response.headers["location"])
    host = target.netloc.decode()
    if target.scheme not in {home.scheme, "https"} or host not in {home.netloc.decode(), *service.redirect_hosts}:
        raise Unavailable(service.name, f"redirects to {host or target.scheme}, which is not allowed")
    return client.build_request("GET", target, headers=service.headers if target.host == home.host else None)


def _read_body(service: Service, response: httpx.Response, deadline: float) -> bytes:
    # One layer of gzip expands what is read at a time to 66 MB at most; several layers to terabytes.
    if response.headers.get("content-encoding", "").strip().lower() not in ("", "identity", ENCODING):
        raise Unavailable(service.name, "unsupported content encoding")
    parts, size = [], 0
    for part in response.iter_bytes():
        size += len(part)
        if size > service.max_bytes:
            raise Unavailable(service.name, f"answer larger than {service.max_bytes // 1_000_000} MB")
        if time.monotonic() > deadline:
            raise _timed_out(service)
        parts.append(part)
    return b"".join(parts)


def _timed_out(service: Service) -> Unavailable:
    return Unavailable(service.name, f"no complete answer within {service.total_timeout_s:.0f} s")


def _check_status(service: Service, response: httpx.Response, accepted: frozenset[int]) -> None:
    status = response.status_code
    not_modified = status == 304 and "if-none-match" in response.request.headers
    if status == 200 or not_modified or status in accepted:
        return
    wait_s = retry_after_s(response.headers)
    if status not in TRANSIENT:
        raise Unavailable(service.name, f"returned HTTP {status}", status=status)
    meaning = "rate limit exceeded" if status in THROTTLED else "server error"
    reason = f"{'overloaded or limiting requests' if status == 503 else meaning} (HTTP {status})"
    if wait_s is not None and wait_s > MAX_RETRY_AFTER_S:
        raise Unavailable(service.name, reason, status=status)
    raise Retryable(service.name, reason, status=status, wait_s=wait_s)


def _one_line(error: httpx.HTTPError) -> str:
    """Return the error's first line, or its type: the text of LocalProtocolError may hold a key."""
    if isinstance(error, httpx.LocalProtocolError) or not str(error):
        return type(error).__name__
    return without_errno(str(error).splitlines()[0])

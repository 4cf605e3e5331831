"""The HTTP client for arXiv, Semantic Scholar and Hugging Face: cache, retries, rate limit.

    Web.get / Web.post -> cache -> retries -> circuit breaker -> rate limit -> send_once -> parse -> cache

Only an answer that `parse` accepts is stored. A cached answer is used while it is fresh by the run's clock, so repeating
a failed run is cheap.
"""

from __future__ import annotations

import hashlib
import random
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

import httpx

from hugo_llmpapers.errors import Unavailable, checking_network_environment
from hugo_llmpapers.web.cache import Cache, Stored
from hugo_llmpapers.web.circuit_breaker import CircuitBreaker
from hugo_llmpapers.web.loopback import LOOPBACK
from hugo_llmpapers.web.rate_limit import wait_for_slot
from hugo_llmpapers.web.request import ENCODING, Retryable, Service, send_once

Parse = Callable[[bytes], Any]
BACKOFF_S = 1.0
"""Wait before the first retry, doubled for each further one, plus a random part of the same length."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A service's answer of status 200, or of a status that the caller accepts."""

    status: int
    content_type: str
    """Lower case, without parameters; empty if the service sent none."""
    body: bytes
    value: Any = field(default=None, compare=False)
    """What `parse` returned for the body; None for a status other than 200."""


class Incomplete(ValueError):
    """Raised by a `parse` for an answer that is incomplete by its own account, so that a retry may help."""


@dataclass(frozen=True, slots=True)
class _Call:
    """A request and how to treat its answer."""

    service: Service
    request: httpx.Request
    kind: str
    accepted: frozenset[int]
    parse: Parse

    @property
    def key(self) -> str:
        """Of the answer in the cache."""
        request = self.request
        return f"{request.method} {request.url}\n{hashlib.sha256(request.content).hexdigest()}"


class Web:
    """Connections, rate limits and cache of one run. A context manager; thread-safe."""

    def __init__(
        self,
        cache: Cache,
        now: datetime,
        *,
        user_agent: str,
        transport: httpx.BaseTransport | None = None,
        offline: bool = False,
    ) -> None:
        """`now`: the clock for the age of cached answers. `offline`: use cached answers of any age and send no request."""
        self._cache = cache
        self._now = now
        self._offline = offline
        with checking_network_environment(httpx.InvalidURL):
            self._client = httpx.Client(
                transport=transport,
                headers={"user-agent": user_agent, "accept-encoding": ENCODING},
                timeout=httpx.Timeout(15.0, connect=5.0),
                follow_redirects=False,
                mounts={f"http://{host}": None for host in LOOPBACK},
            )
        self._breakers: dict[str, CircuitBreaker] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(
        self,
        service: Service,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        max_age: timedelta,
        kind: str = "http",
        accepted: frozenset[int] = frozenset(),
        parse: Parse = bytes,
    ) -> Answer:
        """Return the answer to a GET, from the cache if it is no older than `max_age`. Raises Unavailable.

        `parse` reads the body of status 200. If it raises ValueError, the answer is not stored and the call fails with
        the error's text; after Incomplete it is retried first. `accepted`: other statuses that the caller handles; their
        bodies are neither parsed nor stored.
        """
        request = self._client.build_request("GET", service.base_url + path, params=params, headers=service.headers)
        return self._answer(_Call(service, request, kind, accepted, parse), max_age)

    def post(
        self, service: Service, path: str, params: Mapping[str, str], body: Any, *, max_age: timedelta, parse: Parse
    ) -> Answer:
        """The same for a POST of JSON. For queries only: it is retried and cached like a GET."""
        url, headers = service.base_url + path, service.headers
        request = self._client.build_request("POST", url, params=params, json=body, headers=headers)
        return self._answer(_Call(service, request, "http", frozenset(), parse), max_age)

    def _answer(self, call: _Call, max_age: timedelta) -> Answer:
        stored = self._cache.get(call.kind, call.key)
        if stored is not None and (self._offline or stored.is_fresh(self._now, max_age)):
            with suppress(ValueError):
                return Answer(200, stored.meta.get("type", ""), stored.body, call.parse(stored.body))
            stored = None  # damaged, or stored by a version that accepted more
        if self._offline:
            raise Unavailable(call.service.name, "not in the cache, and --offline allows no requests")
        if stored is not None and stored.meta.get("etag"):
            call.request.headers["if-none-match"] = stored.meta["etag"]
        return self._send_with_retries(call, stored)

    def _send_with_retries(self, call: _Call, stored: Stored | None) -> Answer:
        service, attempt, deadline = call.service, 0, 0.0
        # `setdefault` is atomic: threads share the first breaker.
        breaker = self._breakers.setdefault(service.name, CircuitBreaker(service.name, service.max_concurrent))
        while True:
            attempt += 1
            try:
                with breaker.request(call.key), self._wait_for_slot(service):
                    # The time in the queue before the first attempt does not count.
                    deadline = deadline or time.monotonic() + service.retry_deadline_s
                    response, body = send_once(self._client, service, call.request, call.accepted)
                return self._read(call, stored, response, body)
            except Retryable as error:
                backoff_s = BACKOFF_S * (2 ** (attempt - 1) + random.random())
                wait_s = backoff_s if error.wait_s is None else error.wait_s
                if attempt >= service.attempts or time.monotonic() + wait_s > deadline:
                    if error.status is None:
                        breaker.record_failure(call.key, error.reason)
                    raise
            time.sleep(wait_s)

    def _read(self, call: _Call, stored: Stored | None, response: httpx.Response, body: bytes) -> Answer:
        service, status = call.service, response.status_code
        content_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        meta = {"type": content_type, "etag": response.headers.get("etag")}
        if status == 304 and stored is not None:
            status, body, meta = 200, stored.body, stored.meta
        if status != 200:
            return Answer(status, meta["type"], body)
        try:
            value = call.parse(body)
        except Incomplete as error:
            raise Retryable(service.name, str(error), status=status) from error
        except ValueError as error:
            raise Unavailable(service.name, str(error), status=status) from error
        self._cache.put(call.kind, call.key, body, self._now, meta)
        return Answer(status, meta.get("type", ""), body, value)

    def _wait_for_slot(self, service: Service) -> AbstractContextManager[None]:
        if not service.min_interval_s:
            return nullcontext()
        stamp = self._cache.folder("pace") / f"{service.interval_group or service.name}.json"
        timeout_s = service.retry_deadline_s + service.total_timeout_s
        return wait_for_slot(stamp, service.name, service.min_interval_s, timeout_s)

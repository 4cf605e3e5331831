"""How we talk to arXiv, Semantic Scholar and Hugging Face: an attempt at a request, and the manners around it.

    Web.get / Web.post → cached or fresh → retried → paced → attempt

A cached answer is used while it is fresh by the run's own clock, so a failed run is cheap to repeat.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import httpx
import stamina

from hugo_llmpapers.attempt import ENCODING, Again, Service, attempted
from hugo_llmpapers.cache import Cache, Stored, age
from hugo_llmpapers.errors import Unavailable, unusable_proxy
from hugo_llmpapers.pace import Line, turn

stamina.instrumentation.set_on_retry_hooks([])  # else it logs every retry to stderr


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said: status 200, or a status that the caller said it can read."""

    status: int
    content_type: str
    """Lower case, without parameters; empty where it was not said."""
    body: bytes
    cached: bool


class Web:
    """The connections, the pace and the cache of one run. Used as a context manager; safe for threads."""

    def __init__(
        self,
        cache: Cache,
        now: datetime,
        *,
        user_agent: str,
        transport: httpx.BaseTransport | None = None,
        offline: bool = False,
    ) -> None:
        """`now`: the clock that the age of cached answers follows. `offline`: cached answers of any age, no request."""
        self._cache = cache
        self._now = now
        self._offline = offline
        try:
            self._client = httpx.Client(
                transport=transport,
                headers={"user-agent": user_agent, "accept-encoding": ENCODING},
                timeout=httpx.Timeout(15.0, connect=5.0),
                follow_redirects=False,
            )
        except (ImportError, ValueError, httpx.InvalidURL):
            raise unusable_proxy() from None
        self._lines: dict[str, Line] = {}
        self._lines_lock = threading.Lock()

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
        fresh: timedelta,
        kind: str = "http",
        readable: frozenset[int] = frozenset(),
    ) -> Answer:
        """The answer to a GET, from the cache while it is younger than `fresh`.

        `readable`: statuses besides 200 that the caller wants to see (they are not cached). Raises Unavailable.
        """
        request = self._client.build_request("GET", service.base_url + path, params=params, headers=service.headers)
        return self._answer(service, request, fresh, kind, readable)

    def post(self, service: Service, path: str, params: Mapping[str, str], body: Any, *, fresh: timedelta) -> Answer:
        """The same for a POST of JSON. Only for questions: it is repeated and cached like a GET."""
        request = self._client.build_request(
            "POST", service.base_url + path, params=params, json=body, headers=service.headers
        )
        return self._answer(service, request, fresh, "http", frozenset())

    def _answer(
        self, service: Service, request: httpx.Request, fresh: timedelta, kind: str, readable: frozenset[int]
    ) -> Answer:
        key = f"{request.method} {request.url}\n{hashlib.sha256(request.content).hexdigest()}"
        stored = self._cache.get(kind, key)
        if stored is not None and (self._offline or _is_fresh(stored, self._now, fresh)):
            return Answer(200, stored.meta.get("type", ""), stored.body, cached=True)
        if self._offline:
            raise Unavailable(service.name, "not in the cache, and --offline asks nobody")
        if stored is not None and stored.meta.get("etag"):
            request.headers["if-none-match"] = stored.meta["etag"]
        silent = self._line(service).silent
        try:
            response, body = self._retried(service, request, readable, key)
        except Unavailable as error:
            if error.status is None:
                silent.setdefault(key, error.reason)
            raise
        silent.pop(key, None)
        if response.status_code == 304 and stored is not None:
            body, meta = stored.body, stored.meta
        else:
            meta = {"type": _content_type(response), "etag": response.headers.get("etag")}
        if response.status_code in (200, 304):
            self._cache.put(kind, key, body, self._now, meta)
        status = 200 if response.status_code == 304 else response.status_code
        return Answer(status, meta.get("type", ""), body, cached=False)

    def _retried(
        self, service: Service, request: httpx.Request, readable: frozenset[int], key: str
    ) -> tuple[httpx.Response, bytes]:
        patient_until = time.monotonic() + service.patience_s
        try:
            for attempt in stamina.retry_context(
                on=partial(_backoff, patient_until),
                attempts=service.attempts,
                timeout=service.patience_s,
                wait_initial=1.0,
                wait_max=8.0,
            ):
                with attempt, self._paced(service, key):
                    return attempted(self._client, service, request, readable)
        except Again as last:
            raise last.failure from last
        raise AssertionError("unreachable: the last attempt raises")

    def _line(self, service: Service) -> Line:
        with self._lines_lock:
            return self._lines.setdefault(service.name, Line(threading.Semaphore(service.at_once)))

    @contextmanager
    def _paced(self, service: Service, key: str) -> Iterator[None]:
        """The right to make one attempt at the request of this key, with the service's manners."""
        line = self._line(service)
        with line.gate:
            if (reason := line.begin(key)) is not None:
                raise Unavailable(service.name, f"{reason}; it is asked no more")
            silent = None
            try:
                with self._turn(service):
                    yield
            except Again as again:
                silent = again.failure.reason if again.slow else None
                raise
            except Unavailable as error:
                silent = error.reason if error.status is None else None
                raise
            finally:
                line.end(key, silent)

    def _turn(self, service: Service) -> AbstractContextManager[None]:
        if not service.pause_s:
            return nullcontext()
        stamp = self._cache.folder("pace") / f"{service.pace or service.name}.json"
        return turn(stamp, service.name, service.pause_s, service.patience_s + service.total_s)


def _backoff(patient_until: float, error: Exception) -> bool | float:
    """What stamina asks: again by its own backoff, after so many seconds, or not at all."""
    if not isinstance(error, Again) or time.monotonic() + (error.wait_s or 0.0) > patient_until:
        return False
    return True if error.wait_s is None else error.wait_s


def _is_fresh(stored: Stored, now: datetime, fresh: timedelta) -> bool:
    passed = age(stored, now)
    return passed is not None and passed <= fresh


def _content_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()

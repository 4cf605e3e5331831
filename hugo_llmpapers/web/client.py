"""How we talk to arXiv, Semantic Scholar and Hugging Face: an attempt at a request, and the manners around it.

    Web.get / Web.post → cached or fresh → retried → paced → attempt → read → kept

Only what was understood is kept. A cached answer is used while it is fresh by the run's own clock, so a failed run is
cheap to repeat.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import httpx
import stamina

from hugo_llmpapers.errors import Unavailable, socks_proxy, unusable_certificates, unusable_proxy
from hugo_llmpapers.web.cache import Cache, Stored, age
from hugo_llmpapers.web.loopback import LOOPBACK
from hugo_llmpapers.web.rate_limit import Line, turn
from hugo_llmpapers.web.request import ENCODING, Again, Service, attempted

stamina.instrumentation.set_on_retry_hooks([])  # else it logs every retry to stderr


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said: status 200, or a status that the caller said it can read."""

    status: int
    content_type: str
    """Lower case, without parameters; empty where it was not said."""
    body: bytes
    cached: bool
    value: Any = field(default=None, compare=False)
    """What `read` made of the body; None for another status than 200."""


class Incomplete(ValueError):
    """An answer that the service itself says is not all: asking once more may bring it. Raised by a `read`."""


@dataclass(slots=True)
class _Question:
    """A request, how its answer is read, and how far it has come."""

    service: Service
    request: httpx.Request
    key: str
    """Of its answer in the cache."""
    kind: str
    readable: frozenset[int]
    read: Callable[[bytes], Any]
    stored: Stored | None = None
    """An answer that is no longer fresh."""
    patient_until: float | None = None
    """From its first turn on: who waits in a queue is not out of patience yet."""


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
                mounts={f"http://{host}": None for host in LOOPBACK},
            )
        except ImportError:
            raise socks_proxy() from None
        except OSError as error:
            raise unusable_certificates(error) from None
        except (ValueError, httpx.InvalidURL):
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
        read: Callable[[bytes], Any] = bytes,
    ) -> Answer:
        """The answer to a GET, from the cache while it is younger than `fresh`.

        `read` understands the body of status 200. One that it refuses with ValueError is not kept, and is Unavailable in
        the error's words; after Incomplete it is asked for again first. `readable`: statuses besides 200 that the caller
        wants to see; they are neither read nor kept. Raises Unavailable.
        """
        request = self._client.build_request("GET", service.base_url + path, params=params, headers=service.headers)
        return self._answer(_Question(service, request, _key(request), kind, readable, read), fresh)

    def post(
        self,
        service: Service,
        path: str,
        params: Mapping[str, str],
        body: Any,
        *,
        fresh: timedelta,
        read: Callable[[bytes], Any] = bytes,
    ) -> Answer:
        """The same for a POST of JSON. Only for questions: it is repeated and cached like a GET."""
        request = self._client.build_request(
            "POST", service.base_url + path, params=params, json=body, headers=service.headers
        )
        return self._answer(_Question(service, request, _key(request), "http", frozenset(), read), fresh)

    def _answer(self, asked: _Question, fresh: timedelta) -> Answer:
        stored = self._cache.get(asked.kind, asked.key)
        if stored is not None and (self._offline or _is_fresh(stored, self._now, fresh)):
            try:
                value = asked.read(stored.body)
                return Answer(200, stored.meta.get("type", ""), stored.body, cached=True, value=value)
            except ValueError:  # it is damaged, or whoever kept it understood more
                stored = None
        if self._offline:
            raise Unavailable(asked.service.name, "not in the cache, and --offline asks nobody")
        if stored is not None and stored.meta.get("etag"):
            asked.request.headers["if-none-match"] = stored.meta["etag"]
            asked.stored = stored
        line = self._line(asked.service)
        try:
            answer = self._retried(asked)
        except Unavailable as error:
            if error.status is None:
                line.failed(asked.key, error.reason)
            raise
        line.answered(asked.key)
        return answer

    def _retried(self, asked: _Question) -> Answer:
        try:
            for attempt in stamina.retry_context(
                on=partial(_backoff, asked),
                attempts=asked.service.attempts,
                timeout=None,
                wait_initial=1.0,
                wait_max=8.0,
            ):
                with attempt:
                    return self._once(asked)
        except Again as last:
            raise last.failure from last
        raise AssertionError("unreachable: the last attempt raises")

    def _once(self, asked: _Question) -> Answer:
        service = asked.service
        with self._paced(service, asked.key):
            asked.patient_until = asked.patient_until or time.monotonic() + service.patience_s
            response, body = attempted(self._client, service, asked.request, asked.readable)
        status, meta = response.status_code, {"type": _content_type(response), "etag": response.headers.get("etag")}
        if status == 304 and asked.stored is not None:
            status, body, meta = 200, asked.stored.body, asked.stored.meta
        if status != 200:
            return Answer(status, meta.get("type", ""), body, cached=False)
        try:
            value = asked.read(body)
        except Incomplete as error:
            raise Again(Unavailable(service.name, str(error), status=status)) from error
        except ValueError as error:
            raise Unavailable(service.name, str(error), status=status) from error
        self._cache.put(asked.kind, asked.key, body, self._now, meta)
        return Answer(status, meta.get("type", ""), body, cached=False, value=value)

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


def _backoff(asked: _Question, error: Exception) -> bool | float:
    """What stamina asks: again by its own backoff, after so many seconds, or not at all."""
    patient_until = asked.patient_until or 0.0
    if not isinstance(error, Again) or time.monotonic() + (error.wait_s or 0.0) > patient_until:
        return False
    return True if error.wait_s is None else error.wait_s


def _key(request: httpx.Request) -> str:
    return f"{request.method} {request.url}\n{hashlib.sha256(request.content).hexdigest()}"


def _is_fresh(stored: Stored, now: datetime, fresh: timedelta) -> bool:
    passed = age(stored, now)
    return passed is not None and passed <= fresh


def _content_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()

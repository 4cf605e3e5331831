"""How we talk to arXiv, Semantic Scholar and Hugging Face: one request at a time story, then its manners around it.

    Web.get / Web.post → cached or fresh → retried → paced → one request → redirects → body

Every request has connect, read and total time limits, a size limit and a list of hosts. A cached answer is used while
it is fresh by the run's own clock, so a failed run is cheap to repeat.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Self

import httpx
import stamina

from hugo_llmpapers.cache import Cache, Stored, age
from hugo_llmpapers.errors import Unavailable, unusable_proxy
from hugo_llmpapers.intime import in_time
from hugo_llmpapers.pace import Line, asked_wait_s, turn

stamina.instrumentation.set_on_retry_hooks([])  # else it logs every retry to stderr
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


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said: status 200, or a status that the caller said it can read."""

    status: int
    content_type: str
    """Lower case, without parameters; empty where it was not said."""
    body: bytes
    cached: bool


class _Again(Exception):
    """This attempt failed in a way that may pass."""

    def __init__(self, failure: Unavailable, wait_s: float | None = None, *, slow: bool = False) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.slow = slow
        """Whether it took the time of a whole silence."""
        self.wait_s = wait_s
        """What the server asked for; None leaves it to the backoff."""


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
                    return self._in_time(service, request, readable)
        except _Again as last:
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
            except _Again as again:
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

    def _in_time(
        self, service: Service, request: httpx.Request, readable: frozenset[int]
    ) -> tuple[httpx.Response, bytes]:
        """One attempt, ended when its time is over even where the head of the answer comes in drops."""
        try:
            return in_time(partial(self._once, service, request, readable), service.total_s)
        except TimeoutError:
            raise Unavailable(service.name, _slow(service)) from None

    def _once(self, service: Service, request: httpx.Request, readable: frozenset[int]) -> tuple[httpx.Response, bytes]:
        """One attempt, redirects followed by hand so that each one's host is looked at."""
        deadline = time.monotonic() + service.total_s
        for _ in range(REDIRECTS + 1):
            try:
                request.extensions["timeout"] = httpx.Timeout(service.read_s, connect=5.0).as_dict()
                response = self._client.send(request, stream=True)
                try:
                    if response.has_redirect_location:
                        request = self._redirected(service, request, response)
                        continue
                    body = _body(service, response, deadline)
                finally:
                    response.close()
            except (httpx.InvalidURL, ValueError) as error:
                raise Unavailable(service.name, f"redirects to what is no address ({request.url.host})") from error
            except httpx.TimeoutException as error:
                failure = Unavailable(service.name, f"no answer in time ({request.url.host})")
                raise _Again(failure, slow=True) from error
            except httpx.HTTPError as error:
                raise _Again(
                    Unavailable(service.name, f"cannot be reached ({request.url.host}: {_why(error)})")
                ) from error
            _check_status(service, response, readable)
            return response, body
        raise Unavailable(service.name, f"sends us round in circles ({request.url.host})")

    def _redirected(self, service: Service, request: httpx.Request, response: httpx.Response) -> httpx.Request:
        if request.method != "GET":
            raise Unavailable(service.name, f"redirects a {request.method} request", status=response.status_code)
        home, target = httpx.URL(service.base_url), request.url.join(response.headers["location"])
        host = target.netloc.decode()
        if target.scheme not in {home.scheme, "https"} or host not in {home.netloc.decode(), *service.also_hosts}:
            raise Unavailable(service.name, f"redirects to {host or target.scheme}, where we do not go")
        return self._client.build_request("GET", target, headers=service.headers if target.host == home.host else None)


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
        raise _Again(failure, wait_s)
    raise Unavailable(service.name, f"answers HTTP {status}", status=status)


def _backoff(patient_until: float, error: Exception) -> bool | float:
    """What stamina asks: again by its own backoff, after so many seconds, or not at all."""
    if not isinstance(error, _Again) or time.monotonic() + (error.wait_s or 0.0) > patient_until:
        return False
    return True if error.wait_s is None else error.wait_s


def _why(error: httpx.HTTPError) -> str:
    """One line about a request that failed. What we may not send holds a key, so its text is not for printing."""
    if isinstance(error, httpx.LocalProtocolError) or not str(error):
        return type(error).__name__
    return str(error).splitlines()[0]


def _is_fresh(stored: Stored, now: datetime, fresh: timedelta) -> bool:
    passed = age(stored, now)
    return passed is not None and passed <= fresh


def _content_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()

"""The HTTP client. respx plays the network."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import respx
from pytest_httpserver import HTTPServer

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.web import client
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.cache_folder import claim
from hugo_llmpapers.web.client import Answer, Incomplete, Web
from hugo_llmpapers.web.request import Service

NOW = datetime(2026, 2, 27, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)
SERVICE = Service("Quarry", "https://quarry.example", redirect_hosts=("files.quarry.example",))
URL = "https://quarry.example/pebbles"


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    with opened(tmp_path) as it:
        yield it


@pytest.fixture
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry without a wait."""
    monkeypatch.setattr(client, "BACKOFF_S", 0.0)


no_waiting = pytest.mark.usefixtures("_no_waiting")


@contextmanager
def opened(folder: Path, now: datetime = NOW, *, offline: bool = False) -> Iterator[Web]:
    with Web(Cache(folder), now, user_agent="hugo-llmpapers/1 (me@blog.example)", offline=offline) as it:
        yield it


def ask(web: Web, service: Service = SERVICE, max_age: timedelta = HOUR) -> Answer:
    return web.get(service, "/pebbles", max_age=max_age)


def refusal(web: Web, service: Service = SERVICE) -> Unavailable:
    """Return the failure of a request that must fail."""
    with pytest.raises(Unavailable) as caught:
        ask(web, service)
    assert caught.value.service == "Quarry"
    assert "\n" not in str(caught.value)
    return caught.value


def moved(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


def test_get_returns_status_content_type_and_body(web: Web, respx_mock: respx.MockRouter) -> None:
    """The content type is in lower case and without parameters."""
    respx_mock.get(URL).respond(content=b"\x00pebble", headers={"content-type": "Application/JSON; charset=utf-8"})
    assert ask(web) == Answer(200, "application/json", b"\x00pebble")


def test_a_missing_content_type_is_empty(web: Web, respx_mock: respx.MockRouter) -> None:
    """An answer may have no Content-Type header."""
    respx_mock.get(URL).mock(return_value=httpx.Response(200, stream=httpx.ByteStream(b"x")))
    assert ask(web).content_type == ""


def test_each_request_has_our_user_agent(web: Web, respx_mock: respx.MockRouter) -> None:
    """Also after a redirect."""
    respx_mock.get(URL).mock(return_value=moved("/rocks"))
    respx_mock.get("https://quarry.example/rocks").respond(content=b"x")
    ask(web)
    assert [c.request.headers["user-agent"] for c in respx_mock.calls] == ["hugo-llmpapers/1 (me@blog.example)"] * 2


def test_parameters_are_encoded_once(web: Web, respx_mock: respx.MockRouter) -> None:
    """Brackets, quotes and spaces arrive unchanged."""
    route = respx_mock.get(URL).respond(content=b"x")
    query = {"q": '(all:"language model") AND [202602130000 TO 202602232359] & 50%+'}
    web.get(SERVICE, "/pebbles", query, max_age=HOUR)
    assert dict(route.calls.last.request.url.params) == query


@no_waiting
@pytest.mark.parametrize("status", [406, 408, 429, 500, 502, 503, 504])
def test_transient_statuses_are_retried(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """The answer to the second attempt is returned."""
    route = respx_mock.get(URL).mock(side_effect=[httpx.Response(status), httpx.Response(200, content=b"x")])
    assert ask(web).body == b"x"
    assert route.call_count == 2


@no_waiting
@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_the_number_of_attempts_is_limited(web: Web, respx_mock: respx.MockRouter, attempts: int) -> None:
    """After the last attempt its failure is raised."""
    route = respx_mock.get(URL).respond(500)
    assert str(refusal(web, replace(SERVICE, attempts=attempts))) == "Quarry: server error (HTTP 500)"
    assert route.call_count == attempts


@no_waiting
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 501])
def test_other_statuses_are_not_retried(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """They are raised at once."""
    route = respx_mock.get(URL).respond(status)
    failure = refusal(web)
    assert (failure.status, failure.reason) == (status, f"returned HTTP {status}")
    assert route.call_count == 1


@no_waiting
@pytest.mark.parametrize(
    ("status", "says"),
    [(406, "rate limit exceeded"), (429, "rate limit exceeded"), (503, "overloaded or limiting requests")],
)
def test_a_rate_limit_is_named(web: Web, respx_mock: respx.MockRouter, status: int, says: str) -> None:
    """arXiv uses 406 and 503 for it as well."""
    respx_mock.get(URL).respond(status)
    failure = refusal(web)
    assert (failure.status, failure.reason) == (status, f"{says} (HTTP {status})")


@no_waiting
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ReadTimeout("x"), "timed out (quarry.example)"),
        (httpx.ConnectTimeout(""), "timed out (quarry.example)"),
        (httpx.ConnectError("[Errno 111] Refused"), "cannot connect to quarry.example: refused"),
        (httpx.RemoteProtocolError(""), "connection to quarry.example failed: RemoteProtocolError"),
        (httpx.ReadError("one\ntwo"), "connection to quarry.example failed: one"),
    ],
    ids=lambda x: type(x).__name__,
)
def test_connection_errors_are_retried(web: Web, respx_mock: respx.MockRouter, error: Exception, reason: str) -> None:
    """The last error is one line."""
    route = respx_mock.get(URL).mock(side_effect=error)
    failure = refusal(web)
    assert (failure.status, failure.reason) == (None, reason)
    assert route.call_count == 3


@no_waiting
def test_an_undecodable_body_is_retried(web: Web, respx_mock: respx.MockRouter) -> None:
    """A body that is not in the encoding of its header is a connection error."""
    garbled = httpx.ByteStream(b"no gzip")
    answers = [
        httpx.Response(200, stream=garbled, headers={"content-encoding": "gzip"}),
        httpx.Response(200, content=b"x"),
    ]
    respx_mock.get(URL).mock(side_effect=answers)
    assert ask(web).body == b"x"


@pytest.mark.parametrize("headers", [{"retry-after": "1"}, {"ratelimit": '"api";r=0;t=0'}], ids=str)
def test_a_short_requested_wait_is_respected(web: Web, respx_mock: respx.MockRouter, headers: dict[str, str]) -> None:
    """Retry-After in seconds, or Hugging Face's ratelimit plus one second."""
    moments: list[float] = []

    def reply(_: httpx.Request) -> httpx.Response:
        moments.append(time.monotonic())
        return httpx.Response(429, headers=headers) if len(moments) == 1 else httpx.Response(200, content=b"x")

    respx_mock.get(URL).mock(side_effect=reply)
    ask(web)
    assert moments[1] - moments[0] >= 0.99


@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "3600"},
        {"retry-after": "Fri, 31 Dec 2100 23:59:59 GMT"},
        {"ratelimit": '"api";r=0;t=55', "ratelimit-policy": '"fixed window";"api";q=500;w=300'},
        {"ratelimit": '"api"; r=0; t=55'},
    ],
    ids=str,
)
def test_a_long_requested_wait_is_a_failure(web: Web, respx_mock: respx.MockRouter, headers: dict[str, str]) -> None:
    """A service that requests a minute or more fails at once instead of delaying the post."""
    route = respx_mock.get(URL).respond(429, headers=headers)
    assert refusal(web).status == 429
    assert route.call_count == 1


def test_no_retry_starts_after_the_deadline(web: Web, respx_mock: respx.MockRouter) -> None:
    """A requested wait beyond the retry deadline is a failure."""
    route = respx_mock.get(URL).respond(429, headers={"retry-after": "5"})
    refusal(web, replace(SERVICE, retry_deadline_s=2.0))
    assert route.call_count == 1


@no_waiting
@pytest.mark.parametrize(
    "headers",
    [
        {"retry-after": "soon"},
        {"retry-after": "-5"},
        {"retry-after": "\u00b2"},
        {"retry-after": "Mon, 99 Feb 2026"},
        {"retry-after": "Fri, 01 Jan 99999999999 00:00:00 GMT"},
        {"retry-after": "Thu, 01 Jan 1970 00:00:00 GMT"},
        {"retry-after": "0"},
        {"ratelimit": '"api";r=17;t=55'},
        {"ratelimit": '"api";r=0;t=\u00b2'},
        {"ratelimit": ";;="},
    ],
    ids=str,
)
def test_an_invalid_requested_wait_is_ignored(web: Web, respx_mock: respx.MockRouter, headers: dict[str, str]) -> None:
    """Invalid, past and missing waits do not prevent a retry."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    route = respx_mock.get(URL).mock(side_effect=[httpx.Response(429, headers=raw), httpx.Response(200, content=b"x")])
    assert ask(web).body == b"x"
    assert route.call_count == 2


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location",
    ["/rocks", "rocks", "https://quarry.example/rocks", "//quarry.example/rocks", "https://files.quarry.example/rocks"],
)
def test_redirects_to_hosts_of_the_service_are_followed(
    web: Web, respx_mock: respx.MockRouter, status: int, location: str
) -> None:
    """To its own host and to named hosts, written in any way."""
    respx_mock.get(URL).mock(return_value=moved(location, status))
    respx_mock.get(path="/rocks").respond(content=b"rock")
    assert ask(web).body == b"rock"


@no_waiting
@pytest.mark.parametrize(
    "location",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "https://quarry.example.elsewhere.example/",
        "https://quarry.example@elsewhere.example/",
        "https://quarry.example:8443/",
        "http://quarry.example/pebbles",
        "http://files.quarry.example/pebbles",
        "ftp://quarry.example/pebbles",
        "file:///etc/hostname",
    ],
)
def test_redirects_to_other_hosts_are_refused(web: Web, respx_mock: respx.MockRouter, location: str) -> None:
    """Other hosts, other ports and plain HTTP get no request."""
    respx_mock.get(URL).mock(return_value=moved(location))
    assert "redirects to" in refusal(web).reason
    assert respx_mock.calls.call_count == 1


@no_waiting
@pytest.mark.parametrize(
    "location", ["javascript:alert(1)", "https://[", "https://quarry.example:port/", "/\x7f", "", "#"]
)
def test_an_invalid_redirect_is_a_failure(web: Web, respx_mock: respx.MockRouter, location: str) -> None:
    """Invalid addresses and loops end in one line, not in a traceback."""
    route = respx_mock.get(URL).mock(return_value=moved(location))
    refusal(web)
    assert route.called


@no_waiting
def test_a_service_on_http_may_redirect_within_http(web: Web, respx_mock: respx.MockRouter) -> None:
    """A mirror of the user may also redirect to https."""
    respx_mock.get("http://quarry.example/pebbles").mock(return_value=moved("http://quarry.example/rocks"))
    respx_mock.get("http://quarry.example/rocks").mock(return_value=moved("https://quarry.example/rocks"))
    respx_mock.get("https://quarry.example/rocks").respond(content=b"rock")
    assert ask(web, replace(SERVICE, base_url="http://quarry.example")).body == b"rock"


@no_waiting
def test_the_number_of_redirects_is_limited(web: Web, respx_mock: respx.MockRouter) -> None:
    """Five are followed."""
    route = respx_mock.get(URL).mock(return_value=moved("/pebbles"))
    assert "too many redirects" in refusal(web).reason
    assert route.call_count == 6


@no_waiting
@pytest.mark.parametrize("status", [300, 302, 304, 305])
def test_a_redirect_without_a_location_is_a_failure(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """So is a 304 to a request without an ETag."""
    respx_mock.get(URL).respond(status)
    assert refusal(web).reason == f"returned HTTP {status}"


@no_waiting
def test_a_post_is_not_redirected(web: Web, respx_mock: respx.MockRouter) -> None:
    """Its body is not sent to another address."""
    respx_mock.post(URL).mock(return_value=moved("/rocks", 307))
    with pytest.raises(Unavailable, match="redirects a POST request"):
        web.post(SERVICE, "/pebbles", {}, {}, max_age=HOUR, parse=bytes)


KEYED = replace(SERVICE, headers={"x-api-key": "s3cret"})


def test_a_key_is_sent_to_its_service_only(web: Web, respx_mock: respx.MockRouter) -> None:
    """Not to the host that a redirect leads to."""
    respx_mock.get(URL).mock(return_value=moved("/rocks"))
    respx_mock.get("https://quarry.example/rocks").mock(return_value=moved("https://files.quarry.example/rocks"))
    respx_mock.get("https://files.quarry.example/rocks").respond(content=b"x")
    ask(web, KEYED)
    assert [c.request.headers.get("x-api-key") for c in respx_mock.calls] == ["s3cret", "s3cret", None]


def test_a_key_is_never_shown(web: Web, respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """Not in the repr of a service, in an error, or in the cache."""
    respx_mock.get(URL).mock(side_effect=[httpx.Response(200, content=b"x"), httpx.Response(403)])
    ask(web, KEYED)
    assert "s3cret" not in repr(KEYED)
    with pytest.raises(Unavailable) as caught:
        ask(web, KEYED, max_age=timedelta(seconds=-1))
    assert "s3cret" not in repr(caught.value)
    assert not [f for f in tmp_path.rglob("*") if f.is_file() and b"s3cret" in f.read_bytes()]


@no_waiting
def test_an_invalid_key_is_not_shown(web: Web, httpserver: HTTPServer) -> None:
    """A key with a line break makes the service unavailable."""
    here = Service("Quarry", httpserver.url_for(""), headers={"x-api-key": "s3\ncret"})
    reason = refusal(web, here).reason
    assert "connection to " in reason
    assert "cret" not in reason


def test_a_body_beyond_the_limit_is_refused(web: Web, respx_mock: respx.MockRouter) -> None:
    """The limit itself is allowed. There is no retry."""
    route = respx_mock.get(URL).mock(
        side_effect=[httpx.Response(200, content=b"x" * 2_000_000), httpx.Response(200, content=b"x" * 2_000_001)]
    )
    small = replace(SERVICE, max_bytes=2_000_000)
    assert len(ask(web, small, max_age=timedelta(seconds=-1)).body) == 2_000_000
    with pytest.raises(Unavailable, match="answer larger than 2 MB"):
        ask(web, small, max_age=timedelta(seconds=-1))
    assert route.call_count == 2


def test_the_limit_applies_to_the_decompressed_body(web: Web, respx_mock: respx.MockRouter) -> None:
    """A small compressed body can be large."""
    bomb = gzip.compress(bytes(30_000_000))
    assert len(bomb) < 100_000
    respx_mock.get(URL).respond(content=bomb, headers={"content-encoding": "gzip"})
    assert "answer larger than 1 MB" in refusal(web, replace(SERVICE, max_bytes=1_000_000)).reason


@no_waiting
def test_a_body_that_trickles_times_out(web: Web, respx_mock: respx.MockRouter) -> None:
    """The time limit of a request includes the body."""

    def trickle() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.02)
            yield b"x"

    respx_mock.get(URL).mock(side_effect=lambda _: httpx.Response(200, content=trickle()))
    assert "no complete answer within" in refusal(web, replace(SERVICE, total_timeout_s=0.05, attempts=1)).reason


@pytest.mark.parametrize("packed", ["gzip, gzip", "br", "deflate"])
def test_other_content_encodings_are_refused(web: Web, respx_mock: respx.MockRouter, packed: str) -> None:
    """The size of several layers of compression cannot be limited."""
    route = respx_mock.get(URL).mock(
        return_value=httpx.Response(200, headers={"content-encoding": packed}, stream=httpx.ByteStream(b"x"))
    )
    assert "unsupported content encoding" in refusal(web).reason
    assert route.calls.last.request.headers["accept-encoding"] == "gzip"


def test_headers_that_trickle_open_the_circuit(web: Web) -> None:
    """Requests that wait for a slot meanwhile are skipped."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended, accepted = threading.Event(), []

        def trickle() -> None:
            with suppress(OSError):
                while True:
                    line, _ = server.accept()
                    accepted.append(line)
                    threading.Thread(target=drops, args=(line,), daemon=True).start()

        def drops(line: socket.socket) -> None:
            with suppress(OSError), line:
                line.sendall(b"HTTP/1.1 200 OK\r\nx: ")
                while not ended.wait(0.02):
                    line.sendall(b"x")

        threading.Thread(target=trickle, daemon=True).start()
        service = Service(
            "Quarry", f"http://127.0.0.1:{server.getsockname()[1]}", max_concurrent=2, total_timeout_s=0.5
        )
        with ThreadPoolExecutor(6) as threads:
            said = [
                str(failure)
                for failure in threads.map(
                    lambda n: _refused(lambda: web.get(service, f"/pebbles/{n}", max_age=HOUR)), range(6)
                )
            ]
        ended.set()
    assert len(accepted) == 2
    assert all("no complete answer within" in line for line in said)
    assert sum("further requests were skipped" in line for line in said) == 4


def _refused(question: Callable[[], Answer]) -> Unavailable:
    with pytest.raises(Unavailable) as caught:
        question()
    return caught.value


def test_a_fresh_answer_comes_from_the_cache(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """An older one is requested again. The run's clock decides."""
    route = respx_mock.get(URL).mock(side_effect=[httpx.Response(200, text=text) for text in ("old", "new")])
    for now, body, calls in [
        (NOW, b"old", 1),
        (NOW, b"old", 1),
        (NOW + HOUR, b"old", 1),
        (NOW + HOUR + timedelta(seconds=1), b"new", 2),
        (NOW + 2 * HOUR, b"new", 2),
    ]:
        with opened(tmp_path, now) as web:
            assert ask(web) == Answer(200, "text/plain", body)
        assert route.call_count == calls


def test_an_answer_from_the_future_is_not_used(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """A run for yesterday does not use what a run for today has stored."""
    respx_mock.get(URL).mock(side_effect=[httpx.Response(200, text=text) for text in ("today", "yesterday")])
    with opened(tmp_path) as web:
        ask(web)
    with opened(tmp_path, NOW - timedelta(days=1)) as web:
        assert ask(web).body == b"yesterday"


def test_requests_are_cached_by_url_and_body(web: Web, respx_mock: respx.MockRouter) -> None:
    """The same POST is sent once."""
    respx_mock.get(url__startswith=URL).mock(side_effect=lambda r: httpx.Response(200, text=r.url.query.decode()))
    posted = respx_mock.post(URL).mock(side_effect=lambda r: httpx.Response(200, content=r.content))
    for value in "ab":
        assert web.get(SERVICE, "/pebbles", {"q": value}, max_age=HOUR).body == f"q={value}".encode()
    for ids in (["1"], ["2"], ["1"]):
        assert json.loads(web.post(SERVICE, "/pebbles", {}, {"ids": ids}, max_age=HOUR, parse=bytes).body) == {
            "ids": ids
        }
    assert posted.call_count == 2


def test_an_answer_is_stored_under_its_kind(web: Web, respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """PDFs are deleted earlier than other answers."""
    respx_mock.get(URL).respond(content=b"x")
    web.get(SERVICE, "/pebbles", max_age=HOUR, kind="pdf")
    assert (tmp_path / "pdf").is_dir()
    assert not (tmp_path / "http").exists()


def test_an_unchanged_answer_is_not_sent_again(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """A stale answer with an ETag is revalidated; after 304 it is fresh again."""

    def reply(request: httpx.Request) -> httpx.Response:
        known = request.headers.get("if-none-match") == '"e1"'
        return httpx.Response(304) if known else httpx.Response(200, text="pebble", headers={"etag": '"e1"'})

    route = respx_mock.get(URL).mock(side_effect=reply)
    for days in range(3):
        with opened(tmp_path, NOW + timedelta(days=days)) as web:
            assert ask(web) == Answer(200, "text/plain", b"pebble")
            assert ask(web).body == b"pebble"
    assert [call.response.status_code for call in route.calls] == [200, 304, 304]


def test_a_changed_answer_replaces_the_old_one(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """If the ETag does not match."""
    respx_mock.get(URL).mock(
        side_effect=[httpx.Response(200, text=text, headers={"etag": f'"{text}"'}) for text in ("old", "new")]
    )
    with opened(tmp_path) as web:
        ask(web)
    with opened(tmp_path, NOW + timedelta(days=1)) as web:
        assert [ask(web).body, ask(web).body] == [b"new", b"new"]


def test_offline_uses_cached_answers_of_any_age(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """An answer that is not cached is a failure, without a request."""
    respx_mock.get(URL).respond(content=b"x")
    with opened(tmp_path) as web:
        ask(web)
    for now in (NOW + timedelta(days=300), NOW - timedelta(days=1)):
        with opened(tmp_path, now, offline=True) as web:
            assert ask(web) == Answer(200, "", b"x")
            with pytest.raises(Unavailable, match=r"not in the cache, and --offline allows no requests"):
                web.get(SERVICE, "/rocks", max_age=HOUR)
    assert respx_mock.calls.call_count == 1


@no_waiting
@pytest.mark.parametrize("status", [400, 404, 503])
def test_an_accepted_status_is_returned_and_not_stored(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """There is no retry."""
    route = respx_mock.get(URL).respond(status, content=b"why not")
    for _ in range(2):
        found = web.get(SERVICE, "/pebbles", max_age=HOUR, accepted=frozenset({status}))
        assert (found.status, found.body) == (status, b"why not")
    assert route.call_count == 2


def pebble(body: bytes) -> str:
    """Parse an answer that may be one word only."""
    if body == b"half":
        raise Incomplete("sends half")
    if body != b"pebble":
        raise ValueError("sends no pebble")
    return body.decode()


def test_an_answer_that_cannot_be_parsed_is_not_stored(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """The error has the parser's text. An invalid answer in the cache is requested again."""
    route = respx_mock.get(URL).mock(
        side_effect=[httpx.Response(200, text=text, headers={"etag": '"e"'}) for text in ("rock", "rock", "pebble")]
    )
    with opened(tmp_path) as web, pytest.raises(Unavailable, match=r"^Quarry: sends no pebble$"):
        web.get(SERVICE, "/pebbles", max_age=HOUR, parse=pebble)
    with opened(tmp_path) as web:
        ask(web)  # keeps whatever it is
    with opened(tmp_path) as web:
        assert web.get(SERVICE, "/pebbles", max_age=HOUR, parse=pebble).value == "pebble"
        assert web.get(SERVICE, "/pebbles", max_age=HOUR, parse=pebble).value == "pebble"
    assert route.call_count == 3
    assert "if-none-match" not in route.calls.last.request.headers


@no_waiting
@pytest.mark.parametrize("lacking", [b"", b"half"])
def test_an_incomplete_answer_is_retried(web: Web, respx_mock: respx.MockRouter, lacking: bytes) -> None:
    """So is an empty one."""
    route = respx_mock.get(URL).mock(side_effect=[httpx.Response(200, content=c) for c in (lacking, b"pebble")])
    assert web.get(SERVICE, "/pebbles", max_age=HOUR, parse=pebble).value == "pebble"
    assert route.call_count == 2


def test_time_in_the_queue_does_not_count_for_the_retry_deadline(web: Web, respx_mock: respx.MockRouter) -> None:
    """It begins with the first attempt."""

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/first":
            time.sleep(0.6)
        failed = request.url.path == "/second" and second.call_count == 0
        return httpx.Response(503 if failed else 200, content=b"x", headers={"retry-after": "0"})

    first = respx_mock.get("https://quarry.example/first").mock(side_effect=reply)
    second = respx_mock.get("https://quarry.example/second").mock(side_effect=reply)
    narrow = replace(SERVICE, max_concurrent=1, retry_deadline_s=0.5)
    with ThreadPoolExecutor(2) as pool:
        pool.submit(web.get, narrow, "/first", max_age=HOUR)
        while not first.called:
            time.sleep(0.01)
        assert pool.submit(web.get, narrow, "/second", max_age=HOUR).result().body == b"x"
    assert second.call_count == 2


def test_a_cache_that_cannot_be_written_is_no_failure(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """The answer is returned."""
    claim(tmp_path)
    (tmp_path / "http").write_text("a file in the way")
    respx_mock.get(URL).respond(content=b"x")
    with opened(tmp_path) as web:
        assert ask(web, replace(SERVICE, min_interval_s=0.01)).body == b"x"


def test_the_minimum_interval_is_respected(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """Also between runs that share a cache folder, and between services of one group."""
    moments: list[float] = []

    def reply(_: httpx.Request) -> httpx.Response:
        moments.append(time.monotonic())
        return httpx.Response(200, content=b"x")

    respx_mock.get(url__regex=r"https://.*quarry\.example/.*").mock(side_effect=reply)
    paced = replace(SERVICE, min_interval_s=0.3, interval_group="quarry")
    sibling = Service("Quarry files", "https://files.quarry.example", min_interval_s=0.3, interval_group="quarry")
    with opened(tmp_path) as one, opened(tmp_path) as other:
        before = time.monotonic()
        one.get(paced, "/a", max_age=HOUR)
        other.get(paced, "/b", max_age=HOUR)
        other.get(sibling, "/c", max_age=HOUR)
    # The pause is between the starts of requests, so the first one's start bounds the others from below.
    assert moments[1] - before >= 0.299
    assert moments[2] - before >= 0.598


def test_a_service_with_an_interval_gets_one_request_at_a_time(respx_mock: respx.MockRouter, tmp_path: Path) -> None:
    """From all threads and runs."""
    busiest = most_at_once(respx_mock)
    paced = replace(SERVICE, min_interval_s=0.01)
    with opened(tmp_path) as one, opened(tmp_path) as other, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: (one, other)[n % 2].get(paced, f"/{n}", max_age=HOUR), range(4)))
    assert busiest() == 1


def test_the_number_of_concurrent_requests_is_limited(web: Web, respx_mock: respx.MockRouter) -> None:
    """It reaches the limit and does not exceed it."""
    busiest = most_at_once(respx_mock)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: web.get(replace(SERVICE, max_concurrent=2), f"/{n}", max_age=HOUR), range(8)))
    assert busiest() == 2


def most_at_once(respx_mock: respx.MockRouter) -> Callable[[], int]:
    """Answer slowly; the result returns the largest number of requests in flight."""
    lock, counts, under_way = threading.Lock(), [0], [0]

    def body() -> Iterator[bytes]:
        time.sleep(0.05)
        with lock:
            under_way[0] -= 1
        yield b"x"

    def reply(_: httpx.Request) -> httpx.Response:
        with lock:
            under_way[0] += 1
            counts.append(under_way[0])
        return httpx.Response(200, content=body())

    respx_mock.get(url__startswith="https://quarry.example/").mock(side_effect=reply)
    return lambda: max(counts)


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"asked": "x"}', '{"asked": 1e300}', '{"asked": NaN}', "\x00"])
def test_an_invalid_stamp_delays_by_one_interval_at_most(
    web: Web, respx_mock: respx.MockRouter, tmp_path: Path, stamp: str
) -> None:
    """A broken stamp, or one from the future, is no failure."""
    claim(tmp_path)
    (tmp_path / "pace").mkdir()
    (tmp_path / "pace" / "Quarry.json").write_text(stamp)
    respx_mock.get(URL).respond(content=b"x")
    assert ask(web, replace(SERVICE, min_interval_s=0.02)).body == b"x"


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_requests_to_this_machine_bypass_proxies(
    tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """They are plain HTTP and contain keys."""
    monkeypatch.setenv(variable, "http://me:hush@proxy.example:3128")
    httpserver.expect_request("/pebbles").respond_with_data("granite")
    for host in ("localhost", "127.0.0.1"):
        with opened(tmp_path) as web:
            service = replace(SERVICE, base_url=f"http://{host}:{httpserver.port}", headers={"x-api-key": "hush"})
            assert ask(web, service).body == b"granite"

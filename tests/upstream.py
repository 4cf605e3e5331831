"""A loopback server in the place of all upstream services, with faults and a journal.

It answers with the package's own sample day, whose shapes are those of the services; the sample's papers are invented.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from hugo_llmpapers.sample.answers import Answer, answer
from tests.batches import Batches

SERVICES = {
    "/api/query": "arxiv",
    "/pdf/": "pdf",
    "/html/": "html",
    "/oai": "oai",
    "/api/daily_papers": "huggingface",
    "/api/papers/": "huggingface",
    "/graph/": "semanticscholar",
    "/v1/": "claude",
}


@dataclass(frozen=True)
class Wire:
    """The line of one request, for faults that are no answer; it is cut when they are done with it."""

    out: BinaryIO
    right: Answer
    """What would be said without the fault."""
    url: str
    """That was asked for."""
    stopping: threading.Event
    """Set when the server ends: who waits must wait for this."""


@dataclass(frozen=True)
class Fault:
    """What a service says instead of its answer."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    times: int = 10**9
    """How many requests it meets."""
    match: str = ""
    """Only requests that hold this text in path or body."""
    how: Literal["answer", "hang", "truncate"] = "answer"
    """Said at once; or nothing is said, and the line stays open; or half of the right answer, and the line is cut."""
    by: Callable[[Wire], None] | None = None
    """Writes what it likes, in the place of all that."""


@dataclass
class Upstream:
    """The running server."""

    url: str
    day: date
    faults: dict[str, Fault] = field(default_factory=dict)
    """By service: arxiv, pdf, html, oai, huggingface, semanticscholar, claude."""
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """What else is served: content type and body by path."""
    amended: Callable[[str, Mapping[str, str], Answer], Answer] | None = None
    """Makes another answer of that to a path and its query, for services that know more than the sample's."""
    arrived: Callable[[str], None] | None = None
    """Told each request's service before it is answered."""
    batches: Batches | None = None
    """None for an endpoint that has none."""
    journal: list[dict[str, object]] = field(default_factory=list)
    """One row for each request: service, method, path, query, headers, body."""
    met: dict[str, int] = field(default_factory=dict)

    def asked(self, service: str) -> list[dict[str, object]]:
        """The journal's rows of one service."""
        return [row for row in self.journal if row["service"] == service]

    def fault(self, service: str, text: str) -> Fault | None:
        """The fault that a request with this text meets; None for none, or none any more."""
        found = self.faults.get(service)
        if found is None or found.match not in text:
            return None
        self.met[service] = self.met.get(service, 0) + 1
        return found if self.met[service] <= found.times else None

    def right(self, method: str, host: str, path: str, query: dict[str, str], body: bytes) -> Answer:
        """What a request is answered without a fault."""
        if path in self.pages:
            return Answer(200, *self.pages[path])
        if self.batches is not None and path.startswith("/v1/messages/batches"):
            status, content = self.batches.answer(method, path, body, host)
            return Answer(status, "application/json", content)
        given = answer(method, host, path, query, body, self.day)
        return self.amended(path, query, given) if self.amended is not None else given

    def environ(self) -> dict[str, str]:
        """Variables that point the tool at this server, with a key for Claude."""
        names = ("ARXIV", "ARXIVPDF", "ARXIVOAI", "SEMANTICSCHOLAR", "HUGGINGFACE")
        endpoints = {f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{name}": self.url for name in names}
        return {**endpoints, "ANTHROPIC_BASE_URL": self.url, "ANTHROPIC_API_KEY": "sk-ant-test-1234567890"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # whoever asked was killed while talking
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def serving(day: date) -> Iterator[Upstream]:
    """The services as they answer if the sample's day is `day`."""
    lock, stopping = threading.Lock(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self._reply(b"")

        def do_POST(self) -> None:
            self._reply(self.rfile.read(int(self.headers.get("content-length") or 0)))

        def _reply(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            path, query = unquote(parts.path), dict(parse_qsl(parts.query, keep_blank_values=True))
            service = next((name for start, name in SERVICES.items() if path.startswith(start)), "unknown")
            row: dict[str, object] = {
                "service": service,
                "method": self.command,
                "path": path,
                "query": query,
                "headers": dict(self.headers.items()),
                "body": body.decode("utf-8", "replace"),
            }
            with lock:
                upstream.journal.append(row)
                fault = upstream.fault(service, f"{path} {json.dumps(query)} {row['body']}")
            if upstream.arrived is not None:
                upstream.arrived(service)
            if fault is not None and fault.how == "hang":
                stopping.wait()
                return
            if fault is not None and fault.how == "answer" and fault.by is None:
                self._send(fault.status, fault.content_type, fault.body, fault.headers)
                return
            given = upstream.right(self.command, self.headers.get("host", ""), path, query, body)
            if fault is not None and fault.by is not None:
                self.close_connection = True
                with suppress(OSError):  # the other side has had enough
                    fault.by(Wire(self.wfile, given, f"{upstream.url}{self.path}", stopping))  # type: ignore[arg-type]
                return
            self._send(given.status, given.content_type, given.body, {}, half=fault is not None)

        def _send(
            self, status: int, content_type: str, body: bytes, headers: Mapping[str, str], *, half: bool = False
        ) -> None:
            self.send_response(status)
            self.send_header("content-type", content_type)
            self.send_header("content-length", str(len(body)))
            for name, value in headers.items():
                self.send_header(name, value)
            with suppress(OSError):  # whoever asked may have been killed
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if half else body)
            self.close_connection = self.close_connection or half

    server = _Server(("127.0.0.1", 0), Handler)
    upstream = Upstream(f"http://127.0.0.1:{server.server_address[1]}", day)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        stopping.set()
        server.shutdown()
        server.server_close()

"""Models of other servers: they speak the Messages API, or nearly so, and know nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from hugo_llmpapers.sample import claude as sample_claude
from tests.e2e.test_new_fails import assert_clear
from tests.tool import Blog
from tests.upstream import Upstream

MODEL = "qwen3:14b"


@dataclass
class Dumb:
    """A server that answers POST /v1/messages with plain text, and everything else with 404."""

    url: str = ""
    stop_reason: str | None = "end_turn"
    usage: dict[str, int] | None = None
    before: str = ""
    """What it writes before the summary."""
    refuses_format: bool = False
    models: tuple[str, ...] = (MODEL,)
    paths: list[str] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self.paths.append(path)
        if path != "/v1/messages":
            return 404, b"404 page not found"
        request = json.loads(body)
        self.asked.append(request)
        if self.refuses_format and "output_config" in request:
            return 400, b'{"error": "unknown field: output_config"}'
        if request["model"] not in self.models:
            error = {"type": "not_found_error", "message": f"model '{request['model']}' not found"}
            return 404, json.dumps({"type": "error", "error": error}).encode()
        message: Any = sample_claude.message({**request, "output_config": {}})
        content = [{"type": "text", "text": self.before + message["content"][0]["text"]}]
        said: dict[str, object] = {"id": "x", "type": "message", "role": "assistant", "model": request["model"]}
        said |= {"content": content, "stop_reason": self.stop_reason, "created": 1, "x_timings": {"eval_ms": 7}}
        return 200, json.dumps(said | ({"usage": self.usage} if self.usage is not None else {})).encode()


@contextmanager
def _serving(server: Dumb) -> Iterator[Dumb]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            server.keys.add(self.headers.get("authorization"))
            status, body = server.answer(self.path, self.rfile.read(int(self.headers.get("content-length") or 0)))
            self.send_response(status)
            self.send_header("content-type", "application/json" if body[:1] == b"{" else "text/plain")
            self.end_headers()
            self.wfile.write(body)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_address[1]}"
    threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()


def _environ(upstream: Upstream, server: Dumb, **more: str) -> dict[str, str]:
    """A user's who has a server and no key."""
    environ = {name: value for name, value in upstream.environ().items() if name != "ANTHROPIC_API_KEY"}
    return {**environ, "ANTHROPIC_BASE_URL": server.url, "HUGO_PARAMS_LLMPAPERS_MODEL": MODEL, **more}


@pytest.mark.parametrize(
    "server",
    [
        Dumb(),
        Dumb(stop_reason="stop", usage={"output_tokens": 300}),
        Dumb(stop_reason=None, usage={"input_tokens": 900, "output_tokens": 300}, before="<think>hm</think>\n\n"),
    ],
    ids=["no usage", "stop", "thinks aloud"],
)
def test_a_plain_server_writes_the_summaries_without_a_key(blog: Blog, upstream: Upstream, server: Dumb) -> None:
    """Five papers; the post says who wrote; it asks for nothing but messages; that there is no limit is said."""
    with _serving(server):
        ran = blog.run("new", "--no-figures", "--json", environ=_environ(upstream, server))
    assert ran.code == 0, ran.err
    assert [paper["summary"]["model"] for paper in ran.json()["papers"]] == [MODEL] * 5
    assert set(server.paths) == {"/v1/messages"}
    assert {request["model"] for request in server.asked} == {MODEL}
    assert server.keys == {"Bearer none"}
    assert "price unknown" in ran.err
    assert ran.json()["usage"]["usd"] is None
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert "qwen3:14bで日本語要約を生成しています。" in text
    assert "Claude" not in text
    assert "<think>" not in text


def test_a_server_that_turns_a_format_away_is_asked_without_it(blog: Blog, upstream: Upstream) -> None:
    """Only those papers are refused that were begun before it was known."""
    server = Dumb(refuses_format=True)
    with _serving(server):
        ran = blog.run("new", "--no-figures", "--json", environ=_environ(upstream, server))
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 5
    plain = [request for request in server.asked if "output_config" not in request]
    assert len(plain) == 5
    assert len(server.asked) - len(plain) <= 5


def test_the_same_checks_judge_what_another_model_writes(blog: Blog, upstream: Upstream) -> None:
    """One repetition with what was wrong; Claude's fallback model, which the server does not have, is not asked."""
    server = Dumb(before="承知しました。以下は要約です。")
    with _serving(server):
        ran = blog.run("new", "--count", "1", "--no-figures", "--json", environ=_environ(upstream, server))
    assert (ran.code, ran.json()["trouble"]) == (1, "checks")
    assert blog.posts() == ["_index.md"]
    assert {request["model"] for request in server.asked} == {MODEL}
    assert any(len(request["messages"]) == 3 for request in server.asked)


def test_backfill_does_without_batches(blog: Blog, upstream: Upstream) -> None:
    """A server that has none, for which 404 is all there is to say about it, is asked call by call."""
    with _serving(Dumb(usage={"input_tokens": 900, "output_tokens": 300})) as server:
        args = ("backfill", "2026-02-27", "2026-02-27", "--yes", "--no-figures", "--json")
        ran = blog.run(*args, environ=_environ(upstream, server))
    assert ran.code == 0, ran.err
    assert (ran.json()["in_batch"], ran.json()["usage"]["usd"]) == (False, None)
    assert "one by one" in ran.err
    assert f"{MODEL}: " in ran.err
    assert blog.post().is_dir()
    assert server.paths.count("/v1/messages") == 5
    assert {path.partition("?")[0] for path in server.paths} == {"/v1/messages", "/v1/messages/batches"}


def test_a_key_that_is_there_is_sent(blog: Blog, upstream: Upstream) -> None:
    """As a server behind a login wants it."""
    with _serving(Dumb()) as server:
        environ = _environ(upstream, server, ANTHROPIC_API_KEY="mine")
        assert blog.run("new", "--count", "1", "--no-figures", environ=environ).code == 0
    assert server.keys == {"Bearer mine"}


def test_a_profile_of_claude_is_not_sent_to_another_server(blog: Blog, upstream: Upstream) -> None:
    """What the SDK finds on the disk is for Claude."""
    folder = blog.home / ".config" / "anthropic"
    for name, content in (
        ("configs", '{"authentication": {"type": "user_oauth"}}'),
        ("credentials", '{"access_token": "secret"}'),
    ):
        (folder / name).mkdir(parents=True)
        (folder / name / "default.json").write_text(content, encoding="utf-8")
        (folder / name / "default.json").chmod(0o600)
    with _serving(Dumb()) as server:
        ran = blog.run("new", "--count", "1", "--no-figures", environ=_environ(upstream, server))
    assert ran.code == 0, ran.err
    assert server.keys == {"Bearer none"}


def test_claudes_own_models_want_a_key_wherever_they_are(blog: Blog, upstream: Upstream) -> None:
    """A base URL alone is no key: a test or a proxy sets it, too. There are excerpts, then, and the server is not asked."""
    with _serving(Dumb()) as server:
        environ = _environ(upstream, server, HUGO_PARAMS_LLMPAPERS_MODEL="claude-sonnet-5-5")
        ran = blog.run("new", "--count", "1", "--no-figures", "--json", environ=environ)
    assert ran.code == 0, ran.err
    assert ran.json()["papers"][0]["summary"]["kind"] != "claude"
    assert server.paths == []


def test_a_model_that_the_server_does_not_have(blog: Blog, upstream: Upstream) -> None:
    """Exit 3, with where to look."""
    with _serving(Dumb(models=())) as server:
        ran = blog.run("new", "--no-figures", environ=_environ(upstream, server))
    assert_clear(ran, 3, f"has no model `{MODEL}`", "ANTHROPIC_BASE_URL")


def test_a_base_url_with_a_path_too_many(blog: Blog, upstream: Upstream) -> None:
    """/v1, as other APIs want it: exit 3, and the remedy says so."""
    with _serving(Dumb()) as server:
        environ = _environ(upstream, server) | {"ANTHROPIC_BASE_URL": f"{server.url}/v1"}
        ran = blog.run("new", "--no-figures", environ=environ)
    assert_clear(ran, 3, "/v1/v1/messages", "without /v1")


def test_nobody_at_the_base_url(blog: Blog, upstream: Upstream) -> None:
    """A server that was not started: exit 5."""
    environ = _environ(upstream, Dumb(url="http://127.0.0.1:9"))
    assert_clear(blog.run("new", "--no-figures", environ=environ), 5, "The server of qwen3:14b cannot be reached")


def test_a_plan_says_that_nothing_limits_the_cost(blog: Blog, upstream: Upstream) -> None:
    """A price that is not known is not capped by maxCost, and the plan does not say so."""
    with _serving(Dumb()) as server:
        ran = blog.run("new", "--dry-run", environ=_environ(upstream, server))
    assert ran.code == 0, ran.err
    assert f"Summaries by {MODEL}: price unknown, so maxCost does not apply" in ran.out
    assert "at most" not in ran.out
    assert server.paths == []


def test_a_fallback_model_of_unknown_price_is_told(blog: Blog, upstream: Upstream) -> None:
    """Its price is assumed to be the highest known; models of known price are not mentioned."""
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FALLBACKMODEL": "claude-of-tomorrow"}
    ran = blog.run("new", "--no-figures", "--count", "1", environ=environ)
    assert ran.code == 0, ran.err
    assert ran.err.count("price unknown; the highest known price is assumed") == 1
    assert "claude-of-tomorrow" in ran.err


def test_a_claude_of_unknown_price_is_limited_by_the_budget(blog: Blog, upstream: Upstream) -> None:
    """No call is made that could pass maxCost at the highest known price."""
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_MODEL": "claude-opus-4-1"}
    ran = blog.run("new", "--no-figures", "--max-cost", "0.0001", environ=environ)
    assert upstream.asked("claude") == []
    assert "claude-opus-4-1" in ran.err and "the highest known price is assumed" in ran.err and "left" in ran.err

"""Claude's answers, read with the real SDK against a loopback server or a transport."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from anthropic import APIConnectionError

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.records import Paper, Summary
from hugo_llmpapers.summaries.budget import Budget, OverBudget
from hugo_llmpapers.summaries.client import connect, retirement_note
from hugo_llmpapers.summaries.models import NO_KEY
from hugo_llmpapers.summaries.no_summary import FallbackUntried, NoSummary
from hugo_llmpapers.summaries.prompt import prompt
from hugo_llmpapers.summaries.retries import ServerState
from hugo_llmpapers.summaries.summarize import SummaryContext, cache_key, cached_failure, summarise
from hugo_llmpapers.web.cache import Cache
from tests.invented import listing, paper

GOOD = "本論文は、小石の重さを言語モデルに尋ねるという手法を提案し、その答えがどの程度正しいかを調べたものである。" * 4
PAPER, OTHER_PAPER = paper(listing()), paper(listing(title="Another Title of the Pebbles"))
Respond = Callable[[dict[str, Any]], httpx2.Response]


def _message(text: str | None = None, **other: Any) -> httpx2.Response:
    content = [{"type": "thinking", "thinking": "…", "signature": "x"}]
    content += [] if text is None else [{"type": "text", "text": text}]
    usage = {"input_tokens": 1000, "output_tokens": 500}
    message = {"id": "m", "type": "message", "role": "assistant", "model": "x", "content": content, "usage": usage}
    return httpx2.Response(200, json={**message, "stop_reason": "end_turn", "stop_sequence": None, **other})


def _error(status: int, kind: str, **headers: str) -> httpx2.Response:
    return httpx2.Response(
        status, json={"type": "error", "error": {"type": kind, "message": "words of the service"}}, headers=headers
    )


class _Claude:
    """A client with given answers, and the requests that it received."""

    def __init__(
        self, folder: Path, *answers: httpx2.Response, budget: float = 1.0, model: str = "claude-sonnet-5-5"
    ) -> None:
        self.requests: list[dict[str, Any]] = []
        self.headers: list[httpx2.Headers] = []
        queue = list(answers)

        def respond(request: httpx2.Request) -> httpx2.Response:
            self.requests.append(json.loads(request.content))
            self.headers.append(request.headers)
            return queue.pop(0) if len(queue) > 1 else queue[0]

        client = connect("sk-test", httpx2.MockTransport(respond))
        self.context = SummaryContext(
            client=lambda: client,
            model=model,
            fallback_model=None,
            effort=None,
            language="ja",
            budget=Budget(budget),
            cache=Cache(folder),
            now=datetime(2026, 2, 27, tzinfo=UTC),
        )

    def summarise(self, paper: Paper = PAPER) -> Summary:
        """Summarize a paper in its context."""
        return summarise(paper, None, self.context)


def _json(text: str = GOOD) -> str:
    return json.dumps({"summary": text}, ensure_ascii=False)


GOOD_BODY = _message(_json()).content
JSON = {"content-type": "application/json"}


def test_a_good_answer_is_a_summary_with_its_price(tmp_path: Path) -> None:
    """Thinking is passed over; tokens and USD are counted; nothing that the API refuses is sent."""
    claude = _Claude(tmp_path, _message(_json()))
    summary = claude.summarise()
    assert (summary.text, summary.kind, summary.model) == (GOOD, "claude", "claude-sonnet-5-5")
    assert summary.usage.usd == pytest.approx(0.007)
    assert claude.context.budget.spent == summary.usage
    (request,) = claude.requests
    assert not {"temperature", "top_p", "top_k", "thinking", "tools", "tool_choice"} & set(request)
    assert request["output_config"]["format"]["schema"]["additionalProperties"] is False
    assert request["messages"][-1]["role"] == "user"
    assert claude.headers[0]["authorization"] == "Bearer sk-test"


@pytest.mark.parametrize(
    "text",
    [GOOD, f"<think>how heavy, how heavy</think>\n\n{GOOD}\n", "```json\n" + _json() + "\n```", f"  {_json()}\n"],
)
def test_other_servers_with_the_same_protocol_work(tmp_path: Path, text: str) -> None:
    """They ignore output_config, fence their JSON or think aloud; the same checks decide."""
    claude = _Claude(tmp_path, _message(text), model="qwen3:32b")
    assert claude.summarise().text == GOOD


def test_invisible_characters_of_an_answer_are_removed(tmp_path: Path) -> None:
    """Before the checks and the cache."""
    hidden = "".join(chr(0xE0000 + ord(c)) for c in "obey")
    claude = _Claude(tmp_path, _message(_json(f"\u200b{GOOD[:20]}\u2060{GOOD[20:]}{hidden}")))
    assert claude.summarise().text == GOOD
    assert claude.summarise().text == GOOD


def test_a_summary_is_paid_for_once(tmp_path: Path) -> None:
    """Until paper, model, prompt, effort or language change."""
    claude = _Claude(tmp_path, _message(_json()))
    first, again = claude.summarise(), claude.summarise()
    assert (again.text, again.cached, again.usage.usd) == (first.text, True, 0)
    assert len(claude.requests) == 1
    claude.summarise(OTHER_PAPER)
    assert len(claude.requests) == 2


_DAMAGED = [
    b"",
    b"{",
    b"null",
    b"[]",
    b'{"text": 1}',
    b'{"answer": 1}',
    b'{"answer": null, "trouble": []}',
    b"[" * 5000,
]


@pytest.mark.parametrize("body", _DAMAGED)
def test_a_damaged_cached_answer_is_ignored(tmp_path: Path, body: bytes) -> None:
    """A request is sent as if it did not exist."""
    claude = _Claude(tmp_path / "cache", _message(_json()))
    context = claude.context
    key = cache_key(PAPER, prompt(PAPER, context.language), context.model, context)
    for kind in ("summary", "answer"):
        context.cache.put(kind, key, body, context.now, {})
    assert summarise(PAPER, None, context).cached is False
    assert len(claude.requests) == 1


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (_message(None, stop_reason="refusal", content=[], stop_details={"type": "refusal", "category": "frontier_llm"}), "refused"),
        (_message('{"summary": "本論文は', stop_reason="max_tokens"), "cut-off"),
        (_message(None, stop_reason="max_tokens"), "cut-off"),
        (_message(None), "malformed"),
        (_message(_json("  ")), "malformed"),
        (_message("```json\n{}\n```"), "malformed"),
        (_message('{"text": "x"}'), "malformed"),
        (_message('{"summary": 7}'), "malformed"),
        (_error(400, "invalid_request_error"), "malformed"),
        (httpx2.Response(200, text="<html>", headers={"content-type": "text/html"}), "broken"),
        (httpx2.Response(200, text="{cut", headers={"content-type": "application/json"}), "broken"),
        (_error(529, "overloaded_error", **{"retry-after": "3600"}), "overloaded"),
        (_error(529, "overloaded_error", **{"retry-after": "+3600"}), "overloaded"),
        (_error(529, "overloaded_error", **{"retry-after": "1e5"}), "overloaded"),
        (_error(529, "overloaded_error", **{"retry-after": "Fri, 01 Jan 99999999999 00:00:00 GMT"}), "overloaded"),
        (_error(503, "api_error", **{"x-should-retry": "false"}), "overloaded"),
        (_error(429, "rate_limit_error", **{"retry-after": "Wed, 21 Oct 2099 07:28:00 GMT"}), "overloaded"),
        (_error(500, "api_error", **{"x-should-retry": "false"}), "server-error"),
        (_error(302, "", location="https://elsewhere.example/v1/messages"), "server-error"),
        (httpx2.Response(200, json=[1, 2]), "broken"),
        (httpx2.Response(200, json={"choices": [{"message": {"content": "hello"}}]}), "broken"),
        (httpx2.Response(200, json={"content": "a text", "stop_reason": "end_turn"}), "broken"),
        (httpx2.Response(200, json={"content": ["x", 3, None], "stop_reason": "end_turn"}), "broken"),
        (httpx2.Response(200, content=gzip.compress(GOOD_BODY), headers={**JSON, "content-encoding": "gzip"}), "broken"),
        (httpx2.Response(200, content=iter([GOOD_BODY, b" " * 2_000_000]), headers=JSON), "broken"),
    ],
    ids=[
        "refused", "cut", "cut in thought", "only thinking", "empty", "fenced", "other keys", "no text", "400", "html", "broken", "529", "signed", "exponent", "year", "503", "until a date",
        "500", "elsewhere", "a list", "another API", "no blocks", "other blocks", "compressed", "endless",
    ],
)  # fmt: skip
def test_answers_without_a_summary_are_distinguished(tmp_path: Path, answer: httpx2.Response, trouble: str) -> None:
    """None of them is cached as a summary."""
    claude = _Claude(tmp_path, answer)
    with pytest.raises(NoSummary) as failed:
        claude.summarise()
    assert failed.value.trouble == trouble
    assert len(claude.requests) == 1
    assert not (tmp_path / "summary").exists()


def test_a_rejected_answer_is_repaired_once_with_the_failed_checks(tmp_path: Path) -> None:
    """In the same conversation; the repaired answer is used, and both are paid for."""
    claude = _Claude(tmp_path, _message(_json(GOOD + "精度は12%向上した。")), _message(_json()))
    summary = claude.summarise()
    assert summary.text == GOOD
    first, again = claude.requests
    assert [turn["role"] for turn in again["messages"]] == ["user", "assistant", "user"]
    assert again["messages"][0] == first["messages"][0]
    assert "12" in again["messages"][2]["content"]
    assert claude.context.budget.spent.output_tokens == 1000
    assert claude.summarise().cached


def test_the_fallback_model_is_tried_after_a_failed_repair(tmp_path: Path) -> None:
    """One repair for each model, and then the paper has no summary."""
    claude = _Claude(tmp_path, _message(_json("English text only. " * 20)))
    context = replace(claude.context, fallback_model="claude-sonnet-5")
    with pytest.raises(NoSummary, match="wrong language"):
        summarise(PAPER, None, context)
    assert [request["model"] for request in claude.requests] == ["claude-sonnet-5-5"] * 2 + ["claude-sonnet-5"] * 2
    assert not (tmp_path / "summary").exists()


def test_tokens_of_an_unusable_answer_are_counted(tmp_path: Path) -> None:
    """They are part of the sum."""
    claude = _Claude(tmp_path, _message("{}"))
    with pytest.raises(NoSummary):
        claude.summarise()
    assert claude.context.budget.spent.output_tokens == 500


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_error(401, "authentication_error"), "API key"),
        (_error(403, "permission_error"), "API key"),
        (_error(402, "billing_error"), "payment"),
        (_error(404, "not_found_error"), "no model `claude-sonnet-5-5`"),
        (httpx2.Response(400, json={"error": {"message": "Your credit balance is too low"}}), "payment"),
    ],
)
def test_an_error_that_concerns_every_paper_ends_the_run(tmp_path: Path, answer: httpx2.Response, words: str) -> None:
    """The user has to fix key, credit and model."""
    claude = _Claude(tmp_path, answer)
    with pytest.raises(SetupError, match=words):
        claude.summarise()
    assert len(claude.requests) == 1


def test_content_blocks_that_are_not_text_are_skipped(tmp_path: Path) -> None:
    """The checks decide about the rest."""
    content = ["x", 3, None, {"type": "text", "text": None}, {"type": "weird"}, {"type": "text", "text": _json()}]
    claude = _Claude(tmp_path, _message(content=content, usage=7))
    assert claude.summarise().text == GOOD


def test_a_dripping_answer_times_out(tmp_path: Path) -> None:
    """Though no pause in it is long."""

    class Drops(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(500):
                time.sleep(0.02)
                yield b" "

    claude = _Claude(tmp_path, httpx2.Response(200, headers={"content-type": "application/json"}, stream=Drops()))
    with pytest.raises(NoSummary, match="does not answer within"):
        summarise(PAPER, None, replace(claude.context, server=ServerState(timeout_s=0.3)))


def test_a_busy_server_is_retried_once(tmp_path: Path) -> None:
    """If it requests so."""
    claude = _Claude(tmp_path, _error(529, "overloaded_error", **{"retry-after": "0"}), _message(_json()))
    assert claude.summarise().text == GOOD
    assert len(claude.requests) == 2


@pytest.mark.parametrize(
    ("answer", "is_billed"),
    [
        (httpx2.Response(200, text="<html>"), True),
        (_message("no summary", usage={}), True),
        (_error(500, "api_error", **{"x-should-retry": "false"}), False),
    ],
    ids=["unreadable", "without usage", "500"],
)
def test_the_worst_case_stays_reserved_if_the_usage_is_not_known(
    tmp_path: Path, answer: httpx2.Response, is_billed: bool
) -> None:
    """An error of the server costs nothing."""
    claude = _Claude(tmp_path, answer, budget=0.06)
    with pytest.raises((NoSummary, OverBudget)):
        claude.summarise()
    with pytest.raises(OverBudget if is_billed else NoSummary):
        claude.summarise(OTHER_PAPER)


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_rejects_the_format_is_sent_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """For the rest of the run."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    refusal = httpx2.Response(status, json={"detail": [{"loc": ["body", "output_config"], "msg": "Extra inputs"}]})
    claude = _Claude(tmp_path, refusal, _message(GOOD), model="qwen3:14b")
    assert claude.summarise().text == GOOD
    claude.summarise(OTHER_PAPER)
    assert ["output_config" in request for request in claude.requests] == [True, False, False]


@pytest.mark.parametrize(
    ("base_url", "said"),
    [("https://api.anthropic.com", "output_config: no"), ("http://127.0.0.1:9", "output_config.effort: no")],
)
def test_output_config_is_not_dropped_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base_url: str, said: str
) -> None:
    """Claude supports it, so its error is about something else; an effort was set by the user."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", base_url)
    claude = _Claude(tmp_path, httpx2.Response(400, json={"type": "error", "error": {"message": said}}))
    with pytest.raises(NoSummary, match=said):
        claude.summarise()
    assert len(claude.requests) == 1


@pytest.mark.parametrize(
    ("stop_reason", "is_whole"),
    [("stop", True), (None, True), ("length", False), ({"a": 1}, False)],
)
def test_stop_reasons_of_other_servers(tmp_path: Path, stop_reason: object, is_whole: bool) -> None:
    """An answer that is known to be cut off is rejected."""
    claude = _Claude(tmp_path, _message(GOOD, stop_reason=stop_reason), model="qwen3:14b")
    if is_whole:
        assert claude.summarise().text == GOOD
    else:
        with pytest.raises(NoSummary, match="is cut off"):
            claude.summarise()


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        ({"error": {"type": "not_found_error", "message": "no"}}, "model"),
        ({"message": "The model `qwen3:14b` does not exist."}, "model"),
        ("404 page not found", "endpoint"),
    ],
)
def test_an_unknown_model_and_a_missing_api_are_distinguished(tmp_path: Path, body: object, trouble: str) -> None:
    """Both are 404, and have different remedies."""
    claude = _Claude(tmp_path, httpx2.Response(404, json=body), model="qwen3:14b")
    with pytest.raises(SetupError) as failed:
        claude.summarise()
    assert failed.value.trouble == trouble


def test_a_message_of_the_server_is_one_printable_line(tmp_path: Path) -> None:
    """It is printed in a terminal."""
    said = "first\nsecond \x1b[31mred" + "!" * 9000
    claude = _Claude(tmp_path, httpx2.Response(401, json={"error": {"type": "x", "message": said}}))
    with pytest.raises(SetupError) as failed:
        claude.summarise()
    assert failed.value.message.isprintable()
    assert len(failed.value.message) < 300


def test_an_invalid_base_url_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any request is sent."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "localhost:11434")
    with pytest.raises(SetupError, match="ANTHROPIC_BASE_URL is not a valid URL"):
        connect("sk-test")


def test_a_call_that_could_exceed_the_budget_is_not_made(tmp_path: Path) -> None:
    """Its worst case counts, not its typical usage."""
    claude = _Claude(tmp_path, _message(_json()), budget=0.03)
    with pytest.raises(OverBudget):
        claude.summarise()
    assert claude.requests == []


def test_an_unknown_model_has_no_price(tmp_path: Path) -> None:
    """Its tokens are counted."""
    claude = _Claude(tmp_path, _message(_json()), model="model-of-tomorrow")
    assert claude.summarise().usage.usd is None


def test_the_retirement_of_a_model_is_noted() -> None:
    """With its date; a current model has no note."""
    note = retirement_note("claude-sonnet-4-5")
    assert note is not None
    assert "2026" in note
    assert retirement_note("claude-sonnet-5-5") is None


def test_without_any_credentials_there_is_no_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any request is sent."""
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(SetupError, match="no Claude API key"):
        connect(None)


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (_message("[" * 20_000), "malformed"),
        (_message('{"summary": ' * 20_000), "malformed"),
        (_message("```json" + " " * 49_000 + "x"), "checks"),
        (_message("石" * 60_000), "malformed"),
        (httpx2.Response(200, content=b"null", headers={"content-type": "application/json"}), "broken"),
        (httpx2.Response(200, content=b"[" * 100_000, headers={"content-type": "application/json"}), "broken"),
    ],
)
def test_hostile_json_is_not_a_summary(tmp_path: Path, answer: httpx2.Response, trouble: str) -> None:
    """Nested too deep, too long, or slow to match."""
    with pytest.raises(NoSummary) as caught:
        _Claude(tmp_path, answer).summarise()
    assert caught.value.trouble == trouble


@pytest.mark.parametrize("usage", [None, [], 7, {"input_tokens": 10**400, "output_tokens": -1}, {"input_tokens": True}])
def test_implausible_token_counts_are_ignored(tmp_path: Path, usage: object) -> None:
    """The summary is used, and its worst case stays reserved."""
    claude = _Claude(tmp_path, _message(_json(), usage=usage))
    assert claude.summarise().text == GOOD


def test_a_key_in_an_error_message_is_hidden(tmp_path: Path) -> None:
    """Some servers repeat it when they refuse it."""
    error = {"type": "error", "error": {"type": "authentication_error", "message": "no such key: sk-test, sorry"}}
    with pytest.raises(SetupError) as caught:
        _Claude(tmp_path, httpx2.Response(401, json=error)).summarise()
    assert caught.value.message.endswith("(no such key: …, sorry).")


def test_the_key_is_sent_to_no_other_host() -> None:
    """Also if code requests another URL with Claude's client."""
    client = connect("sk-test", httpx2.MockTransport(lambda _: httpx2.Response(200, json={})))
    with pytest.raises(APIConnectionError) as caught:
        client.with_options(max_retries=0).get("https://elsewhere.example/x", cast_to=object)
    assert "refers to https://elsewhere.example/x" in str(caught.value.__cause__)


def test_an_invalid_proxy_is_reported_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a remedy."""
    monkeypatch.setenv("ALL_PROXY", "nonsense://me:hush@proxy.example")
    with pytest.raises(SetupError) as caught:
        connect("sk-test")
    assert "hush" not in caught.value.message
    assert "ALL_PROXY" in caught.value.remedy


def test_a_repair_beyond_the_budget_is_all_that_is_sent_later(tmp_path: Path) -> None:
    """The first request is not paid for twice."""
    bad = _message(_json(GOOD + "精度は99.3%である。"))
    claude = _Claude(tmp_path / "cache", bad, _message(_json()), budget=0.05)
    context = claude.context
    with pytest.raises(OverBudget):
        summarise(PAPER, None, context)
    assert summarise(PAPER, None, replace(context, budget=Budget(1.0))).text
    assert [len(request["messages"]) for request in claude.requests] == [1, 3]


@pytest.mark.parametrize("url", ["http://claude.example", "http://192.168.1.2:8080", "http://localhost.example"])
def test_a_key_is_not_sent_over_plain_http(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Nor a token. A server that needs no key may be anywhere."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    with pytest.raises(SetupError, match="plain HTTP") as caught:
        connect("sk-test")
    assert "https" in caught.value.remedy
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "tok-test")
    with pytest.raises(SetupError, match="plain HTTP"):
        connect(None)
    monkeypatch.delenv("ANTHROPIC_AUTH_TOKEN")
    assert connect(NO_KEY).base_url.host


@pytest.mark.parametrize(
    "url", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1", "https://claude.example"]
)
def test_a_key_is_sent_over_https_and_loopback(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """To this machine without a proxy."""
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    assert connect("sk-test").api_key == "sk-test"


def _next_run(claude: _Claude, **changed: Any) -> SummaryContext:
    """The context of another run with the same cache."""
    return replace(claude.context, run_id="the next", server=ServerState(), **changed)


BAD = GOOD + "精度は99.3%である。"


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        (_message(_json(BAD)), 2),
        (_message(None, stop_reason="refusal", content=[]), 1),
        (_message('{"summary": "本論文は', stop_reason="max_tokens"), 1),
        (_message("{}"), 1),
        (_message(None), 1),
        (_message(_json("")), 1),
        (httpx2.Response(400, json={"error": {"message": "Output blocked by content filtering policy"}}), 1),
    ],
    ids=["checks", "refused", "cut", "another shape", "only thinking", "empty", "filtered"],
)
def test_an_answer_without_a_summary_is_paid_for_once(tmp_path: Path, answer: httpx2.Response, calls: int) -> None:
    """The next run reports the same failure, unless it ignores it; an empty text is not repaired."""
    claude = _Claude(tmp_path, answer)
    with pytest.raises(NoSummary) as first:
        claude.summarise()
    assert len(claude.requests) == calls
    with pytest.raises(NoSummary) as again:
        summarise(PAPER, None, _next_run(claude))
    assert (str(again.value), again.value.trouble) == (str(first.value), first.value.trouble)
    kept = cached_failure(PAPER, _next_run(claude))
    assert str(kept) == str(first.value)
    assert len(claude.requests) == calls
    assert cached_failure(PAPER, _next_run(claude, ignores_failures=True)) is None
    with pytest.raises(NoSummary):
        summarise(PAPER, None, _next_run(claude, ignores_failures=True))
    assert len(claude.requests) == 2 * calls


@pytest.mark.parametrize("changed", [{"model": "claude-opus-5-5"}, {"effort": "low"}, {"language": "en"}])
def test_another_model_effort_or_language_is_another_request(tmp_path: Path, changed: dict[str, Any]) -> None:
    """Cached failures do not apply to it, nor to another text."""
    claude = _Claude(tmp_path, _message("{}"))
    for _ in range(2):
        with pytest.raises(NoSummary):
            summarise(PAPER, None, _next_run(claude))
    assert len(claude.requests) == 1
    with pytest.raises(NoSummary):
        summarise(PAPER, None, _next_run(claude, **changed))
    with pytest.raises(NoSummary):
        summarise(OTHER_PAPER, None, _next_run(claude))
    assert len(claude.requests) == 3


def test_cached_answers_are_checked_again(tmp_path: Path) -> None:
    """An answer that an older version's checks rejected, and today's accept, is used without a call."""
    claude = _Claude(tmp_path, _message("{}"))
    key = cache_key(PAPER, prompt(PAPER, "ja"), claude.context.model, claude.context)
    kept = {"trouble": "checks", "detail": "a check that is no more", "answer": GOOD}
    claude.context.cache.put("answer", key, json.dumps(kept).encode(), claude.context.now, {"run": "of old"})
    assert cached_failure(PAPER, claude.context) is None
    summary = claude.summarise()
    assert (summary.text, summary.cached, claude.requests) == (GOOD, True, [])
    assert summarise(PAPER, None, _next_run(claude, ignores_failures=True)).text == GOOD


def test_a_repair_is_sent_for_newly_failed_checks(tmp_path: Path) -> None:
    """A cached answer that fails other checks than before is repaired once."""
    claude = _Claude(tmp_path, _message(_json(GOOD)))
    key = cache_key(PAPER, prompt(PAPER, "ja"), claude.context.model, claude.context)
    kept = {"trouble": "checks", "detail": "a check that is no more", "answer": BAD}
    claude.context.cache.put("answer", key, json.dumps(kept).encode(), claude.context.now, {})
    assert claude.summarise().text == GOOD
    assert [len(request["messages"]) for request in claude.requests] == [3]


@pytest.mark.parametrize("answer", [_error(529, "overloaded_error"), _error(400, "invalid_request_error")])
def test_outages_and_rejected_requests_are_not_cached(tmp_path: Path, answer: httpx2.Response) -> None:
    """They cost nothing."""
    claude = _Claude(tmp_path, answer)
    with pytest.raises(NoSummary):
        claude.summarise()
    assert cached_failure(PAPER, _next_run(claude)) is None
    assert not (tmp_path / "answer").exists()


def test_the_fallback_model_waits_for_the_next_candidate(tmp_path: Path) -> None:
    """If answers failed their checks; later only the fallback model receives requests."""
    claude = _Claude(tmp_path, _message(_json(BAD)))
    context = replace(claude.context, fallback_model="claude-sonnet-5")
    with pytest.raises(FallbackUntried):
        summarise(PAPER, None, context, by_fallback=False)
    assert isinstance(cached_failure(PAPER, context), FallbackUntried)
    with pytest.raises(NoSummary) as failed:
        summarise(PAPER, None, context)
    assert [request["model"] for request in claude.requests] == ["claude-sonnet-5-5"] * 2 + ["claude-sonnet-5"] * 2
    assert not isinstance(failed.value, FallbackUntried)
    with pytest.raises(NoSummary) as settled:
        summarise(PAPER, None, context, by_fallback=False)
    assert not isinstance(settled.value, FallbackUntried)
    assert not isinstance(cached_failure(PAPER, context), FallbackUntried)
    assert len(claude.requests) == 4


def test_a_refused_paper_goes_to_the_fallback_model_at_once(tmp_path: Path) -> None:
    """It costs the same as the next candidate."""
    refusal = _message(None, stop_reason="refusal", content=[])
    claude = _Claude(tmp_path, refusal, _message(_json()))
    context = replace(claude.context, fallback_model="claude-sonnet-5")
    assert summarise(PAPER, None, context, by_fallback=False).model == "claude-sonnet-5"


def test_an_account_error_is_not_retried_without_a_format(tmp_path: Path) -> None:
    """Unlike an error about the format."""
    claude = _Claude(
        tmp_path, httpx2.Response(400, json={"error": {"message": "insufficient credit"}}), model="qwen3:32b"
    )
    with pytest.raises(SetupError):
        claude.summarise()
    assert len(claude.requests) == 1

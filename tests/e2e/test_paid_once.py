"""What is asked of Claude by whole runs: one call for an account that is refused, and none for what was answered before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.test_new_fails import assert_clear
from tests.refusals import ACCOUNT_ERRORS, NETWORK_ERRORS
from tests.tool import Blog
from tests.upstream import Fault, Upstream

MODEL = '{"type":"model","id":"claude-sonnet-5-5","display_name":"Sonnet","created_at":"2026-09-28T00:00:00Z","lifecycle":"active"}'
MESSAGES = "/v1/messages"
BAD = "短い要約である。"
ENGLISH = "This summary is in English, although Japanese was asked for, and says nothing of the paper. " * 4
NO_TEXT: list[list[dict[str, Any]]] = [
    [],
    [{"type": "thinking", "thinking": "…", "signature": "x"}],
    [{"type": "text", "text": '{"summary": ""}'}],
]


def _refused(status: int, body: object) -> Fault:
    is_page = isinstance(body, str)
    content = str(body) if is_page else json.dumps(body)
    return Fault(status, content.encode(), "text/html" if is_page else "application/json", match=MESSAGES)


def _answer(content: list[dict[str, Any]], match: str = "") -> Fault:
    message = {"id": "m", "type": "message", "role": "assistant", "model": "x", "content": content}
    usage = {"input_tokens": 900, "output_tokens": 400}
    return Fault(200, json.dumps({**message, "stop_reason": "end_turn", "usage": usage}).encode(), match=match)


def _says(summary: str, match: str = "") -> Fault:
    return _answer([{"type": "text", "text": json.dumps({"summary": summary}, ensure_ascii=False)}], match)


def _calls(upstream: Upstream) -> int:
    return sum(row["path"] == MESSAGES for row in upstream.asked("claude"))


@pytest.mark.parametrize(("status", "body", "trouble"), ACCOUNT_ERRORS)
def test_a_refused_account_is_one_call(
    blog: Blog, upstream: Upstream, status: int, body: dict[str, Any], trouble: str
) -> None:
    """Claude's sentence is shown, no key is, and the site stays as it was."""
    upstream.faults["claude"] = _refused(status, body)
    before = blog.fingerprint()
    ran = blog.run("new", "--count", "1", "--no-figures", "--json", environ=upstream.environ())
    assert (ran.code, ran.json()["trouble"]) == (3, trouble), ran.err
    assert body["error"]["message"] in ran.json()["error"]
    assert upstream.environ()["ANTHROPIC_API_KEY"] not in ran.err + ran.out
    assert blog.fingerprint() == before
    assert _calls(upstream) == 1


def test_nobody_is_asked_twice_about_a_refused_account(blog: Blog, upstream: Upstream) -> None:
    """Papers that were begun before the first one's answer came are asked about once, and nothing follows."""
    status, body, _ = ACCOUNT_ERRORS[2]
    upstream.faults["claude"] = _refused(status, body)
    assert_clear(blog.run("new", "--no-figures", environ=upstream.environ()), 3, "This organization has been disabled.")
    assert 1 <= _calls(upstream) <= 5


@pytest.mark.parametrize(("status", "body"), NETWORK_ERRORS)
def test_a_refused_network_is_one_call(blog: Blog, upstream: Upstream, status: int, body: object) -> None:
    """Exit 5, and not a word about the key."""
    upstream.faults["claude"] = _refused(status, body)
    ran = blog.run("new", "--count", "1", "--no-figures", environ=upstream.environ())
    assert_clear(ran, 5, "does not answer this network", "supported-countries")
    assert "API key" not in ran.err
    assert _calls(upstream) == 1


@pytest.mark.parametrize("content", NO_TEXT, ids=["no blocks", "only thinking", "empty"])
def test_answers_without_a_text_are_few(blog: Blog, upstream: Upstream, content: list[dict[str, Any]]) -> None:
    """One for each paper of the post, and two of the fallback model."""
    upstream.faults["claude"] = _answer(content)
    ran = blog.run("new", "--no-figures", "--json", environ=upstream.environ())
    assert (ran.code, ran.json()["trouble"]) == (1, "malformed"), ran.err
    assert "has no text" in ran.json()["error"]
    assert 0 < _calls(upstream) <= 7
    assert blog.run("new", "--no-figures", environ=upstream.environ()).code in (0, 1)
    asked = [row["body"] for row in upstream.asked("claude")]
    assert len(set(asked)) == len(asked) <= 10, "the second run asks about those that were given up with the others"


def test_a_sentence_that_nobody_foresaw_is_few_calls(blog: Blog, upstream: Upstream) -> None:
    """Turned away in the same words twice, each model is asked no more; a call is made with and without a format."""
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": "Something new is wrong here."}}
    upstream.faults["claude"] = _refused(400, body)
    ran = blog.run("new", "--no-figures", environ=upstream.environ())
    assert_clear(ran, 1, "Something new is wrong here")
    assert _calls(upstream) <= 14


@pytest.mark.parametrize("command", ["refresh", "prebuild", "backfill"])
def test_other_commands_stop_at_a_refused_account(blog: Blog, upstream: Upstream, command: str) -> None:
    """With the same words, and one call for each paper at the most."""
    status, body, _ = ACCOUNT_ERRORS[0]
    arguments = {
        "refresh": ["refresh", "--no-figures"],
        "prebuild": ["prebuild", "--strict"],
        "backfill": ["backfill", "2026-02-26", "2026-02-27", "--count", "2", "--no-figures", "--yes"],
    }
    if command == "refresh":
        without = {name: value for name, value in upstream.environ().items() if name != "ANTHROPIC_API_KEY"}
        assert blog.run("new", "--no-figures", environ=without).code == 0
    upstream.faults["claude"] = _refused(status, body)
    before = blog.fingerprint()
    ran = blog.run(*arguments[command], environ=upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FIGURES": "false"})
    assert ran.code == 3, ran.err
    assert "reached your specified API usage limits" in ran.err
    assert blog.fingerprint() == before
    assert _calls(upstream) <= 5


@pytest.mark.parametrize(
    ("fault", "code", "words"),
    [
        *((_refused(status, body), 3, body["error"]["message"]) for status, body, _ in ACCOUNT_ERRORS),
        *((_refused(status, body), 5, "does not answer this network") for status, body in NETWORK_ERRORS[:2]),
        (_answer(NO_TEXT[1], MESSAGES), 5, "has no text"),
        (Fault(404, b"404 page not found", "text/plain", match=MESSAGES), 3, "There is no Messages API"),
    ],
)
def test_doctor_asks_for_an_answer(blog: Blog, upstream: Upstream, fault: Fault, code: int, words: str) -> None:
    """That there is the model says nothing of the account: one sentence is asked for, too."""
    upstream.pages["/v1/models/claude-sonnet-5-5"] = ("application/json", MODEL.encode())
    upstream.faults["claude"] = fault
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}
    ran = blog.run("doctor", "--online", "--json", environ=environ)
    assert (ran.code, ran.json()["exit_code"]) == (code, code), ran.err
    (problem,) = [finding["problem"] for finding in ran.json()["findings"] if finding["problem"]]
    assert words in problem
    assert _calls(upstream) == 1


def test_doctor_is_content_with_a_server_that_tells_no_models(blog: Blog, upstream: Upstream) -> None:
    """If it answers."""
    upstream.faults["claude"] = Fault(404, b"<html>", "text/html", match="/v1/models")
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}
    ran = blog.run("doctor", "--online", "--json", environ=environ)
    assert ran.code == 0, ran.out
    (claude,) = [one for one in ran.json()["findings"] if one["group"] == "services" and one["name"] == "claude"]
    assert "writes with claude-sonnet-5-5" in claude["why"]


def test_a_paper_that_failed_its_checks_is_paid_for_once(blog: Blog, upstream: Upstream) -> None:
    """The next morning it is left out with its reason, its place is taken as before, and nothing is asked."""
    upstream.faults["claude"] = _says(ENGLISH, "Harbor Pilot")
    first = blog.run("new", "--count", "4", "--no-figures", "--json", environ=upstream.environ())
    assert first.code == 0, first.err
    assert _calls(upstream) == 4 + 2  # one of the four was repaired in vain, and the fifth took its place
    again = blog.run(
        "new", "--count", "4", "--no-figures", "--force", "--reselect", "--json", environ=upstream.environ()
    )
    assert again.code == 0, again.err
    assert [paper["id"] for paper in again.json()["papers"]] == [paper["id"] for paper in first.json()["papers"]]
    (skipped,) = again.json()["skipped"]
    assert (skipped["subject"], skipped["stage"], skipped["trouble"]) == ("0000.00004", "summary", "checks")
    assert skipped["reason"].startswith("skipped: its summary failed the checks on an earlier run (")
    assert "wrong language" in skipped["reason"]
    assert "0000.00004: skipped: its summary failed the checks on an earlier run" in again.err
    assert _calls(upstream) == 6


def test_a_paper_that_a_filter_refuses_is_asked_about_once(blog: Blog, upstream: Upstream) -> None:
    """By both models; the next morning nobody is asked, and the post has the same papers."""
    said = "Output blocked by content filtering policy"
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": said}}
    upstream.faults["claude"] = Fault(400, json.dumps(body).encode(), match="Harbor Pilot")
    arguments = ("new", "--count", "4", "--no-figures", "--json")
    first = blog.run(*arguments, environ=upstream.environ())
    assert first.code == 0, first.err
    calls = _calls(upstream)
    assert calls <= 4 + 2
    again = blog.run(*arguments, "--force", "--reselect", environ=upstream.environ())
    assert again.code == 0, again.err
    assert [paper["id"] for paper in again.json()["papers"]] == [paper["id"] for paper in first.json()["papers"]]
    (skipped,) = again.json()["skipped"]
    assert (skipped["subject"], skipped["trouble"]) == ("0000.00004", "refused")
    assert said in skipped["reason"]
    assert _calls(upstream) == calls


def test_the_fallback_model_is_asked_where_no_other_paper_is_left(blog: Blog, upstream: Upstream) -> None:
    """A post of all five papers; the next run asks nobody, and says so."""
    upstream.faults["claude"] = _says(ENGLISH, "Harbor Pilot")
    first = blog.run("new", "--no-figures", "--json", environ=upstream.environ())
    assert (first.code, len(first.json()["papers"])) == (0, 4), first.err
    assert _calls(upstream) == 4 + 4
    again = blog.run("new", "--no-figures", "--force", "--reselect", "--explain", environ=upstream.environ())
    assert again.code == 0, again.err
    assert "Claude has no summary of 1" in again.err
    assert _calls(upstream) == 8


@pytest.mark.parametrize(
    "again", [("--ids", "0000.00004"), ("--model", "claude-opus-5-5"), ("cache", "clear"), ("cache", "forget")]
)
def test_what_asks_anew(blog: Blog, upstream: Upstream, again: tuple[str, ...]) -> None:
    """A paper that is named, another model, and a cache without the answers: this time Claude's answer is good."""
    upstream.faults["claude"] = _says(ENGLISH)
    assert blog.run("new", "--ids", "0000.00004", "--no-figures", environ=upstream.environ()).code == 1
    assert _calls(upstream) == 4
    upstream.faults.clear()
    arguments = again
    if again[0] == "cache":
        day = ("2026-02-27",) if again[1] == "forget" else ()
        assert blog.run(*again, *day, environ=upstream.environ()).code == 0
        arguments = ()
    ran = blog.run("new", *arguments, "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert "0000.00004" in [paper["id"] for paper in ran.json()["papers"]]


def test_the_cache_holds_no_key(blog: Blog, upstream: Upstream) -> None:
    """Nor what a server says of one."""
    upstream.faults["claude"] = _says(BAD)
    assert blog.run("new", "--count", "1", "--no-figures", environ=upstream.environ()).code == 1
    kept = list((blog.home / "cache" / "llmpapers" / "answer").rglob("*"))
    assert [path for path in kept if path.is_file()]
    key = upstream.environ()["ANTHROPIC_API_KEY"].encode()
    assert not [path for path in (blog.home / "cache").rglob("*") if path.is_file() and key in path.read_bytes()]

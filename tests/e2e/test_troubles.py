"""Each trouble with Claude: its message, its word for programs, its exit code, and nothing bad written."""

from __future__ import annotations

import json

import pytest

from hugo_llmpapers.sample import claude as sample_claude
from hugo_llmpapers.summaries.messages import MAX_TOKENS
from hugo_llmpapers.summaries.prices import PRICES
from tests.e2e.test_new_fails import assert_clear
from tests.tool import Blog
from tests.upstream import Fault, Upstream


def _error(status: int, kind: str, message: str = "words of the service", **headers: str) -> Fault:
    body = json.dumps({"type": "error", "error": {"type": kind, "message": message}}).encode()
    return Fault(status, body, headers=headers)


def _answer(**other: object) -> bytes:
    message: dict[str, object] = {"id": "m", "type": "message", "role": "assistant", "model": "x"}
    message |= {"content": [{"type": "text", "text": '{"summary": "no"}'}], "stop_reason": "end_turn"}
    return json.dumps(message | {"usage": {"input_tokens": 900, "output_tokens": 400}} | other).encode()


@pytest.mark.parametrize(
    ("fault", "code", "trouble", "words"),
    [
        (_error(401, "authentication_error"), 3, "key", "rejected the API key"),
        (_error(402, "billing_error"), 3, "credit", "requires payment"),
        (_error(404, "not_found_error"), 3, "model", "has no model"),
        (Fault(404, b"404 page not found", "text/plain"), 3, "endpoint", "There is no Messages API"),
        (_error(429, "rate_limit_error", **{"retry-after": "3600"}), 5, "overloaded", "HTTP 429"),
        (_error(529, "overloaded_error"), 5, "overloaded", "HTTP 529"),
        (_error(500, "api_error"), 5, "server-error", "HTTP 500"),
        (Fault(200, b"<!doctype html><title>Log in</title>", "text/html"), 5, "broken", "as the Messages API does"),
        (Fault(200, b'{"choices": []}'), 5, "broken", "as the Messages API does"),
        (Fault(200, b'{"id": "m", "conte'), 5, "broken", "cannot be read"),
        (Fault(how="truncate"), 5, "broken", "is incomplete"),
        (Fault(200, _answer(content=[], stop_reason="refusal")), 1, "refused", "refuses this paper"),
        (Fault(200, _answer(stop_reason="max_tokens")), 1, "cut-off", "is cut off"),
        (Fault(200, _answer(content=[{"type": "text", "text": "{}"}])), 1, "malformed", "does not have the requested form"),
        (Fault(200, _answer()), 1, "checks", "too short"),
    ],
    ids=[
        "401", "402", "404", "404 path", "429", "529", "500", "html", "another API", "cut JSON", "half a body", "refused", "cut off",
        "malformed", "checks",
    ],
)  # fmt: skip
def test_a_trouble_has_its_word_and_its_message(
    blog: Blog, upstream: Upstream, fault: Fault, code: int, trouble: str, words: str
) -> None:
    """On the failure's document; the site stays as it was."""
    upstream.faults["claude"] = fault
    before = blog.fingerprint()
    ran = blog.run("new", "--count", "1", "--no-figures", "--json", environ=upstream.environ())
    document = ran.json()
    assert (ran.code, document["trouble"]) == (code, trouble), ran.err
    assert words in document["error"]
    assert document["remedy"]
    assert upstream.environ()["ANTHROPIC_API_KEY"] not in ran.err + ran.out
    assert blog.fingerprint() == before


@pytest.mark.figures
def test_a_skipped_paper_says_its_trouble(blog: Blog, upstream: Upstream) -> None:
    """Where the others make a post; what lacks at other stages has none."""
    upstream.faults["claude"] = Fault(200, _answer(stop_reason="max_tokens"), match="Bonsai")
    upstream.faults["pdf"] = Fault(404, b"", match="0000.00001")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    troubles = {row["stage"]: row["trouble"] for row in ran.json()["skipped"]}
    assert troubles == {"summary": "cut-off", "pdf": None}


def test_a_silent_claude_costs_the_time_of_one_answer(blog: Blog, upstream: Upstream) -> None:
    """Exit 5 within the time that this test gives it; nothing is asked for twice."""
    upstream.faults["claude"] = Fault(how="hang")
    before = blog.fingerprint()
    ran = blog.run("new", "--no-figures", environ=upstream.environ(), timeout_s=85)
    assert_clear(ran, 5, "does not answer within", "Try again later")
    assert len(upstream.asked("claude")) == 5
    assert blog.fingerprint() == before


def test_one_silence_costs_one_paper_its_place(blog: Blog, upstream: Upstream) -> None:
    """The next candidate takes it."""
    upstream.faults["claude"] = Fault(how="hang", match="Harbor Pilot")
    ran = blog.run("new", "--count", "4", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 4
    assert [(row["subject"], row["trouble"]) for row in ran.json()["skipped"]] == [("0000.00004", "timeout")]


def test_half_an_answer_is_asked_for_once_more(blog: Blog, upstream: Upstream) -> None:
    """A connection that was cut once costs a second, and no paper."""
    upstream.faults["claude"] = Fault(how="truncate", match="Bonsai", times=1)
    ran = blog.run("new", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 5
    assert len(upstream.asked("claude")) == 6


def test_what_may_be_billed_is_told_beside_the_sum(blog: Blog, upstream: Upstream) -> None:
    """An answer that breaks off, twice: at the most what two calls can cost; the sum is of the others."""
    upstream.faults["claude"] = Fault(how="truncate", match="Harbor Pilot")
    ran = blog.run("new", "--count", "4", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    price = PRICES["claude-sonnet-5-5"]
    perhaps, usd = ran.json()["perhaps_usd"], ran.json()["usage"]["usd"]
    assert 2 * MAX_TOKENS * price.output / 1e6 < perhaps < 2.5 * MAX_TOKENS * price.output / 1e6
    assert 0 < usd < perhaps
    assert f"and up to ${perhaps:.3f} for calls without a complete answer." in ran.err


def test_a_failed_run_tells_what_may_be_billed(blog: Blog, upstream: Upstream) -> None:
    """Though no answer came whole."""
    upstream.faults["claude"] = Fault(200, b"{cut")
    ran = blog.run("new", "--no-figures", environ=upstream.environ())
    assert_clear(ran, 5, "cannot be read", "for calls without a complete answer")


@pytest.mark.parametrize(("budget", "calls"), [("0.02", 0), ("0.08", 5)])
def test_no_call_is_begun_that_could_pass_the_budget(blog: Blog, upstream: Upstream, budget: str, calls: int) -> None:
    """By the journal: what all calls before took, and the most that this one could, stay below it together."""
    ran = blog.run("new", "--max-cost", budget, "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == (0 if calls else 1), ran.err
    price, spent = PRICES["claude-sonnet-5-5"], 0.0
    asked = [json.loads(str(row["body"])) for row in upstream.asked("claude")]
    assert len(asked) == calls
    for request in asked:
        assert request["max_tokens"] == MAX_TOKENS
        least_input = len(request["system"]) + len(request["messages"][0]["content"])
        assert spent + (least_input * price.input + MAX_TOKENS * price.output) / 1e6 <= float(budget)
        usage = (sample_claude.message(request) or {})["usage"]
        assert isinstance(usage, dict)
        spent += (usage["input_tokens"] * price.input + usage["output_tokens"] * price.output) / 1e6
    if calls:
        assert ran.json()["usage"]["usd"] == pytest.approx(spent)
    else:
        assert ran.json()["trouble"] == "budget"

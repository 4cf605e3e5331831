"""Timeout, retry, and models and servers that are skipped."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hugo_llmpapers.errors import SetupError, Trouble
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.retries import MAX_UNANSWERED, ModelState, ServerState, call_with_retry, trying_paper

MODEL = "claude-sonnet-5-5"


def _script(*steps: str | Exception) -> tuple[Callable[[float], str], list[float]]:
    """A call that takes these steps one after the other, and the remaining times that it received."""
    left, given = list(steps), list[float]()

    def call(left_s: float) -> str:
        given.append(left_s)
        step = left.pop(0)
        if isinstance(step, Exception):
            raise step
        return step

    return call, given


def _silence(_left_s: float) -> str:
    threading.Event().wait(30)
    return "too late"


def test_a_transient_failure_is_retried() -> None:
    """Within the timeout of one answer."""
    call, given = _script(NoSummary("overloaded", "busy", retry_after_s=0.01), "yes")
    server = ServerState(timeout_s=20)
    assert call_with_retry(call, MODEL, server) == "yes"
    assert len(given) == 2
    assert given[1] < given[0] <= 20
    assert server.unanswered == 0


def test_there_is_one_retry() -> None:
    """The second failure is raised."""
    call, given = _script(*(NoSummary("overloaded", f"busy {n}", retry_after_s=0) for n in range(3)))
    with pytest.raises(NoSummary, match="busy 1"):
        call_with_retry(call, MODEL, ServerState(timeout_s=20))
    assert len(given) == 2


@pytest.mark.parametrize("retry_after_s", [None, 0.6, 20])
def test_a_failure_that_is_permanent_or_late_is_not_retried(retry_after_s: float | None) -> None:
    """Half of the time must be left."""
    call, given = _script(NoSummary("overloaded", "busy", retry_after_s=retry_after_s))
    with pytest.raises(NoSummary, match="busy"):
        call_with_retry(call, MODEL, ServerState(timeout_s=1))
    assert len(given) == 1


def test_a_silent_server_times_out() -> None:
    """Without a retry, as no time is left."""
    server = ServerState(timeout_s=0.1)
    with pytest.raises(NoSummary, match="Claude does not answer within 0 s") as failed:
        call_with_retry(_silence, MODEL, server)
    assert failed.value.trouble == "timeout"
    assert server.unanswered == 1


def test_a_silent_server_is_skipped() -> None:
    """After MAX_UNANSWERED calls of a run."""
    server = ServerState(timeout_s=0.05)
    for _ in range(MAX_UNANSWERED):
        with pytest.raises(NoSummary, match="within"):
            call_with_retry(_silence, MODEL, server)
    call, given = _script("yes")
    with pytest.raises(NoSummary, match="was skipped"):
        call_with_retry(call, MODEL, server)
    assert given == []


def test_only_unanswered_calls_count() -> None:
    """Not refusals and busy servers, but unreachable ones."""
    server = ServerState(timeout_s=20)
    for trouble in ("overloaded", "server-error", "broken", "refused"):
        call, _ = _script(NoSummary(trouble, "no"))
        with pytest.raises(NoSummary):
            call_with_retry(call, MODEL, server)
    assert server.unanswered == 0
    call, _ = _script(NoSummary("unreachable", "no"))
    with pytest.raises(NoSummary):
        call_with_retry(call, MODEL, server)
    assert server.unanswered == 1


def test_other_failures_are_not_retried() -> None:
    """A refused key ends the run."""
    call, given = _script(SetupError("no key"))
    with pytest.raises(SetupError):
        call_with_retry(call, MODEL, ServerState(timeout_s=20))
    assert len(given) == 1


def _tried(server: ServerState, outcome: Exception | None, model: str = MODEL) -> None:
    """Try a paper with this outcome."""
    with trying_paper(model, server):
        if outcome is not None:
            raise outcome


@pytest.mark.parametrize(
    ("trouble", "words", "papers"),
    [("malformed", ("no text",), 2), ("malformed", ("one", "two", "three"), 3), ("refused", ("refused",), 3), ("checks", ("bad",), 3)],
)  # fmt: skip
def test_a_model_without_a_summary_is_skipped(trouble: Trouble, words: tuple[str, ...], papers: int) -> None:
    """After a few papers: two if its answers are malformed in the same way."""
    server = ServerState()
    for n in range(papers):
        with pytest.raises(NoSummary, match=words[n % len(words)]):
            _tried(server, NoSummary(trouble, words[n % len(words)]))
    with pytest.raises(NoSummary, match="was skipped") as caught:
        _tried(server, AssertionError("asked"))
    assert caught.value.trouble == trouble
    _tried(server, None, "another-model")


def test_a_model_with_a_summary_is_never_skipped() -> None:
    """However many papers fail."""
    server = ServerState()
    _tried(server, None)
    for _ in range(5):
        with pytest.raises(NoSummary, match="no text"):
            _tried(server, NoSummary("malformed", "no text"))


def test_outages_do_not_count_as_failed_papers() -> None:
    """They are counted elsewhere."""
    server = ServerState()
    for _ in range(4):
        with pytest.raises(NoSummary, match="busy"):
            _tried(server, NoSummary("overloaded", "busy"))


def test_a_fatal_error_is_met_by_one_paper() -> None:
    """The others wait for the first and raise its failure without a call."""
    server, asked, told = ServerState(timeout_s=30), list[int](), list[str]()
    begun, refused = threading.Event(), threading.Event()

    def paper(number: int) -> None:
        try:
            with trying_paper(MODEL, server):
                asked.append(number)
                begun.set()
                refused.wait(10)
                raise SetupError("no credit", trouble="credit")
        except SetupError as failure:
            told.append(failure.message)

    server.models["another"] = ModelState()  # so that this model is a fallback, which is tried alone for longer
    threads = [threading.Thread(target=paper, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    refused.set()
    for thread in threads:
        thread.join(10)
    assert (len(asked), told) == (1, ["no credit"] * 5)

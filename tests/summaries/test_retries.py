"""When an answer is waited for, asked for once more, and given up."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from hugo_llmpapers.errors import SetupError, Trouble
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.retries import MAX_UNANSWERED, ModelState, ServerState, call_with_retry, trying_paper

MODEL = "claude-sonnet-5-5"


def _script(*steps: str | Exception) -> tuple[Callable[[float], str], list[float]]:
    """A call that does these things one after the other, and the times that it was given."""
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


def test_what_may_pass_is_asked_for_once_more() -> None:
    """Within the time of one answer."""
    call, given = _script(NoSummary("overloaded", "busy", retry_after_s=0.01), "yes")
    server = ServerState(timeout_s=20)
    assert call_with_retry(call, MODEL, server) == "yes"
    assert len(given) == 2
    assert given[1] < given[0] <= 20
    assert server.unanswered == 0


def test_it_is_asked_for_twice_at_the_most() -> None:
    """The second failure is told."""
    call, given = _script(*(NoSummary("overloaded", f"busy {n}", retry_after_s=0) for n in range(3)))
    with pytest.raises(NoSummary, match="busy 1"):
        call_with_retry(call, MODEL, ServerState(timeout_s=20))
    assert len(given) == 2


@pytest.mark.parametrize("retry_after_s", [None, 0.6, 20])
def test_what_will_not_pass_or_comes_too_late_is_not_repeated(retry_after_s: float | None) -> None:
    """Half of the time must be left."""
    call, given = _script(NoSummary("overloaded", "busy", retry_after_s=retry_after_s))
    with pytest.raises(NoSummary, match="busy"):
        call_with_retry(call, MODEL, ServerState(timeout_s=1))
    assert len(given) == 1


def test_a_silence_ends_when_the_time_is_up() -> None:
    """And is not repeated, as it has cost all of it."""
    server = ServerState(timeout_s=0.1)
    with pytest.raises(NoSummary, match="Claude does not answer within 0 s") as failed:
        call_with_retry(_silence, MODEL, server)
    assert failed.value.trouble == "timeout"
    assert server.unanswered == 1


def test_who_was_silent_is_asked_no_more() -> None:
    """After so many calls of a run, the next one is not begun."""
    server = ServerState(timeout_s=0.05)
    for _ in range(MAX_UNANSWERED):
        with pytest.raises(NoSummary, match="within"):
            call_with_retry(_silence, MODEL, server)
    call, given = _script("yes")
    with pytest.raises(NoSummary, match="was skipped"):
        call_with_retry(call, MODEL, server)
    assert given == []


def test_an_answer_of_any_kind_is_no_silence() -> None:
    """Refusals and busy servers are not counted; who cannot be reached is."""
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


def test_what_is_no_trouble_of_one_paper_comes_through() -> None:
    """A key that is refused ends the run, and is not repeated."""
    call, given = _script(SetupError("no key"))
    with pytest.raises(SetupError):
        call_with_retry(call, MODEL, ServerState(timeout_s=20))
    assert len(given) == 1


def _tried(server: ServerState, outcome: Exception | None, model: str = MODEL) -> None:
    """A paper that is put to the model, and comes to this end."""
    with trying_paper(model, server):
        if outcome is not None:
            raise outcome


@pytest.mark.parametrize(
    ("trouble", "words", "papers"),
    [("malformed", ("no text",), 2), ("malformed", ("one", "two", "three"), 3), ("refused", ("refused",), 3), ("checks", ("bad",), 3)],
)  # fmt: skip
def test_a_model_without_a_summary_is_asked_no_more(trouble: Trouble, words: tuple[str, ...], papers: int) -> None:
    """After a few papers: two where it fails in the same way before it says anything."""
    server = ServerState()
    for n in range(papers):
        with pytest.raises(NoSummary, match=words[n % len(words)]):
            _tried(server, NoSummary(trouble, words[n % len(words)]))
    with pytest.raises(NoSummary, match="was skipped") as caught:
        _tried(server, AssertionError("asked"))
    assert caught.value.trouble == trouble
    _tried(server, None, "another-model")


def test_one_summary_shows_that_it_is_the_papers() -> None:
    """However many others have none."""
    server = ServerState()
    _tried(server, None)
    for _ in range(5):
        with pytest.raises(NoSummary, match="no text"):
            _tried(server, NoSummary("malformed", "no text"))


def test_outages_are_no_papers_fault() -> None:
    """They are counted elsewhere."""
    server = ServerState()
    for _ in range(4):
        with pytest.raises(NoSummary, match="busy"):
            _tried(server, NoSummary("overloaded", "busy"))


def test_what_concerns_all_papers_is_met_by_one() -> None:
    """The others, which wait for the first, are told its failure; they do not ask."""
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

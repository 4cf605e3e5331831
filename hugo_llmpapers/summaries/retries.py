"""Timeout, retry, and when a run stops sending requests to a model or its server.

The first paper is tried alone for a moment: if the account is refused, one call finds out. A silent service costs a run
the time of one answer, whatever the number of papers.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.summaries.models import is_claude, server_name
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.web.deadline import with_timeout

CLAUDE_TIMEOUT_S = 42.0
"""For one answer, retry included. Claude takes 10 to 30 s, and `new` should end within a minute."""
OTHER_TIMEOUT_S = 300.0
"""The same for the user's own server, which may answer one paper after the other."""
MAX_UNANSWERED = 2
"""Calls without an answer after which a run sends the server no more."""
FIRST_ALONE_S = 0.5
"""How long the first paper is tried alone. A refusal takes less, a summary at least ten times as long."""
FALLBACK_ALONE = 1 / 3
"""The same for a model that is tried after another one failed, as a share of the timeout."""
MAX_FAILED_PAPERS = 3
"""Papers without a summary after which a model that gave none is tried for no further paper."""
MAX_ALIKE = 2
"""The same if its answers are unreadable in the same way."""
_T = TypeVar("_T")


@dataclass(slots=True)
class ModelState:
    """What one run knows about a model."""

    in_progress: int = 0
    """Papers for which it is being tried."""
    started: float = 0.0
    """Monotonic time at which the oldest of these was started alone."""
    has_summary: bool = False
    """Whether it summarized a paper."""
    failures: list[NoSummary] = field(default_factory=list)
    """One for each paper that it did not summarize, outages excepted."""
    fatal: Failure | None = None
    """Why it can be tried for no paper at all."""


@dataclass(slots=True)
class ServerState:
    """What one run knows about the server; shared by all its calls."""

    timeout_s: float = CLAUDE_TIMEOUT_S
    unanswered: int = 0
    supports_format: bool = True
    """Whether it accepts a request for a format."""
    models: dict[str, ModelState] = field(default_factory=dict)
    """By name. `changed` is held while another thread's state is read, and notified when a paper is done."""
    changed: threading.Condition = field(default_factory=threading.Condition)


def server_state(model: str) -> ServerState:
    """Return the initial state of the server of a model."""
    return ServerState(CLAUDE_TIMEOUT_S if is_claude(model) else OTHER_TIMEOUT_S)


@contextmanager
def trying_paper(model: str, server: ServerState) -> Iterator[None]:
    """Hold a paper's calls to a model, and let the outcome decide about the papers after it.

    Waits while the first paper is tried alone. Raises NoSummary without a call if the model summarized none of the papers
    before, and the Failure of another paper that concerns all.
    """
    with server.changed:
        is_fallback = bool(server.models.keys() - {model})
        state = server.models.setdefault(model, ModelState())
        _wait_for_first(state, server.timeout_s * FALLBACK_ALONE if is_fallback else FIRST_ALONE_S, server.changed)
        if state.fatal is not None:
            raise state.fatal
        if _is_hopeless(state):
            last = state.failures[-1]
            message = f"{server_name(model)} was skipped after {len(state.failures)} papers without a summary: {last}"
            raise NoSummary(last.trouble, message)
        if not state.in_progress:
            state.started = time.monotonic()
        state.in_progress += 1
    try:
        yield
        state.has_summary = True
    except NoSummary as failure:
        if not failure.is_outage:
            state.failures.append(failure)
        raise
    except Failure as failure:
        state.fatal = failure
        raise
    finally:
        with server.changed:
            state.in_progress -= 1
            server.changed.notify_all()


def _wait_for_first(state: ModelState, alone_s: float, changed: threading.Condition) -> None:
    while state.in_progress and not state.has_summary and state.fatal is None:
        remaining_s = state.started + alone_s - time.monotonic()
        if remaining_s <= 0 or not changed.wait(remaining_s):
            break


def _is_hopeless(state: ModelState) -> bool:
    if state.has_summary or not state.failures:
        return False
    are_alike = state.failures[0].trouble == "malformed" and len({str(failure) for failure in state.failures}) == 1
    return len(state.failures) >= (MAX_ALIKE if are_alike else MAX_FAILED_PAPERS)


def call_with_retry(call: Callable[[float], _T], model: str, server: ServerState) -> _T:
    """Return the result of `call`, which receives the seconds that are left. Raises NoSummary, and whatever `call` raises.

    A failure is retried once, if that may help and half of the time is left. A call that exceeds the timeout continues in
    its thread, but its result is dropped.
    """
    if server.unanswered >= MAX_UNANSWERED:
        raise NoSummary("timeout", f"{server_name(model)} was skipped, as it left earlier calls unanswered")
    deadline = time.monotonic() + server.timeout_s
    try:
        try:
            return _call_until(deadline, call)
        except NoSummary as first:
            wait_s = first.retry_after_s
            if wait_s is None or time.monotonic() + wait_s > deadline - server.timeout_s / 2:
                raise
            time.sleep(wait_s)
            return _call_until(deadline, call)
    except TimeoutError:
        server.unanswered += 1
        message = f"{server_name(model)} does not answer within {server.timeout_s:.0f} s"
        raise NoSummary("timeout", message) from None
    except NoSummary as last:
        server.unanswered += last.trouble in ("timeout", "unreachable")
        raise


def _call_until(deadline: float, call: Callable[[float], _T]) -> _T:
    remaining_s = deadline - time.monotonic()
    return with_timeout(lambda: call(remaining_s), remaining_s)

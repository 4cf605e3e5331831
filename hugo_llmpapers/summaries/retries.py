"""How long a run waits for answers: what one may take, when it is asked for once more, and when nobody is asked any more.

The first paper goes a little ahead of the others: an account that is refused is refused at once, by one call.

A service that is silent costs a run the time of one answer, whatever the number of papers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.summaries.api_errors import NoSummary, model_name
from hugo_llmpapers.summaries.claude import Server, Standing
from hugo_llmpapers.web.deadline import with_timeout

UNANSWERED_CALLS = 2
"""Calls of one run that a server leaves unanswered before it is asked no more."""
FIRST_ALONE_S = 0.5
"""How long the first paper is under way alone. A refusal takes less, a summary at least ten times as long."""
FALLBACK_ALONE = 1 / 3
"""The same for a model that is asked after another one failed, as a share of the patience for one answer."""
FAILED_PAPERS = 3
"""Papers without a summary, and none with one, after which a model is asked about no further paper."""
FAILED_ALIKE = 2
"""The same where the answers are unreadable in the same way."""
_T = TypeVar("_T")


@contextmanager
def asking(model: str, server: Server) -> Iterator[None]:
    """One paper's questions to a model, and what they tell about the next papers.

    Waits while the first paper is tried alone. Raises NoSummary without asking where the model gave no summary of the
    papers before, and the Failure of another paper that concerns all.
    """
    with server.turn:
        is_fallback = bool(server.standings.keys() - {model})
        standing = server.standings.setdefault(model, Standing())
        alone_s = server.patience_s * FALLBACK_ALONE if is_fallback else FIRST_ALONE_S
        while standing.under_way and not standing.summaries and standing.ended is None:
            left_s = standing.since + alone_s - time.monotonic()
            if left_s <= 0 or not server.turn.wait(left_s):
                break
        if standing.ended is not None:
            raise standing.ended
        if _is_in_vain(standing):
            last = standing.failures[-1]
            said = f"{model_name(model)} is asked no more, as it gave no summary of {len(standing.failures)} papers: {last}"
            raise NoSummary(last.trouble, said)
        if not standing.under_way:
            standing.since = time.monotonic()
        standing.under_way += 1
    try:
        yield
        with server.turn:
            standing.summaries += 1
    except NoSummary as failure:
        if not failure.is_outage:
            with server.turn:
                standing.failures.append(failure)
        raise
    except Failure as failure:
        with server.turn:
            standing.ended = failure
        raise
    finally:
        with server.turn:
            standing.under_way -= 1
            server.turn.notify_all()


def _is_in_vain(standing: Standing) -> bool:
    if standing.summaries:
        return False
    alike = {str(one) for one in standing.failures} if standing.failures else set()
    is_unreadable = len(alike) == 1 and standing.failures[0].trouble == "malformed"
    return len(standing.failures) >= (FAILED_ALIKE if is_unreadable else FAILED_PAPERS)


def answered(call: Callable[[float], _T], model: str, server: Server) -> _T:
    """What `call` gives in time; it is told the seconds that are left. Raises NoSummary, and what `call` does.

    What failed is asked for once more where that may help and half of the time is left. A call that is out of time goes
    on unheard until its own end.
    """
    if server.unanswered >= UNANSWERED_CALLS:
        raise NoSummary("timeout", f"{model_name(model)} is asked no more, as it did not answer before")
    until = time.monotonic() + server.patience_s
    try:
        try:
            return _in_time(call, until)
        except NoSummary as first:
            wait_s = first.again_after_s
            if wait_s is None or time.monotonic() + wait_s > until - server.patience_s / 2:
                raise
            time.sleep(wait_s)
            return _in_time(call, until)
    except TimeoutError:
        server.unanswered += 1
        said = f"{model_name(model)} does not answer within {server.patience_s:.0f} s"
        raise NoSummary("timeout", said) from None
    except NoSummary as last:
        server.unanswered += last.trouble in ("timeout", "unreachable")
        raise


def _in_time(call: Callable[[float], _T], until: float) -> _T:
    left_s = until - time.monotonic()
    return with_timeout(lambda: call(left_s), left_s)

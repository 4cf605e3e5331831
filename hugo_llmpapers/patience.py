"""How long a run waits for answers: what one may take, when it is asked for once more, and when nobody is asked any more.

A service that is silent costs a run the time of one answer, whatever the number of papers.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from hugo_llmpapers.claude import Server
from hugo_llmpapers.claude_errors import NoSummary, called
from hugo_llmpapers.intime import in_time

GIVEN_UP_AFTER = 2
"""Calls of one run that a server leaves unanswered before it is asked no more."""
_T = TypeVar("_T")


def answered(call: Callable[[float], _T], model: str, server: Server) -> _T:
    """What `call` gives in time; it is told the seconds that are left. Raises NoSummary, and what `call` does.

    What failed is asked for once more where that may help and half of the time is left. A call that is out of time goes
    on unheard until its own end.
    """
    if server.unanswered >= GIVEN_UP_AFTER:
        raise NoSummary("timeout", f"{called(model)} is asked no more, as it did not answer before")
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
        said = f"{called(model)} does not answer within {server.patience_s:.0f} s"
        raise NoSummary("timeout", said) from None
    except NoSummary as last:
        server.unanswered += last.trouble in ("timeout", "unreachable")
        raise


def _in_time(call: Callable[[float], _T], until: float) -> _T:
    left_s = until - time.monotonic()
    return in_time(lambda: call(left_s), left_s)

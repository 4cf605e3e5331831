"""An end by the clock for a whole command, whatever it is waiting for."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from hugo_llmpapers.site.config.config_files import config_files, integer_in_files
from hugo_llmpapers.site.config.settings import LONGEST_BUDGET_S, Settings
from hugo_llmpapers.site.config.variables import values_in_environment
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.programs import end_all

GRACE_S = 3.0
"""For cleaning up; then the process ends whatever it is doing."""


class OutOfTime(KeyboardInterrupt):
    """The time is over. Cleaned up after like Ctrl-C."""


def leave_at_once(code: int) -> NoReturn:
    """Ends the process without a wait for threads that still wait for somebody silent, as the interpreter's own end would.

    Programs that it started end with it.
    """
    end_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def within(seconds: float, last_words: str) -> Iterator[None]:
    """Raises OutOfTime in the main thread after so many seconds of the wall clock.

    Where even that is not heard (Windows interrupts no waiting), or cleaning up takes longer than GRACE_S, the process
    prints `last_words` on stderr and ends with exit code 0.
    """

    def leave() -> None:
        print(last_words, file=sys.stderr, flush=True)
        leave_at_once(0)

    def end(_signal: int, _frame: FrameType | None) -> None:
        end_all()  # for which threads may be waiting
        raise OutOfTime

    backstop = threading.Timer(seconds + GRACE_S, leave)
    backstop.daemon = True
    backstop.start()
    has_alarm = hasattr(signal, "setitimer")
    if has_alarm:
        signal.signal(signal.SIGALRM, end)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        backstop.cancel()
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)


def budget_set(site_hugo: Hugo) -> int:
    """The setting `timeBudget` in seconds, by the variables and files themselves: the Hugo that is asked for the settings may
    be what hangs. Its default where it stands in none of them."""
    said = [*values_in_environment("timeBudget", site_hugo.environ)]
    in_files = integer_in_files("timeBudget", list(config_files(site_hugo.source, site_hugo)))
    budget = int(said[-1]) if said and said[-1].isdecimal() else in_files or Settings().time_budget
    return max(1, min(budget, LONGEST_BUDGET_S))

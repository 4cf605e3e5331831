"""How the process ends: by a signal, at a time limit, or at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

GRACE_S = 3.0
"""Time for cleaning up after a time limit; then the process exits in any case."""


class OutOfTime(KeyboardInterrupt):
    """The time limit is reached. Cleaned up after like Ctrl-C."""


def clean_up_on_signals() -> None:
    """Treat SIGTERM and SIGHUP like Ctrl-C, so that a run ended by a timer or a build host leaves no folders behind."""
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)


def leave(code: int) -> NoReturn:
    """End the command with this exit code, without waiting for threads that wait for the network."""
    if threading.active_count() == 1:
        raise typer.Exit(code)
    exit_at_once(code)


def exit_at_once(code: int) -> NoReturn:
    """End the process and the programs that it started, and remove its temporary folders. Waits for no thread."""
    from hugo_llmpapers.site.programs import end_all
    from hugo_llmpapers.temporary import remove_open

    end_all()
    remove_open()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@contextmanager
def time_limit(seconds: float, last_words: str) -> Iterator[None]:
    """Raise OutOfTime in the main thread after this many seconds of wall-clock time.

    If that has no effect (Windows interrupts no waiting), or cleaning up takes longer than GRACE_S, the process prints
    `last_words` to stderr and exits with code 0.
    """
    from hugo_llmpapers.site.programs import end_all

    def exit_in_any_case() -> None:
        print(last_words, file=sys.stderr, flush=True)
        exit_at_once(0)

    def interrupt(*_: object) -> None:
        end_all()  # threads may be waiting for these programs
        raise OutOfTime

    backstop = threading.Timer(seconds + GRACE_S, exit_in_any_case)
    backstop.daemon = True
    backstop.start()
    has_alarm = hasattr(signal, "setitimer")
    if has_alarm:
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        backstop.cancel()
        if has_alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)

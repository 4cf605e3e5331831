"""The process: how it ends, and standard streams that cannot break a run: closed, full, not UTF-8, or without a reader."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TextIO

import typer

from hugo_llmpapers.cli.terminal import print_error

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


def prepare_streams() -> None:
    """Replace closed streams by os.devnull, and make stdout and stderr never raise."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            _open_devnull(number, name, mode)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that is not UTF-8 shows a question mark
    sys.stdout, sys.stderr = _SafeStream(sys.stdout), _SafeStream(sys.stderr)


def _open_devnull(number: int, name: str, mode: str) -> None:
    """Open a stream that the caller has closed, as with `2>&-`.

    Otherwise the next file that the run opens would get the stream's number, and what is printed.
    """
    with suppress(OSError):
        devnull = os.open(os.devnull, os.O_RDWR)
        if devnull != number:
            os.dup2(devnull, number)
            os.close(devnull)
    setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open until the run ends


def report_unwritten() -> bool:
    """Return whether a part of the result could not be written to stdout. Prints why, once, unless the reader is gone."""
    sys.stdout.flush()
    if not isinstance(sys.stdout, _SafeStream) or (error := sys.stdout.error) is None:
        return False
    sys.stdout.error = None
    if not isinstance(error, BrokenPipeError):
        print_error(
            f"the result cannot be written to stdout: {error.strerror}.",
            "Make room there, or redirect the result to another place.",
        )
    return True


def print_utf8(text: str) -> None:
    """Print a document to stdout. Into a file or a pipe it goes as UTF-8 with LF, whatever the console's encoding."""
    if not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    print(text, end="")


class _SafeStream:
    """A text stream whose writes never raise: a full disk or a closed pipe loses the output, not the post."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        """The first error of a write; None if everything was written."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        self._try(self._stream.write, text)
        return len(text)

    def flush(self) -> None:
        self._try(self._stream.flush)

    def _try(self, method: Callable[..., object], *arguments: str) -> None:
        try:
            method(*arguments)
        except OSError as error:
            self.error = self.error or error
            with suppress(OSError, ValueError):
                # Python would try to write the rest again at exit.
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())

"""What people and programs see: results on stdout, everything else on stderr, nothing that a console cannot show."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NoReturn, TextIO

import typer

from hugo_llmpapers.cli.left import Left
from hugo_llmpapers.errors import Failure, split_place


@dataclass(frozen=True, slots=True)
class Console:
    """How one command speaks."""

    quiet: bool = False
    as_json: bool = False

    def result(self, text: str) -> None:
        """A line of the result, for people; nothing with `--json`."""
        if not self.as_json:
            _print(text)

    def document(self, value: Any) -> None:
        """The result for programs; nothing without `--json`."""
        if self.as_json:
            plain = "utf" not in (sys.stdout.encoding or "").lower()
            _print(json.dumps(value, ensure_ascii=plain, indent=2, default=str))

    def note(self, text: str) -> None:
        """Something worth knowing."""
        if not self.quiet:
            print(visible(text), file=sys.stderr)

    def fail(self, failure: Failure) -> NoReturn:
        """Says what happened and what to do, and ends with the failure's exit code."""
        self.document(
            failure.document
            | {
                "status": "failed",
                "error": failure.message,
                "remedy": failure.remedy or None,
                "note": failure.note or None,
                "trouble": failure.trouble,
                "exit_code": failure.exit_code,
            }
        )
        print(visible(headline(failure.message)), file=sys.stderr)
        for line in filter(None, (failure.remedy, failure.note)):
            print(visible(f"  {line}"), file=sys.stderr)
        raise typer.Exit(failure.exit_code)


def headline(message: str) -> str:
    """The first line about a failure: who speaks, or the place in a file that it is about, which an editor can open."""
    return near(message) if split_place(message)[0] else f"hugo-llmpapers: {message}"


def near(message: str) -> str:
    """With the place that it begins with, if it does, as seen from the working directory, if it is there."""
    place, what = split_place(message)
    try:
        return str(Path(place).relative_to(Path.cwd())) + what if place else what
    except (ValueError, OSError):
        return message


def visible(text: str) -> str:
    """Words of strangers for a terminal: without what would move its cursor, set its colours or turn the line round."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _print(text: str) -> None:
    with _telling_what_cannot_be_written():
        print(text, flush=True)


@contextmanager
def _telling_what_cannot_be_written() -> Iterator[None]:
    """A full disk behind stdout, or a reader that has gone, is one line and exit code 1."""
    try:
        yield
    except OSError as error:
        # Python would try to write the rest once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"hugo-llmpapers: the result cannot be written to stdout: {error.strerror}.", file=sys.stderr)
        raise typer.Exit(1) from None


class Terminated(KeyboardInterrupt):
    """The system asks the run to end: SIGTERM or SIGHUP. Cleaned up after like Ctrl-C."""


def end_cleanly_on_signals() -> None:
    """So that who is ended by a timer or a build host leaves no folders behind, either."""

    def terminate(*_: object) -> None:
        raise Terminated

    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), terminate)


@contextmanager
def speaking(
    *,
    quiet: bool = False,
    as_json: bool = False,
    interrupted: str = "nothing was written",
    left: Left | None = None,
) -> Iterator[Console]:
    """The one place where failures become lines and exit codes; anything else that is raised keeps its traceback.

    `left`: what a run that did not come to its end has done all the same.
    """
    console = Console(quiet, as_json)
    try:
        yield console
    except Failure as failure:
        if left is not None:
            failure.note = " ".join(filter(None, (failure.note, f"{left.said}." if left.said else "")))
            failure.document = failure.document | left.document
        try:
            console.fail(failure)
        except typer.Exit:
            _leave(failure.exit_code)
    except KeyboardInterrupt:
        said = left.said if left is not None else ""
        console.document((left.document if left is not None else {}) | {"status": "interrupted", "exit_code": 130})
        print(visible(f"hugo-llmpapers: interrupted; {said or interrupted}."), file=sys.stderr)
        _leave(130)


def _leave(code: int) -> NoReturn:
    """Ends at once: threads that wait for the network would hold up an ordinary exit for as long as they wait."""
    if threading.active_count() == 1:
        raise typer.Exit(code)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def never_fail_on_encoding() -> None:
    """A console that is not UTF-8 shows a question mark for what it lacks, rather than ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def never_fail_on_words() -> None:
    """A full disk behind stderr, or a reader that has gone, costs the words and not the post."""
    sys.stderr = _Unheard(sys.stderr)


class _Unheard:
    """A stream whose writing never fails."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._stream.flush()


def print_utf8(text: str) -> None:
    """A document on stdout: UTF-8 with LF where it goes into a file or a pipe, whatever the console's encoding."""
    if sys.stdout.isatty():
        print(text, end="")
        return
    out: IO[bytes] = sys.stdout.buffer
    with _telling_what_cannot_be_written():
        sys.stdout.flush()
        out.write(text.encode())
        out.flush()

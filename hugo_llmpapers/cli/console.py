"""What people and programs see: results on stdout, everything else on stderr, nothing that a console cannot show."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO

import typer

from hugo_llmpapers.cli.left import Left
from hugo_llmpapers.errors import Failure, from_os_error, split_location


@dataclass(frozen=True, slots=True)
class Console:
    """How one command speaks."""

    quiet: bool = False
    as_json: bool = False

    def result(self, text: str) -> None:
        """A line of the result, for people; nothing with `--json`."""
        if not self.as_json:
            print(text, flush=True)

    def document(self, value: Any) -> None:
        """The result for programs; nothing without `--json`."""
        if self.as_json:
            plain = "utf" not in (sys.stdout.encoding or "").lower()
            print(json.dumps(value, ensure_ascii=plain, indent=2, default=str), flush=True)

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
    return near(message) if split_location(message)[0] else f"hugo-llmpapers: {message}"


def near(message: str) -> str:
    """With the place that it begins with, if it does, as seen from the working directory, if it is there."""
    place, what = split_location(message)
    try:
        return str(Path(place).relative_to(Path.cwd())) + what if place else what
    except (ValueError, OSError):
        return message


def visible(text: str) -> str:
    """Words of strangers for a terminal: without what would move its cursor, set its colours or turn the line round, and
    without what GitHub's runner takes for a command: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
    """
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return re.sub(r"##(?=\[)|^(?=\s*::)", lambda found: "# #" if found[0] else ".", text, flags=re.MULTILINE)


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
def reporting_failures(
    *,
    quiet: bool = False,
    as_json: bool = False,
    interrupted: str = "nothing was written",
    left: Left | None = None,
) -> Iterator[Console]:
    """The one place where failures, and what the operating system refuses, become lines and exit codes.

    Anything else that is raised is a bug and keeps its traceback. `left`: what a run that did not come to its end has
    done all the same.
    """
    console = Console(quiet, as_json)
    try:
        yield console
    except Failure as failure:
        _end(console, failure, left)
    except OSError as error:
        _end(console, from_os_error(error), left)
    except KeyboardInterrupt:
        said = left.said if left is not None else ""
        console.document((left.document if left is not None else {}) | {"status": "interrupted", "exit_code": 130})
        print(visible(f"hugo-llmpapers: interrupted; {said or interrupted}."), file=sys.stderr)
        _leave(130)


def _end(console: Console, failure: Failure, left: Left | None) -> NoReturn:
    if left is not None:
        failure.note = " ".join(filter(None, (failure.note, f"{left.said}." if left.said else "")))
        failure.document = failure.document | left.document
    try:
        console.fail(failure)
    except typer.Exit:
        _leave(failure.exit_code)


def _leave(code: int) -> NoReturn:
    """Ends at once: threads that wait for the network would hold up an ordinary exit for as long as they wait."""
    if threading.active_count() == 1:
        raise typer.Exit(code)
    from hugo_llmpapers.site.programs import end_all
    from hugo_llmpapers.temporary import remove_open

    end_all()
    remove_open()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def never_fail_on_encoding() -> None:
    """A console that is not UTF-8 shows a question mark for what it lacks, rather than ending the run."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def open_closed_streams() -> None:
    """Streams that the caller has closed, as with `2>&-`, lead nowhere.

    Otherwise the next file that the run opens takes the number of the closed one, and gets what is printed.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is not None:
            continue
        with suppress(OSError):
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
        setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - until the run ends


def never_fail_on_words() -> None:
    """A full disk behind a stream, or a reader that has gone, costs the words and not the post."""
    sys.stdout, sys.stderr = _Unfailing(sys.stdout), _Unfailing(sys.stderr)


def report_unwritten() -> bool:
    """Whether a part of the result could not be written to stdout; says why, once, but not where its reader has gone."""
    sys.stdout.flush()
    if not isinstance(sys.stdout, _Unfailing) or sys.stdout.error is None:
        return False
    error, sys.stdout.error = sys.stdout.error, None
    if not isinstance(error, BrokenPipeError):
        print(f"hugo-llmpapers: the result cannot be written to stdout: {error.strerror}.", file=sys.stderr)
        print("  Make room there, or send the result somewhere else.", file=sys.stderr)
    return True


class _Unfailing:
    """A stream whose writing never raises."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        """Why something was not written; None where everything was."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        try:
            self._stream.write(text)
        except OSError as error:
            self._lost(error)
        return len(text)

    def write_bytes(self, content: bytes) -> None:
        """Past the encoding, after what was written before."""
        try:
            self._stream.flush()
            self._stream.buffer.write(content)
            self._stream.buffer.flush()
        except OSError as error:
            self._lost(error)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as error:
            self._lost(error)

    def _lost(self, error: OSError) -> None:
        self.error = self.error or error
        with suppress(OSError, ValueError):
            # Python would try to write the rest once more at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


def print_utf8(text: str) -> None:
    """A document on stdout: UTF-8 with LF where it goes into a file or a pipe, whatever the console's encoding."""
    if sys.stdout.isatty():
        print(text, end="")
        return
    if isinstance(sys.stdout, _Unfailing):
        sys.stdout.write_bytes(text.encode())

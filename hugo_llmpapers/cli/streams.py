"""Standard streams that cannot break a run: closed, full, not UTF-8, or with a reader that is gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from hugo_llmpapers.cli.terminal import print_error


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
    if not isinstance(sys.stdout, _SafeStream) or sys.stdout.error is None:
        return False
    error, sys.stdout.error = sys.stdout.error, None
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

"""What a command prints: its result to stdout, everything else to stderr; and how a failure becomes an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from hugo_llmpapers.cli.process import leave
from hugo_llmpapers.cli.terminal import print_error, print_stderr, printable
from hugo_llmpapers.errors import Failure, from_os_error


@dataclass(slots=True)
class Console:
    """The output of one command, with what is done so far in case the command does not finish."""

    quiet: bool = False
    as_json: bool = False
    if_interrupted: str = "nothing was written"
    """Printed after Ctrl-C, unless a watched page was written."""
    documents: list[dict[str, Any]] = field(default_factory=list)
    """The JSON document of each language that is finished, the first one's first."""
    _watched: dict[Path, int | None] = field(default_factory=dict)

    def result(self, text: str) -> None:
        """Print a line of the result for people; nothing with `--json`."""
        if not self.as_json:
            print(text, flush=True)

    def text(self, text: str) -> None:
        """Print a line of the result that may hold unprintable characters; nothing with `--json`."""
        self.result(printable(text))

    def document(self, value: Any) -> None:
        """Print the result as JSON; nothing without `--json`."""
        if self.as_json:
            plain = "utf" not in (sys.stdout.encoding or "").lower()
            print(json.dumps(value, ensure_ascii=plain, indent=2, default=str), flush=True)

    def print_documents(self, *, with_translations: bool) -> None:
        """Print the first of `documents`, which holds the others under `translations`."""
        self.document(self.documents[0] | ({"translations": self.documents[1:]} if with_translations else {}))

    def note(self, text: str) -> None:
        """Print a line to stderr; nothing with `--quiet`."""
        if not self.quiet:
            print_stderr(text)

    def notes(self, lines: Iterable[str]) -> None:
        """Print several notes."""
        for line in lines:
            self.note(line)

    def watch(self, pages: Iterable[Path]) -> None:
        """Remember when these pages, which the command may write, were last modified."""
        self._watched.update({path: _modified(path) for path in pages})

    def written(self) -> list[str]:
        """Return the watched pages that are new or modified."""
        return [str(path) for path, before in self._watched.items() if _modified(path) not in (None, before)]

    def unfinished(self) -> dict[str, Any]:
        """Return what a JSON document says about a command that did not finish."""
        posts = {"posts": self.documents} if self.documents else {}
        return ({"written": self.written()} if self._watched else {}) | posts


@contextmanager
def reporting_failures(console: Console) -> Iterator[None]:
    """Turn a Failure, an OSError or an interruption into messages and an exit code.

    Any other exception is a bug and keeps its traceback.
    """
    try:
        yield
    except Failure as failure:
        _fail(failure, console)
    except OSError as error:
        _fail(from_os_error(error), console)
    except KeyboardInterrupt:
        console.document(console.unfinished() | {"status": "interrupted", "exit_code": 130})
        print_error(f"interrupted; {_written_text(console) or console.if_interrupted}.")
        leave(130)


def _fail(failure: Failure, console: Console) -> NoReturn:
    written = _written_text(console)
    note = " ".join(filter(None, (failure.note, f"{written}." if written else "")))
    console.document(
        failure.document
        | console.unfinished()
        | {
            "status": "failed",
            "error": failure.message,
            "remedy": failure.remedy or None,
            "note": note or None,
            "trouble": failure.trouble,
            "exit_code": failure.exit_code,
        }
    )
    print_error(failure.message, failure.remedy, note)
    leave(failure.exit_code)


def _written_text(console: Console) -> str:
    """Return a clause that names the pages written so far; empty if there are none."""
    paths = console.written()
    return f"{', '.join(paths)} {'is' if len(paths) == 1 else 'are'} written" if paths else ""


def _modified(path: Path) -> int | None:
    """Return the time of the last modification in nanoseconds; None if there is no such file."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None

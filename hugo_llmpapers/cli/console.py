"""What a command prints: its result to stdout, progress and all else to stderr; and how a failure becomes an exit code."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, Self

from hugo_llmpapers.cli.process import leave
from hugo_llmpapers.cli.terminal import print_error, print_stderr, printable
from hugo_llmpapers.errors import Failure, from_os_error

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

    from hugo_llmpapers.records import Step

_ACTIVITY = {
    "sources": "fetching",
    "summary": "summarizing",
    "figure": "looking for a figure",
    "rank": "",
    "plan": "choosing papers",
    "batch": "waiting",
    "write": "rendering",
}
_STYLES = {"started": "dim", "done": "green", "failed": "yellow"}


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


class Progress:
    """Shows the steps of a run. A context manager that several threads call."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._lock = threading.Lock()
        self._steps: dict[tuple[str, str], Step] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if not self._quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            # Also what _table uses: the thread that draws must not import while others do.
            from rich import console, live, table, text  # noqa: F401

            stderr = console.Console(stderr=True, highlight=False)
            self._live = live.Live(
                console=stderr, get_renderable=self._table, refresh_per_second=8, redirect_stdout=False
            )
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop updating while the user is asked something; earlier lines stay above."""
        self.__exit__()
        with self._lock:
            self._steps.clear()
        yield
        self.__enter__()

    def __call__(self, step: Step) -> None:
        """Show a step; on a terminal it replaces the earlier one of the same stage and subject."""
        step = replace(step, subject=printable(step.subject), detail=printable(step.detail))
        with self._lock:
            self._steps[step.stage, step.subject] = step
            if not self._quiet and self._live is None and step.state != "started":
                detail = f"failed: {step.detail}" if step.state == "failed" else step.detail
                print_stderr("  ".join(filter(None, (step.stage.ljust(7), step.subject, detail))))

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        with self._lock:
            steps = list(self._steps.values())
        for step in steps:
            text = (_ACTIVITY[step.stage] if step.state == "started" else step.detail) or step.state
            table.add_row(Text(step.stage, "bold"), Text(step.subject), Text(text, _STYLES[step.state]))
        return table


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
    with suppress(OSError):
        return path.stat().st_mtime_ns
    return None

"""Progress on stderr: lines that update in place on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from hugo_llmpapers.cli.terminal import print_stderr, printable
from hugo_llmpapers.records import Step

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

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
            from rich import table, text  # noqa: F401
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False)
            self._live = Live(console=console, get_renderable=self._table, refresh_per_second=8, redirect_stdout=False)
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

"""Progress on stderr: lines that change in place on a terminal, plain lines elsewhere."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING, Self

from hugo_llmpapers.cli.console import visible
from hugo_llmpapers.records import Step

if TYPE_CHECKING:
    from rich.live import Live
    from rich.table import Table

_DOING = {
    "sources": "asking",
    "summary": "summarising",
    "figure": "looking for a figure",
    "rank": "",
    "plan": "choosing papers",
    "batch": "waiting",
    "write": "rendering",
}


class Progress:
    """Shows the steps of a run; a context manager, called from several threads."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._lock = threading.Lock()
        self._steps: dict[tuple[str, str], Step] = {}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        self._start()
        return self

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Keeps still while somebody is asked something; what was shown stays above."""
        self._stop()
        with self._lock:
            self._steps.clear()
        yield
        self._start()

    def _start(self) -> None:
        if not self._quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            # All that _table uses, too: the thread that draws must not import while others do.
            from rich import table, text  # noqa: F401
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False)
            self._live = Live(console=console, get_renderable=self._table, refresh_per_second=8, redirect_stdout=False)
            self._live.start()

    def _stop(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def __call__(self, step: Step) -> None:
        """One step; those that belong together replace each other on a terminal."""
        step = replace(step, subject=visible(step.subject), detail=visible(step.detail))
        with self._lock:
            self._steps[step.stage, step.subject] = step
            if not self._quiet and self._live is None and step.state != "started":
                print(_line(step), file=sys.stderr, flush=True)

    def _table(self) -> Table:
        from rich.table import Table
        from rich.text import Text

        table = Table.grid(padding=(0, 2))
        with self._lock:
            steps = list(self._steps.values())
        for step in steps:
            style = {"started": "dim", "done": "green", "failed": "yellow"}[step.state]
            said = step.detail if step.state != "started" else _DOING[step.stage]
            table.add_row(Text(step.stage, "bold"), Text(step.subject), Text(said or step.state, style))
        return table


def _line(step: Step) -> str:
    failed = "failed: " if step.state == "failed" else ""
    return "  ".join(part for part in (step.stage.ljust(7), step.subject, failed + step.detail) if part)

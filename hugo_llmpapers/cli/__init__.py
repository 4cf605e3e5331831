"""The command line. Printing, the clock, the environment and exit codes live here and nowhere else."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from hugo_llmpapers import __version__
from hugo_llmpapers.cli.console import (
    end_cleanly_on_signals,
    never_fail_on_encoding,
    never_fail_on_words,
    open_closed_streams,
    report_unwritten,
)
from hugo_llmpapers.cli.environment import clean

if TYPE_CHECKING:
    from typer._click import Command, Context

COMMANDS = {
    "new": "Write the day's post, unless it is there already.",
    "init": "Add what the site is missing: archetype, shortcode, tasks.",
    "prebuild": "In a build, before `hugo`: bring posts back, write those due.",
    "refresh": "Fill in the summaries and figures that a post is missing.",
    "backfill": "Write the posts of past days that are missing.",
    "figure": "Show which figure `new` would take out of a PDF.",
    "doctor": "Show what was found, and what would go wrong.",
    "history": "List the papers that the blog links to.",
    "cache": "Where kept answers are, how large, away with them.",
}
"""The function or `app` of a name stands in the module of that name."""


class _Commands(TyperGroup):
    """Loads only the command that is asked for: a start takes as long as what it imports."""

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, _loaded(name) if name else command, rest


# Plain help: rich's would cost more than everything else that a start does, and needs a console that has its lines.
_PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}


def _loaded(name: str) -> Command:
    module = import_module(f"{__name__}.commands.{name}")
    alone = getattr(module, "app", None)
    if alone is None:
        alone = typer.Typer(**_PLAIN)
        alone.command(name)(getattr(module, name))
    return typer.main.get_command(alone)


app = typer.Typer(
    name="hugo-llmpapers",
    cls=_Commands,
    help="Writes a Hugo post that surveys the day's notable LLM papers.",
    no_args_is_help=True,
    **_PLAIN,
)


for _name, _help in COMMANDS.items():
    # For the list of all, and to know a typing mistake.
    app.command(_name, help=_help)(lambda: None)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"hugo-llmpapers {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Writes a Hugo post that surveys the day's notable LLM papers."""


def main() -> None:
    """The console script. Exit code 1 where all went well but a part of the result could not be written to stdout."""
    open_closed_streams()
    never_fail_on_encoding()
    never_fail_on_words()
    end_cleanly_on_signals()
    _collect_rarely()
    clean(os.environ)
    try:
        app()
    except SystemExit as ended:
        if report_unwritten() and not ended.code:
            sys.exit(1)
        raise


def _collect_rarely() -> None:
    """A run is short, and most of what it makes lives until its end: to look for garbage took a tenth of a day's post."""
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)  # else the interpreter looks through everything once more before it ends

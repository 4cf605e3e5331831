"""The command line. Only this package prints, reads the clock and the environment, and sets exit codes."""

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
from hugo_llmpapers.cli.environment import clean
from hugo_llmpapers.cli.process import clean_up_on_signals, prepare_streams, report_unwritten

if TYPE_CHECKING:
    from typer._click import Command, Context

COMMANDS = {
    "new": "Write the day's post if it does not exist.",
    "init": "Add what the site needs: archetype, shortcode, tasks.",
    "prebuild": "Restore kept posts and write missing ones before `hugo` builds.",
    "refresh": "Add missing summaries and figures to a post.",
    "backfill": "Write the missing posts of past days.",
    "figure": "Show the figure that `new` would take from a PDF.",
    "doctor": "Show the settings and what would go wrong.",
    "history": "List the papers that the blog links to.",
    "cache": "Show or clear the cached answers.",
}
"""Each command is a function, or a Typer named `app`, in a module of its name."""
# Rich's help would take longer than the rest of the start.
_PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False, "add_completion": False}


class _Commands(TyperGroup):
    """Imports only the command that is run, as imports take most of the start."""

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, _load(name) if name else command, rest


def _load(name: str) -> Command:
    from hugo_llmpapers.cli.options import PlainUsage

    module = import_module(f"{__name__}.commands.{name}")
    command = getattr(module, "app", None)
    if command is None:
        command = typer.Typer(**_PLAIN)
        command.command(name, cls=PlainUsage)(getattr(module, name))
    return typer.main.get_command(command)


app = typer.Typer(name="hugo-llmpapers", cls=_Commands, no_args_is_help=True, **_PLAIN)
for _name, _help in COMMANDS.items():
    # Placeholders, for the list of commands and for suggestions after a typing mistake.
    app.command(_name, help=_help)(lambda: None)


def _print_version(requested: bool) -> None:
    if requested:
        print(f"hugo-llmpapers {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Write a Hugo post that surveys the day's notable LLM papers."""


def main() -> None:
    """Run the command line. Exits with 1 if a successful command could not write its result to stdout."""
    prepare_streams()
    clean_up_on_signals()
    # A run is short, and most objects live until its end: garbage collection took a tenth of the time.
    gc.set_threshold(50_000, 20, 100)
    atexit.register(gc.freeze)  # else the interpreter collects once more at exit
    clean(os.environ)
    try:
        app()
    except SystemExit as ended:
        if report_unwritten() and not ended.code:
            sys.exit(1)
        raise

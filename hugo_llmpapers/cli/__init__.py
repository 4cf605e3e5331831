"""The command line. Printing, the clock, the environment and exit codes live here and nowhere else."""

from __future__ import annotations

from typing import Annotated

import typer

from hugo_llmpapers import __version__
from hugo_llmpapers.cli import backfill, cache, doctor, figure, history, init, new, prebuild, refresh
from hugo_llmpapers.cli.console import end_cleanly_on_signals, never_fail_on_encoding, never_fail_on_words

# Plain help: rich's would cost more than everything else that a start does, and needs a console that has its lines.
app = typer.Typer(
    name="hugo-llmpapers",
    help="Writes a Hugo post that surveys the day's notable LLM papers.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    add_completion=False,
)
app.command("new")(new.new)
app.command("init")(init.init)
app.command("prebuild")(prebuild.prebuild)
app.command("refresh")(refresh.refresh)
app.command("backfill")(backfill.backfill)
app.command("figure")(figure.figure)
app.command("doctor")(doctor.doctor)
app.command("history")(history.history)
app.add_typer(cache.app, name="cache")


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
    """The console script."""
    never_fail_on_encoding()
    never_fail_on_words()
    end_cleanly_on_signals()
    app()

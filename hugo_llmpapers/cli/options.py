"""Options that several commands share, and the decorator that adds those about the site to a command."""

from __future__ import annotations

import inspect
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand

from hugo_llmpapers.cli.console import Console, reporting_failures
from hugo_llmpapers.errors import SetupError, UsageError
from hugo_llmpapers.site import dates
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.hugo_program import find_program
from hugo_llmpapers.site.open_blog import open_blog
from hugo_llmpapers.site.site import Blog

if TYPE_CHECKING:
    from typer._click import Context

Source = Annotated[
    Path, typer.Option("--source", "-s", help="Root folder of the Hugo site.", metavar="DIR", show_default="here")
]
Day = Annotated[
    str | None, typer.Argument(help="Day of the post: 2026-02-27 or today.", metavar="[DATE]", show_default="today")
]
Count = Annotated[int | None, typer.Option(help="Number of papers in a post.", metavar="N")]
Language = Annotated[str | None, typer.Option(help="Language of posts and summaries: ja, en, …", metavar="CODE")]
Model = Annotated[str | None, typer.Option(help="Claude model.", metavar="NAME")]
NoFigures = Annotated[bool, typer.Option("--no-figures", help="Add no figures.")]
MaxCost = Annotated[float | None, typer.Option(help="Maximum cost of Claude for one post.", metavar="USD")]
Offline = Annotated[bool, typer.Option("--offline", help="Use cached answers only; no network.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show papers, paths and cost; write and pay nothing.")]

_YEARS = range(1991, 9900)
"""Years in which arXiv exists and datetime can add and subtract days."""


class PlainUsage(TyperCommand):
    """Names required arguments in the usage line as they are, without Typer's braces."""

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        return [piece.removeprefix("{").removesuffix("}") for piece in super().collect_usage_pieces(ctx)]


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """The options about the site, as they mean in Hugo."""

    source: Source = Path()
    environment: Annotated[
        str,
        typer.Option(
            "--environment",
            "-e",
            help="Hugo's build environment.",
            metavar="NAME",
            envvar=["HUGO_ENVIRONMENT", "HUGO_ENV"],
        ),
    ] = "production"
    config: Annotated[str | None, typer.Option("--config", help="Hugo's configuration files.", metavar="FILES")] = None
    clock: Annotated[
        str | None, typer.Option("--clock", help="Use this as the time: 2026-02-27T07:00:00+09:00.", metavar="TIME")
    ] = None

    def hugo(self) -> Hugo:
        """Return how to call Hugo for the site. Raises SetupError if there is no Hugo."""
        try:
            root = self.source.absolute()
        except FileNotFoundError:
            raise SetupError(
                "The working directory no longer exists.",
                "Change to another one, or give an absolute path with --source.",
            ) from None
        program = find_program(os.environ.get("PATH", ""))
        return Hugo(program, root, self.environment, self.config, self.clock, dict(os.environ))

    def now(self) -> datetime:
        """Return the time of `--clock`, else the machine's time in its own zone. Raises UsageError."""
        if self.clock is None:
            return datetime.now().astimezone()
        try:
            moment = datetime.fromisoformat(self.clock)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
            raise UsageError(
                f"--clock {self.clock} is not a valid time with a UTC offset.", "Write it as 2026-02-27T07:00:00+09:00."
            )
        return moment

    def open(self) -> Blog:
        """Read the site, with one run of Hugo. Raises UsageError and SetupError."""
        return open_blog(self.hugo(), {}, self.now())

    def open_all(self, settings: Mapping[str, Any]) -> list[Blog]:
        """Read the site once for each language of a post, with these settings from the command line.

        The site's default language is first, as the others share its pictures. Raises UsageError and SetupError.
        """
        blog = open_blog(self.hugo(), settings, self.now())
        codes = blog.settings.languages
        if len(codes) < 2:
            return [blog]
        blogs = [open_blog(blog.site.hugo, {**settings, "languages": (code,)}, blog.now) for code in codes]
        return sorted(blogs, key=lambda blog: blog.site.by_file_name)


def site_command(
    command: Callable[..., None] | None = None, *, quiet: str | None = "Print results and errors only."
) -> Callable[..., Any]:
    """Add the options about the site, `--quiet` and `--json` to a command, and report its failures.

    The command is called with a Console, SiteOptions and its own options. `quiet`: help of `--quiet`; None to leave it out.
    """
    if command is None:
        return lambda command: site_command(command, quiet=quiet)

    def run(*, as_json: bool, quiet: bool = False, **values: Any) -> None:
        console = Console(quiet, as_json)
        site = SiteOptions(**{field.name: values.pop(field.name) for field in fields(SiteOptions)})
        with reporting_failures(console):
            command(console, site, **values)

    _, _, *own = inspect.signature(command, eval_str=True).parameters.values()
    of_site = inspect.signature(SiteOptions, eval_str=True).parameters.values()
    flags = [_flag("quiet", "--quiet", "-q", help=quiet)] if quiet is not None else []
    flags.append(_flag("as_json", "--json", help="Print one JSON document instead."))
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*own, *of_site, *flags)]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__name__, run.__doc__ = command.__name__, command.__doc__
    return run


def _flag(name: str, *declarations: str, help: str) -> inspect.Parameter:
    annotation = Annotated[bool, typer.Option(*declarations, help=help)]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=False, annotation=annotation)


def post_settings(
    count: int | None, language: str | None, model: str | None, max_cost: float | None, *, no_figures: bool
) -> dict[str, Any]:
    """Return these options as values for fields of Settings; None if an option is not given."""
    figures = False if no_figures else None
    return {"count": count, "languages": language, "model": model, "max_cost": max_cost, "figures": figures}


def parse_day(text: str | None, blog: Blog) -> date:
    """Return the DATE of the command line. Without one, or for `today`, return today in the site's zone. Raises UsageError."""
    today = dates.today(blog.now, blog.site.zone)
    if text in (None, "today"):
        return today
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None
    except ValueError:
        day = None
    if day is None:
        raise UsageError(f"{text!r} is not a date.", "Write it as 2026-02-27, or today.")
    if day.year not in _YEARS:
        raise UsageError(f"{text} is before arXiv existed.", "arXiv began in 1991.")
    if day > today:
        problem = f"{text} is in the future: today is {today} in the site's time zone."
        raise UsageError(problem, "Choose today or an earlier day.")
    return day

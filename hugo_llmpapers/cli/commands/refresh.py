"""`hugo-llmpapers refresh`: fills the holes of a post."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, reporting_failures
from hugo_llmpapers.cli.credentials import writes_claude
from hugo_llmpapers.cli.json_output import rows
from hugo_llmpapers.cli.left import Left
from hugo_llmpapers.cli.progress import Progress
from hugo_llmpapers.cli.wiring import run_context
from hugo_llmpapers.pipeline.request import PostRequest, scan_blog
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.model_names import author_name
from hugo_llmpapers.summaries.prices import format_usage


def refresh(
    day: Annotated[
        str | None,
        typer.Argument(help="Day of the post, as 2026-02-27, or today.", metavar="[DATE]", show_default="today"),
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of the post, as ja or en.", metavar="CODE")] = None,
    model: Annotated[str | None, typer.Option(help="Claude model.", metavar="NAME")] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave missing figures missing.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use cached answers only.")] = False,
    max_cost: Annotated[float | None, typer.Option(help="Most that Claude may cost.", metavar="USD")] = None,
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Put summaries in the place of excerpts, and figures where none were; leave all else as it is."""
    flags = {"languages": language, "model": model, "max_cost": max_cost, "figures": False if no_figures else None}
    left = Left()
    with reporting_failures(quiet=quiet, as_json=as_json, left=left) as console:
        blog = options.opened(source, environment, config, clock, flags)
        request = PostRequest(day=options.day(day, blog))
        options.report_unheeded(blog, console)
        blogs, documents = options.translations(blog, flags), left.documents
        left.watch(page.path for one in blogs if (page := scan_blog(request, one)[1]) is not None)
        for one in blogs:
            documents.append(_refresh(request, one, console, offline=offline))
        others = {"translations": documents[1:]} if len(documents) > 1 else {}
        console.document(documents[0] | others)


def _refresh(request: PostRequest, blog: Blog, console: Console, *, offline: bool) -> dict[str, Any]:
    """The post in one language, told to people; what there is to say for programs."""
    from hugo_llmpapers.pipeline.refresh import refresh as fill

    with Progress(quiet=console.quiet) as say:
        done = fill(request, blog, partial(run_context, progress=say, offline=offline))
    for left in done.skipped:
        console.note(f"{left.subject}: {left.reason}")
    if not writes_claude(blog.settings, blog.site.hugo.environ, sample=False):
        asked = blog.settings.summarizer == "excerpt"
        why = "as `summarizer` asks" if asked else "as there is no Claude API key"
        console.note(f"Excerpts stay as they are, {why}.")
    if done.missed:
        console.note(f"{_counted(done.missed, 'place')} of the post that you have changed stayed as they are.")
    if done.usage:
        console.note(f"{author_name(blog.settings.model)}: {format_usage(done.usage)}.")
    _result(console, done.path, done.summaries, done.figures, done.backup)
    return {
        "status": "refreshed" if done.backup is not None else "nothing to fill in",
        "path": str(done.path),
        "summaries": done.summaries,
        "figures": done.figures,
        "missed": done.missed,
        "backup": str(done.backup) if done.backup else None,
        "skipped": rows(done.skipped),
    }


def _result(console: Console, path: Path, summaries: int, figures: int, backup: Path | None) -> None:
    if backup is None:
        console.note("There was nothing to fill in.")
    else:
        console.note(f"Filled in: {_counted(summaries, 'summary', 'summaries')}, {_counted(figures, 'figure')}.")
        console.note(f"The post as it was is kept in {backup}.")
    console.result(str(path))


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"

"""Options that several commands share, and what they mean together."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.errors import SetupError, UsageError
from hugo_llmpapers.site import dates
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.hugo_program import find_program
from hugo_llmpapers.site.open_blog import open_blog
from hugo_llmpapers.site.site import Blog

Source = Annotated[
    Path, typer.Option("--source", "-s", help="Root folder of the Hugo site.", metavar="DIR", show_default="here")
]
Environment = Annotated[
    str,
    typer.Option(
        "--environment", "-e", help="Hugo's build environment.", metavar="NAME", envvar=["HUGO_ENVIRONMENT", "HUGO_ENV"]
    ),
]
Config = Annotated[str | None, typer.Option("--config", help="Hugo's configuration files.", metavar="FILES")]
Clock = Annotated[
    str | None,
    typer.Option("--clock", help="The time it is taken to be, as 2026-02-27T07:00:00+09:00.", metavar="TIME"),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but results and errors.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]

_YEARS = range(1991, 9900)
"""In which there is arXiv, and in which days can be counted back and on."""


def opened(
    source: Path, environment: str, config: str | None, clock: str | None, flags: Mapping[str, Any] | None = None
) -> Blog:
    """Reads the site; one run of Hugo. Raises UsageError and SetupError."""
    return open_blog(site_hugo(source, environment, config, clock), flags or {}, now(clock))


def report_unheeded(blog: Blog, console: Console) -> None:
    """What the configuration asks for and does not get."""
    from hugo_llmpapers.cli.unheeded import unheeded

    for line in unheeded(blog, os.environ):
        console.note(line)


def report_uncommittable(name: str, blog: Blog, console: Console) -> None:
    """That the post cannot be committed. Raises SetupError on GitHub Actions, where it would be paid for and thrown away."""
    from hugo_llmpapers.pipeline.build_hosts import host
    from hugo_llmpapers.post import workflow_checks
    from hugo_llmpapers.post.conflicts import ignored_by_git

    if host(os.environ).name != "GitHub Actions":
        if (problem := ignored_by_git(blog.site, name)) is not None:
            console.note(problem)
    elif content := os.environ.get("LLM_PAPERS_CONTENT"):  # our own workflow
        for problem, remedy in workflow_checks.problems(blog, name, Path(os.path.normpath(content))):
            raise SetupError(problem, remedy)
    elif (problem := ignored_by_git(blog.site, name)) is not None:
        raise SetupError(problem, workflow_checks.IGNORED_REMEDY)


def site_hugo(source: Path, environment: str, config: str | None, clock: str | None) -> Hugo:
    """How Hugo is called for the site. Raises SetupError where there is no Hugo."""
    environ = dict(os.environ)
    try:
        root = source.absolute()
    except FileNotFoundError:
        raise SetupError(
            "The folder that this was started in is gone.",
            "Change into another one, or name the whole path with --source.",
        ) from None
    return Hugo(
        program=find_program(environ.get("PATH", "")),
        source=root,
        environment=environment,
        config=config,
        clock=clock,
        environ=environ,
    )


def translations(blog: Blog, flags: Mapping[str, Any]) -> list[Blog]:
    """The blog in each language that a post is wanted in, the site's default language first: the others share its
    pictures. Raises SetupError."""
    codes = blog.settings.languages
    if len(codes) < 2:
        return [blog]
    blogs = [open_blog(blog.site.hugo, {**flags, "languages": (code,)}, blog.now) for code in codes]
    return sorted(blogs, key=lambda one: one.site.by_file_name)


def now(clock: str | None) -> datetime:
    """`--clock`, else the machine's clock in its own zone. Raises UsageError."""
    if clock is None:
        return datetime.now().astimezone()
    try:
        moment = datetime.fromisoformat(clock)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or moment.year not in _YEARS:
        raise UsageError(
            f"--clock {clock} is not a time with offset of our age.", "Write it as 2026-02-27T07:00:00+09:00."
        )
    return moment


def day(written: str | None, blog: Blog) -> date:
    """DATE of the command line; without one, or for `today`, today in the site's zone. Raises UsageError."""
    today = dates.today(blog.now, blog.site.zone)
    if written in (None, "today"):
        return today
    try:
        wanted = date.fromisoformat(written) if re.fullmatch(r"\d{4}-\d\d-\d\d", written) else None
    except ValueError:
        wanted = None
    if wanted is None:
        raise UsageError(f"{written or 'An empty word'} is not a date.", "Write it as 2026-02-27, or today.")
    if wanted.year not in _YEARS:
        raise UsageError(f"{written} is before there was arXiv.", "It began in 1991.")
    if wanted > today:
        raise UsageError(
            f"{written} is in the future: in the site's zone it is {today}.", "Choose a day that has begun."
        )
    return wanted

"""`hugo-llmpapers cache`: answers that were kept so that repeating a run is cheap."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import reporting_failures
from hugo_llmpapers.post.kept_posts import kept_posts_of
from hugo_llmpapers.web.cache import clear, forget, sizes

app = typer.Typer(
    help="Where kept answers are, how large, away with them.",
    rich_markup_mode=None,
    no_args_is_help=True,
    add_completion=False,
)


@app.command("path")
def path(
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    as_json: options.Json = False,
) -> None:
    """Print the cache's folder."""
    with reporting_failures(as_json=as_json) as console:
        blog = options.opened(source, environment, config, clock)
        console.result(str(blog.site.cache_dir))
        console.document({"path": str(blog.site.cache_dir)})


@app.command("info")
def info(
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    as_json: options.Json = False,
) -> None:
    """Print how much is kept of each kind."""
    with reporting_failures(as_json=as_json) as console:
        blog = options.opened(source, environment, config, clock)
        found = sizes(blog.site.cache)
        for kind, (files, size) in found.items():
            console.result(f"{kind:8s} {files:6d} files  {size / 1e6:9.1f} MB")
        if not found:
            console.result("empty")
        console.document({kind: {"files": files, "bytes": size} for kind, (files, size) in found.items()})


@app.command("clear")
def clear_(
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Throw away every answer that is kept, paid-for summaries included; posts that builds kept stay."""
    with reporting_failures(quiet=quiet, as_json=as_json) as console:
        blog = options.opened(source, environment, config, clock)
        blog.site.cache.folder("pace")  # it is ours from now on, or that is said
        gone = sum(files for files, _ in sizes(blog.site.cache).values())
        clear(blog.site.cache)
        console.note(f"{gone} answers are gone.")
        console.document({"removed": gone})


@app.command("forget")
def forget_(
    day: Annotated[str, typer.Argument(help="A day, as 2026-02-27.", metavar="DATE")],
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Throw away what runs of DATE kept; builds neither bring its post back nor write it again."""
    with reporting_failures(quiet=quiet, as_json=as_json) as console:
        blog = options.opened(source, environment, config, clock)
        forgotten, kept_posts = options.day(day, blog), kept_posts_of(blog)
        gone = forget(blog.site.cache, forgotten, blog.site.zone)
        posts = kept_posts.drop(forgotten)
        kept_posts.settle(forgotten, "forgotten")
        console.note(f"{gone} answers are gone, and {posts} kept post{'s' if posts != 1 else ''}.")
        console.document({"removed": gone, "posts": posts})

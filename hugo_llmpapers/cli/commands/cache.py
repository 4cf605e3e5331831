"""`hugo-llmpapers cache`: the cached answers, which make a repeated run cheap."""

from __future__ import annotations

from typing import Annotated

import typer

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.options import PlainUsage, SiteOptions, parse_day, site_command
from hugo_llmpapers.cli.terminal import counted
from hugo_llmpapers.post.kept_posts import kept_posts_of
from hugo_llmpapers.web import cache

app = typer.Typer(
    help="Show or clear the cached answers.", rich_markup_mode=None, no_args_is_help=True, add_completion=False
)


@app.command(cls=PlainUsage)
@site_command(quiet=None)
def path(console: Console, site: SiteOptions) -> None:
    """Print the cache folder."""
    folder = str(site.open().site.cache.root)
    console.result(folder)
    console.document({"path": folder})


@app.command(cls=PlainUsage)
@site_command(quiet=None)
def info(console: Console, site: SiteOptions) -> None:
    """Print the number and size of cached files of each kind."""
    sizes = cache.sizes(site.open().site.cache)
    for kind, (files, size) in sizes.items():
        console.result(f"{kind:8s} {files:6d} files  {cache.format_size(size):>12s}")
    if not sizes:
        console.result("empty")
    console.document({kind: {"files": files, "bytes": size} for kind, (files, size) in sizes.items()})


@app.command(cls=PlainUsage)
@site_command
def clear(console: Console, site: SiteOptions) -> None:
    """Delete all cached answers, including paid summaries. Does not delete posts kept by `prebuild`."""
    store = site.open().site.cache
    store.folder("pace")  # marks the folder as ours, or raises SetupError
    removed = sum(files for files, _ in cache.sizes(store).values())
    cache.clear(store)
    console.note(f"Deleted {counted(removed, 'cached answer')}.")
    console.document({"removed": removed})


@app.command(cls=PlainUsage)
@site_command
def forget(
    console: Console,
    site: SiteOptions,
    day: Annotated[str, typer.Argument(help="Day, such as 2026-02-27.", metavar="DATE")],
) -> None:
    """Delete the answers cached on DATE and the kept post of DATE. Builds neither restore its post nor write it again."""
    blog = site.open()
    forgotten, kept_posts = parse_day(day, blog), kept_posts_of(blog)
    removed = cache.forget(blog.site.cache, forgotten, blog.site.zone)
    posts = kept_posts.drop(forgotten)
    kept_posts.settle(forgotten, "forgotten")
    console.note(f"Deleted {counted(removed, 'cached answer')} and {counted(posts, 'kept post')}.")
    console.document({"removed": removed, "posts": posts})

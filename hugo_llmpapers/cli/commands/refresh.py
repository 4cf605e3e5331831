"""`hugo-llmpapers refresh`: fills in what a post is missing."""

from __future__ import annotations

from functools import partial
from typing import Any

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, Progress
from hugo_llmpapers.cli.credentials import uses_claude, warnings
from hugo_llmpapers.cli.options import SiteOptions, site_command
from hugo_llmpapers.cli.output import excerpt_reason, skipped_rows, usage_note
from hugo_llmpapers.cli.terminal import counted
from hugo_llmpapers.pipeline.request import PostRequest, scan_blog
from hugo_llmpapers.site.site import Blog


@site_command
def refresh(
    console: Console,
    site: SiteOptions,
    day: options.Day = None,
    language: options.Language = None,
    model: options.Model = None,
    no_figures: options.NoFigures = False,
    offline: options.Offline = False,
    max_cost: options.MaxCost = None,
) -> None:
    """Replace excerpts by summaries and add missing figures; leave everything else unchanged."""
    blogs = site.open_all(options.post_settings(None, language, model, max_cost, no_figures=no_figures))
    request = PostRequest(day=options.parse_day(day, blogs[0]))
    console.notes(warnings(blogs[0]))
    console.watch(page.path for blog in blogs if (page := scan_blog(request, blog)[1]) is not None)
    for blog in blogs:
        console.documents.append(_refresh(request, blog, console, offline=offline))
    console.print_documents(with_translations=len(blogs) > 1)


def _refresh(request: PostRequest, blog: Blog, console: Console, *, offline: bool) -> dict[str, Any]:
    from hugo_llmpapers.cli.wiring import run_context
    from hugo_llmpapers.pipeline.refresh import refresh as refresh_post

    with Progress(quiet=console.quiet) as progress:
        done = refresh_post(request, blog, partial(run_context, progress=progress, offline=offline))
    console.notes(f"{skipped.subject}: {skipped.reason}" for skipped in done.skipped)
    if not uses_claude(blog):
        console.note(f"Excerpts left unchanged: {excerpt_reason(blog.settings)}.")
    if done.missed:
        console.note(f"Left {counted(done.missed, 'place')} unchanged that you have edited.")
    if done.usage:
        console.note(usage_note(blog.settings, done.usage))
    if done.backup is None:
        complete = uses_claude(blog) and not (done.skipped or done.missed)
        parts = "summaries and figures" if blog.settings.figures else "summaries"
        console.note(f"Nothing to add: all {parts} are there." if complete else "Nothing was added.")
    else:
        added = f"{counted(done.summaries, 'summary', 'summaries')} and {counted(done.figures, 'figure')}"
        console.note(f"Added {added}. Backup of the old post: {done.backup}")
    console.result(str(done.path))
    return {
        "status": "refreshed" if done.backup is not None else "nothing to fill in",
        "path": str(done.path),
        "summaries": done.summaries,
        "figures": done.figures,
        "missed": done.missed,
        "backup": str(done.backup) if done.backup else None,
        "skipped": skipped_rows(done.skipped),
    }

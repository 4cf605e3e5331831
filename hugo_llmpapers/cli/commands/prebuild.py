"""`hugo-llmpapers prebuild`: the build hook. It never breaks a build and never blocks one."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from hugo_llmpapers.cli.console import Console, Progress
from hugo_llmpapers.cli.credentials import uses_claude, warnings
from hugo_llmpapers.cli.options import SiteOptions, site_command
from hugo_llmpapers.cli.prebuild_report import AS_IT_IS, Report, cache_notes
from hugo_llmpapers.cli.process import OutOfTime, exit_at_once, report_unwritten, time_limit
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.pipeline.build_hosts import host
from hugo_llmpapers.pipeline.prebuild import restore, write_due
from hugo_llmpapers.pipeline.request import AlreadyThere, PostRequest, Written, scan_blog
from hugo_llmpapers.pipeline.schedule import due_days
from hugo_llmpapers.post.kept_posts import KeptPosts, kept_posts_of
from hugo_llmpapers.site import dates, git
from hugo_llmpapers.site.config.config_files import config_files, integer_in_files
from hugo_llmpapers.site.config.settings import LONGEST_BUDGET_S, Settings
from hugo_llmpapers.site.config.tables import values_in_environment
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.site import Blog

_KeptByBlog = Sequence[tuple[Blog, KeptPosts]]

ONE_POST_S = 25.0
"""No further post is started with less time than this left."""


@site_command
def prebuild(
    console: Console,
    site: SiteOptions,
    previews: Annotated[bool, typer.Option("--previews", help="Also write posts in preview builds.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with an error code on failure.")] = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", help="Write a JSON report to this file.", metavar="FILE")
    ] = None,
) -> None:
    """Restore kept posts and write missing ones before `hugo` builds. Exit code 0 even on failure."""
    report = Report(host(os.environ), console)
    if report.host.preview and not previews:
        report.status, report.reason = "skipped", f"a preview: {report.host.preview}"
    else:
        _run(site, report)
    report.print(report_file)
    unwritten = report_unwritten()
    code = (report.exit_code or int(unwritten)) if strict else 0
    if report.status == "out of time":
        exit_at_once(code)
    if code:
        raise typer.Exit(code)


def _run(site: SiteOptions, report: Report) -> None:
    last_words = f"hugo-llmpapers: out of time. {AS_IT_IS}"
    try:
        with time_limit(_time_budget(site.hugo()), last_words):
            blogs = site.open_all({})
        end = report.started + blogs[0].settings.time_budget
        with time_limit(max(0.1, end - time.monotonic()), last_words):
            _restore_and_write(blogs, report, end)
    except OutOfTime:
        seconds = time.monotonic() - report.started
        message = f"out of time after {seconds:.0f} s; cached answers are not requested again"
        report.fail(message, status="out of time")
    except Exception as error:  # noqa: BLE001 - nothing may end the owner's build
        report.fail_with(error)


def _time_budget(hugo: Hugo) -> int:
    """Return the setting `timeBudget` in seconds, read without Hugo, which may be what hangs."""
    values = [*values_in_environment("timeBudget", hugo.environ)]
    in_files = integer_in_files("timeBudget", list(config_files(hugo)))
    budget = int(values[-1]) if values and values[-1].isdecimal() else in_files or Settings().time_budget
    return max(1, min(budget, LONGEST_BUDGET_S))


def _restore_and_write(blogs: Sequence[Blog], report: Report, end: float) -> None:
    kept = [(blog, kept_posts_of(blog)) for blog in blogs]
    report.notes += cache_notes(blogs[0], report.host, [kept_posts for _, kept_posts in kept])
    report.notes += warnings(blogs[0])
    _restore(kept, report)
    report.status, report.reason = "nothing due", "no post is due"
    if uses_claude(blogs[0]) or blogs[0].settings.summarizer == "excerpt":
        _write(kept, report, end)
    else:
        _check_without_key(kept, report)


def _restore(kept: _KeptByBlog, report: Report) -> None:
    """Bring back kept posts, unless git cannot tell which were deleted. Raises Failure if the site cannot be written."""
    site = kept[0][0].site
    try:
        git.check_history(site.root, site.hugo.environ)
        for kept_posts in dict.fromkeys(kept_posts for _, kept_posts in kept):
            sharing = [blog for blog, its_kept_posts in kept if its_kept_posts == kept_posts]
            for restored in restore(sharing, kept_posts):
                report.add_restored(restored, sharing[0].site.index_name)
    except git.HistoryUnreadable as error:
        report.exit_code = error.exit_code if any(kept_posts.names() for _, kept_posts in kept) else 0
        skipped = "No kept post is brought back and no missed day is made up for, as it may have been deleted"
        report.notes.append(f"{error.message}. {skipped}. {error.remedy}")


def _write(kept: _KeptByBlog, report: Report, end: float) -> None:
    from hugo_llmpapers.cli.wiring import run_context

    with Progress(quiet=report.console.quiet) as progress:
        open_context = partial(run_context, progress=progress)
        for number, (blog, kept_posts) in enumerate(kept):
            original = kept[0][0] if number else None
            for day in write_due(blog, kept_posts, open_context, lambda: time.monotonic() < end - ONE_POST_S, original):
                report.add_day(day.day, day.outcome)
                if isinstance(day.outcome, Written) and not day.kept:
                    report.notes.append("The post could not be cached: the next build will not have it.")


def _check_without_key(kept: _KeptByBlog, report: Report) -> None:
    """Fail only if a post is due: a build of a pull request has no key."""
    if missing := sorted({day for blog, kept_posts in kept for day in due_days(blog, kept_posts)}):
        days = ", ".join(day.isoformat() for day in missing)
        report.fail(
            f"there is no Claude API key, and a build writes excerpts only on request: no post of {days}",
            'Set ANTHROPIC_API_KEY for this build, or `summarizer = "excerpt"`.',
            exit_code=SetupError.exit_code,
        )
        return
    request = PostRequest(dates.today(kept[0][0].now, kept[0][0].site.zone))
    for blog, _ in kept:
        if (page := scan_blog(request, blog).existing) is not None:
            report.add_day(request.day, AlreadyThere(page.path))

"""`hugo-llmpapers prebuild`: the build hook. It never breaks a build, and never holds one up."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, headline, report_unwritten, reporting_failures
from hugo_llmpapers.cli.credentials import writes_claude
from hugo_llmpapers.cli.deadline import OutOfTime, budget_set, leave_at_once, within
from hugo_llmpapers.cli.progress import Progress
from hugo_llmpapers.cli.unheeded import unheeded
from hugo_llmpapers.cli.wiring import run_context
from hugo_llmpapers.errors import Failure, SetupError, from_os_error
from hugo_llmpapers.pipeline import build_hosts
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Nothing, Written
from hugo_llmpapers.site import dates, git
from hugo_llmpapers.site.site import Blog

if TYPE_CHECKING:
    from hugo_llmpapers.post.kept_posts import KeptPosts

ONE_POST_S = 25.0
"""With less time than this left, no further post is begun."""
_AS_IT_WAS = "The site is built as it is."
_OUT_OF_TIME = f"hugo-llmpapers: out of time. {_AS_IT_WAS}"


@dataclass(slots=True)
class _Report:
    """What happened so far; it is complete at every moment, as the time may be over at any."""

    host: build_hosts.Host
    status: str = "failed"
    reason: str = ""
    remedy: str = ""
    exit_code: int = 0
    """Under --strict."""
    back: list[dict[str, Any]] = field(default_factory=list)
    days: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def prebuild(
    previews: Annotated[bool, typer.Option("--previews", help="Write posts in previews of branches, too.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="A failure is an exit code, and ends the build.")] = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", help="Write what happened into this file, as JSON.", metavar="FILE")
    ] = None,
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Before `hugo` in a build: bring back earlier posts, write those that are due. Exit 0 whatever happens."""
    started = time.monotonic()
    report = _Report(build_hosts.host(os.environ))
    blog: Blog | None = None
    with reporting_failures(quiet=quiet, as_json=as_json) as console:
        try:
            if report.host.preview and not previews:
                report.status, report.reason = "skipped", f"a preview: {report.host.preview}"
            else:
                with within(budget_set(options.site_hugo(source, environment, config, clock)), _OUT_OF_TIME):
                    blog = options.opened(source, environment, config, clock)
                left_s = blog.settings.time_budget - (time.monotonic() - started)
                with within(max(0.1, left_s), _OUT_OF_TIME):
                    _build(blog, report, console, until=started + blog.settings.time_budget)
        except OutOfTime:
            report.status, report.exit_code = "out of time", 1
            over = f"the time is over after {time.monotonic() - started:.0f} s; what is kept is not asked again"
            report.reason = "; ".join([*_written(report), over])
        except Failure as failure:
            report.status, report.exit_code = "failed", failure.exit_code
            report.reason, report.remedy = failure.message.rstrip("."), failure.remedy
        except OSError as error:
            told = from_os_error(error)
            report.status, report.exit_code, report.remedy = "failed", told.exit_code, told.remedy
            report.reason = "; ".join([*_written(report), told.message.rstrip(".")])
        except Exception as error:  # noqa: BLE001 - a bug of ours, or a disk's fault, must not end the owner's build
            report.status, report.exit_code = "failed", 1
            said = " ".join(str(error).split())
            report.reason = "; ".join([*_written(report), f"{type(error).__name__}: {said}".rstrip(" :.")])
        _end(report, console, report_file, time.monotonic() - started)
        unwritten = report_unwritten()
        code = (report.exit_code or int(unwritten)) if strict else 0
        if report.status == "out of time":
            leave_at_once(code)
        if code:
            raise typer.Exit(code)


def _build(blog: Blog, report: _Report, console: Console, *, until: float) -> None:
    from hugo_llmpapers.pipeline.prebuild import write_due
    from hugo_llmpapers.post.kept_posts import kept_posts_of

    blogs = options.translations(blog, {})
    all_kept_posts = list(map(kept_posts_of, blogs))
    _say_what_is_lost(blog, all_kept_posts, report)
    report.notes += unheeded(blog, os.environ)
    try:
        git.check_history(blog.site.root, blog.site.hugo.environ)
        for kept_posts in dict.fromkeys(all_kept_posts):
            _bring_back(
                [one for one, its in zip(blogs, all_kept_posts, strict=True) if its == kept_posts],
                kept_posts,
                report,
                console,
            )
    except git.HistoryUnreadable as refusal:
        report.exit_code = refusal.exit_code if any(kept_posts.names() for kept_posts in all_kept_posts) else 0
        withheld = "No kept post is brought back and no missed day is made up for, as it may have been deleted"
        report.notes.append(f"{refusal.message}. {withheld}. {refusal.remedy}")
    report.status, report.reason = "nothing due", "no post is due"
    if not writes_claude(blog.settings, blog.site.hugo.environ, sample=False) and blog.settings.summarizer != "excerpt":
        _without_key(blogs, all_kept_posts, report, console)
        return
    with Progress(quiet=console.quiet) as say:
        for number, (one, kept_posts) in enumerate(zip(blogs, all_kept_posts, strict=True)):
            open_context = partial(run_context, progress=say)
            first = blogs[0] if number else None
            for day in write_due(one, kept_posts, open_context, lambda: until - time.monotonic() > ONE_POST_S, first):
                _tell_day(day.day.isoformat(), day.outcome, report, console)
                if isinstance(day.outcome, Written) and not day.kept:
                    report.notes.append("The cache does not take the post: the next build will not have it.")


def _bring_back(blogs: Sequence[Blog], kept_posts: KeptPosts, report: _Report, console: Console) -> None:
    """Raises Failure, see `prebuild.bring_back`."""
    from hugo_llmpapers.pipeline.prebuild import restore

    for back in restore(blogs, kept_posts):
        report.back.append({"name": back.name, "path": back.path and str(back.path), "reason": back.reason or None})
        if back.path is not None:
            console.result(str(back.path / blogs[0].site.index_name))
        else:
            report.notes.append(f"{back.name} stays away: {back.reason}.")


def _without_key(blogs: Sequence[Blog], all_kept_posts: Sequence[KeptPosts], report: _Report, console: Console) -> None:
    """A build without a key, as of a pull request, is none that failed where there is nothing to write."""
    from hugo_llmpapers.pipeline.request import PostRequest, scan_blog
    from hugo_llmpapers.pipeline.schedule import due_days

    if missing := sorted({day for pair in zip(blogs, all_kept_posts, strict=True) for day in due_days(*pair)}):
        report.status, report.exit_code = "failed", SetupError.exit_code
        what = ", ".join(day.isoformat() for day in missing)
        report.reason = f"there is no Claude API key, and a build writes no excerpts unless asked to: no post of {what}"
        report.remedy = 'Set ANTHROPIC_API_KEY for this build, or `summarizer = "excerpt"`.'
        return
    request = PostRequest(dates.today(blogs[0].now, blogs[0].site.zone))
    for blog in blogs:
        _, page = scan_blog(request, blog)
        if page is not None:
            _tell_day(request.day.isoformat(), AlreadyThere(page.path), report, console)


def _tell_day(day: str, outcome: Written | AlreadyThere | Nothing | Failure, report: _Report, console: Console) -> None:
    row: dict[str, Any] = {"day": day, "path": None, "reason": None}
    match outcome:
        case Written():
            row |= {"status": "written", "path": str(outcome.path), "url": outcome.draft.trial.url}
            report.notes += [f"{one.subject}: {one.reason}" for one in outcome.draft.skipped if one.stage == "render"]
            report.notes += outcome.draft.trial.warnings
            console.result(str(outcome.path))
        case AlreadyThere():
            row |= {"status": "already there", "path": str(outcome.path)}
        case Nothing():
            row |= {"status": "nothing to publish", "reason": outcome.reason}
        case Failure():
            row |= {"status": "failed", "reason": outcome.message, "remedy": outcome.remedy}
            report.exit_code, report.remedy = outcome.exit_code, outcome.remedy
    report.days.append(row)
    worst = next((d for d in report.days if d["status"] == "failed"), None)
    parts = _written(report)
    report.status = "failed" if worst else "written" if parts else str(row["status"])
    parts += [f"no post of {worst['day']}: {worst['reason'].rstrip('.')}"] if worst else []
    parts += [f"nothing to publish for {day}: {outcome.reason}"] if isinstance(outcome, Nothing) and not parts else []
    report.reason = "; ".join(parts) or report.status


def _written(report: _Report) -> list[str]:
    """The posts that were, in words; empty where there is none."""
    written = [row["day"] for row in report.days if row["status"] == "written"]
    return [f"wrote {', '.join(written)}"] if written else []


def _say_what_is_lost(blog: Blog, all_kept_posts: Sequence[KeptPosts], report: _Report) -> None:
    if report.host.keeps_cache is False:
        report.notes.append(
            f"{report.host.name} keeps nothing of a build for the next: this post will be gone then. "
            "Generate in a scheduled workflow and commit instead, see the README."
        )
    elif all_kept_posts[0].is_new and not report.host.keeps_checkout:
        report.notes.append(
            "The cache has no post of an earlier build: this is the first one, or the cache was lost, and with it each post "
            "that is not in the repository."
        )
    for kept_posts in dict.fromkeys(all_kept_posts):
        if kept_posts.unclaimed is not None:
            report.notes.append(
                f"Posts that an earlier version kept in {kept_posts.unclaimed} may be another site's, as other sites can have "
                f"the base URL {blog.site.config.get('baseurl')!r}, too: they are not brought back. If they are this site's, "
                f"move what is in it to {kept_posts.folder}; else delete it."
            )
    if git.is_shallow(blog.site.root, blog.site.hugo.environ):
        report.notes.append(
            "This clone is shallow: a post that was deleted before it begins cannot be told from a lost one. "
            "With the whole history it can: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab, VERCEL_DEEP_CLONE=true."
        )


def _end(report: _Report, console: Console, report_file: Path | None, seconds: float) -> None:
    back = sum(1 for row in report.back if row["path"])
    for note in dict.fromkeys(report.notes):
        console.note(note)
    brought = f"; {back} post{'s' if back != 1 else ''} brought back" if back else ""
    loud = report.status in ("failed", "out of time")
    line = headline(f"{report.reason}{brought}.") + (f" {_AS_IT_WAS}" if loud else "")
    print(line, file=sys.stderr) if loud else console.note(line)
    if loud and report.remedy:
        print(f"  {report.remedy}", file=sys.stderr)
    document = {
        "status": report.status,
        "reason": report.reason or None,
        "remedy": report.remedy or None,
        "host": report.host.name,
        "preview": report.host.preview,
        "brought_back": report.back,
        "days": report.days,
        "notes": report.notes,
        "seconds": round(seconds, 1),
    }
    console.document(document)
    if report_file is not None:
        try:
            report_file.write_text(
                json.dumps(document, ensure_ascii=False, indent=2) + "\n",
                encoding="utf-8",
                errors="replace",
                newline="\n",
            )
        except OSError as error:
            print(f"hugo-llmpapers: {report_file} cannot be written: {error.strerror}.", file=sys.stderr)

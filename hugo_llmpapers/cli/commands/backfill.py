"""`hugo-llmpapers backfill`: the posts of past days."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, reporting_failures
from hugo_llmpapers.cli.credentials import writes_claude
from hugo_llmpapers.cli.json_output import rows
from hugo_llmpapers.cli.progress import Progress
from hugo_llmpapers.cli.wiring import run_context
from hugo_llmpapers.errors import Failure, ServicesFailed, UsageError
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Nothing, Written
from hugo_llmpapers.pipeline.run_context import OpenContext
from hugo_llmpapers.records import Step, Usage, paper_count
from hugo_llmpapers.site.dates import each
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.model_names import author_name
from hugo_llmpapers.summaries.prices import AS_OF, format_usage

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.backfill import BackfillPlan, Outcome
    from hugo_llmpapers.pipeline.backfill_state import BackfillState

_INTERRUPTED = "what is written stays, and the same command goes on from here"


def backfill(
    since: Annotated[str, typer.Argument(help="First day, as 2026-02-24.")],
    until: Annotated[str, typer.Argument(help="Last day.")],
    every: Annotated[
        Literal["1d", "7d", "weekday"], typer.Option(help="Which days: all, every seventh, Monday to Friday.")
    ] = "1d",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before paying.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show days, papers and price; write and pay nothing.")
    ] = False,
    count: Annotated[int | None, typer.Option(help="Papers in each post.", metavar="N")] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of posts and summaries, as ja or en.", metavar="CODE")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Claude model.", metavar="NAME")] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave the figures out.")] = False,
    max_cost: Annotated[
        float | None, typer.Option(help="Most that Claude may cost for one post.", metavar="USD")
    ] = None,
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Write the posts of past days that are missing, their summaries in batches at half the price."""
    flags = {
        "count": count,
        "languages": language,
        "model": model,
        "max_cost": max_cost,
        "figures": False if no_figures else None,
    }
    with reporting_failures(quiet=quiet, as_json=as_json, interrupted=_INTERRUPTED) as console:
        blog = options.opened(source, environment, config, clock, flags)
        first, last = options.day(since, blog), options.day(until, blog)
        if first > last:
            raise UsageError(f"{since} is after {until}.", "Name the first day first.")
        if not (yes or dry_run or sys.stdin.isatty()):
            raise UsageError(
                "backfill asks before it pays, and there is no terminal to ask on.",
                "Look at the price with --dry-run, then give --yes.",
            )
        options.report_unheeded(blog, console)
        days, documents = each(first, last, every), list[dict[str, Any]]()
        from hugo_llmpapers.pipeline.backfill_state import open_state

        blogs = options.translations(blog, flags)
        for one in blogs[:1] if dry_run else blogs:
            with open_state(one) as backfill_state:
                original = blogs[0] if documents else None
                documents.append(_backfill(days, one, original, backfill_state, console, ask=not yes, dry_run=dry_run))
        if dry_run and (others := [one.language for one in blogs[1:]]):
            console.note(f"And as much again for each translation: {', '.join(others)}.")
        translations = {"translations": documents[1:]} if len(documents) > 1 else {}
        console.document(documents[0] | translations)


def _backfill(
    days: list[date],
    blog: Blog,
    first: Blog | None,
    backfill_state: BackfillState,
    console: Console,
    *,
    ask: bool,
    dry_run: bool,
) -> dict[str, Any]:
    """One language's posts, told to people; what there is to say for programs. Raises Failure."""
    from hugo_llmpapers.pipeline.backfill import plan

    with Progress(quiet=console.quiet) as say:
        outlook = plan(days, blog, _opener(say), backfill_state, first)
    _tell(outlook, blog, console)
    if dry_run:
        return _document("planned", outlook, {}, outlook.estimate)
    if ask and outlook.to_ask and not typer.confirm("Go on?", err=True):
        raise Failure("Nothing was paid for and nothing was written.", "The chosen papers are kept for the next time.")
    outcomes: dict[date, Outcome] = {}
    before = _total(backfill_state)
    try:
        _carry_out(outlook, outcomes, blog, backfill_state, console)
        _check(outlook, outcomes)
    except Failure as failure:
        failure.document = _document("failed", outlook, outcomes, _since(before, backfill_state))
        raise
    finally:
        total = _since(before, backfill_state)
        if total:
            console.note(f"{author_name(blog.settings.model)}: {format_usage(total)}.")
        backfill_state.clear_if_done()
    return _document("done", outlook, outcomes, total)


def _carry_out(
    outlook: BackfillPlan, outcomes: dict[date, Outcome], blog: Blog, backfill_state: BackfillState, console: Console
) -> None:
    """Adds to `outcomes` what becomes of each day, as it is settled. Raises Failure."""
    from hugo_llmpapers.pipeline.backfill import carry_out

    with Progress(quiet=console.quiet) as say:
        for day, outcome in carry_out(outlook, blog, _opener(say), backfill_state):
            outcomes[day] = outcome
            say(Step("write", day.isoformat(), "failed" if isinstance(outcome, Failure) else "done", _said(outcome)))
            if isinstance(outcome, Written):
                console.result(str(outcome.path))


def _total(backfill_state: BackfillState) -> Usage:
    return sum(backfill_state.spent().values(), Usage())


def _since(before: Usage, backfill_state: BackfillState) -> Usage:
    """What this run took."""
    now = _total(backfill_state)
    usd = None if before.usd is None or now.usd is None else now.usd - before.usd
    tokens = now.input_tokens - before.input_tokens, now.output_tokens - before.output_tokens
    return Usage(*tokens, usd, now.perhaps_usd - before.perhaps_usd)


def _opener(say: Progress) -> OpenContext:
    """Without the steps of single papers, which would be thousands of lines."""
    return partial(run_context, progress=lambda step: say(step) if step.stage in ("plan", "batch") else None)


def _tell(outlook: BackfillPlan, blog: Blog, console: Console) -> None:
    for day, path in outlook.there:
        console.note(f"{day}  already there: {path}")
    for day, why in outlook.empty:
        console.note(f"{day}  nothing to publish: {why}")
    for one in outlook.planned:
        titles = "; ".join(candidate.paper.title[:40] for candidate in one.first)
        console.note(f"{one.day}  {paper_count(len(one.first))}: {titles}")
    names = sorted({failed.reason for failed in outlook.failed_sources})
    for reason in names:
        times = sum(failed.reason == reason for failed in outlook.failed_sources)
        console.note(f"{reason} (on {times} of {len(outlook.planned)} days)")
    posts = f"{len(outlook.planned)} posts to write"
    if not writes_claude(blog.settings, blog.site.hugo.environ, sample=False):
        console.note(f"{posts} of excerpts: no cost.")
        return
    if outlook.under_way:
        console.note(f"{outlook.under_way} summaries are paid for and under way.")
    how = "in batches" if outlook.in_batch else "one by one, as the endpoint takes no batches"
    usd = outlook.estimate.usd
    price = f"about ${usd:.2f} (prices of {AS_OF})" if usd is not None else "a price that is not known"
    most = f", at most ${blog.settings.max_cost * len(outlook.planned):.2f}" if usd is not None else ""
    console.note(f"{posts}, {outlook.to_ask} summaries to pay for, by {blog.settings.model} {how}: {price}{most}.")


def _check(outlook: BackfillPlan, outcomes: dict[date, Outcome]) -> None:
    """Raises Failure where a day failed."""
    failed = {day: outcome for day, outcome in outcomes.items() if isinstance(outcome, Failure)}
    if not failed:
        return
    kind = ServicesFailed if all(isinstance(one, ServicesFailed) for one in failed.values()) else Failure
    troubles = {one.trouble for one in failed.values()}
    remedy = "Run the same command again: only these are tried again."
    remedies = {one.remedy.removeprefix("The post was not written.").lstrip() for one in failed.values()}
    if kind is Failure and len(remedies) == 1:
        remedy = remedies.pop()  # what failed its checks is kept, and the same command would not ask again
    raise kind(
        f"{len(failed)} of {len(outlook.planned)} posts could not be written: "
        + "; ".join(f"{day}: {one.message.rstrip('.')}" for day, one in failed.items())
        + ".",
        remedy,
        trouble=troubles.pop() if len(troubles) == 1 else None,
    )


def _said(outcome: Outcome) -> str:
    match outcome:
        case Written():
            return paper_count(len(outcome.draft.post.entries))
        case AlreadyThere():
            return "already there"
        case Nothing():
            return f"nothing to publish: {outcome.reason}"
        case Failure():
            return outcome.message


def _document(status: str, outlook: BackfillPlan, outcomes: dict[date, Outcome], usage: Usage) -> dict[str, Any]:
    posts: list[dict[str, Any]] = [{"day": day, "status": "already there", "path": path} for day, path in outlook.there]
    posts += [{"day": day, "status": "nothing to publish", "reason": why} for day, why in outlook.empty]
    for one in outlook.planned:
        outcome = outcomes.get(one.day)
        written = outcome.path if isinstance(outcome, Written) else None
        ids = [candidate.paper.arxiv_id for candidate in one.first]
        posts.append({"day": one.day, "status": _said(outcome) if outcome else status, "path": written, "papers": ids})
    return {
        "status": status,
        "posts": sorted(posts, key=lambda post: str(post["day"])),
        "to_ask": outlook.to_ask,
        "under_way": outlook.under_way,
        "in_batch": outlook.in_batch,
        "skipped": rows(dict.fromkeys(outlook.failed_sources)),
        "usage": {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "usd": usage.usd},
        "perhaps_usd": usage.perhaps_usd,
    }

"""`hugo-llmpapers backfill`: the posts of past days."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, Progress
from hugo_llmpapers.cli.credentials import uses_claude, warnings
from hugo_llmpapers.cli.options import SiteOptions, parse_day, site_command
from hugo_llmpapers.cli.output import skipped_rows, usage_fields, usage_note
from hugo_llmpapers.cli.terminal import confirm, counted, shortened
from hugo_llmpapers.errors import Failure, ServicesFailed, UsageError
from hugo_llmpapers.pipeline.request import DayOutcome, Nothing, Written
from hugo_llmpapers.records import Step, Usage, paper_count
from hugo_llmpapers.site.dates import each
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.prices import AS_OF

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.backfill import BackfillPlan
    from hugo_llmpapers.pipeline.backfill_state import BackfillState
    from hugo_llmpapers.pipeline.run_context import OpenContext


@site_command
def backfill(
    console: Console,
    site: SiteOptions,
    since: Annotated[str, typer.Argument(help="First day, such as 2026-02-24.", metavar="SINCE")],
    until: Annotated[str, typer.Argument(help="Last day.", metavar="UNTIL")],
    every: Annotated[
        Literal["1d", "7d", "weekday"], typer.Option(help="Which days: all, every seventh, Monday to Friday.")
    ] = "1d",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Pay without asking.")] = False,
    dry_run: options.DryRun = False,
    count: options.Count = None,
    language: options.Language = None,
    model: options.Model = None,
    no_figures: options.NoFigures = False,
    max_cost: options.MaxCost = None,
) -> None:
    """Write the missing posts of past days. Their summaries come in batches, at half the price."""
    console.if_interrupted = "finished posts stay, and the same command continues from here"
    blogs = site.open_all(options.post_settings(count, language, model, max_cost, no_figures=no_figures))
    first, last = parse_day(since, blogs[0]), parse_day(until, blogs[0])
    if first > last:
        raise UsageError(f"SINCE ({first}) is after UNTIL ({last}).", "Swap them.")
    if not (yes or dry_run or sys.stdin.isatty()):
        raise UsageError(
            "backfill asks before it pays, and there is no terminal to ask on.",
            "Check the price with --dry-run, then run with --yes.",
        )
    console.notes(warnings(blogs[0]))
    days, documents = each(first, last, every), list[dict[str, Any]]()
    from hugo_llmpapers.pipeline.backfill_state import open_state

    for blog in blogs[:1] if dry_run else blogs:
        original = blogs[0] if documents else None
        with open_state(blog) as state:
            documents.append(_backfill(days, blog, original, state, console, ask=not yes, dry_run=dry_run))
    if dry_run and len(blogs) > 1:
        console.note(f"Each translation costs the same again: {', '.join(blog.language for blog in blogs[1:])}.")
    console.documents = documents
    console.print_documents(with_translations=len(documents) > 1)


def _backfill(
    days: Sequence[date],
    blog: Blog,
    original: Blog | None,
    state: BackfillState,
    console: Console,
    *,
    ask: bool,
    dry_run: bool,
) -> dict[str, Any]:
    """Plan and write the posts in one language, and return its document. Raises Failure."""
    from hugo_llmpapers.pipeline.backfill import plan as make_plan

    with Progress(quiet=console.quiet) as progress:
        plan = make_plan(days, blog, _opener(progress), state, original)
    console.notes(_format_plan(plan, blog))
    if dry_run:
        return _document("planned", plan, {}, plan.estimate)
    if ask and plan.to_ask and not confirm("Continue?"):
        raise Failure("Nothing was paid and nothing was written.", "The chosen papers are kept for the next run.")
    outcomes: dict[date, DayOutcome] = {}
    before = state.spent()
    try:
        _write(plan, outcomes, blog, state, console)
        _check_outcomes(plan, outcomes)
    except Failure as failure:
        failure.document = _document("failed", plan, outcomes, _usage_since(before, state))
        raise
    finally:
        usage = _usage_since(before, state)
        if usage:
            console.note(usage_note(blog.settings, usage))
        state.clear_if_done()
    return _document("done", plan, outcomes, usage)


def _write(
    plan: BackfillPlan, outcomes: dict[date, DayOutcome], blog: Blog, state: BackfillState, console: Console
) -> None:
    """Write the posts; add each day's outcome to `outcomes` as soon as it is known. Raises Failure."""
    from hugo_llmpapers.pipeline.backfill import carry_out

    with Progress(quiet=console.quiet) as progress:
        for day, outcome in carry_out(plan, blog, _opener(progress), state):
            outcomes[day] = outcome
            failed = isinstance(outcome, Failure)
            progress(Step("write", day.isoformat(), "failed" if failed else "done", _format_outcome(outcome)))
            if isinstance(outcome, Written):
                console.result(str(outcome.path))


def _opener(progress: Callable[[Step], None]) -> OpenContext:
    """Return what opens a run context that reports days and batches, not single papers."""
    from hugo_llmpapers.cli.wiring import run_context

    def report(step: Step) -> None:
        if step.stage in ("plan", "batch"):
            progress(step)

    return partial(run_context, progress=report)


def _usage_since(spent: Mapping[date, Usage], state: BackfillState) -> Usage:
    before, total = sum(spent.values(), Usage()), sum(state.spent().values(), Usage())
    usd = None if before.usd is None or total.usd is None else total.usd - before.usd
    tokens = total.input_tokens - before.input_tokens, total.output_tokens - before.output_tokens
    return Usage(*tokens, usd, total.perhaps_usd - before.perhaps_usd)


def _format_plan(plan: BackfillPlan, blog: Blog) -> Iterator[str]:
    """Yield a line for each day, for each source that failed, and for the price."""
    yield from (f"{day}  already exists: {path}" for day, path in plan.there)
    yield from (f"{day}  nothing to publish: {reason}" for day, reason in plan.empty)
    for day in plan.planned:
        titles = "; ".join(shortened(candidate.paper.title, 40) for candidate in day.first)
        yield f"{day.day}  {paper_count(len(day.first))}: {titles}"
    for reason, times in sorted(Counter(failed.reason for failed in plan.failed_sources).items()):
        yield f"{reason} (on {times} of {len(plan.planned)} days)"
    if not plan.planned:
        yield "Nothing to write." if plan.empty else "All posts exist; nothing to write."
        return
    posts = f"{counted(len(plan.planned), 'post')} to write"
    if not uses_claude(blog):
        yield f"{posts} of excerpts: no cost."
        return
    if plan.under_way:
        yield f"{plan.under_way} summaries are paid for and under way."
    how = "in batches" if plan.in_batch else "one by one, as the endpoint takes no batches"
    price = "price unknown, so maxCost does not apply"
    if plan.estimate.usd is not None:
        most = blog.settings.max_cost * len(plan.planned)
        price = f"estimated ${plan.estimate.usd:.2f} (prices of {AS_OF}), at most ${most:.2f}"
    yield f"{posts}, {counted(plan.to_ask, 'summary', 'summaries')} to pay for, by {blog.settings.model} {how}: {price}."


def _format_outcome(outcome: DayOutcome) -> str:
    match outcome:
        case Written():
            return paper_count(len(outcome.draft.post.entries))
        case Nothing():
            return f"nothing to publish: {outcome.reason}"
        case Failure():
            return outcome.message
        case _:
            return outcome.status


def _check_outcomes(plan: BackfillPlan, outcomes: Mapping[date, DayOutcome]) -> None:
    failed = {day: outcome for day, outcome in outcomes.items() if isinstance(outcome, Failure)}
    if not failed:
        return
    kind = ServicesFailed if all(isinstance(one, ServicesFailed) for one in failed.values()) else Failure
    troubles = {one.trouble for one in failed.values()}
    remedies = {one.remedy.removeprefix("The post was not written.").lstrip() for one in failed.values()}
    remedy = "Run the same command again: it retries only these."
    if kind is Failure and len(remedies) == 1:
        remedy = remedies.pop()  # answers that failed their checks are cached, and the same command would not ask again
    messages = "; ".join(f"{day}: {one.message.rstrip('.')}" for day, one in failed.items())
    raise kind(
        f"{len(failed)} of {len(plan.planned)} posts could not be written: {messages}.",
        remedy,
        trouble=troubles.pop() if len(troubles) == 1 else None,
    )


def _document(status: str, plan: BackfillPlan, outcomes: Mapping[date, DayOutcome], usage: Usage) -> dict[str, Any]:
    posts: list[dict[str, Any]] = [{"day": day, "status": "already there", "path": path} for day, path in plan.there]
    posts += [{"day": day, "status": "nothing to publish", "reason": reason} for day, reason in plan.empty]
    for one in plan.planned:
        outcome = outcomes.get(one.day)
        path = outcome.path if isinstance(outcome, Written) else None
        ids = [candidate.paper.arxiv_id for candidate in one.first]
        posts.append(
            {"day": one.day, "status": _format_outcome(outcome) if outcome else status, "path": path, "papers": ids}
        )
    return {
        "status": status,
        "posts": sorted(posts, key=lambda post: str(post["day"])),
        "to_ask": plan.to_ask,
        "under_way": plan.under_way,
        "in_batch": plan.in_batch,
        "skipped": skipped_rows(dict.fromkeys(plan.failed_sources)),
        "usage": usage_fields(usage),
        "perhaps_usd": usage.perhaps_usd,
    }

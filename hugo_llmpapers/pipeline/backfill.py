"""Past days at once: the papers of all of them first, then their summaries in batches at half the price.

    days ─► papers of each ─► price ─► (consent) ─► batch: send, wait, keep ─► write each post whose summaries are there

Every step's result is on disk before the next one begins (see `batch_state`), so that the same command, run again after an end
at any moment, goes on from there and pays for nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.pipeline import batch_run, new
from hugo_llmpapers.pipeline.batch_state import BackfillState, Planned, failed_sources, without_source_texts
from hugo_llmpapers.pipeline.entries import max_candidates
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Nothing, Written
from hugo_llmpapers.pipeline.request import PostRequest, find_post
from hugo_llmpapers.pipeline.run_context import OpenContext, RunContext
from hugo_llmpapers.pipeline.select import select
from hugo_llmpapers.records import Selection, Skipped, Step, Usage, paper_count
from hugo_llmpapers.site import history
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries import batches
from hugo_llmpapers.summaries.prompt import LONGEST_TEXT, prompt
from hugo_llmpapers.summaries.summarize import SummaryContext, key_of, next_question, typical

ROUNDS = 3
"""Batches that one question is put into, if those before brought no answer to it."""
OUTAGES = 2
"""Posts in a row that may fail for want of Claude, or of a text in its answers, before the others are not tried."""

Outcome = Written | AlreadyThere | Nothing | Failure


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """What a backfill would do."""

    there: tuple[tuple[date, Path], ...]
    """Days that have their post."""
    empty: tuple[tuple[date, str], ...]
    """Days without a paper, with the reason."""
    planned: tuple[Planned, ...]
    failed_sources: tuple[Skipped, ...]
    """For each day and source that did not answer."""
    to_ask: int
    """Papers that are still to be paid for."""
    under_way: int
    """Papers in batches that are sent and not read."""
    in_batch: bool
    """Whether Claude's endpoint takes batches."""
    estimate: Usage
    """What the papers to be asked about usually take."""


def plan(
    days: Sequence[date],
    blog: Blog,
    open_context: OpenContext,
    backfill_state: BackfillState,
    first: Blog | None = None,
) -> BackfillPlan:
    """Chooses the papers of every day that has no post. Nothing is paid for. Raises Failure in its kinds.

    `first`: the blog in the language whose posts these are to be translations of.
    """
    known = list(history.pages(blog.site.content_dirs, blog.site.content_suffixes))
    there: list[tuple[date, Path]] = []
    empty: list[tuple[date, str]] = []
    wanted: list[PostRequest] = []
    for day in days:
        request = PostRequest(day)
        if (existing := find_post(known, request, blog)) is not None:
            there.append((day, existing.path))
            backfill_state.drop_planned(day)
        elif first is None:
            wanted.append(request)
        elif (other := find_post(known, request, first)) is not None:
            wanted.append(replace(request, like=other))
        else:
            empty.append((day, f"there is no post in {first.language} to translate"))
    # What is in the way of one post is in the way of all; a day that has its post would be refused for having it.
    for request in wanted[:1]:
        new.trial_proof(request, blog, new.check_site(PostRequest(request.day), blog, None))
    kept = {one.day: one for request in wanted if (one := _kept(request, blog, backfill_state)) is not None}
    known += [_as_page(one) for one in kept.values()]
    failed: list[Skipped] = []
    planned: list[Planned] = []
    with open_context() as context:
        for request in wanted:
            if (chosen := kept.get(request.day)) is None:
                selection = select(request, blog, known, None, context)
                if not selection.candidates:
                    failed += failed_sources(selection)
                    empty.append((request.day, selection.shortage_reason or ""))
                    backfill_state.drop_planned(request.day)
                    continue
                count = len(selection.candidates) if selection.all_or_nothing else blog.settings.count
                chosen = Planned(
                    request.day, count, _choice(blog, request), without_source_texts(selection, max_candidates(count))
                )
                backfill_state.put_planned(chosen)
                # The days after must choose others.
                known.append(_as_page(chosen))
            planned.append(chosen)
            failed += failed_sources(chosen.selection)
            context.entry_context.tell(Step("plan", request.day.isoformat(), "done", paper_count(len(chosen.first))))
        return _outlook(there, empty, failed, planned, blog, context, backfill_state)


def carry_out(
    outlook: BackfillPlan,
    blog: Blog,
    open_context: OpenContext,
    paying: Callable[[Blog], OpenContext],
    backfill_state: BackfillState,
) -> Iterator[tuple[date, Outcome]]:
    """Has the summaries written and writes the posts; gives each as it is settled, a Failure for a day that failed.

    `paying`: the tools of one post, whose settings say how much it may still cost. Raises SetupError for what concerns
    every post, ServicesFailed where Claude cannot be asked.
    """
    waiting = list(outlook.planned)
    outages = 0
    with open_context() as context:
        summary_context = context.summary_context if outlook.in_batch else None
        sent = 0
        while waiting:
            missing = (
                batch_run.missing(waiting, blog, summary_context, context, backfill_state)
                if summary_context is not None
                else []
            )
            if summary_context is not None and missing and sent < ROUNDS:
                batch_run.send(missing, summary_context, backfill_state, context)
                missing, sent = [], sent + 1
            under_way = [batch for batch in backfill_state.batches() if not batch.is_read]
            unsettled = {q.day for q, _ in missing} | {q.day for batch in under_way for q in batch.questions}
            for one in [one for one in waiting if one.day not in unsettled]:
                waiting.remove(one)
                outcome = _written(one, outlook.planned, blog, paying, backfill_state)
                outages = outages + 1 if _is_outage(outcome) else 0
                yield one.day, outcome
                if outages >= OUTAGES and isinstance(outcome, Failure):
                    raise outcome
            if summary_context is None or not under_way:
                break
            batch_run.read(under_way[0], summary_context, backfill_state, context)
    for one in waiting:
        yield one.day, ServicesFailed("Claude did not answer for all its papers.", "Run the same command again.")


def _is_outage(outcome: Outcome) -> bool:
    """Whether the next post is likely to fail as well: every paper would be paid for, and none summarised."""
    return isinstance(outcome, ServicesFailed) or (isinstance(outcome, Failure) and outcome.trouble == "malformed")


def _kept(request: PostRequest, blog: Blog, backfill_state: BackfillState) -> Planned | None:
    """The papers that an earlier run chose for the day, if they are to stay.

    A choice without one of the sources is a makeshift: it stays only if Claude was asked about it.
    """
    chosen = backfill_state.planned(request.day)
    if chosen is None or chosen.choice != _choice(blog, request):
        return None
    return chosen if request.day in backfill_state.begun() or not failed_sources(chosen.selection) else None


def _as_page(one: Planned) -> history.Page:
    return history.Page(Path(), tuple(c.paper.arxiv_id for c in one.first))


def _outlook(
    there: list[tuple[date, Path]],
    empty: list[tuple[date, str]],
    failed: list[Skipped],
    planned: list[Planned],
    blog: Blog,
    context: RunContext,
    backfill_state: BackfillState,
) -> BackfillPlan:
    summary_context = context.summary_context
    under_way = {q.key for batch in backfill_state.batches() for q in batch.questions}
    in_batch, to_pay = False, list[Usage]()
    text = "-" * LONGEST_TEXT if blog.settings.summary_input == "pdf" else None
    if summary_context is not None:
        in_batch = _takes_batches(summary_context)
        for paper in (candidate.paper for one in planned for candidate in one.first):
            key = key_of(paper, prompt(paper, summary_context.language), summary_context.model, summary_context)
            asked = prompt(paper, summary_context.language, text)
            question = next_question(paper, asked, summary_context) if key not in under_way else None
            if question is not None:
                first_of_all = question == (
                    asked,
                    summary_context.model,
                )  # a repair and the fallback model are asked by calls
                to_pay.append(typical(*question, in_batch=in_batch and first_of_all))
    days = tuple(there), tuple(empty), tuple(planned)
    return BackfillPlan(*days, tuple(failed), len(to_pay), len(under_way), in_batch, sum(to_pay, Usage()))


def _takes_batches(summary_context: SummaryContext) -> bool:
    try:
        batches.newest(summary_context.client())
    except batches.NoBatches:
        return False
    return True


def _written(
    one: Planned,
    all_planned: Sequence[Planned],
    blog: Blog,
    paying: Callable[[Blog], OpenContext],
    backfill_state: BackfillState,
) -> Outcome:
    """The day's post. What was paid for it before comes off the most that it may cost. Raises SetupError."""
    reserve = {c.paper.arxiv_id for other in all_planned if other.day != one.day for c in other.first}

    def choose(
        _order: PostRequest, _blog: Blog, known: Sequence[history.Page], _existing: object, _tools: RunContext
    ) -> Selection:
        if one.selection.all_or_nothing:
            return one.selection
        taken = history.covered(known) | reserve
        left = tuple(c for c in one.selection.candidates if c.paper.arxiv_id not in taken)
        why = one.selection.shortage_reason if left else "its papers are all in the blog by now"
        return replace(one.selection, candidates=left, shortage_reason=why)

    left_usd = max(0.0, blog.settings.max_cost - (backfill_state.paid().get(one.day, Usage()).usd or 0.0))
    capped_blog = replace(blog, settings=replace(blog.settings, max_cost=left_usd))

    @contextmanager
    def counting() -> Iterator[RunContext]:
        with paying(capped_blog)() as context:
            if context.summary_context is not None:
                backfill_state.add_calls(one.day, Usage())  # a run that is killed meanwhile does not come to count them
            try:
                yield context
            finally:
                if context.spent() != Usage():
                    backfill_state.add_calls(one.day, context.spent())

    try:
        outcome = new.write(PostRequest(one.day), capped_blog, counting, choose)
    except SetupError:
        raise
    except Failure as failure:
        return failure
    backfill_state.drop_planned(one.day)
    return outcome


def _choice(blog: Blog, request: PostRequest) -> str:
    """Stands for all that the choice of papers depends on."""
    settings = blog.settings
    said = (
        settings.count, settings.sources, settings.keywords, settings.categories, settings.exclude, settings.window_days,
        history.papers_of(request.like) if request.like is not None else (),
    )  # fmt: skip
    return sha256(repr(said).encode()).hexdigest()[:16]

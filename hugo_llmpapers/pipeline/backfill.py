"""Past days at once: the papers of all of them first, then their summaries in batches at half the price.

    days ─► papers of each ─► price ─► (consent) ─► batch: send, wait, store ─► write each post whose summaries are there

Every result is on disk before the next step begins (see `backfill_state`), so that the same command, run again after an end
at any moment, continues and pays for nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.pipeline import new
from hugo_llmpapers.pipeline.backfill_state import BackfillState, Planned, failed_sources, without_source_texts
from hugo_llmpapers.pipeline.batch_run import BatchRun, open_questions
from hugo_llmpapers.pipeline.draft import trial_post
from hugo_llmpapers.pipeline.entries import max_candidates
from hugo_llmpapers.pipeline.request import BlogScan, DayOutcome, PostRequest, find_post
from hugo_llmpapers.pipeline.run_context import OpenContext, RunContext
from hugo_llmpapers.pipeline.select import post_size, select
from hugo_llmpapers.records import Skipped, Step, Usage, paper_count
from hugo_llmpapers.site import history
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries import batches
from hugo_llmpapers.summaries.prompt import MAX_TEXT
from hugo_llmpapers.summaries.summarize import SummaryContext, typical_usage

MAX_SENDS = 3
"""Batches that a question may be in before it counts as unanswered."""
MAX_OUTAGES = 2
"""Posts in a row that may fail for an outage of Claude, or malformed answers, before the others are not tried."""


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """What a backfill would do."""

    there: tuple[tuple[date, Path], ...]
    """Days that have their post."""
    empty: tuple[tuple[date, str], ...]
    """Days without a paper, with the reason."""
    planned: tuple[Planned, ...]
    failed_sources: tuple[Skipped, ...]
    """One for each day and source that did not answer."""
    to_ask: int
    """Papers that are still to be paid for."""
    under_way: int
    """Papers in batches that are sent and not read."""
    in_batch: bool
    """Whether Claude's endpoint takes batches."""
    estimate: Usage
    """The usual cost of the papers that are still to be paid for."""


def plan(
    days: Sequence[date], blog: Blog, open_context: OpenContext, state: BackfillState, original: Blog | None = None
) -> BackfillPlan:
    """Choose the papers of every day that has no post. Nothing is paid for. Raises Failure in its kinds.

    `original`: the blog in the language whose posts are to be translated.
    """
    pages = list(history.pages(blog.site.content_dirs, blog.site.content_suffixes))
    there: list[tuple[date, Path]] = []
    empty: list[tuple[date, str]] = []
    requests: list[PostRequest] = []
    for day in days:
        request = PostRequest(day)
        if (existing := find_post(pages, request, blog)) is not None:
            there.append((day, existing.path))
            state.drop_planned(day)
        elif original is None:
            requests.append(request)
        elif (other := find_post(pages, request, original)) is not None:
            requests.append(replace(request, translation_of=other))
        else:
            empty.append((day, f"there is no post in {original.language} to translate"))
    if requests:  # a problem with one post is a problem with all of them
        layout = new.check_site(requests[0], blog, BlogScan(pages, None))
        trial_post(requests[0], blog, layout, {})
    with open_context(blog, pays=False) as context:
        planned, without_papers, failed = _choose(requests, pages, context, state)
        cost = _cost(planned, context, state)
    return BackfillPlan(tuple(there), (*empty, *without_papers), tuple(planned), tuple(failed), *cost)


def carry_out(
    backfill_plan: BackfillPlan, blog: Blog, open_context: OpenContext, state: BackfillState
) -> Iterator[tuple[date, DayOutcome]]:
    """Send the batches, write the posts, and yield each day as it is done, with a Failure for a day that failed.

    Raises SetupError for problems of every post, ServicesFailed if Claude is down.
    """
    outages, missing = 0, {planned.day for planned in backfill_plan.planned}
    with open_context(blog, pays=False) as context:
        for planned in _when_answered(backfill_plan, context, state):
            outcome = _write(planned, backfill_plan.planned, blog, open_context, state)
            missing.remove(planned.day)
            outages = outages + 1 if _is_outage(outcome) else 0
            yield planned.day, outcome
            if outages >= MAX_OUTAGES and isinstance(outcome, Failure):
                raise outcome
    for day in sorted(missing):
        yield day, ServicesFailed("Claude did not answer for all its papers.", "Run the same command again.")


def _when_answered(backfill_plan: BackfillPlan, context: RunContext, state: BackfillState) -> Iterator[Planned]:
    """Send and read batches. Yield each day as soon as none of its questions is open; all days if there are no batches."""
    if context.summary_context is None or not backfill_plan.in_batch:
        yield from backfill_plan.planned
        return
    batch_run, waiting, sends = BatchRun(context, context.summary_context, state), list(backfill_plan.planned), 0
    while waiting:
        unsent = batch_run.unsent(waiting)
        if unsent and sends < MAX_SENDS:
            batch_run.send(unsent)
            unsent, sends = [], sends + 1
        open_days = {question.day for question, _ in unsent} | {question.day for question in state.questions()}
        for planned in [planned for planned in waiting if planned.day not in open_days]:
            waiting.remove(planned)
            yield planned
        if not (under_way := state.batches()):
            return
        batch_run.read(under_way[0])


def _choose(
    requests: Sequence[PostRequest], pages: list[history.Page], context: RunContext, state: BackfillState
) -> tuple[list[Planned], list[tuple[date, str]], list[Skipped]]:
    """Choose the papers of each day: return the days with papers, those without, and the sources that failed."""
    settings = context.blog.settings
    chosen_before = {request.day: _chosen_before(request, context.blog, state) for request in requests}
    reserved = {candidate.paper.arxiv_id for one in chosen_before.values() if one for candidate in one.first}
    planned, empty, failed = list[Planned](), list[tuple[date, str]](), list[Skipped]()
    for request in requests:
        if (one := chosen_before[request.day]) is None:
            selection = select(replace(request, reserved=frozenset(reserved)), BlogScan(pages, None), context)
            if not selection.candidates:
                failed += failed_sources(selection)
                empty.append((request.day, selection.shortage_reason or ""))
                state.drop_planned(request.day)
                continue
            count = post_size(selection, settings)
            slim = without_source_texts(selection, max_candidates(count))
            one = Planned(request.day, count, _choice(request, context.blog), slim)
            state.put_planned(one)
            reserved |= {candidate.paper.arxiv_id for candidate in one.first}
        planned.append(one)
        failed += failed_sources(one.selection)
        context.report(Step("plan", request.day.isoformat(), "done", paper_count(len(one.first))))
    return planned, empty, failed


def _chosen_before(request: PostRequest, blog: Blog, state: BackfillState) -> Planned | None:
    """Return the papers that an earlier run chose with these settings. If one of its sources had failed, they are kept only
    if Claude was asked about them."""
    one = state.planned(request.day)
    if one is None or one.choice != _choice(request, blog):
        return None
    if not failed_sources(one.selection) or request.day in state.spent():
        return one
    return one if any(question.day == request.day for question in state.questions()) else None


def _choice(request: PostRequest, blog: Blog) -> str:
    """Return a hash of everything that the choice of papers depends on."""
    settings = blog.settings
    original = history.papers_of(request.translation_of) if request.translation_of is not None else ()
    parts = (
        settings.count, settings.sources, settings.keywords, settings.categories, settings.exclude, settings.window_days,
        original,
    )  # fmt: skip
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _cost(planned: Sequence[Planned], context: RunContext, state: BackfillState) -> tuple[int, int, bool, Usage]:
    """Return how many papers are to be paid for, how many are in batches that are not read, whether there are batches, and
    the estimate. No PDF is read for it: its text counts as the longest, and its question is recognised by the paper."""
    summaries, questions = context.summary_context, state.questions()
    if summaries is None:
        return 0, len(questions), False, Usage()
    from_pdf = context.blog.settings.summary_input == "pdf"
    text = "-" * MAX_TEXT if from_pdf else None
    under_way = {question.arxiv_id if from_pdf else question.key for question in questions}
    in_batch = _takes_batches(summaries)
    usages = [
        typical_usage(one.prompt, one.model, in_batch=in_batch and one.fits_batch)
        for day in planned
        for one in open_questions(day, summaries, lambda _paper: text)
        if (one.question.arxiv_id if from_pdf else one.question.key) not in under_way
    ]
    return len(usages), len(questions), in_batch, sum(usages, Usage())


def _takes_batches(summaries: SummaryContext) -> bool:
    try:
        batches.newest(summaries.client())
    except batches.NoBatches:
        return False
    return True


def _write(
    planned: Planned, all_planned: Sequence[Planned], blog: Blog, open_context: OpenContext, state: BackfillState
) -> DayOutcome:
    """Write the day's post. Its budget is what earlier runs and batches left of it. Raises SetupError."""
    others = frozenset(c.paper.arxiv_id for one in all_planned if one.day != planned.day for c in one.first)
    spent_usd = state.spent().get(planned.day, Usage()).usd or 0.0
    capped = replace(blog, settings=replace(blog.settings, max_cost=max(0.0, blog.settings.max_cost - spent_usd)))

    @contextmanager
    def open_counted(blog: Blog, *, pays: bool) -> Iterator[RunContext]:
        name = f"{planned.day} {token_hex(8)}"
        with open_context(blog, pays=pays) as context:
            if context.summary_context is not None:
                state.put_spent(name, {planned.day: Usage()})  # if the run is killed, the day still counts as begun
            try:
                yield context
            finally:
                if context.usage != Usage():
                    state.put_spent(name, {planned.day: context.usage})

    try:
        request = PostRequest(planned.day, chosen=planned.selection, reserved=others)
        outcome = new.write(request, capped, open_counted)
    except SetupError:
        raise
    except Failure as failure:
        return failure
    state.drop_planned(planned.day)
    return outcome


def _is_outage(outcome: DayOutcome) -> bool:
    """Return whether the next post is likely to fail as well, after all its papers were paid for."""
    return isinstance(outcome, ServicesFailed) or (isinstance(outcome, Failure) and outcome.trouble == "malformed")

"""Which papers a post gets: those that were asked for, those of the post that is written again, or the day's notable ones.

sources ─► merge ─► drop covered ─► rank ─► fix texts
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from hugo_llmpapers.errors import NothingToPublish, ServicesFailed
from hugo_llmpapers.pipeline.outcome import Nothing
from hugo_llmpapers.pipeline.request import PostRequest
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Candidate, Selection, Skipped, SourceName, Step
from hugo_llmpapers.site import dates, history
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog

if TYPE_CHECKING:
    from hugo_llmpapers.sources.fetch import SourceResults

NEW_PAPERS: tuple[SourceName, ...] = ("arxiv", "huggingface")
"""The sources that list the papers of the day: without one of them an empty day is not known to be empty."""
Choose = Callable[[PostRequest, Blog, Sequence[history.Page], history.Page | None, RunContext], Selection]
"""Gives the papers for a post; the pages are those of the blog, and the post that is written again."""


def fixed_selection(selection: Selection) -> Choose:
    """Papers that are chosen already."""
    return lambda *_: selection


def select(
    request: PostRequest, blog: Blog, known: Sequence[history.Page], existing: history.Page | None, context: RunContext
) -> Selection:
    """The papers for the post, best first. Raises ServicesFailed where no source answers, Failure for an unknown id."""
    from hugo_llmpapers.pipeline.entries import max_candidates
    from hugo_llmpapers.sources import fetch
    from hugo_llmpapers.sources.merge import merge
    from hugo_llmpapers.sources.rank import rank
    from hugo_llmpapers.sources.source import Query
    from hugo_llmpapers.sources.topic import compile_topic

    # Over a holiday arXiv may announce some of the invented papers only later in the day.
    now = blog.moment.now + timedelta(days=1) if request.sample else blog.moment.now
    until, settings = dates.closes_at(request.day, now, blog.site.zone), blog.settings
    query = Query(until, settings.window_days, settings.keywords, settings.categories)
    web, say = context.entry_context.web, context.entry_context.say
    model = request.like or (existing if not request.reselect else None)
    ids = request.ids or (history.papers_of(model) if model is not None else ())
    if ids:
        gathered = fetch.fetch_by_id(ids, query, context.upstreams, web, say)
        papers, unusable = merge(gathered.listings)
        _check_sources(request, gathered)
        printed = history.printed_sources(model) if model is not None and not request.ids else {}
        asked = tuple(fetch.candidates_for_ids(ids, papers, gathered, printed))
        return Selection(asked, gathered.answered, (*gathered.failed, *unusable), all_or_nothing=True)
    gathered = fetch.fetch_window(query, context.upstreams, web, say)
    _check_sources(request, gathered)
    papers, unusable = merge(gathered.listings)
    seen = frozenset[str]() if request.sample else history.covered(known, but=existing)
    fresh = [paper for paper in papers if paper.arxiv_id not in seen]
    covered = [Skipped(p.arxiv_id, "covered", "already in the blog") for p in papers if p.arxiv_id in seen]
    ranking = rank(
        fresh,
        compile_topic(settings.keywords),
        compile_topic(settings.exclude),
        until,
        settings.window_days,
        settings.count,
    )
    say(Step("rank", "", "done", f"{len(papers)} papers, {len(covered)} covered, {len(ranking.candidates)} on topic"))
    trial_proof = max_candidates(settings.count)
    candidates = fetch.with_repaired_texts(ranking.candidates, trial_proof, context.upstreams.get("arxiv"), web)
    if context.summary_context is None:
        candidates = fetch.with_tldrs(candidates, trial_proof, context.upstreams.get("semanticscholar"), web)
    candidates, failed_key = _worth_asking(candidates, settings, context)
    skipped = (*gathered.failed, *unusable, *covered, *ranking.skipped, *failed_key)
    why = _why_short(request, settings, len(candidates), len(papers), len(covered), len(failed_key))
    return Selection(tuple(candidates), gathered.answered, skipped, shortage_reason=why)


def nothing(selection: Selection) -> Nothing:
    """What becomes of a post without papers. Raises ServicesFailed where one of NEW_PAPERS could not be asked."""
    if silent := [s.reason for s in selection.skipped if s.stage == "source" and s.subject in NEW_PAPERS]:
        raise ServicesFailed(f"No paper is left, and not all could be asked: {'; '.join(silent)}.", "Try again later.")
    return Nothing(selection.shortage_reason or "", selection)


def _check_sources(request: PostRequest, gathered: SourceResults) -> None:
    if request.strict and gathered.failed:
        raise ServicesFailed(f"{gathered.failed[0].reason}.", "Try again later, or without --strict.")


def _worth_asking(
    candidates: Sequence[Candidate], settings: Settings, context: RunContext
) -> tuple[list[Candidate], list[Skipped]]:
    """The candidates without those that Claude was asked about in vain, so that they are not paid for every morning.

    Where the others are fewer than a post needs, those about which the fallback model can be asked are its last.
    """
    if (
        context.summary_context is None or settings.summary_input == "pdf"
    ):  # whose question is known when the PDF is read
        return list(candidates), []
    from hugo_llmpapers.pipeline.entries import max_candidates
    from hugo_llmpapers.sources import fetch
    from hugo_llmpapers.summaries.api_errors import Unsettled
    from hugo_llmpapers.summaries.summarize import answered_in_vain

    trial_proof, web, arxiv = max_candidates(settings.count), context.entry_context.web, context.upstreams.get("arxiv")
    left, last, failed_key = list(candidates), list[Candidate](), list[Skipped]()
    while found := {
        c: failure
        for c in left[:trial_proof]
        if (failure := answered_in_vain(c.paper, context.summary_context)) is not None
    }:
        last += [c for c, failure in found.items() if isinstance(failure, Unsettled)]
        failed_key += [
            Skipped(c.paper.arxiv_id, "summary", f"not asked about again: {failure}", failure.trouble)
            for c, failure in found.items()
        ]
        left = fetch.with_repaired_texts([c for c in left if c not in found], trial_proof, arxiv, web)
    if len(left) >= settings.count:
        return left, failed_key
    again = {c.paper.arxiv_id for c in last}
    return left + last, [skipped for skipped in failed_key if skipped.subject not in again]


def _why_short(
    request: PostRequest, settings: Settings, candidates: int, papers: int, covered: int, failed_key: int
) -> str | None:
    """One line on an empty or short day. Raises NothingToPublish under --strict."""
    if candidates >= settings.count:
        return None
    weekend = "; arXiv and Hugging Face list nothing new over a weekend" if request.day.weekday() >= 5 else ""
    if not papers:
        why = f"no paper was listed in the {settings.window_days} days before {request.day}{weekend}"
    elif candidates == 0 and covered and not failed_key:
        why = f"of {papers} papers in the window the blog has {covered}, the others are off topic{weekend}"
    else:
        why = f"of {papers} papers in the window {covered} are in the blog and {candidates} are left on topic{weekend}"
    if failed_key:
        why += f"; Claude has no summary of {failed_key}"
    if request.strict:
        raise NothingToPublish(f"{why[0].upper()}{why[1:]}.", "Widen windowDays or keywords, or run without --strict.")
    return why

"""Which papers a post gets: those that the request names, those of the post that is written again, or the day's best.

sources ─► merge ─► drop covered ─► rank ─► fix texts
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from hugo_llmpapers.errors import NothingToPublish, ServicesFailed
from hugo_llmpapers.pipeline.entries import max_candidates
from hugo_llmpapers.pipeline.request import AlreadyThere, BlogScan, Draft, Nothing, Outcome, Plan, PostRequest, Written
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Candidate, Selection, Skipped, SourceName, Step
from hugo_llmpapers.site import dates, history
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.sources import fetch
from hugo_llmpapers.sources.merge import merge
from hugo_llmpapers.sources.rank import rank
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.sources.topic import compile_topic
from hugo_llmpapers.summaries.no_summary import FallbackUntried, NoSummary
from hugo_llmpapers.summaries.summarize import cached_failure

NEW_PAPERS: tuple[SourceName, ...] = ("arxiv", "huggingface")
"""The sources that list the papers of the day. If one of them failed, an empty day is not known to be empty."""


def select(request: PostRequest, scan: BlogScan, context: RunContext) -> Selection:
    """Return the papers for the post, best first. Raises ServicesFailed if no source answers, Failure for an unknown id."""
    covered = history.covered(scan.pages, but=scan.existing) | request.reserved
    if request.chosen is not None:
        return _still_uncovered(request.chosen, covered)
    if request.ids:
        return select_by_id(request, request.ids, {}, context)
    keeps_papers_of = request.translation_of or (scan.existing if not request.reselect else None)
    if keeps_papers_of is not None and (ids := history.papers_of(keeps_papers_of)):
        return select_by_id(request, ids, history.printed_sources(keeps_papers_of), context)
    return _best_of_day(request, frozenset() if request.sample else covered, context)


def select_by_id(
    request: PostRequest, ids: Sequence[str], printed_sources: Mapping[str, str], context: RunContext
) -> Selection:
    """Return exactly these papers. `printed_sources`: the sources that the post names for them. Raises as `select` does."""
    results = fetch.fetch_by_id(ids, _query(request, context), context.sources, context.web, context.report)
    _check_sources(request, results)
    papers, unusable = merge(results.listings)
    candidates = fetch.candidates_for_ids(ids, papers, results, printed_sources)
    return Selection(tuple(candidates), results.answered, (*results.failed, *unusable), all_or_nothing=True)


def translation_request(request: PostRequest, first: Outcome) -> PostRequest | None:
    """Return the request for a post with the same papers in another language; None if the first language got no post."""
    match first:
        case Written():
            candidates = tuple(entry.candidate for entry in first.draft.post.entries)
        case Plan():
            candidates = first.chosen
        case AlreadyThere():
            return replace(request, ids=(), translation_of=history.page(first.path))
        case Nothing() | Draft():
            return None
    papers = Selection(candidates, first.selection.answered, skipped=(), all_or_nothing=True)
    return replace(request, chosen=papers) if candidates else None


def post_size(selection: Selection, settings: Settings) -> int:
    """Return how many papers the post should have."""
    return len(selection.candidates) if selection.all_or_nothing else settings.count


def nothing(selection: Selection) -> Nothing:
    """Return the outcome for a post without papers. Raises ServicesFailed if one of NEW_PAPERS failed."""
    if failed := [s.reason for s in selection.skipped if s.stage == "source" and s.subject in NEW_PAPERS]:
        raise ServicesFailed(
            f"No paper is left, and not all sources answered: {'; '.join(failed)}.", "Try again later."
        )
    return Nothing(selection.shortage_reason or "", selection)


def with_final_texts(candidates: Sequence[Candidate], first: int, context: RunContext) -> list[Candidate]:
    """Return the candidates; the `first` of them with damaged texts repaired and, for excerpts, with their TL;DR."""
    web = context.web
    repaired = fetch.with_repaired_texts(candidates, first, context.sources.get("arxiv"), web)
    if context.summary_context is not None:
        return repaired
    return fetch.with_tldrs(repaired, first, context.sources.get("semanticscholar"), web)


def _still_uncovered(chosen: Selection, covered: frozenset[str]) -> Selection:
    """Drop the papers that the blog has by now, unless the post needs all of them."""
    if chosen.all_or_nothing:
        return chosen
    candidates = tuple(one for one in chosen.candidates if one.paper.arxiv_id not in covered)
    if chosen.candidates and not candidates:
        return replace(chosen, candidates=(), shortage_reason="its papers are all in the blog by now")
    return replace(chosen, candidates=candidates)


def _query(request: PostRequest, context: RunContext) -> Query:
    # arXiv may announce some of the sample's papers a day later, over a holiday.
    blog, now = context.blog, context.blog.now + timedelta(days=request.sample)
    until, settings = dates.closes_at(request.day, now, blog.site.zone), blog.settings
    return Query(until, settings.window_days, settings.keywords, settings.categories)


def _best_of_day(request: PostRequest, covered: frozenset[str], context: RunContext) -> Selection:
    settings, query = context.blog.settings, _query(request, context)
    results = fetch.fetch_window(query, context.sources, context.web, context.report)
    _check_sources(request, results)
    papers, unusable = merge(results.listings)
    uncovered = [paper for paper in papers if paper.arxiv_id not in covered]
    repeated = [Skipped(p.arxiv_id, "covered", "already in the blog") for p in papers if p.arxiv_id in covered]
    keywords, exclude = compile_topic(settings.keywords), compile_topic(settings.exclude)
    ranking = rank(uncovered, keywords, exclude, query.until, settings.window_days, settings.count)
    counts = f"{len(papers)} papers, {len(repeated)} covered, {len(ranking.candidates)} on topic"
    context.report(Step("rank", "", "done", counts))
    candidates = with_final_texts(ranking.candidates, max_candidates(settings.count), context)
    candidates, failed = _without_failed(candidates, context)
    why = _why_few(request, settings, len(candidates), len(papers), len(repeated), len(failed))
    skipped = (*results.failed, *unusable, *repeated, *ranking.skipped, *failed)
    return Selection(tuple(candidates), results.answered, skipped, shortage_reason=why)


def _check_sources(request: PostRequest, results: fetch.SourceResults) -> None:
    if request.strict and results.failed:
        raise ServicesFailed(f"{results.failed[0].reason}.", "Try again later, or without --strict.")


def _without_failed(candidates: list[Candidate], context: RunContext) -> tuple[list[Candidate], list[Skipped]]:
    """Leave out papers whose summaries failed in earlier runs, so that they are not paid for every morning.

    If too few are left for a post, papers that the fallback model has not tried come last.
    """
    settings = context.blog.settings
    if context.summary_context is None or settings.summary_input == "pdf":  # whose prompt needs the PDF's text
        return candidates, []
    first = max_candidates(settings.count)
    left, failures = candidates, dict[Candidate, NoSummary]()
    while found := {
        one: failure
        for one in left[:first]
        if (failure := cached_failure(one.paper, context.summary_context)) is not None
    }:
        failures |= found
        left = with_final_texts([one for one in left if one not in found], first, context)
    last = [one for one, failure in failures.items() if isinstance(failure, FallbackUntried)]
    last = last if len(left) < settings.count else []
    return [*left, *last], [
        Skipped(one.paper.arxiv_id, "summary", _why_skipped(failure), failure.trouble)
        for one, failure in failures.items()
        if one not in last
    ]


def _why_skipped(failure: NoSummary) -> str:
    failed = "failed the checks" if failure.trouble == "checks" else "failed"
    return f"skipped: its summary {failed} on an earlier run ({str(failure).rstrip('.')}). `--ids` tries it again."


def _why_few(
    request: PostRequest, settings: Settings, candidates: int, papers: int, covered: int, failed: int
) -> str | None:
    """Explain an empty or short day in one line; None if there are enough. Raises NothingToPublish under --strict."""
    if candidates >= settings.count:
        return None
    weekend = "; arXiv and Hugging Face list nothing new over a weekend" if request.day.weekday() >= 5 else ""
    if not papers:
        why = f"no paper was listed in the {settings.window_days} days before {request.day}{weekend}"
    elif candidates == 0 and covered and not failed:
        why = f"of {papers} papers in the window the blog has {covered}, the others are off topic{weekend}"
    else:
        why = f"of {papers} papers in the window {covered} are in the blog and {candidates} are left on topic{weekend}"
    if failed:
        why += f"; Claude has no summary of {failed}"
    if request.strict:
        raise NothingToPublish(f"{why[0].upper()}{why[1:]}.", "Widen windowDays or keywords, or run without --strict.")
    return why

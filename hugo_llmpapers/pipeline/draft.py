"""From the chosen papers to a checked post: summaries and figures, rendering, trial build.

A paper with which the site does not build is left out, and the next candidate takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO

from hugo_llmpapers.errors import Failure, NothingToPublish, SetupError
from hugo_llmpapers.pipeline.entries import BuiltEntries, build_entries, max_candidates
from hugo_llmpapers.pipeline.request import Draft, PostRequest, post_name
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.pipeline.select import post_size
from hugo_llmpapers.post import render
from hugo_llmpapers.post.trial_build import TrialBuild, find_culprits
from hugo_llmpapers.records import (
    Candidate,
    Entry,
    Figure,
    Paper,
    Post,
    Selection,
    Skipped,
    SourceName,
    Step,
    Summary,
)
from hugo_llmpapers.site import dates
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.models import author_name, is_claude
from hugo_llmpapers.summaries.prices import format_usage

_WIDTH_PX, _HEIGHT_PX = 800, 450
"""A usual size of a blank figure, as themes crop and shrink images."""
_PAPER = Paper("0000.00001", "A title", "An abstract.", ("An Author",), date(2026, 1, 1), ("cs.CL",), ())
_SUMMARY = "A summary."


def make_draft(
    request: PostRequest,
    selection: Selection,
    layout: render.PostLayout,
    kept_files: Mapping[str, bytes],
    context: RunContext,
) -> Draft:
    """Return the post of these papers, rendered and checked. `kept_files`: others that stay in its bundle.

    Raises Failure in its kinds, with a note of what the summaries have cost.
    """
    blog, settings = context.blog, context.blog.settings
    name, count = post_name(request, settings), post_size(selection, settings)
    check = partial(render.render_and_check, blog=blog, layout=layout, kept_files=kept_files)
    with _cost_noted(context):
        built = build_entries(selection.candidates, count, context)
        _check_enough(request, selection, count, built)
        context.report(Step("write", name, "started"))
        while True:
            post = build_post(request, blog, built.entries, selection.answered)
            try:
                files, trial = check(post)
                break
            except SetupError as failure:
                if not (at_fault := _papers_at_fault(post, check)):
                    raise
                reason = f"the site does not build with it: {failure.message}"
            built = _replace(at_fault, reason, built, selection, context)
            _check_enough(request, selection, count, built)
        context.report(Step("write", name, "done", "rendered" if trial.warnings else "rendered and checked"))
    return Draft(post, files, trial, selection, (*selection.skipped, *built.skipped), context.usage)


def trial_post(
    request: PostRequest, blog: Blog, layout: render.PostLayout, kept_files: Mapping[str, bytes]
) -> TrialBuild:
    """Build a post about invented papers, before anything is paid. Raises SetupError if no post could be published."""
    settings = blog.settings
    entries = [invented_entry(number, with_figure=settings.figures) for number in range(1, settings.count + 1)]
    _, trial = render.render_and_check(build_post(request, blog, entries, ("arxiv",)), blog, layout, kept_files)
    if request.in_build and (shortcoming := trial.broken_site) is not None:
        raise SetupError(shortcoming.problem, shortcoming.remedy)
    return trial


@contextmanager
def _cost_noted(context: RunContext) -> Iterator[None]:
    try:
        yield
    except Failure as failure:
        if usage := context.usage:
            model = context.blog.settings.model
            did = "was paid for" if is_claude(model) else "took"
            failure.note = f"{author_name(model)} {did} {format_usage(usage)}."
        raise


def build_post(request: PostRequest, blog: Blog, entries: Sequence[Entry], sources: Sequence[SourceName]) -> Post:
    """Return the post about these entries."""
    return Post(
        day=request.day,
        date=dates.written_date(request.day, blog.now, blog.site.zone, local=blog.site.local_zone),
        name=post_name(request, blog.settings),
        language=blog.language,
        entries=tuple(entries),
        sources=tuple(sources),
        sample=request.sample,
        draft=request.draft,
    )


def _papers_at_fault(post: Post, check: Callable[..., object]) -> list[Entry]:
    """Return the papers without which the site builds; none if it does not build with harmless texts in their place."""

    def fails(entries: Sequence[Entry], *, whole_site: bool) -> bool:
        try:
            check(replace(post, entries=tuple(entries)), whole_site=whole_site)
        except SetupError:
            return True
        return False

    in_their_place = [harmless(entry) for entry in post.entries]
    # A build of the post alone is faster, but some themes need the whole site.
    for whole_site in (False, True):
        if not fails(in_their_place, whole_site=whole_site):
            return find_culprits(post.entries, partial(fails, whole_site=whole_site))
    return []


def _replace(
    at_fault: Sequence[Entry], reason: str, built: BuiltEntries, selection: Selection, context: RunContext
) -> BuiltEntries:
    """Leave out papers, and try other candidates in their place unless the request names its papers."""
    skipped = (*built.skipped, *(Skipped(entry.candidate.paper.arxiv_id, "render", reason) for entry in at_fault))
    entries = tuple(entry for entry in built.entries if entry not in at_fault)
    if selection.all_or_nothing:
        return BuiltEntries(entries, skipped)
    tried = {entry.candidate.paper.arxiv_id for entry in entries} | {one.subject for one in skipped}
    first = selection.candidates[: max_candidates(context.blog.settings.count)]
    untried = [candidate for candidate in first if candidate.paper.arxiv_id not in tried]
    try:
        more = build_entries(untried, len(at_fault), context)
    except Failure as failure:  # the other papers are enough for a post
        more = BuiltEntries((), tuple(Skipped(one.paper.arxiv_id, "summary", failure.message) for one in untried[:1]))
    return BuiltEntries(entries + more.entries, skipped + more.skipped)


def _check_enough(request: PostRequest, selection: Selection, count: int, built: BuiltEntries) -> None:
    """Raise Failure if no paper is left or a requested one is missing, NothingToPublish if --strict needs more papers."""
    if len(built.entries) == count:
        return
    failed = [one for one in built.skipped if one.stage in ("summary", "render")]
    reasons = "; ".join(f"{one.reason.rstrip('.')} ({one.subject})" for one in failed)
    trouble = failed[0].trouble if len({one.trouble for one in failed}) == 1 else None
    if selection.all_or_nothing or not built.entries:
        if any(one.stage == "render" for one in failed):
            raise Failure(f"No post can be made: {reasons}.", "Nothing was written.", trouble=trouble)
        remedy = 'The post was not written. Try another `model`, or `summarizer = "excerpt"`.'
        if "maxCost" in reasons:
            remedy = "The post was not written. Raise `maxCost` or --max-cost."
        raise Failure(f"No summary written: {reasons}.", remedy, trouble=trouble)
    if request.strict:
        message = f"Only {len(built.entries)} of {count} papers could be published: {reasons}."
        raise NothingToPublish(message, "Run without --strict to publish what there is.", trouble=trouble)


def harmless(entry: Entry) -> Entry:
    """Return the entry with harmless texts and a blank image; ids, dates and numbers stay."""
    old = entry.candidate.paper
    paper = replace(
        _PAPER, arxiv_id=old.arxiv_id, published=old.published, categories=old.categories, listings=old.listings
    )
    candidate, figure = replace(entry.candidate, paper=paper), _blank_figure() if entry.figure is not None else None
    return replace(
        entry, candidate=candidate, summary=replace(entry.summary, text=_SUMMARY), figure=figure, licence=None
    )


def invented_entry(number: int, *, with_figure: bool) -> Entry:
    """Return an entry about no real paper. `number`: its place among several, from 1."""
    paper = replace(_PAPER, arxiv_id=f"0000.{number:05d}")
    figure = _blank_figure() if with_figure else None
    return Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(_SUMMARY, "claude"), figure)


def _blank_figure() -> Figure:
    from PIL import Image

    png = BytesIO()
    Image.new("RGB", (_WIDTH_PX, _HEIGHT_PX), "white").save(png, "PNG")
    return Figure(png.getvalue(), _WIDTH_PX, _HEIGHT_PX, None, None, "Figure 1", None, "page")

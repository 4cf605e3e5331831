"""From the chosen papers to a checked post: entries, rendering, trial build.

A paper with which the site does not build is left out, and the next candidate takes its place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hugo_llmpapers.errors import Failure, NothingToPublish, SetupError
from hugo_llmpapers.pipeline.entries import BuiltEntries, build_entries, max_candidates
from hugo_llmpapers.pipeline.outcome import Draft
from hugo_llmpapers.pipeline.request import PostRequest, post_name
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.pipeline.select import post_size
from hugo_llmpapers.post import culprits, render
from hugo_llmpapers.post.trial_build import TrialBuild
from hugo_llmpapers.records import Entry, Post, Selection, Skipped, SourceName, Step
from hugo_llmpapers.site import dates
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.client import author_name
from hugo_llmpapers.summaries.model_names import is_claude
from hugo_llmpapers.summaries.prices import format_usage


def make_draft(
    request: PostRequest,
    selection: Selection,
    layout: render.PostLayout,
    kept: Mapping[str, bytes],
    context: RunContext,
) -> Draft:
    """Return the post of these papers, rendered and checked. `kept`: other files that stay in its bundle.

    Raises Failure in its kinds, with a note of what Claude has cost.
    """
    try:
        return _make_draft(request, selection, layout, kept, context)
    except Failure as failure:
        if usage := context.usage:
            model = context.blog.settings.model
            did = "was paid for" if is_claude(model) else "took"
            failure.note = f"{author_name(model)} {did} {format_usage(usage)}."
        raise


def trial_post(request: PostRequest, blog: Blog, layout: render.PostLayout, kept: Mapping[str, bytes]) -> TrialBuild:
    """Build the site with a post about invented papers, before anything is paid. Raises SetupError if no post could be
    published."""
    settings = blog.settings
    entries = [culprits.invented_entry(number, with_figure=settings.figures) for number in range(1, settings.count + 1)]
    _, trial = render.render_and_check(build_post(request, blog, entries, ("arxiv",)), blog, layout, kept)
    if request.in_build and (shortcoming := trial.broken_site) is not None:
        raise SetupError(shortcoming.problem, shortcoming.remedy)
    return trial


def _make_draft(
    request: PostRequest,
    selection: Selection,
    layout: render.PostLayout,
    kept: Mapping[str, bytes],
    context: RunContext,
) -> Draft:
    blog = context.blog
    count, name = post_size(selection, blog.settings), post_name(request, blog.settings)
    built = build_entries(selection.candidates, count, context)
    _check_enough(request, selection, count, built)
    context.report(Step("write", name, "started"))
    while True:
        post = build_post(request, blog, built.entries, selection.answered)
        try:
            files, trial = render.render_and_check(post, blog, layout, kept)
            break
        except SetupError as failure:
            culprit_entries = _culprits(post, blog, layout, kept)
            if not culprit_entries:
                raise
            reason = f"the site does not build with it: {failure.message}"
        built = _replace(culprit_entries, reason, built, selection, context)
        _check_enough(request, selection, count, built)
    context.report(Step("write", name, "done", "rendered" if trial.warnings else "rendered and checked"))
    return Draft(post, files, trial, selection, (*selection.skipped, *built.skipped), context.usage)


def build_post(request: PostRequest, blog: Blog, entries: Sequence[Entry], sources: Sequence[SourceName]) -> Post:
    """Return the post about these entries."""
    return Post(
        day=request.day,
        date=dates.written_date(request.day, blog.moment.now, blog.site.zone, local=blog.site.local_zone),
        name=post_name(request, blog.settings),
        language=blog.language,
        entries=tuple(entries),
        sources=tuple(sources),
        sample=request.sample,
        draft=request.draft,
    )


def _replace(
    culprit_entries: Sequence[Entry], reason: str, built: BuiltEntries, selection: Selection, context: RunContext
) -> BuiltEntries:
    """Leave out entries, and build others from candidates that were not tried, unless the request names its papers."""
    skipped = [*built.skipped, *(Skipped(one.candidate.paper.arxiv_id, "render", reason) for one in culprit_entries)]
    entries = [entry for entry in built.entries if entry not in culprit_entries]
    if selection.all_or_nothing:
        return BuiltEntries(tuple(entries), tuple(skipped))
    tried = {entry.candidate.paper.arxiv_id for entry in entries} | {one.subject for one in skipped}
    first = selection.candidates[: max_candidates(context.blog.settings.count)]
    untried = [candidate for candidate in first if candidate.paper.arxiv_id not in tried]
    try:
        more = build_entries(untried, len(culprit_entries), context)
    except Failure as failure:  # the other papers make a post without it
        more = BuiltEntries((), tuple(Skipped(one.paper.arxiv_id, "summary", failure.message) for one in untried[:1]))
    return BuiltEntries((*entries, *more.entries), (*skipped, *more.skipped))


def _check_enough(request: PostRequest, selection: Selection, count: int, built: BuiltEntries) -> None:
    """Raise Failure if no paper is left, or one that the request names; NothingToPublish if --strict needs more papers."""
    if len(built.entries) == count:
        return
    failed = [one for one in built.skipped if one.stage in ("summary", "render")]
    reasons = "; ".join(f"{one.subject}: {one.reason}" for one in failed).rstrip(".")
    troubles = {one.trouble for one in failed}
    trouble = troubles.pop() if len(troubles) == 1 else None
    if selection.all_or_nothing or not built.entries:
        if any(one.stage == "render" for one in failed):
            raise Failure(f"No post can be made: {reasons}.", "Nothing was written.", trouble=trouble)
        remedy = 'The post was not written. Another `model`, or `summarizer = "excerpt"`, may do.'
        if "maxCost" in reasons:
            remedy = "The post was not written. Raise `maxCost` or --max-cost."
        raise Failure(f"No summary could be had: {reasons}.", remedy, trouble=trouble)
    if request.strict:
        message = f"Only {len(built.entries)} of {count} papers could be published: {reasons}."
        raise NothingToPublish(message, "Run without --strict to publish what there is.", trouble=trouble)


def _culprits(post: Post, blog: Blog, layout: render.PostLayout, kept: Mapping[str, bytes]) -> list[Entry]:
    """Return the papers without which the site builds; none if it does not build with harmless texts in their place."""

    def fails(entries: Sequence[Entry], *, whole_site: bool) -> bool:
        try:
            render.render_and_check(replace(post, entries=tuple(entries)), blog, layout, kept, whole_site=whole_site)
        except SetupError:
            return True
        return False

    harmless = [culprits.harmless(entry) for entry in post.entries]
    # A build of the post alone is faster, but some themes need the whole site.
    for whole_site in (False, True):
        if not fails(harmless, whole_site=whole_site):
            return culprits.find_culprits(post.entries, lambda entries: fails(entries, whole_site=whole_site))  # noqa: B023
    return []

"""How a day becomes a post.

    select candidates ─► build entries ─► render ─► trial build ─► write
                         (licence, PDF, figure │ summary, checks; the next candidate where one fails)

Everything that can fail comes before the first byte in the site. Whether the post is there already is decided before
anything heavy is imported or anybody is asked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hugo_llmpapers.errors import Failure, NothingToPublish, SetupError
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Draft, Nothing, Plan, Written
from hugo_llmpapers.pipeline.request import PostRequest, existing_at_path, post_name, scan_blog
from hugo_llmpapers.pipeline.run_context import OpenContext, RunContext
from hugo_llmpapers.pipeline.select import Choose, nothing, select
from hugo_llmpapers.post import bundle, conflicts, culprits, render, shared_files
from hugo_llmpapers.post.trial_build import TrialBuild
from hugo_llmpapers.records import Candidate, Entry, Post, Selection, SourceName, Step, Usage
from hugo_llmpapers.site import dates, history
from hugo_llmpapers.site.site import Blog, Site
from hugo_llmpapers.summaries.client import author_name
from hugo_llmpapers.summaries.model_names import is_claude
from hugo_llmpapers.summaries.prices import format_usage

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.entries import BuiltEntries

LOCK_WAIT_S = 300.0
"""How long a run waits for another one that writes the same folder: about as long as a whole run takes."""


def write(
    request: PostRequest, blog: Blog, open_context: OpenContext, choose: Choose | None = None
) -> Written | AlreadyThere | Nothing:
    """Writes the day's post unless it is there: of the papers that `choose` gives, else of those that `select` does.

    Raises Failure in its kinds; the site is then as it was.
    """
    from hugo_llmpapers.sources.fetch import thread_pool

    if (there := existing_at_path(request, blog)) is not None:
        return there
    site = blog.site
    folder = site.section_dir / post_name(request, blog.settings)
    index = folder / site.index_name
    with bundle.write_lock(site.section_dir, LOCK_WAIT_S):
        # Wherever another tool put it, or a run for which this one waited.
        known, existing = scan_blog(request, blog)
        if existing is not None and not request.force:
            return AlreadyThere(existing.path)
        replaced = _making_room(existing, folder, site) if existing is not None else None
        with open_context() as context:
            form, others = check_site(request, blog, existing), _kept(folder, site, existing)
            with thread_pool(2) as beside:
                pages = beside.submit(conflicts.site_urls, site)  # a large site's take as long as the summaries
                trial = beside.submit(trial_proof, request, blog, form, others) if context.summary_context else None
                selection = (choose or select)(request, blog, known, existing, context)
                if not selection.candidates:
                    return nothing(selection)
                if trial is not None:
                    shown = trial.result()
                    if pages.done():  # those of a very large site are waited for beside the summaries
                        conflicts.check_url(
                            site, folder.name, shown.url, pages.result(), existing.path if existing else None
                        )
                draft = make(request, blog, form, selection, context, beside=others)
        if existing is None and index.exists():
            return AlreadyThere(index)  # its owner has written one meanwhile
        conflicts.check_url(site, draft.post.name, draft.proof.url, pages.result(), existing.path if existing else None)
        kept, old = _kept(folder, site, existing), replaced or (folder if folder.exists() else None)
        backup = None
        if old is not None and (existing is not None or kept.keys() & draft.files.keys()):
            backup = bundle.back_up(old, site.root, blog.moment.now.strftime("%Y%m%dT%H%M%S"))
        bundle.publish(folder, kept | dict(draft.files), replacing=old)
    return Written(index, draft, backup)


def _making_room(existing: history.Page, folder: Path, site: Site) -> Path:
    """The bundle or file that goes. Raises SetupError where translations would go with it, as they are in a folder of
    another name."""
    old = existing.path.parent if existing.path.name.startswith("index.") else existing.path
    if old != folder and old.is_dir() and any(site.belongs_to_translation(page.name) for page in old.glob("index.*")):
        raise SetupError(
            f"{old} has the post in other languages, too.",
            f"Rename it to {folder.name}, where --force leaves them as they are.",
        )
    return old


def _kept(folder: Path, site: Site, existing: history.Page | None) -> dict[str, bytes]:
    """What stays in the bundle: what other languages show, or what was put there before there was a post."""
    files = bundle.read_files(folder)
    return files if existing is None else shared_files.files_to_keep(site, folder.name, files)


def plan(request: PostRequest, blog: Blog, open_context: OpenContext, choose: Choose | None = None) -> Plan:
    """What `write` would do: nothing is written, nothing is paid for, no PDF is fetched. Raises Failure in its kinds."""
    site, settings = blog.site, blog.settings
    known, existing = scan_blog(request, blog)
    with open_context() as context:
        check_site(request, blog, existing)
        selection = (choose or select)(request, blog, known, existing, context)
        first = selection.candidates if selection.all_or_nothing else selection.candidates[: settings.count]
        papers = [candidate.paper for candidate in first]
        estimate = (
            context.summary_context.estimate(papers, with_text=settings.summary_input == "pdf")
            if context.summary_context
            else Usage()
        )
    path = site.section_dir / post_name(request, settings) / site.index_name
    return Plan(path, existing.path if existing else None, selection, first, estimate)


def preview(
    request: PostRequest, blog: Blog, open_context: OpenContext, choose: Choose | None = None
) -> Draft | Nothing:
    """The post as `write` would write it, paid for, but not in the site. Raises Failure in its kinds."""
    known, existing = scan_blog(request, blog)
    with open_context() as context:
        form = check_site(request, blog, existing)
        selection = (choose or select)(request, blog, known, existing, context)
        if not selection.candidates:
            return nothing(selection)
        if context.summary_context is not None:
            trial_proof(request, blog, form)
        return make(request, blog, form, selection, context)


def pick_by_hand(
    request: PostRequest,
    blog: Blog,
    context: RunContext,
    pick: Callable[[Sequence[Candidate], int], Sequence[Candidate]],
) -> Selection:
    """The papers that `pick` takes out of the ranking, given `count`: all of them, or no post. Raises as `select` does."""
    from hugo_llmpapers.pipeline.entries import max_candidates
    from hugo_llmpapers.sources import fetch

    known, existing = scan_blog(request, blog)
    check_site(request, blog, existing)
    ranked, count, web = select(request, blog, known, existing, context), blog.settings.count, context.entry_context.web
    if not ranked.candidates:
        return ranked
    chosen = pick(ranked.candidates, count)
    # Only the first of the ranking have had their texts seen to.
    late = [candidate for candidate in chosen if candidate not in ranked.candidates[: max_candidates(count)]]
    with_repaired_texts = fetch.with_repaired_texts(late, len(late), context.upstreams.get("arxiv"), web)
    if context.summary_context is None:
        with_repaired_texts = fetch.with_tldrs(
            with_repaired_texts, len(late), context.upstreams.get("semanticscholar"), web
        )
    texts = {candidate.paper.arxiv_id: candidate for candidate in with_repaired_texts}
    candidates = tuple(texts.get(candidate.paper.arxiv_id, candidate) for candidate in chosen)
    return replace(ranked, candidates=candidates, all_or_nothing=True, shortage_reason=None)


def make(
    request: PostRequest,
    blog: Blog,
    form: render.PostLayout,
    selection: Selection,
    context: RunContext,
    *,
    beside: Mapping[str, bytes] | None = None,
) -> Draft:
    """The post, whole and proved. Raises Failure in its kinds, with a note of what was paid.

    `beside`: what the bundle's folder has of other languages.
    """
    from hugo_llmpapers.pipeline.entries import BuiltEntries, build_entries
    from hugo_llmpapers.pipeline.publishable import others, publishable

    settings = blog.settings
    count = len(selection.candidates) if selection.all_or_nothing else settings.count
    try:
        taken = build_entries(selection.candidates, count, context.entry_context)
        _check_entries(request, selection, count, taken)
        post = _post(request, blog, taken.entries, selection.answered)
        context.entry_context.say(Step("write", post.name, "started"))
        more = None if selection.all_or_nothing else others(selection.candidates, count, taken, context.entry_context)
        made = publishable(post, blog, form, beside or {}, more)
        taken = BuiltEntries(made.post.entries, (*taken.skipped, *made.skipped))
        _check_entries(request, selection, count, taken)
    except Failure as failure:
        if spent := context.spent():
            took = "was paid for" if is_claude(settings.model) else "took"
            failure.note = f"{author_name(settings.model)} {took} {format_usage(spent)}."
        raise
    proof = made.proof
    context.entry_context.say(
        Step("write", post.name, "done", "rendered" if proof.warnings else "rendered and checked")
    )
    return Draft(made.post, made.files, proof, selection, (*selection.skipped, *taken.skipped), context.spent())


def _post(request: PostRequest, blog: Blog, entries: Sequence[Entry], sources: Sequence[SourceName]) -> Post:
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


def check_site(request: PostRequest, blog: Blog, existing: history.Page | None) -> render.PostLayout:
    """What can be found out before anybody is asked. Raises SetupError where a post could not stand where it would go,
    or Hugo cannot make one here. `existing`: the post that would make room."""
    name = post_name(request, blog.settings)
    conflicts.check_place(blog.site, name, existing.path if existing else None)
    form = render.post_layout(blog)
    render.render(Post(request.day, request.day.isoformat(), name, blog.language, (), ()), blog, form)
    return form


def trial_proof(
    request: PostRequest, blog: Blog, form: render.PostLayout, beside: Mapping[str, bytes] | None = None
) -> TrialBuild:
    """What a build shows of a post about invented papers, before anything is paid. Raises SetupError where none could stand.

    `beside`: as for `make`.
    """
    settings = blog.settings
    entries = [culprits.invented_entry(number, with_figure=settings.figures) for number in range(1, settings.count + 1)]
    _, proof = render.render_and_check(_post(request, blog, entries, ("arxiv",)), blog, form, beside or {})
    if request.in_build and (lack := proof.broken_site) is not None:
        raise SetupError(lack.problem, lack.remedy)
    return proof


def identity(site: Site) -> str:
    """Of the folder that posts go to, as a name for files in the cache, which several sites share."""
    from hashlib import sha256

    return sha256(os.fsencode(site.section_dir.resolve())).hexdigest()[:16]


def _check_entries(request: PostRequest, selection: Selection, count: int, taken: BuiltEntries) -> None:
    """A post without a paper is none; one that lacks a paper which was asked for by name is not what was asked for."""
    if len(taken.entries) == count:
        return
    without = [skipped for skipped in taken.skipped if skipped.stage in ("summary", "render")]
    reasons = "; ".join(f"{skipped.subject}: {skipped.reason}" for skipped in without)
    troubles = {skipped.trouble for skipped in without}
    trouble = without[0].trouble if len(troubles) == 1 else None
    if selection.all_or_nothing or not taken.entries:
        remedy = 'The post was not written. Another `model`, or `summarizer = "excerpt"`, may do.'
        if "maxCost" in reasons:
            remedy = "The post was not written. Raise `maxCost` or --max-cost."
        raise Failure(f"No summary could be had: {reasons}.", remedy, trouble=trouble)
    if request.strict:
        remedy = "Run without --strict to publish what there is."
        said = f"Only {len(taken.entries)} of {count} papers could be published: {reasons}."
        raise NothingToPublish(said, remedy, trouble=trouble)

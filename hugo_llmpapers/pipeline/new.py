"""How a day becomes a post.

    check the site ─► choose papers ─► summaries and figures ─► render ─► trial build ─► write

Everything that can fail comes before the first byte in the site.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.pipeline.draft import build_post, make_draft, trial_post
from hugo_llmpapers.pipeline.entries import max_candidates
from hugo_llmpapers.pipeline.request import (
    AlreadyThere,
    BlogScan,
    Draft,
    Nothing,
    Plan,
    PostRequest,
    Written,
    existing_at_path,
    page_path,
    post_name,
    scan_blog,
)
from hugo_llmpapers.pipeline.run_context import OpenContext, RunContext
from hugo_llmpapers.pipeline.select import nothing, post_size, select, with_final_texts
from hugo_llmpapers.post import bundle, placement, render
from hugo_llmpapers.records import Candidate, Selection, Usage
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources.fetch import thread_pool


def write(request: PostRequest, blog: Blog, open_context: OpenContext) -> Written | AlreadyThere | Nothing:
    """Write the day's post unless the blog has it. Raises Failure in its kinds; the site is then as it was."""
    if (already := existing_at_path(request, blog)) is not None:
        return already
    with bundle.write_lock(blog.site.section_dir):
        scan = scan_blog(request, blog)  # now, as a run for which this one waited may have written the post
        if scan.existing is not None and not request.force:
            return AlreadyThere(scan.existing.path)
        replaced = _path_to_replace(request, blog, scan)
        with open_context(blog, pays=True) as context:
            draft = _draft(request, scan, context)
        return _publish(request, blog, scan, draft, replaced) if isinstance(draft, Draft) else draft


def preview(request: PostRequest, blog: Blog, open_context: OpenContext) -> Draft | Nothing:
    """Return the post that `write` would write. It is paid for, but not written. Raises Failure in its kinds."""
    with open_context(blog, pays=True) as context:
        return _draft(request, scan_blog(request, blog), context)


def plan(request: PostRequest, blog: Blog, open_context: OpenContext) -> Plan:
    """Return what `write` would do. Nothing is written or paid for, and no PDF fetched. Raises Failure in its kinds."""
    settings, scan = blog.settings, scan_blog(request, blog)
    with open_context(blog, pays=False) as context:
        check_site(request, blog, scan)
        selection = select(request, scan, context)
        chosen = selection.candidates[: post_size(selection, settings)]
        estimate, papers = Usage(), [candidate.paper for candidate in chosen]
        if context.summary_context is not None:
            estimate = context.summary_context.estimate(papers, with_text=settings.summary_input == "pdf")
    return Plan(page_path(request, blog), scan.existing_path, selection, chosen, estimate)


def ranking(request: PostRequest, context: RunContext) -> Selection:
    """Return the papers from which a person may pick. Raises Failure in its kinds."""
    scan = scan_blog(request, context.blog)
    check_site(request, context.blog, scan)  # so that nobody picks for nothing
    return select(request, scan, context)


def with_picked(ranked: Selection, picked: Sequence[Candidate], context: RunContext) -> Selection:
    """Return the papers that a person picked from the ranking: the post gets all of them."""
    first = ranked.candidates[: max_candidates(context.blog.settings.count)]
    unfinished = [candidate for candidate in picked if candidate not in first]
    finished = {one.paper.arxiv_id: one for one in with_final_texts(unfinished, len(unfinished), context)}
    candidates = tuple(finished.get(candidate.paper.arxiv_id, candidate) for candidate in picked)
    return replace(ranked, candidates=candidates, all_or_nothing=True, shortage_reason=None)


def check_site(request: PostRequest, blog: Blog, scan: BlogScan) -> render.PostLayout:
    """Run the checks that need no network, and return the layout of a post. Raises SetupError if the post would be
    invisible or in conflict with another page, or if Hugo cannot make one."""
    placement.check_place(blog.site, post_name(request, blog.settings), scan.existing_path)
    layout = render.post_layout(blog)
    render.render(build_post(request, blog, (), ()), blog, layout)
    return layout


def _draft(request: PostRequest, scan: BlogScan, context: RunContext) -> Draft | Nothing:
    """Choose the papers and make the post, while Hugo lists the URLs of the site and builds it with a trial post."""
    blog, name = context.blog, post_name(request, context.blog.settings)
    layout, kept = check_site(request, blog, scan), _files_to_keep(request, blog, scan)
    with thread_pool(2) as threads:
        urls = threads.submit(placement.site_urls, blog.site)
        trial = threads.submit(trial_post, request, blog, layout, kept) if context.summary_context is not None else None
        selection = select(request, scan, context)
        if not selection.candidates:
            return nothing(selection)
        if trial is not None and (url := trial.result().url) and urls.done():  # which takes long on a very large site
            placement.check_url(blog.site, name, url, urls.result(), scan.existing_path)
        draft = make_draft(request, selection, layout, kept, context)
        placement.check_url(blog.site, name, draft.trial.url, urls.result(), scan.existing_path)
    return draft


def _publish(
    request: PostRequest, blog: Blog, scan: BlogScan, draft: Draft, replaced: Path | None
) -> Written | AlreadyThere:
    page = page_path(request, blog)
    if scan.existing is None and page.exists():
        return AlreadyThere(page)  # the owner has written one in the meantime
    kept, backup = _files_to_keep(request, blog, scan), None
    if replaced is None and page.parent.exists():
        replaced = page.parent
    if replaced is not None and (scan.existing is not None or kept.keys() & draft.files.keys()):
        backup = bundle.back_up(replaced, blog.site.root, blog.now.strftime("%Y%m%dT%H%M%S"))
    bundle.publish(page.parent, kept | dict(draft.files), replacing=replaced)
    return Written(page, draft, backup)


def _path_to_replace(request: PostRequest, blog: Blog, scan: BlogScan) -> Path | None:
    """Return the bundle or the file of the existing post; None if there is none. Raises SetupError if translations in a
    folder of another name would be lost with it."""
    if scan.existing is None:
        return None
    page, site, folder = scan.existing.path, blog.site, page_path(request, blog).parent
    old = page.parent if page.name.startswith("index.") else page
    if old != folder and old.is_dir() and any(site.belongs_to_translation(one.name) for one in old.glob("index.*")):
        raise SetupError(
            f"{old} has the post in other languages, too.",
            f"Rename it to {folder.name}, where --force leaves them as they are.",
        )
    return old


def _files_to_keep(request: PostRequest, blog: Blog, scan: BlogScan) -> dict[str, bytes]:
    """Return the bundle's files that stay: those of other languages or, if there is no post yet, all that are there."""
    folder = page_path(request, blog).parent
    files = bundle.read_files(folder)
    return files if scan.existing is None else bundle.files_to_keep(blog.site, folder.name, files)

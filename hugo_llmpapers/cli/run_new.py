"""A run of `new` with something to do: one post in each language, reported as each is finished."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial

from hugo_llmpapers.cli.console import Console, Progress
from hugo_llmpapers.cli.output import report_outcome
from hugo_llmpapers.cli.pick import pick as pick_in_terminal
from hugo_llmpapers.cli.wiring import run_context
from hugo_llmpapers.errors import Failure
from hugo_llmpapers.pipeline import new
from hugo_llmpapers.pipeline.request import AlreadyThere, Outcome, PostRequest, scan_blog
from hugo_llmpapers.pipeline.run_context import OpenContext
from hugo_llmpapers.pipeline.select import translation_request
from hugo_llmpapers.site.site import Blog

RunStep = Callable[[PostRequest, Blog, OpenContext], Outcome]
"""`plan`, `preview` or `write` of pipeline.new."""


def run(
    request: PostRequest,
    blogs: Sequence[Blog],
    console: Console,
    step: RunStep,
    *,
    explain: bool,
    offline: bool,
    pick: bool,
) -> None:
    """Run a step for the post in each language. Stops after the first if there is nothing to translate.

    Raises Failure, and KeyboardInterrupt if the person who picks papers quits.
    """
    this_request: PostRequest | None = request
    for blog in blogs:
        if this_request is None:
            return
        is_first = blog is blogs[0]
        picks = pick and is_first
        with Progress(quiet=console.quiet) as progress:
            open_context = partial(
                run_context,
                progress=progress,
                offline=offline and not request.sample,
                sample_day=request.day if request.sample else None,
                # The user insists on these papers, so Claude is asked again even if earlier answers failed their checks.
                asks_anew=picks or bool(request.ids) or (request.force and not request.reselect),
            )
            if picks:
                outcome = _run_picked(request, blog, step, open_context, progress)
            else:
                outcome = step(this_request, blog, open_context)
        report_outcome(outcome, request, blog, console, explain=explain)
        if is_first:
            this_request = translation_request(request, outcome)


def _run_picked(
    request: PostRequest, blog: Blog, step: RunStep, open_context: OpenContext, progress: Progress
) -> Outcome:
    """Run a step with papers that a person picks. The folder is locked only afterwards, so that no other run waits."""
    if step is new.write and not request.force and (page := scan_blog(request, blog).existing) is not None:
        return AlreadyThere(page.path)
    with open_context(blog, pays=step is not new.plan) as context:
        selection = new.ranking(request, context)
        if selection.candidates:
            with progress.paused():
                picked = pick_in_terminal(selection.candidates, blog.settings.count)
            selection = new.with_picked(selection, picked, context)
        try:
            return step(replace(request, chosen=selection), blog, lambda _blog, *, pays: nullcontext(context))  # noqa: ARG005
        except Failure as failure:
            ids = ",".join(candidate.paper.arxiv_id for candidate in selection.candidates)
            again = "" if request.sample else f"To repeat this choice: {'--force ' if request.force else ''}--ids {ids}"
            failure.note = " ".join(filter(None, (failure.note, again)))
            raise

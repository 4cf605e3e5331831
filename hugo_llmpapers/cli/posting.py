"""A run of `new` that has something to do: making the post in each language, and telling what became of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

from hugo_llmpapers.cli import text_output
from hugo_llmpapers.cli.console import Console, print_utf8
from hugo_llmpapers.cli.credentials import writes_claude
from hugo_llmpapers.cli.json_output import document
from hugo_llmpapers.cli.pick import pick
from hugo_llmpapers.cli.progress import Progress
from hugo_llmpapers.cli.wiring import run_context
from hugo_llmpapers.errors import Failure
from hugo_llmpapers.pipeline import new
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Draft, Outcome
from hugo_llmpapers.pipeline.request import PostRequest, scan_blog
from hugo_llmpapers.pipeline.run_context import OpenContext
from hugo_llmpapers.pipeline.select import translation_request
from hugo_llmpapers.records import Candidate
from hugo_llmpapers.site.site import Blog

Do = Callable[[PostRequest, Blog, OpenContext], Outcome]
"""`plan`, `preview` or `write` of `pipeline.new`."""


def posts(
    request: PostRequest,
    blogs: Sequence[Blog],
    console: Console,
    do: Do,
    *,
    explain: bool,
    offline: bool,
    chosen_by_hand: bool,
) -> Iterator[dict[str, Any]]:
    """The document of each language, as its post is settled; none after a first one that has nothing to translate.

    Raises Failure in its kinds, and KeyboardInterrupt where a person who chooses quits.
    """
    its_request: PostRequest | None = request
    for number, blog in enumerate(blogs):
        if its_request is None:
            return
        done = _post(
            its_request,
            blog,
            console,
            do,
            explain=explain,
            offline=offline,
            chosen_by_hand=chosen_by_hand and not number,
        )
        yield document(done, request, blog)
        its_request = its_request if number else translation_request(request, done)


def _post(
    request: PostRequest,
    blog: Blog,
    console: Console,
    do: Do,
    *,
    explain: bool,
    offline: bool,
    chosen_by_hand: bool,
) -> Outcome:
    """One language's post, told to people."""
    sample_day = request.day if request.sample else None
    by_claude = writes_claude(blog.settings, blog.site.hugo.environ, sample=request.sample)
    with Progress(quiet=console.quiet) as say:
        # Papers that somebody names, and a post that is written again with its papers, are worth another question.
        asks_anew = chosen_by_hand or bool(request.ids) or (request.force and not request.reselect)
        open_context = partial(
            run_context,
            progress=say,
            offline=offline and not request.sample,
            sample_day=sample_day,
            asks_anew=asks_anew,
        )
        done = _by_hand(request, blog, do, open_context, say) if chosen_by_hand else do(request, blog, open_context)
    text_output.tell(done, request, blog, console, explain=explain, by_claude=by_claude)
    if isinstance(done, Draft) and not console.as_json:
        print_utf8(done.files[blog.site.index_name].decode())
    return done


def _by_hand(request: PostRequest, blog: Blog, do: Do, open_context: OpenContext, say: Progress) -> Outcome:
    """The same with papers that a person chooses. Nobody is kept waiting meanwhile: the folder is locked afterwards."""
    if do is new.write and not request.force:
        _, existing = scan_blog(request, blog)
        if existing is not None:
            return AlreadyThere(existing.path)

    def ask(candidates: Sequence[Candidate], count: int) -> list[Candidate]:
        with say.paused():
            return pick(candidates, count)

    with open_context(blog, pays=do is not new.plan) as opened:
        chosen = new.pick(request, opened, ask)
        try:
            return do(replace(request, chosen=chosen), blog, lambda _blog, *, pays: nullcontext(opened))  # noqa: ARG005
        except Failure as failure:
            ids = ",".join(candidate.paper.arxiv_id for candidate in chosen.candidates)
            again = "" if request.sample else f"The same choice again: {'--force ' if request.force else ''}--ids {ids}"
            failure.note = " ".join(filter(None, (failure.note, again)))
            raise

"""The same papers in the blog's other languages: one post in each, every summary made from the paper itself."""

from __future__ import annotations

from dataclasses import replace

from hugo_llmpapers.pipeline.outcome import AlreadyThere, Draft, Nothing, Outcome, Plan, Written
from hugo_llmpapers.pipeline.request import PostRequest
from hugo_llmpapers.pipeline.select import Choose, fixed_selection
from hugo_llmpapers.records import Candidate, Selection
from hugo_llmpapers.site import history


def as_first(request: PostRequest, done: Outcome) -> tuple[PostRequest, Choose | None] | None:
    """What to ask for in another language, and its papers where they are at hand; None where the first post is none.

    `done`: what became of the post in the first language.
    """
    match done:
        case Written():
            entries = done.draft.post.entries
            return request, _these(tuple(entry.candidate for entry in entries), done.draft.selection)
        case Plan():
            return (request, _these(done.chosen, done.selection)) if done.chosen else None
        case AlreadyThere():
            page = history.page(str(done.path)) or history.Page(done.path, ())
            return replace(request, ids=(), like=page), None
        case Nothing() | Draft():
            return None


def _these(candidates: tuple[Candidate, ...], first: Selection) -> Choose:
    return fixed_selection(Selection(candidates, first.answered, skipped=(), all_or_nothing=True))

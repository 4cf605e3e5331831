"""What a run of `new` tells at its end: the result on stdout, the rest on stderr."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hugo_llmpapers.cli.console import Console, visible
from hugo_llmpapers.cli.json_output import document
from hugo_llmpapers.pipeline.outcome import AlreadyThere, Draft, Nothing, Outcome, Plan, Written
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.model_names import author_name

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.request import PostRequest
    from hugo_llmpapers.records import Candidate, Paper, Selection

_EXPLAINED = 30
"""Rows of the ranking that a person will read."""
_SHOWN_SKIPS = ("source", "summary", "licence", "pdf", "figure", "render")
"""Stages whose losses are always told; the others' only with --explain."""


def tell(done: Outcome, request: PostRequest, blog: Blog, console: Console, *, explain: bool, by_claude: bool) -> None:
    """Prints it for people. The Markdown of a Draft is left to the caller."""
    selection = done.selection
    if explain and selection is not None:
        _ranking(selection, console)
        _figures(done.draft, console)
    for line in _notes(done, request, blog, by_claude=by_claude):
        console.note(line)
    match done:
        case AlreadyThere():
            console.note(f"The post of {request.day} is already there; --force writes it again.")
            console.result(str(done.path))
        case Nothing():
            console.note(f"Nothing to publish for {request.day}: {done.reason}.")
        case Plan():
            _plan(done, request, blog, console, by_claude=by_claude)
        case Written():
            if done.draft.trial.url:
                console.note(f"URL: {done.draft.trial.url}")
            console.result(str(done.path))
        case Draft():
            pass


def told(done: AlreadyThere, request: PostRequest, blog: Blog, console: Console) -> dict[str, Any]:
    """That there is nothing to do: for people, and as the document for programs."""
    tell(done, request, blog, console, explain=False, by_claude=False)
    return document(done, request, blog)


def _notes(done: Outcome, request: PostRequest, blog: Blog, *, by_claude: bool) -> Iterable[str]:
    settings = blog.settings
    draft = done.draft
    selection = done.selection
    if selection is None:
        return
    skipped = draft.skipped if draft is not None else selection.skipped
    yield from (
        s.reason if s.stage == "source" else f"{s.subject}: {s.reason}" for s in skipped if s.stage in _SHOWN_SKIPS
    )
    if selection.shortage_reason and not isinstance(done, Nothing):
        yield f"A short post: {selection.shortage_reason}."
    if not by_claude:
        why = "as `summarizer` asks" if settings.summarizer == "excerpt" else "as there is no Claude API key"
        yield (
            f"The texts are excerpts in their original language, {why}; set ANTHROPIC_API_KEY for summaries by Claude, "
            "and `refresh` puts them in."
        )
    from hugo_llmpapers.post import unsafe_posts

    yield from (
        f"{unsafe_posts.problem(page, words)} {unsafe_posts.remedy(blog, page)}"
        for page, words in unsafe_posts.unsafe_pages(blog)
    )
    if draft is None:
        return
    yield from draft.trial.warnings
    if draft.usage and not request.sample:
        from hugo_llmpapers.summaries.client import retirement_note
        from hugo_llmpapers.summaries.prices import format_usage

        if ending := retirement_note(settings.model):
            yield ending
        yield f"{author_name(settings.model)}: {format_usage(draft.usage)}."
    if isinstance(done, Written):
        if done.backup is not None:
            yield f"The post that was there is kept in {done.backup}."
        if request.draft:
            yield "It is a draft: `hugo server --buildDrafts` shows it."
        if (
            settings.figures
            and settings.figure_license == "any"
            and blog.origins["figureLicense"] == "default"
            and not request.sample
        ):
            yield (
                "Figures belong to their authors, and most arXiv papers do not allow their reuse: "
                '`figureLicense = "cc"` takes those of Creative Commons papers only; setting it to "any" ends this note.'
            )


def _plan(plan: Plan, request: PostRequest, blog: Blog, console: Console, *, by_claude: bool) -> None:
    if plan.existing is not None and not request.force:
        again = "--force --reselect" if request.reselect else "--force"
        console.note(f"The post is already there: {plan.existing}. This is what {again} would write.")
    if not plan.chosen:
        console.note(f"Nothing to publish for {request.day}: {plan.selection.shortage_reason}.")
        return
    console.result(str(plan.path))
    for number, candidate in enumerate(plan.chosen, 1):
        paper = candidate.paper
        console.result(f"{number}. {paper.arxiv_id}  {candidate.source}  {_title(paper)}")
    if by_claude:
        # With all that they import: only where a price is shown.
        from hugo_llmpapers.summaries.messages import MAX_TOKENS
        from hugo_llmpapers.summaries.prices import AS_OF, usage

        model = blog.settings.model
        worst = usage(model, 2000, MAX_TOKENS).usd
        if worst is not None and worst > blog.settings.max_cost:
            console.note(f"maxCost is less than what one call can cost (${worst:.3f}): nothing would be written.")
        amount = "at a price that is not known, and that maxCost cannot limit"
        if plan.estimate.usd is not None:
            amount = f"about ${plan.estimate.usd:.3f} (prices of {AS_OF}), at most ${blog.settings.max_cost:.2f}"
        console.result(f"Summaries by {model}: {amount}")
    else:
        console.result("Excerpts: no cost")


def _title(paper: Paper) -> str:
    from hugo_llmpapers.text.latex import readable

    return visible(readable(paper.title))


def _ranking(selection: Selection, console: Console) -> None:
    for place, candidate in enumerate(selection.candidates[:_EXPLAINED], 1):
        paper = candidate.paper
        console.note(
            f"{place:4d}  {candidate.score:5.1f}  {paper.arxiv_id:12s}  {candidate.source:15s}  {_title(paper)[:70]}"
        )
        console.note(f"             {reasons(candidate) or 'asked for by name'}")
    if (more := len(selection.candidates) - _EXPLAINED) > 0:
        console.note(f"   …         {more} more; --json has them all")
    for left in selection.skipped[:_EXPLAINED]:
        console.note(f"   -         {left.subject:12s}  {left.stage}: {left.reason}")
    if (more := len(selection.skipped) - _EXPLAINED) > 0:
        console.note(f"   -         {more} more; --json has them all")


def reasons(candidate: Candidate) -> str:
    """Why it has its place, with points, in one line; empty where nothing was weighed."""
    return ", ".join(f"{r.name} {r.points:.1f}" + (f" ({r.detail})" if r.detail else "") for r in candidate.reasons)


def _figures(draft: Draft | None, console: Console) -> None:
    for entry in draft.post.entries if draft is not None else ():
        figure = entry.figure
        if figure is not None:
            sure = f", sure to {figure.confidence:.0%}" if figure.confidence is not None else ""
            said = f"{figure.label or 'first page'}: {figure.reason} ({figure.strategy}{sure})"
            console.note(f"   figure    {entry.candidate.paper.arxiv_id:12s}  {said}")

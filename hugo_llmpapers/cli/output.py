"""What commands say about posts: text for people, with the result on stdout and notes on stderr, and JSON documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.credentials import uses_claude
from hugo_llmpapers.cli.process import print_utf8
from hugo_llmpapers.pipeline.request import AlreadyThere, Draft, Nothing, Outcome, Plan, PostRequest, Written
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.models import author_name

if TYPE_CHECKING:  # a run that finds the post there needs none of these
    from hugo_llmpapers.records import Candidate, Entry, Selection, Skipped, Usage

_MAX_ROWS = 30
"""Rows of the ranking, and of skipped papers, that --explain prints."""
_NOTED_STAGES = ("source", "summary", "licence", "pdf", "figure", "render")
"""Stages whose skipped papers are always printed; others only with --explain."""


def report_outcome(
    outcome: Outcome, request: PostRequest, blog: Blog, console: Console, *, explain: bool = False
) -> None:
    """Print the outcome of one language for people, and add its document for programs to the console's."""
    selection, draft = outcome.selection, outcome.draft
    if explain and selection is not None:
        _print_ranking(selection, console)
    if explain and draft is not None:
        _print_figures(draft, console)
    if selection is not None:
        console.notes(_notes(outcome, selection, draft, request, blog))
    match outcome:
        case AlreadyThere():
            console.note(f"The post of {request.day} already exists; --force writes it again.")
            console.result(str(outcome.path))
        case Nothing():
            console.note(f"Nothing to publish for {request.day}: {outcome.reason}.")
        case Plan():
            _print_plan(outcome, request, blog, console)
        case Written():
            if outcome.draft.trial.url:
                console.note(f"URL: {outcome.draft.trial.url}")
            console.result(str(outcome.path))
        case Draft():
            if not console.as_json:
                print_utf8(outcome.files[blog.site.index_name].decode())
    console.documents.append(_outcome_document(outcome, request, blog))


def excerpt_reason(settings: Settings) -> str:
    """Return a clause on why a post has excerpts instead of summaries."""
    return "`summarizer` is `excerpt`" if settings.summarizer == "excerpt" else "ANTHROPIC_API_KEY is not set"


def usage_note(settings: Settings, usage: Usage) -> str:
    """Return a line about the tokens and cost of the summaries."""
    from hugo_llmpapers.summaries.prices import format_usage

    return f"{author_name(settings.model)}: {format_usage(usage)}."


def _notes(
    outcome: Outcome, selection: Selection, draft: Draft | None, request: PostRequest, blog: Blog
) -> Iterator[str]:
    settings = blog.settings
    for skipped in draft.skipped if draft is not None else selection.skipped:
        if skipped.stage in _NOTED_STAGES:
            yield skipped.reason if skipped.stage == "source" else f"{skipped.subject}: {skipped.reason}"
    if selection.shortage_reason and not isinstance(outcome, Nothing):
        yield f"The post is short: {selection.shortage_reason}."
    if not uses_claude(blog, sample=request.sample):
        yield (
            f"The post has excerpts in their original language, as {excerpt_reason(settings)}. "
            "To replace them by summaries, set ANTHROPIC_API_KEY and run `refresh`."
        )
    from hugo_llmpapers.post import unsafe_posts

    for page, words in unsafe_posts.unsafe_pages(blog):
        yield f"{unsafe_posts.problem(page, words)} {unsafe_posts.remedy(blog, page)}"
    if draft is not None:
        yield from draft.trial.warnings
        if draft.usage and not request.sample:
            from hugo_llmpapers.summaries.client import retirement_note

            yield from filter(None, [retirement_note(settings.model)])
            yield usage_note(settings, draft.usage)
    if isinstance(outcome, Written):
        yield from _written_notes(outcome, request, blog)


def _written_notes(written: Written, request: PostRequest, blog: Blog) -> Iterator[str]:
    settings = blog.settings
    if written.backup is not None:
        yield f"Backup of the old post: {written.backup}"
    if request.draft:
        yield "The post is a draft: `hugo server --buildDrafts` shows it."
    default = settings.figure_license == "any" and blog.origins["figureLicense"] == "default"
    if settings.figures and default and not request.sample:
        yield (
            "Figures belong to their authors, and most arXiv papers do not allow their reuse. "
            '`figureLicense = "cc"` uses only figures of Creative Commons papers; setting it to "any" hides this note.'
        )


def _print_plan(plan: Plan, request: PostRequest, blog: Blog, console: Console) -> None:
    if plan.existing is not None and not request.force:
        force = "--force --reselect" if request.reselect else "--force"
        console.note(f"The post already exists: {plan.existing}. {force} would write this:")
    if not plan.chosen:
        console.note(f"Nothing to publish for {request.day}: {plan.selection.shortage_reason}.")
        return
    console.result(str(plan.path))
    for number, candidate in enumerate(plan.chosen, 1):
        console.text(f"{number}. {candidate.paper.arxiv_id}  {candidate.source}  {_title(candidate)}")
    if not uses_claude(blog, sample=request.sample):
        console.result("Excerpts: no cost")
        return
    # Their imports take long, and only this needs them.
    from hugo_llmpapers.summaries.messages import MAX_TOKENS
    from hugo_llmpapers.summaries.prices import AS_OF, usage

    model, max_cost = blog.settings.model, blog.settings.max_cost
    most = usage(model, 2000, MAX_TOKENS).usd
    if most is not None and most > max_cost:
        console.note(f"maxCost is less than one call can cost (${most:.3f}): nothing would be written.")
    cost = "price unknown, so maxCost does not apply"
    if plan.estimate.usd is not None:
        cost = f"estimated ${plan.estimate.usd:.3f} (prices of {AS_OF}), at most ${max_cost:.2f}"
    console.result(f"Summaries by {model}: {cost}")


def _title(candidate: Candidate) -> str:
    from hugo_llmpapers.text.latex import readable

    return readable(candidate.paper.title)


def _print_ranking(selection: Selection, console: Console) -> None:
    if any("strength" in reason.detail for candidate in selection.candidates for reason in candidate.reasons):
        console.note("strength: compared with papers of the same source and age, 0 to 1")
    for place, candidate in enumerate(selection.candidates[:_MAX_ROWS], 1):
        score, id_, source = candidate.score, candidate.paper.arxiv_id, candidate.source
        console.note(f"{place:4d}  {score:5.1f}  {id_:12s}  {source:15s}  {_title(candidate)[:70]}")
        console.note(f"             {format_reasons(candidate) or 'requested by id'}")
    _print_rest("…", len(selection.candidates), console)
    if dropped := Counter(skipped.reason for skipped in selection.skipped if skipped.stage == "merge"):
        reasons = ", ".join(f"{reason} ({times})" for reason, times in dropped.most_common())
        console.note(f"   -         {dropped.total()} dropped before ranking: {reasons}")
    others = [skipped for skipped in selection.skipped if skipped.stage != "merge"]
    for skipped in others[:_MAX_ROWS]:
        console.note(f"   -         {skipped.subject:12s}  {skipped.stage}: {skipped.reason}")
    _print_rest("-", len(others), console)


def _print_rest(mark: str, rows: int, console: Console) -> None:
    if rows > _MAX_ROWS:
        console.note(f"   {mark}         {rows - _MAX_ROWS} more; --json lists all")


def format_reasons(candidate: Candidate) -> str:
    """Return the parts of the score in one line; empty if there are none."""
    return ", ".join(f"{r.name} {r.points:.1f}" + (f" ({r.detail})" if r.detail else "") for r in candidate.reasons)


def _print_figures(draft: Draft, console: Console) -> None:
    for entry in draft.post.entries:
        if (figure := entry.figure) is not None:
            confidence = f", {figure.confidence:.0%} confident" if figure.confidence is not None else ""
            text = f"{figure.label or 'first page'}: {figure.reason} ({figure.strategy}{confidence})"
            console.note(f"   figure    {entry.candidate.paper.arxiv_id:12s}  {text}")


def _outcome_document(outcome: Outcome, request: PostRequest, blog: Blog) -> dict[str, Any]:
    out: dict[str, Any] = {"status": outcome.status, "day": request.day.isoformat()}
    match outcome:
        case AlreadyThere():
            out |= {"path": str(outcome.path)}
        case Nothing():
            out |= {"reason": outcome.reason}
        case Plan():
            out |= {
                "path": str(outcome.path),
                "exists": outcome.existing is not None,
                "papers": [_candidate(c) for c in outcome.chosen],
                "estimate": usage_fields(outcome.estimate),
            }
        case Written():
            out |= {"path": str(outcome.path), "backup": str(outcome.backup) if outcome.backup else None}
            out |= _draft(outcome.draft)
        case Draft():
            out |= _draft(outcome) | {"markdown": outcome.files[blog.site.index_name].decode()}
    if (selection := outcome.selection) is not None:
        draft = outcome.draft
        out["sources"] = list(selection.answered)
        out["ranking"] = [_candidate(c) for c in selection.candidates]
        out["skipped"] = skipped_rows(selection.skipped if draft is None else draft.skipped)
    return out


def skipped_rows(skipped: Iterable[Skipped]) -> list[dict[str, Any]]:
    """Return what was skipped, with the reasons."""
    return [{"subject": s.subject, "stage": s.stage, "reason": s.reason, "trouble": s.trouble} for s in skipped]


def usage_fields(usage: Usage) -> dict[str, Any]:
    """Return tokens and cost."""
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "usd": usage.usd}


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "url": draft.trial.url,
        "missing": list(draft.trial.warnings),
        "papers": [_entry(entry) for entry in draft.post.entries],
        "usage": usage_fields(draft.usage),
        "perhaps_usd": draft.usage.perhaps_usd,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    summary, figure = entry.summary, entry.figure
    keys = ("label", "page", "strategy", "reason", "confidence", "width_px", "height_px")
    return _candidate(entry.candidate) | {
        "summary": {"kind": summary.kind, "model": summary.model, "cached": summary.cached},
        "figure": None if figure is None else {key: getattr(figure, key) for key in keys},
        "license": entry.licence,
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.paper.arxiv_id,
        "title": candidate.paper.title,
        "source": candidate.source,
        "score": round(candidate.score, 2),
        "reasons": [{"name": r.name, "points": round(r.points, 2), "detail": r.detail} for r in candidate.reasons],
    }

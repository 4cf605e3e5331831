"""The JSON documents of `--json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hugo_llmpapers.pipeline.outcome import AlreadyThere, Draft, Nothing, Outcome, Plan, Written

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.request import PostRequest
    from hugo_llmpapers.records import Candidate, Entry, Skipped, Usage
    from hugo_llmpapers.site.site import Blog


def outcome_document(outcome: Outcome, request: PostRequest, blog: Blog) -> dict[str, Any]:
    """Return the document of `new` for one language."""
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

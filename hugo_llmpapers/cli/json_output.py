"""What a run of `new` tells programs: the document of `--json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from hugo_llmpapers.pipeline.outcome import AlreadyThere, Draft, Nothing, Outcome, Plan, Written
from hugo_llmpapers.site.site import Blog

if TYPE_CHECKING:
    from hugo_llmpapers.pipeline.request import PostRequest
    from hugo_llmpapers.records import Candidate, Entry, Skipped, Usage


def document(done: Outcome, request: PostRequest, blog: Blog) -> dict[str, Any]:
    """What became of a run, as a document."""
    out: dict[str, Any] = {"status": done.status, "day": request.day.isoformat()}
    selection = done.selection
    match done:
        case AlreadyThere():
            out |= {"path": str(done.path)}
        case Nothing():
            out |= {"reason": done.reason}
        case Plan():
            out |= {
                "path": str(done.path),
                "exists": done.existing is not None,
                "papers": [_candidate(c) for c in done.chosen],
                "estimate": _usage(done.estimate),
            }
        case Written():
            out |= {"path": str(done.path), "backup": str(done.backup) if done.backup else None} | _draft(done.draft)
        case Draft():
            out |= _draft(done) | {"markdown": done.files[blog.site.index_name].decode()}
    if selection is not None:
        draft = done.draft
        out["sources"] = list(selection.answered)
        out["ranking"] = [_candidate(c) for c in selection.candidates]
        out["skipped"] = rows(selection.skipped if draft is None else draft.skipped)
    return out


def rows(skipped: Iterable[Skipped]) -> list[dict[str, Any]]:
    """What was left out."""
    return [{"subject": s.subject, "stage": s.stage, "reason": s.reason, "trouble": s.trouble} for s in skipped]


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "url": draft.trial.url,
        "missing": list(draft.trial.warnings),
        "papers": [_entry(entry) for entry in draft.post.entries],
        "usage": _usage(draft.usage),
        "perhaps_usd": draft.usage.perhaps_usd,
    }


def _entry(entry: Entry) -> dict[str, Any]:
    figure = entry.figure
    return _candidate(entry.candidate) | {
        "summary": {"kind": entry.summary.kind, "model": entry.summary.model, "cached": entry.summary.cached},
        "figure": None
        if figure is None
        else {
            "label": figure.label,
            "page": figure.page,
            "strategy": figure.strategy,
            "reason": figure.reason,
            "confidence": figure.confidence,
            "width_px": figure.width_px,
            "height_px": figure.height_px,
        },
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


def _usage(usage: Usage) -> dict[str, Any]:
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "usd": usage.usd}

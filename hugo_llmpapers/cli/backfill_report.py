"""The plan and the outcome of a `backfill`: for people, and as the JSON document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hugo_llmpapers.cli.credentials import uses_claude
from hugo_llmpapers.cli.json_output import skipped_rows, usage_fields
from hugo_llmpapers.cli.terminal import shortened
from hugo_llmpapers.errors import Failure, ServicesFailed
from hugo_llmpapers.pipeline.backfill import BackfillPlan, Outcome
from hugo_llmpapers.pipeline.outcome import Nothing, Written
from hugo_llmpapers.records import Usage, paper_count
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.prices import AS_OF


def format_plan(plan: BackfillPlan, blog: Blog) -> Iterator[str]:
    """Yield a line for each day, for each source that failed, and for the price."""
    yield from (f"{day}  already there: {path}" for day, path in plan.there)
    yield from (f"{day}  nothing to publish: {reason}" for day, reason in plan.empty)
    for day in plan.planned:
        titles = "; ".join(shortened(candidate.paper.title, 40) for candidate in day.first)
        yield f"{day.day}  {paper_count(len(day.first))}: {titles}"
    for reason, times in sorted(Counter(failed.reason for failed in plan.failed_sources).items()):
        yield f"{reason} (on {times} of {len(plan.planned)} days)"
    posts = f"{len(plan.planned)} posts to write"
    if not uses_claude(blog):
        yield f"{posts} of excerpts: no cost."
        return
    if plan.under_way:
        yield f"{plan.under_way} summaries are paid for and under way."
    how = "in batches" if plan.in_batch else "one by one, as the endpoint takes no batches"
    price = "a price that is not known"
    if plan.estimate.usd is not None:
        most = blog.settings.max_cost * len(plan.planned)
        price = f"estimated ${plan.estimate.usd:.2f} (prices of {AS_OF}), at most ${most:.2f}"
    yield f"{posts}, {plan.to_ask} summaries to pay for, by {blog.settings.model} {how}: {price}."


def format_outcome(outcome: Outcome) -> str:
    """Return the outcome of a day, in a few words."""
    match outcome:
        case Written():
            return paper_count(len(outcome.draft.post.entries))
        case Nothing():
            return f"nothing to publish: {outcome.reason}"
        case Failure():
            return outcome.message
        case _:
            return outcome.status


def check_outcomes(plan: BackfillPlan, outcomes: Mapping[date, Outcome]) -> None:
    """Raises Failure if a day failed."""
    failed = {day: outcome for day, outcome in outcomes.items() if isinstance(outcome, Failure)}
    if not failed:
        return
    kind = ServicesFailed if all(isinstance(one, ServicesFailed) for one in failed.values()) else Failure
    troubles = {one.trouble for one in failed.values()}
    remedies = {one.remedy.removeprefix("The post was not written.").lstrip() for one in failed.values()}
    remedy = "Run the same command again: it retries only these."
    if kind is Failure and len(remedies) == 1:
        remedy = remedies.pop()  # answers that failed their checks are cached, and the same command would not ask again
    messages = "; ".join(f"{day}: {one.message.rstrip('.')}" for day, one in failed.items())
    raise kind(
        f"{len(failed)} of {len(plan.planned)} posts could not be written: {messages}.",
        remedy,
        trouble=troubles.pop() if len(troubles) == 1 else None,
    )


def backfill_document(
    status: str, plan: BackfillPlan, outcomes: Mapping[date, Outcome], usage: Usage
) -> dict[str, Any]:
    """Return the document of one language."""
    posts: list[dict[str, Any]] = [{"day": day, "status": "already there", "path": path} for day, path in plan.there]
    posts += [{"day": day, "status": "nothing to publish", "reason": reason} for day, reason in plan.empty]
    for one in plan.planned:
        outcome = outcomes.get(one.day)
        path = outcome.path if isinstance(outcome, Written) else None
        ids = [candidate.paper.arxiv_id for candidate in one.first]
        posts.append(
            {"day": one.day, "status": format_outcome(outcome) if outcome else status, "path": path, "papers": ids}
        )
    return {
        "status": status,
        "posts": sorted(posts, key=lambda post: str(post["day"])),
        "to_ask": plan.to_ask,
        "under_way": plan.under_way,
        "in_batch": plan.in_batch,
        "skipped": skipped_rows(dict.fromkeys(plan.failed_sources)),
        "usage": usage_fields(usage),
        "perhaps_usd": usage.perhaps_usd,
    }

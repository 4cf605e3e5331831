"""The questions of a backfill: put into batches, each once, and read until all that they brought is kept."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.pipeline.batch_state import BackfillState, Batch, Planned, Question
from hugo_llmpapers.pipeline.entries import text_of
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Step, Usage, paper_count
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries import batches, claude
from hugo_llmpapers.summaries.api_errors import NoSummary
from hugo_llmpapers.summaries.prompt import Prompt, prompt
from hugo_llmpapers.summaries.summarize import (
    SummaryContext,
    is_answered,
    keep_answer,
    keep_failure,
    key_of,
    next_question,
    worst_case,
)
from hugo_llmpapers.temporary import temporary_folder

SETTLED_S = 10.0
"""A batch that was sent so many seconds ago and is not in the service's list was not taken."""
READINGS = 3
"""Times that broken results are read again."""


def missing(
    waiting: Sequence[Planned],
    blog: Blog,
    summary_context: SummaryContext,
    context: RunContext,
    backfill_state: BackfillState,
) -> list[tuple[Question, Prompt]]:
    """The questions that nobody answered and that none is about, as far as each post's money reaches in the worst case.

    A paper that it does not reach for is asked about once the others' real price is known.
    """
    under_way = {q.key for batch in backfill_state.batches() for q in batch.questions}
    paid, found = backfill_state.paid(), []
    with temporary_folder() as folder:
        for one in waiting:
            left = blog.settings.max_cost - (paid.get(one.day, Usage()).usd or 0.0)
            for paper in (candidate.paper for candidate in one.first):
                text = text_of(paper, context.entry_context, folder) if blog.settings.summary_input == "pdf" else None
                asked = prompt(paper, summary_context.language, text)
                key = key_of(paper, asked, summary_context.model, summary_context)
                if next_question(paper, asked, summary_context) != (asked, summary_context.model):
                    continue
                left -= worst_case(asked, summary_context.model, in_batch=True).usd or 0.0
                if left >= 0 and key not in under_way:
                    custom_id = f"{re.sub('[^a-zA-Z0-9]', '-', paper.arxiv_id)}_{sha256(key.encode()).hexdigest()[:24]}"
                    found.append((Question(custom_id, one.day, paper.arxiv_id, key, asked.source), asked))
    return found


def send(
    asked: Sequence[tuple[Question, Prompt]],
    summary_context: SummaryContext,
    backfill_state: BackfillState,
    context: RunContext,
) -> None:
    """The questions in as few batches as they fit into; each is on disk before it is sent, and its id at once after.

    Raises Failure in its kinds where Claude refuses them.
    """
    client = summary_context.client()
    for start in range(0, len(asked), batches.MOST_REQUESTS):
        part = asked[start : start + batches.MOST_REQUESTS]
        number = max((batch.number for batch in backfill_state.batches()), default=0) + 1
        batch = Batch(
            number, summary_context.model, batches.newest(client), None, tuple(question for question, _ in part)
        )
        backfill_state.put_batch(batch)
        try:
            sent = batches.create(
                client, [(q.custom_id, text) for q, text in part], summary_context.model, summary_context.effort
            )
        except batches.Unconfirmed as error:
            context.entry_context.tell(
                Step("batch", paper_count(len(part)), "failed", f"{error}; looking whether it was taken")
            )
            continue
        except Failure:
            backfill_state.drop_batch(batch)
            raise
        backfill_state.put_batch(replace(batch, id=sent))
        context.entry_context.tell(Step("batch", sent, "started", f"{paper_count(len(part))} sent"))


def read(batch: Batch, summary_context: SummaryContext, backfill_state: BackfillState, context: RunContext) -> None:
    """Waits for a batch and keeps all that it brought. Raises Failure in its kinds."""
    client = summary_context.client()
    if batch.id is None:
        found = _confirmed(batch, summary_context, backfill_state, context)
        if found is None:
            backfill_state.drop_batch(batch)
            return
        batch = replace(batch, id=found)
        backfill_state.put_batch(batch)
    name = batch.id or ""
    try:
        state = batches.ended(
            client, name, lambda said: context.entry_context.tell(Step("batch", name, "started", said))
        )
        brought, refused = _kept(batch, name, summary_context)
    except batches.Gone:
        raise Failure(
            f"Claude has no results of the batch {name} any more, or not under this key.",
            f"Use the key that it was sent with, or delete {backfill_state.path_of(batch)} to send its questions again.",
        ) from None
    days = {q.day for q in batch.questions}
    paid = {day: sum((took for q, took in brought if q.day == day), Usage()) for day in days}
    backfill_state.put_batch(replace(batch, questions=(), paid=paid))
    answers = sum(1 for _, took in brought if took.output_tokens)
    context.entry_context.tell(
        Step("batch", name, "done", f"{answers} of {paper_count(len(batch.questions))} answered")
    )
    if refused is not None:
        raise refused
    if state.cancel_initiated_at is not None:
        raise Failure(f"The batch {name} was cancelled.", "Run the same command again to send what it lacks.")


def _kept(
    batch: Batch, name: str, summary_context: SummaryContext
) -> tuple[list[tuple[Question, Usage]], SetupError | None]:
    """Puts every result into the cache; what each took, and the failure where Claude refused the account.

    A broken stream is read again from its beginning.
    """
    refused = None
    asked = {question.custom_id: question for question in batch.questions}
    for reading in range(1, READINGS + 1):
        took: dict[str, Usage] = {}
        try:
            for result in batches.results(summary_context.client(), name):
                if (question := asked.get(result.custom_id)) is not None:
                    refused = refused or result.refused
                    took[result.custom_id] = _keep(result, question, batch.model, summary_context)
        except ServicesFailed:
            if reading == READINGS:
                raise
            continue
        break
    return [(asked[custom_id], used) for custom_id, used in took.items()], refused


def _keep(result: batches.Result, question: Question, model: str, summary_context: SummaryContext) -> Usage:
    """A result that is no answer leaves nothing, so that the question is put again. Raises SetupError for a full disk."""
    took = Usage()
    try:
        if result.kind == "errored" and result.error == "invalid_request_error" and result.refused is None:
            raise NoSummary("malformed", "Claude cannot take the request")
        if result.kind != "succeeded":
            return took
        took = claude.counted(result.message, model, in_batch=True)
        keep_answer(result.message, question.source, model, question.key, took, summary_context)
    except NoSummary as failure:
        keep_failure(failure, question.key, summary_context)
    if not is_answered(question.key, summary_context):
        raise SetupError(
            f"The cache folder {summary_context.cache.root} takes no more.", "Make room, and run the command again."
        )
    return took


def _confirmed(
    batch: Batch, summary_context: SummaryContext, backfill_state: BackfillState, context: RunContext
) -> str | None:
    """The id of a batch that was sent and never confirmed; None where the service did not take it."""
    age_s = time.time() - backfill_state.path_of(batch).stat().st_mtime
    time.sleep(min(SETTLED_S, max(0.0, SETTLED_S - age_s)))
    mine = {question.custom_id for question in batch.questions}
    for candidate in batches.newer_than(summary_context.client(), batch.before, len(mine)):
        # Only its results tell the questions of a batch.
        context.entry_context.tell(Step("batch", candidate, "started", "looking whether it is ours"))
        batches.ended(summary_context.client(), candidate, lambda _said: None)
        if next((result.custom_id for result in batches.results(summary_context.client(), candidate)), None) in mine:
            return candidate
    return None

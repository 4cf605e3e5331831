"""The batches of a backfill: each question is sent once, and all answers are stored."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Literal, NamedTuple

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.figures.worker.pool import Failed
from hugo_llmpapers.pipeline.backfill_state import BackfillState, Batch, Planned, Question
from hugo_llmpapers.pipeline.entries import text_of
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Paper, Step, Usage, paper_count
from hugo_llmpapers.sources.arxiv_paper import download
from hugo_llmpapers.summaries import batches
from hugo_llmpapers.summaries.messages import usage_of
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.prompt import Prompt, prompt
from hugo_llmpapers.summaries.summarize import (
    SummaryContext,
    cache_key,
    is_stored,
    next_request,
    store_answer,
    store_failure,
    worst_case_usage,
)
from hugo_llmpapers.temporary import temporary_folder

LISTED_AFTER_S = 10.0
"""A batch that was sent this long ago and is not in the service's list was not accepted."""
READ_ATTEMPTS = 3


class OpenQuestion(NamedTuple):
    """What will be asked next about a paper."""

    question: Question
    prompt: Prompt
    model: str
    fits_batch: bool
    """Whether it is the first question about the paper. Repairs and the fallback model are single calls."""


def open_questions(
    planned: Planned, summaries: SummaryContext, text_of_paper: Callable[[Paper], str | None]
) -> Iterator[OpenQuestion]:
    """Yield the next question about each paper of a day that has no summary yet."""
    for paper in (candidate.paper for candidate in planned.first):
        first = prompt(paper, summaries.language, text_of_paper(paper))
        if (following := next_request(paper, first, summaries)) is not None:
            key = cache_key(paper, first, summaries.model, summaries)
            custom_id = f"{re.sub('[^a-zA-Z0-9]', '-', paper.arxiv_id)}_{sha256(key.encode()).hexdigest()[:24]}"
            question = Question(custom_id, planned.day, paper.arxiv_id, key, first.source)
            text, model = following
            yield OpenQuestion(question, text, model, fits_batch=following == (first, summaries.model))


@dataclass(frozen=True, slots=True)
class BatchRun:
    """Sends and reads the batches of one backfill."""

    context: RunContext
    summaries: SummaryContext
    state: BackfillState

    def unsent(self, waiting: Sequence[Planned]) -> list[tuple[Question, Prompt]]:
        """Return the questions that are in no batch, as far as the budget of each post covers the worst case.

        A paper for which it is too small is asked about once the real cost of the others is known.
        """
        settings, unsent = self.context.blog.settings, []
        under_way = {question.key for question in self.state.questions()}
        spent = self.state.spent()
        with temporary_folder() as folder:

            def text_of_paper(paper: Paper) -> str | None:
                if settings.summary_input != "pdf":
                    return None
                text = text_of(download(paper.arxiv_id, self.context.web, self.context.pdfs, folder), self.context)
                return None if isinstance(text, Failed) else text

            for planned in waiting:
                left = settings.max_cost - (spent.get(planned.day, Usage()).usd or 0.0)
                for one in open_questions(planned, self.summaries, text_of_paper):
                    if one.fits_batch:
                        left -= worst_case_usage(one.prompt, one.model, in_batch=True).usd or 0.0
                        if left >= 0 and one.question.key not in under_way:
                            unsent.append((one.question, one.prompt))
        return unsent

    def send(self, questions: Sequence[tuple[Question, Prompt]]) -> None:
        """Send the questions in as few batches as possible. Each is stored before it is sent, and its id right after.

        Raises Failure in its kinds if Claude refuses one.
        """
        for start in range(0, len(questions), batches.MAX_REQUESTS):
            self._send_batch(questions[start : start + batches.MAX_REQUESTS])

    def read(self, batch: Batch) -> None:
        """Wait for a batch and store its answers. Raises Failure in its kinds."""
        batch_id = batch.id or self._find(batch)
        if batch_id is None:
            self.state.drop_batch(batch)
            return
        self.state.put_batch(replace(batch, id=batch_id))
        try:
            ended = batches.wait_until_ended(
                self.summaries.client(), batch_id, lambda text: self._report(batch_id, "started", text)
            )
            usages, refused = self._store_results(batch, batch_id)
        except batches.Gone:
            raise Failure(
                f"Claude has no results of the batch {batch_id} any more, or not under this key.",
                f"Use the key that it was sent with, or delete {self.state.path_of(batch)} to send its questions again.",
            ) from None
        spent = dict.fromkeys((question.day for question in batch.questions), Usage())
        for question in batch.questions:
            spent[question.day] += usages.get(question.custom_id, Usage())
        self.state.put_spent(batch_id, spent)
        self.state.drop_batch(batch)
        answers = sum(1 for usage in usages.values() if usage.output_tokens)
        self._report(batch_id, "done", f"{answers} of {paper_count(len(batch.questions))} answered")
        if refused is not None:
            raise refused
        if ended.cancel_initiated_at is not None:
            raise Failure(
                f"The batch {batch_id} was cancelled.", "Run the same command again to send the missing questions."
            )

    def _send_batch(self, questions: Sequence[tuple[Question, Prompt]]) -> None:
        client, summaries = self.summaries.client(), self.summaries
        number = max((batch.number for batch in self.state.batches()), default=0) + 1
        newest = batches.newest(client)
        batch = Batch(number, summaries.model, newest, None, tuple(question for question, _ in questions))
        self.state.put_batch(batch)
        requests = [(question.custom_id, text) for question, text in questions]
        try:
            batch_id = batches.create(client, requests, summaries.model, summaries.effort)
        except batches.Unconfirmed as error:
            self._report(paper_count(len(questions)), "failed", f"{error}; checking whether it was accepted")
            return
        except Failure:
            self.state.drop_batch(batch)
            raise
        self.state.put_batch(replace(batch, id=batch_id))
        self._report(batch_id, "started", f"{paper_count(len(questions))} sent")

    def _store_results(self, batch: Batch, batch_id: str) -> tuple[dict[str, Usage], SetupError | None]:
        """Put every answer into the cache. Return the usage of each by its custom id, and the error if Claude refused the
        account. A broken stream is read again from its beginning."""
        questions = {question.custom_id: question for question in batch.questions}
        usages: dict[str, Usage] = {}
        refused = None
        for attempt in range(1, READ_ATTEMPTS + 1):
            try:
                for result in batches.results(self.summaries.client(), batch_id):
                    if (question := questions.get(result.custom_id)) is not None:
                        refused = refused or result.account_failure
                        usages[result.custom_id] = self._store(result, question, batch.model)
                break
            except ServicesFailed:
                if attempt == READ_ATTEMPTS:
                    raise
        return usages, refused

    def _store(self, result: batches.Result, question: Question, model: str) -> Usage:
        """Put an answer into the cache. A result without one is not stored, so that the question is sent again."""
        usage = Usage()
        try:
            if result.kind == "errored" and result.error == "invalid_request_error" and result.account_failure is None:
                raise NoSummary("malformed", "Claude cannot take the request")
            if result.kind != "succeeded":
                return usage
            usage = usage_of(result.message, model, in_batch=True)
            store_answer(result.message, question.source, model, question.key, usage, self.summaries)
        except NoSummary as failure:
            store_failure(failure, question.key, self.summaries)
        if not is_stored(question.key, self.summaries):
            full = f"The cache folder {self.summaries.cache.root} cannot be written to."
            raise SetupError(full, "Free disk space, and run the command again.")
        return usage

    def _find(self, batch: Batch) -> str | None:
        """Return the id of a batch that was sent and not confirmed; None if the service did not accept it."""
        age_s = time.time() - self.state.path_of(batch).stat().st_mtime
        time.sleep(min(LISTED_AFTER_S, max(0.0, LISTED_AFTER_S - age_s)))
        client, ours = self.summaries.client(), {question.custom_id for question in batch.questions}
        for candidate in batches.newer_than(client, batch.before, len(ours)):
            # Only the results of a batch name its questions.
            self._report(candidate, "started", "checking whether it is ours")
            batches.wait_until_ended(client, candidate, lambda _text: None)
            if next((result.custom_id for result in batches.results(client, candidate)), None) in ours:
                return candidate
        return None

    def _report(self, subject: str, state: Literal["started", "done", "failed"], detail: str) -> None:
        self.context.report(Step("batch", subject, state, detail))

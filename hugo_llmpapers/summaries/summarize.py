"""How a paper gets its summary: from the cache, else from Claude, and never without passing its checks.

Models are tried in this order: the model, the model with a request to repair its answer, the fallback model, and its repair.
Answers are cached, also those that failed their checks. Does not import the SDK before the first call.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from hugo_llmpapers.errors import SetupError, Trouble
from hugo_llmpapers.records import Paper, Summary, Usage
from hugo_llmpapers.summaries.budget import Budget
from hugo_llmpapers.summaries.checks.check import FailedCheck, check
from hugo_llmpapers.summaries.messages import MAX_TOKENS, Effort, read_summary, usage_of
from hugo_llmpapers.summaries.models import server_name
from hugo_llmpapers.summaries.no_summary import FallbackUntried, NoSummary, RejectedAnswer
from hugo_llmpapers.summaries.prices import usage
from hugo_llmpapers.summaries.prompt import MAX_TEXT, Prompt, instructions, prompt, with_repair
from hugo_llmpapers.summaries.retries import ServerState, call_with_retry, trying_paper
from hugo_llmpapers.web.cache import Cache, Stored

if TYPE_CHECKING:
    from anthropic import Anthropic

USUAL_OUTPUT = 1100
"""Tokens of a summary with the thinking before it."""


@dataclass(frozen=True, slots=True)
class SummaryContext:
    """What is needed to write summaries."""

    client: Callable[[], Anthropic]
    """Returns the client; called only if an answer is not cached."""
    model: str
    fallback_model: str | None
    effort: Effort | None
    language: str
    budget: Budget
    cache: Cache
    now: datetime
    offline: bool = False
    run_id: str = ""
    """Identifies this run among those that stored an answer."""
    ignores_failures: bool = False
    """Whether answers without a summary that other runs stored are ignored."""
    server: ServerState = field(default_factory=ServerState)

    def estimate(self, papers: Iterable[Paper], *, with_text: bool) -> Usage:
        """Return the usual price of summaries of these papers. `with_text`: with the texts of their PDFs."""
        text = "-" * MAX_TEXT if with_text else None
        return sum((typical_usage(prompt(paper, self.language, text), self.model) for paper in papers), Usage())


@dataclass(frozen=True, slots=True)
class _Request:
    """The next request for a paper's summary."""

    prompt: Prompt
    answer_key: str
    """The cache key of its answer if that has no summary."""


def summarise(paper: Paper, text: str | None, context: SummaryContext, *, by_fallback: bool = True) -> Summary:
    """Return a summary that passed its checks.

    `text` is the text of the paper's PDF, if it is to be used. With `by_fallback` false the fallback model is not tried for
    a paper whose answers failed their checks.

    Raises NoSummary, OverBudget, and subclasses of Failure if key, account, network or the first model cannot be used.
    """
    first = prompt(paper, context.language, text)
    states = _states(paper, first, context)
    for state in states.values():
        if isinstance(state, Summary):
            return state
    if context.offline:
        raise NoSummary("unreachable", "not in the cache, and --offline sends no requests")
    failure: NoSummary | None = None
    for model, state in states.items():
        if failure is not None and failure.trouble == "checks" and not by_fallback:
            raise FallbackUntried(failure) if isinstance(state, _Request) else failure
        try:
            return _summarise_by(model, state, first, cache_key(paper, first, model, context), context)
        except NoSummary as error:
            if error.is_outage:
                raise
            failure = failure or error
        except SetupError as error:
            # The first model works: without a fallback only this paper has no summary.
            if failure is None or error.trouble != "model":
                raise
            failure = NoSummary(failure.trouble, f"{failure}; and {server_name(model)} has no fallback model `{model}`")
    raise failure or AssertionError("a model is always tried")


def cached_failure(paper: Paper, context: SummaryContext) -> NoSummary | None:
    """Return why a paper's abstract cannot be summarized, according to the cache; None if it may be possible.

    FallbackUntried if only the fallback model is left to try.
    """
    first, *others = _states(paper, prompt(paper, context.language), context).values()
    if not isinstance(first, NoSummary) or any(isinstance(state, Summary) for state in others):
        return None
    if all(isinstance(state, NoSummary) for state in others):
        return first
    return FallbackUntried(first) if first.trouble == "checks" else None


def next_request(paper: Paper, first: Prompt, context: SummaryContext) -> tuple[Prompt, str] | None:
    """Return the prompt that `summarise` would send next, and its model; None if it would send none."""
    states = _states(paper, first, context)
    if any(isinstance(state, Summary) for state in states.values()):
        return None
    return next(((state.prompt, model) for model, state in states.items() if isinstance(state, _Request)), None)


def cache_key(paper: Paper, first: Prompt, model: str, context: SummaryContext) -> str:
    """Return the cache key of a summary: it changes with everything that may change the summary."""
    return "\n".join((paper.arxiv_id, model, context.effort or "", context.language, first.version))


def is_stored(key: str, context: SummaryContext) -> bool:
    """Return whether the cache has an answer under this key, with or without a summary."""
    return context.cache.get("summary", key) is not None or _stored_failure(key, context) is not None


def store_answer(message: Any, source: str, model: str, key: str, used: Usage, context: SummaryContext) -> Summary:
    """Store the summary in an answer and return it. Raises NoSummary."""
    text = read_summary(message)
    if failed := _failed_checks(text, source, context):
        raise RejectedAnswer(text, failed)
    _store_summary(text, model, key, used, context)
    return Summary(text, "claude", model, used)


def store_failure(failure: NoSummary, key: str, context: SummaryContext) -> None:
    """Store an answer without a summary, so that it is not paid for again.

    A rejected answer is stored as it is, and checked again when it is read: newer checks may accept it, or require
    another repair.
    """
    answer = failure.answer if isinstance(failure, RejectedAnswer) else None
    stored = {"trouble": failure.trouble, "detail": str(failure), "answer": answer}
    _put("answer", key, stored, context, {"run": context.run_id})


def typical_usage(request: Prompt, model: str, *, in_batch: bool = False) -> Usage:
    """Return what one call usually uses."""
    return usage(model, request.max_input_tokens // 2, USUAL_OUTPUT, in_batch=in_batch)


def worst_case_usage(request: Prompt, model: str, *, in_batch: bool = False) -> Usage:
    """Return what one call can use at most."""
    return usage(model, request.max_input_tokens, MAX_TOKENS, in_batch=in_batch)


_State = Summary | NoSummary | _Request


def _states(paper: Paper, first: Prompt, context: SummaryContext) -> dict[str, _State]:
    """Return the state of each model in the order in which they are tried."""
    models = dict.fromkeys(model for model in (context.model, context.fallback_model) if model is not None)
    return {model: _state(model, first, cache_key(paper, first, model, context), context) for model in models}


def _state(model: str, first: Prompt, key: str, context: SummaryContext) -> _State:
    """Return the summary in the cache, or why there is none; else the next request."""
    match (stored := context.cache.get("summary", key)) and stored.as_json():
        case {"text": str(text)} if not _failed_checks(text, first.source, context):
            return Summary(text, "claude", model, Usage(), cached=True)
    request = _Request(first, key)
    failure = _failure_of(request, context)
    if isinstance(failure, RejectedAnswer) and failure.failed_checks:
        request = _repair(failure, first, key)
        failure = _failure_of(request, context)
    if isinstance(failure, RejectedAnswer) and not failure.failed_checks:
        # Only the checks of another version rejected it.
        _store_summary(failure.answer, model, key, Usage(), context)
        return Summary(failure.answer, "claude", model, Usage(), cached=True)
    return failure or request


def _failure_of(request: _Request, context: SummaryContext) -> NoSummary | None:
    """Return why the stored answer to a request is not a summary. It is checked again, so no check may have failed."""
    match (stored := _stored_failure(request.answer_key, context)) and stored.as_json():
        case {"answer": str(answer)}:
            return RejectedAnswer(answer, _failed_checks(answer, request.prompt.source, context))
        case {"answer": None, "trouble": trouble, "detail": str(detail)} if trouble in get_args(Trouble):
            return NoSummary(trouble, detail)
    return None


def _repair(rejected: RejectedAnswer, first: Prompt, key: str) -> _Request:
    """Return the request to repair an answer. Its key depends on the failed checks, as the request does."""
    request = with_repair(first, rejected.answer, rejected.failed_checks)
    return _Request(request, "\n".join((key, *(request.repair or ()))))


def _summarise_by(model: str, state: _State, first: Prompt, key: str, context: SummaryContext) -> Summary:
    """Return the summary by one model, with one repair. Raises NoSummary, also the one that is its state."""
    if isinstance(state, Summary):
        return state
    if isinstance(state, NoSummary):
        raise state
    with trying_paper(model, context.server):
        try:
            return _send(state, model, key, context)
        except RejectedAnswer as rejected:
            if state.prompt.repair is not None:
                raise
            return _send(_repair(rejected, first, key), model, key, context)


def _send(request: _Request, model: str, key: str, context: SummaryContext) -> Summary:
    """Send a request, and store its summary under `key`. An answer without one is stored under the request's key."""
    client = context.client()  # its import does not count as time of the call
    try:
        call = partial(_call_within_budget, request.prompt, model, context, client)
        message, used = call_with_retry(call, model, context.server)
    except NoSummary as failure:
        # A filter rejects the same text again. Any other error may be temporary.
        if failure.trouble == "refused":
            store_failure(failure, request.answer_key, context)
        raise
    try:
        return store_answer(message, request.prompt.source, model, key, used, context)
    except NoSummary as failure:
        store_failure(failure, request.answer_key, context)
        raise


def _call_within_budget(
    request: Prompt, model: str, context: SummaryContext, client: Anthropic, timeout_s: float
) -> tuple[Any, Usage]:
    """Return the answer to one call and what it used. If that is not known, the worst case remains reserved."""
    from hugo_llmpapers.summaries.claude import send_prompt

    worst, used, is_complete = worst_case_usage(request, model), Usage(), True
    context.budget.reserve(worst)
    try:
        message = send_prompt(request, model, context.effort, client, context.server, timeout_s=timeout_s)
        used = usage_of(message, model)
        is_complete = used.input_tokens > 0
    except NoSummary as failure:
        is_complete = failure.trouble not in ("timeout", "broken")
        raise
    finally:
        context.budget.settle(worst, used, is_complete=is_complete)
    return message, used


def _stored_failure(key: str, context: SummaryContext) -> Stored | None:
    stored = context.cache.get("answer", key)
    is_ignored = stored is not None and context.ignores_failures and stored.meta.get("run") != context.run_id
    return None if is_ignored else stored


def _store_summary(text: str, model: str, key: str, used: Usage, context: SummaryContext) -> None:
    stored = {"text": text, "model": model, "input": used.input_tokens, "output": used.output_tokens}
    _put("summary", key, stored, context, {})


def _put(kind: str, key: str, stored: dict[str, Any], context: SummaryContext, meta: dict[str, Any]) -> None:
    context.cache.put(kind, key, json.dumps(stored, ensure_ascii=False).encode(), context.now, meta)


def _failed_checks(text: str, source: str, context: SummaryContext) -> tuple[FailedCheck, ...]:
    return check(text, context.language, source, instructions(context.language))

"""Claude's Message Batches: many requests at once, at half the price, answered within a day.

https://platform.claude.com/docs/en/build-with-claude/batch-processing. Creating a batch is not idempotent: one that was
sent and not confirmed may exist, so it is looked for instead of sent again. All other calls may be repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.summaries.messages import Effort, request_parameters
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.prompt import Prompt

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch
    from anthropic.types.messages.batch_create_params import Request

MAX_REQUESTS = 10_000
"""In one batch. The service takes 100,000 or 256 MB; ours with a paper's text remain below that, also in memory."""
SEND_TIMEOUT_S = 300.0
FIRST_POLL_S, MAX_POLL_S = 1.0, 60.0
MAX_FAILED_POLLS = 5
"""Failed polls in a row after which the wait ends; the service continues with the batch."""
SEARCHED_BATCHES = 100
"""Newest batches among which one that was not confirmed is looked for."""
_REMEDY = "Run the same command again: no request is paid for twice."
_END = object()
_T = TypeVar("_T")


class NoBatches(Failure):
    """The endpoint supports the Messages API, but no batches."""

    def __init__(self) -> None:
        super().__init__("Claude's endpoint takes no batches any more.", "Run the same command again.")


class Unconfirmed(Exception):
    """The batch was sent, but whether it was accepted is not known. `str()` is one line."""


class Gone(Failure):
    """The service does not know this batch, or has deleted its results."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one request."""

    custom_id: str
    kind: str
    """`succeeded`, `errored`, `expired` or `canceled`."""
    message: Any
    """The SDK's Message if it succeeded."""
    error: str
    """Type of the error, empty without one: a retry does not help against `invalid_request_error`."""
    account_failure: SetupError | None = None
    """The failure if the error is about the account, not about this request."""


def newest(client: Anthropic) -> str | None:
    """Return the id of the newest batch; None if there is none. Raises NoBatches, ServicesFailed, SetupError."""
    return next((batch.id for batch in _newest_first(client, 1)), None)


def create(client: Anthropic, prompts: Sequence[tuple[str, Prompt]], model: str, effort: Effort | None) -> str:
    """Send the prompts, each with its custom_id (letters, digits, `_`, `-`, at most 64), and return the batch's id.

    Raises Unconfirmed if the batch may or may not exist now, NoBatches, SetupError, Failure if it was not accepted.
    """
    from anthropic import APIConnectionError, InternalServerError, NotFoundError

    from hugo_llmpapers.summaries.api_errors import SDK_ERRORS, UNREADABLE

    once = client.with_options(max_retries=0)
    requests: list[Request] = [
        {"custom_id": name, "params": request_parameters(prompt, model, effort)} for name, prompt in prompts
    ]
    try:
        return once.messages.batches.create(requests=requests, timeout=SEND_TIMEOUT_S).id
    except NotFoundError:
        raise NoBatches from None
    except (APIConnectionError, InternalServerError, *UNREADABLE) as error:
        raise Unconfirmed(str(_failure(error, model)).rstrip(".")) from error
    except SDK_ERRORS as error:
        raise _failure(error, model) from error


def newer_than(client: Anthropic, previous: str | None, count: int) -> list[str]:
    """Return the ids of the batches after the batch `previous` that have `count` requests, oldest first.

    Raises NoBatches, ServicesFailed, SetupError.
    """
    found = []
    for batch in _newest_first(client, SEARCHED_BATCHES):
        if batch.id == previous:
            break
        counts = [_count(batch, name) for name in ("processing", "succeeded", "errored", "canceled", "expired")]
        if count == sum(counts):
            found.append(batch.id)
    return found[::-1]


def wait_until_ended(client: Anthropic, batch_id: str, progress: Callable[[str], None]) -> MessageBatch:
    """Return a batch when it has ended. Raises Gone, ServicesFailed after several failed polls, SetupError."""
    wait_s, failed_polls = FIRST_POLL_S, 0
    while True:
        try:
            batch = _call(lambda: client.messages.batches.retrieve(batch_id))
        except ServicesFailed:
            failed_polls += 1
            if failed_polls >= MAX_FAILED_POLLS:
                raise
        else:
            failed_polls = 0
            if getattr(batch, "processing_status", None) == "ended":
                return batch
            waiting = _count(batch, "processing")
            progress(f"{waiting} of {waiting + _count(batch, 'succeeded')} summaries in progress")
        time.sleep(wait_s)
        wait_s = min(MAX_POLL_S, wait_s * 1.5)


def results(client: Anthropic, batch_id: str) -> Iterator[Result]:
    """Yield the results of an ended batch, in no order. Raises Gone, ServicesFailed (also in the middle), SetupError."""
    rows = _call(lambda: client.messages.batches.results(batch_id))
    while (row := _call(lambda: next(rows, _END))) is not _END:
        name, result = getattr(row, "custom_id", None), getattr(row, "result", None)
        kind, message = getattr(result, "type", None), getattr(result, "message", None)
        if not isinstance(name, str) or not isinstance(kind, str) or (kind == "succeeded" and message is None):
            raise ServicesFailed("Claude's results of a batch cannot be read.", _REMEDY)
        error = getattr(getattr(result, "error", None), "error", None)
        error_type = getattr(error, "type", "")
        yield Result(name, kind, message, error_type if isinstance(error_type, str) else "", _account_failure(error))


def _account_failure(error: object) -> SetupError | None:
    from hugo_llmpapers.summaries.api_errors import BatchError, from_account_error
    from hugo_llmpapers.summaries.client import printable

    message, kind = getattr(error, "message", None), getattr(error, "type", None)
    if not isinstance(message, str) or not isinstance(kind, str):
        return None
    details = getattr(error, "details", None)  # the SDK's record, or the JSON if it has none for it
    code = details.get("error_code") if isinstance(details, dict) else getattr(details, "error_code", None)
    error = BatchError(kind, message, code if isinstance(code, str) else None)
    return from_account_error(error, printable(message), "")


def _newest_first(client: Anthropic, limit: int) -> Iterator[MessageBatch]:
    try:
        page = _call(lambda: client.messages.batches.list(limit=limit))
    except Gone:
        raise NoBatches from None
    if not isinstance(getattr(page, "data", None), list):
        raise NoBatches
    yield from (batch for batch in page.data if isinstance(getattr(batch, "id", None), str))


def _count(batch: MessageBatch, name: str) -> int:
    """Return the number of a batch's requests in a state; 0 if the service does not report it."""
    value = getattr(getattr(batch, "request_counts", None), name, None)
    return value if isinstance(value, int) else 0


def _call(call: Callable[[], _T]) -> _T:
    """Return the result of a call that may be repeated, and was by the SDK. Raises Gone, ServicesFailed, SetupError."""
    from hugo_llmpapers.summaries.api_errors import SDK_ERRORS

    try:
        return call()
    except SDK_ERRORS as error:
        if getattr(error, "status_code", None) in (404, 405, 501):
            raise Gone("Claude no longer has the results of a batch.", "Run the same command again.") from None
        raise _failure(error, "") from error


def _failure(error: Exception, model: str) -> Exception:
    from hugo_llmpapers.summaries.api_errors import from_sdk_error

    failure = from_sdk_error(error, model)
    if isinstance(failure, NoSummary):
        kind = ServicesFailed if failure.is_outage else Failure
        return kind(f"{str(failure).rstrip('.')}.", _REMEDY, trouble=failure.trouble)
    return failure

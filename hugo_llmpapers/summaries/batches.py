"""Claude's Message Batches: many questions at once, at half the price, answered within a day.

https://platform.claude.com/docs/en/build-with-claude/batch-processing. Creating a batch is not idempotent: what was sent
and not confirmed may exist, and is looked for instead of sent again. All else may be repeated.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.summaries.account_errors import InBatch
from hugo_llmpapers.summaries.api_errors import UNREADABLE, NoSummary, account_failure, failure
from hugo_llmpapers.summaries.claude import Effort, request
from hugo_llmpapers.summaries.client import load_sdk, one_line
from hugo_llmpapers.summaries.prompt import Prompt

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch

MOST_REQUESTS = 10_000
"""In one batch. The service takes 100,000 or 256 MB; ours with a paper's text stay below that, too, in memory as well."""
SEND_S = 300.0
FIRST_POLL_S, LONGEST_POLL_S = 1.0, 60.0
UNREACHED = 5
"""Polls in a row that may fail before the wait is given up; the batch goes on without us."""
LOOKED_AT = 100
"""Newest batches among which one that was not confirmed is looked for."""
_AGAIN = "Run the same command again: no question is paid for twice."
_END = object()
_UNKNOWN_PATH = (404, 405, 501)
_T = TypeVar("_T")


class NoBatches(Failure):
    """The endpoint speaks the Messages API and has no batches."""

    def __init__(self) -> None:
        super().__init__("Claude's endpoint takes no batches any more.", "Run the same command again.")


class Unconfirmed(Exception):
    """The batch was sent, and whether it was taken is not known. `str()` is one line."""


class Gone(Failure):
    """The service does not know this batch, or no longer has its results."""

    def __init__(self) -> None:
        super().__init__("Claude no longer has the results of a batch.", "Run the same command again.")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one question."""

    custom_id: str
    kind: str
    """`succeeded`, `errored`, `expired` or `canceled`."""
    message: Any
    """The SDK's Message where it succeeded."""
    error: str
    """Type of the error where there was one: `invalid_request_error` will not pass by asking again."""
    refused: SetupError | None = None
    """The failure where the error is about the account, and not about this question."""


def newest(client: Anthropic) -> str | None:
    """Id of the newest batch there is; None where there is none yet. Raises NoBatches, ServicesFailed, SetupError."""
    return next((batch.id for batch in _newest_first(client, 1)), None)


def create(client: Anthropic, asked: Sequence[tuple[str, Prompt]], model: str, effort: Effort | None) -> str:
    """Sends the questions, each with its custom_id (letters, digits, `_`, `-`, at most 64), and gives the batch's id.

    Raises Unconfirmed where it may or may not exist now, NoBatches, SetupError, Failure where it was not taken.
    """
    load_sdk()
    import anthropic

    try:
        batch = client.with_options(max_retries=0).messages.batches.create(
            requests=[{"custom_id": name, "params": request(prompt, model, effort)} for name, prompt in asked],
            timeout=SEND_S,
        )
        return batch.id
    except anthropic.NotFoundError:
        raise NoBatches from None
    # Whether a connection that broke or a server that failed took it first, nobody can know.
    except (anthropic.APIConnectionError, anthropic.InternalServerError, *UNREADABLE) as error:
        raise Unconfirmed(str(_as_failure(error, model)).rstrip(".")) from error
    except (anthropic.AnthropicError, TypeError) as error:
        raise _as_failure(error, model) from error


def newer_than(client: Anthropic, before: str | None, count: int) -> list[str]:
    """Ids of the batches with so many requests that came after the batch `before`, oldest first.

    Raises NoBatches, ServicesFailed, SetupError.
    """
    found = []
    for batch in _newest_first(client, LOOKED_AT):
        if batch.id == before:
            break
        counts = [_count(batch, name) for name in ("processing", "succeeded", "errored", "canceled", "expired")]
        if count == sum(counts):
            found.append(batch.id)
    return found[::-1]


def ended(client: Anthropic, batch_id: str, tell: Callable[[str], None]) -> MessageBatch:
    """Waits until a batch is done with. Raises Gone, ServicesFailed where Claude cannot be asked any more, SetupError."""
    wait_s, unreached = FIRST_POLL_S, 0
    while True:
        try:
            batch = _asked(lambda: client.messages.batches.retrieve(batch_id))
        except ServicesFailed:
            unreached += 1
            if unreached >= UNREACHED:
                raise
        else:
            unreached = 0
            if getattr(batch, "processing_status", None) == "ended":
                return batch
            waiting = _count(batch, "processing")
            tell(f"{waiting} of {waiting + _count(batch, 'succeeded')} summaries under way")
        time.sleep(wait_s)
        wait_s = min(LONGEST_POLL_S, wait_s * 1.5)


def results(client: Anthropic, batch_id: str) -> Iterator[Result]:
    """What an ended batch brought, in no order. Raises Gone, ServicesFailed (also in the middle), SetupError."""
    rows = _asked(lambda: client.messages.batches.results(batch_id))
    while (row := _asked(lambda: next(rows, _END))) is not _END:
        name, result = getattr(row, "custom_id", None), getattr(row, "result", None)
        kind, message = getattr(result, "type", None), getattr(result, "message", None)
        if not isinstance(name, str) or not isinstance(kind, str) or (kind == "succeeded" and message is None):
            raise ServicesFailed("Claude's results of a batch cannot be read.", _AGAIN)
        error = getattr(getattr(result, "error", None), "error", None)
        error_type = getattr(error, "type", "")
        yield Result(name, kind, message, error_type if isinstance(error_type, str) else "", _refused(error))


def _refused(error: object) -> SetupError | None:
    said, kind = getattr(error, "message", None), getattr(error, "type", None)
    if not isinstance(said, str) or not isinstance(kind, str):
        return None
    details = getattr(error, "details", None)  # the SDK's record, or what came where it has none for it
    code = details.get("error_code") if isinstance(details, dict) else getattr(details, "error_code", None)
    return account_failure(InBatch(kind, said, code if isinstance(code, str) else None), one_line(said), "")


def _newest_first(client: Anthropic, most: int) -> Iterator[MessageBatch]:
    try:
        page = _asked(lambda: client.messages.batches.list(limit=most))
    except Gone:
        raise NoBatches from None
    if not isinstance(getattr(page, "data", None), list):
        raise NoBatches
    yield from (batch for batch in page.data if isinstance(getattr(batch, "id", None), str))


def _count(batch: MessageBatch, name: str) -> int:
    """How many of its requests are so; 0 where the service does not say."""
    value = getattr(getattr(batch, "request_counts", None), name, None)
    return value if isinstance(value, int) else 0


def _asked(call: Callable[[], _T]) -> _T:
    """A call that may be repeated, and was by the SDK. Raises Gone, ServicesFailed, SetupError."""
    load_sdk()
    import anthropic
    import httpx2

    try:
        return call()
    except anthropic.APIStatusError as error:
        if error.status_code in _UNKNOWN_PATH:
            raise Gone from None
        raise _as_failure(error, "") from error
    # The stream of results is read outside of the SDK's care, so httpx2's errors come through as they are.
    except (anthropic.AnthropicError, httpx2.HTTPError, TypeError, *UNREADABLE) as error:
        raise _as_failure(error, "") from error


def _as_failure(error: Exception, model: str) -> Exception:
    meant = failure(error, model)
    if isinstance(meant, NoSummary):
        kind = ServicesFailed if meant.is_outage else Failure
        return kind(f"{str(meant).rstrip('.')}.", _AGAIN, trouble=meant.trouble)
    return meant

"""The results of Claude's batches, also unreadable ones."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from anthropic import Anthropic

from hugo_llmpapers.errors import Failure, ServicesFailed
from hugo_llmpapers.summaries import batches
from hugo_llmpapers.summaries.client import connect
from hugo_llmpapers.summaries.messages import read_summary, usage_of
from hugo_llmpapers.summaries.no_summary import NoSummary
from tests.refusals import ACCOUNT_ERRORS

BATCH = {"id": "b", "type": "message_batch", "processing_status": "ended"}
URL = "https://api.anthropic.com/v1/messages/batches/b/results"


def _client(*answers: bytes) -> Anthropic:
    queue = list(answers)
    transport = httpx2.MockTransport(
        lambda _: httpx2.Response(
            200, content=queue.pop(0) if len(queue) > 1 else queue[0], headers={"content-type": "application/json"}
        )
    )
    return connect("sk-test", transport).with_options(max_retries=0)


def _results(*rows: object) -> list[batches.Result]:
    lines = "".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows)
    return list(batches.results(_client(json.dumps({**BATCH, "results_url": URL}).encode(), lines.encode()), "b"))


@pytest.mark.parametrize(
    "row",
    [
        True,
        [],
        {},
        {"custom_id": "a", "result": None},
        {"custom_id": 7, "result": {"type": "expired"}},
        {"custom_id": "a", "result": {"type": None}},
        {"custom_id": "a", "result": {"type": "succeeded", "message": None}},
        "[" * 100_000,
        "no json\n",
    ],
    ids=lambda row: repr(row)[:40],
)
def test_an_unreadable_result_is_an_outage(row: object) -> None:
    """The results are read again, as some are paid for."""
    with pytest.raises(ServicesFailed):
        _results({"custom_id": "x", "result": {"type": "expired"}}, row)


@pytest.mark.parametrize("error", [None, [], {"error": None}, {"error": {"type": None}}, {"error": {"type": [1]}}])
def test_an_error_may_have_no_type(error: object) -> None:
    """The request is sent again."""
    (found,) = _results({"custom_id": "x", "result": {"type": "errored", "error": error}})
    assert (found.kind, found.error) == ("errored", "")


@pytest.mark.parametrize("message", [7, {}, {"content": 7}, {"content": [{"type": "text", "text": 7}], "usage": None}])
def test_an_unreadable_message_has_no_usage_and_no_summary(message: object) -> None:
    """It is not an internal error."""
    (found,) = _results({"custom_id": "x", "result": {"type": "succeeded", "message": message}})
    assert usage_of(found.message, "claude-sonnet-5-5").output_tokens == 0
    with pytest.raises(NoSummary, match="has no text"):
        read_summary(found.message)


@pytest.mark.parametrize("counts", [None, 7, {}, {"processing": "2"}, {"processing": None, "succeeded": 1}])
def test_a_batch_without_counts_is_another(counts: object) -> None:
    """And so is one without an id."""
    rows = [{**BATCH, "request_counts": counts}, {**BATCH, "id": 7, "request_counts": {"processing": 2}}, None]
    listed = json.dumps({"data": rows, "has_more": False}).encode()
    assert batches.newer_than(_client(listed), None, 2) == []


@pytest.mark.parametrize("body", [b"null", b"[" * 100_000, b"7", b'{"data": 7}', b"<html>"])
def test_an_unreadable_list_is_a_failure(body: bytes) -> None:
    """With a message of one line."""
    with pytest.raises(Failure) as caught:
        batches.newest(_client(body))
    assert "\n" not in caught.value.message


def test_an_ended_batch_needs_no_counts() -> None:
    """Another server may not report them."""
    waiting = json.dumps({**BATCH, "processing_status": None, "request_counts": None}).encode()
    told: list[str] = []
    client = _client(waiting, json.dumps(BATCH).encode())
    assert batches.wait_until_ended(client, "b", told.append).id == "b"
    assert told == ["0 of 0 summaries in progress"]


@pytest.mark.parametrize(("body", "trouble"), [(body, trouble) for _, body, trouble in ACCOUNT_ERRORS])
def test_an_account_error_is_distinguished_from_a_rejected_request(body: dict[str, Any], trouble: str) -> None:
    """Both have the same type."""
    (found,) = _results({"custom_id": "x", "result": {"type": "errored", "error": body}})
    assert found.account_failure is not None
    assert found.account_failure.trouble == trouble
    assert body["error"]["message"] in found.account_failure.message

"""Errors about the account or the network, read with the real SDK."""

from __future__ import annotations

from typing import Any

import anthropic
import httpx2
import pytest

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError
from hugo_llmpapers.summaries.api_errors import from_sdk_error
from hugo_llmpapers.summaries.client import connect
from hugo_llmpapers.summaries.no_summary import NoSummary
from tests.refusals import ACCOUNT_ERRORS, NETWORK_ERRORS

MODEL = "claude-sonnet-5-5"


def _failure(status: int, body: object, model: str = MODEL) -> Exception:
    """Return the failure for an answer with this status and body."""
    given: dict[str, Any] = {"text": body} if isinstance(body, str) else {"json": body}
    client = connect("sk-ant-secret", httpx2.MockTransport(lambda _: httpx2.Response(status, **given)))
    with pytest.raises(anthropic.APIStatusError) as caught:
        client.with_options(max_retries=0).messages.create(
            model=model, max_tokens=1, messages=[{"role": "user", "content": "?"}]
        )
    return from_sdk_error(caught.value, model)


def _error(said: str, kind: str = "invalid_request_error") -> dict[str, object]:
    return {"type": "error", "error": {"type": kind, "message": said}}


@pytest.mark.parametrize(("status", "body", "trouble"), ACCOUNT_ERRORS)
def test_an_account_error_ends_the_run(status: int, body: Any, trouble: str) -> None:
    """With the service's message and exit code 3."""
    failure = _failure(status, body)
    assert isinstance(failure, SetupError)
    assert failure.trouble == trouble
    assert body["error"]["message"] in failure.message
    assert "Claude Console" in failure.remedy


@pytest.mark.parametrize(("status", "body"), NETWORK_ERRORS)
def test_a_blocked_network_is_not_a_wrong_key(status: int, body: object) -> None:
    """Its page is not shown."""
    failure = _failure(status, body)
    assert isinstance(failure, ServicesFailed)
    assert failure.trouble == "unreachable"
    assert "API key" not in failure.message + failure.remedy
    assert "<" not in failure.message
    assert "supported-countries" in failure.remedy


@pytest.mark.parametrize(
    ("status", "body", "kind", "trouble"),
    [
        (403, _error("Your API key does not have permission to use the specified resource.", "permission_error"), SetupError, "key"),
        (403, {"error": {"message": "key not allowed to access model"}}, SetupError, "key"),
        (401, _error("invalid x-api-key", "authentication_error"), SetupError, "key"),
        (400, _error("messages.0.content: Your credit balance is too low, says the paper"), NoSummary, "malformed"),
        (400, _error("max_tokens: 9 > 8, which is the maximum of the account that was disabled"), NoSummary, "malformed"),
        (400, _error("prompt is too long: 210000 tokens > 200000 maximum"), NoSummary, "malformed"),
        (400, {"error": {"message": ["credit balance"]}}, NoSummary, "malformed"),
        (400, _error("Output blocked by content filtering policy"), NoSummary, "refused"),
        (400, {"error": {"message": "The response was filtered: content management policy"}}, NoSummary, "refused"),
        (400, _error("messages.0.content: blocked by the content filter, says the paper"), NoSummary, "malformed"),
        (500, _error("The content filter does not answer", "api_error"), NoSummary, "server-error"),
        (429, _error("This request would exceed your account's rate limit. Please try again later.", "rate_limit_error"), NoSummary, "overloaded"),
        (429, _error("Number of input tokens has exceeded your per-minute rate limit", "rate_limit_error"), NoSummary, "overloaded"),
        (500, _error("Your credit balance could not be read", "api_error"), NoSummary, "server-error"),
    ],
)  # fmt: skip
def test_similar_errors_are_distinguished(status: int, body: object, kind: type[Exception], trouble: str) -> None:
    """A key, a field of the request, a content filter, and a temporary limit."""
    failure = _failure(status, body)
    assert isinstance(failure, kind)
    assert isinstance(failure, NoSummary | Failure)
    assert failure.trouble == trouble


def test_an_account_error_of_another_server() -> None:
    """The remedy does not mention the Claude Console."""
    failure = _failure(400, {"error": {"message": "Budget has been exceeded! Current cost: 5.1"}}, "qwen3:32b")
    assert isinstance(failure, SetupError)
    assert failure.trouble == "credit"
    assert "ANTHROPIC_BASE_URL" in failure.remedy


def test_a_key_in_an_account_error_is_hidden() -> None:
    """As in all other errors."""
    failure = _failure(400, _error("The API key sk-ant-secret has been disabled."))
    assert isinstance(failure, SetupError)
    assert "sk-ant-secret" not in failure.message

"""Which errors of a Claude server are about the account or the network, read with the real SDK."""

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


def _meant(status: int, body: object, model: str = MODEL) -> Exception:
    """What an answer with this status and body means."""
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
def test_an_account_that_is_refused_ends_the_run(status: int, body: Any, trouble: str) -> None:
    """In the service's own words, with exit code 3."""
    meant = _meant(status, body)
    assert isinstance(meant, SetupError)
    assert meant.trouble == trouble
    assert body["error"]["message"] in meant.message
    assert "Claude Console" in meant.remedy


@pytest.mark.parametrize(("status", "body"), NETWORK_ERRORS)
def test_a_refused_network_is_no_wrong_key(status: int, body: object) -> None:
    """Nor is its page shown as it is."""
    meant = _meant(status, body)
    assert isinstance(meant, ServicesFailed)
    assert meant.trouble == "unreachable"
    assert "API key" not in meant.message + meant.remedy
    assert "<" not in meant.message
    assert "supported-countries" in meant.remedy


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
def test_what_only_looks_like_it(status: int, body: object, kind: type[Exception], trouble: str) -> None:
    """A key, a field of the request, a filter of contents, and a limit that passes are what they were."""
    meant = _meant(status, body)
    assert isinstance(meant, kind)
    assert isinstance(meant, NoSummary | Failure)
    assert meant.trouble == trouble


def test_another_servers_account() -> None:
    """Is not looked for in the Claude Console."""
    meant = _meant(400, {"error": {"message": "Budget has been exceeded! Current cost: 5.1"}}, "qwen3:32b")
    assert isinstance(meant, SetupError)
    assert meant.trouble == "credit"
    assert "ANTHROPIC_BASE_URL" in meant.remedy


def test_a_key_that_the_sentence_repeats_is_not_shown() -> None:
    """Also where it is about the account."""
    meant = _meant(400, _error("The API key sk-ant-secret has been disabled."))
    assert isinstance(meant, SetupError)
    assert "sk-ant-secret" not in meant.message

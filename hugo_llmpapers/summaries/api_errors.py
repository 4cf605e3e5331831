"""What an error of Claude's SDK means: for one paper, for the service, or for the whole run. Imports the SDK.

An account without credit and a disabled organization are reported as HTTP 400 with `invalid_request_error`, as a request
with a wrong field is: https://platform.claude.com/docs/en/api/errors. They are recognized by their code if they have one,
else by the service's message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import anthropic
import httpx2
from anthropic import APIStatusError

from hugo_llmpapers.errors import Failure, ServicesFailed, SetupError, Trouble, without_errno
from hugo_llmpapers.summaries.client import (
    ADDRESS_REMEDY,
    KEY_REMEDY,
    USUAL_WAIT_S,
    printable,
    printable_url,
    retry_wait_s,
)
from hugo_llmpapers.summaries.models import is_claude, server_name
from hugo_llmpapers.summaries.no_summary import NoSummary

UNREADABLE = (ValueError, AttributeError, RecursionError)
"""What the SDK raises for an answer that is not JSON, not an object, or nested too deep."""
SDK_ERRORS = (anthropic.AnthropicError, httpx2.HTTPError, TypeError, *UNREADABLE)
"""What a call raises. TypeError: the SDK has no credentials. HTTPError: the results of a batch are read outside of it."""
MODEL_REMEDY = "Set `model` or --model to one of https://platform.claude.com/docs/models."
_OTHER_MODEL_REMEDY = "Set `model` or --model to one that the server of ANTHROPIC_BASE_URL has."
_NETWORK_REMEDY = "Check the proxy, the VPN and the country: https://www.anthropic.com/supported-countries."
_CREDIT_REMEDY = "Add credit or raise the limit in the Claude Console, https://platform.claude.com/."
_ACCOUNT_REMEDY = "Check the organization in the Claude Console, or set ANTHROPIC_API_KEY to a key of another one."
_SERVER_REMEDY = "Check your account with the server of ANTHROPIC_BASE_URL."
_CREDIT_CODES = frozenset(
    {
        "contract_spend_limit_reached", "enforced_spend_limit_reached", "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable", "user_profile_not_billable", "user_profile_billing_not_authorized",
    }
)  # fmt: skip
"""Values of `error.details.error_code`, from anthropic.types.shared.error_details."""
_CREDIT = re.compile(
    r"credit balance|usage limits?\b|spend(?:ing)? (?:limit|cap)|extra usage|purchase (?:more )?credits"
    r"|insufficient (?:balance|credit|fund|quota)|(?:budget|quota) (?:has been |was )?exceeded|exceeded your (?:current )?quota"
)
_DISABLED = re.compile(
    r"(?:organization|workspace|account|api key)\b[^.:]{0,40}"
    r"\b(?:disabled|suspended|deactivated|archived|banned|on hold|terminated)"
)
_REGION = re.compile(
    r"request not allowed|\b(?:country|region|territory)\b[^.]{0,40}\bnot\b|\bnot\b[^.]{0,40}\b(?:country|region|territory)\b"
)
_FILTER = re.compile(
    r"content[ _-](?:filter|management policy|policy|moderation|safety)|(?:blocked|flagged|rejected|filtered) by [^.]{0,40}"
    r"(?:filter|polic|safety|moderation|guardrail)|(?:violat\w+|breach\w*) [^.]{0,40}(?:usage|content|safety) polic|safety system"
)
_FIELD = re.compile(r"^[`'\"]?(?:model|max_tokens|system|messages|output_config|effort|thinking)\b[^: ]*: ")
"""How a message about the request begins, such as `messages.0.content: …`. It may quote what was sent."""
_PAGE = re.compile(r"^\s*(?:<!doctype html|<html|<head|<\?xml|<!--)", re.IGNORECASE)
_PAGE_TITLE = re.compile(r"<title[^>]*>([^<]{1,200})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BatchError:
    """An error in the results of a batch, with the fields that the SDK's errors have."""

    type: str
    api_message: str
    error_code: str | None = None
    status_code: int = 400
    body: None = None


def from_sdk_error(error: Exception, model: str) -> Exception:
    """Return the NoSummary or Failure that an error of the SDK means; a TypeError that is a bug is returned as it is."""
    server = server_name(model)
    if isinstance(error, APIStatusError) and (failure := _from_refusal(error, model)) is not None:
        return failure
    match error:
        case anthropic.NotFoundError() if error.type == "not_found_error" or model in str(error.body):
            remedy = MODEL_REMEDY if is_claude(model) else _OTHER_MODEL_REMEDY
            return SetupError(f"{server} has no model `{model}`.", remedy, trouble="model")
        case anthropic.NotFoundError():
            url = printable_url(error.request.url)
            return SetupError(f"There is no Messages API at {url} (HTTP 404).", ADDRESS_REMEDY, trouble="endpoint")
        case anthropic.BadRequestError() if _FILTER.search(_message(error)):
            return NoSummary("refused", f"{server} refuses this paper: {_text(error)}")
        case anthropic.BadRequestError() | anthropic.UnprocessableEntityError() | anthropic.ContentTooLargeError():
            return NoSummary("malformed", f"{server} rejects the request: {_text(error)}")
        case anthropic.APIConnectionError():
            return _from_connection_error(error, server)
        case APIStatusError():
            return _from_status(error, server)
        case anthropic.CredentialsError():
            return SetupError(f"The Claude SDK's credentials do not work: {_reason(error)}", KEY_REMEDY, trouble="key")
        case TypeError() if "authentication" in str(error):
            return SetupError("There is no Claude API key.", KEY_REMEDY, trouble="key")
        case TypeError():
            return error
        case _:
            return NoSummary("broken", f"{server}'s answer cannot be read ({_reason(error)})")


def from_account_error(error: APIStatusError | BatchError, text: str, model: str) -> SetupError | None:
    """Return the failure if an account is refused, with the service's `text`; None for every other error."""
    server, is_claudes, status = server_name(model), is_claude(model) or not model, error.status_code
    message = _message(error) if status in (400, 403, 429) else ""
    has_credit_code = error.type == "billing_error" or error.error_code in _CREDIT_CODES
    if status == 402 or has_credit_code or _CREDIT.search(message):
        is_unpaid = status == 402 or "balance" in text.lower()
        reason = "requires payment" if is_unpaid else "has reached a limit of the account"
        remedy = _CREDIT_REMEDY if is_claudes else _SERVER_REMEDY
        return SetupError(f"{server} {reason}: {text}", remedy, trouble="credit")
    if error.error_code == "organization_on_hold" or _DISABLED.search(message):
        remedy = _ACCOUNT_REMEDY if is_claudes else _SERVER_REMEDY
        return SetupError(f"{server} does not serve this account: {text}", remedy, trouble="key")
    return None


def _from_refusal(error: APIStatusError, model: str) -> Failure | None:
    """Return the failure if account, key or network are refused, which would happen to every paper; None otherwise."""
    server, text, status = server_name(model), _text(error), error.status_code
    if (failure := from_account_error(error, text, model)) is not None:
        return failure
    # A refused key is reported as JSON, in which Claude names the type `permission_error`; a proxy answers with a page.
    is_forbidden_here = not isinstance(error.body, dict) or _REGION.search(_message(error))
    if status == 451 or (status == 403 and is_forbidden_here):
        message = f"{server} does not answer this network (HTTP {status}): {text}"
        return ServicesFailed(message, _NETWORK_REMEDY, trouble="unreachable")
    if status in (401, 403):
        return SetupError(f"{server} rejected the API key ({text.rstrip('.')}).", KEY_REMEDY, trouble="key")
    return None


def _from_status(error: APIStatusError, server: str) -> NoSummary:
    status = error.status_code
    trouble: Trouble = "overloaded" if status in (429, 503, 529) else "server-error"
    says = {429: "limits requests", 503: "is overloaded or limits requests", 529: "is overloaded"}
    message = f"{server} {says[status]} (HTTP {status})" if status in says else f"{server} returned HTTP {status}"
    if error.api_message and (text := _text(error)).rstrip(".").lower() != "overloaded":
        message += f": {text}"
    is_transient = status in (408, 409, 429) or status >= 500
    may_retry = is_transient and error.response.headers.get("x-should-retry") != "false"
    return NoSummary(trouble, message, retry_after_s=retry_wait_s(error.response) if may_retry else None)


def _from_connection_error(error: anthropic.APIConnectionError, server: str) -> NoSummary:
    cause = error.__cause__ or error
    if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.ProxyError):
        return NoSummary("unreachable", f"{server} cannot be reached ({_reason(cause)})", retry_after_s=USUAL_WAIT_S)
    if isinstance(error, anthropic.APITimeoutError):
        return NoSummary("timeout", f"{server} does not answer in time")
    if isinstance(cause, httpx2.LocalProtocolError | UnicodeError):
        return NoSummary("unreachable", f"the request to {server} cannot be sent ({_reason(cause)})")
    if isinstance(cause, httpx2.UnsupportedProtocol):
        return NoSummary("broken", f"{server} {_reason(cause)}")
    if isinstance(cause, httpx2.DecodingError):
        return NoSummary("broken", f"{server}'s answer cannot be read ({_reason(cause)})")
    return NoSummary("broken", f"{server}'s answer is incomplete ({_reason(cause)})", retry_after_s=USUAL_WAIT_S)


def _text(error: APIStatusError) -> str:
    """Return the service's message, without the key, which some servers repeat."""
    text = str(error.api_message or error.body or f"HTTP {error.status_code}")
    if _PAGE.match(text):
        title = _PAGE_TITLE.search(text)
        text = f"a web page, “{title[1].strip()}”" if title else "a web page"
    for name in ("x-api-key", "authorization"):
        key = error.request.headers.get(name, "").removeprefix("Bearer ")
        text = text.replace(key, "…") if key else text
    return printable(text)


def _reason(error: BaseException) -> str:
    """Return one line about an error. The text of an error about an invalid header holds the key, so it is left out."""
    name = type(error).__name__
    if name == "LocalProtocolError" or isinstance(error, UnicodeError):
        return name
    return without_errno(printable(error)) or name


def _message(error: APIStatusError | BatchError) -> str:
    """Return the service's message in small letters; empty if it is about a field of the request."""
    message = error.api_message
    if not isinstance(message, str) and isinstance(error.body, dict):
        message = next((text for name in ("message", "error") if isinstance(text := error.body.get(name), str)), "")
    return "" if not isinstance(message, str) or _FIELD.match(message) else message.lower()

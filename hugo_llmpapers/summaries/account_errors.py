"""Tells errors about the account or the network from those about the content of one request.

An account without credit and a disabled organization are reported as HTTP 400 with `invalid_request_error`, as a request
with a wrong field is: https://platform.claude.com/docs/en/api/errors. They are recognized by their code if they have one,
else by the service's message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anthropic import APIStatusError

_CREDIT_CODES = frozenset(
    {
        "contract_spend_limit_reached", "enforced_spend_limit_reached", "linked_organization_spend_limit_reached",
        "linked_organization_billing_unavailable", "user_profile_not_billable", "user_profile_billing_not_authorized",
    }
)  # fmt: skip
"""Values of `error.details.error_code`, from anthropic.types.shared.error_details."""
_ON_HOLD = "organization_on_hold"
_STATUSES = (400, 403, 429)
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


@dataclass(frozen=True, slots=True)
class BatchError:
    """An error in the results of a batch, with the fields that the SDK's errors have."""

    type: str
    api_message: str
    error_code: str | None = None
    status_code: int = 400
    body: None = None


def is_out_of_credit(error: APIStatusError | BatchError) -> bool:
    """Return whether the account has no credit, or reached a limit that its owner or its tier sets."""
    if error.status_code == 402 or error.type == "billing_error" or error.error_code in _CREDIT_CODES:
        return True
    return error.status_code in _STATUSES and bool(_CREDIT.search(_message(error)))


def is_account_disabled(error: APIStatusError | BatchError) -> bool:
    """Return whether the account, its organization or its workspace is disabled."""
    if error.error_code == _ON_HOLD:
        return True
    return error.status_code in _STATUSES and bool(_DISABLED.search(_message(error)))


def is_network_blocked(error: APIStatusError) -> bool:
    """Return whether the network is refused, not the key: the region is not supported, or a proxy answers with a page.

    A refused key is reported as JSON, in which Claude names the type `permission_error`.
    """
    if error.status_code == 451:
        return True
    if error.status_code != 403:
        return False
    return not isinstance(error.body, dict) or bool(_REGION.search(_message(error)))


def is_content_filtered(error: APIStatusError | BatchError) -> bool:
    """Return whether a filter rejects the request or its answer. A retry would be rejected, too."""
    return error.status_code == 400 and bool(_FILTER.search(_message(error)))


def _message(error: APIStatusError | BatchError) -> str:
    """Return the service's message in small letters; empty if it is about a field of the request."""
    message = error.api_message
    if not isinstance(message, str) and isinstance(error.body, dict):
        message = next((text for name in ("message", "error") if isinstance(text := error.body.get(name), str)), "")
    return "" if not isinstance(message, str) or _FIELD.match(message) else message.lower()

"""What Claude, or somebody before it, says to an account or a network that is not served."""

from __future__ import annotations

from typing import Any


def _refusal(said: str, kind: str = "invalid_request_error", code: str | None = None) -> dict[str, Any]:
    details = {"details": {"error_code": code}} if code else {}
    return {"type": "error", "error": {"type": kind, "message": said, **details}, "request_id": "req_1"}


ACCOUNT_ERRORS: list[tuple[int, dict[str, Any], str]] = [
    (400, _refusal("You have reached your specified API usage limits. You will regain access on 2026-03-01 at 00:00 UTC."), "credit"),
    (400, _refusal("Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing."), "credit"),
    (400, _refusal("This organization has been disabled."), "key"),
    (403, _refusal("A word about this that nobody foresaw.", "permission_error", "organization_on_hold"), "key"),
    (402, _refusal("There is an issue with your payment information.", "billing_error"), "credit"),
    (429, _refusal("Another word that nobody foresaw.", "rate_limit_error", "enforced_spend_limit_reached"), "credit"),
]  # fmt: skip
"""What Claude says of an account: HTTP status, body, and the trouble that it is."""
NETWORK_ERRORS: list[tuple[int, object]] = [
    (403, {"error": {"type": "forbidden", "message": "Request not allowed"}}),
    (
        403,
        "<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>Blocked</body></html>",
    ),
    (403, "<html>\n<body>Just a moment...</body></html>"),
    (403, ""),
    (451, _refusal("This country is not supported.", "permission_error")),
]
"""What a region that is not served, or somebody in between, says instead of Claude."""

"""Calls Claude: one message, and the check whether a model exists. Imports the SDK, so it is imported late."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import anthropic
import httpx2

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.summaries.api_errors import MODEL_REMEDY, SDK_ERRORS, from_sdk_error
from hugo_llmpapers.summaries.client import CONNECT_TIMEOUT_S
from hugo_llmpapers.summaries.messages import Effort, request_parameters
from hugo_llmpapers.summaries.models import server_name
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.prompt import Prompt
from hugo_llmpapers.summaries.retries import ServerState


def send_prompt(
    prompt: Prompt,
    model: str,
    effort: Effort | None,
    client: anthropic.Anthropic,
    server: ServerState,
    *,
    timeout_s: float,
) -> Any:
    """Return the SDK's Message for a prompt, without retries. `timeout_s` limits each silence, not the whole call.

    Raises NoSummary, and SetupError if the cause concerns every paper: key, credit, model.
    """
    once = client.with_options(max_retries=0, timeout=httpx2.Timeout(timeout_s, connect=CONNECT_TIMEOUT_S))
    try:
        message = _create_message(once, request_parameters(prompt, model, effort), server)
    except SDK_ERRORS as error:
        raise from_sdk_error(error, model) from error
    content = getattr(message, "content", None)
    if not isinstance(content, list) or (content and not any(hasattr(block, "type") for block in content)):
        raise NoSummary("broken", f"{server_name(model)} does not answer as the Messages API does")
    return message


def _create_message(client: anthropic.Anthropic, parameters: Any, server: ServerState) -> Any:
    """Create a message. For a server that rejects `output_config` repeat the request without, now and from then on."""
    # A compressed answer could be larger than its limit.
    headers = {"accept-encoding": "identity"}
    if server.supports_format:
        try:
            return client.messages.create(**parameters, extra_headers=headers)
        except (anthropic.BadRequestError, anthropic.UnprocessableEntityError) as error:
            # Claude supports it, and the user's setting of an effort must not be dropped silently.
            is_claude = client.base_url.host.endswith("anthropic.com")
            failure = from_sdk_error(error, parameters["model"])
            is_malformed = isinstance(failure, NoSummary) and failure.trouble == "malformed"
            if is_claude or "effort" in str(error) or not is_malformed:
                raise
    del parameters["output_config"]
    message = client.messages.create(**parameters, extra_headers=headers)
    server.supports_format = False
    return message


def check_model(model: str, client: anthropic.Anthropic) -> str | None:
    """Look a model up, which is free. Return a few words if it will be retired, else None.

    Raises as `send_prompt` does. NoSummary with the trouble `malformed` means that the server cannot look models up.
    """
    try:
        found = client.with_options(max_retries=0).models.retrieve(model)
    except SDK_ERRORS as error:
        if isinstance(error, anthropic.NotFoundError) and error.type != "not_found_error":
            raise NoSummary("malformed", "the server does not list its models (HTTP 404)") from error
        raise from_sdk_error(error, model) from error
    if not isinstance(getattr(found, "id", None), str):
        raise NoSummary("malformed", "the server's answer is not about a model")
    if found.lifecycle == "retired":
        raise SetupError(f"Claude's model `{model}` is retired.", MODEL_REMEDY, trouble="model")
    if found.lifecycle != "deprecated":
        return None
    return f"ends on {found.retires_at:%Y-%m-%d}" if isinstance(found.retires_at, datetime) else "will end"

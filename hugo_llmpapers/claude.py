"""Talking to Claude: the SDK's client, one call, and what its answer says.

https://platform.claude.com/docs/en/api/messages. The SDK takes over a second to import, so that is done in a function.
"""

from __future__ import annotations

import json
import re
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.models import Usage
from hugo_llmpapers.prices import usage
from hugo_llmpapers.prompt import SCHEMA, Prompt

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import MessageParam, OutputConfigParam

MAX_TOKENS = 4096
"""Of an answer, thinking included, which the 5.5 models do unasked."""
ATTEMPTS = 2
ANSWER_S = 60.0
"""An answer takes 10 to 30 s; what is silent for longer is retried once."""
LONGEST_WAIT_S = 20.0
"""The SDK sleeps for whatever `Retry-After` says; a server that asks for more than this has failed."""

_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_FENCED = re.compile(r"```(?:json)?\s*(.*?)\s*```", re.DOTALL)
Effort = Literal["low", "medium", "high", "max"]
Trouble = Literal["refused", "cut off", "malformed", "checks", "outage"]


class NoSummary(Exception):
    """This paper could not be summarised. `str()` is one line."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        """`outage` is about the service, all others are about this paper and this model."""


_importing = threading.Lock()


def load_sdk() -> None:
    """Imports the SDK, one thread at a time: two that import it at once can find it half made."""
    with _importing:
        import anthropic  # noqa: F401
        import httpx2  # noqa: F401


def connect(api_key: str | None, http_transport: Any = None) -> Anthropic:
    """The SDK's client. `api_key` None leaves it to the SDK's environment and profiles; `http_transport`: httpx2's.

    Raises SetupError where it finds no credentials.
    """
    load_sdk()
    import anthropic
    import httpx2

    def give_up_on_long_waits(response: httpx2.Response) -> None:
        try:
            wait_s = float(response.headers.get("retry-after", "0"))
        except ValueError:
            return
        if wait_s > LONGEST_WAIT_S:
            response.headers["x-should-retry"] = "false"

    http = anthropic.DefaultHttpxClient(
        event_hooks={"response": [give_up_on_long_waits]}, **({"transport": http_transport} if http_transport else {})
    )
    try:
        client = anthropic.Anthropic(
            api_key=api_key,
            http_client=http,
            timeout=httpx2.Timeout(ANSWER_S, connect=5.0),
            max_retries=ATTEMPTS - 1,
        )
    except anthropic.AnthropicError as error:
        raise SetupError(f"The Claude SDK finds no usable credentials: {_first_line(error)}", _KEY_REMEDY) from None
    if all(found is None for found in (client.api_key, client.auth_token, client.credentials)):
        raise SetupError("There is no Claude API key.", _KEY_REMEDY)
    return client


def retirement_note(model: str) -> str | None:
    """What the SDK knows of a model's end; None where it knows of none. Imports the SDK."""
    day = end_of_life(model)
    return (
        f"The model {model} reaches its end of life on {day}: choose another in the setting `model`." if day else None
    )


def end_of_life(model: str) -> str | None:
    """The day of a model's end as the SDK has it, such as `November 30th, 2026`; None where it knows of none."""
    load_sdk()
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    return DEPRECATED_MODELS.get(model)


def look_up(model: str, client: Anthropic) -> str | None:
    """Asks Claude once for a model, which is free: None where all is well, a few words where its end is near.

    Raises as `ask` does: SetupError for key, credit and model, NoSummary for an outage. `malformed` is a server that
    speaks only part of Claude's protocol and tells no models.
    """
    load_sdk()
    import anthropic

    try:
        found = client.with_options(max_retries=0).models.retrieve(model)
    except anthropic.NotFoundError as error:
        if error.type != "not_found_error":
            raise NoSummary("malformed", "the server does not tell its models (HTTP 404)") from error
        raise _failure(error, model) from error
    except (anthropic.AnthropicError, TypeError, ValueError) as error:
        raise _failure(error, model) from error
    if not isinstance(getattr(found, "id", None), str):
        raise NoSummary("malformed", "the server's answer is not about a model")
    if found.lifecycle == "retired":
        raise SetupError(f"Claude's model `{model}` is retired.", _MODEL_REMEDY)
    if found.lifecycle != "deprecated":
        return None
    return f"ends on {found.retires_at:%Y-%m-%d}" if isinstance(found.retires_at, datetime) else "will end"


def ask(asked: Prompt, model: str, effort: Effort | None, client: Anthropic) -> Any:
    """The SDK's Message for a prompt. Raises NoSummary, and SetupError for what concerns every paper: key, credit, model."""
    load_sdk()
    import anthropic

    config: OutputConfigParam = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if effort:
        config["effort"] = effort
    try:
        message = client.messages.create(
            model=model,
            max_tokens=MAX_TOKENS,
            system=asked.system,
            messages=_messages(asked),
            output_config=config,
        )
    # TypeError is how the SDK says that it has no credentials, ValueError that an answer is not JSON.
    except (anthropic.AnthropicError, TypeError, ValueError) as error:
        raise _failure(error, model) from error
    if not hasattr(message, "stop_reason"):
        raise NoSummary("outage", "Claude's answer is not one of its API")
    return message


def _failure(error: Exception, model: str) -> Exception:
    """What an error of the SDK means for the run; an error that is none of these is a bug, and stays what it is."""
    import anthropic

    match error:
        case anthropic.AuthenticationError() | anthropic.PermissionDeniedError():
            return SetupError(f"Claude refuses the API key: {error.api_message or error.status_code}", _KEY_REMEDY)
        case anthropic.PaymentRequiredError():
            return SetupError(
                f"Claude wants to be paid first: {error.api_message}", "Add credit in the Claude Console."
            )
        case anthropic.NotFoundError():
            return SetupError(f"Claude has no model `{model}`.", _MODEL_REMEDY)
        case anthropic.BadRequestError():
            return NoSummary("malformed", f"Claude cannot take the request: {error.api_message}")
        case anthropic.APITimeoutError():
            return NoSummary("outage", f"Claude does not answer within {ANSWER_S:.0f} s")
        case anthropic.APIConnectionError():
            return NoSummary("outage", f"Claude cannot be reached ({_why(error.__cause__ or error)})")
        case anthropic.APIStatusError():
            said = f": {error.api_message}" if error.api_message else ""
            return NoSummary("outage", f"Claude answers HTTP {error.status_code}{said}")
        case TypeError():
            return SetupError("There is no Claude API key.", _KEY_REMEDY) if "authentication" in str(error) else error
        case _:
            return NoSummary("outage", f"Claude's answer cannot be read ({_why(error)})")


def counted(message: Any, model: str) -> Usage:
    """What an answer took."""
    return usage(model, _tokens(message, "input_tokens"), _tokens(message, "output_tokens"))


def _messages(asked: Prompt) -> list[MessageParam]:
    messages: list[MessageParam] = [{"role": "user", "content": asked.user}]
    if asked.repair is not None:
        answer, complaint = asked.repair
        messages += [{"role": "assistant", "content": answer}, {"role": "user", "content": complaint}]
    return messages


def read(message: Any) -> str:
    """The summary out of an answer; its blocks of thinking are passed over. Raises NoSummary."""
    if message.stop_reason == "refusal":
        category = getattr(message.stop_details, "category", None)
        raise NoSummary("refused", "Claude refuses this paper" + (f" (category {category})" if category else ""))
    if message.stop_reason != "end_turn":
        raise NoSummary("cut off", f"Claude's answer stops early ({message.stop_reason})")
    text = "".join(block.text for block in message.content or () if block.type == "text")
    return " ".join(_summary_in(text).split())


def _summary_in(text: str) -> str:
    """The summary out of an answer's text: of the JSON that was asked for, or the text itself.

    Servers that only speak Claude's protocol ignore `output_config`, fence their JSON, or think aloud first; whether a
    plain text is a summary is for the checks to say.
    """
    body = _THOUGHT.sub("", text).strip()
    if (fenced := _FENCED.fullmatch(body)) is not None:
        body = fenced[1]
    if not body.startswith(("{", "[")):
        return body
    try:
        summary = json.loads(body)["summary"]
    except (ValueError, KeyError, TypeError):
        summary = None
    if not isinstance(summary, str):
        raise NoSummary("malformed", f"Claude's answer is not what was asked for: {text[:40]!r}")
    return summary


def _tokens(message: Any, name: str) -> int:
    value = getattr(message.usage, name, None)
    return value if isinstance(value, int) else 0


def _why(error: BaseException) -> str:
    """One line about a failure. What may not be sent holds a key, so its text is not for printing."""
    name = type(error).__name__
    return name if "ProtocolError" in name or isinstance(error, UnicodeError) else _first_line(error)


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


_KEY_REMEDY = 'Set ANTHROPIC_API_KEY to a key from https://platform.claude.com/, or use `summarizer = "excerpt"`.'
_MODEL_REMEDY = "Set `model` or --model to one of https://platform.claude.com/docs/models."

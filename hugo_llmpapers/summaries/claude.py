"""Talking to Claude: one call, what its answer says, and what its errors mean.

https://platform.claude.com/docs/en/api/messages. Other servers speak the same protocol, more or less: what they leave out
or add is nothing to stumble over.
"""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.records import Usage
from hugo_llmpapers.summaries.account_errors import is_disabled, is_filtered, lacks_credit
from hugo_llmpapers.summaries.api_errors import MODEL_REMEDY, UNREADABLE, NoSummary, failure, model_name
from hugo_llmpapers.summaries.client import CONNECT_S, load_sdk, one_line
from hugo_llmpapers.summaries.prices import usage
from hugo_llmpapers.summaries.prompt import SCHEMA, Prompt
from hugo_llmpapers.text import markdown

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import MessageParam, OutputConfigParam
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

MAX_TOKENS = 4096
"""Of an answer, thinking included, which the 5.5 models do unasked."""
CLAUDE_S = 42.0
"""For one answer, asking once more included. Claude takes 10 to 30 s, and `new` shall end within a minute."""
OTHERS_S = 300.0
"""The same for a server of the owner's, which may answer one paper after the other."""

LONGEST_TEXT = 50_000
"""Characters of an answer's text; MAX_TOKENS have fewer."""
MOST_TOKENS = 10_000_000
"""Of one call; a server that says more does not know."""
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_WHOLE = ("end_turn", "stop_sequence", "stop", None)
"""Reasons to stop of a whole answer; the last two are other servers', whose text the checks then judge."""
Effort = Literal["low", "medium", "high", "max"]


@dataclass(slots=True)
class Standing:
    """What one run knows of a model."""

    under_way: int = 0
    """Papers that it is being asked about."""
    since: float = 0.0
    """Monotonic seconds when the oldest of these was begun alone."""
    summaries: int = 0
    """Papers that it gave a summary of."""
    failures: list[NoSummary] = field(default_factory=list)
    """One for each paper that it gave none of, outages not counted."""
    ended: Failure | None = None
    """Why it can be asked about no paper at all."""


@dataclass(slots=True)
class Server:
    """What one run finds out about the server that it asks; all its calls share it."""

    patience_s: float = CLAUDE_S
    """For one answer."""
    unanswered: int = 0
    """Calls that got no answer."""
    takes_format: bool = True
    """Whether it bears being asked for a format, and does not turn the request away."""
    standings: dict[str, Standing] = field(default_factory=dict)
    """By model. Read and written while `turn` is held."""
    turn: threading.Condition = field(default_factory=threading.Condition)


def ask(asked: Prompt, model: str, effort: Effort | None, client: Anthropic, server: Server, *, time_s: float) -> Any:
    """The SDK's Message for a prompt, by one call. `time_s`: longest silence; who needs more certainty watches the clock.

    Raises NoSummary, and SetupError for what concerns every paper: key, credit, model.
    """
    load_sdk()
    import anthropic
    import httpx2

    once = client.with_options(max_retries=0, timeout=httpx2.Timeout(time_s, connect=CONNECT_S))
    try:
        message = _created(once, request(asked, model, effort), server)
    # TypeError is how the SDK says that it has no credentials.
    except (anthropic.AnthropicError, TypeError, *UNREADABLE) as error:
        raise failure(error, model) from error
    content = getattr(message, "content", None)
    if not isinstance(content, list) or (content and not any(hasattr(block, "type") for block in content)):
        raise NoSummary("broken", f"{model_name(model)} answers what is not of the Messages API")
    return message


def _created(client: Anthropic, parameters: MessageCreateParamsNonStreaming, server: Server) -> Any:
    """The SDK's answer. A server that turns `output_config` away is asked without it, from then on."""
    import anthropic

    plainly = {"accept-encoding": "identity"}
    if server.takes_format:
        try:
            return client.messages.create(**parameters, extra_headers=plainly)
        except (anthropic.BadRequestError, anthropic.UnprocessableEntityError) as error:
            # Claude itself takes it, and an effort that the owner has set is not dropped in silence.
            is_claudes = client.base_url.host.endswith("anthropic.com")
            is_of_another_kind = lacks_credit(error) or is_disabled(error) or is_filtered(error)
            if is_claudes or "effort" in str(error) or is_of_another_kind:
                raise
    del parameters["output_config"]
    message = client.messages.create(**parameters, extra_headers=plainly)
    server.takes_format = False
    return message


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
        raise failure(error, model) from error
    except (anthropic.AnthropicError, TypeError, *UNREADABLE) as error:
        raise failure(error, model) from error
    if not isinstance(getattr(found, "id", None), str):
        raise NoSummary("malformed", "the server's answer is not about a model")
    if found.lifecycle == "retired":
        raise SetupError(f"Claude's model `{model}` is retired.", MODEL_REMEDY, trouble="model")
    if found.lifecycle != "deprecated":
        return None
    return f"ends on {found.retires_at:%Y-%m-%d}" if isinstance(found.retires_at, datetime) else "will end"


def request(asked: Prompt, model: str, effort: Effort | None) -> MessageCreateParamsNonStreaming:
    """The parameters of a call, by itself or in a batch."""
    config: OutputConfigParam = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if effort:
        config["effort"] = effort
    return {
        "model": model,
        "max_tokens": MAX_TOKENS,
        "system": asked.system,
        "messages": _messages(asked),
        "output_config": config,
    }


def counted(message: Any, model: str, *, in_batch: bool = False) -> Usage:
    """What an answer took; no tokens where it does not say."""
    return usage(model, _tokens(message, "input_tokens"), _tokens(message, "output_tokens"), in_batch=in_batch)


def _messages(asked: Prompt) -> list[MessageParam]:
    messages: list[MessageParam] = [{"role": "user", "content": asked.user}]
    if asked.repair is not None:
        answer, complaint = asked.repair
        messages += [{"role": "assistant", "content": answer}, {"role": "user", "content": complaint}]
    return messages


def read(message: Any) -> str:
    """The summary out of an answer; its blocks of thinking are passed over. Raises NoSummary."""
    reason = getattr(message, "stop_reason", None)
    if reason == "refusal":
        category = getattr(getattr(message, "stop_details", None), "category", None)
        raise NoSummary("refused", "Claude refuses this paper" + (f" (category {category})" if category else ""))
    if reason not in _WHOLE:
        raise NoSummary("cut-off", f"the answer stops early ({one_line(reason)})")
    content = getattr(message, "content", None)
    blocks = content if isinstance(content, list) else ()
    texts = [getattr(block, "text", None) for block in blocks if getattr(block, "type", None) == "text"]
    text = "".join(text for text in texts if isinstance(text, str))
    if len(text) > LONGEST_TEXT:
        raise NoSummary("malformed", f"the answer has {len(text)} characters")
    if not (summary := markdown.one_line(_summary_in(text))):
        # Nothing that could be repaired.
        raise NoSummary("malformed", "the answer has no text" + (", only thinking" if blocks and not texts else ""))
    return summary


def _summary_in(text: str) -> str:
    """The summary out of an answer's text: of the JSON that was asked for, or the text itself.

    Servers that only speak Claude's protocol ignore `output_config`, fence their JSON, or think aloud first; whether a
    plain text is a summary is for the checks to say.
    """
    body = _THOUGHT.sub("", text).strip()
    if len(body) >= 6 and body.startswith("```") and body.endswith("```"):
        body = body[3:-3].removeprefix("json").strip()
    if not body.startswith(("{", "[")):
        return body
    try:
        summary = json.loads(body)["summary"]
    except (ValueError, KeyError, TypeError, RecursionError):
        summary = None
    if not isinstance(summary, str):
        raise NoSummary("malformed", f"the answer is not what was asked for: {text[:40]!r}")
    return summary


def _tokens(message: Any, name: str) -> int:
    value = getattr(getattr(message, "usage", None), name, None)
    return value if isinstance(value, int) and 0 < value <= MOST_TOKENS else 0

"""The Messages API: the parameters of a request, and what its answer contains. Does not import the SDK.

https://platform.claude.com/docs/en/api/messages. Other servers speak the same protocol, more or less: fields that they
omit or add are no error.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Literal

from hugo_llmpapers.records import Usage
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.prices import usage
from hugo_llmpapers.summaries.prompt import SCHEMA, Prompt
from hugo_llmpapers.text import markdown

if TYPE_CHECKING:
    from anthropic.types import MessageParam, OutputConfigParam
    from anthropic.types.message_create_params import MessageCreateParamsNonStreaming

MAX_TOKENS = 4096
"""Of an answer, including the thinking that the 5.5 models do by default."""
MAX_TEXT = 50_000
"""Characters of an answer's text; MAX_TOKENS have fewer."""
_MAX_PLAUSIBLE_TOKENS = 10_000_000
"""Of one call; a server that reports more is wrong."""
_THOUGHT = re.compile(r"^\s*<think>.*?</think>", re.DOTALL)
_COMPLETE = ("end_turn", "stop_sequence", "stop", None)
"""Stop reasons of a complete answer; the last two are those of other servers."""
Effort = Literal["low", "medium", "high", "max"]


def request_parameters(prompt: Prompt, model: str, effort: Effort | None) -> MessageCreateParamsNonStreaming:
    """Return the parameters of a request, for a call or a batch."""
    messages: list[MessageParam] = [{"role": "user", "content": prompt.user}]
    if prompt.repair is not None:
        answer, complaint = prompt.repair
        messages += [{"role": "assistant", "content": answer}, {"role": "user", "content": complaint}]
    config: OutputConfigParam = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if effort:
        config["effort"] = effort
    return {
        "model": model,
        "max_tokens": MAX_TOKENS,
        "system": prompt.system,
        "messages": messages,
        "output_config": config,
    }


def usage_of(message: Any, model: str, *, in_batch: bool = False) -> Usage:
    """Return the tokens of an answer and their price; no tokens if the server does not report them."""
    reported = getattr(message, "usage", None)
    counts = (getattr(reported, name, None) for name in ("input_tokens", "output_tokens"))
    tokens = [n if isinstance(n, int) and 0 < n <= _MAX_PLAUSIBLE_TOKENS else 0 for n in counts]
    return usage(model, *tokens, in_batch=in_batch)


def read_summary(message: Any) -> str:
    """Return the summary in an answer, on one line and without invisible characters. Raises NoSummary."""
    reason = getattr(message, "stop_reason", None)
    if reason == "refusal":
        category = getattr(getattr(message, "stop_details", None), "category", None)
        raise NoSummary("refused", "Claude refuses this paper" + (f" (category {category})" if category else ""))
    if reason not in _COMPLETE:
        raise NoSummary("cut-off", f"the answer is cut off ({markdown.one_line(str(reason))[:200]})")
    content = getattr(message, "content", None)
    blocks = content if isinstance(content, list) else ()
    texts = [getattr(block, "text", None) for block in blocks if getattr(block, "type", None) == "text"]
    text = "".join(text for text in texts if isinstance(text, str))
    if len(text) > MAX_TEXT:
        raise NoSummary("malformed", f"the answer has {len(text)} characters")
    if not (summary := markdown.one_line(_summary_in(text))):
        raise NoSummary("malformed", "the answer has no text" + (", only thinking" if blocks and not texts else ""))
    return summary


def _summary_in(text: str) -> str:
    """Return the summary in the JSON that was requested, or the text itself. Raises NoSummary for other JSON.

    Other servers ignore `output_config`, fence their JSON, or think aloud first. The checks decide whether a plain text is
    a summary.
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
        raise NoSummary("malformed", f"the answer does not have the requested form: {text[:40]!r}")
    return summary

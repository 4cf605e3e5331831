"""Claude writes the summaries: one call a paper, its answer looked at before it counts.

https://platform.claude.com/docs/en/api/messages. The SDK takes over a second to import, so that is done in a function.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from hugo_llmpapers.cache import Cache
from hugo_llmpapers.checks import check
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.models import Moment, Paper, Summary, Usage
from hugo_llmpapers.prices import Purse, usage
from hugo_llmpapers.prompt import SCHEMA, Prompt, prompt

if TYPE_CHECKING:
    from anthropic import Anthropic
    from anthropic.types import OutputConfigParam

MAX_TOKENS = 4096
"""Of an answer, thinking included, which the 5.5 models do unasked."""
ATTEMPTS = 2
ANSWER_S = 60.0
"""An answer takes 10 to 30 s; what is silent for longer is retried once."""
LONGEST_WAIT_S = 20.0
"""The SDK sleeps for whatever `Retry-After` says; a server that asks for more than this has failed."""

Effort = Literal["low", "medium", "high", "max"]
Trouble = Literal["refused", "cut off", "malformed", "checks", "outage"]


class NoSummary(Exception):
    """This paper could not be summarised. `str()` is one line."""

    def __init__(self, trouble: Trouble, detail: str) -> None:
        super().__init__(detail)
        self.trouble = trouble
        """`outage` is about the service, all others are about this paper and this model."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing summaries takes."""

    client: Callable[[], Anthropic]
    """Gives the client; called only when something is not in the cache."""
    model: str
    fallback_model: str | None
    effort: Effort | None
    language: str
    purse: Purse
    cache: Cache
    moment: Moment
    offline: bool = False


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
    load_sdk()
    from anthropic.resources.messages.messages import DEPRECATED_MODELS

    day = DEPRECATED_MODELS.get(model)
    return (
        f"The model {model} reaches its end of life on {day}: choose another in the setting `model`." if day else None
    )


def summarise(paper: Paper, text: str | None, desk: Desk) -> Summary:
    """A summary that passed its checks, out of the cache or paid for.

    `text`: the paper's own text where the owner wants it used. Tries the fallback model where the first one's answer
    cannot be used. Raises NoSummary, OverBudget, and SetupError where the key or a model is unusable.
    """
    asked = prompt(paper, desk.language, text)
    models = [desk.model] + ([desk.fallback_model] if desk.fallback_model not in (None, desk.model) else [])
    for model in models:
        if (known := _remembered(paper, asked, model, desk)) is not None:
            return known
    if desk.offline:
        raise NoSummary("outage", "not in the cache, and --offline asks nobody")
    failure: NoSummary | None = None
    for model in models:
        try:
            return _written(paper, asked, model, desk)
        except NoSummary as error:
            if error.trouble == "outage":
                raise
            failure = failure or error
    raise failure or AssertionError("a model is always tried")


def worst_case(asked: Prompt, model: str) -> Usage:
    """What one call can take at the most."""
    return usage(model, asked.most_tokens, MAX_TOKENS)


def typical(asked: Prompt, model: str) -> Usage:
    """What one call usually takes: for the estimate before anything is paid."""
    return usage(model, asked.most_tokens // 2, 1100)


def _written(paper: Paper, asked: Prompt, model: str, desk: Desk) -> Summary:
    with desk.purse.reserved(worst_case(asked, model)) as took:
        message = _asked(asked, model, desk)
        if not hasattr(message, "stop_reason"):
            raise NoSummary("outage", "Claude's answer is not one of its API")
        counted = usage(model, _tokens(message, "input_tokens"), _tokens(message, "output_tokens"))
        took.append(counted)
    text = _read(message)
    if wrong := check(text, desk.language):
        raise NoSummary("checks", "; ".join(f"{w.check}: {w.piece}" for w in wrong))
    stored = {"text": text, "model": model, "input": counted.input_tokens, "output": counted.output_tokens}
    body = json.dumps(stored, ensure_ascii=False).encode()
    desk.cache.put("summary", _key(paper, asked, model, desk), body, desk.moment.now, {})
    return Summary(text, "claude", model, counted)


def _asked(asked: Prompt, model: str, desk: Desk) -> Any:
    load_sdk()
    import anthropic

    config: OutputConfigParam = {"format": {"type": "json_schema", "schema": SCHEMA}}
    if desk.effort:
        config["effort"] = desk.effort
    try:
        return desk.client().messages.create(
            model=model,
            max_tokens=MAX_TOKENS,
            system=asked.system,
            messages=[{"role": "user", "content": asked.user}],
            output_config=config,
        )
    except (anthropic.AuthenticationError, anthropic.PermissionDeniedError) as error:
        raise SetupError(f"Claude refuses the API key: {error.api_message or error.status_code}", _KEY_REMEDY) from None
    except anthropic.PaymentRequiredError as error:
        raise SetupError(
            f"Claude wants to be paid first: {error.api_message}", "Add credit in the Claude Console."
        ) from None
    except anthropic.NotFoundError:
        raise SetupError(
            f"Claude has no model `{model}`.",
            "Set `model` or --model to one of https://platform.claude.com/docs/models.",
        ) from None
    except anthropic.BadRequestError as error:
        raise NoSummary("malformed", f"Claude cannot take the request: {error.api_message}") from None
    except TypeError as error:
        if "authentication" in str(error):
            raise SetupError("There is no Claude API key.", _KEY_REMEDY) from None
        raise
    except anthropic.APITimeoutError:
        raise NoSummary("outage", f"Claude does not answer within {ANSWER_S:.0f} s") from None
    except anthropic.APIConnectionError as error:
        raise NoSummary("outage", f"Claude cannot be reached ({_first_line(error.__cause__ or error)})") from None
    except anthropic.APIStatusError as error:
        raise NoSummary(
            "outage", f"Claude answers HTTP {error.status_code}: {error.api_message or ''}".rstrip(": ")
        ) from None
    except (anthropic.AnthropicError, ValueError) as error:
        raise NoSummary("outage", f"Claude's answer cannot be read ({_first_line(error)})") from None


def _read(message: Any) -> str:
    """The summary out of an answer; its blocks of thinking are passed over."""
    if message.stop_reason == "refusal":
        category = getattr(message.stop_details, "category", None)
        raise NoSummary("refused", "Claude refuses this paper" + (f" (category {category})" if category else ""))
    if message.stop_reason != "end_turn":
        raise NoSummary("cut off", f"Claude's answer stops early ({message.stop_reason})")
    text = "".join(block.text for block in message.content or () if block.type == "text")
    try:
        summary = json.loads(text)["summary"]
    except (ValueError, KeyError, TypeError):
        raise NoSummary("malformed", f"Claude's answer is not what was asked for: {text[:40]!r}") from None
    if not isinstance(summary, str):
        raise NoSummary("malformed", "Claude's answer has no text")
    return " ".join(summary.split())


def _remembered(paper: Paper, asked: Prompt, model: str, desk: Desk) -> Summary | None:
    stored = desk.cache.get("summary", _key(paper, asked, model, desk))
    try:
        text = json.loads(stored.body)["text"] if stored is not None else None
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(text, str) or check(text, desk.language):
        return None
    return Summary(text, "claude", model, Usage(), cached=True)


def _key(paper: Paper, asked: Prompt, model: str, desk: Desk) -> str:
    return "\n".join((paper.arxiv_id, model, desk.effort or "", desk.language, asked.version))


def _tokens(message: Any, name: str) -> int:
    value = getattr(message.usage, name, None)
    return value if isinstance(value, int) else 0


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


_KEY_REMEDY = 'Set ANTHROPIC_API_KEY to a key from https://platform.claude.com/, or use `summarizer = "excerpt"`.'

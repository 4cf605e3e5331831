"""How a paper gets its summary: out of the cache, else from Claude, and never without passing its checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hugo_llmpapers import claude
from hugo_llmpapers.cache import Cache
from hugo_llmpapers.checks import Wrong, check
from hugo_llmpapers.claude import Effort, NoSummary
from hugo_llmpapers.models import Moment, Paper, Summary, Usage
from hugo_llmpapers.prices import Purse, usage
from hugo_llmpapers.prompt import Prompt, prompt, repaired

if TYPE_CHECKING:
    from anthropic import Anthropic


class Rejected(NoSummary):
    """An answer that failed its checks."""

    def __init__(self, answer: str, wrong: tuple[Wrong, ...]) -> None:
        super().__init__("checks", "; ".join(f"{one.check}: {one.piece}" for one in wrong))
        self.answer = answer
        self.wrong = wrong


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


def summarise(paper: Paper, text: str | None, desk: Desk) -> Summary:
    """A summary that passed its checks, out of the cache or paid for.

    `text`: the paper's own text where the owner wants it used. An answer that fails its checks is asked for once more,
    with the checks named; then the fallback model is asked. Raises NoSummary, OverBudget, and SetupError where the key or
    a model is unusable.
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
            return _with_one_repair(paper, asked, model, desk)
        except NoSummary as error:
            if error.trouble == "outage":
                raise
            failure = failure or error
    raise failure or AssertionError("a model is always tried")


def _with_one_repair(paper: Paper, asked: Prompt, model: str, desk: Desk) -> Summary:
    key = _key(paper, asked, model, desk)
    try:
        return _written(asked, model, desk, key)
    except Rejected as first:
        return _written(repaired(asked, first.answer, first.wrong), model, desk, key)


def worst_case(asked: Prompt, model: str) -> Usage:
    """What one call can take at the most."""
    return usage(model, asked.most_tokens, claude.MAX_TOKENS)


def typical(asked: Prompt, model: str) -> Usage:
    """What one call usually takes: for the estimate before anything is paid."""
    return usage(model, asked.most_tokens // 2, 1100)


def _written(asked: Prompt, model: str, desk: Desk, key: str) -> Summary:
    with desk.purse.reserved(worst_case(asked, model)) as took:
        message = claude.ask(asked, model, desk.effort, desk.client())
        counted = claude.counted(message, model)
        took.append(counted)
    text = claude.read(message)
    if wrong := check(text, desk.language, asked.source):
        raise Rejected(text, wrong)
    stored = {"text": text, "model": model, "input": counted.input_tokens, "output": counted.output_tokens}
    body = json.dumps(stored, ensure_ascii=False).encode()
    desk.cache.put("summary", key, body, desk.moment.now, {})
    return Summary(text, "claude", model, counted)


def _remembered(paper: Paper, asked: Prompt, model: str, desk: Desk) -> Summary | None:
    stored = desk.cache.get("summary", _key(paper, asked, model, desk))
    try:
        text = json.loads(stored.body)["text"] if stored is not None else None
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(text, str) or check(text, desk.language, asked.source):
        return None
    return Summary(text, "claude", model, Usage(), cached=True)


def _key(paper: Paper, asked: Prompt, model: str, desk: Desk) -> str:
    return "\n".join((paper.arxiv_id, model, desk.effort or "", desk.language, asked.version))

"""How a paper gets its summary: out of the cache, else from Claude, and never without passing its checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from hugo_llmpapers import claude
from hugo_llmpapers.cache import Cache
from hugo_llmpapers.checks import Wrong, check
from hugo_llmpapers.claude import Effort, Server
from hugo_llmpapers.claude_errors import NoSummary, called
from hugo_llmpapers.days import Moment
from hugo_llmpapers.errors import SetupError, Trouble
from hugo_llmpapers.models import Paper, Summary, Usage
from hugo_llmpapers.patience import answered
from hugo_llmpapers.prices import Purse, usage
from hugo_llmpapers.prompt import LONGEST_TEXT, Prompt, instructions, prompt, repaired

if TYPE_CHECKING:
    from anthropic import Anthropic

USUAL_OUTPUT = 1100
"""Tokens of a summary with the thinking before it."""


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
    failed_answers: Cache | None = None
    """What was paid for and is no summary, so that it is never paid for again; None where such answers are not kept."""
    server: Server = field(default_factory=Server)

    def estimate(self, papers: Iterable[Paper], *, with_text: bool, in_batch: bool = False) -> Usage:
        """What summaries of these papers usually take, before anything is paid. `with_text`: of their PDFs, too."""
        text = "-" * LONGEST_TEXT if with_text else None
        asked = (prompt(paper, self.language, text) for paper in papers)
        return sum((typical(one, self.model, in_batch=in_batch) for one in asked), Usage())


def summarise(paper: Paper, text: str | None, desk: Desk) -> Summary:
    """A summary that passed its checks, out of the cache or paid for.

    `text`: the paper's own text where the owner wants it used. An answer that fails its checks is asked for once more,
    with the checks named; then the fallback model is asked, if there is one. Raises NoSummary, OverBudget, and SetupError
    where the key or the first model is unusable.
    """
    asked = prompt(paper, desk.language, text)
    models = _models(desk)
    for model in models:
        if (known := _remembered(paper, asked, model, desk)) is not None:
            return known
    if desk.offline:
        raise NoSummary("unreachable", "not in the cache, and --offline asks nobody")
    failure: NoSummary | None = None
    for model in models:
        try:
            return _with_one_repair(paper, asked, model, desk)
        except NoSummary as error:
            if error.is_outage:
                raise
            failure = failure or error
        except SetupError as error:
            # Without its fallback it is still only this paper that has no summary.
            if failure is None or error.trouble != "model":
                raise
            failure = NoSummary(failure.trouble, f"{failure}; and {called(model)} has no fallback model `{model}`")
    raise failure or AssertionError("a model is always tried")


def is_answered(key: str, desk: Desk) -> bool:
    """Whether this question need not be put to Claude as it stands: there is a summary, or a batch's failed answer."""
    failed = desk.failed_answers
    return desk.cache.get("summary", key) is not None or (failed is not None and failed.get("answer", key) is not None)


def keep_answer(message: Any, source: str, model: str, key: str, took: Usage, desk: Desk) -> Summary:
    """The summary in an answer, checked and from now on in the cache. Raises NoSummary."""
    text = claude.read(message)
    if wrong := _wrong_with(text, source, desk):
        raise Rejected(text, wrong)
    stored = {"text": text, "model": model, "input": took.input_tokens, "output": took.output_tokens}
    desk.cache.put("summary", key, json.dumps(stored, ensure_ascii=False).encode(), desk.moment.now, {})
    return Summary(text, "claude", model, took)


def next_question(paper: Paper, asked: Prompt, desk: Desk) -> tuple[Prompt, str] | None:
    """What `summarise` would put to Claude first, and to which model; None where it would pay for nothing."""
    keys = {model: key_of(paper, asked, model, desk) for model in _models(desk)}
    if any(desk.cache.get("summary", key) is not None for key in keys.values()):
        return None
    for model, key in keys.items():
        try:
            if (first := _failed_answer(key, asked, desk)) is None:
                return asked, model
            again = repaired(asked, first.answer, first.wrong)
            if _failed_answer(_key_of_repair(key, again), asked, desk) is None:
                return again, model
        except NoSummary:
            continue
    return None


def keep_failure(failure: NoSummary, key: str, failed_answers: Cache, now: datetime) -> None:
    """So that what was answered in vain is neither asked nor paid for again."""
    answer = failure.answer if isinstance(failure, Rejected) else None
    stored = {"trouble": failure.trouble, "detail": str(failure), "answer": answer}
    failed_answers.put("answer", key, json.dumps(stored, ensure_ascii=False).encode(), now, {})


def typical(asked: Prompt, model: str, *, in_batch: bool = False) -> Usage:
    """What one call usually takes."""
    return usage(model, asked.most_tokens // 2, USUAL_OUTPUT, in_batch=in_batch)


def worst_case(asked: Prompt, model: str, *, in_batch: bool = False) -> Usage:
    """What one call can take at the most."""
    return usage(model, asked.most_tokens, claude.MAX_TOKENS, in_batch=in_batch)


def key_of(paper: Paper, asked: Prompt, model: str, desk: Desk) -> str:
    """Under which a summary is kept: changes with whatever would make another one."""
    return "\n".join((paper.arxiv_id, model, desk.effort or "", desk.language, asked.version))


def _with_one_repair(paper: Paper, asked: Prompt, model: str, desk: Desk) -> Summary:
    key = key_of(paper, asked, model, desk)
    first = _failed_answer(key, asked, desk)
    if first is None:
        try:
            return _written(asked, model, desk, key)
        except Rejected as error:
            first = error
    again = repaired(asked, first.answer, first.wrong)
    vain = _key_of_repair(key, again)
    if (second := _failed_answer(vain, asked, desk)) is not None:
        raise second
    return _written(again, model, desk, key, vain)


def _written(asked: Prompt, model: str, desk: Desk, key: str, vain: str | None = None) -> Summary:
    """`vain`: under which the answer is kept if it is no summary, where that is not `key`."""
    client = desk.client()  # whose import shall not count as Claude's time
    message, counted = answered(partial(_paid, asked, model, desk, client), model, desk.server)
    try:
        return keep_answer(message, asked.source, model, key, counted, desk)
    except NoSummary as failure:
        if desk.failed_answers is not None:
            keep_failure(failure, vain or key, desk.failed_answers, desk.moment.now)
        raise


def _models(desk: Desk) -> list[str]:
    return [desk.model] + ([desk.fallback_model] if desk.fallback_model not in (None, desk.model) else [])


def _key_of_repair(key: str, again: Prompt) -> str:
    """Changes with what was wrong, too: other checks ask for another repair."""
    return "\n".join((key, *(again.repair or ())))


def _failed_answer(key: str, asked: Prompt, desk: Desk) -> Rejected | None:
    """The answer kept under this key where it can be repaired. Raises NoSummary for one that cannot."""
    stored = desk.failed_answers.get("answer", key) if desk.failed_answers is not None else None
    match stored and stored.told:
        case {"answer": str(answer)}:
            return Rejected(answer, _wrong_with(answer, asked.source, desk))
        case {"answer": None, "trouble": trouble, "detail": str(detail)} if trouble in get_args(Trouble):
            raise NoSummary(trouble, detail)
    return None


def _paid(asked: Prompt, model: str, desk: Desk, client: Anthropic, time_s: float) -> tuple[Any, Usage]:
    """One call and what it took; its worst case is held back, and stays so where nobody says what it took."""
    worst = worst_case(asked, model)
    with desk.purse.reserved(worst) as took:
        try:
            message = claude.ask(asked, model, desk.effort, client, desk.server, time_s=time_s)
        except NoSummary as failure:
            if failure.trouble in ("timeout", "broken"):
                desk.purse.keep_back(worst)
            raise
        counted = claude.counted(message, model)
        if not counted.input_tokens:
            desk.purse.keep_back(worst)
        took.append(counted)
    return message, counted


def _remembered(paper: Paper, asked: Prompt, model: str, desk: Desk) -> Summary | None:
    stored = desk.cache.get("summary", key_of(paper, asked, model, desk))
    match stored and stored.told:
        case {"text": str(text)} if not _wrong_with(text, asked.source, desk):
            return Summary(text, "claude", model, Usage(), cached=True)
    return None


def _wrong_with(text: str, source: str, desk: Desk) -> tuple[Wrong, ...]:
    return check(text, desk.language, source, instructions(desk.language))

"""How a paper gets its summary: out of the cache, else from Claude, and never without passing its checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from hugo_llmpapers.errors import SetupError, Trouble
from hugo_llmpapers.records import Paper, Summary, Usage
from hugo_llmpapers.site.dates import Moment
from hugo_llmpapers.summaries import claude
from hugo_llmpapers.summaries.api_errors import NoSummary, Unsettled, model_name
from hugo_llmpapers.summaries.checks.check import FailedCheck, check
from hugo_llmpapers.summaries.claude import Effort, Server
from hugo_llmpapers.summaries.prices import Budget, usage
from hugo_llmpapers.summaries.prompt import LONGEST_TEXT, Prompt, instructions, prompt, repaired
from hugo_llmpapers.summaries.retries import answered, asking
from hugo_llmpapers.web.cache import Cache, Stored

if TYPE_CHECKING:
    from anthropic import Anthropic

USUAL_OUTPUT = 1100
"""Tokens of a summary with the thinking before it."""


class Rejected(NoSummary):
    """An answer that failed its checks."""

    def __init__(self, answer: str, wrong: tuple[FailedCheck, ...]) -> None:
        super().__init__("checks", "; ".join(f"{one.check}: {one.detail}" for one in wrong))
        self.answer = answer
        self.wrong = wrong


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be put to a model."""

    asked: Prompt
    kept_under: str
    """Where its answer is kept if it is no summary."""


@dataclass(frozen=True, slots=True)
class SummaryContext:
    """What writing summaries takes."""

    client: Callable[[], Anthropic]
    """Gives the client; called only when something is not in the cache."""
    model: str
    fallback_model: str | None
    effort: Effort | None
    language: str
    budget: Budget
    cache: Cache
    moment: Moment
    offline: bool = False
    run: str = ""
    """Names this run among those that kept an answer."""
    asks_anew: bool = False
    """Whether what other runs were answered in vain is forgotten."""
    server: Server = field(default_factory=Server)

    def estimate(self, papers: Iterable[Paper], *, with_text: bool, in_batch: bool = False) -> Usage:
        """What summaries of these papers usually take, before anything is paid. `with_text`: of their PDFs, too."""
        text = "-" * LONGEST_TEXT if with_text else None
        asked = (prompt(paper, self.language, text) for paper in papers)
        return sum((typical(one, self.model, in_batch=in_batch) for one in asked), Usage())


def summarise(paper: Paper, text: str | None, summary_context: SummaryContext, *, by_fallback: bool = True) -> Summary:
    """A summary that passed its checks, out of the cache or paid for.

    `text`: the paper's own text where the owner wants it used. An answer that fails its checks is asked for once more,
    with the checks named; then the fallback model is asked, if there is one. What was answered in vain is kept, and not
    paid for again. `by_fallback`: whether the fallback model is asked about a paper whose answers failed their checks.

    Raises NoSummary, OverBudget, and Failure in its kinds where key, account, network or the first model are unusable.
    """
    asked = prompt(paper, summary_context.language, text)
    models = _models(summary_context)
    known = {model: _known(paper, asked, model, summary_context) for model in models}
    for summary in known.values():
        if isinstance(summary, Summary):
            return summary
    if summary_context.offline:
        raise NoSummary("unreachable", "not in the cache, and --offline asks nobody")
    failure: NoSummary | None = None
    for model in models:
        if failure is not None and failure.trouble == "checks" and not by_fallback:
            raise Unsettled(failure) if isinstance(known[model], Question) else failure
        try:
            return _settled(paper, known[model], asked, model, summary_context)
        except NoSummary as error:
            if error.is_outage:
                raise
            failure = failure or error
        except SetupError as error:
            # Without its fallback it is still only this paper that has no summary.
            if failure is None or error.trouble != "model":
                raise
            failure = NoSummary(failure.trouble, f"{failure}; and {model_name(model)} has no fallback model `{model}`")
    raise failure or AssertionError("a model is always tried")


def answered_in_vain(paper: Paper, summary_context: SummaryContext) -> NoSummary | None:
    """Why `summarise` would give no summary of a paper's abstract, by the answers that are kept; None where it may.

    Unsettled where the fallback model was not asked.
    """
    asked = prompt(paper, summary_context.language)
    first, *others = (_known(paper, asked, model, summary_context) for model in _models(summary_context))
    if not isinstance(first, NoSummary) or any(isinstance(one, Summary) for one in others):
        return None
    if all(isinstance(one, NoSummary) for one in others):
        return first
    return Unsettled(first) if first.trouble == "checks" else None


def is_answered(key: str, summary_context: SummaryContext) -> bool:
    """Whether this question need not be put to Claude as it stands: there is a summary, or a failed answer."""
    return summary_context.cache.get("summary", key) is not None or _kept_answer(key, summary_context) is not None


def keep_answer(
    message: Any, source: str, model: str, key: str, took: Usage, summary_context: SummaryContext
) -> Summary:
    """The summary in an answer, checked and from now on in the cache. Raises NoSummary."""
    text = claude.read(message)
    if wrong := _wrong_with(text, source, summary_context):
        raise Rejected(text, wrong)
    _keep(text, model, key, took, summary_context)
    return Summary(text, "claude", model, took)


def next_question(paper: Paper, asked: Prompt, summary_context: SummaryContext) -> tuple[Prompt, str] | None:
    """What `summarise` would put to Claude first, and to which model; None where it would pay for nothing."""
    known = {model: _known(paper, asked, model, summary_context) for model in _models(summary_context)}
    if any(isinstance(one, Summary) for one in known.values()):
        return None
    return next(((one.asked, model) for model, one in known.items() if isinstance(one, Question)), None)


def keep_failure(failure: NoSummary, key: str, summary_context: SummaryContext) -> None:
    """So that what was answered in vain is neither asked nor paid for again.

    An answer is kept as it is, and judged by the checks whenever it is looked at: other checks may let it pass, or ask for
    another repair.
    """
    answer = failure.answer if isinstance(failure, Rejected) else None
    stored = {"trouble": failure.trouble, "detail": str(failure), "answer": answer}
    body = json.dumps(stored, ensure_ascii=False).encode()
    summary_context.cache.put("answer", key, body, summary_context.moment.now, {"run": summary_context.run})


def typical(asked: Prompt, model: str, *, in_batch: bool = False) -> Usage:
    """What one call usually takes."""
    return usage(model, asked.most_tokens // 2, USUAL_OUTPUT, in_batch=in_batch)


def worst_case(asked: Prompt, model: str, *, in_batch: bool = False) -> Usage:
    """What one call can take at the most."""
    return usage(model, asked.most_tokens, claude.MAX_TOKENS, in_batch=in_batch)


def key_of(paper: Paper, asked: Prompt, model: str, summary_context: SummaryContext) -> str:
    """Under which a summary is kept: changes with whatever would make another one."""
    return "\n".join((paper.arxiv_id, model, summary_context.effort or "", summary_context.language, asked.version))


def _settled(
    paper: Paper, known: Summary | NoSummary | Question, asked: Prompt, model: str, summary_context: SummaryContext
) -> Summary:
    """What one model gives, with one repair. Raises NoSummary, also for what is known already."""
    if isinstance(known, Summary):
        return known
    if isinstance(known, NoSummary):
        raise known
    key = key_of(paper, asked, model, summary_context)
    with asking(model, summary_context.server):
        try:
            return _written(known, model, summary_context, key)
        except Rejected as first:
            if known.asked.repair is not None:
                raise
            return _written(_repair_of(first, asked, key), model, summary_context, key)


def _known(paper: Paper, asked: Prompt, model: str, summary_context: SummaryContext) -> Summary | NoSummary | Question:
    """What the cache has of a paper by this model: its summary, or why there is none; else what is to be asked next."""
    if (summary := _remembered(paper, asked, model, summary_context)) is not None:
        return summary
    key = key_of(paper, asked, model, summary_context)
    question = Question(asked, key)
    first = _failed_answer(question, asked.source, summary_context)
    if isinstance(first, Rejected) and first.wrong:
        question = _repair_of(first, asked, key)
        first = _failed_answer(question, asked.source, summary_context)
    if isinstance(first, Rejected) and not first.wrong:
        _keep(first.answer, model, key, Usage(), summary_context)
        return Summary(first.answer, "claude", model, Usage(), cached=True)
    return first or question


def _written(question: Question, model: str, summary_context: SummaryContext, key: str) -> Summary:
    """The answer's summary, kept under `key`; an answer that is none, or a refusal, is kept under the question's."""
    client = summary_context.client()  # whose import shall not count as Claude's time
    try:
        message, counted = answered(
            partial(_paid, question.asked, model, summary_context, client), model, summary_context.server
        )
    except NoSummary as failure:
        # A filter refuses the same text tomorrow, too. Any other error may pass without a change of the question.
        if failure.trouble == "refused":
            keep_failure(failure, question.kept_under, summary_context)
        raise
    try:
        return keep_answer(message, question.asked.source, model, key, counted, summary_context)
    except NoSummary as failure:
        keep_failure(failure, question.kept_under, summary_context)
        raise


def _keep(text: str, model: str, key: str, took: Usage, summary_context: SummaryContext) -> None:
    stored = {"text": text, "model": model, "input": took.input_tokens, "output": took.output_tokens}
    summary_context.cache.put(
        "summary", key, json.dumps(stored, ensure_ascii=False).encode(), summary_context.moment.now, {}
    )


def _models(summary_context: SummaryContext) -> list[str]:
    return [summary_context.model] + (
        [summary_context.fallback_model] if summary_context.fallback_model not in (None, summary_context.model) else []
    )


def _repair_of(first: Rejected, asked: Prompt, key: str) -> Question:
    """Its key changes with what was wrong, too: other checks ask for another repair."""
    again = repaired(asked, first.answer, first.wrong)
    return Question(again, "\n".join((key, *(again.repair or ()))))


def _kept_answer(key: str, summary_context: SummaryContext) -> Stored | None:
    stored = summary_context.cache.get("answer", key)
    return (
        None
        if stored is not None and summary_context.asks_anew and stored.meta.get("run") != summary_context.run
        else stored
    )


def _failed_answer(question: Question, source: str, summary_context: SummaryContext) -> NoSummary | None:
    """Why the kept answer to a question is no summary, by the checks of today: nothing is wrong where they let it pass."""
    stored = _kept_answer(question.kept_under, summary_context)
    match stored and stored.as_json():
        case {"answer": str(answer)}:
            return Rejected(answer, _wrong_with(answer, source, summary_context))
        case {"answer": None, "trouble": trouble, "detail": str(detail)} if trouble in get_args(Trouble):
            return NoSummary(trouble, detail)
    return None


def _paid(
    asked: Prompt, model: str, summary_context: SummaryContext, client: Anthropic, time_s: float
) -> tuple[Any, Usage]:
    """One call and what it took; its worst case is held back, and stays so where nobody says what it took."""
    worst = worst_case(asked, model)
    with summary_context.budget.reserve(worst) as took:
        try:
            message = claude.ask(asked, model, summary_context.effort, client, summary_context.server, time_s=time_s)
        except NoSummary as failure:
            if failure.trouble in ("timeout", "broken"):
                summary_context.budget.hold(worst)
            raise
        counted = claude.counted(message, model)
        if not counted.input_tokens:
            summary_context.budget.hold(worst)
        took.append(counted)
    return message, counted


def _remembered(paper: Paper, asked: Prompt, model: str, summary_context: SummaryContext) -> Summary | None:
    stored = summary_context.cache.get("summary", key_of(paper, asked, model, summary_context))
    match stored and stored.as_json():
        case {"text": str(text)} if not _wrong_with(text, asked.source, summary_context):
            return Summary(text, "claude", model, Usage(), cached=True)
    return None


def _wrong_with(text: str, source: str, summary_context: SummaryContext) -> tuple[FailedCheck, ...]:
    return check(text, summary_context.language, source, instructions(summary_context.language))

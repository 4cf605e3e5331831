"""Who writes the summaries, and at what price."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.records import Entry, Usage
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.prices import AS_OF, assumed_price, unknown_price
from hugo_llmpapers.summaries.prompt import prompt
from hugo_llmpapers.summaries.summarize import typical_usage, worst_case_usage


def writer(blog: Blog, *, by_claude: bool) -> Finding:
    """Return whether summaries are Claude's or excerpts, and why."""
    if blog.settings.summarizer != "auto":
        return Finding("summaries", "writer", blog.settings.summarizer, blog.origins["summarizer"])
    if by_claude:
        return Finding("summaries", "writer", "claude", "credentials are set")
    return Finding("summaries", "writer", "excerpt", "no key is set: posts contain excerpts, marked as such")


def models(blog: Blog, entries: Sequence[Entry], connect: Callable[[], Any]) -> Iterator[Finding]:
    """Yield the models with their end of life, and the price of a post. `connect` returns the SDK's client; no request is
    sent. Raises SetupError if the SDK finds no credentials. Imports the SDK."""
    for setting, model in (("model", blog.settings.model), ("fallbackModel", blog.settings.fallback_model)):
        if model is not None:
            yield _model(setting, model, blog)
    if assumed_price(blog.settings.model) is not None:
        yield _price(blog, entries)
    connect()


def _model(setting: str, model: str, blog: Blog) -> Finding:
    from hugo_llmpapers.summaries.client import end_of_life  # imports the SDK

    origin = blog.origins[setting]
    if (end := end_of_life(model)) is not None:
        has_ended = (day := _day(end)) is not None and day <= blog.now.date()
        problem = f"The model {model} {'reached' if has_ended else 'reaches'} its end of life on {end}."
        remedy, stops = f"Choose another in the setting `{setting}`.", 3 if has_ended and setting == "model" else 0
        return Finding("summaries", setting, model, origin, problem, remedy, stops)
    if (unknown := unknown_price(model)) is not None:
        remedy = "Check the model's name, update hugo-llmpapers, or set a spending limit at the provider."
        return Finding("summaries", setting, model, origin, f"{model}: {unknown}.", remedy)
    return Finding("summaries", setting, model, origin)


def _price(blog: Blog, entries: Sequence[Entry]) -> Finding:
    settings = blog.settings
    prompts = [prompt(entry.candidate.paper, blog.language) for entry in entries]
    usual = sum((typical_usage(one, settings.model) for one in prompts), Usage()).usd or 0.0
    worst_call = max(worst_case_usage(one, settings.model).usd or 0.0 for one in prompts)
    amount = f"about ${usual / len(prompts) * settings.count:.3f}"
    why = f"for {settings.count} papers, at most ${settings.max_cost:.2f} (prices of {AS_OF})"
    if worst_call <= settings.max_cost:
        return Finding("summaries", "price", amount, why)
    problem = f"maxCost is ${settings.max_cost:.3f}, and one call can cost ${worst_call:.3f}: nothing would be written."
    return Finding("summaries", "price", amount, why, problem, f"Raise maxCost above ${worst_call:.3f}.", stops=3)


def _day(text: str) -> date | None:
    """Return the date of `November 30th, 2026`, as the SDK writes it; None for any other format."""
    try:
        return datetime.strptime(re.sub(r"(?<=\d)(st|nd|rd|th),", ",", text), "%B %d, %Y").date()  # noqa: DTZ007
    except ValueError:
        return None

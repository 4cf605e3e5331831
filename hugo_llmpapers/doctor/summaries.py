"""Who writes the summaries, with which key, for how much."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from hugo_llmpapers.doctor import Finding, failed
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.records import Entry, Usage
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries import client
from hugo_llmpapers.summaries.prices import AS_OF, assumed_price, unknown_price
from hugo_llmpapers.summaries.prompt import prompt
from hugo_llmpapers.summaries.summarize import typical, worst_case

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
          "December")  # fmt: skip
_OPTIONAL = {
    "ANTHROPIC_API_KEY": "for summaries by Claude",
    "S2_API_KEY": "optional: Semantic Scholar without a share in the public pool",
    "HF_TOKEN": "optional: Hugging Face with limits of your own",
}

Keys = Mapping[str, bool | SetupError]
"""By variable: whether it is set; the failure where what it holds cannot be a key. Never the key."""


def keys(found: Keys, hosts: Mapping[str, str], kept_back: Mapping[str, tuple[str, str]]) -> Iterator[Finding]:
    """Which keys there are, and who gets them.

    `hosts`: by variable where its key goes. `kept_back`: why one goes nowhere, and what to do about it.
    """
    for name, state in found.items():
        if isinstance(state, SetupError):
            yield failed("summaries", name, state, "set")
        elif state and name in kept_back:
            why, remedy = kept_back[name]
            yield Finding("summaries", name, "set", "goes to nobody", f"{name} is not sent: {why}.", remedy)
        elif state:
            yield Finding("summaries", name, "set", f"goes to {hosts[name]}" if name in hosts else "")
        elif name in _OPTIONAL:
            yield Finding("summaries", name, "not set", _OPTIONAL[name])


def writer(blog: Blog, *, by_claude: bool) -> Finding:
    """Whether the texts are Claude's or excerpts, and why."""
    if blog.settings.summarizer != "auto":
        return Finding("summaries", "writer", blog.settings.summarizer, blog.origins["summarizer"])
    if by_claude:
        return Finding("summaries", "writer", "claude", "as there are credentials")
    return Finding("summaries", "writer", "excerpt", "as there is no key: texts in their original language, marked so")


def models(blog: Blog, entries: Sequence[Entry], connect: Callable[[], Any]) -> Iterator[Finding]:
    """The models with their end and their price. `connect` makes the SDK's client, which asks nobody.

    Raises SetupError where there are no credentials that the SDK can use. Imports the SDK.
    """
    for setting, model in (("model", blog.settings.model), ("fallbackModel", blog.settings.fallback_model)):
        if model is not None:
            yield _model(setting, model, blog)
    yield from _price(blog, entries)
    connect()


def _model(setting: str, model: str, blog: Blog) -> Finding:
    where, remedy = blog.origins[setting], f"Choose another in the setting `{setting}`."
    if (end := client.end_of_life(model)) is not None:
        over = (day := _day(end)) is not None and day <= blog.moment.now.date()
        problem = f"The model {model} {'reached' if over else 'reaches'} its end of life on {end}."
        return Finding(
            "summaries", setting, model, where, problem, remedy, stops=3 if over and setting == "model" else 0
        )
    if (unknown := unknown_price(model)) is not None:
        problem, remedy = f"{model}: {unknown}.", "Update this tool, or watch the bill yourself."
        return Finding("summaries", setting, model, where, problem, remedy)
    return Finding("summaries", setting, model, where)


def _price(blog: Blog, entries: Sequence[Entry]) -> Iterator[Finding]:
    model, most = blog.settings.model, blog.settings.max_cost
    if assumed_price(model) is None or not entries:
        return
    asked = [prompt(entry.candidate.paper, blog.language) for entry in entries]
    usual = sum((typical(one, model) for one in asked), Usage()).usd or 0.0
    worst = max(worst_case(one, model).usd or 0.0 for one in asked)
    amount = f"about ${usual / len(asked) * blog.settings.count:.3f}"
    why = f"for {blog.settings.count} papers, at most ${most:.2f} (prices of {AS_OF})"
    problem = f"maxCost is ${most:.3f}, and one call can cost ${worst:.3f}: nothing would be written."
    if worst <= most:
        yield Finding("summaries", "price", amount, why)
    else:
        yield Finding("summaries", "price", amount, why, problem, f"Raise maxCost above ${worst:.3f}.", stops=3)


def _day(told: str) -> date | None:
    """The day of `November 30th, 2026`; None where it is told in another way."""
    found = re.fullmatch(r"(\w+) (\d+)\w\w, (\d{4})", told)
    if found is None or found[1] not in MONTHS:
        return None
    return date(int(found[3]), MONTHS.index(found[1]) + 1, int(found[2]))

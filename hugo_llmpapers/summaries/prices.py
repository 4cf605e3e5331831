"""What a model call costs, and a purse that is never overdrawn.

Prices in USD per million tokens as published on 2026-11-20: https://platform.claude.com/docs/en/about-claude/pricing
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hugo_llmpapers.records import Usage
from hugo_llmpapers.summaries.model_names import is_claude

AS_OF = "2026-11-20"


@dataclass(frozen=True, slots=True)
class Price:
    """USD per million tokens."""

    input: float
    output: float


PRICES = {
    "claude-haiku-5-5": Price(0.10, 0.50),
    "claude-sonnet-5-5": Price(2, 10),
    "claude-sonnet-5": Price(2, 10),
    "claude-opus-5-5": Price(4, 20),
    "claude-haiku-4-5": Price(1, 5),
    "claude-fable-5-1": Price(10, 50),
}
"""For prompts up to 100,000 tokens, which ours never reach."""
DEAREST = Price(max(price.input for price in PRICES.values()), max(price.output for price in PRICES.values()))
"""What a model of Claude's counts as that is not in PRICES, so that `maxCost` holds for it, too."""
_DATED = re.compile(r"-20\d{6}$")
"""End of the name of a snapshot, which costs what its model does."""
BATCH_SHARE = 0.5
"""What a call in a batch costs of this: https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing"""


def known_price(model: str) -> Price | None:
    """As published; None where this tool does not know it."""
    return PRICES.get(_DATED.sub("", model))


def assumed_price(model: str) -> Price | None:
    """As published, for another model of Claude's DEAREST; None for a model of somebody else's."""
    return known_price(model) or (DEAREST if is_claude(model) else None)


def unknown_price(model: str) -> str | None:
    """What it means for `maxCost` that the price of a model is not known; None where it is known."""
    if known_price(model) is not None:
        return None
    if assumed_price(model) is None:
        return "its price is not known: maxCost holds nothing back"
    counts_as = f"${DEAREST.input:g} and ${DEAREST.output:g} for a million tokens in and out"
    return f"its price is not known: it counts as the dearest that is, {counts_as}"


def usage(model: str, input_tokens: int, output_tokens: int, *, in_batch: bool = False) -> Usage:
    """Tokens with their price; `usd` is None for a model without an assumed price."""
    price, share = assumed_price(model), BATCH_SHARE if in_batch else 1.0
    usd = None if price is None else share * (input_tokens * price.input + output_tokens * price.output) / 1e6
    return Usage(input_tokens, output_tokens, usd)


def format_usage(amount: Usage) -> str:
    """Tokens and USD for a person."""
    price = f"${amount.usd:.4f} (prices of {AS_OF})" if amount.usd is not None else "price not known"
    perhaps = f", and up to ${amount.perhaps_usd:.3f} for calls without a whole answer" if amount.perhaps_usd else ""
    return f"{amount.input_tokens} tokens in, {amount.output_tokens} out, {price}{perhaps}"


class OverBudget(Exception):
    """The next call could cost more than is left."""

    def __init__(self, worst_usd: float, left_usd: float) -> None:
        super().__init__(f"the next call could cost ${worst_usd:.3f} and ${max(0.0, left_usd):.3f} is left")


class Budget:
    """The money of one post. Every call reserves its worst case first, so calls in parallel cannot overspend together."""

    def __init__(self, most_usd: float) -> None:
        self._left = most_usd
        self._perhaps = 0.0
        self._lock = threading.Lock()
        self._spent = Usage()

    @property
    def spent(self) -> Usage:
        """All calls so far; what is still under way, or broke off, is told as perhaps spent."""
        with self._lock:
            return replace(self._spent, perhaps_usd=round(self._perhaps, 6))

    def hold(self, worst: Usage) -> None:
        """What a call that broke off could cost is not spent on others: it may be billed, and nobody will say so."""
        with self._lock:
            self._left -= worst.usd or 0.0
            self._perhaps += worst.usd or 0.0

    @contextmanager
    def reserve(self, worst: Usage) -> Iterator[list[Usage]]:
        """Holds the worst case back while a call is under way; what it really took is appended to the list that is given.

        A call that appends nothing is taken as free. Raises OverBudget before anything is spent. An unknown price holds
        nothing back.
        """
        worst_usd = worst.usd or 0.0
        with self._lock:
            if worst_usd > self._left:
                raise OverBudget(worst_usd, self._left)
            self._left -= worst_usd
            self._perhaps += worst_usd
        took: list[Usage] = []
        try:
            yield took
        finally:
            real = sum(took, Usage())
            with self._lock:
                self._left += worst_usd - (real.usd or 0.0)
                self._perhaps -= worst_usd
                self._spent += real

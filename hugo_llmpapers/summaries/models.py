"""Models: what their names say about the server behind them, what their calls cost, and the spending cap of a post.

Prices in USD per million tokens as published on 2026-11-20: https://platform.claude.com/docs/en/about-claude/pricing. Does
not import the SDK.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass, replace

from hugo_llmpapers.records import Usage

AS_OF = "2026-11-20"
NO_KEY = "none"
"""Sent as the API key to a server that needs none: the SDK refuses to send requests without one."""


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
"""The price of a Claude model that is not in PRICES, so that `maxCost` limits it, too."""
_DATED = re.compile(r"-20\d{6}$")
"""The end of a snapshot's name; it costs what its model does."""
BATCH_SHARE = 0.5
"""A call in a batch costs this share: https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing"""


def is_claude(model: str) -> bool:
    """Return whether a model is Claude by its name, also as proxies spell it; other models run on the user's own server."""
    return "claude" in model.lower()


def author_name(model: str) -> str:
    """Return the author of a model's summaries, for messages."""
    return "Claude" if not model or is_claude(model) else model


def server_name(model: str) -> str:
    """Return the server of a model, for messages."""
    author = author_name(model)
    return author if author == "Claude" else f"The server of {author}"


def assumed_price(model: str) -> Price | None:
    """Return the published price, or DEAREST for an unknown model of Claude; None for other models."""
    return PRICES.get(_DATED.sub("", model)) or (DEAREST if is_claude(model) else None)


def unknown_price(model: str) -> str | None:
    """Return what an unknown price means for `maxCost`; None if the price is known."""
    price = assumed_price(model)
    if price is None:
        return "its price is not known, so maxCost does not limit it"
    if price is not DEAREST:
        return None
    assumed = f"${price.input:g} and ${price.output:g} for a million tokens in and out"
    return f"its price is not known; the highest known price is assumed, {assumed}"


def usage(model: str, input_tokens: int, output_tokens: int, *, in_batch: bool = False) -> Usage:
    """Return tokens with their price; `usd` is None for a model without an assumed price."""
    price, share = assumed_price(model), BATCH_SHARE if in_batch else 1.0
    usd = None if price is None else share * (input_tokens * price.input + output_tokens * price.output) / 1e6
    return Usage(input_tokens, output_tokens, usd)


def format_usage(amount: Usage) -> str:
    """Return tokens and USD for a message."""
    price = f"${amount.usd:.4f} (prices of {AS_OF})" if amount.usd is not None else "price not known"
    possible = (
        f", and up to ${amount.perhaps_usd:.3f} for calls without a complete answer" if amount.perhaps_usd else ""
    )
    return f"{amount.input_tokens} tokens in, {amount.output_tokens} out, {price}{possible}"


class OverBudget(Exception):
    """The next call could cost more than is left."""

    def __init__(self, worst_usd: float, left_usd: float) -> None:
        super().__init__(f"the next call could cost ${worst_usd:.3f} and ${max(0.0, left_usd):.3f} is left")


class Budget:
    """The money of one post. Each call reserves its worst case first, so parallel calls cannot overspend together."""

    def __init__(self, max_usd: float) -> None:
        self._left = max_usd
        self._possible = 0.0
        self._lock = threading.Lock()
        self._spent = Usage()

    @property
    def spent(self) -> Usage:
        """All calls so far. Calls in progress, and those whose usage is not known, count as possibly spent."""
        with self._lock:
            return replace(self._spent, perhaps_usd=round(self._possible, 6))

    def reserve(self, worst: Usage) -> None:
        """Reserve the worst case of a call; an unknown price reserves nothing. Raises OverBudget."""
        worst_usd = worst.usd or 0.0
        with self._lock:
            if worst_usd > self._left:
                raise OverBudget(worst_usd, self._left)
            self._left -= worst_usd
            self._possible += worst_usd

    def settle(self, worst: Usage, used: Usage, *, is_complete: bool) -> None:
        """Book what a call used, and release its reserve if that is complete: else it may be billed for up to `worst`."""
        released_usd = worst.usd or 0.0 if is_complete else 0.0
        with self._lock:
            self._left += released_usd - (used.usd or 0.0)
            self._possible -= released_usd
            self._spent += used

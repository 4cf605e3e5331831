"""What a model call costs.

Prices in USD per million tokens as published on 2026-11-20: https://platform.claude.com/docs/en/about-claude/pricing
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hugo_llmpapers.records import Usage
from hugo_llmpapers.summaries.models import is_claude

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
"""The price of a Claude model that is not in PRICES, so that `maxCost` limits it, too."""
_DATED = re.compile(r"-20\d{6}$")
"""The end of a snapshot's name; it costs what its model does."""
BATCH_SHARE = 0.5
"""A call in a batch costs this share: https://platform.claude.com/docs/en/build-with-claude/batch-processing#pricing"""


def assumed_price(model: str) -> Price | None:
    """Return the published price, or DEAREST for an unknown model of Claude; None for other models."""
    return PRICES.get(_DATED.sub("", model)) or (DEAREST if is_claude(model) else None)


def unknown_price(model: str) -> str | None:
    """Return what an unknown price means for `maxCost`; None if the price is known."""
    price = assumed_price(model)
    if price is None:
        return "price unknown, so maxCost does not apply"
    if price is not DEAREST:
        return None
    assumed = f"${price.input:g} and ${price.output:g} for a million tokens in and out"
    return f"price unknown; the highest known price is assumed, {assumed}"


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

"""What the value of a setting may be: checks that give the value in its own type, or raise Wrong.

From the environment Hugo hands on strings, so that each takes its value as one, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], Any]


class Wrong(ValueError):
    """Says what is allowed."""


def whole(least: int, most: int) -> Check:
    """A whole number in these bounds."""

    def check(value: Any) -> int:
        wrong = Wrong(f"a whole number from {least} to {most}")
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise wrong
        return value

    return check


def usd(value: Any) -> float:
    """An amount in USD."""
    wrong = Wrong("an amount in USD above 0, such as 0.50")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        raise wrong from None
    if not 0 < amount < 1000:
        raise wrong
    return amount


def boolean(value: Any) -> bool:
    """True or false."""
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise Wrong("true or false")
    return value


def one_of(*allowed: str) -> Check:
    """One of these words."""

    def check(value: Any) -> str:
        if value not in allowed:
            raise Wrong(" or ".join(f'"{x}"' for x in allowed))
        return str(value)

    return check


def matching(pattern: str, allowed: str) -> Check:
    """A text that matches as a whole; `allowed` says so in words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value.strip()):
            raise Wrong(allowed)
        return value.strip()

    return check


def optional(check: Check) -> Check:
    """None where it is empty, else as `check` says."""
    return lambda value: None if value in ("", None) else check(value)


def words(value: Any) -> tuple[str, ...]:
    """A list; from the environment, where Hugo hands on strings, one separated by commas."""
    if isinstance(value, str):
        value = [part for part in value.strip(" []").split(",") if part.strip()]
    if not isinstance(value, list | tuple) or not all(isinstance(x, str) for x in value):
        raise Wrong('a list of words, such as ["a", "b"]')
    return tuple(dict.fromkeys(x.strip(" \"'") for x in value))


def some_of(*allowed: str) -> Check:
    """One or more of these words."""

    def check(value: Any) -> tuple[str, ...]:
        chosen = words(value)
        if not chosen or set(chosen) - set(allowed):
            raise Wrong(f"a list of {', '.join(allowed)}")
        return chosen

    return check

"""Checks for the values of settings: each returns the value in its own type, or raises InvalidValue.

Hugo passes on strings from the environment, so each accepts its value as a string, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Check = Callable[[Any], Any]


class InvalidValue(ValueError):
    """`str()` says what is allowed."""


def integer(least: int, most: int) -> Check:
    """Accept a whole number in these bounds."""

    def check(value: Any) -> int:
        if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value.strip()):
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise InvalidValue(f"a whole number from {least} to {most}")
        return value

    return check


def usd(value: Any) -> float:
    """Accept an amount in USD."""
    try:
        amount = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        amount = 0.0
    if not 0 < amount < 1000:
        raise InvalidValue("an amount in USD above 0, such as 0.50")
    return amount


def boolean(value: Any) -> bool:
    """Accept true or false."""
    found = {"true": True, "false": False}.get(str(value).lower())
    if found is None:
        raise InvalidValue("true or false")
    return found


def matching(pattern: str, allowed: str) -> Check:
    """Accept a text that the pattern matches completely; `allowed` says so in words."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(pattern, value.strip()):
            raise InvalidValue(allowed)
        return value.strip()

    return check


def one_of(*allowed: str) -> Check:
    """Accept one of these words."""
    *others, last = (f'"{word}"' for word in allowed)
    return matching("|".join(allowed), f"{', '.join(others)} or {last}")


def optional(check: Check) -> Check:
    """Accept an empty value as None, else what `check` accepts."""

    def checked(value: Any) -> Any:
        try:
            return None if value in ("", None) else check(value)
        except InvalidValue as allowed:
            raise InvalidValue(f'{allowed}, or "" for none') from None

    return checked


def list_matching(pattern: str, allowed: str, *, at_least_one: bool = False) -> Check:
    """Accept a list of texts that the pattern matches completely; as one string, they are separated by commas."""

    def check(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [part for part in value.strip(" []").split(",") if part.strip()]
        if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
            raise InvalidValue(allowed)
        words = tuple(dict.fromkeys(word.strip(" \"'") for word in value))
        if not all(re.fullmatch(pattern, word) for word in words):
            raise InvalidValue(allowed)
        if at_least_one and not words:
            raise InvalidValue(f"{allowed}, with at least one entry")
        return words

    return check


def list_of(*allowed: str) -> Check:
    """Accept a list of one or more of these words."""
    return list_matching("|".join(allowed), f"a list of {', '.join(allowed)}", at_least_one=True)

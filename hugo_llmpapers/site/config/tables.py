"""Tables of a site's configuration, in files and in environment variables. Hugo ignores the case of their keys.

The character after HUGO separates names: https://gohugo.io/configuration/introduction/#environment-variables
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

TABLE = ("params", "llmpapers")
_MAX_CHARS = 300_000
"""tomllib takes some seconds for this many."""
_DEEPEST_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){100}", re.ASCII)
"""The time that tomllib takes for a dotted key grows with the square of its parts, and it has no limit."""


def parse_toml(text: str) -> dict[str, Any]:
    """Return the document. Raises ValueError if it is invalid, too long or nested too deep."""
    if len(text) > _MAX_CHARS:
        raise ValueError(f"it is longer than {_MAX_CHARS} characters")
    if _DEEPEST_KEY.search(text):
        raise ValueError("it is nested too deep")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def entry(table: Any, name: str) -> Any:
    """Return the value of a key, given in lower case; None if there is none, or `table` is not a table."""
    entries = table.items() if isinstance(table, Mapping) else ()
    return next((value for key, value in entries if str(key).lower() == name), None)


def key_of(variable: str) -> tuple[str, ...]:
    """Return the key that a variable of this name sets, in lower case: `params`, `llmpapers`, `count`; empty if none."""
    if not variable.startswith("HUGO") or len(variable) < 6:
        return ()
    return tuple(part.lower() for part in variable[5:].split(variable[4]))


def variable_of(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the variable that sets `params.llmpapers.NAME`, or an entry of that; None if there is none.

    `name`: with dots, such as `endpoints.huggingface`.
    """
    key = (*TABLE, *name.lower().split("."))
    return next((variable for variable in environ if key_of(variable)[: len(key)] == key), None)


def values_in_environment(name: str, environ: Mapping[str, str]) -> Iterator[str]:
    """Yield the strings that variables set `params.llmpapers.NAME` to; also for a language, and in JSON for a table.

    `name`: with dots, such as `endpoints.huggingface`.
    """
    target = (*TABLE, *name.lower().split("."))
    for variable, text in environ.items():
        key = key_of(variable)
        if key[:1] == ("languages",) and len(key) > 2:
            key = key[2:]
        if key and key == target[: len(key)]:
            value: Any = text
            for part in target[len(key) :]:
                value = entry(_parsed(value), part)
            if isinstance(value, str):
                yield value


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None

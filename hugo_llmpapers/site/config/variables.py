"""Environment variables that set configuration keys, in all spellings that Hugo has.

The character after HUGO separates names: https://gohugo.io/configuration/introduction/#environment-variables
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hugo_llmpapers.site.config.tables import entry

TABLE = ("params", "llmpapers")


def key_of(variable: str) -> tuple[str, ...]:
    """Return the key that a variable of this name sets, in lower case: `params`, `llmpapers`, `count`; empty if none."""
    if not variable.startswith("HUGO") or len(variable) < 6:
        return ()
    return tuple(part.lower() for part in variable[5:].split(variable[4]))


def variable_of(name: str, environ: Mapping[str, str]) -> str | None:
    """Return the variable that sets `params.llmpapers.NAME`, or an entry of that; None if there is none."""
    key = (*TABLE, name.lower())
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

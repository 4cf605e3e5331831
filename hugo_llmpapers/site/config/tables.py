"""Tables of a site's configuration: TOML parsed in bounded time, and keys whose case Hugo ignores."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

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

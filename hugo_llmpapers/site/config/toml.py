"""TOML of the site, read in a time that its length bounds."""

from __future__ import annotations

import re
import tomllib
from typing import Any

_LONGEST = 300_000
"""Characters; tomllib takes some seconds for this many."""
_DEEPEST_KEY = re.compile(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+){100}", re.ASCII)
"""The time that tomllib takes for a dotted key grows with the square of its parts, and nothing limits them."""


def parsed(text: str) -> dict[str, Any]:
    """The document. Raises ValueError where it is none, too long or nested too deep."""
    if len(text) > _LONGEST:
        raise ValueError(f"it is longer than {_LONGEST} characters")
    if _DEEPEST_KEY.search(text):
        raise ValueError("it is nested too deep")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deep") from None

"""What programs that we start see of our environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

_SECRET = re.compile(
    r"ANTHROPIC_.*|CLAUDE_\w*(?:KEY|TOKEN)|S2_API_KEY|SEMANTIC_?SCHOLAR_\w*KEY|(?:HF|HUGGING_?FACE)_\w*TOKEN\w*"
    r"|HUGO_LLMPAPERS_\w*(?:KEY|TOKEN|SECRET)\w*",
    re.IGNORECASE,
)


def without_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables without the keys that are for us.

    A template or an archetype can read variables where the site allows it (`security.funcs.getenv`), and fetch any URL.
    """
    return {name: value for name, value in environ.items() if not _SECRET.fullmatch(name)}

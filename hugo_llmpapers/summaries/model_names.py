"""What the name of a model tells."""

from __future__ import annotations


def is_claude(model: str) -> bool:
    """By its name, under which proxies have it, too; any other model is one of a server of the owner's choice."""
    return "claude" in model.lower()

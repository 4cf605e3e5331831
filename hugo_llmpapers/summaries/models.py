"""What the name of a model says about the server behind it."""

from __future__ import annotations

NO_KEY = "none"
"""Sent as the API key to a server that needs none: the SDK refuses to send requests without one."""


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

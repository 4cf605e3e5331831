"""Limits of the worker processes, and their failures."""

from __future__ import annotations

from dataclasses import dataclass

MAX_HEIGHT_RATIO = 2.0
"""Maximum height of a picture, as a multiple of the maximum width."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits for one PDF."""

    seconds: float = 20.0
    memory_mb: int = 1500
    """Address space of a worker process, if the system can limit it."""
    pdf_mb: int = 300
    """Larger files are not read."""
    answer_mb: int = 100
    """Maximum size of an answer with all its pictures. Usual answers have a few MB."""
    open_files: int = 64
    pages: int = 20
    """Number of pages that are searched for figures."""
    paths: int = 20_000
    """Pages with more drawn paths are read coarsely."""
    pixels: int = 4_000_000
    """Maximum size of a picture."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why there is no figure or no text."""

    reason: str
    """One line for the user."""
    readable: bool = False
    """Whether the PDF was read and only has no figure with a caption."""


class WorkerError(Exception):
    """A worker process failed on a request; the message is one line for the user."""

    def __init__(self, reason: str, *, readable: bool = False, reusable: bool = False) -> None:
        super().__init__(reason)
        self.failed = Failed(reason, readable)
        self.reusable = reusable
        """Whether the process can serve the next request."""

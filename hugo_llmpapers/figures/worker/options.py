"""What is asked of the worker, what it may use, and what it says when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TALLEST = 2.0
"""Height of a picture as a multiple of the width that is wished for."""


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How a figure is wanted."""

    width_px: int = 1280
    """Width of the picture in pixels; less where the figure is small and more than 300 dpi would
    be needed.
    """
    fallback: Literal["none", "page"] = "none"
    """`page`: where no figure is found, the top of the first page."""


@dataclass(frozen=True, slots=True)
class ImageWords:
    """What is known of an image file that stands in for a figure out of the PDF."""

    label: str | None
    caption: str | None
    strategy: str
    reason: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one PDF may take."""

    seconds: float = 20.0
    memory_mb: int = 1500
    """Address space of a worker, where the system can limit it."""
    pdf_mb: int = 300
    """A larger file is not read."""
    answer_mb: int = 100
    """What a worker may answer, with all pictures; usually a few."""
    open_files: int = 64
    pages: int = 20
    """Figures are looked for on this many pages."""
    paths: int = 20_000
    """A page with more drawings is looked at coarsely."""
    pixels: int = 4_000_000
    """A picture has no more."""


@dataclass(frozen=True, slots=True)
class Failed:
    """There is no figure, or no text, and why."""

    reason: str
    """One line for the user."""
    readable: bool = False
    """Whether the PDF was read and just has no figure with a caption."""

"""Parses and checks the answers of a worker process.

A hostile PDF may have taken over the worker, so its answers are not trusted: numbers and texts are bounded, and
pictures must be complete PNG files. All functions raise WorkerError if the answer says that the request failed, and
ValueError if the answer is invalid.
"""

from __future__ import annotations

from base64 import b64decode
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hugo_llmpapers.figures.worker.options import MAX_HEIGHT_RATIO, WorkerError
from hugo_llmpapers.figures.worker.png_check import dimensions
from hugo_llmpapers.records import Figure

INVALID = "the PDF worker gave no valid answer"

_ROUNDING_PX = 3


def _png(encoded: object) -> bytes:
    png = b64decode(encoded, validate=True) if isinstance(encoded, str) else b""
    if dimensions(png) is None:
        raise ValueError("not a complete PNG file")
    return png


def _one_line(max_length: int) -> AfterValidator:
    return AfterValidator(lambda text: " ".join(text.split())[:max_length])


_Png = Annotated[bytes, BeforeValidator(_png)]
_Points = Annotated[float, Field(ge=-1_000_000, le=1_000_000, allow_inf_nan=False)]


class _Answer(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Failure(_Answer):
    failed: Annotated[str, _one_line(500)]
    readable: bool = False
    reusable: bool = True


class _Ready(_Answer):
    unlimited: tuple[Literal["memory", "files", "network", "processes"], ...]


class _Image(_Answer):
    png: _Png


class _Figure(_Image):
    width_px: int
    height_px: int
    page: Annotated[int, Field(ge=0, le=100_000)]
    bbox: tuple[_Points, _Points, _Points, _Points]
    label: Annotated[str, _one_line(100)] | None
    caption: Annotated[str, _one_line(50_000)] | None
    strategy: Literal["caption-below", "caption-above", "caption-right", "caption-left", "page"]
    reason: Annotated[str, _one_line(500)]
    confidence: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] | None


class _DebugPictures(_Answer):
    pictures: dict[Annotated[str, Field(pattern="^[a-z0-9-]+$")], _Png]


class _Text(_Answer):
    text: str


T = TypeVar("T", bound=_Answer)


def unlimited(line: bytes) -> tuple[str, ...]:
    """Return what the system cannot limit: some of memory, files, network and processes."""
    return _parsed(line, _Ready).unlimited


def figure(line: bytes, width_px: int) -> Figure:
    """Return the figure of a PDF, at most this wide."""
    answer = _parsed(line, _Figure)
    x0, y0, x1, y1 = answer.bbox
    if x0 > x1 or y0 > y1 or (answer.width_px, answer.height_px) != _size(answer.png, width_px):
        raise ValueError("inconsistent sizes")
    return Figure(**dict(answer))


def image(line: bytes, width_px: int) -> Figure:
    """Return an image file from arXiv's HTML version as a figure, without its label and caption."""
    png = _parsed(line, _Image).png
    return Figure(png, *_size(png, width_px), page=None, bbox=None, label=None, caption=None, strategy="html")


def debug_pictures(line: bytes) -> dict[str, bytes]:
    """Return PNG files by name; each name is safe as the name of a file."""
    return _parsed(line, _DebugPictures).pictures


def text(line: bytes) -> str:
    """Return the text of a PDF."""
    return _parsed(line, _Text).text


def _parsed(line: bytes, kind: type[T]) -> T:
    try:
        return kind.model_validate_json(line)
    except ValidationError:
        failure = _Failure.model_validate_json(line)
    raise WorkerError(failure.failed, readable=failure.readable, reusable=failure.reusable)


def _size(png: bytes, width_px: int) -> tuple[int, int]:
    """Return width and height in pixels. Raises ValueError if the picture is larger than allowed."""
    size = dimensions(png)
    if size is None or size[0] > width_px or size[1] > MAX_HEIGHT_RATIO * width_px + _ROUNDING_PX:
        raise ValueError("the picture is too large")
    return size

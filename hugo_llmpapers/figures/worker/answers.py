"""What a worker process answered, as a figure or a text. It is not trusted: a PDF may have taken the process over, so that
every number is bounded and every word is one that an honest worker can say."""

from __future__ import annotations

from math import isfinite
from typing import Any

from hugo_llmpapers.figures.worker.options import TALLEST, ImageWords, RenderOptions
from hugo_llmpapers.figures.worker.png_check import dimensions
from hugo_llmpapers.records import Figure

INVALID = "the PDF worker gave no valid answer"

_STRATEGIES = frozenset({"caption-below", "caption-above", "caption-right", "caption-left", "page"})
_MOST_POINTS = 1_000_000.0
"""No page is larger."""
_MOST_PAGES = 100_000
_MOST_LABEL, _MOST_REASON, _MOST_CAPTION = 100, 500, 50_000
"""Characters."""
_ROUNDING_PX = 3


def figure(answer: dict[str, Any], options: RenderOptions) -> Figure:
    """The figure out of a PDF. Raises ValueError, TypeError or KeyError where that is not what the answer holds."""
    fields = answer["figure"]
    sure = fields["confidence"]
    width, height = _size(answer, fields, options.width_px)
    return Figure(
        png=answer["pictures"]["figure"],
        page=_whole(fields["page"], 0, _MOST_PAGES),
        bbox=_bbox(fields["bbox"]),
        label=_optional(fields["label"], _MOST_LABEL),
        caption=_optional(fields["caption"], _MOST_CAPTION),
        strategy=_known(fields["strategy"]),
        reason=_words(fields["reason"], _MOST_REASON),
        confidence=None if sure is None else _number(sure, 0.0, 1.0),
        width_px=width,
        height_px=height,
    )


def image(answer: dict[str, Any], options: RenderOptions, words: ImageWords) -> Figure:
    """The figure that an image file gives, with words known beforehand. Raises as `figure` does."""
    width, height = _size(answer, answer["size"], options.width_px)
    return Figure(
        png=answer["pictures"]["figure"],
        page=None,
        bbox=None,
        label=words.label,
        caption=words.caption,
        strategy=words.strategy,
        reason=words.reason,
        width_px=width,
        height_px=height,
    )


def text(answer: dict[str, Any]) -> str:
    """The text of the first pages. Raises as `figure` does."""
    value = answer["text"]
    if not isinstance(value, str):
        raise TypeError("the text is no string")
    return value


def failure(answer: dict[str, Any]) -> str:
    """Why there is no figure, in one line. Raises as `figure` does."""
    return _words(answer["failed"], _MOST_REASON)


def _size(answer: dict[str, Any], told: dict[str, Any], width_px: int) -> tuple[int, int]:
    """Width and height of the picture: as told, as in the file, and no larger than wished."""
    width = _whole(told["width_px"], 1, width_px)
    height = _whole(told["height_px"], 1, int(TALLEST * width_px) + _ROUNDING_PX)
    if dimensions(answer["pictures"]["figure"]) != (width, height):
        raise ValueError("the picture has another size")
    return width, height


def _bbox(value: object) -> tuple[float, float, float, float]:
    if not isinstance(value, list):
        raise TypeError("the bounds are no list")
    x0, y0, x1, y1 = (_number(each, -_MOST_POINTS, _MOST_POINTS) for each in value)
    if x0 > x1 or y0 > y1:
        raise ValueError("the bounds are the wrong way round")
    return x0, y0, x1, y1


def _whole(value: object, least: int, most: int) -> int:
    if type(value) is not int or not least <= value <= most:
        raise ValueError("a number is out of range")
    return value


def _number(value: object, least: float, most: float) -> float:
    # Compared before it is converted: an integer may be too large for a float.
    if type(value) not in {int, float} or not least <= value <= most:  # type: ignore[operator]
        raise ValueError("a number is out of range")
    number = float(value)  # type: ignore[arg-type]
    if not isfinite(number):
        raise ValueError("a number is not finite")
    return number


def _known(value: object) -> str:
    if value not in _STRATEGIES:
        raise ValueError("an unknown strategy")
    return str(value)


def _optional(value: object, most: int) -> str | None:
    return None if value is None else _words(value, most)


def _words(value: object, most: int) -> str:
    """Words in one line, cut to `most` characters."""
    if not isinstance(value, str):
        raise TypeError("the words are no string")
    return " ".join(value.split())[:most]

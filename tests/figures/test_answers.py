"""What a worker says is believed within bounds only."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from hugo_llmpapers.figures.worker import answers
from hugo_llmpapers.figures.worker.options import ImageWords, RenderOptions


def _png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "PNG")
    return file.getvalue()


def _answer(width: int = 90, height: int = 60, **fields: object) -> dict[str, Any]:
    size = {"width_px": width, "height_px": height}
    words = {"label": "Figure 1", "caption": None, "strategy": "caption-below", "reason": "y", "confidence": 1}
    figure = {"page": 0, "bbox": [1, 2.5, 3, 4], **words, **size, **fields}
    return {"figure": figure, "size": {**size, **fields}, "pictures": {"figure": _png(width, height)}}


def test_within_bounds() -> None:
    """What the answers below differ from is a figure; words are in one line, whatever they were."""
    found = answers.figure(_answer(reason="a\nb\u2028c" + "d" * 900, caption="e\r\nf"), RenderOptions())
    assert (found.width_px, found.height_px, found.bbox, found.confidence) == (90, 60, (1.0, 2.5, 3.0, 4.0), 1.0)
    assert (found.caption, found.reason[:6], len(found.reason)) == ("e f", "a b cd", 500)
    image = answers.image(_answer(), RenderOptions(), ImageWords("Figure 1", None, "html", "y"))
    assert (image.width_px, image.height_px, image.strategy) == (90, 60, "html")
    assert answers.figure(_answer(90, 180), RenderOptions(width_px=90)).height_px == 180


OUT_OF_BOUNDS: dict[str, tuple[object, ...]] = {
    "page": ("x", float("inf"), -1, 10**400, True, None, 1.0),
    "bbox": (
        [1, 2, 3],
        [10**400, 0, 1, 1],
        [0, 0, float("nan"), 1],
        [3, 2, 1, 4],
        [0, 0, 1e300, 1],
        [0, 0, "1", 1],
        "1234",
        None,
    ),
    "width_px": (float("inf"), -5, 0, 91, 90.0, "90"),
    "height_px": (10**400, -60, 61, None),
    "confidence": (float("nan"), 2, -(10**400), "1"),
    "strategy": ("{{< x >}}", "html", "", None, []),
    "label": (1, []),
    "caption": (["a"],),
    "reason": (None,),
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in OUT_OF_BOUNDS.items() for value in values]
)
def test_a_field_out_of_bounds(name: str, value: object) -> None:
    """A number that is infinite, negative or of another type, and words that are none, are refused."""
    answer = _answer()
    answer["figure"][name] = value
    with pytest.raises((ValueError, TypeError)):
        answers.figure(answer, RenderOptions())


@pytest.mark.parametrize(("width", "height"), [(91, 60), (90, 190)])
def test_a_picture_larger_than_wished(width: int, height: int) -> None:
    """Neither wider than wished nor taller than a page may be."""
    for read in (
        answers.figure,
        lambda answer, options: answers.image(answer, options, ImageWords(None, None, "html", "")),
    ):
        with pytest.raises(ValueError, match="out of range"):
            read(_answer(width, height), RenderOptions(width_px=90))


@pytest.mark.parametrize("text", [7, None, ["a"]])
def test_a_text_that_is_none(text: object) -> None:
    """It is refused like a figure."""
    with pytest.raises(TypeError):
        answers.text({"text": text})

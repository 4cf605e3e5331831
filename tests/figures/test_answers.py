"""The answers of a worker are checked: a PDF may have taken over the process."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import partial
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from hugo_llmpapers.figures.worker import answers
from hugo_llmpapers.figures.worker.options import Failed, WorkerError

FIELDS = {
    "page": 0,
    "bbox": [1, 2.5, 3, 4],
    "label": "Figure 1",
    "caption": None,
    "strategy": "caption-below",
    "reason": "y",
    "confidence": 1,
    "width_px": 90,
    "height_px": 60,
}


def _png(width: int, height: int) -> bytes:
    file = BytesIO()
    Image.new("RGB", (width, height), "white").save(file, "PNG")
    return file.getvalue()


def _base64(png: bytes) -> str:
    return b64encode(png).decode("ascii")


PNG = _png(90, 60)


def _line(answer: object) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def _figure(width: int = 90, height: int = 60, **fields: Any) -> bytes:
    png = _base64(_png(width, height))
    return _line({**FIELDS, "width_px": width, "height_px": height, "png": png, **fields})


def test_within_bounds() -> None:
    """A valid answer is a figure; its texts become one line of limited length."""
    found = answers.figure(_figure(reason="a\nb\u2028c" + "d" * 900, caption="e\r\nf"), 1280)
    assert (found.width_px, found.height_px, found.bbox, found.confidence) == (90, 60, (1.0, 2.5, 3.0, 4.0), 1.0)
    assert (found.caption, found.reason[:6], len(found.reason)) == ("e f", "a b cd", 500)
    assert found.png == PNG
    assert answers.figure(_figure(90, 180), 90).height_px == 180


def test_image() -> None:
    """An image file is a figure without page and bounds."""
    image = answers.image(_line({"png": _base64(PNG)}), 1280)
    assert (image.png, image.width_px, image.height_px) == (PNG, 90, 60)
    assert (image.strategy, image.page, image.bbox) == ("html", None, None)


INVALID: dict[str, tuple[object, ...]] = {
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
    "strategy": ("{{< x >}}", "html", "\ud800", "", None, []),
    "label": (1, []),
    "caption": (["a"], "\ud800"),
    "reason": (None,),
    "png": (
        None,
        "",
        "!",
        _base64(b"<svg>"),
        _base64(PNG[:8]),
        _base64(PNG[:-1]),
        _base64(PNG + b"<script>"),
        "\n" + _base64(PNG),
    ),
    "other": ({"deep": ["\ud800"]}, 1),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in INVALID.items() for value in values])
def test_invalid_fields(name: str, value: Any) -> None:
    """Numbers that are infinite, out of range or of another type, and damaged pictures, are refused."""
    with pytest.raises(ValueError, match=r"validation error|inconsistent"):
        answers.figure(_figure(**{name: value}), 1280)


@pytest.mark.parametrize("number", [b"1e400", b"9" * 5000])
def test_numbers_that_json_allows(number: bytes) -> None:
    """A number too large for its type is refused."""
    with pytest.raises(ValueError, match="validation error"):
        answers.figure(_figure(page="@").replace(b'"@"', number), 1280)


@pytest.mark.parametrize(("width", "height"), [(91, 60), (90, 190)])
def test_a_picture_that_is_too_large(width: int, height: int) -> None:
    """A picture is neither wider than requested nor taller than allowed."""
    with pytest.raises(ValueError, match="too large"):
        answers.figure(_figure(width, height), 90)
    with pytest.raises(ValueError, match="too large"):
        answers.image(_line({"png": _base64(_png(width, height))}), 90)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a b", "", "x\n"])
def test_names_of_debug_pictures(name: str) -> None:
    """They become file names."""
    assert answers.debug_pictures(_line({"pictures": {"1-read": _base64(PNG)}})) == {"1-read": PNG}
    with pytest.raises(ValueError, match="validation error"):
        answers.debug_pictures(_line({"pictures": {name: _base64(PNG)}}))


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"[" * 100_000,
        _line([]),
        _line({}),
        _line({"text": 7}),
        _line({"text": None}),
        _line({"text": ["a"]}),
        _line({"text": "\ud800"}),
        _line({"text": "a", "failed": "b"}),
        _line({"failed": 7}),
        _line({"failed": "\ud800"}),
        _line({"failed": "a", "readable": "yes"}),
    ],
)
def test_invalid_texts_and_failures(line: bytes) -> None:
    with pytest.raises(ValueError, match="validation error"):
        answers.text(line)


@pytest.mark.parametrize("parse", [answers.text, partial(answers.figure, width_px=1280)])
def test_failure(parse: Any) -> None:
    """Every request can fail; the reason is one line."""
    with pytest.raises(WorkerError) as error:
        parse(_line({"failed": "a\nb", "readable": True, "reusable": False}))
    assert (error.value.failed, error.value.reusable) == (Failed("a b", readable=True), False)

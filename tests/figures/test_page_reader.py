from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from hugo_llmpapers.figures.geometry import Box, clusters
from hugo_llmpapers.figures.page import Graphic, graphics, lines, reading_rotation
from hugo_llmpapers.figures.pdf import ink_box
from hugo_llmpapers.figures.render import encoded, framed

AS_IT_IS = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
QUARTER = (0.0, 1.0, -1.0, 0.0, 792.0, 0.0)
"""A page of 612 x 792 points turned by 90 degrees."""


def raw(text: str, x: float, font: str = "Times-Roman", **rest: Any) -> dict[str, Any]:
    """A line of 10-point type as PyMuPDF returns it, 5 points a letter, at a height of 100 points."""
    width = 5 * len(text)
    span = {"text": text, "size": 10.0, "font": font, "flags": 0, "origin": (x, 108.0)}
    return {"spans": [span], "bbox": (x, 80.0, x + width, 140.0), "dir": (1.0, 0.0), **rest}


def test_line_is_as_tall_as_its_type() -> None:
    """A font that claims to be several lines tall does not make its line so."""
    (line,) = lines([{"lines": [raw("x = y", 50)]}], AS_IT_IS)
    assert (line.box.y0, line.box.y1) == (98.5, 111.0)


def test_pieces_of_a_line_are_joined() -> None:
    """Pieces separated by a word space are one line, by a gutter two; spaces alone are no line."""
    pieces = [raw("Figure 1:", 50), raw("Overview", 105), raw("other", 200), raw("  ", 300)]
    assert [line.text for line in lines([{"lines": pieces}, {}], AS_IT_IS)] == [
        "Figure 1: Overview",
        "other",
    ]


@pytest.mark.parametrize(
    ("font", "family", "bold"),
    [
        ("ABCDEF+NimbusRomNo9L-Medi", "NimbusRomNo9L", True),
        ("NimbusRomNo9L-ReguItal", "NimbusRomNo9L", False),
        ("TimesNewRomanPS-BoldMT", "TimesNewRoman", True),
        ("TimesNewRomanPSMT", "TimesNewRoman", False),
        ("CMBX10", "ComputerModern", True),
        ("CMTI9", "ComputerModern", False),
        ("CMSS10", "CMSS10", False),
        ("LinLibertineTB", "LinLibertine", True),
        ("Arial,Bold", "Arial", True),
    ],
)
def test_families_of_fonts(font: str, family: str, bold: bool) -> None:
    """Weights and slants of a typeface are one family."""
    (line,) = lines([{"lines": [raw("text", 50, font)]}], AS_IT_IS)
    assert (line.font, line.bold) == (family, bold)


def test_pages_are_turned_for_reading() -> None:
    """The text decides how a page is read: most of its letters, whatever direction a label has."""
    upwards = {"lines": [raw("a table set sideways", 50, dir=(0.0, -1.0))]}
    label = {"lines": [raw("label", 50)]}
    assert reading_rotation([upwards, label]) == 90
    assert reading_rotation([label, {}]) == 0
    assert reading_rotation([{}]) is None


def test_lines_of_a_turned_page() -> None:
    """On a page turned by 90 degrees, text that ran upwards is upright."""
    sideways = raw("sideways", 50, dir=(0.0, -1.0), bbox=(100.0, 300.0, 110.0, 340.0))
    sideways["spans"][0]["origin"] = (108.0, 340.0)
    (line,) = lines([{"lines": [sideways]}], QUARTER)
    assert line.upright
    assert (line.box.x0, line.box.x1) == (452.0, 492.0)


def test_paths_are_clipped() -> None:
    """A path counts as far as the clips around it let it show; clips end with their level."""
    drawings = [
        {"type": "clip", "level": 0, "scissor": (100, 100, 200, 200)},
        {"type": "group", "level": 1},
        {"type": "s", "level": 2, "rect": (150, 150, 900, 900)},
        {"type": "f", "level": 0, "rect": (300, 300, 400, 400)},
        {"type": "clip", "level": 0, "scissor": (0, 0, 10, 10)},
        {"type": "f", "level": 1, "rect": (300, 300, 400, 400)},
    ]
    log = [("fill-path", (0, 0, 5, 5)), ("fill-image", (10, 10, 50, 50)), ("fill-text", (0,) * 4)]
    assert list(graphics(log, drawings, AS_IT_IS)) == [
        Graphic(Box(150, 150, 200, 200), "path"),
        Graphic(Box(300, 300, 400, 400), "path"),
        Graphic(Box(10, 10, 50, 50), "image"),
    ]


def test_broad_strokes_are_areas() -> None:
    """A line drawn as broad as a bar counts with its width, a thin one as it is."""
    drawings = [
        {"type": "s", "level": 0, "rect": (100, 200, 300, 200), "width": 60.0},
        {"type": "s", "level": 0, "rect": (50, 200, 50, 300), "width": 20.0},
        {"type": "s", "level": 0, "rect": (10, 20, 30, 20), "width": 1.0},
        {"type": "f", "level": 0, "rect": (10, 20, 30, 40), "width": None},
    ]
    assert [graphic.box for graphic in graphics([], drawings, AS_IT_IS)] == [
        Box(100, 170, 300, 230),
        Box(40, 200, 60, 300),
        Box(10, 20, 30, 20),
        Box(10, 20, 30, 40),
    ]


def test_full_pages_are_read_coarsely() -> None:
    """Without drawings, paths close to each other are one, and reach a little too far."""
    log = [("stroke-path", (9, 9, 15, 15)), ("fill-path", (10, 10, 16, 16))]
    assert list(graphics(log, None, AS_IT_IS)) == [Graphic(Box(8, 8, 16, 16), "path")]


def test_clusters() -> None:
    """White strips part groups, also a strip that begins only below a wide box."""
    wide, left, right = Box(0, 0, 100, 10), Box(0, 40, 40, 80), Box(60, 40, 100, 80)
    assert clusters([right, wide, left], 15) == [[wide], [left], [right]]
    assert clusters([wide, left, right], 30) == [[wide, left, right]]
    assert clusters([], 15) == []


def drawing() -> Image.Image:
    image = Image.new("RGB", (300, 200), "white")
    image.paste((200, 30, 30), (50, 60, 150, 100))
    return image


def test_margins_are_even() -> None:
    """A picture is trimmed to its ink and gets the same white margin on every side."""
    assert ink_box(drawing()) == (50, 60, 150, 100)
    image = framed(drawing(), 10)
    assert image.size == (120, 60)
    assert ink_box(image) == (10, 10, 110, 50)


def test_no_ink() -> None:
    """White, and what looks white, is no ink."""
    assert ink_box(Image.new("RGB", (30, 30), (252, 252, 252))) is None


def test_drawings_have_a_palette() -> None:
    """A drawing is stored with 256 colours, its white stays white; the same bytes every time."""
    data = encoded(drawing(), photographic=False)
    image = Image.open(BytesIO(data))
    assert (image.format, image.mode) == ("PNG", "P")
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
    assert encoded(drawing(), photographic=False) == data


def test_photographs_keep_their_colours_unless_heavy() -> None:
    """A photograph is stored in full colour up to 500 KB, and with a palette above."""
    small = encoded(drawing(), photographic=True)
    assert Image.open(BytesIO(small)).mode == "RGB"
    noise = Image.effect_noise((900, 900), 80).convert("RGB")
    channels = [
        noise.getchannel(0),
        noise.getchannel(0).rotate(90),
        noise.getchannel(0).rotate(180),
    ]
    heavy = encoded(Image.merge("RGB", channels), photographic=True)
    assert Image.open(BytesIO(heavy)).mode == "P"

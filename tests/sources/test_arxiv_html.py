"""Figures of arXiv's HTML version."""

from __future__ import annotations

import pytest

from hugo_llmpapers.sources.arxiv_paper import HtmlFigure, parse_figures

PAGE = """<!doctype html><html><head><base href="/html/0000.00001v2/"></head><body>
<figure class="ltx_table"><table></table><figcaption>Table 1: Numbers</figcaption></figure>
<figure id="S1.F1"><img src="x1.png" alt="Refer to caption"><figcaption><span>Figure 1: </span>How a <i>pebble</i>
is weighed.</figcaption></figure>
<figure id="S1.F2"><figure><img src="a.png"></figure><figure><img src="b.png"></figure>
<figcaption>Figure 2: Two panels.</figcaption></figure>
<figure><img src="extracted/7/photo.JPG"><figcaption>Fig. 3. A photo</figcaption></figure>
<figure><svg></svg><figcaption>Figure 4: Drawn in the page.</figcaption></figure>
<figure><img src="vector.svg"><figcaption>Figure 5: A vector file.</figcaption></figure>
<figure><img src="https://evil.example/x.png"><figcaption>Figure 6: Elsewhere.</figcaption></figure>
<figure><img src="../../../../api/secret.png"><figcaption>Figure 7: Somewhere else.</figcaption></figure>
</body></html>"""


def test_figures_of_one_image_are_found_with_their_captions() -> None:
    """Tables, panels, drawings, vector files and files from elsewhere are left out."""
    assert parse_figures(PAGE.encode(), "/html/0000.00001") == [
        HtmlFigure("/html/0000.00001v2/x1.png", "1", "How a pebble is weighed."),
        HtmlFigure("/html/0000.00001v2/extracted/7/photo.JPG", "3", "A photo"),
    ]


@pytest.mark.parametrize(
    "body", [b"", b"\x00\xff", b"<figure><img", b"%PDF-1.7", "日本語".encode("euc-jp"), b"<figure>" * 500]
)
def test_anything_else_gives_none(body: bytes) -> None:
    """Never an error: the paper then has no figure."""
    assert parse_figures(body, "/html/0000.00001") == []


def test_without_a_base_the_pages_own_place_counts() -> None:
    """As browsers do."""
    body = b'<figure><img src="x1.png"><figcaption>Figure 1: x</figcaption></figure>'
    assert parse_figures(body, "/html/0000.00001v1")[0].src == "/html/0000.00001v1/x1.png"


@pytest.mark.parametrize(
    "src",
    [
        "//[x/a.png",
        "https://[/a.png",
        "a\x07.png",
        "a\u202e.png",
        "%2e%2e/%2e%2e/pdf/a.png",
        "..%2fa.png",
        "a" * 600 + ".png",
        "file:///html/a.png",
        "javascript:/html/a.png",
    ],
)
def test_what_is_no_address_of_the_paper_is_left_out(src: str) -> None:
    """And the figures beside it are found."""
    pages = f'<figure><img src="{src}"></figure><figure><img src="x1.png"><figcaption>Figure 2</figcaption></figure>'
    assert [one.src for one in parse_figures(pages.encode(), "/html/0000.00001")] == ["/html/0000.00001/x1.png"]


@pytest.mark.parametrize(
    "junk", ["<![x[ y", "<base href='//['>", f"<p title='&#{'1' * 5000};'>", f"&#{'1' * 5000};<p>"]
)
def test_what_the_parser_cannot_bear_is_no_error(junk: str) -> None:
    """What came before it is found."""
    page = f'<figure><img src="/html/x/x1.png"></figure>{junk}<figure>'
    assert len(parse_figures(page.encode(), "/html/0000.00001")) <= 1

"""What a reader finds on a built page."""

from __future__ import annotations

from pathlib import Path

import pytest

from hugo_llmpapers.post.html_reader import Page, locate, read

URL = "https://e.org/sub/post/"


def _page(public: Path, body: str, path: str = "post/index.html", url: str = URL) -> Page:
    (public / path).parent.mkdir(parents=True, exist_ok=True)
    (public / path).write_text(f"<html><head></head><body>{body}</body></html>", encoding="utf-8")
    location = locate(url, public, "ja")
    assert location is not None
    return read(location)


def _there(public: Path, *files: str) -> None:
    for file in files:
        (public / file).parent.mkdir(parents=True, exist_ok=True)
        (public / file).write_bytes(b"png")


@pytest.mark.parametrize(
    ("url", "built", "base_path"),
    [
        ("https://e.org/post/", "post/index.html", "/"),
        ("https://e.org/sub/path/post/", "post/index.html", "/sub/path/"),
        ("https://e.org/post.html", "post.html", "/"),
        ("https://ja.e.org/post/", "ja/post/index.html", "/"),
        ("https://e.org/blog/post/", "ja/post/index.html", "/blog/"),
        ("https://e.org/%E8%AB%96/", "論/index.html", "/"),
    ],
)
def test_where_a_page_was_built(tmp_path: Path, url: str, built: str, base_path: str) -> None:
    """Whatever path the base URL has, and in the folder of its language's host."""
    _there(tmp_path, built)
    location = locate(url, tmp_path, "ja")
    assert location is not None
    assert (location.file, location.base_path) == (tmp_path / built, base_path)


def test_the_home_page_is_not_mistaken_for_a_page(tmp_path: Path) -> None:
    """Which was not built."""
    _there(tmp_path, "index.html", "ja/index.html")
    assert locate("https://e.org/post/", tmp_path, "ja") is None


@pytest.mark.parametrize(
    "image",
    [
        '<img src="paper_1.png">',
        "<img src=/sub/post/paper_1.png>",
        '<img src="https://e.org/sub/post/paper_1.png">',
        '<img src="/x.gif" data-src="paper_1_hu_abc.webp">',
        '<source srcset="/sub/post/paper_1_hu_abc.webp 300w, /sub/post/none.png 2x">',
        "<div style=\"background-image: url('paper_1.png')\"></div>",
        '<noscript><img src="paper_1.png"></noscript>',
    ],
)
def test_a_picture_by_any_name(tmp_path: Path, image: str) -> None:
    """Relative, from the root or whole; lazy, resized, in the background."""
    _there(tmp_path, "post/paper_1.png", "post/paper_1_hu_abc.webp")
    found = _page(tmp_path, image).images("paper_1")
    assert found
    assert all(found.values())


@pytest.mark.parametrize(
    "other",
    ['<a href="paper_1.png">x</a>', '<meta content="paper_1.png">', '<img src="paper_10.png">', "paper_1.png"],
)
def test_what_is_no_picture_of_it(tmp_path: Path, other: str) -> None:
    """A link, a preview for others, another paper's, a word."""
    assert _page(tmp_path, other).images("paper_1") == {}


def test_an_address_with_nothing_behind_it(tmp_path: Path) -> None:
    """As beside an ugly URL: the file stands in another folder than the page looks into."""
    _there(tmp_path, "posts/x/paper_1.png")
    page = _page(tmp_path, '<img src="paper_1.png">', "posts/x.html", "https://e.org/sub/posts/x.html")
    assert page.images("paper_1") == {"paper_1.png": False}


def test_another_host_cannot_be_looked_at(tmp_path: Path) -> None:
    """So its picture counts as there."""
    page = _page(tmp_path, '<img src="https://cdn.example/paper_1.png">')
    assert page.images("paper_1") == {"https://cdn.example/paper_1.png": True}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<summary>原文Abstract</summary>", True),
        ("<summary>▶ <b>原文</b>Abstract</summary>", True),
        ("<p>原文Abstract:</p>", True),
        ('<details title="原文Abstract"><summary>Details</summary></details>', False),
        ("<p>The 原文Abstract is long.</p>", False),
    ],
)
def test_a_label_stands_on_its_own(tmp_path: Path, body: str, says: bool) -> None:
    """Not in an attribute, and not in the middle of a sentence."""
    assert _page(tmp_path, body).has_text("原文Abstract") is says


@pytest.mark.parametrize(
    "address",
    ["//[", "https://[x]/paper_1.png", "paper_1." + "a" * 400, "a%00/paper_1.png", "a/" * 3000 + "paper_1.png"],
)
def test_an_invalid_url_is_no_error(tmp_path: Path, address: str) -> None:
    """A theme's mistake ends no run."""
    page = _page(tmp_path, f'<img src="{address}"><base href="http://[">')
    assert page.images("paper_1").keys() <= {address}


@pytest.mark.parametrize("junk", ["<![x[", f"&#{'1' * 5000};<p>"])
def test_what_the_parser_cannot_bear_ends_the_page(tmp_path: Path, junk: str) -> None:
    """What stands before it is seen."""
    assert _page(tmp_path, f"<b>要旨</b><i>x</i>{junk}").has_text("要旨")

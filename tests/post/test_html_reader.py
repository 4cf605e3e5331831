"""Images and texts of a built page."""

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
    """With any path in the base URL, also in the folder of a language with its own host."""
    _there(tmp_path, built)
    location = locate(url, tmp_path, "ja")
    assert location is not None
    assert (location.file, location.base_path) == (tmp_path / built, base_path)


def test_the_home_page_is_not_taken_for_a_page(tmp_path: Path) -> None:
    """That was not built."""
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
def test_an_image_is_found(tmp_path: Path, image: str) -> None:
    """With a relative, absolute or complete URL; lazy, resized, in the background."""
    _there(tmp_path, "post/paper_1.png", "post/paper_1_hu_abc.webp")
    found = _page(tmp_path, image).images("paper_1")
    assert found
    assert all(found.values())


@pytest.mark.parametrize(
    "other",
    ['<a href="paper_1.png">x</a>', '<meta content="paper_1.png">', '<img src="paper_10.png">', "paper_1.png"],
)
def test_other_mentions_are_no_image(tmp_path: Path, other: str) -> None:
    """A link, a preview, the image of another paper, a word."""
    assert _page(tmp_path, other).images("paper_1") == {}


def test_a_missing_image_is_reported(tmp_path: Path) -> None:
    """With ugly URLs the image is in another folder than the page expects."""
    _there(tmp_path, "posts/x/paper_1.png")
    page = _page(tmp_path, '<img src="paper_1.png">', "posts/x.html", "https://e.org/sub/posts/x.html")
    assert page.images("paper_1") == {"paper_1.png": False}


def test_an_image_on_another_host_counts_as_existing(tmp_path: Path) -> None:
    """It cannot be checked."""
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
def test_a_label_is_a_text_of_its_own(tmp_path: Path, body: str, says: bool) -> None:
    """Not an attribute, and not part of a sentence."""
    assert _page(tmp_path, body).has_text("原文Abstract") is says


@pytest.mark.parametrize(
    "address",
    ["//[", "https://[x]/paper_1.png", "paper_1." + "a" * 400, "a%00/paper_1.png", "a/" * 3000 + "paper_1.png"],
)
def test_an_invalid_url_is_no_error(tmp_path: Path, address: str) -> None:
    """Themes make mistakes."""
    page = _page(tmp_path, f'<img src="{address}"><base href="http://[">')
    assert page.images("paper_1").keys() <= {address}


@pytest.mark.parametrize("junk", ["<![x[", f"&#{'1' * 5000};<p>"])
def test_a_parser_error_ends_the_page(tmp_path: Path, junk: str) -> None:
    """The part before it is read."""
    assert _page(tmp_path, f"<b>要旨</b><i>x</i>{junk}").has_text("要旨")

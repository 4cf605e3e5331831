"""Why Hugo hides a page, by its row in `hugo list` and by the pages above."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.mounts import Mount
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import excluded_by_config, folders_above, ignored, index_pages, why_hidden
from hugo_llmpapers.web.cache import Cache

NOW = datetime(2026, 2, 27, tzinfo=UTC)
ROW = {
    "permalink": "https://e.org/p/",
    "draft": "false",
    "publishDate": "2026-02-27T00:00:00Z",
    "expiryDate": "0001-01-01T00:00:00Z",
}


def _site(root: Path, section: str = "posts", config: dict[str, Any] | None = None) -> Site:
    content = root / "content"
    return Site(
        hugo=Hugo(Path("hugo"), root), config=config or {}, language="ja", language_key=None, languages=(),
        section=section, section_dir=content / section, mount=Mount(content, "", (), {}), language_dirs=(content,), content_dirs=(content,),
        own_mounts=False, zone=None, cache=Cache(root / "cache"), by_file_name=False,
    )  # fmt: skip


def test_the_folders_above_go_up_to_the_content(tmp_path: Path) -> None:
    """The innermost first, each with its path below `content`; a mounted section ends at its mount."""
    content = tmp_path / "content"
    site = _site(tmp_path, "blog/papers")
    assert list(folders_above(site)) == [
        ("blog/papers", content / "blog" / "papers"), ("blog", content / "blog"), (".", content)
    ]  # fmt: skip
    mounted = replace(_site(tmp_path), section_dir=tmp_path / "src", language_dirs=(tmp_path / "src", content))
    assert list(folders_above(mounted)) == [("posts", tmp_path / "src")]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("---\na: 1\n---\nbody {{< x >}}\n", "---\na: 1\n---\n"),
        ("\ufeff---\r\na: 1\r\n---\r\nbody", "---\na: 1\n---"),
        ("+++\na = 1\n+++\n---\nbody\n---\n", "+++\na = 1\n+++\n"),
        ('{\n  "cascade": {\n    "draft": true\n  }\n}\nbody\n', '{\n  "cascade": {\n    "draft": true\n  }\n}\n'),
        ("no front matter\n---\nx\n---\n", ""),
        ("---\nnever ends\n", ""),
    ],
)
def test_of_index_pages_only_the_front_matter_counts(tmp_path: Path, text: str, head: str) -> None:
    """In each of the three formats; what has none is empty, and makes a bundle nevertheless."""
    folder = tmp_path / "content" / "posts"
    folder.mkdir(parents=True)
    (folder / "_index.ja.md").write_bytes(text.encode())
    (folder / "reindex.md").write_text("not an index", encoding="utf-8")
    (found,) = index_pages(_site(tmp_path)).items()
    assert (found[0], found[1].replace("\r", "").lstrip("\ufeff").rstrip("\n")) == (
        "posts/_index.ja.md",
        head.rstrip("\n"),
    )


@pytest.mark.parametrize(
    ("change", "word", "hides"),
    [
        ({}, None, False),
        ({"publishDate": "2026-02-27T00:00:01Z"}, "future", True),
        ({"expiryDate": "2026-02-27T00:00:01Z"}, None, False),
        ({"expiryDate": "2026-02-27T00:00:00Z"}, "expired", True),
        ({"expiryDate": "whenever"}, None, False),
        ({"draft": "true", "publishDate": "2030-01-01T00:00:00Z"}, "draft", False),
        ({"permalink": ""}, "build.render", True),
    ],
)
def test_what_hugo_says_of_the_post(tmp_path: Path, change: dict[str, str], word: str | None, hides: bool) -> None:
    """To the second: now is neither the future nor before its end."""
    reason = why_hidden(_site(tmp_path), "p", ROW | change, NOW)
    assert (reason is None) == (word is None)
    if reason is not None and word is not None:
        assert word in reason.problem
        assert reason.hides == hides
        assert reason.remedy


def test_a_zone_makes_no_difference(tmp_path: Path) -> None:
    """Dates are compared as instants."""
    row = ROW | {"publishDate": "2026-02-27T09:00:00+09:00"}
    assert why_hidden(_site(tmp_path), "p", row, NOW) is None
    assert why_hidden(_site(tmp_path), "p", row, NOW - timedelta(seconds=1)) is not None


def test_a_page_above_that_makes_a_single_page(tmp_path: Path) -> None:
    """content/posts/index.jpg is a picture; content/posts/index.md and content/index.md swallow."""
    folder = tmp_path / "content" / "posts"
    folder.mkdir(parents=True)
    (folder / "index.jpg").write_text("", encoding="utf-8")
    assert why_hidden(_site(tmp_path), "p", None, NOW) is None
    (folder / "index.md").write_text("", encoding="utf-8")
    reason = why_hidden(_site(tmp_path), "p", None, NOW)
    assert reason is not None
    assert str(folder / "index.md") in reason.problem
    assert "_index.md" in reason.remedy
    (folder / "index.md").rename(tmp_path / "content" / "index.md")
    reason = why_hidden(_site(tmp_path), "p", None, NOW)
    assert reason is not None
    assert str(tmp_path / "content" / "index.md") in reason.problem


def test_patterns_that_python_does_not_know_are_skipped(tmp_path: Path) -> None:
    """They are skipped."""
    site = _site(tmp_path, config={"ignorefiles": [r"\pN\z[", r"paper_\d+\.png$"]})
    assert ignored(site, "p", "index.md") is None
    reason = ignored(site, "p", "paper_1.png")
    assert reason is not None
    assert not reason.hides


def test_kinds_that_are_not_made(tmp_path: Path) -> None:
    """Of disableKinds only `page` is about posts."""
    assert excluded_by_config(_site(tmp_path, config={"disablekinds": ["taxonomy", "RSS"]}), "p") is None
    assert excluded_by_config(_site(tmp_path, config={"disablekinds": ["page"]}), "p") is not None

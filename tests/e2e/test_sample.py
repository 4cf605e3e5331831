"""`new --sample`: the first thing that a newcomer runs. Its post is the golden file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tool import Blog

pytestmark = pytest.mark.figures

GOLDEN = Path(__file__).parent / "golden" / "llm-papers-sample-2026-02-27.md"


def test_the_sample_is_the_golden_file(blog: Blog, request: pytest.FixtureRequest) -> None:
    """The same bytes on every machine; --update-golden writes them anew, for a review of the difference."""
    ran = blog.run("new", "2026-02-27", "--sample")
    assert ran.code == 0, ran.err
    folder = blog.post("llm-papers-sample-2026-02-27")
    assert ran.out == f"{folder / 'index.md'}\n"
    if request.config.getoption("--update-golden"):
        GOLDEN.write_bytes((folder / "index.md").read_bytes())
    assert (folder / "index.md").read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8")
    assert len(list(folder.glob("paper_*.png"))) == 5


def test_a_sample_is_a_draft_in_anybody_elses_site(blog: Blog, tmp_path: Path) -> None:
    """Invented papers are not published by accident; in our own example they are shown."""
    mine = tmp_path / "my-blog"
    blog.root.rename(mine)
    ran = blog.run("new", "--sample", source=mine)
    assert ran.code == 0, ran.err
    text = (mine / "content" / "posts" / "llm-papers-sample-2026-02-27" / "index.md").read_text(encoding="utf-8")
    assert "\ndraft: true\n" in text
    assert "--buildDrafts" in ran.err


def test_a_sample_takes_no_real_posts_place(blog: Blog) -> None:
    """The day's real post can still be written, and a sample of another day has its five papers again."""
    assert blog.run("new", "--sample").code == 0
    assert blog.run("new", "2026-02-26", "--sample", "--json").json()["status"] == "written"
    assert not blog.post().exists()


def test_the_sample_needs_neither_key_nor_network(blog: Blog) -> None:
    """And it reads neither: a wrong key and dead endpoints change nothing."""
    nobody = {"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "http://127.0.0.1:9", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
    ran = blog.run("new", "--sample", "--json", environ=nobody | {"ANTHROPIC_API_KEY": "bad", "S2_API_KEY": "bad"})
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 5
    assert {paper["source"] for paper in ran.json()["papers"]} == {"arxiv", "semanticscholar", "huggingface"}

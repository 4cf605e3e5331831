"""What keeps our workflow from publishing a post is told before Claude is asked, by `new`, `doctor` and `init --github`."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tool import Blog
from tests.upstream import Upstream

if os.name == "nt":
    pytest.skip("the runner is a Linux machine", allow_module_level=True)


def _git(folder: Path, *args: str) -> None:
    who = ["-c", "user.name=x", "-c", "user.email=x@e.org", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", "-C", str(folder), *who, *args], check=True, capture_output=True)


def _committed(blog: Blog) -> None:
    _git(blog.root, "init", "-q")
    _git(blog.root, "add", "-A", "-f")
    _git(blog.root, "commit", "-q", "-m", "x")


def _as_submodule(blog: Blog) -> None:
    content = blog.root / "content"
    other = blog.home / "posts"
    content.rename(other)
    for args in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"]):
        _git(other, *args)
    _committed(blog)
    _git(blog.root, "submodule", "--quiet", "add", str(other), "content")


def _over_a_link(blog: Blog) -> None:
    (blog.root / "content").rename(blog.root / "texts")
    (blog.root / "content").symlink_to("texts")
    _committed(blog)


def _in_another_folder(blog: Blog) -> None:
    (blog.root / "content").rename(blog.root / "texts")
    config = blog.root / "hugo.toml"
    config.write_text(f'contentDir = "texts"\n{config.read_text(encoding="utf-8")}', encoding="utf-8")
    _committed(blog)


def _with_a_cover(blog: Blog) -> None:
    folder = blog.root / "archetypes" / "llm-papers"
    folder.mkdir()
    (folder.parent / "llm-papers.md").rename(folder / "index.md")
    (folder / "cover.jpg").write_bytes(b"x")
    _committed(blog)


LAYOUTS: dict[Callable[[Blog], None], tuple[str, str]] = {
    _as_submodule: ("another repository", "keep posts in the site's repository"),
    _over_a_link: ("contains a link", "Set it to texts"),
    _in_another_folder: ("but the workflow publishes", "to texts"),
    _with_a_cover: ("cover.jpg would be in each post", "Keep only"),
}


@pytest.mark.parametrize("spoil", LAYOUTS, ids=lambda spoil: spoil.__name__)
def test_nothing_is_paid_for(blog: Blog, upstream: Upstream, spoil: Callable[[Blog], None]) -> None:
    """Not in the workflow; `doctor` says the same where it is there. On a machine of one's own there is nothing to say."""
    spoil(blog)
    problem, remedy = LAYOUTS[spoil]
    runner = {"GITHUB_ACTIONS": "true", "LLM_PAPERS_CONTENT": f"{blog.root}/content"}
    ran = blog.run("new", environ={**upstream.environ(), **runner})
    assert ran.code == 3, ran.err
    assert problem in ran.err and remedy in ran.err
    assert upstream.journal == []
    example = Path(__file__).parents[2] / "hugo-example" / ".github" / "workflows" / "llm-papers.yml"
    workflow = blog.root / ".github" / "workflows" / "llm-papers.yml"
    workflow.parent.mkdir(parents=True, exist_ok=True)
    workflow.write_bytes(example.read_bytes())
    told = blog.run("doctor", environ=upstream.environ())
    assert problem in told.err + told.out and remedy in told.err + told.out
    workflow.unlink()
    own = blog.run("new", "--no-figures", environ={**upstream.environ(), "HUGO_PARAMS_LLMPAPERS_COUNT": "1"})
    assert own.code == 0, own.err
    assert problem not in own.err


def test_init_names_the_content_folder_in_the_workflow(blog: Blog) -> None:
    """So that the workflow publishes from there."""
    _in_another_folder(blog)
    workflow = blog.root / ".github" / "workflows" / "llm-papers.yml"
    workflow.unlink()
    ran = blog.run("init", "--github", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert "\n  CONTENT: texts # " in workflow.read_text(encoding="utf-8")
    assert [row["path"] for row in ran.json()["files"] if row["action"] == "manual"] == []


@pytest.mark.parametrize("rule", ["content/posts/llm-papers-*/", ".github/"])
def test_init_says_what_stands_in_the_way(blog: Blog, rule: str) -> None:
    """Git ignores the posts, or the workflow itself."""
    shutil.rmtree(blog.root / ".github")
    _committed(blog)
    (blog.root / ".gitignore").write_text(f"{rule}\n", encoding="utf-8")
    ran = blog.run("init", "--github", "--json")
    rows = [row for row in ran.json()["files"] if row["action"] == "manual"]
    assert len(rows) == 1 and rule in rows[0]["reason"] and "Remove that line" in rows[0]["remedy"]


@pytest.mark.figures
def test_ignored_pictures_are_said(blog: Blog, upstream: Upstream) -> None:
    """Who commits by hand would leave them out."""
    _committed(blog)
    (blog.root / ".gitignore").write_text("*.png\n", encoding="utf-8")
    ran = blog.run("new", environ={**upstream.environ(), "HUGO_PARAMS_LLMPAPERS_COUNT": "1"})
    assert ran.code == 0
    assert "paper_1.png" in ran.err and ".gitignore:1 says *.png" in ran.err


def test_doctor_says_that_git_refuses(blog: Blog, upstream: Upstream) -> None:
    """As `prebuild` does, with the remedy."""
    _committed(blog)
    ran = blog.run("doctor", environ={**upstream.environ(), "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"})
    assert "safe.directory" in ran.err + ran.out

"""Nothing is paid for a post that could not stand, or that nobody could commit."""

from __future__ import annotations

import subprocess

import pytest

from tests.e2e.test_new_fails import assert_clear
from tests.tool import Blog
from tests.upstream import Upstream

QUICK = {"HUGO_PARAMS_LLMPAPERS_COUNT": "1", "HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}
ACTIONS = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "schedule"}
BACKFILL = ("backfill", "2026-02-26", "2026-02-27", "--yes")


def _put(blog: Blog, name: str, text: str) -> None:
    (blog.root / name).parent.mkdir(parents=True, exist_ok=True)
    (blog.root / name).write_text(text, encoding="utf-8", newline="\n")


def _ignored(blog: Blog) -> None:
    subprocess.run(["git", "init", "-q", str(blog.root)], check=True, env=blog.environ())
    _put(blog, ".gitignore", "public/\ncontent/posts/llm-papers-*/\n")


@pytest.mark.parametrize("args", [("new",), ("new", "--print"), ("prebuild", "--strict"), BACKFILL], ids=" ".join)
def test_a_theme_that_stops_at_every_post(blog: Blog, upstream: Upstream, args: tuple[str, ...]) -> None:
    """A post about an invented paper tells it."""
    stops = '{{ if findRE "^llm-papers" .File.ContentBaseName }}{{ errorf "no such posts" }}{{ end }}'
    _put(blog, "layouts/_default/single.html", "{{ .Content }}" + stops)
    ran = blog.run(*args, environ=upstream.environ() | QUICK)
    assert ran.code == 3, ran.err
    assert "Hugo cannot build the post: " in ran.err
    assert "no such posts" in ran.err
    assert upstream.asked("claude") == []


def test_a_page_at_the_url_of_the_post(blog: Blog, upstream: Upstream) -> None:
    """One of the two would take the other's place."""
    _put(blog, "content/llm-papers-2026-02-27.md", "---\ntitle: mine\n---\n")
    before = blog.fingerprint()
    ran = blog.run("new", environ=upstream.environ() | QUICK)
    assert_clear(ran, 3, "llm-papers-2026-02-27.md has the URL of the post", "another `url`")
    assert upstream.asked("claude") == []
    assert blog.fingerprint() == before


def test_a_post_that_git_ignores_is_not_made_to_be_committed(blog: Blog, upstream: Upstream) -> None:
    """The line that is in the way is named, before anybody is asked."""
    _ignored(blog)
    ran = blog.run("new", environ=upstream.environ() | QUICK | ACTIONS)
    assert_clear(
        ran, 3, "index.md, so that it is not committed: .gitignore:2 says content/posts/llm-papers-*/", "prebuild"
    )
    assert upstream.journal == []


@pytest.mark.parametrize("command", ["new", "doctor"])
def test_a_post_that_git_ignores_is_told(blog: Blog, upstream: Upstream, command: str) -> None:
    """Its owner may want it so: it is written."""
    _ignored(blog)
    ran = blog.run(command, environ=upstream.environ() | QUICK)
    assert ran.code == 0, ran.err
    assert ".gitignore:2 says content/posts/llm-papers-*/" in ran.err + ran.out


def test_a_rule_that_takes_the_post_back_counts(blog: Blog, upstream: Upstream) -> None:
    """Git goes by the last rule."""
    _ignored(blog)
    _put(blog, ".gitignore", "content/posts/*/\n!content/posts/llm-papers-*/\n")
    ran = blog.run("new", environ=upstream.environ() | QUICK | ACTIONS)
    assert ran.code == 0, ran.err
    assert "ignores" not in ran.err

"""The build hook of a blog in several languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.test_languages import BY_FOLDER, BY_NAME, NAME, SETTINGS, _pages, _site
from tests.e2e.test_prebuild import SECOND, _clone, _commit, _git, _prebuild
from tests.tool import Blog
from tests.upstream import Fault, Upstream

NEXT = "llm-papers-2026-02-28"
LAYOUTS = {
    BY_NAME: ["posts/{}/index.en.md", "posts/{}/index.md"],
    BY_FOLDER: ["en/posts/{}/index.md", "ja/posts/{}/index.md"],
}


def _repository(folder: Path, config: str) -> Blog:
    blog = _site(folder, config + SETTINGS)
    for folder_of in ("ja", "en"):  # git has no empty folders
        (blog.root / "content" / folder_of / "about.md").write_text("---\ntitle: me\n---\n", encoding="utf-8")
    _git(blog, "init", "-q", "-b", "main")
    _commit(blog, "the blog")
    return blog


def _all_pages(blog: Blog) -> list[str]:
    content = blog.root / "content"
    return sorted(p.relative_to(content).as_posix() for p in content.rglob("llm-papers-*/index*.md"))


@pytest.mark.parametrize("config", LAYOUTS, ids=["by name", "by folder"])
def test_each_day_is_written_in_each_language_and_comes_back(tmp_path: Path, upstream: Upstream, config: str) -> None:
    """Two builds of fresh clones: both days, both languages, nothing is paid for twice."""
    repository = _repository(tmp_path, config)
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    assert _all_pages(first) == [page.format(NAME) for page in LAYOUTS[config]]
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0, ran.err
    assert "left in the cache" not in ran.err
    assert _all_pages(second) == sorted(page.format(name) for page in LAYOUTS[config] for name in (NAME, NEXT))
    assert len(upstream.asked("claude")) == 8
    assert "no post is due" in _prebuild(second, upstream, clock=SECOND).err


def test_a_translation_that_failed_is_written_by_the_next_build(tmp_path: Path, upstream: Upstream) -> None:
    """Its original is kept without it, and settles no other language's day."""
    repository = _repository(tmp_path, BY_NAME)
    body = b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    upstream.faults["claude"] = Fault(529, body, match="writing in English")
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    assert list(_pages(first)) == [f"posts/{NAME}/index.md"]
    upstream.faults.clear()
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream)
    assert ran.code == 0, ran.err
    assert list(_pages(second)) == [page.format(NAME) for page in LAYOUTS[BY_NAME]]
    third = _clone(repository, 3)
    assert "no post is due" in _prebuild(third, upstream).err
    assert _pages(third) == _pages(second)


def test_a_translation_that_its_owner_deleted_stays_deleted(tmp_path: Path, upstream: Upstream) -> None:
    """Though its original, beside it, is there."""
    repository = _repository(tmp_path, BY_NAME)
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    shutil.copytree(first.post(NAME), repository.post(NAME))
    _commit(repository, "both")
    (repository.post(NAME) / "index.en.md").unlink()
    _commit(repository, "not in English")
    second = _clone(repository, 2)
    assert "no post is due" in _prebuild(second, upstream).err
    assert list(_pages(second)) == [f"posts/{NAME}/index.md"]


def test_an_original_with_its_language_in_its_name_settles_its_day(tmp_path: Path, upstream: Upstream) -> None:
    """`index.ja.md` is the Japanese page of a site whose default language is Japanese."""
    repository = _repository(tmp_path, BY_NAME)
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    shutil.copytree(first.post(NAME), repository.post(NAME))
    (repository.post(NAME) / "index.md").rename(repository.post(NAME) / "index.ja.md")
    _commit(repository, "named")
    second = _clone(repository, 2)
    assert "no post is due" in _prebuild(second, upstream).err

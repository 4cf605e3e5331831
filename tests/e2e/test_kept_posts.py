"""Posts that builds keep for each other: whose they are, what is believed of them, and what is made up for when they are lost."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.test_prebuild import (
    EXCERPTS,
    POSTS,
    SECOND,
    _clone,
    _commit,
    _git,
    _posts,
    _prebuild,
    _two_days,
)
from tests.tool import Blog
from tests.upstream import Upstream


@pytest.fixture
def repository(blog: Blog) -> Blog:
    """The site as a git repository; builds work on clones of it."""
    _git(blog, "init", "-q", "-b", "main")
    _commit(blog, "the blog")
    return blog


def _another(repository: Blog, name: str, message: str = "another blog") -> Blog:
    """A repository with the same site, and the same home."""
    other = Blog(repository.home / name, repository.home)
    shutil.copytree(repository.root, other.root, ignore=shutil.ignore_patterns(".git", "llm-papers-*-*"))
    _git(other, "init", "-q", "-b", "main")
    _commit(other, message)
    return other


def test_another_blogs_posts_stay_away(repository: Blog, upstream: Upstream) -> None:
    """Two sites share a cache and a base URL, one even a repository with a third: each has its own posts."""
    _git(repository, "branch", "-M", "main")
    nested = Blog(repository.root / "second", repository.home)
    shutil.copytree(repository.root, nested.root, ignore=shutil.ignore_patterns(".git", "second"))
    _commit(repository, "a second site in the repository")
    first = _clone(repository, 1)
    settings = {"HUGO_BASEURL": "/", **EXCERPTS}
    assert _prebuild(first, upstream, **settings).code == 0
    for number, other in ((2, _clone(_another(repository, "other"), 2)), (3, Blog(_clone(repository, 3).root / "second", repository.home))):  # fmt: skip
        ran = _prebuild(other, upstream, clock=SECOND, **settings)
        assert ran.code == 0, number
        assert _posts(other) == POSTS[1:], number
    fourth = _clone(repository, 4)
    assert _prebuild(fourth, upstream, clock=SECOND, **settings).code == 0
    assert _posts(fourth) == POSTS


def test_a_blog_that_moves_keeps_its_posts(repository: Blog, upstream: Upstream) -> None:
    """Its address is another one with each deploy, and its clone is of the same repository by another way."""
    first, second = _clone(repository, 1), _clone(repository, 2)
    for clone, address in (
        (first, "git@git.example:ada/blog.git"),
        (second, "https://t0ken:s3cret@git.example/ada/blog"),
    ):
        _git(clone, "remote", "set-url", "origin", address)
    assert _prebuild(first, upstream, **EXCERPTS, HUGO_BASEURL="https://5d4a--ada.example/").code == 0
    ran = _prebuild(second, upstream, **EXCERPTS, HUGO_BASEURL="https://77b1--ada.example/")
    assert "1 post brought back" in ran.err
    assert "s3cret" not in ran.err
    assert not [
        path for path in (repository.home / "cache").rglob("*") if path.is_file() and b"s3cret" in path.read_bytes()
    ]


@pytest.mark.parametrize(("base_url", "comes_back"), [("https://ada.example/", True), ("/", False)])
def test_posts_of_an_earlier_version(repository: Blog, upstream: Upstream, base_url: str, *, comes_back: bool) -> None:
    """They were kept by base URL: found once where no other site can have it, else said to be there."""
    settings = {**EXCERPTS, "HUGO_BASEURL": base_url}
    assert _prebuild(_clone(repository, 1), upstream, **settings).code == 0
    (kept,) = (repository.home / "cache").rglob("bundles/*")
    older = kept.with_name(hashlib.sha256(f"{base_url}\ncontent/posts\nllm-papers".encode()).hexdigest()[:16])
    kept.rename(older)
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream, clock=SECOND, **settings)
    assert _posts(second) == (POSTS if comes_back else POSTS[1:])
    assert (str(older) in ran.err) != comes_back
    assert older.exists() != comes_back
    other = _clone(_another(repository, "other"), 3)
    assert _prebuild(other, upstream, clock=SECOND, **settings).code == 0
    assert _posts(other) == POSTS[1:]


def test_what_a_folder_of_an_archetype_has_comes_from_the_checkout(repository: Blog, upstream: Upstream) -> None:
    """Its other files are in each post, and come back as the archetype has them now; the cache has only their names."""
    (repository.root / "archetypes" / "llm-papers").mkdir()
    (repository.root / "archetypes" / "llm-papers.md").rename(
        repository.root / "archetypes" / "llm-papers" / "index.md"
    )
    cover = repository.root / "archetypes" / "llm-papers" / "cover.svg"
    cover.write_text("<svg>1</svg>", encoding="utf-8")
    _commit(repository, "a cover")
    assert _prebuild(_clone(repository, 1), upstream, **EXCERPTS).code == 0
    cover.write_text("<svg>2</svg>", encoding="utf-8")
    _commit(repository, "a better cover")
    second = _clone(repository, 2)
    assert "1 post brought back" in _prebuild(second, upstream, **EXCERPTS).err
    assert (second.post() / "cover.svg").read_text(encoding="utf-8") == "<svg>2</svg>"
    cover.unlink()
    _commit(repository, "no cover")
    third = _clone(repository, 3)
    assert "files of its archetype are missing" in _prebuild(third, upstream, **EXCERPTS).err
    assert _posts(third) == []


@pytest.mark.skipif(os.name != "posix", reason="pipes and links")
def test_a_poisoned_cache_costs_nothing(repository: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """One line for each thing in it, no file of it in the site, no wait, and Claude asked for today's post alone."""
    second = _two_days(repository, upstream)
    asked = len(upstream.asked("claude"))
    (good,) = (repository.home / "cache").rglob("bundles/*/llm-papers-*")
    names = [f"llm-papers-2025-12-{day:02}" for day in range(1, 9)]
    for name in (*names, "my-thoughts", "..data", "llm-papers-2025-12-31\nhugo-llmpapers: all is well"):
        shutil.copytree(good, good.parent / name)
        manifest = json.loads((good / "manifest.json").read_text("utf-8")) | {"day": name[-10:]}
        (good.parent / name / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    (good.parent / names[0] / "files" / "index.md").unlink()
    os.mkfifo(good.parent / names[0] / "files" / "index.md")
    with (good.parent / names[1] / "files" / "index.md").open("wb") as file:
        file.truncate(3 << 30)
    (good.parent / names[2] / "files" / "index.md").unlink()
    (good.parent / names[2] / "files" / "index.md").symlink_to("/etc/passwd")
    for name, added in zip(
        names[3:7], ("_content.gotmpl", "x.html", ".git/config", "paper_1.png/../../x.png"), strict=True
    ):
        manifest = json.loads((good.parent / name / "manifest.json").read_text("utf-8"))
        manifest["files"][added] = hashlib.sha256(b"").hexdigest()
        (good.parent / name / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    shutil.rmtree(good.parent / names[7])
    (good.parent / names[7]).symlink_to(tmp_path)
    started = time.monotonic()
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0
    assert _posts(second) == POSTS
    assert [sum(name in line for line in ran.err.splitlines()) for name in (*names, "my-thoughts", "2025-12-31")] == [
        1
    ] * 10
    assert not [line for line in ran.err.splitlines() if line.startswith("hugo-llmpapers: all is well")]
    assert len(upstream.asked("claude")) == asked + 2
    assert time.monotonic() - started < 60
    assert sorted(path.name for path in second.root.rglob("*.gotmpl")) == []


@pytest.mark.parametrize("head", ["title: [", "title: x\nmarkup: nothing-that-is\ndate: never"])
def test_a_kept_post_that_breaks_the_build_stays_away(repository: Blog, upstream: Upstream, head: str) -> None:
    """Whoever put it into the cache; it is said why, and the others come back."""
    second = _two_days(repository, upstream)
    (good,) = (repository.home / "cache").rglob("bundles/*/llm-papers-*")
    bad = good.with_name("llm-papers-2026-02-26")
    shutil.copytree(good, bad)
    page = f"---\n{head}\n---\n".encode()
    (bad / "files" / "index.md").write_bytes(page)
    manifest = json.loads((bad / "manifest.json").read_text("utf-8"))
    manifest["files"]["index.md"] = hashlib.sha256(page).hexdigest()
    (bad / "manifest.json").write_text(json.dumps(manifest | {"day": "2026-02-26"}), "utf-8")
    ran = _prebuild(second, upstream)
    assert ran.code == 0
    assert "llm-papers-2026-02-26 is left in the cache: the site cannot be built with it" in ran.err
    assert _posts(second) == POSTS[:1]
    built = second.build(repository.home / "public")
    assert built.code == 0, built.err


@pytest.mark.skipif(os.name != "posix", reason="pipes and links")
@pytest.mark.parametrize("poison", ["pipe", "device", "large"])
def test_poisoned_answers_cost_nothing(repository: Blog, upstream: Upstream, poison: str) -> None:
    """A run neither waits for them nor reads them: they are asked for again."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream, **EXCERPTS).code == 0
    root = repository.home / "cache" / "llmpapers"
    for path in [path for kind in ("http", "pace") for path in (root / kind).rglob("*") if path.is_file()]:
        path.unlink()
        if poison == "pipe":
            os.mkfifo(path)
        elif poison == "device":
            path.symlink_to("/dev/zero")
        else:
            with path.open("wb") as file:
                file.truncate(3 << 30)
    shutil.rmtree(root / "pace")
    ran = _prebuild(_clone(repository, 2), upstream, clock=SECOND, **EXCERPTS)
    assert ran.code == 0
    assert "out of time" not in ran.err


@pytest.mark.parametrize(("depth", "days"), [(1, ["28"]), (0, ["27", "28"])])
def test_a_deleted_post_is_not_paid_for_in_a_shallow_clone(
    repository: Blog, upstream: Upstream, depth: int, days: list[str]
) -> None:
    """The last commit took it away, and the clone has no other one; with its history, only the day that is missing is due."""
    for day in ("25", "26"):
        page = repository.root / "content" / "posts" / f"llm-papers-2026-02-{day}" / "index.md"
        page.parent.mkdir(parents=True)
        page.write_text(f"---\ntitle: x\ndate: 2026-02-{day}\n---\n", encoding="utf-8")
    _commit(repository, "posts")
    shutil.rmtree(page.parent)
    _commit(repository, "one less")
    clone = Blog(repository.home / "shallow", repository.home)
    flags = ["--depth", str(depth)] if depth else []
    subprocess.run(
        ["git", "clone", "-q", *flags, f"file://{repository.root}", str(clone.root)], check=True, env=clone.environ()
    )
    assert _prebuild(clone, upstream, clock=SECOND, **EXCERPTS).code == 0
    assert [name[-2:] for name in _posts(clone)] == ["25", *days]


def test_a_site_that_cannot_be_built_is_not_paid_for(repository: Blog, upstream: Upstream) -> None:
    """The build fails with any post, and its host keeps nothing of it: it would be paid for in each one."""
    partials = repository.root / "layouts" / "_default" / "single.html"
    partials.write_text('{{ errorf "You need to install PostCSS" }}', encoding="utf-8")
    (repository.root / "content" / "mine.md").write_text("---\ntitle: x\n---\n", encoding="utf-8")
    _commit(repository, "needs npm")
    ran = _prebuild(_clone(repository, 1), upstream)
    assert ran.code == 0
    assert "You need to install PostCSS" in ran.err
    assert upstream.asked("claude") == []


DATED = {"GIT_COMMITTER_DATE": "2026-02-24T12:00:00Z", "GIT_AUTHOR_DATE": "2026-02-24T12:00:00Z"}


def _dated(repository: Blog) -> Blog:
    """A repository whose only commit is of 24 February, with no post in it, and the same home."""
    blog = Blog(repository.home / "dated", repository.home)
    shutil.copytree(repository.root, blog.root, ignore=shutil.ignore_patterns(".git"))
    for args in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "the tool"]):
        who = ["-c", "user.name=Ada Kiesel", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", "-C", str(blog.root), *who, *args], check=True, env={**blog.environ(), **DATED})
    return blog


@pytest.mark.parametrize(
    ("settings", "expected"),
    [({}, ["26", "27"]), ({"HUGO_PARAMS_LLMPAPERS_WEEKDAYS": "wed,fri"}, ["25", "27"]), ({"HUGO_PARAMS_LLMPAPERS_CATCHUP": "0"}, ["27"])],
)  # fmt: skip
def test_after_a_loss_the_last_days_are_written_again(
    repository: Blog, upstream: Upstream, settings: dict[str, str], expected: list[str]
) -> None:
    """By the day on which the tool came into the repository, as there is no post in it: each day once, on its weekdays."""
    dated = _dated(repository)
    settings = {"HUGO_PARAMS_LLMPAPERS_CATCHUP": "1" if not settings else "2", **settings, **EXCERPTS}
    settings["HUGO_PARAMS_LLMPAPERS_COUNT"] = "1"
    first = _clone(dated, 1)
    assert _prebuild(first, upstream, clock="2026-02-26T07:02:00+09:00", **settings).code == 0
    shutil.rmtree(repository.home / "cache")
    second = _clone(dated, 2)
    ran = _prebuild(second, upstream, **settings)
    assert ran.code == 0, ran.err
    assert "the cache was lost" in ran.err
    assert _posts(second) == [f"llm-papers-2026-02-{day}" for day in expected], ran.err
    third = _clone(dated, 3)
    assert "no post is due" in _prebuild(third, upstream, **settings).err
    assert _posts(third) == _posts(second)


def test_a_fresh_blog_is_not_billed_for_days_before_it(repository: Blog, upstream: Upstream) -> None:
    """An old blog gets the tool today: neither its age nor its own posts make up a day that was missed."""
    dated = _dated(repository)
    shutil.rmtree(dated.root)
    dated.root.mkdir()
    (dated.root / "hugo.toml").write_text('title = "Ada"\n', encoding="utf-8")
    (dated.root / "content" / "posts" / "2026-02-25").mkdir(parents=True)
    page = dated.root / "content" / "posts" / "2026-02-25" / "index.md"
    page.write_text("---\ntitle: mine\ndate: 2026-02-25\n---\nhttps://arxiv.org/abs/2602.00001\n", encoding="utf-8")
    for args in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "a blog"]):
        who = ["-c", "user.name=Ada Kiesel", "-c", "user.email=ada@example.org"]
        subprocess.run(["git", "-C", str(dated.root), *who, *args], check=True, env={**dated.environ(), **DATED})
    (dated.root / "netlify.toml").write_text('[[plugins]]\npackage = "./netlify/llm-papers"\n', encoding="utf-8")
    _commit(dated, "the tool")
    clone = _clone(dated, 1)
    ran = _prebuild(clone, upstream, **EXCERPTS)
    assert ran.code == 0, ran.err
    assert _posts(clone) == POSTS[:1]


@pytest.mark.skipif(os.name != "posix", reason="owners")
def test_a_git_that_refuses_brings_nothing_back(repository: Blog, upstream: Upstream) -> None:
    """A container of another user: what was deleted cannot be told. One line with the remedy; today's post is written."""
    first, second = _clone(repository, 1), _clone(repository, 2)
    where = {**EXCERPTS, "REPOSITORY_URL": "https://t:s@git.example/ada/blog"}
    for clone in (first, second):
        _git(clone, "remote", "set-url", "origin", "git@git.example:ada/blog.git")
    assert _prebuild(first, upstream, **where).code == 0
    ran = _prebuild(second, upstream, clock=SECOND, **where, GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert ran.code == 0
    assert _posts(second) == POSTS[1:]
    (line,) = [line for line in ran.err.splitlines() if "dubious ownership" in line]
    assert "No kept post is brought back" in line
    assert f"git config --global --add safe.directory {second.root}" in line
    strict = _prebuild(second, upstream, "--strict", clock=SECOND, **where, GIT_TEST_ASSUME_DIFFERENT_OWNER="1")
    assert strict.code == 3
    assert "1 post brought back" in _prebuild(second, upstream, clock=SECOND, **where).err

"""The build hook, in builds that begin with a fresh clone and a cache."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.tool import COMMAND, OFFLINE, Blog, Result, hugo_program, is_gone
from tests.upstream import Fault, Upstream

FIRST, SECOND = "2026-02-27T07:02:00+09:00", "2026-02-28T07:02:00+09:00"
POSTS = ["llm-papers-2026-02-27", "llm-papers-2026-02-28"]
EXCERPTS = {"HUGO_PARAMS_LLMPAPERS_SUMMARIZER": "excerpt"}
NETLIFY = {"NETLIFY": "true", "CONTEXT": "production", "CI": "true"}
SETTINGS = {"HUGO_PARAMS_LLMPAPERS_COUNT": "2", "HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}


@pytest.fixture
def repository(blog: Blog) -> Blog:
    """The site as a git repository; builds work on clones of it."""
    _git(blog, "init", "-q", "-b", "main")
    _commit(blog, "the blog")
    return blog


def _git(blog: Blog, *args: str) -> None:
    who = ["-c", "user.name=Ada Kiesel", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(blog.root), *who, *args], check=True, capture_output=True, env=blog.environ())


def _commit(blog: Blog, message: str) -> None:
    _git(blog, "add", "-A", "-f")
    _git(blog, "commit", "-q", "-m", message)


def _clone(repository: Blog, number: int) -> Blog:
    """A fresh one at another path, with the host's cache, which is the home's."""
    root = repository.home / f"build-{number}" / "repo"
    subprocess.run(
        ["git", "clone", "-q", str(repository.root), str(root)],
        check=True,
        capture_output=True,
        env=repository.environ(),
    )
    return Blog(root, repository.home)


def _prebuild(blog: Blog, upstream: Upstream, *args: str, clock: str = FIRST, **environ: str) -> Result:
    return blog.run("prebuild", *args, environ={**upstream.environ(), **NETLIFY, **SETTINGS, **environ}, clock=clock)


def _posts(blog: Blog) -> list[str]:
    return [name for name in blog.posts() if name.startswith(("llm-papers", "."))]


def _two_days(repository: Blog, upstream: Upstream) -> Blog:
    """The clone of the second day's build, before it."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    assert _posts(first) == POSTS[:1]
    return _clone(repository, 2)


def test_the_first_days_post_is_there_on_the_second(repository: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """Fresh clones, one cache: both posts, each paper once, Claude asked once for each."""
    second = _two_days(repository, upstream)
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0, ran.err
    assert _posts(second) == POSTS
    assert [Path(line).parent.name for line in ran.out.splitlines()] == POSTS
    assert "1 post brought back" in ran.err
    assert "was lost" not in ran.err
    assert len(upstream.asked("claude")) == 4
    text = "".join((second.post(name) / "index.md").read_text(encoding="utf-8") for name in POSTS)
    assert text.count("**arXiv ID**") == 4
    assert second.build(tmp_path / "public").code == 0
    again = _prebuild(second, upstream, clock=SECOND)
    assert (again.code, again.out) == (0, "")
    assert len(upstream.asked("claude")) == 4


def test_a_lost_cache_is_only_a_loss(repository: Blog, upstream: Upstream) -> None:
    """The second day's post is written all the same; the first one, still due, is written anew where it was missed."""
    second = _two_days(repository, upstream)
    shutil.rmtree(repository.home / "cache")
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0, ran.err
    assert _posts(second) == POSTS[1:]
    assert "the cache was lost, and with it each post that is not in the repository" in ran.err
    shutil.rmtree(repository.home / "cache")
    assert "was lost" not in _prebuild(second, upstream, clock=SECOND, NETLIFY="", CI="").err, "nothing is, on a laptop"


def test_a_missed_day_is_made_up_for(repository: Blog, upstream: Upstream) -> None:
    """Claude was down on the second day; the third day's build writes its own and the missed one."""
    second = _two_days(repository, upstream)
    upstream.faults["claude"] = Fault(
        529, b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'
    )
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0
    assert "Overloaded" in ran.err
    assert _posts(second) == POSTS[:1]
    upstream.faults.clear()
    third = _clone(repository, 3)
    ran = _prebuild(third, upstream, clock="2026-03-01T07:02:00+09:00")
    assert ran.code == 0
    assert _posts(third) == [*POSTS, "llm-papers-2026-03-01"]


def test_what_its_owner_deleted_stays_deleted(repository: Blog, upstream: Upstream) -> None:
    """Committed once and deleted by a commit: neither brought back nor written again."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    shutil.copytree(first.post(), repository.post())
    _commit(repository, "keep the post")
    shutil.rmtree(repository.post())
    _commit(repository, "not this one")
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0, ran.err
    assert _posts(second) == POSTS[1:]
    assert "it was deleted from the repository" in ran.err


def test_a_post_on_another_branch_was_not_deleted(repository: Blog, upstream: Upstream) -> None:
    """A pull request has it: the build of the main branch brings its own back."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    _git(repository, "switch", "-q", "-c", "proposal")
    shutil.copytree(first.post(), repository.post())
    _commit(repository, "keep the post")
    _git(repository, "switch", "-q", "main")
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream)
    assert "1 post brought back" in ran.err
    assert _posts(second) == POSTS[:1]


def test_a_post_that_is_there_is_never_touched(repository: Blog, upstream: Upstream) -> None:
    """The owner committed the first day's post and changed it."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    shutil.copytree(first.post(), repository.post())
    (repository.post() / "index.md").write_text(
        "---\ntitle: mine\nurl: llm-papers-2026-02-27\n---\nmine\n", encoding="utf-8"
    )
    _commit(repository, "my own words")
    second = _clone(repository, 2)
    assert _prebuild(second, upstream, clock=SECOND).code == 0
    assert (second.post() / "index.md").read_text(encoding="utf-8").endswith("mine\n")


def test_a_post_that_stands_elsewhere_stays_away(repository: Blog, upstream: Upstream) -> None:
    """Its papers are in a page of the owner's."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    text = (first.post() / "index.md").read_text(encoding="utf-8").replace("url: llm-papers-2026-02-27\n", "")
    (repository.root / "content" / "posts" / "mine.md").write_text(text, encoding="utf-8")
    _commit(repository, "moved")
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0
    assert POSTS[0] not in _posts(second)
    assert "mine.md has all its papers" in ran.err


def test_a_link_to_one_paper_takes_no_post_away(repository: Blog, upstream: Upstream) -> None:
    """The owner writes about one of yesterday's papers: yesterday's post comes back as it was, and none is paid for."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    before, asked = (first.post() / "index.md").read_bytes(), len(upstream.asked("claude"))
    paper = next(line for line in before.decode().splitlines() if "https://arxiv.org/abs/" in line)
    thoughts = repository.root / "content" / "posts" / "thoughts.md"
    thoughts.write_text(f"---\ntitle: thoughts\n---\n{paper}\n", encoding="utf-8")
    _commit(repository, "thoughts")
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream)
    assert ran.code == 0, ran.err
    assert "stays away" not in ran.err
    assert (second.post() / "index.md").read_bytes() == before
    assert len(upstream.asked("claude")) == asked


def test_a_kept_post_that_stays_away_is_not_written_anew(repository: Blog, upstream: Upstream) -> None:
    """The owner took all its papers over into a page of another day: nothing is due, what is kept stays as it is."""
    first = _clone(repository, 1)
    assert _prebuild(first, upstream).code == 0
    text = (first.post() / "index.md").read_text(encoding="utf-8").replace("url: llm-papers-2026-02-27\n", "")
    text = text.replace("2026-02-27", "2026-02-20") + "\nhttps://arxiv.org/abs/2602.21193\n"
    (repository.root / "content" / "posts" / "mine.md").write_text(text, encoding="utf-8")
    _commit(repository, "moved")
    (kept,) = (repository.home / "cache").rglob("bundles/*/llm-papers-*/files/index.md")
    before = kept.read_bytes()
    second = _clone(repository, 2)
    ran = _prebuild(second, upstream)
    assert "mine.md has all its papers" in ran.err
    assert "no post is due" in ran.err
    assert _posts(second) == []
    assert kept.read_bytes() == before


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda f: (f / "files" / "index.md").write_text("other", encoding="utf-8"), "index.md is not as it was put"),
        (lambda f: (f / "files" / "index.md").unlink(), "it is not whole"),
        (lambda f: (f / "manifest.json").write_text('{"version": 99}', encoding="utf-8"), "another version"),
        (lambda f: (f / "manifest.json").write_text('{"version": 1, "day": "2026-02-27", "files": {"../../x": ""}}'), "no name of ours"),
        (lambda f: (f / "manifest.json").write_bytes(b"\xff"), "it is not whole"),
    ],
)  # fmt: skip
def test_a_damaged_cache_is_said_and_ignored(repository: Blog, upstream: Upstream, damage: object, said: str) -> None:
    """One line each, never fatal."""
    second = _two_days(repository, upstream)
    (kept,) = (repository.home / "cache").rglob("bundles/*/llm-papers-*")
    assert callable(damage)
    damage(kept)
    ran = _prebuild(second, upstream, clock=SECOND)
    assert ran.code == 0, ran.err
    assert said in ran.err
    assert POSTS[1] in _posts(second)
    assert not list(repository.home.rglob("x"))


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
    assert "its archetype has no longer all the files" in _prebuild(third, upstream, **EXCERPTS).err
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


def test_a_forgotten_day_stays_away(repository: Blog, upstream: Upstream) -> None:
    """`cache forget` names it: neither brought back nor written again."""
    second = _two_days(repository, upstream)
    assert second.run("cache", "forget", "2026-02-27", clock=SECOND).code == 0
    assert _prebuild(second, upstream, clock=SECOND).code == 0
    assert _posts(second) == POSTS[1:]


@pytest.mark.parametrize(
    "environ",
    [
        {"NETLIFY": "true", "CONTEXT": "deploy-preview"},
        {"NETLIFY": "true", "CF_PAGES": "1", "CF_PAGES_BRANCH": "try"},
        {"NETLIFY": "", "GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request"},
    ],
)
def test_previews_are_left_alone(blog: Blog, upstream: Upstream, environ: Mapping[str, str]) -> None:
    """Nobody is asked, nothing is written; unless told to."""
    before = blog.fingerprint()
    ran = _prebuild(blog, upstream, **environ)
    assert (ran.code, ran.out) == (0, "")
    assert "a preview" in ran.err
    assert upstream.journal == []
    assert blog.fingerprint() == before
    assert _prebuild(blog, upstream, "--previews", **environ).code == 0
    assert blog.fingerprint() != before


@pytest.mark.parametrize(
    ("environ", "said", "code"),
    [
        ({"ANTHROPIC_API_KEY": ""}, "no Claude API key", 3),
        ({"HUGO_PARAMS_LLMPAPERS_COUNT": "many"}, "count", 3),
        ({"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "http://127.0.0.1:9", "HUGO_PARAMS_LLMPAPERS_SOURCES": "arxiv"}, "No source could be asked", 5),
    ],
)  # fmt: skip
def test_failures_never_break_a_build(
    blog: Blog, upstream: Upstream, environ: dict[str, str], said: str, code: int
) -> None:
    """Exit 0 with what is wrong, loud even when quiet; --strict makes it the exit code. The site stays as it is."""
    before = blog.fingerprint()
    ran = _prebuild(blog, upstream, "--quiet", **environ)
    assert (ran.code, ran.out) == (0, "")
    assert said in ran.err
    assert "The site is built as it is" in ran.err
    assert _prebuild(blog, upstream, "--strict", **environ).code == code
    assert blog.fingerprint() == before


def test_a_home_that_nobody_has_is_told(blog: Blog, upstream: Upstream) -> None:
    """As `cacheDir`: one line with what to do, no traceback."""
    where = {"HUGO_PARAMS_LLMPAPERS_CACHEDIR": "~nosuchuser/x"}
    ran = _prebuild(blog, upstream, **where)
    assert ran.code == 0
    assert "home folder that cannot be found" in ran.err
    assert "Traceback" not in ran.err
    assert _prebuild(blog, upstream, "--strict", **where).code == 3


def test_a_clock_at_the_beginning_of_the_calendar_ends_no_build(blog: Blog, upstream: Upstream) -> None:
    """Exit 0 and one line; --strict makes it a code."""
    ran = _prebuild(blog, upstream, clock="0001-01-01T00:00:00+00:00")
    assert ran.code == 0
    assert "Traceback" not in ran.err
    assert "is not a time" in ran.err
    assert "The site is built as it is" in ran.err
    assert _prebuild(blog, upstream, "--strict", clock="0001-01-01T00:00:00+00:00").code != 0


def test_without_a_key_a_post_that_is_there_is_no_failure(blog: Blog, upstream: Upstream) -> None:
    """A build of somebody who has no key lacks nothing then, strictly, too; the next day's post it does."""
    assert _prebuild(blog, upstream).code == 0
    asked = len(upstream.journal)
    ran = _prebuild(blog, upstream, "--strict", "--json", ANTHROPIC_API_KEY="")
    assert ran.code == 0, ran.err
    assert ran.json()["status"] == "already there"
    assert ran.json()["days"][0]["path"] == str(blog.post() / "index.md")
    assert len(upstream.journal) == asked
    ran = _prebuild(blog, upstream, "--strict", clock=SECOND, ANTHROPIC_API_KEY="")
    assert ran.code == 3
    assert "there is no Claude API key" in ran.err
    assert "no post of 2026-02-28" in ran.err


def test_a_package_that_is_half_installed_ends_no_build(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """What is raised where nobody expects it is told in one line, as any other failure is."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "anthropic.py").write_text("raise RuntimeError('half installed')\n", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path / "broken"), str(OFFLINE)))
    ran = _prebuild(blog, upstream, PYTHONPATH=path)
    assert ran.code == 0
    assert "RuntimeError: half installed" in ran.err
    assert "The site is built as it is" in ran.err
    assert "Traceback" not in ran.err
    assert _prebuild(blog, upstream, "--strict", PYTHONPATH=path).code == 1


def test_a_folder_that_is_named_like_a_configuration_is_none(blog: Blog, upstream: Upstream) -> None:
    """Hugo does without it, too."""
    (blog.root / "config" / "_default" / "x.toml").mkdir(parents=True)
    ran = _prebuild(blog, upstream)
    assert ran.code == 0
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("service", ["arxiv", "huggingface", "semanticscholar", "claude"])
def test_the_time_is_over(blog: Blog, upstream: Upstream, service: str) -> None:
    """A service hangs for longer than the budget: exit 0, nothing half, nothing left over, and a line that says so."""
    upstream.faults[service] = Fault(how="hang")
    ran = _prebuild(blog, upstream, HUGO_PARAMS_LLMPAPERS_TIMEBUDGET="10")
    assert ran.code == 0
    assert "the time is over" in ran.err
    assert _posts(blog) == []


def test_the_report(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """What happened, for machines; no secret in any of it."""
    ran = _prebuild(blog, upstream, "--report", str(tmp_path / "report.json"), "--json")
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report == ran.json()
    assert (report["status"], report["host"], report["preview"]) == ("written", "Netlify", None)
    assert [day["status"] for day in report["days"]] == ["written"]
    everything = ran.out + ran.err + (tmp_path / "report.json").read_text(encoding="utf-8")
    assert "sk-ant-test" not in everything


def test_a_report_that_cannot_be_written_is_no_failure(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """The post is what counts."""
    ran = _prebuild(blog, upstream, "--report", str(tmp_path / "no" / "report.json"))
    assert ran.code == 0
    assert "cannot be written" in ran.err
    assert _posts(blog) == POSTS[:1]


def test_where_nothing_is_kept_it_is_said(blog: Blog, upstream: Upstream) -> None:
    """Cloudflare throws all files away."""
    ran = _prebuild(blog, upstream, CF_PAGES="1", CF_PAGES_BRANCH="main")
    assert ran.code == 0
    assert "keeps nothing of a build for the next" in ran.err
    assert _posts(blog) == POSTS[:1]


def test_two_builds_at_once(repository: Blog, upstream: Upstream) -> None:
    """Sharing one cache: both have both posts."""
    _two_days(repository, upstream)
    clones = [_clone(repository, number) for number in (3, 4)]
    runs = [
        subprocess.Popen(
            [str(COMMAND), "prebuild", "--source", str(clone.root), "--clock", SECOND],
            env={**clone.environ(), **upstream.environ(), **NETLIFY, **SETTINGS}, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for clone in clones
    ]  # fmt: skip
    assert [(run.communicate(timeout=120), run.returncode)[1] for run in runs] == [0, 0]
    assert [_posts(clone) for clone in clones] == [POSTS, POSTS]


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
@pytest.mark.parametrize("command", ["config", "new"])
@pytest.mark.parametrize("where", ["file", "variable"])
def test_a_hanging_hugo_is_ended_in_time(
    blog: Blog, upstream: Upstream, tmp_path: Path, command: str, where: str
) -> None:
    """Also before the settings can be had from it; its child, which holds its output open, ends with it."""
    program, told = tmp_path / "stub" / "hugo", tmp_path / "pid"
    program.parent.mkdir()
    hang = f'sleep 1000 & echo $! > "{told}"; wait'
    program.write_text(f'#!/bin/sh\n[ "$1" = {command} ] && {{ {hang}; }}\nexec "{hugo_program()}" "$@"\n', "utf-8")
    program.chmod(0o755)
    environ = {"PATH": f"{program.parent}{os.pathsep}{blog.environ()['PATH']}"}
    if where == "variable":
        environ["HUGO_PARAMS_LLMPAPERS_TIMEBUDGET"] = "10"
    else:
        (blog.root / "config" / "_default").mkdir(parents=True, exist_ok=True)
        (blog.root / "config" / "_default" / "params.toml").write_text("[llmpapers]\ntimeBudget = 10\n", "utf-8")
    started = time.monotonic()
    ran = _prebuild(blog, upstream, **environ)
    assert ran.code == 0
    assert "the time is over after 1" in ran.err
    assert time.monotonic() - started < 20
    assert is_gone(int(told.read_text("utf-8")))

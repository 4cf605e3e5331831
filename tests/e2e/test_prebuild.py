"""The build hook, in builds that begin with a fresh clone and a cache."""

from __future__ import annotations

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
    assert "the cache was lost with all posts that are not in the repository" in ran.err
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
    assert "Claude is overloaded (HTTP 529)" in ran.err
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
    assert "left in the cache" not in ran.err
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
        (lambda f: (f / "files" / "index.md").write_text("other", encoding="utf-8"), "index.md was changed"),
        (lambda f: (f / "files" / "index.md").unlink(), "it is not complete"),
        (lambda f: (f / "manifest.json").write_text('{"version": 99}', encoding="utf-8"), "another version"),
        (lambda f: (f / "manifest.json").write_text('{"version": 1, "day": "2026-02-27", "files": {"../../x": ""}}'), "no name of ours"),
        (lambda f: (f / "manifest.json").write_bytes(b"\xff"), "it is not complete"),
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
        {"NETLIFY": "", "GITLAB_CI": "true", "CI_COMMIT_REF_NAME": "try", "CI_DEFAULT_BRANCH": "main"},
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
        ({"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "http://127.0.0.1:9", "HUGO_PARAMS_LLMPAPERS_SOURCES": "arxiv"}, "No source could be reached", 5),
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
    assert "is not a valid time" in ran.err
    assert "The site is built as it is" in ran.err
    assert _prebuild(blog, upstream, "--strict", clock="0001-01-01T00:00:00+00:00").code != 0


def test_without_a_key_a_post_that_is_there_is_no_failure(blog: Blog, upstream: Upstream) -> None:
    """A build of somebody who has no key lacks nothing then, strictly, too; the next day's post it does."""
    assert _prebuild(blog, upstream).code == 0
    asked = len(upstream.journal)
    ran = _prebuild(blog, upstream, "--strict", "--json", ANTHROPIC_API_KEY="")
    assert ran.code == 0, ran.err
    assert ran.json()["status"] == "already there"
    assert "hugo-llmpapers: the post of 2026-02-27 already exists." in ran.err
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
    assert "out of time after" in ran.err
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
    assert "out of time after 1" in ran.err
    assert time.monotonic() - started < 20
    assert is_gone(int(told.read_text("utf-8")))

"""The workflow for GitHub that we ship: its shell steps, in clones of a repository that somebody else pushes to."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.tool import Blog
from tests.upstream import Upstream
from tests.workflow import FIRST, KEY, POST, SECOND, TOKEN, Repository, program, repository

if os.name == "nt":
    pytest.skip("the runner is a Linux machine", allow_module_level=True)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """With one page, and a stand-in for the tool."""
    return repository(tmp_path)


@pytest.mark.figures
def test_the_days_post_is_committed_once(blog: Blog, upstream: Upstream) -> None:
    """By the tool itself, with just its files; the second run asks nobody and commits nothing. No key is to be seen."""
    repo = repository(blog.home, blog.root)
    environ = {**upstream.environ(), "HUGO_PARAMS_LLMPAPERS_COUNT": "2"}
    ran = repo.run(environ=environ)
    assert ran.code == 0, ran.log
    assert repo.log() == ["Add llm-papers-2026-02-27", "the blog"]
    changed = repo.git(repo.origin, "diff", "--name-only", "main~1", "main").splitlines()
    assert changed == [POST, *(POST.replace("index.md", f"paper_{n}.png") for n in (1, 2))]
    assert repo.git(repo.origin, "log", "-1", "--format=%an %cn", "main") == "github-actions[bot] github-actions[bot]"
    assert ran.outputs["write.cache.outputs.path"].endswith("llmpapers")
    assert f"/{POST}\n" in ran.summary and re.search(r"^    Claude: .* \$0\.\d+", ran.summary, re.MULTILINE)
    assert re.search(r"^     +1  .*\n {17}\w+ \d+\.\d", ran.summary, re.MULTILINE), ran.summary
    asked = len(upstream.journal)
    again = repo.run(schedule=SECOND, environ=environ)
    assert again.code == 0, again.log
    assert again.jobs["publish"] == "skipped"
    assert (len(upstream.journal), len(repo.log())) == (asked, 2)
    for text in (ran.log, again.log):
        assert KEY not in text and TOKEN not in text


def test_a_missing_key_is_no_post_of_excerpts(blog: Blog, upstream: Upstream) -> None:
    """A red run that says so, and nothing is pushed."""
    repo = repository(blog.home, blog.root)
    ran = repo.run(environ={**upstream.environ(), "ANTHROPIC_API_KEY": ""})
    assert ran.code == 3, ran.log
    assert "ANTHROPIC_API_KEY" in ran.log
    assert repo.log() == ["the blog"]


@pytest.mark.parametrize("times", [1, 4])
def test_who_pushes_meanwhile_keeps_their_commits(repo: Repository, times: int) -> None:
    """Between the post and the push, and then during each push: theirs all stay, ours is on top of them."""
    theirs = [f"Ada: notes/{n}.md" for n in range(times)]
    repo.ada_pushes("notes/start.md")
    repo.between["Push"] = lambda: repo.ada_pushes("notes/0.md")
    program(repo.origin / "hooks" / "pre-receive", _pushing(repo, first=1, until=times))
    ran = repo.run()
    assert ran.code == 0, ran.log
    assert repo.log() == ["Add llm-papers-2026-02-27", *theirs[::-1], "Ada: notes/start.md", "the blog"]
    assert POST in repo.files()
    assert ran.annotations("error") == []


def _pushing(repo: Repository, *, first: int, until: int) -> str:
    """A hook of the origin that has Ada push while the runner pushes."""
    return f"""#!/bin/bash
        [ -n "$GH_TOKEN" ] || exit 0
        export GH_TOKEN= GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=a@e.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=a@e.org
        unset GIT_DIR GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
        cd {repo.home / "ada"}
        n=$(cat {repo.home}/n 2>/dev/null || echo {first})
        [ "$n" -lt {until} ] || exit 0
        git fetch -q && git reset -q --hard origin/main && mkdir -p notes && echo x >notes/$n.md && git add notes
        git commit -q -m "Ada: notes/$n.md" && git push -q origin HEAD:main
        echo $((n + 1)) >{repo.home}/n
    """


def test_it_gives_up_in_the_end(repo: Repository) -> None:
    """Somebody is faster each time: five tries with growing pauses, a red run, nothing forced."""
    repo.ada_pushes("notes/start.md")
    program(repo.origin / "hooks" / "pre-receive", _pushing(repo, first=0, until=99))
    ran = repo.run()
    assert ran.code == 1
    (said,) = ran.annotations("error")
    assert "5 tries" in said and "run it again" in said
    assert repo.log() == [*(f"Ada: notes/{n}.md" for n in range(4, -1, -1)), "Ada: notes/start.md", "the blog"]
    assert (repo.home / "slept").read_text().split() == ["3", "6", "9", "12", "15"]


def test_another_post_of_that_day_stays(repo: Repository) -> None:
    """Somebody pushed the same file with other words: a red run that says whose stays, and nothing is forced."""
    repo.between["Push"] = lambda: repo.ada_pushes(POST, "mine\n")
    ran = repo.run()
    assert ran.code == 1
    (said,) = ran.annotations("error")
    assert said == "Somebody pushed another llm-papers-2026-02-27 to main meanwhile. Nothing was pushed; theirs stays."
    assert repo.log() == [f"Ada: {POST}", "the blog"]
    assert repo.git(repo.origin, "show", f"main:{POST}") == "mine"


def test_the_same_post_from_elsewhere_is_no_conflict(repo: Repository) -> None:
    """Somebody's laptop made the very same: it is there, and that was wanted."""
    repo.between["Push"] = lambda: repo.ada_pushes(POST, "post of 2026-02-27\n")
    ran = repo.run()
    assert ran.code == 0, ran.log
    assert repo.log() == [f"Ada: {POST}", "the blog"]


def test_a_branch_that_takes_no_pushes(repo: Repository) -> None:
    """A protected one is not asked five times; what to do is said."""
    program(
        repo.origin / "hooks" / "pre-receive", '#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n'
    )
    ran = repo.run()
    assert ran.code == 1
    (said,) = ran.annotations("error")
    assert "LLM_PAPERS_PULL_REQUEST" in said
    assert "GH006" in ran.log
    assert repo.log() == ["the blog"]
    assert len((repo.home / "slept").read_text().split()) == 1


_SOME = {"requiredApprovingReviewCount": 1, "requiredStatusCheckContexts": ["build"], "requiresSignatures": True}
_NONE: dict[str, object] = {
    "requiredApprovingReviewCount": None,
    "requiredStatusCheckContexts": [],
    "requiresSignatures": False,
}


@pytest.mark.parametrize(
    ("rules", "classic", "named"),
    [
        (["deletion", "pull_request", "non_fast_forward"], None, "pull_request"),
        (["update", "required_signatures"], None, "required_signatures update"),
        (["merge_queue", "workflows", "required_status_checks"], None, "merge_queue required_status_checks workflows"),
        ([], _SOME, "pull_request required_signatures required_status_checks"),
        (["creation", "deletion", "non_fast_forward", "required_linear_history"], None, ""),
        ([], _NONE, ""),
        ([], {**_NONE, "requiredApprovingReviewCount": 0}, ""),
    ],
)
def test_a_branch_whose_rules_refuse_pushes(
    repo: Repository, rules: list[str], classic: dict[str, object] | None, named: str
) -> None:
    """By a ruleset or by classic protection: a red run before the tool is asked. Rules that stop no push stop nothing."""
    repo.rules("main", rules, classic)
    ran = repo.run()
    errors = ran.annotations("error")
    assert (ran.code, ran.jobs["write"]) == ((1, "skipped") if named else (0, "success")), ran.log
    assert [f"by its rules: {named}. " in error and "LLM_PAPERS_PULL_REQUEST" in error for error in errors] == (
        [True] if named else []
    )
    assert (repo.home / "asked-tool").exists() is not bool(named)


def test_rules_that_cannot_be_read_are_left_to_the_push(repo: Repository) -> None:
    """GitHub does not tell them for every repository; it is not said as an error."""
    (repo.home / "no-rules").touch()
    ran = repo.run()
    assert ran.code == 0, ran.log
    assert ran.annotations("error") == [] and "not accessible" not in ran.log


@pytest.mark.parametrize(
    ("code", "schedule", "ends"),
    [(1, FIRST, 1), (2, "", 2), (3, FIRST, 3), (5, FIRST, 0), (5, SECOND, 5), (5, "", 5), (130, FIRST, 130)],
)
def test_exit_codes(repo: Repository, code: int, schedule: str, ends: int) -> None:
    """All are red, but for services that are down where the day has a second run: a warning. Nothing is ever pushed."""
    ran = repo.run(schedule=schedule, environ={"STUB_CODE": str(code)})
    assert ran.code == ends
    assert len(ran.annotations("warning")) == (ends != code)
    assert "told on stderr" in ran.log and "    hugo-llmpapers: told on stderr" in ran.summary
    assert repo.log() == ["the blog"]


def test_nothing_to_publish_is_no_commit(repo: Repository) -> None:
    """Exit code 0 without a path."""
    ran = repo.run(environ={"STUB_NOTHING": "1"})
    assert (ran.code, ran.jobs["publish"], repo.log()) == (0, "skipped", ["the blog"])


def test_what_was_deleted_stays_deleted(repo: Repository) -> None:
    """By the next scheduled run; one by hand brings it back."""
    assert repo.run().code == 0
    repo.ada_pushes(POST, "")
    ran = repo.run(schedule=SECOND)
    assert ran.code == 0, ran.log
    assert "stays deleted" in ran.annotations("notice")[0]
    assert POST not in repo.files()
    assert repo.run(schedule="", date="2026-02-27").code == 0
    assert POST in repo.files()


def test_a_tag_gets_no_post(repo: Repository) -> None:
    """It is told before anything costs."""
    ran = repo.run(schedule="", tag=True)
    assert ran.code == 1 and "on a branch" in ran.annotations("error")[0]
    assert not (repo.home / "asked-tool").exists()


def test_forks_write_no_posts_by_themselves(repo: Repository) -> None:
    """By hand they do."""
    ran = repo.run(fork=True)
    assert (ran.code, set(ran.jobs.values())) == (0, {"skipped"})
    assert repo.run(fork=True, schedule="").jobs["publish"] == "success"


def test_what_ada_adds_to_the_post_is_hers(repo: Repository) -> None:
    """Her words and her photograph: the second run leaves them, and is not red."""
    assert repo.run().code == 0
    repo.ada_pushes(POST, "mine")
    repo.ada_pushes(POST.replace("index.md", "photo.jpg"))
    ran = repo.run(schedule=SECOND)
    assert (ran.code, ran.jobs["publish"]) == (0, "skipped")


def test_a_site_below_its_repository(repo: Repository) -> None:
    """Two lines say where it is; without the second, nothing is published and the line is named."""
    repo.ada_pushes("web/site/hugo.toml")
    repo.variables = {"SITE": "web/site"}
    ran = repo.run()
    assert ran.code == 1 and "Set CONTENT" in ran.annotations("error")[0]
    repo.variables["CONTENT"] = "web/site/content"
    assert repo.run().code == 0
    assert repo.git(repo.origin, "diff", "--name-only", "main~1", "main") == f"web/site/{POST}"


def test_names_in_any_script_and_both_languages(repo: Repository) -> None:
    """A section in Japanese with spaces; the tool prints a path for each language."""
    evil = """mkdir -p "content/論文 と 記事/llm-papers-2026-02-27"; folder=$PWD/content/"論文 と 記事"/llm-papers-2026-02-27
        echo x >"$folder/index.md"; echo x >"$folder/paper_1.webp" """
    ran = repo.run(environ={"STUB_EVIL": evil, "STUB_SECOND": "1"})
    assert ran.code == 0, ran.log
    changed = repo.git(repo.origin, "-c", "core.quotePath=false", "diff", "--name-only", "main~1", "main").splitlines()
    folder = "content/論文 と 記事/llm-papers-2026-02-27"
    assert changed == [f"{folder}/{name}" for name in ("index.en.md", "index.md", "paper_1.webp")]

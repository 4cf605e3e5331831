"""The workflow for GitHub that we ship, where it opens pull requests."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.tool import installed
from tests.workflow import BRANCH, POST, Repository, repository, steps

if os.name == "nt":
    pytest.skip("the runner is a Linux machine", allow_module_level=True)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """With one page, and a stand-in for the tool."""
    return repository(tmp_path)


def test_a_pull_request_is_opened(repo: Repository) -> None:
    """From a branch of that day; the site's own branch stays as it is."""
    ran = repo.run(pull_request=True, date="2026-02-27")
    assert ran.code == 0, ran.log
    assert repo.log() == ["the blog"]
    assert repo.log(BRANCH) == ["Add llm-papers-2026-02-27", "the blog"]
    ((*_, title, _, body),) = repo.asked_gh("create")
    assert repo.asked_gh("create")[0][:6] == ["pr", "create", "--base", "main", "--head", BRANCH]
    assert title == "LLM papers: 2026-02-27" and "hugo-llmpapers" in body
    again = repo.run(pull_request=True, date="2026-02-27")
    assert again.code == 0, again.log
    assert len(repo.asked_gh("create")) == 1
    assert repo.log(BRANCH) == ["Add llm-papers-2026-02-27", "the blog"]


def test_the_next_day_goes_on_with_it(repo: Repository) -> None:
    """On top of the open one and of what came to the site meanwhile, and of what somebody adds to it in that moment."""
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
    repo.ada_pushes("notes/a.md")
    repo.between["Push"] = lambda: repo.ada_pushes("notes/b.md", branch=BRANCH)
    ran = repo.run(pull_request=True, date="2026-02-28", environ={"STUB_DAY": "2026-02-28"})
    assert ran.code == 0, ran.log
    assert [file for file in repo.files(BRANCH) if "llm-papers" in file] == [POST, POST.replace("27", "28")]
    assert repo.log(BRANCH)[:2] == ["Add llm-papers-2026-02-28", "Ada: notes/b.md"]
    assert len(repo.asked_gh("create")) == 1
    assert repo.log() == ["Ada: notes/a.md", "the blog"]


@pytest.mark.parametrize(
    ("rules", "there", "code"), [(["creation"], False, 1), (["pull_request"], False, 0), (["pull_request"], True, 1)]
)
def test_rules_for_the_pull_requests_branch(repo: Repository, rules: list[str], there: bool, code: int) -> None:
    """Those of the site's branch do not matter. A branch that is yet to come can only be refused as a new one."""
    repo.rules("main", ["pull_request"])
    if there:
        assert repo.run(pull_request=True, date="2026-02-27").code == 0
    for day in ("27", "28"):
        repo.rules(BRANCH.replace("27", day), rules)
    ran = repo.run(pull_request=True, date="2026-02-28", environ={"STUB_DAY": "2026-02-28"})
    assert ran.code == code, ran.log
    assert ran.jobs["write"] == ("skipped" if code else "success")


@pytest.mark.parametrize(("state", "said"), [("CLOSED", "reopen it"), ("MERGED", "in mode commit")])
def test_a_settled_day_is_left_alone(repo: Repository, state: str, said: str) -> None:
    """Its pull request was merged or closed: the tool is not even asked. A stranger's fork settles nothing."""
    repo.pulls((state, BRANCH, False))
    ran = repo.run(pull_request=True, date="2026-02-27")
    assert (ran.code, ran.jobs["write"]) == (0, "skipped")
    (notice,) = ran.annotations("notice")
    assert state.lower() in notice and said in notice
    assert not (repo.home / "asked-tool").exists()
    repo.pulls((state, BRANCH, True), ("OPEN", BRANCH, True))
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
    assert len(repo.asked_gh("create")) == 1


def test_ours_is_found_among_many(repo: Repository) -> None:
    """Forty newer ones of others are open."""
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
    repo.pulls(*(("OPEN", f"idea-{n}", False) for n in range(40)), ("OPEN", BRANCH, False))
    assert repo.run(pull_request=True, date="2026-02-28", environ={"STUB_DAY": "2026-02-28"}).code == 0
    assert [file for file in repo.files(BRANCH) if "llm-papers" in file] == [POST, POST.replace("27", "28")]
    assert len(repo.asked_gh("create")) == 1


def test_a_pull_request_that_could_not_be_opened(repo: Repository) -> None:
    """Red, with where to allow it; the next run opens it for the post that is there."""
    (repo.home / "no-pulls").touch()
    ran = repo.run(pull_request=True, date="2026-02-27")
    assert ran.code == 1
    assert "Allow Actions" in ran.annotations("error")[0]
    assert POST in repo.files(BRANCH)
    (repo.home / "no-pulls").unlink()
    ran = repo.run(pull_request=True, date="2026-02-27")
    assert ran.code == 0, ran.log
    assert repo.log(BRANCH) == ["Add llm-papers-2026-02-27", "the blog"]
    assert len(repo.asked_gh("create")) == 2


def test_a_pull_request_that_has_become_impossible(repo: Repository) -> None:
    """It conflicts with what came to the site: the tool is not asked, and who must decide is told."""
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
    repo.ada_pushes(POST, "mine\n")
    ran = repo.run(pull_request=True, date="2026-02-28", environ={"STUB_DAY": "2026-02-28"})
    assert ran.code == 1
    assert ran.annotations("error") == [
        f"{BRANCH} conflicts with main. Merge or close its pull request; nothing was written."
    ]
    assert repo.log(BRANCH) == ["Add llm-papers-2026-02-27", "the blog"]


@pytest.mark.parametrize(("variable", "wanted"), [("OPEN", "llm-papers/y"), ("OURS", "2"), ("STATE", "MERGED")])
def test_the_filters_mean_what_the_stand_in_does(variable: str, wanted: str) -> None:
    """By jq itself."""
    rows = """[
        {"isCrossRepository": true, "headRefName": "llm-papers/x", "state": "CLOSED"},
        {"isCrossRepository": false, "headRefName": "llm-papers/y", "state": "MERGED"},
        {"isCrossRepository": false, "headRefName": "z", "state": "CLOSED"}
    ]"""
    expression = next(step["env"][variable] for step in steps() if variable in step.get("env", {}))
    command = [installed("jq"), "-r", expression]
    done = subprocess.run(command, input=rows, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == wanted
    none = subprocess.run(command, input="[]", capture_output=True, encoding="utf-8", check=True)
    assert none.stdout.strip() == ("0" if variable == "OURS" else "")

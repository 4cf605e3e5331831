"""The workflow for GitHub that we ship, where it opens pull requests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.workflow import BRANCH, POST, Repository, repository

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


@pytest.mark.parametrize(
    "branch", ["llm-papers/new-archetype", "llm-papers/2026-02-27-x", "ideas/llm-papers/2026-02-27"]
)
def test_another_branch_gets_no_posts(repo: Repository, branch: str) -> None:
    """Somebody's own one whose name is only like ours, with an open pull request."""
    repo.ada_pushes("layouts/a.html")
    repo.git(repo.origin, "branch", branch, "main")
    repo.pulls(("OPEN", branch, False))
    ran = repo.run(pull_request=True, date="2026-02-27")
    assert ran.code == 0, ran.log
    assert ran.outputs["plan.branch.outputs.branch"] == BRANCH
    assert POST not in repo.files(branch)


def test_a_pull_request_that_changes_more_than_posts_gets_no_keys(repo: Repository) -> None:
    """What it brings would run beside them: the tool is not asked. What its owner adds to a post does no harm."""
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
    repo.ada_pushes(POST.replace("index.md", "photo.jpg"), branch=BRANCH)
    tomorrow = {"STUB_DAY": "2026-02-28"}
    assert repo.run(pull_request=True, date="2026-02-28", environ=tomorrow).code == 0
    repo.ada_pushes(".github/llm-papers/requirements.txt", branch=BRANCH)
    before = (repo.home / "asked-tool").read_text()
    ran = repo.run(pull_request=True, date="2026-03-01", environ={"STUB_DAY": "2026-03-01"})
    assert ran.code == 1
    assert ran.annotations("error") == [
        f"{BRANCH} changes more than posts. Merge or close its pull request; nothing was written."
    ]
    assert (repo.home / "asked-tool").read_text() == before


def test_posts_that_were_refused_today_do_not_come_back(repo: Repository) -> None:
    """The pull request of an earlier day had them, too; by hand there is another one."""
    repo.pulls(("CLOSED", BRANCH.replace("27", "25"), False))
    ran = repo.run(pull_request=True)
    assert (ran.code, ran.jobs["write"]) == (0, "skipped")
    assert "was closed today" in ran.annotations("notice")[0]
    assert repo.run(pull_request=True, schedule="", environ={"STUB_DAY": "2026-02-27"}).code == 0
    assert POST in repo.files(BRANCH)


def test_a_tag_is_not_taken_for_the_branch(repo: Repository) -> None:
    """Whoever may push one, and not to the branch, gets nothing into it that way."""
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
    repo.ada_pushes("notes/a.md")
    eve = repo.home / "eve"
    repo.git(repo.home, "clone", "-q", str(repo.origin), str(eve))
    (eve / "evil.html").write_text("x")
    repo.git(eve, "add", "-A")
    repo.git(eve, "commit", "-q", "-m", "evil")
    repo.git(eve, "tag", "origin/main")
    repo.git(eve, "push", "-q", "origin", "refs/tags/origin/main")
    ran = repo.run(pull_request=True, date="2026-02-28", environ={"STUB_DAY": "2026-02-28"})
    assert ran.code == 0, ran.log
    assert "evil" not in repo.git(repo.origin, "log", "--format=%s", BRANCH)
    assert repo.run(schedule="", date="2026-02-28").code == 0
    assert "evil" not in repo.git(repo.origin, "log", "--format=%s", "main")

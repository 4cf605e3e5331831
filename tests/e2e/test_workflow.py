"""The workflow for GitHub that we ship: its shell steps, in clones of a repository that somebody else pushes to."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hugo_llmpapers import __version__
from tests.tool import Blog, installed
from tests.upstream import Upstream
from tests.workflow import FILE, FIRST, KEY, SECOND, TOKEN, Repository, document, program, repository, steps

if os.name == "nt":
    pytest.skip("the runner is a Linux machine", allow_module_level=True)

POST = "content/posts/llm-papers-2026-02-27/index.md"
BRANCH = "llm-papers/2026-02-27"


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """With one page, and a stand-in for the tool."""
    return repository(tmp_path)


@pytest.mark.parametrize("tagged", [False, True])
def test_actionlint_finds_nothing(tmp_path: Path, tagged: bool) -> None:
    """Nor does shellcheck in the scripts. By tag, it knows what each action takes, too."""
    actionlint = Path(sys.executable).with_name("actionlint")
    if not actionlint.exists() and not os.environ.get("CI"):
        pytest.skip("actionlint is not installed")
    text = FILE.read_text(encoding="utf-8")
    file = tmp_path / ".github" / "workflows" / "llm-papers.yml"
    file.parent.mkdir(parents=True)
    file.write_text(re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", text) if tagged else text, encoding="utf-8")
    shellcheck = str(Path(sys.executable).with_name("shellcheck"))
    done = subprocess.run(
        [str(actionlint), "-shellcheck", shellcheck, str(file)], capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    file.write_text(text.replace('"$BASE"', "$BASE").replace("${{ github.ref_name }}", "${{ github.ref_nam }}"))
    found = subprocess.run(
        [str(actionlint), "-shellcheck", shellcheck, str(file)], capture_output=True, encoding="utf-8"
    )
    assert "ref_nam" in found.stdout and "SC2086" in found.stdout


def test_it_can_do_no_more_than_it_must() -> None:
    """Actions by commit with their version, no expression in a script, the keys in one step, the token in two."""
    text = FILE.read_text(encoding="utf-8")
    uses = re.findall(r"uses: (.+)", text)
    assert len(uses) == 4
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in uses)
    assert document()["permissions"] == {}
    assert document()["jobs"]["post"]["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert not any("${{" in step.get("run", "") for step in steps())
    assert [step["name"] for step in steps() if "ANTHROPIC_API_KEY" in step.get("env", {})] == ["Write the post"]
    with_token = [step["name"] for step in steps() if "GH_TOKEN" in step.get("env", {})]
    assert with_token == ["Go on with the open pull request, or begin a branch", "Publish"]
    assert steps()[0]["with"]["persist-credentials"] is False
    assert f"'hugo-llmpapers=={__version__}'" in text


def test_its_times_are_those_of_japan() -> None:
    """In the comments, too; the first run of a day knows that another one follows."""
    crons = re.findall(r'cron: "(\d+) (\d+) \* \* \*" # (\d\d):(\d\d) in Japan', FILE.read_text(encoding="utf-8"))
    assert [((int(hour) + 9) % 24, int(minute)) for minute, hour, *_ in crons] == [
        (int(h), int(m)) for *_, h, m in crons
    ]
    assert [entry["cron"] for entry in document()["on"]["schedule"]] == [FIRST, SECOND]
    assert next(step["env"]["FIRST"] for step in steps() if step.get("name") == "Write the post") == FIRST


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
    assert ran.outputs["prepare.cache"].endswith("llmpapers")
    asked = len(upstream.journal)
    again = repo.run(schedule=SECOND, environ=environ)
    assert again.code == 0, again.log
    assert "nothing new to commit" in again.log
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
    repo.between["Publish"] = lambda: repo.ada_pushes("notes/0.md")
    ran = repo.run(hooks={"pre-push": _pushing(repo, first=1, until=times)})
    assert ran.code == 0, ran.log
    assert repo.log() == ["Add llm-papers-2026-02-27", *theirs[::-1], "Ada: notes/start.md", "the blog"]
    assert POST in repo.files()
    assert ran.annotations("error") == []


def _pushing(repo: Repository, *, first: int, until: int) -> str:
    """A hook that has Ada push while the runner pushes."""
    ada = repo.home / "ada"
    return f"""
        unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
        cd {ada}
        n=$(cat {repo.home}/n 2>/dev/null || echo {first})
        [ "$n" -lt {until} ] || exit 0
        mkdir -p notes && echo x >notes/$n.md && git fetch -q && git reset -q --hard origin/main
        echo x >notes/$n.md && git add notes
        GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=a@e.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=a@e.org \\
            git commit -q -m "Ada: notes/$n.md" && git push -q origin HEAD:main
        echo $((n + 1)) >{repo.home}/n
    """


def test_it_gives_up_in_the_end(repo: Repository) -> None:
    """Somebody is faster each time: five tries with growing pauses, a red run, nothing forced."""
    repo.ada_pushes("notes/start.md")
    ran = repo.run(hooks={"pre-push": _pushing(repo, first=0, until=99)})
    assert ran.code == 1
    (said,) = ran.annotations("error")
    assert "5 tries" in said and "run it again" in said
    assert repo.log() == [*(f"Ada: notes/{n}.md" for n in range(4, -1, -1)), "Ada: notes/start.md", "the blog"]
    assert (repo.home / "slept").read_text().split() == ["3", "6", "9", "12", "15"]


def test_another_post_of_that_day_stays(repo: Repository) -> None:
    """Somebody pushed the same file with other words: a red run that says whose stays, and nothing is forced."""
    repo.between["Publish"] = lambda: repo.ada_pushes(POST, "mine\n")
    ran = repo.run()
    assert ran.code == 1
    (said,) = ran.annotations("error")
    assert said == "Somebody pushed another llm-papers-2026-02-27 to main meanwhile. Nothing was pushed; theirs stays."
    assert repo.log() == [f"Ada: {POST}", "the blog"]
    assert repo.git(repo.origin, "show", f"main:{POST}") == "mine"


def test_the_same_post_from_elsewhere_is_no_conflict(repo: Repository) -> None:
    """Somebody's laptop made the very same: it is there, and that was wanted."""
    repo.between["Publish"] = lambda: repo.ada_pushes(POST, "post of 2026-02-27\n")
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


@pytest.mark.parametrize(
    ("code", "schedule", "ends"),
    [(1, FIRST, 1), (2, "", 2), (3, FIRST, 3), (5, FIRST, 0), (5, SECOND, 5), (5, "", 5), (130, FIRST, 130)],
)
def test_exit_codes(repo: Repository, code: int, schedule: str, ends: int) -> None:
    """All are red, but for services that are down where the day has a second run: a warning. Nothing is ever pushed."""
    ran = repo.run(schedule=schedule, environ={"STUB_CODE": str(code)})
    assert ran.code == ends
    assert len(ran.annotations("warning")) == (ends != code)
    assert "told on stderr" in ran.log
    assert repo.log() == ["the blog"]


def test_nothing_to_publish_is_no_commit(repo: Repository) -> None:
    """Exit code 0 without a path."""
    ran = repo.run(environ={"STUB_NOTHING": "1"})
    assert (ran.code, repo.log()) == (0, ["the blog"])
    assert "nothing new to commit" in ran.log


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


@pytest.mark.parametrize("date", ["$(touch hit)", "--source=/", "x; touch hit", "`touch hit`"])
def test_the_date_is_only_a_word(repo: Repository, date: str) -> None:
    """Whatever stands in it reaches the tool as its one argument."""
    assert repo.run(date=date, schedule="").code == 0
    assert (repo.home / "asked-tool").read_text().splitlines() == ["new", "--", date]
    assert not list(repo.home.rglob("hit"))
    assert repo.run(date=date, schedule="", pull_request=True).code != 0
    assert not list(repo.home.rglob("hit"))


def test_the_token_stands_nowhere(repo: Repository) -> None:
    """git asks for it when it pushes, and gives it to GitHub only."""
    repo.run()
    clone = repo.home / "run-1" / "repo"
    assert TOKEN not in (clone / ".git" / "config").read_text(encoding="utf-8")
    for host, known in (("github.com", True), ("example.org", False)):
        done = subprocess.run(
            ["git", "-C", str(clone), "credential", "fill"], input=f"protocol=https\nhost={host}\n\n",
            env={**repo.environ(), "GH_TOKEN": TOKEN, "GIT_ASKPASS": "true"}, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        assert (f"password={TOKEN}" in done.stdout) is known


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
    repo.between["Publish"] = lambda: repo.ada_pushes("notes/b.md", branch=BRANCH)
    ran = repo.run(pull_request=True, date="2026-02-28", environ={"STUB_DAY": "2026-02-28"})
    assert ran.code == 0, ran.log
    assert [file for file in repo.files(BRANCH) if "llm-papers" in file] == [POST, POST.replace("27", "28")]
    assert repo.log(BRANCH)[:2] == ["Add llm-papers-2026-02-28", "Ada: notes/b.md"]
    assert len(repo.asked_gh("create")) == 1
    assert repo.log() == ["Ada: notes/a.md", "the blog"]


@pytest.mark.parametrize("state", ["CLOSED", "MERGED"])
def test_a_settled_day_is_left_alone(repo: Repository, state: str) -> None:
    """Its pull request was merged or closed: the tool is not even asked. A stranger's fork settles nothing."""
    repo.pulls((state, BRANCH, False))
    ran = repo.run(pull_request=True, date="2026-02-27")
    assert ran.code == 0
    assert "reopen it" in ran.annotations("notice")[0]
    assert not (repo.home / "asked-tool").exists()
    repo.pulls((state, BRANCH, True), ("OPEN", BRANCH, True))
    assert repo.run(pull_request=True, date="2026-02-27").code == 0
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


def test_the_filters_mean_what_the_stand_in_does() -> None:
    """By jq itself."""
    rows = '[{"isCrossRepository": true, "headRefName": "llm-papers/x"}, {"isCrossRepository": false, "headRefName": "llm-papers/y"}, {"isCrossRepository": false, "headRefName": "z"}]'
    text = FILE.read_text(encoding="utf-8")
    ours = steps()[-1]["env"]["OURS"]
    names = re.search(r"'(\.\[\] .+)'\)", text)
    assert names is not None
    for expression, wanted in ((ours, "2"), (names[1], "llm-papers/y")):
        done = subprocess.run(
            [installed("jq"), "-r", expression], input=rows, capture_output=True, encoding="utf-8", check=True
        )
        assert done.stdout.strip() == wanted

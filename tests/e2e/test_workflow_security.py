"""The workflow for GitHub that we ship: what each job may do, and what somebody who takes over the one with the keys cannot."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from hugo_llmpapers import __version__
from tests.workflow import (
    FILE,
    FIRST,
    LOCK,
    POST,
    SECOND,
    TOKEN,
    Repository,
    document,
    program,
    repository,
    step,
    steps,
)

if os.name == "nt":
    pytest.skip("the runner is a Linux machine", allow_module_level=True)


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    """With one page, and a stand-in for the tool."""
    return repository(tmp_path)


def _linted(*command: str) -> tuple[int, str]:
    """Exit code and output of a program of this environment; without it the test is skipped, and fails in CI."""
    name = Path(sys.executable).with_name(command[0])
    if not name.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{command[0]} is not installed")
    done = subprocess.run([str(name), *command[1:]], capture_output=True, encoding="utf-8")
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("tagged", [False, True])
def test_actionlint_finds_nothing(tmp_path: Path, tagged: bool) -> None:
    """Nor does shellcheck in the scripts. By tag, it knows what each action takes, too."""
    shellcheck = str(Path(sys.executable).with_name("shellcheck"))
    text = FILE.read_text(encoding="utf-8")
    file = tmp_path / ".github" / "workflows" / "llm-papers.yml"
    file.parent.mkdir(parents=True)
    file.write_text(re.sub(r"@[0-9a-f]{40} # (v\d+)\S*", r"@\1", text) if tagged else text, encoding="utf-8")
    assert _linted("actionlint", "-shellcheck", shellcheck, str(file)) == (0, "")
    file.write_text(
        text.replace('"$BRANCH" --limit', "$BRANCH --limit").replace("${{ github.ref_name }}", "${{ github.ref_nam }}")
    )
    _, found = _linted("actionlint", "-shellcheck", shellcheck, str(file))
    assert "ref_nam" in found and "SC2086" in found


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    """Not even what it calls pedantic."""
    zizmor = ("zizmor", "--offline", "--no-config", "--persona", "pedantic", "--no-progress", "--quiet")
    code, found = _linted(*zizmor, str(FILE))
    assert code == 0, found
    text = FILE.read_text(encoding="utf-8").replace("permissions: {}", "permissions: write-all")
    (tmp_path / "llm-papers.yml").write_text(text, encoding="utf-8")
    code, found = _linted(*zizmor, str(tmp_path / "llm-papers.yml"))
    assert code != 0 and "excessive-permissions" in found


def test_each_job_can_do_no_more_than_it_must() -> None:
    """Actions by commit with their version, no expression in a script; who has keys or runs programs cannot write."""
    text, jobs = FILE.read_text(encoding="utf-8"), document()["jobs"]
    uses = re.findall(r"uses: (.+)", text)
    assert len(uses) == 7
    assert all(re.fullmatch(r"actions/[a-z/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one) for one in uses)
    assert document()["permissions"] == {}
    assert {name: job["permissions"] for name, job in jobs.items()} == {
        "plan": {"contents": "read", "pull-requests": "read"},
        "write": {"contents": "read"},
        "publish": {"contents": "write"},
        "pull-request": {"contents": "read", "pull-requests": "write"},
    }
    assert [name for name, job in jobs.items() if "secrets." in str(job)] == ["write"]
    assert [name for name, job in jobs.items() if "environment" in job] == ["write"]
    assert [name for name, job in jobs.items() if re.search("pip|python|hugo-llmpapers [a-z]", str(job["steps"]))] == [
        "write"
    ]
    assert "github.token" not in str(jobs["write"])
    assert [step["name"] for step in jobs["publish"]["steps"] if "GH_TOKEN" in step.get("env", {})] == ["Push"]
    assert [step["name"] for step in steps() if "ANTHROPIC_API_KEY" in step.get("env", {})] == ["Write the post"]
    assert not any("${{" in step.get("run", "") for step in steps())
    checkouts = [step["with"] for step in steps() if "checkout" in step.get("uses", "")]
    assert [checkout["persist-credentials"] for checkout in checkouts] == [False, False]
    assert "submodules" not in checkouts[1]
    assert step("Write the post")["timeout-minutes"] < jobs["write"]["timeout-minutes"]


def test_what_is_installed_has_a_hash(repo: Repository) -> None:
    """But the tool itself, whose package holds the list. The list has all that the tool needs, in versions that it takes."""
    assert repo.run().code == 0
    locked, tool = (repo.home / "asked-python").read_text().splitlines()
    assert (
        locked
        == "-P -m pip install --quiet --require-hashes --only-binary :all: -r .github/llm-papers/requirements.txt"
    )
    assert tool == f"-P -m pip install --quiet --no-deps --only-binary :all: hugo-llmpapers=={__version__}"
    lines = [line for line in LOCK.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    found = [re.fullmatch(r"([\w.-]+)==(\S+) --hash=sha256:[0-9a-f]{64}", line) for line in lines]
    assert all(found)
    versions = {canonicalize_name(one[1]): one[2] for one in found if one}
    assert "hugo-llmpapers" not in versions
    metadata = tomllib.loads((FILE.parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*metadata["dependencies"], *metadata["optional-dependencies"]["hugo"]]:
        requirement = Requirement(line)
        if requirement.marker is None:
            assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)]), line


def test_its_times_are_those_of_japan() -> None:
    """The first run of a day knows that another one follows. Runs that wait are kept, up to a hundred.

    https://github.blog/changelog/2026-05-07-github-actions-concurrency-groups-now-allow-larger-queues
    """
    assert document()["concurrency"] == {"group": "llm-papers", "cancel-in-progress": False, "queue": "max"}
    assert document()["on"]["schedule"] == [
        {"cron": FIRST, "timezone": "Asia/Tokyo"},
        {"cron": SECOND, "timezone": "Asia/Tokyo"},
    ]
    assert document()["env"]["TZ"] == "Asia/Tokyo"
    assert step("Write the post")["env"]["FIRST"] == FIRST


@pytest.mark.parametrize("date", ["$(touch hit)", "--source=/", "x; touch hit", "`touch hit`", "2026-02-27\ntoday"])
def test_the_date_is_a_date(repo: Repository, date: str) -> None:
    """Anything else ends the run before it costs something."""
    ran = repo.run(date=date, schedule="", pull_request=True)
    assert ran.code == 1 and "Write it as 2026-02-27" in ran.annotations("error")[0]
    assert not (repo.home / "asked-tool").exists()
    assert not list(repo.home.rglob("hit"))


def test_the_token_stands_nowhere(repo: Repository) -> None:
    """git asks for it when it pushes, and gives it to GitHub only."""
    assert repo.run().code == 0
    clone = repo.home / "run-1" / "publish" / "work"
    assert TOKEN not in (clone / ".git" / "config").read_text(encoding="utf-8")
    for host, known in (("github.com", True), ("example.org", False)):
        done = subprocess.run(
            ["git", "-C", str(clone), "credential", "fill"], input=f"protocol=https\nhost={host}\n\n",
            env={**repo.environ(), "GH_TOKEN": TOKEN, "GIT_ASKPASS": "true"}, capture_output=True, encoding="utf-8",
        )  # fmt: skip
        assert (f"password={TOKEN}" in done.stdout) is known


ATTACKS = {
    "a hook": 'printf "#!/bin/sh\\nenv >$WORLD/stolen\\n" >.git/hooks/pre-push; chmod +x .git/hooks/pre-push',
    "a hook of all repositories": """mkdir -p "$HOME/hooks" && git config --global core.hooksPath "$HOME/hooks"
        printf '#!/bin/sh\\nenv >$WORLD/stolen\\n' | tee "$HOME/hooks/pre-push" >"$HOME/hooks/reference-transaction"
        chmod +x "$HOME"/hooks/*""",
    "core.fsmonitor": """printf '#!/bin/sh\\nenv >$WORLD/stolen\\n' >"$HOME/monitor"; chmod +x "$HOME/monitor"
        git config core.fsmonitor "$HOME/monitor" """,
    "GITHUB_PATH": """mkdir -p "$HOME/fake" && printf '#!/bin/sh\\nenv >$WORLD/stolen\\nexec %s "$@"\\n' "$(command -v git)" >"$HOME/fake/git"
        chmod +x "$HOME/fake/git"; echo "$HOME/fake" >>"$GITHUB_PATH" """,
    "GITHUB_ENV": """echo 'env >$WORLD/stolen' >"$HOME/env"; echo "BASH_ENV=$HOME/env" >>"$GITHUB_ENV" """,
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_whoever_takes_over_the_tool_has_no_token(repo: Repository, attack: str) -> None:
    """What it leaves behind for later steps ends with its machine, which cannot push. The post is published all the same."""
    ran = repo.run(environ={"STUB_EVIL": ATTACKS[attack]})
    stolen = repo.home / "stolen"
    assert TOKEN not in (stolen.read_text(errors="replace") if stolen.exists() else "")
    assert ran.code == 0, ran.log
    assert POST in repo.files()


def test_who_pushes_runs_no_hook(repo: Repository) -> None:
    """Wherever it may come from."""
    hooks = repo.home / "run-1" / "publish" / "work" / ".git" / "hooks"
    names = ("pre-commit", "post-commit", "reference-transaction", "pre-push")

    def plant() -> None:
        for name in names:
            program(hooks / name, "#!/bin/sh\ntouch $WORLD/ran\n")

    repo.between["Commit"] = plant
    assert repo.run().code == 0
    assert (hooks / "pre-push").exists() and not (repo.home / "ran").exists()


def test_who_pushes_runs_no_filter(repo: Repository) -> None:
    """A filter such as Git LFS's is a program, and would commit something else than the picture. Ignored ones are committed."""
    repo.ada_pushes(".gitattributes", "*.png filter=evil\n")
    repo.ada_pushes(".gitignore", "*.png\n")
    environ = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "filter.evil.clean",
        "GIT_CONFIG_VALUE_0": "touch $WORLD/ran; echo pointer",
        "STUB_EVIL": 'echo picture >"$folder/paper_1.png"',
    }
    ran = repo.run(environ=environ)
    assert ran.code == 0, ran.log
    assert not (repo.home / "ran").exists()
    assert repo.git(repo.origin, "show", f"main:{POST.replace('index.md', 'paper_1.png')}") == "picture"


HANDED_OVER = {
    "a workflow, as the tool says": 'mkdir -p .github/workflows; echo x >.github/workflows/evil.yml; echo "$PWD/.github/workflows/evil.yml"',
    "a workflow": 'mkdir -p "$there/.github/workflows"; echo x >"$there/.github/workflows/evil.yml"',
    "a hidden file": 'echo x >"$folder/.htaccess"',
    "a link": 'ln -s /etc/passwd "$folder/index.ja.md"',
    "a link to a folder": 'ln -s /etc "$folder/more"',
    "a repository": 'git init -q "$folder"; git -C "$folder" -c user.name=x -c user.email=x commit -q --allow-empty -m x',
    "a large file": 'head -c 5300000 /dev/zero >"$folder/paper_1.png"',
    "many files": 'for n in {1..11}; do head -c 5000000 /dev/zero >"$folder/paper_$n.png"; done',
    "a line end in a name": "touch \"$folder\"/a$'\\n'b.png",
    "a folder below": 'mkdir "$folder/more"; echo x >"$folder/more/index.md"',
    "a script": 'echo x >"$folder/index.js"',
    "a page without a date": 'mkdir content/posts/about; echo x >content/posts/about/index.md; echo "$PWD/content/posts/about/index.md"',
    "a page of the blog": 'mkdir -p "$there/posts/notes-2020-01-01"; echo y >"$there/posts/notes-2020-01-01/index.md"',
}


@pytest.mark.parametrize("what", HANDED_OVER)
def test_only_pages_and_pictures_of_posts_are_published(repo: Repository, what: str) -> None:
    """All else is refused with the post, whether the tool names it or it is only handed over. Nothing that is there changes."""
    repo.ada_pushes("content/posts/notes-2020-01-01/index.md")
    before = repo.git(repo.origin, "rev-parse", "main")
    ran = repo.run(environ={"STUB_EVIL": f"there=$RUNNER_TEMP/post; {HANDED_OVER[what]}"})
    assert ran.code == 1 and len(ran.annotations("error")) == 1, ran.log
    assert repo.git(repo.origin, "rev-parse", "main") == before


@pytest.mark.parametrize(
    "title", ["::error::x", "  ::add-mask::a", "x ##[error]x", "x\r::error::x", "::stop-commands::x"]
)
def test_a_title_is_no_command(repo: Repository, title: str) -> None:
    """Neither to the runner nor in the summary, where each line is code."""
    evil = "printf '%s\\n```\\r<b>*x*</b>\\n# y\\n' \"$TITLE\" >&2"
    ran = repo.run(environ={"TITLE": title, "STUB_EVIL": evil})
    assert ran.code == 0, ran.log
    assert [command for command, _ in ran.commands()] == ["notice"]
    heading, empty, *lines = ran.summary.split("\n")
    assert (heading, empty, lines.pop()) == ("### LLM papers: today", "", "")
    assert any("<b>" in line for line in lines)
    assert all(line.startswith("    ") for line in lines) and "\r" not in ran.summary

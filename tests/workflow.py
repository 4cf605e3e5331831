"""Runs the workflow that we ship, in a repository that somebody else pushes to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.runner import Machine, Ran, filled, truth
from tests.tool import Blog
from tests.workflow_programs import GH, REAL, TOOL

FILE = Path(__file__).parent.parent / "hugo-example" / ".github" / "workflows" / "llm-papers.yml"
LOCK = FILE.parent.parent / "llm-papers" / "requirements.txt"
FIRST, SECOND = "17 7 * * *", "17 11 * * *"
POST, BRANCH = "content/posts/llm-papers-2026-02-27/index.md", "llm-papers/2026-02-27"
TOKEN, KEY = "ghs-token-1234567890", "sk-ant-test-1234567890"
_ADA = {"NAME": "Ada Kiesel", "EMAIL": "ada@example.org"}


def document() -> Any:
    """The workflow, read."""
    return YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))


def steps() -> list[dict[str, Any]]:
    """Of all jobs."""
    return [step for job in document()["jobs"].values() for step in job["steps"]]


def step(name: str) -> dict[str, Any]:
    """The last one with this name."""
    return next(step for step in reversed(steps()) if step.get("name") == name)


@dataclass
class Repository:
    """A blog's repository, with Ada who pushes to it as well, and the runner."""

    home: Path
    runs: int = 0
    between: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What happens before a job or a step, by its name."""
    variables: dict[str, str] = field(default_factory=dict)
    """Those of the workflow that the blog's owner has set otherwise."""

    @property
    def origin(self) -> Path:
        """The bare one."""
        return self.home / "origin.git"

    def environ(self) -> dict[str, str]:
        """Of whoever uses git here."""
        base = Blog(self.home, self.home).environ()
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _ADA.items()}
        return {**base, **who, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}

    def git(self, folder: Path, *args: str) -> str:
        """What git prints."""
        done = subprocess.run(
            ["git", "-C", str(folder), *args], env=self.environ(), check=True, capture_output=True, encoding="utf-8"
        )
        return done.stdout.strip()

    def ada_pushes(self, name: str, text: str = "x", branch: str = "main") -> None:
        """A commit of hers with one file; an empty text deletes the file's folder."""
        ada = self.home / "ada"
        if not ada.exists():
            self.git(self.home, "clone", "-q", str(self.origin), str(ada))
        self.git(ada, "fetch", "-q")
        self.git(ada, "checkout", "-q", "-B", branch, f"origin/{branch}")
        if text:
            (ada / name).parent.mkdir(parents=True, exist_ok=True)
            (ada / name).write_text(text, encoding="utf-8")
        else:
            shutil.rmtree((ada / name).parent)
        self.git(ada, "add", "-A")
        self.git(ada, "commit", "-q", "-m", f"Ada: {name}")
        self.git(ada, "push", "-q", "origin", branch)

    def log(self, branch: str = "main") -> list[str]:
        """Subjects of the commits on a branch of the origin, newest first, along first parents."""
        return self.git(self.origin, "log", "--first-parent", "--format=%s", branch).splitlines()

    def files(self, branch: str = "main") -> list[str]:
        """On a branch of the origin, below the section."""
        return self.git(self.origin, "ls-tree", "-r", "--name-only", branch, "content/posts").splitlines()

    def pulls(self, *pulls: tuple[str, str, bool]) -> None:
        """The pull requests that there are, newest first: state, branch, whether it is a fork's."""
        closed = {"closedAt": "2026-02-26T23:00:00Z"}
        rows = [
            {"state": state, "headRefName": head, "baseRefName": "main", "isCrossRepository": fork, **closed}
            for state, head, fork in pulls
        ]
        (self.home / "pulls.json").write_text(json.dumps(rows), encoding="utf-8")

    def rules(self, branch: str, rules: Sequence[str], classic: Mapping[str, object] | None = None) -> None:
        """Those of a branch by the repository's rulesets, and what classic protection asks of any."""
        rows = [{"type": rule} for rule in rules]
        (self.home / f"{branch.replace('/', '-')}-rules.json").write_text(json.dumps(rows), encoding="utf-8")
        ref = {"refUpdateRule": classic}
        answer = {"data": {"repository": {"ref": ref}}}
        (self.home / "ref-rule.json").write_text(json.dumps(answer), encoding="utf-8")

    def asked_gh(self, verb: str) -> list[list[str]]:
        """The arguments of `gh pr list` or `gh pr create`, call by call."""
        asked = self.home / "asked-gh"
        calls = [json.loads(line) for line in asked.read_text().splitlines()] if asked.exists() else []
        return [call for call in calls if call[1] == verb]

    def run(
        self,
        *,
        date: str = "today",
        pull_request: bool = False,
        schedule: str = FIRST,
        tag: bool = False,
        fork: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> Ran:
        """All jobs, in their order. `schedule`: empty for a run by hand; `environ`: for the steps, over what the workflow says."""
        self.runs += 1
        context: dict[str, Any] = {
            "github.ref_name": "main",
            "github.repository": "ada/blog",
            "github.token": TOKEN,
            "github.run_id": str(self.runs),
            "github.run_attempt": "1",
            "github.event_name": "schedule" if schedule else "workflow_dispatch",
            "github.event.schedule": schedule,
            "github.event.repository.fork": fork,
            "inputs.date": "" if schedule and date == "today" else date,
            "vars.LLM_PAPERS_PULL_REQUEST": "true" if pull_request else "",
            "secrets.ANTHROPIC_API_KEY": KEY,
        }
        workflow, ran = document(), Ran()
        for name, job in workflow["jobs"].items():
            needs = [job["needs"]] if isinstance(job.get("needs"), str) else job.get("needs", [])
            condition, states = job.get("if", "true"), [ran.jobs[need] for need in needs]
            context["failure()"] = "failure" in ran.jobs.values()
            ready = "failure()" in condition or all(state == "success" for state in states)
            if not ready or not truth(condition, context):
                ran.jobs[name] = "skipped"
                continue
            self.between.get(name, lambda: None)()
            variables = {**workflow.get("env", {}), **self.variables, **job.get("env", {})}
            env = {name: filled(value, context) for name, value in variables.items()}
            own = {**context, **{f"env.{name}": value for name, value in env.items()}}
            machine = Machine(
                self.home / f"run-{self.runs}" / name,
                own,
                {**self._machine(tag=tag), **env},
                environ or {},
                self._clone,
                self.between,
            )
            ran.jobs[name] = "success" if machine.run(job["steps"], ran) else "failure"
            outputs = {key: value for key, value in own.items() if key.startswith("steps.")}
            ran.outputs |= {key.replace("steps", name, 1): value for key, value in outputs.items()}
            for output, value in job.get("outputs", {}).items():
                context[f"needs.{name}.outputs.{output}"] = filled(value, own)
        return ran

    def _machine(self, *, tag: bool) -> dict[str, str]:
        base = Blog(self.home, self.home).environ()
        return {
            **base,
            "PATH": os.pathsep.join((str(self.home / "bin"), base["PATH"])),
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_REF_TYPE": "tag" if tag else "branch",
            "GIT_CONFIG_NOSYSTEM": "1",
            "WORLD": str(self.home),
        }

    def _clone(self, ref: str, folder: Path) -> None:
        self.git(self.home, "clone", "-q", "-b", ref, str(self.origin), str(folder))


def program(path: Path, text: str) -> None:
    """A script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def repository(home: Path, site: Path | None = None) -> Repository:
    """One with this site, else with one page; the tool, `gh`, `python` and `sleep` of its runs are stand-ins, the tool only
    without a site."""
    made = Repository(home)
    made.git(home, "init", "-q", "--bare", "-b", "main", str(made.origin))
    first = home / "first"
    if site is None:
        (first / "content" / "posts").mkdir(parents=True)
        (first / "content" / "posts" / "_index.md").write_text("---\ntitle: p\n---\n", encoding="utf-8")
    else:
        shutil.copytree(site, first, ignore=shutil.ignore_patterns(".gitignore"))  # ours ignores the posts of a demo
    made.git(first, "init", "-q", "-b", "main")
    made.git(first, "add", "-A", "-f")
    made.git(first, "commit", "-q", "-m", "the blog")
    made.git(first, "push", "-q", str(made.origin), "main")
    program(home / "bin" / "hugo-llmpapers", TOOL if site is None else REAL)
    program(home / "bin" / "gh", GH.format(python=sys.executable))
    day = '[ "$*" = +%F ] && echo "${TODAY:-2026-02-27}" || exec /bin/date "$@"'
    program(home / "bin" / "date", f"#!/bin/sh\n{day}\n")
    program(home / "bin" / "sleep", '#!/bin/sh\necho "$1" >>"$WORLD/slept"\n')
    program(home / "bin" / "python", '#!/bin/sh\necho "$@" >>"$WORLD/asked-python"\n')
    made.pulls()
    return made

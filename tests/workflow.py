"""Runs the shell steps of the workflow that we ship: what the runner does for them is done here, actions are left out."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.tool import COMMAND, Blog

FILE = Path(__file__).parent.parent / "hugo-example" / ".github" / "workflows" / "llm-papers.yml"
FIRST, SECOND = "17 22 * * *", "17 2 * * *"
TOKEN, KEY = "ghs-token-1234567890", "sk-ant-test-1234567890"
CLOCK = "2026-02-27T07:17:00+09:00"
_MODE = "inputs.mode == 'pull request' || (inputs.mode != 'commit' && vars.LLM_PAPERS_PULL_REQUEST == 'true')"
_TOOL = """#!/bin/sh
# The tool as far as the workflow sees it: writes a post unless it is there, prints its path, or ends with a code.
[ "$1" = cache ] && echo "$HOME/kept" && exit 0
printf '%s\\n' "$@" >>"$HOME/asked-tool"
echo "hugo-llmpapers: told on stderr" >&2
[ "${STUB_CODE:-0}" = 0 ] || exit "$STUB_CODE"
[ -z "$STUB_NOTHING" ] || exit 0
day=${STUB_DAY:-2026-02-27}
folder=$PWD/content/posts/llm-papers-$day
mkdir -p "$folder"
[ -f "$folder/index.md" ] || printf 'post of %s\\n' "$day" >"$folder/index.md"
echo "$folder/index.md"
"""
_REAL = f"""#!/bin/sh
command=$1; shift
[ "$command" = new ] && set -- --clock {CLOCK} "$@"
exec {COMMAND} "$command" "$@"
"""
_GH = '''#!{python}
"""`gh pr list` and `gh pr create` on a list of pull requests in a file; the two filters are those of the workflow."""
import json, os, pathlib, sys
home = pathlib.Path(os.environ["HOME"])
args = sys.argv[1:]
with (home / "asked-gh").open("a") as asked:
    asked.write(json.dumps(args) + "\\n")
assert os.environ["GH_TOKEN"], "not signed in"
pulls = json.loads((home / "pulls.json").read_text())
flags = dict(zip(args[2::2], args[3::2]))
if args[:2] == ["pr", "create"]:
    if (home / "no-pulls").exists():
        sys.exit("GitHub Actions is not permitted to create or approve pull requests")
    pulls.append({{"state": "OPEN", "headRefName": flags["--head"], "baseRefName": flags["--base"], "isCrossRepository": False}})
    (home / "pulls.json").write_text(json.dumps(pulls))
    sys.exit()
assert args[:2] == ["pr", "list"], args
states = {{"open": ["OPEN"], "closed": ["CLOSED", "MERGED"]}}[flags["--state"]]
found = [
    pull for pull in pulls
    if pull["state"] in states
    and flags.get("--head") in (None, pull["headRefName"])
    and flags.get("--base") in (None, pull["baseRefName"])
]
ours = [pull for pull in found if not pull["isCrossRepository"]]
known = {{
    "map(select(.isCrossRepository | not)) | length": [str(len(ours))],
    '.[] | select((.isCrossRepository | not) and (.headRefName | startswith("llm-papers/"))) | .headRefName':
        [pull["headRefName"] for pull in ours if pull["headRefName"].startswith("llm-papers/")],
}}
print("\\n".join(known[flags["--jq"]]))
'''


def document() -> Any:
    """The workflow, read."""
    return YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))


def steps() -> list[dict[str, Any]]:
    """Of its one job."""
    return list(document()["jobs"]["post"]["steps"])


@dataclass(frozen=True)
class Ran:
    """What a run came to."""

    code: int
    log: str
    outputs: Mapping[str, str]

    def annotations(self, kind: str) -> list[str]:
        """What the run's page shows: errors, warnings, notices."""
        return re.findall(rf"^::{kind}::(.*)$", self.log, re.MULTILINE)


@dataclass
class Repository:
    """A blog's repository, with Ada who pushes to it as well, and the runner."""

    home: Path
    runs: int = 0
    between: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What happens before a step, by its name."""

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
        """The pull requests that there are: state, branch, whether it is a fork's."""
        rows = [
            {"state": state, "headRefName": head, "baseRefName": "main", "isCrossRepository": fork}
            for state, head, fork in pulls
        ]
        (self.home / "pulls.json").write_text(json.dumps(rows), encoding="utf-8")

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
        hooks: Mapping[str, str] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Ran:
        """All shell steps in a fresh clone, as far as they go. `hooks`: of git in the clone, as shell scripts; `environ`:
        for the tool."""
        self.runs += 1
        clone, temp = self.home / f"run-{self.runs}" / "repo", self.home / f"run-{self.runs}" / "temp"
        temp.mkdir(parents=True)
        self.git(self.home, "clone", "-q", "-b", "main", str(self.origin), str(clone))
        for name, script in (hooks or {}).items():
            program(clone / ".git" / "hooks" / name, f"#!/bin/sh\n{script}\n")
        values = {
            "github.ref_name": "main",
            "github.token": TOKEN,
            "github.event.schedule": schedule,
            "inputs.date || 'today'": date,
            "secrets.ANTHROPIC_API_KEY": KEY,
            "secrets.S2_API_KEY": "",
            "secrets.HF_TOKEN": "",
            _MODE: "true" if pull_request else "false",
        }
        runner = {
            **Blog(clone, self.home).environ(),
            "RUNNER_TEMP": str(temp),
            "GITHUB_SERVER_URL": "https://github.com",
        }
        runner["PATH"] = os.pathsep.join((str(self.home / "bin"), runner["PATH"]))
        runner["GIT_CONFIG_NOSYSTEM"] = "1"
        job = {**runner, **_filled(document()["jobs"]["post"]["env"], values)}
        log, outputs, code = "", dict[str, str](), 0
        for step in steps():
            if "run" not in step or step["name"] == "Install" or not _is_met(step.get("if", ""), job, outputs):
                continue
            if step["name"] in self.between:
                self.between[step["name"]]()
            output = temp / "output"
            output.write_text("")
            env = {**job, **_filled(step.get("env", {}), values), **(environ or {}), "GITHUB_OUTPUT": str(output)}
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=clone, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=120, check=False,
            )  # fmt: skip
            log += done.stdout
            for line in output.read_text().splitlines():
                name, _, value = line.partition("=")
                outputs[f"{step['id']}.{name}"] = value
            if (code := done.returncode) != 0:
                break
        return Ran(code, log, outputs)


_ADA = {"NAME": "Ada Kiesel", "EMAIL": "ada@example.org"}


def program(path: Path, text: str) -> None:
    """A script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def repository(home: Path, site: Path | None = None) -> Repository:
    """One with this site, else with one page; the tool, `gh` and `sleep` of its runs are stand-ins, without a site."""
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
    program(home / "bin" / "hugo-llmpapers", _TOOL if site is None else _REAL)
    program(home / "bin" / "gh", _GH.format(python=sys.executable))
    program(home / "bin" / "sleep", '#!/bin/sh\necho "$1" >>"$HOME/slept"\n')
    made.pulls()
    return made


def _filled(env: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """Variables with their expressions' values; one that is not known fails the test."""
    return {
        name: re.sub(r"\$\{\{ (.+?) \}\}", lambda found: values[found[1]], str(value)) for name, value in env.items()
    }


def _is_met(condition: str, job: Mapping[str, str], outputs: Mapping[str, str]) -> bool:
    match condition:
        case "":
            return True
        case "env.PULL_REQUEST == 'true'":
            return job["PULL_REQUEST"] == "true"
        case "steps.branch.outputs.settled != 'true'":
            return outputs.get("branch.settled") != "true"
    raise AssertionError(f"a condition that this file does not know: {condition}")

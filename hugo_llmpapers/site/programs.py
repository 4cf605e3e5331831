"""Run other programs without our keys; neither they nor their children outlive their time limit."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

_SECRET = re.compile(
    r"ANTHROPIC_.*|CLAUDE_\w*(?:KEY|TOKEN)|S2_API_KEY|SEMANTIC_?SCHOLAR_\w*KEY|(?:HF|HUGGING_?FACE)_\w*TOKEN\w*"
    r"|HUGO_LLMPAPERS_\w*(?:KEY|TOKEN|SECRET)\w*",
    re.IGNORECASE,
)
_GROUP: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
"""A new process group, to end a program with its children. On Windows only the program is ended."""
_running: set[subprocess.Popen[bytes]] = set()


def run(
    args: Sequence[str], *, env: Mapping[str, str], timeout: float, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end as `subprocess.run` does, with `given` as its stdin and without our keys in `env`.

    Raises subprocess.TimeoutExpired and OSError. In any case the program and its children have ended afterwards.
    """
    pipe = subprocess.PIPE
    with subprocess.Popen(args, env=without_keys(env), stdin=pipe, stdout=pipe, stderr=pipe, **_GROUP) as process:
        _running.add(process)
        try:
            out, err = process.communicate(given, timeout)
        except BaseException:
            _kill(process)
            raise
        finally:
            _running.discard(process)
    return subprocess.CompletedProcess(args, process.returncode, out, err)


def end_all() -> None:
    """Kill all running programs; for a process that exits without waiting for them."""
    for process in list(_running):
        _kill(process)


def without_keys(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables without API keys for our services.

    A template or an archetype can read variables if the site allows it (`security.funcs.getenv`), and fetch any URL.
    """
    return {name: value for name, value in environ.items() if not _SECRET.fullmatch(name)}


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

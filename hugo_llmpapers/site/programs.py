"""Programs that we start, and whatever they start themselves: none of it outlives the time that it is given."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

_GROUP: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {}
"""A group of its own, so that it can be ended with its children. Windows ends the program alone."""
_running: set[subprocess.Popen[bytes]] = set()


def run(
    args: Sequence[str], *, env: Mapping[str, str], timeout: float, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Runs a program to its end, as `subprocess.run` does, with `given` on its stdin, and its output as bytes.

    Raises subprocess.TimeoutExpired and OSError. Whatever is raised, the program and its children have ended by then.
    """
    pipe = subprocess.PIPE
    process = subprocess.Popen(args, env=env, stdin=pipe, stdout=pipe, stderr=pipe, **_GROUP)
    _running.add(process)
    try:
        out, err = process.communicate(given, timeout)
    except BaseException:
        _kill(process)
        process.wait()
        raise
    finally:
        _running.discard(process)
        for end in (process.stdin, process.stdout, process.stderr):
            with suppress(OSError, ValueError):
                if end is not None:
                    end.close()
    return subprocess.CompletedProcess(args, process.returncode, out, err)


def end_all() -> None:
    """Ends every program that is running, for a process that does not wait for them."""
    for process in list(_running):
        _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()

"""Programs that are started, and what they start."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hugo_llmpapers.site import programs
from tests.tool import is_gone

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows ends the program alone")
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(60)
"""


def _pid(file: Path) -> int:
    while not (file.exists() and file.read_text(encoding="utf-8")):
        time.sleep(0.05)
    return int(file.read_text(encoding="utf-8"))


def test_a_program_that_is_too_slow_ends_with_its_children(tmp_path: Path) -> None:
    """Although these hold its output open."""
    pid_file = tmp_path / "pid"
    with pytest.raises(subprocess.TimeoutExpired):
        programs.run([sys.executable, "-c", PARENT, str(pid_file)], env=dict(os.environ), timeout=8)
    assert is_gone(_pid(pid_file))


def test_all_are_ended_while_threads_wait_for_them(tmp_path: Path) -> None:
    """The waiting thread gets the exit code of a killed program."""
    pid_file, codes = tmp_path / "pid", list[int]()

    def wait() -> None:
        args = [sys.executable, "-c", PARENT, str(pid_file)]
        codes.append(programs.run(args, env=dict(os.environ), timeout=60).returncode)

    thread = threading.Thread(target=wait)
    thread.start()
    pid = _pid(pid_file)
    programs.end_all()
    thread.join(30)
    assert codes == [-signal.SIGKILL]
    assert is_gone(pid)


def test_what_is_given_and_printed_is_bytes() -> None:
    """They may be invalid UTF-8."""
    copy = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    ran = programs.run([sys.executable, "-c", copy], env=dict(os.environ), timeout=30, given=b"\xff\r\n")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"\xff\r\n", b"")

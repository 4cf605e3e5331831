"""Starts a worker process, sends it requests and kills it if it takes too long."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hugo_llmpapers.figures.worker import answers
from hugo_llmpapers.figures.worker.options import Limits, WorkerError

_START_SECONDS = 60.0
"""Importing PyMuPDF takes 0.2 s, but much longer on a busy machine with a cold disk."""

_ENVIRONMENT = frozenset(
    {"PATH", "SYSTEMROOT", "WINDIR", "TMP", "TEMP", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE"}
    | {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"}
    | {"PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONUTF8"}
    | {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
)
"""Variables that Python needs to start and to find its packages. Not HOME, which leads to the user's keys."""


class Process:
    """One worker process, which is started when it is needed."""

    def __init__(self, limits: Limits) -> None:
        self.unlimited: tuple[str, ...] | None = None
        """What the system cannot limit; None until the process is ready."""
        self._limits = limits
        self._popen: Any = None  # as the type of its pipes allows None
        self._lock = threading.Lock()
        self._closed = False

    @property
    def pid(self) -> int | None:
        """None if the process does not run."""
        popen = self._popen
        return None if popen is None else int(popen.pid)

    def launch(self) -> None:
        """Start the process if it does not run, and do not wait until it is ready. Raises WorkerError after `close`."""
        if self._popen is not None and self._popen.poll() is not None:
            self.end()
        with self._lock:
            if self._closed:
                raise WorkerError("the PDF workers are closed")
            self._popen = self._popen or subprocess.Popen(
                # -P: a file called json.py in the user's directory must not be imported.
                [sys.executable, "-P", "-m", "hugo_llmpapers.figures.worker.main", json.dumps(asdict(self._limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )

    def start(self) -> None:
        """Launch the process and wait until it is ready. Raises WorkerError if it does not start."""
        self.launch()
        try:
            if self.unlimited is None:
                self.unlimited = answers.unlimited(self._answer(_START_SECONDS))
        except (WorkerError, ValueError):
            raise WorkerError("the PDF worker could not be started") from None

    def ask(self, request: dict[str, Any], content: bytes) -> bytes:
        """Send a request about a file and return the answer, one line of JSON that is not checked.

        Raises WorkerError if the process does not start, dies or times out.
        """
        self.start()
        line = json.dumps({**request, "bytes": len(content)}).encode("ascii") + b"\n"
        return self._answer(self._limits.seconds, line, content)

    def close(self) -> None:
        """Kill the process, from any thread; it cannot be started again."""
        with self._lock:
            self._closed = True
            if self._popen is not None:
                self._popen.kill()

    def end(self) -> None:
        """Kill the process and wait until it has ended. The next request starts a new one."""
        with self._lock:
            popen, self._popen, self.unlimited = self._popen, None, None
        if popen is None:
            return
        popen.kill()
        popen.wait()
        for pipe in (popen.stdin, popen.stdout):
            # Flushes a request that nobody reads any more.
            with suppress(OSError):
                pipe.close()

    def _answer(self, seconds: float, *request: bytes) -> bytes:
        max_bytes = self._limits.answer_mb << 20
        until = time.monotonic() + seconds
        timer = threading.Timer(seconds, self._popen.kill)
        timer.daemon = True
        timer.start()
        try:
            self._popen.stdin.writelines(request)
            self._popen.stdin.flush()
            line: bytes = self._popen.stdout.readline(max_bytes)
        except OSError:
            line = b""
        finally:
            timer.cancel()
        timer.join()
        if time.monotonic() >= until:
            raise WorkerError(f"the PDF took longer than {seconds:g} s")
        if not line.endswith(b"\n"):
            raise WorkerError(answers.INVALID if len(line) == max_bytes else "the PDF worker died")
        return line


def _environment() -> dict[str, str]:
    """Return the environment of a worker: no secrets, because a PDF may take over the process."""
    package = str(Path(__file__).resolve().parents[3])
    environment = {name: value for name, value in os.environ.items() if name.upper() in _ENVIRONMENT}
    # In the order in which this process searches.
    environment["PYTHONPATH"] = os.pathsep.join([*filter(None, [environment.get("PYTHONPATH")]), package])
    if site.ENABLE_USER_SITE:
        environment["PYTHONUSERBASE"] = site.getuserbase()  # Python would look in HOME otherwise
    return environment

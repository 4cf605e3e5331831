"""Starts a worker process, sends it requests and kills it if it takes too long."""

from __future__ import annotations

import json
import os
import site
import subprocess
import sys
import threading
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
    """One worker process."""

    def __init__(self, limits: Limits) -> None:
        self.unlimited: tuple[str, ...] | None = None
        """What the system cannot limit; None until the process is ready."""
        self._max_answer_bytes = limits.answer_mb << 20
        self._popen = subprocess.Popen(
            # -P: a file called json.py in the user's directory must not be imported.
            [sys.executable, "-P", "-m", "hugo_llmpapers.figures.worker", json.dumps(asdict(limits))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def start(self) -> None:
        """Wait until the process is ready. Raises WorkerError if it does not start."""
        try:
            if self.unlimited is None:
                self.unlimited = answers.unlimited(self._answer(_START_SECONDS))
        except (WorkerError, ValueError):
            raise WorkerError("the PDF worker could not be started") from None

    def ask(self, request: dict[str, Any], content: bytes, seconds: float) -> bytes:
        """Send a request about a file and return the answer, one line of JSON that is not checked.

        Raises WorkerError if the process does not start, dies or times out.
        """
        self.start()
        line = json.dumps({**request, "bytes": len(content)}).encode("ascii") + b"\n"
        return self._answer(seconds, line, content)

    def kill(self) -> None:
        self._popen.kill()

    def end(self) -> None:
        """Kill the process and wait until it has ended."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            # Flushes a request that nobody reads any more.
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _answer(self, seconds: float, *request: bytes) -> bytes:
        timed_out = threading.Event()

        def kill() -> None:
            timed_out.set()
            self._popen.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            line = self._exchange(request)
        except OSError:
            line = b""
        finally:
            timer.cancel()
        timer.join()
        if timed_out.is_set():
            raise WorkerError(f"the PDF took longer than {seconds:g} s")
        if not line.endswith(b"\n"):
            raise WorkerError(answers.INVALID if len(line) == self._max_answer_bytes else "the PDF worker died")
        return line

    def _exchange(self, request: tuple[bytes, ...]) -> bytes:
        requests, output = self._popen.stdin, self._popen.stdout
        assert requests is not None
        assert output is not None
        for part in request:
            requests.write(part)
        requests.flush()
        return output.readline(self._max_answer_bytes)


def _environment() -> dict[str, str]:
    """Return the environment of a worker: no secrets, because a PDF may take over the process."""
    package = str(Path(__file__).resolve().parents[3])
    environment = {name: value for name, value in os.environ.items() if name.upper() in _ENVIRONMENT}
    # In the order in which this process searches.
    environment["PYTHONPATH"] = os.pathsep.join([*filter(None, [environment.get("PYTHONPATH")]), package])
    if site.ENABLE_USER_SITE:
        environment["PYTHONUSERBASE"] = site.getuserbase()  # Python would look in HOME otherwise
    return environment

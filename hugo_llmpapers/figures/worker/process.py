"""One worker process, as its parent sees it: asked, waited for, killed. What it answers is not trusted: a PDF may have taken
it over."""

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

from hugo_llmpapers.figures.worker.answers import INVALID
from hugo_llmpapers.figures.worker.options import Limits
from hugo_llmpapers.figures.worker.png_check import dimensions

_START_SECONDS = 60.0
"""Importing PyMuPDF takes 0.2 s, on a busy machine with a cold disk much longer."""

_DIED = {"failed": "the PDF worker died", "spent": True}
_NONSENSE = {"failed": INVALID, "spent": True}

_PASSED_ON = frozenset(
    {"PATH", "SYSTEMROOT", "WINDIR", "TMP", "TEMP", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE"}
    | {"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"}
    | {"PYTHONHOME", "PYTHONPATH", "PYTHONPLATLIBDIR", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONUTF8"}
    | {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
)
"""What Python takes in order to start and to find its packages. Not HOME, where keys lie."""


class Process:
    """One worker process."""

    def __init__(self, limits: Limits) -> None:
        self.unlimited: tuple[str, ...] | None = None
        self._most = limits.answer_mb << 20
        self._popen = _spawned(limits)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def start(self) -> bool:
        """Waits until the process is ready; whether it is."""
        if self.unlimited is None:
            hello = self._answer(_START_SECONDS)
            names = hello.get("unlimited")
            if isinstance(names, list) and all(isinstance(name, str) for name in names):
                self.unlimited = tuple(names)
        return self.unlimited is not None

    def ask(self, request: dict[str, Any], content: bytes, seconds: float) -> dict[str, Any]:
        """The answer to one request about a file: with `failed`, the reason, and `spent` if the process is over;
        `pictures` are PNG files by name.
        """
        if not self.start():
            return {"failed": "the PDF worker could not be started", "spent": True}
        line = json.dumps({**request, "bytes": len(content)}).encode("ascii") + b"\n"
        return self._answer(seconds, line, content)

    def kill(self) -> None:
        """Stops the process, whatever it does."""
        self._popen.kill()

    def end(self) -> None:
        """Stops the process, and waits until it is gone."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            # What could not be written any more is of no use to anybody.
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()

    def _answer(self, seconds: float, *sent: bytes) -> dict[str, Any]:
        """The next answer, after something was sent; that the process died, or took too long and was killed, where there is
        none.
        """
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._popen.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            answer = self._exchanged(*sent)
        finally:
            timer.cancel()
        timer.join()
        if late.is_set():
            return {"failed": f"the PDF took longer than {seconds:g} s", "spent": True}
        return answer

    def _exchanged(self, *sent: bytes) -> dict[str, Any]:
        requests, answers = self._popen.stdin, self._popen.stdout
        assert requests is not None
        assert answers is not None
        try:
            for part in sent:
                requests.write(part)
            requests.flush()
        except OSError:
            return dict(_DIED)
        line = answers.readline(self._most)
        if not line.endswith(b"\n"):
            return dict(_NONSENSE if len(line) == self._most else _DIED)
        try:
            answer = _parsed(line)
            sizes: dict[str, int] = answer["pictures"]
            if not 0 <= min(sizes.values(), default=0) <= sum(sizes.values()) <= self._most:
                return dict(_NONSENSE)
            answer["pictures"] = {name: answers.read(size) for name, size in sizes.items()}
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
            return dict(_NONSENSE)
        if all(_is_picture(name, png, sizes[name]) for name, png in answer["pictures"].items()):
            return answer
        return dict(_NONSENSE if self.alive else _DIED)


def _parsed(line: bytes) -> dict[str, Any]:
    """The answer. Raises ValueError also for infinite numbers and for strings with half a character (a lone surrogate),
    wherever they stand: neither can be written to a file.
    """
    answer: dict[str, Any] = json.loads(line)
    json.dumps(answer, ensure_ascii=False, allow_nan=False).encode("utf-8")
    return answer


def _is_picture(name: str, png: bytes, size: int) -> bool:
    """Whether it came whole, and under a name that can be a file's."""
    return len(png) == size and name.replace("-", "").isalnum() and dimensions(png) is not None


def _spawned(limits: Limits) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # -P: a file called json.py in the user's directory must not be imported.
        [sys.executable, "-P", "-m", "hugo_llmpapers.figures.worker", json.dumps(asdict(limits))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """What a process needs in order to start, and no secrets: a PDF can take over who reads it."""
    package = str(Path(__file__).resolve().parents[3])
    passed_on = {name: value for name, value in os.environ.items() if name.upper() in _PASSED_ON}
    paths = [*filter(None, [passed_on.get("PYTHONPATH")]), package]  # the order in which this process looks
    passed_on["PYTHONPATH"] = os.pathsep.join(paths)
    if site.ENABLE_USER_SITE:
        passed_on["PYTHONUSERBASE"] = site.getuserbase()  # which Python would look for in HOME
    return passed_on

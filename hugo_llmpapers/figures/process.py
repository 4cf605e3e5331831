"""One worker process, as its parent sees it: asked, waited for, killed."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hugo_llmpapers.figures.wish import Limits

_START_SECONDS = 60.0
"""Importing PyMuPDF takes 0.2 s, on a busy machine with a cold disk much longer."""

_DIED = {"failed": "the PDF worker died", "spent": True}

_PASSED_ON = frozenset(
    {"PATH", "VIRTUAL_ENV", "SYSTEMROOT", "WINDIR", "TMP", "TEMP", "TMPDIR", "LANG", "HOME"}
    | {"USERPROFILE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"}
)
_SECRET = ("KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "ANTHROPIC")


class Process:
    """One worker process with its private directory."""

    def __init__(self, limits: Limits) -> None:
        self.memory_limited: bool | None = None
        # Made by the process when there is a picture to pass on, so that nobody needs to clear it
        # up if both end before.
        name = f"hugo-llmpapers-{secrets.token_hex(8)}"
        self._directory = Path(tempfile.gettempdir()).absolute() / name
        self._popen = _spawned(limits, self._directory)

    @property
    def pid(self) -> int:
        return self._popen.pid

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to one request: with `failed`, the reason, and `spent` if the process is
        over; `pictures` are PNG files by name.
        """
        if self.memory_limited is None:
            hello = self._read(_START_SECONDS)
            if "memory_limited" not in hello:
                return {"failed": "the PDF worker could not be started", "spent": True}
            self.memory_limited = bool(hello["memory_limited"])
        try:
            self._write({**request, "folder": str(self._directory)})
        except OSError:
            return dict(_DIED)
        answer = self._read(seconds)
        if "pictures" in answer:
            answer["pictures"] = {name: (self._directory / name).read_bytes() for name in answer["pictures"]}
            shutil.rmtree(self._directory, ignore_errors=True)
        return answer

    def kill(self) -> None:
        """Stops the process, whatever it does."""
        self._popen.kill()

    def end(self) -> None:
        """Stops the process, waits until it is gone, and removes its directory."""
        self._popen.kill()
        self._popen.wait()
        for pipe in (self._popen.stdin, self._popen.stdout):
            # What could not be written any more is of no use to anybody.
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def _write(self, request: dict[str, Any]) -> None:
        assert self._popen.stdin is not None
        self._popen.stdin.write(json.dumps(request) + "\n")
        self._popen.stdin.flush()

    def _read(self, seconds: float) -> dict[str, Any]:
        """The next line; that the process died, or took too long and was killed, where there is
        none.
        """
        assert self._popen.stdout is not None
        late = threading.Event()

        def kill() -> None:
            late.set()
            self._popen.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            line = self._popen.stdout.readline()
        finally:
            timer.cancel()
        timer.join()
        if late.is_set():
            return {"failed": f"the PDF took longer than {seconds:g} s", "spent": True}
        answer: dict[str, Any] = json.loads(line) if line.endswith("\n") else dict(_DIED)
        return answer


def _spawned(limits: Limits, directory: Path) -> subprocess.Popen[str]:
    arguments = [json.dumps(asdict(limits)), str(directory)]
    return subprocess.Popen(
        # -P: a file called json.py in the user's directory must not be imported.
        [sys.executable, "-P", "-m", "hugo_llmpapers.figures.worker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
        text=True,
        encoding="utf-8",
    )


def _environment() -> dict[str, str]:
    """What a process needs in order to start, and no secrets: a PDF can take over who reads it."""
    package = str(Path(__file__).resolve().parents[2])
    passed_on = {
        name: value
        for name, value in os.environ.items()
        if name.upper().startswith(("PYTHON", "LC_")) or name.upper() in _PASSED_ON
    }
    paths = [package, *filter(None, [passed_on.get("PYTHONPATH")])]
    passed_on["PYTHONPATH"] = os.pathsep.join(paths)
    return {n: v for n, v in passed_on.items() if not any(word in n.upper() for word in _SECRET)}

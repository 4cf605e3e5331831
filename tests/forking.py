"""Runs the installed command in forks of one process that has imported it: an import takes longer than most runs.

A run gets its own environment, working directory and streams, and ends as Python does. What it does not get is what only a
process of its own has: /proc/self/environ, a start of the interpreter. Started as a script, this file is that process.
"""

from __future__ import annotations

import atexit
import functools
import gc
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

CAN_FORK = sys.platform == "linux"
SHORT = {
    "cli.services.ARXIV_PAUSE_S": 0.05,
    "pipeline.batch_run.LISTED_AFTER_S": 0.5,
    "summaries.batches.FIRST_POLL_S": 0.05,
    "summaries.api_errors.USUAL_WAIT_S": 0.05,
    "summaries.client.USUAL_WAIT_S": 0.05,
    "summaries.retries.CLAUDE_TIMEOUT_S": 10.0,
    "web.client.BACKOFF_S": 0.05,
}
"""Waits of seconds that are shorter in forks. Unit tests and `tests.benchmarks` know the real ones."""


@functools.cache
def _server() -> tuple[str, subprocess.Popen[bytes]]:
    """The path of its socket, and itself. It ends with this process, as its stdin closes then."""
    folder = tempfile.mkdtemp(prefix="forking-")
    path = str(Path(folder, "socket"))
    environ = {name: os.environ[name] for name in ("PATH", "TMPDIR", "TEMP") if name in os.environ}
    offline = str(Path(__file__).parent / "offline")
    process = subprocess.Popen(
        [sys.executable, __file__, path],
        env={**environ, "PYTHONPATH": offline, "PYTHONUTF8": "1"}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None and process.stdin is not None
    assert process.stdout.readline() == b"ready\n"
    atexit.register(process.communicate)
    return path, process


def run(args: Sequence[str], environ: Mapping[str, str], timeout_s: float) -> subprocess.CompletedProcess[str]:
    """As `subprocess.run` does for these arguments, the first of which is the command. Raises TimeoutExpired."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as line:
            line.connect(_server()[0])
            request = json.dumps([list(args), dict(environ), str(Path.cwd())]).encode()
            socket.send_fds(line, [request], [out.fileno(), err.fileno()])
            pid = int(line.recv(100))
            line.settimeout(timeout_s)
            try:
                code = int(line.recv(100))
            except TimeoutError:
                os.kill(pid, signal.SIGKILL)
                raise subprocess.TimeoutExpired(list(args), timeout_s) from None
        streams = []
        for file in (out, err):
            file.seek(0)
            streams.append(file.read().decode())
    return subprocess.CompletedProcess(list(args), code, *streams)


def _import_all() -> None:
    """All that a run imports, but for the programs that it starts."""
    import anthropic

    import hugo_llmpapers

    for module in pkgutil.walk_packages(hugo_llmpapers.__path__, "hugo_llmpapers."):
        if not module.name.startswith(("hugo_llmpapers.figures.", "hugo_llmpapers.__main__")):
            importlib.import_module(module.name)
    for name, seconds in SHORT.items():
        owner, constant = f"hugo_llmpapers.{name}".rsplit(".", 1)
        assert hasattr(sys.modules[owner], constant), name
        setattr(sys.modules[owner], constant, seconds)
    with anthropic.Anthropic(api_key="none") as client:
        assert client.messages and client.models


def _serve(path: str) -> int:
    """Until stdin closes; in a fork, the tool's exit code."""
    _import_all()
    gc.freeze()
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(path)
        listening.listen(64)
        os.write(1, b"ready\n")
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks that wait
        while listening in select.select([listening, sys.stdin], [], [])[0]:
            line, _ = listening.accept()
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                request, streams, _, _ = socket.recv_fds(line, 1 << 20, 2)
                if (pid := os.fork()) == 0:
                    line.close()
                    break
                line.send(str(pid).encode())
                line.send(str(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])).encode())
                os._exit(0)
            line.close()
        else:
            return 0
    args, environ, folder = json.loads(request)
    return _become(args, environ, folder, streams)


def _become(args: list[str], environ: dict[str, str], folder: str, streams: list[int]) -> int:
    """The tool, here."""
    from hugo_llmpapers.cli import main

    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    for fd, file in enumerate(streams, start=1):
        os.dup2(file, fd)
        os.close(file)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environ)
    time.tzset()
    tempfile.tempdir = None  # it was chosen by another environment
    sys.argv = args
    sys.path.insert(0, str(Path(args[0]).parent))
    main()
    return 0


if __name__ == "__main__":
    del sys.path[0]  # this folder, whose modules could stand in the way of others
    sys.exit(_serve(sys.argv[1]))

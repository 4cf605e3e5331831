from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.worker.pool import Failed, Limits, Workers
from hugo_llmpapers.records import Figure
from tests.figures.papers import Paper, crowded, one_figure

posix = pytest.mark.skipif(os.name != "posix", reason="asks the system for its processes")
linux = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory for temporary files, so that what is left behind shows."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", None)
    return place


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(1) as running:
        yield running


def gone(pid: int) -> bool:
    """Whether the process ends within its own limit of 25 s; in a container nobody may bury an orphan."""
    status = Path(f"/proc/{pid}/status")
    for _ in range(600):
        try:
            os.kill(pid, 0)
            if status.exists() and "State:\tZ" in status.read_text(encoding="utf-8"):
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_figure(workers: Workers, tmp_path: Path) -> None:
    """A worker gives the figure with its picture, one after another."""
    path = one_figure(tmp_path / "paper.pdf")
    for _ in range(2):
        found = workers.figure(path, 800)
        assert isinstance(found, Figure)
        assert found.png.startswith(b"\x89PNG")
        assert found.width_px <= 800
        assert (found.label, found.caption) == ("Figure 1", "Overview of the method.")
        assert isinstance(found.bbox, tuple)
    assert len(workers.pids) == 1


def test_text(workers: Workers, tmp_path: Path) -> None:
    """A worker gives the text of the first pages, in any script."""
    paper = Paper()
    paper.text(108, 90, "Überblick")
    assert workers.text(paper.saved(tmp_path / "paper.pdf"), 1) == "Überblick"


def test_fallback(workers: Workers, tmp_path: Path) -> None:
    """Without a figure there is a reason, and the top of the first page can be rendered instead."""
    paper = Paper()
    paper.paragraph(108, 90, 20)
    path = paper.saved(tmp_path / "paper.pdf")
    assert workers.figure(path) == Failed("no figure with a caption was found", readable=True)
    found = workers.first_page(path)
    assert isinstance(found, Figure)
    assert (found.label, found.strategy) == (None, "page")


def test_several_threads(tmp_path: Path) -> None:
    """Several threads share the workers; there are never more than allowed."""
    path = one_figure(tmp_path / "paper.pdf")
    answers: list[object] = []
    with Workers(2) as workers:
        threads = [threading.Thread(target=lambda: answers.append(workers.figure(path))) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 1 <= len(workers.pids) <= 2
    assert len(answers) == 5
    assert len(set(map(repr, answers))) == 1


def test_unusable_files(workers: Workers, tmp_path: Path) -> None:
    """The reason why a file cannot be used is one line, and the worker continues."""
    web = tmp_path / "web.pdf"
    web.write_text("<!DOCTYPE html><title>404</title>", encoding="utf-8")
    empty = tmp_path / "empty.pdf"
    empty.touch()
    locked = Paper().saved(
        tmp_path / "locked.pdf",
        encryption=pymupdf.PDF_ENCRYPT_AES_256,
        user_pw="user",
        owner_pw="owner",
    )
    assert workers.figure(web) == Failed("not a PDF")
    assert workers.figure(empty) == Failed("the PDF is empty")
    assert workers.figure(locked) == Failed("the PDF is encrypted")
    assert workers.text(locked, 1) == Failed("the PDF is encrypted")
    missing = workers.figure(tmp_path / "missing.pdf")
    assert isinstance(missing, Failed)
    assert "\n" not in missing.reason
    assert isinstance(workers.figure(one_figure(tmp_path / "paper.pdf")), Figure)
    assert len(workers.pids) == 1


def test_hang(temporary: Path, tmp_path: Path) -> None:
    """A PDF that takes too long is given up, and the next one finds a fresh worker."""
    endless = crowded(tmp_path / "endless.pdf", 400_000)
    with Workers(1, Limits(seconds=2)) as workers:
        workers.figure(one_figure(tmp_path / "paper.pdf"))
        before = workers.pids
        assert workers.figure(endless) == Failed("the PDF took longer than 2 s")
        assert workers.pids == ()
        assert isinstance(workers.figure(tmp_path / "paper.pdf"), Figure)
        assert workers.pids != before
    assert list(temporary.iterdir()) == []


@posix
def test_dead_worker(tmp_path: Path) -> None:
    """A worker that dies while idle is replaced without anybody noticing."""
    path = one_figure(tmp_path / "paper.pdf")
    with Workers(1) as workers:
        workers.figure(path)
        (pid,) = workers.pids
        os.kill(pid, signal.SIGKILL)
        time.sleep(0.2)
        assert isinstance(workers.figure(path), Figure)
        assert workers.pids != (pid,)


@posix
def test_worker_that_dies_at_work(tmp_path: Path) -> None:
    """A worker that dies over a PDF gives Failed, and the next PDF finds a fresh one."""
    endless = crowded(tmp_path / "endless.pdf", 400_000)
    with Workers(1) as workers:
        workers.figure(one_figure(tmp_path / "paper.pdf"))
        (pid,) = workers.pids
        threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
        assert workers.figure(endless) == Failed("the PDF worker died")
        assert isinstance(workers.figure(tmp_path / "paper.pdf"), Figure)


def test_memory(tmp_path: Path) -> None:
    """A picture too large for the worker's memory is refused, and the next PDF is served."""
    paper = Paper()
    paper.pdf.new_page(width=14000, height=14000)
    paper.sheet = paper.pdf[1]
    paper.boxes(Box(200, 2000, 13800, 9000), count=2)
    paper.text(200, 9050, "Figure 1: Huge.", size=20)
    huge = paper.saved(tmp_path / "huge.pdf")
    with Workers(1, Limits(memory_mb=600, pixels=10**9)) as workers:
        assert isinstance(workers.figure(one_figure(tmp_path / "paper.pdf")), Figure)
        if workers.unlimited is None or "memory" in workers.unlimited:
            pytest.skip("this system does not limit memory")
        failed = workers.figure(huge, 40_000)
        assert failed == Failed("the PDF worker ran out of memory")
        assert isinstance(workers.figure(tmp_path / "paper.pdf"), Figure)


@linux
def test_environment_without_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No key, token or password of the user reaches the process that opens PDFs."""
    secrets = ("ANTHROPIC_API_KEY", "GITHUB_TOKEN", "MY_PASSWORD", "PYTHON_KEYRING_X", "EDITOR")
    for name in secrets:
        monkeypatch.setenv(name, "hidden")
    with Workers(1) as workers:
        workers.figure(one_figure(tmp_path / "paper.pdf"))
        (pid,) = workers.pids
        environment = Path(f"/proc/{pid}/environ").read_text(encoding="utf-8").split("\0")
    names = {entry.partition("=")[0] for entry in environment if entry}
    assert "PATH" in names
    assert names.isdisjoint(secrets)
    assert "hidden" not in " ".join(environment)


@posix
def test_nothing_is_left_behind(temporary: Path, tmp_path: Path) -> None:
    """Leaving the context ends all processes, also at work, and removes all files."""
    endless = crowded(tmp_path / "endless.pdf", 400_000)
    answers: list[object] = []
    with Workers(2) as workers:
        workers.warm()
        pids = workers.pids
        busy = threading.Thread(target=lambda: answers.append(workers.figure(endless)))
        busy.start()
        time.sleep(0.5)
    busy.join(5)
    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)
    assert list(temporary.iterdir()) == []
    # On a busy machine it may still be starting when it is ended.
    assert answers in ([Failed("the PDF worker died")], [Failed("the PDF worker could not be started")])
    assert workers.figure(endless) == Failed("the PDF workers are closed")


PARENT = """
import os, sys, threading, signal
from pathlib import Path
from hugo_llmpapers.figures.geometry import Box
from hugo_llmpapers.figures.mupdf import pymupdf
from hugo_llmpapers.figures.worker.pool import Workers
try:
    with Workers(1) as workers:
        workers.warm()
        workers.figure(Path(sys.argv[1]))
        print(workers.pids[0], flush=True)
        threading.Timer(0.3, os.kill, (os.getpid(), int(sys.argv[3]))).start()
        workers.figure(Path(sys.argv[2]))
except KeyboardInterrupt:
    print("interrupted")
"""


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_parent_that_ends(temporary: Path, tmp_path: Path, number: int) -> None:
    """Interrupted or killed at work, the parent leaves neither process nor file, nor a word."""
    quick = one_figure(tmp_path / "paper.pdf")
    slow = crowded(tmp_path / "slow.pdf", 4_000)
    ended = subprocess.run(
        [sys.executable, "-c", PARENT, str(quick), str(slow), str(int(number))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    pid, *rest = ended.stdout.split()
    assert rest == (["interrupted"] if number == signal.SIGINT else [])
    assert ended.stderr == ""
    assert gone(int(pid))
    assert list(temporary.iterdir()) == []


@linux
def test_files_of_a_worker_are_limited(tmp_path: Path) -> None:
    """It writes no files, opens few, and leaves no core dump."""
    with Workers(1, Limits(open_files=40)) as workers:
        assert isinstance(workers.figure(one_figure(tmp_path / "paper.pdf")), Figure)
        (pid,) = workers.pids
        limits = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
    found = {
        name: re.search(rf"^{name}\s+(\S+)\s+(\S+)", limits, re.MULTILINE)
        for name in ("Max file size", "Max open files", "Max core file size")
    }
    assert [one.groups() for one in found.values() if one] == [("0", "0"), ("40", "40"), ("0", "0")]


def test_no_file_is_made(temporary: Path, tmp_path: Path) -> None:
    """A picture comes back without a detour over the disk, where somebody else could lay a link."""
    path = one_figure(tmp_path / "paper.pdf")
    with Workers(1) as workers:
        assert isinstance(workers.figure(path), Figure)
        assert list(temporary.iterdir()) == []


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    """It is not sent to the worker."""
    path = one_figure(tmp_path / "paper.pdf")
    with path.open("ab") as file:
        file.truncate((1 << 20) + 1)
    with Workers(1, Limits(pdf_mb=1)) as workers:
        assert workers.figure(path) == Failed("paper.pdf cannot be read: it has more than 1 MB")
        assert isinstance(workers.figure(one_figure(tmp_path / "small.pdf")), Figure)


@posix
@pytest.mark.parametrize(
    "answer", [b"nonsense\n", b"[" * 100_000 + b"\n", b"x" * (3 << 20), b"{}\n", b'{"failed": 7}\n']
)
def test_a_worker_that_was_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    """An invalid answer is a failure, and ends the worker."""
    _replace_worker(tmp_path, monkeypatch, answer)
    path = one_figure(tmp_path / "paper.pdf")
    with Workers(1, Limits(answer_mb=2)) as workers:
        assert workers.figure(path) == Failed("the PDF worker gave no valid answer")
        assert workers.pids == ()


@posix
def test_a_worker_that_neither_reads_nor_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file larger than a pipe does not hold up who sends it."""
    _replace_worker(tmp_path, monkeypatch, b"", reads=False)
    path = one_figure(tmp_path / "paper.pdf")
    with path.open("ab") as file:
        file.truncate(1 << 20)
    with Workers(1, Limits(seconds=0.2)) as workers:
        assert workers.figure(path) == Failed("the PDF took longer than 0.2 s")


def _replace_worker(folder: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, *, reads: bool = True) -> None:
    """Replace the worker by a program that gives this answer to every request."""
    program, file = folder / "worker", folder / "answer"
    file.write_bytes(answer)
    program.write_text(
        f"#!{sys.executable}\n"
        "import sys, time\n"
        "sys.stdout.buffer.write(b'{\"unlimited\": []}\\n')\n"
        "sys.stdout.buffer.flush()\n"
        f"sys.stdin.buffer.readline() if {reads} else time.sleep(60)\n"
        f"sys.stdout.buffer.write(open({str(file)!r}, 'rb').read())\n"
        "sys.stdout.buffer.flush()\n"
        "time.sleep(60)\n",
        encoding="utf-8",
    )
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))

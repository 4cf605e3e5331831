"""Runs that are killed, interrupted or not alone; clocks that jump, sites that change, Hugos that misbehave."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tests.faults.case import Case, Seen, is_clear
from tests.faults.stage import POST, Ended, Stage
from tests.tool import hugo_program

STAGES = ("arxiv", "semanticscholar", "huggingface", "pdf", "claude")
"""Services whose first request, or answer, tells how far a run has come."""
HUGO = """#!/bin/sh
# Passes everything on, but for the call with this number.
echo . >> "{folder}/calls"
if [ "$(wc -l < "{folder}/calls")" -eq {number} ]; then
{instead}
fi
exec "{hugo}" "$@"
"""
MISBEHAVES = {
    "hangs": "exec sleep 1000",
    "crashes": "kill -SEGV $$",
    "prints garbage": "head -c 2000 /dev/urandom; exit 0",
    "fails without a word": "exit 1",
    "prints nothing": "exit 0",
}
CALLS = 6
"""How often a run calls Hugo at the most."""


class Lost(Exception):
    """Something of the owner's is not there any more."""


def _published(ended: Ended, stage: Stage) -> list[str]:
    good = ended.code == 0 and stage.papers() == 5
    return [] if good else [f"exit {ended.code}, {stage.papers()} papers"]


def _goes_on(stage: Stage) -> list[str]:
    return [f"the next run: {wrong}" for wrong in _published(stage.run(), stage)]


def _signalled(number: int, service: str, stage: Stage) -> Seen:
    """When the first request to this service arrives, or Hugo is called for the first or last time."""
    reached = threading.Event()
    stage.upstream.arrived = lambda asked: reached.set() if asked == service else None
    if service == "hugo":
        environ = _stub(stage, 1, f"kill -{number} $PPID; sleep 1")
        ended = stage.run(environ=environ)
    else:
        run = stage.start()
        reached.wait(60)
        run.process.send_signal(number)
        ended = run.ended()
    stage.upstream.arrived = None
    wrong = ["a post all the same"] * stage.blog.post().exists()
    if number == signal.SIGKILL:
        wrong += [f"exit {ended.code}"] * (ended.code != -9)
    else:
        wrong += [f"exit {ended.code}"] * (ended.code != 130)
        wrong += ["does not say: interrupted"] * ("interrupted" not in ended.err)
        wrong += [f"left at once: {path.name}" for path in stage.scratch.iterdir()]
    return Seen(ended, wrong + _goes_on(stage), "the post, until the next run")


def _at_once(number: int, stage: Stage) -> Seen:
    """One post, and each paper is asked about once."""
    runs = [stage.start() for _ in range(number)]
    ended = [run.ended() for run in runs]
    wrong = [f"exit {one.code}" for one in ended if one.code != 0]
    asked = len(stage.upstream.asked("claude"))
    wrong += [f"{asked} questions to Claude"] * (asked != 5)
    wrong += ["they name different posts"] * (len({one.out for one in ended}) != 1)
    return Seen(max(ended, key=lambda one: one.seconds), wrong + _published(ended[0], stage))


def _clocks(first: str, second: str, stage: Stage) -> Seen:
    """A run by one clock, its post away, another run by an earlier or later clock."""
    stage.run("new", "2026-02-26", clock=first)
    shutil.rmtree(stage.blog.post("llm-papers-2026-02-26"), ignore_errors=True)
    ended = stage.run("new", clock=second)
    wrong = _published(ended, stage)
    if len(stage.upstream.asked("claude")) != 5:
        wrong.append("summaries were paid for twice")
    return Seen(ended, wrong)


def _stub(stage: Stage, number: int, instead: str) -> dict[str, str | None]:
    folder = stage.blog.home / "stub"
    folder.mkdir(exist_ok=True)
    (folder / "calls").unlink(missing_ok=True)
    program = folder / "hugo"
    program.write_text(
        HUGO.format(folder=folder, number=number, instead=instead, hugo=hugo_program()), encoding="utf-8"
    )
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{stage.environ['PATH']}"}


def _misbehaves(how: str, number: int, stage: Stage) -> Seen:
    """The call with this number goes wrong: a clear failure, or a post all the same, and then a note."""
    ended = stage.run(environ=_stub(stage, number, MISBEHAVES[how]))
    if ended.code == 0:
        return Seen(ended, _published(ended, stage))
    wrong = is_clear(ended) + [f"exit {ended.code}"] * (ended.code not in (1, 3))
    wrong += ["a post all the same"] * stage.blog.post().exists()
    return Seen(ended, wrong + _goes_on(stage), "the post, until the next run")


def _meanwhile(change: Callable[[Stage], Callable[[], None] | None], works: bool, stage: Stage) -> Seen:
    """The site is changed while Claude is at work; the change gives what undoes it."""
    undo: list[Callable[[], None]] = []
    lock = threading.Lock()

    def arrived(service: str) -> None:
        with lock:
            if service == "claude" and not undo:
                undo.append(change(stage) or (lambda: None))

    stage.upstream.arrived = arrived
    ended = stage.run()
    stage.upstream.arrived = None
    if works:
        wrong = [f"exit {ended.code}"] * (ended.code != 0)
    else:
        wrong = is_clear(ended) + [f"exit {ended.code}"] * (ended.code not in (1, 3))
    for one in undo:
        try:
            one()
        except Lost as lost:
            wrong.append(str(lost))
    return Seen(ended, wrong + _goes_on(stage), "nothing" if works else "the post, until the next run")


def _config_goes(stage: Stage) -> Callable[[], None]:
    path = stage.blog.root / "hugo.toml"
    text = path.read_bytes()
    path.write_text('title = "x\n', encoding="utf-8")
    return lambda: _put(path, text)


def _archetype_goes(stage: Stage) -> Callable[[], None]:
    path = stage.blog.root / "archetypes" / "llm-papers.md"
    text = path.read_bytes()
    path.unlink()
    return lambda: _put(path, text)


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _section_goes(stage: Stage) -> Callable[[], None]:
    path = stage.blog.root / "content" / "posts"
    path.rename(stage.blog.home / "renamed")

    def undo() -> None:
        shutil.copytree(stage.blog.home / "renamed", path, dirs_exist_ok=True)

    return undo


def _site_goes(stage: Stage) -> Callable[[], None]:
    stage.blog.root.rename(stage.blog.home / "renamed")

    def undo() -> None:
        shutil.rmtree(stage.blog.root, ignore_errors=True)
        (stage.blog.home / "renamed").rename(stage.blog.root)

    return undo


def _post_appears(stage: Stage) -> Callable[[], None]:
    folder = stage.blog.post()
    folder.mkdir()
    (folder / "index.md").write_text("---\ntitle: of its owner\ndate: 2026-02-27\n---\nHello\n", encoding="utf-8")

    def undo() -> None:
        text = (folder / "index.md").read_text(encoding="utf-8")
        shutil.rmtree(folder)
        if "Hello" not in text:
            raise Lost("the post that its owner wrote meanwhile is gone")

    return undo


def _served(stage: Stage) -> Seen:
    """`hugo server` runs meanwhile: never a 500, and one rebuild brings the post."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = stage.blog.home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [hugo_program(), "server", "-s", str(stage.blog.root), "--port", str(port), "--renderToMemory",
             "--clock", "2026-02-27T08:00:00+09:00", "--baseURL", f"http://127.0.0.1:{port}/", "--noBuildLock"],
            env=stage.blog.environ(), stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        answers = _Polled(f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{port}/{POST}/")
        answers.until(lambda: 200 in answers.home, 30)
        run = stage.start()
        answers.until(lambda: run.process.poll() is not None, 75)
        ended = Ended(
            run.process.returncode,
            run.out.read_text(),
            run.err.read_text(encoding="utf-8"),
            time.monotonic() - run.at,
            0,
            stage.papers(),
        )
        answers.until(lambda: answers.post[-1:] == [200], 20)
    finally:
        server.terminate()
        server.wait(20)
    wrong = _published(ended, stage)
    wrong += [f"HTTP {code}" for code in {*answers.home, *answers.post} if code >= 500]
    wrong += ["the post does not show"] * (answers.post[-1:] != [200])
    said = log.read_text(encoding="utf-8", errors="replace")
    rebuilt = said.count("Total in") + said.count("Rebuilt in")
    wrong += [f"{rebuilt - 1} rebuilds"] * (rebuilt > 2)
    wrong += [f"the server says: {line}" for line in said.splitlines() if line.startswith(("ERROR", "Error"))][:1]
    for left in ("resources", ".hugo_build.lock"):
        path = stage.blog.root / left
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return Seen(ended, wrong)


class _Polled:
    """The statuses of two pages, asked for over and over."""

    def __init__(self, home: str, post: str) -> None:
        self._urls = home, post
        self.home: list[int] = []
        self.post: list[int] = []

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            for url, statuses in zip(self._urls, (self.home, self.post), strict=True):
                status = _status(url)
                if status:
                    statuses.append(status)
            time.sleep(0.02)


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def _cases() -> Iterator[Case]:
    for service in (*STAGES, "hugo"):
        yield Case("kill -9", f"at {service}", partial(_signalled, signal.SIGKILL, service), quick=service == "claude")
        yield Case("Ctrl-C", f"at {service}", partial(_signalled, signal.SIGINT, service), quick=service == "pdf")
    for number in (2, 8):
        yield Case("at once", f"{number} runs", partial(_at_once, number))
    early, late = "2026-02-27T07:02:00+09:00", "2026-02-27T23:30:00+09:00"
    yield Case("clock", "back by hours between two runs", partial(_clocks, late, early))
    yield Case("clock", "forward by hours between two runs", partial(_clocks, early, late))
    for how in MISBEHAVES:
        for number in range(1, CALLS + 1):
            limit_s = 180.0 if how == "hangs" else 75.0
            quick = (how, number) in {("crashes", 3), ("prints garbage", 1)}
            yield Case("Hugo", f"{how} at its call {number}", partial(_misbehaves, how, number), quick, limit_s=limit_s)
    changes = {
        "its configuration breaks": (_config_goes, False),
        "its archetype goes": (_archetype_goes, False),
        "its section is renamed": (_section_goes, True),
        "it is renamed": (_site_goes, False),
        "the day's post appears": (_post_appears, True),
    }
    for name, (change, works) in changes.items():
        yield Case("the site changes", name, partial(_meanwhile, change, works), quick=change is _post_appears)
    yield Case("hugo server", "looks on", _served)


CASES = tuple(_cases())

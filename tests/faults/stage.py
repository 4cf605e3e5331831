"""A site, a home, a temporary folder and the services for one case, and what must be true of them afterwards."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from hugo_llmpapers.sample.answers import Answer, answer
from hugo_llmpapers.sample.papers import papers
from tests.faults.wires import ELSEWHERE
from tests.tool import CLOCK, COMMAND, Blog
from tests.upstream import Upstream, serving

ROOT = Path(__file__).parent.parent.parent
DAY = date(2026, 2, 27)
POST = "llm-papers-2026-02-27"
SECRET = "sk-ant-test-1234567890"
LIMIT_S = 75.0
"""No case may take longer."""
LIMIT_MB = 400
"""Nor more memory, in any of its processes; Hugo and PyMuPDF take 150."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one run ended."""

    code: int
    out: str
    err: str
    seconds: float
    memory_mb: float
    """Of the largest of its processes."""
    papers: int = 0
    """In the day's post at that moment; 0 where there is none."""

    @property
    def told(self) -> list[str]:
        """The lines for its user, without the progress and without what every run says."""
        lines = [line.strip() for line in self.err.splitlines()]
        said = [line for line in lines if line and not re.match(r"(?:sources|rank|summary|figure|write)  ", line)]
        return [line for line in said if not line.startswith(("URL: ", "Claude: ", "Figures belong "))]


@dataclass(frozen=True, slots=True)
class Started:
    """A run that is under way."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path
    at: float
    index: Path
    """Of the day's post."""

    def ended(self, limit_s: float = LIMIT_S) -> Ended:
        """Waits for it; one that takes longer is killed, and its code is -9."""
        while True:
            pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - self.at > limit_s:
                self.process.kill()
            time.sleep(0.02)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        out, err = (path.read_text(encoding="utf-8", errors="replace") for path in (self.out, self.err))
        return Ended(
            self.process.returncode, out, err, time.monotonic() - self.at, used.ru_maxrss / 1024, papers_in(self.index)
        )


@dataclass(frozen=True)
class Stage:
    """All that a case has for itself."""

    blog: Blog
    scratch: Path
    """Its TMPDIR."""
    upstream: Upstream
    before: Mapping[str, str]
    """The site's files when the stage was set."""
    limit_s: float = LIMIT_S
    """After which a run is killed."""
    runs: list[Started] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        """Of its runs."""
        return {**self.blog.environ(), **self.upstream.environ(), "TMPDIR": str(self.scratch)}

    def start(
        self,
        *args: str,
        environ: Mapping[str, str | None] | None = None,
        clock: str = CLOCK,
        wrapper: Sequence[str] = (),
    ) -> Started:
        """The command in the site. A variable that is None is left out; `wrapper` goes before it."""
        named = {**self.environ, **(environ or {})}
        number = len(self.runs)
        out, err = self.blog.home / f"out-{number}", self.blog.home / f"err-{number}"
        with out.open("wb") as to_out, err.open("wb") as to_err:
            process = subprocess.Popen(
                [*wrapper, str(COMMAND), *(args or ("new",)), "--source", str(self.blog.root), "--clock", clock],
                env={name: value for name, value in named.items() if value is not None},
                stdin=subprocess.DEVNULL,
                stdout=to_out,
                stderr=to_err,
            )
        started = Started(process, out, err, time.monotonic(), self.blog.post() / "index.md")
        self.runs.append(started)
        return started

    def run(self, *args: str, environ: Mapping[str, str | None] | None = None, clock: str = CLOCK) -> Ended:
        """The same to its end."""
        return self.start(*args, environ=environ, clock=clock).ended(self.limit_s)

    def papers(self, name: str = POST) -> int:
        """In the day's post; 0 where there is none."""
        return papers_in(self.blog.post(name) / "index.md")

    def figures(self, name: str = POST) -> int:
        """In the day's post."""
        return len(list(self.blog.post(name).glob("*.png")))

    def wrong(self, *, posts: Sequence[str] = (POST,)) -> Iterator[str]:
        """What is not as it must be, whatever happened; empty where all is well."""
        for run in self.runs:
            said = run.err.read_text(encoding="utf-8", errors="replace") + run.out.read_text(
                encoding="utf-8", errors="replace"
            )
            if "Traceback" in said:
                yield "a traceback"
            if SECRET in said:
                yield "the key is printed"
        changed = sorted(name for name, digest in self._changes(posts) if digest)
        if changed:
            yield f"the site has changed: {', '.join(changed[:3])}"
        yield from (f"half a post: {name}" for name in posts if not self.is_whole_or_absent(name))
        if self.scratch.is_dir() and (left := sorted(path.name for path in self.scratch.iterdir())):
            yield f"left in TMPDIR: {', '.join(left[:3])}"
        yield from (f"left in the cache: {path.name}" for path in self._cache_leftovers())
        if ELSEWHERE in {row["path"] for row in self.upstream.journal}:
            yield "a redirect to another host was followed"
        if alive := self.alive():
            yield f"still running: {', '.join(alive)}"

    def _changes(self, posts: Sequence[str]) -> Iterator[tuple[str, bool]]:
        ours = tuple(f"content/posts/{name}/" for name in posts)
        now = files_of(self.blog.root)
        for name in self.before.keys() | now.keys():
            yield name, self.before.get(name) != now.get(name) and not f"{name}/".startswith(ours)

    def is_whole_or_absent(self, name: str) -> bool:
        """Whether a post has its page and its pictures, and nothing else."""
        folder = self.blog.post(name)
        if not folder.exists():
            return True
        index = folder / "index.md"
        if not index.is_file() or not self.papers(name):
            return False
        named = set(re.findall(r"\((paper_\d+\.png)\)", index.read_text(encoding="utf-8")))
        return {path.name for path in folder.iterdir()} == {"index.md", *named}

    def _cache_leftovers(self) -> Iterator[Path]:
        for path in (self.blog.home / "cache").rglob("*"):
            if path.name.startswith((".tmp-", ".making-")):
                yield path

    def alive(self, wait_s: float = 2.0) -> list[str]:
        """The names of processes that the stage's runs have left behind, and that do not end within this time."""
        wanted = f"HOME={self.blog.home}\0".encode()
        for _ in range(int(wait_s * 10)):
            found = []
            for process in Path("/proc").glob("[0-9]*"):
                try:
                    if wanted in (process / "environ").read_bytes():
                        found.append((process / "comm").read_text().strip())
                except OSError:
                    continue
            if not found:
                break
            time.sleep(0.1)
        return found

    def end(self) -> None:
        """Whatever still runs of the stage."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if f"HOME={self.blog.home}\0".encode() in (process / "environ").read_bytes():
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue


def papers_in(index: Path) -> int:
    """Of a post's page; 0 where there is none."""
    return index.read_text(encoding="utf-8").count("**arXiv ID**") if index.is_file() else 0


def files_of(root: Path) -> dict[str, str]:
    """Each file and folder of a site with a digest of its bytes."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "/"
        for path in root.rglob("*")
    }


@contextmanager
def staged(limit_s: float = LIMIT_S) -> Iterator[Stage]:
    """A copy of the example site without posts, and its services; all is gone afterwards. `limit_s`: for each run."""
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, serving(DAY) as upstream:
        home = Path(folder)
        root = home / "hugo-example"
        left_out = shutil.ignore_patterns("llm-papers-*-*", "public", "resources", ".hugo_build.lock")
        shutil.copytree(ROOT / "hugo-example", root, ignore=left_out)
        (root / "archetypes").mkdir(exist_ok=True)
        shutil.copyfile(ROOT / "archetypes" / "llm-papers.md", root / "archetypes" / "llm-papers.md")
        scratch = home / "scratch"
        scratch.mkdir()
        upstream.pages.update(_pdfs())
        upstream.amended = _all_five_on_hugging_face
        stage = Stage(Blog(root, home), scratch, upstream, files_of(root), limit_s)
        try:
            yield stage
        finally:
            stage.end()


_drawing = threading.Lock()


def _pdfs() -> dict[str, tuple[str, bytes]]:
    with _drawing:
        return _drawn()


@functools.cache
def _drawn() -> dict[str, tuple[str, bytes]]:
    found = {}
    for arxiv_id in papers():
        given = answer("GET", "", f"/pdf/{arxiv_id}", {}, b"", DAY)
        found[f"/pdf/{arxiv_id}"] = (given.content_type, given.body)
    return found


def _all_five_on_hugging_face(path: str, query: Mapping[str, str], given: Answer) -> Answer:
    """So that five are left where arXiv does not answer: its own sample has one that nobody else lists."""
    if path != "/api/daily_papers" or query.get("date") != (DAY - timedelta(days=1)).isoformat():
        return given
    missing = [paper for paper in papers().values() if paper.huggingface is None and paper.semanticscholar is None]
    day = f"{DAY - timedelta(days=1)}T00:00:00.000Z"
    added = [
        {
            "paper": {
                "id": paper.arxiv_id,
                "title": paper.title,
                "summary": paper.abstract,
                "authors": [{"name": name} for name in paper.authors],
                "publishedAt": day,
                "submittedOnDailyAt": day,
                "upvotes": 3,
            }
        }
        for paper in missing
    ]
    return replace(given, body=json.dumps(json.loads(given.body) + added).encode())

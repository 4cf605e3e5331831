"""How long a day's post takes beside its critical path, with services that think as long as the real ones do.

One after another, as the site's earlier generator asked them, stands beside it: the same answers, and its pauses.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from hugo_llmpapers.sample.answers import Answer, answer
from tests.benchmarks.start import site
from tests.benchmarks.timing import Row, Spread, command, peak_mb, spreads
from tests.conftest import DAY
from tests.tool import CLOCK, COMMAND, Blog
from tests.upstream import Upstream, serving

LATENCY = {"arxiv": 0.4, "semanticscholar": 0.5, "huggingface": 0.3, "pdf": 1.0, "claude": 4.0}
"""Seconds before each answer."""
PAUSE_S = 3.0
"""What the earlier generator slept between papers."""
_ENTRY = "  <entry>\n"
_ITS_ID = re.compile(r"0000\.0000\d")
_OURS = re.compile(r"^/pdf/2602\.(\d{5})")


def critical_path() -> float:
    """Seconds: the slowest source, one more question to Semantic Scholar, one round of Claude."""
    sources = max(LATENCY[name] for name in ("arxiv", "semanticscholar", "huggingface"))
    return sources + LATENCY["semanticscholar"] + LATENCY["claude"]


def in_sequence(papers: int) -> float:
    """Seconds that the same answers take one after another, with the pauses between papers."""
    sources = sum(LATENCY[name] for name in ("arxiv", "semanticscholar", "huggingface"))
    return sources + papers * (LATENCY["pdf"] + LATENCY["claude"]) + (papers - 1) * PAUSE_S


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """The table's lines on a day."""
    path = critical_path()
    five, twenty = _timed(folder / "five", 5, rounds), _timed(folder / "twenty", 20, rounds)
    yield Row("a day of 5 papers", five, path, "critical path", 1.25)
    yield Row("  one after another", Spread(*[in_sequence(5)] * 3), path, "critical path")
    yield Row("a day of 20 papers", twenty, five.median, "5 papers; arXiv gives two PDFs at a time")
    five, twenty = (_timed(folder / f"{n}-without", n, rounds, "--no-figures") for n in (5, 20))
    yield Row("5 papers without figures", five, path, "critical path", 1.25)
    yield Row("20 papers without figures", twenty, five.median + 2, "5 papers, and 2 s", 1)


def growth(folder: Path, most: int) -> Iterator[tuple[int, float, float]]:
    """Papers in a post; seconds of one run, and of the same one after another."""
    for papers in (1, 5, 10, 20, 35, 50):
        if papers <= most:
            yield papers, _timed(folder / f"of-{papers}", papers, 1).median, in_sequence(papers)


def memory(folder: Path) -> float:
    """MB that the main process takes at most for a day of five papers."""
    with _services(5) as upstream:
        return peak_mb(_new(site(folder)), _environ(folder, upstream))


def network(folder: Path) -> tuple[int, int]:
    """Requests and bytes of the answers of a day of five papers."""
    with _services(5) as upstream:
        sizes: list[int] = []

        def weighed(path: str, query: Mapping[str, str], given: Answer) -> Answer:
            made = _many(5)(path, query, given)
            sizes.append(len(made.body))
            return made

        upstream.amended = weighed
        command(_new(site(folder)), _environ(folder, upstream))()
    return len(sizes), sum(sizes)


def _timed(folder: Path, papers: int, rounds: int, *flags: str) -> Spread:
    blog = site(folder)
    with _services(papers) as upstream:
        environ = _environ(folder, upstream)

        def run() -> None:
            shutil.rmtree(blog.post(), ignore_errors=True)
            shutil.rmtree(environ["HUGO_CACHEDIR"], ignore_errors=True)
            command([*_new(blog), "--count", str(papers), *flags], environ)()
            written = (blog.post() / "index.md").read_text(encoding="utf-8")
            assert written.count("**arXiv ID**") == papers, written[:2000]

        return spreads([run], rounds)[0]


def _new(blog: Blog) -> list[str]:
    return [str(COMMAND), "new", "--source", str(blog.root), "--clock", CLOCK]


def _environ(folder: Path, upstream: Upstream) -> dict[str, str]:
    environ = Blog(folder, folder).environ() | upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_MAXCOST": "20"}
    del environ["PYTHONPATH"]
    return environ


@cache
def _pdf(number: int) -> Answer:
    """Drawn once: that takes longer than reading it."""
    return answer("GET", "", f"/pdf/0000.0000{number}", {}, b"", DAY)


@contextmanager
def _services(papers: int) -> Iterator[Upstream]:
    for number in range(1, 6):
        _pdf(number)
    with serving(DAY) as upstream:
        upstream.arrived = lambda service: time.sleep(LATENCY.get(service, 0.0))
        upstream.amended = _many(papers)
        yield upstream


def _many(papers: int) -> Callable[[str, Mapping[str, str], Answer], Answer]:
    """Services that know more than the sample's five papers: copies of them under other ids, listed by arXiv alone."""

    def amended(path: str, _query: Mapping[str, str], given: Answer) -> Answer:
        if path == "/api/query":
            head, *entries = given.body.decode().removesuffix("</feed>\n").split(_ENTRY)
            copies = [_ITS_ID.sub(f"2602.{n:05d}", entries[n % len(entries)]) for n in range(papers) if entries]
            return replace(given, body=(_ENTRY.join((head, *copies)) + "</feed>\n").encode())
        if path.startswith("/api/daily_papers"):
            return replace(given, body=b"[]")
        if path.startswith("/graph/v1/paper/search"):
            return replace(given, body=b'{"total": 0, "data": []}')
        if path.startswith("/graph/"):
            return replace(given, body=b"[]")
        if found := _OURS.search(path):
            return _pdf(int(found[1]) % 5 + 1)
        return given

    return amended

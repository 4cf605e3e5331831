"""How much memory and time it takes to choose the papers of many days.

    python -m tests.benchmarks.backfill [DAYS]

Two sources list 100 invented papers a day with abstracts of 1,500 characters; each post takes five. The sources' own
pace (arXiv: one request in three seconds) is left out, everything from merging to what is kept on disk is in.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from hugo_llmpapers.cli.services import ARXIV_PAUSE_S
from hugo_llmpapers.pipeline.backfill import plan
from hugo_llmpapers.pipeline.backfill_state import BackfillState
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Listing, SourceName
from hugo_llmpapers.site.dates import each
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.hugo_program import find_program
from hugo_llmpapers.site.open_blog import open_blog
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources.fetch import BoundSource
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.summaries.budget import Budget
from hugo_llmpapers.summaries.summarize import SummaryContext
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service
from tests.conftest import ROOT
from tests.invented import listing

PAPERS = 100
LAST = date(2026, 2, 27)
WORDS = [
    "pebble",
    "weighing",
    "with",
    "a",
    "language",
    "model",
    "and",
    "its",
    "agents",
    "on",
    "a",
    "river",
    "bank,",
    "told",
    "in",
    "many",
    "words",
]


@dataclass(frozen=True)
class Chosen:
    """What choosing the papers of some days took."""

    days: int
    papers: int
    seconds: float
    memory_mb: float
    disk_mb: float

    @property
    def pace_s(self) -> float:
        """Seconds that arXiv's pace takes for as many days: one request each."""
        return self.days * ARXIV_PAUSE_S

    def __str__(self) -> str:
        size = f"{self.memory_mb:.0f} MB at most, {self.disk_mb:.1f} MB on disk"
        return f"a backfill of {self.days} days, {self.papers} papers: {self.seconds:.1f} s, {size}; arXiv's pace {self.pace_s:.0f} s"


@dataclass(frozen=True)
class Invented:
    """A source that lists new papers each day."""

    name: SourceName

    def fetch(self, query: Query, _web: Web, _service: Service) -> list[Listing]:
        """Those of the window's days."""
        days = [query.last_day - timedelta(days=back) for back in range(query.window_days)]
        return [self._paper(day, number) for day in days for number in range(PAPERS)]

    def lookup(self, _ids: Sequence[str], _web: Web, _service: Service) -> list[Listing]:
        """None."""
        return []

    def _paper(self, day: date, number: int) -> Listing:
        abstract = " ".join(WORDS[(number + n) % len(WORDS)] for n in range(260))
        title = f"Pebble {day.toordinal()} {number}: {' '.join(WORDS[number % 7 : number % 7 + 6])}"
        listed = datetime(day.year, day.month, day.day, tzinfo=UTC)
        arxiv_id = f"{day:%y%m}.{day.day:02d}{number:03d}"
        one = listing(arxiv_id, self.name, title=title, abstract=abstract, listed=listed, published=day)
        return replace(one, votes=number if self.name == "huggingface" else None, categories=("cs.CL",))


class _NoBatches:
    """Claude is not asked while papers are chosen, but for whether there are batches."""

    def __getattr__(self, name: str) -> _NoBatches:
        return self

    def list(self, **_: object) -> object:
        """Nothing that a batch could be in."""
        return None


@contextmanager
def _context(blog: Blog, *, pays: bool, cache: Cache) -> Iterator[RunContext]:  # noqa: ARG001
    service = Service("invented", "http://127.0.0.1:9")
    upstreams = {name: BoundSource(Invented(name), service) for name in ("arxiv", "huggingface")}
    summary_context = SummaryContext(
        client=_NoBatches,  # type: ignore[arg-type]
        model="claude-sonnet-5-5", fallback_model=None, effort=None, language=blog.language,
        budget=Budget(0.5), cache=cache, now=blog.now,
    )  # fmt: skip
    with Web(cache, blog.now, user_agent="benchmark") as web:
        nobody: Any = None
        yield RunContext(blog, web, upstreams, service, service, nobody, summary_context, lambda _step: None)  # type: ignore[arg-type]


def growth(most: int) -> Iterator[Chosen]:
    """For a growing number of days, each in a process of its own, whose memory is then that of those days."""
    for days in (1, 7, 30, 90, 365):
        if days <= most:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                yield apart.submit(chosen, days).result()


def chosen(days: int) -> Chosen:
    """The papers of so many days chosen in this process."""
    import resource

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        shutil.copytree(ROOT / "hugo-example", folder / "site")
        environ = {"HUGO_CACHEDIR": str(folder / "cache"), "PATH": ""}
        site_hugo = Hugo(find_program(""), folder / "site", "production", None, None, environ)
        moment = datetime(2026, 2, 28, tzinfo=UTC)
        blog = open_blog(site_hugo, {}, moment)
        cache = blog.site.cache
        backfill_state = BackfillState(cache.folder("backfill"))
        started = time.perf_counter()
        wanted = each(LAST - timedelta(days=days - 1), LAST, "1d")
        outlook = plan(wanted, blog, partial(_context, cache=cache), backfill_state)
        seconds = time.perf_counter() - started
        on_disk = sum(path.stat().st_size for path in backfill_state.folder.glob("*.json")) / 1e6
    papers = sum(len(one.first) for one in outlook.planned)
    assert papers == 5 * days
    return Chosen(days, papers, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, on_disk)


if __name__ == "__main__":
    print(chosen(int(sys.argv[1]) if len(sys.argv) > 1 else 365))  # noqa: T201

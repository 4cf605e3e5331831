"""Timing whole commands: each in turn with what it is compared to, so that both meet the same minute of the machine."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spread:
    """Seconds of several runs."""

    low: float
    median: float
    high: float


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    ours: Spread
    floor: float
    """Seconds that nobody could do without, measured in the same minute or computed."""
    of: str
    """What the floor is made of."""
    within: float | None = None
    """The most that `ours` may be of it; None where nothing is promised."""

    @property
    def ratio(self) -> float:
        """Of the medians."""
        return self.ours.median / self.floor

    def __str__(self) -> str:
        ours = f"{self.ours.median:.3f} s ({self.ours.low:.3f} to {self.ours.high:.3f})"
        limit = "" if self.within is None else f"of {self.within:g}{'' if self.ratio <= self.within else ', MISSED'}"
        return f"{self.what:<44} {ours:<32} {self.floor:>7.3f} s  {self.ratio:>5.2f} {limit:<15} {self.of}"


Job = Callable[[], object]


def spreads(jobs: Sequence[Job], rounds: int) -> list[Spread]:
    """Of each job, all run in turn `rounds` times after one round that warms the disk's cache."""
    seconds: list[list[float]] = [[] for _ in jobs]
    for number in range(rounds + 1):
        for job, kept in zip(jobs, seconds, strict=True):
            began = time.perf_counter()
            job()
            if number:
                kept.append(time.perf_counter() - began)
    return [Spread(min(kept), statistics.median(kept), max(kept)) for kept in seconds]


def command(args: Sequence[str], environ: Mapping[str, str]) -> Job:
    """A job that runs a command, which must succeed."""
    return lambda: subprocess.run(args, env=dict(environ), check=True, capture_output=True)


def peak_mb(args: Sequence[str], environ: Mapping[str, str]) -> float:
    """The most memory that the command's own process had resident, not that of those it starts (Linux)."""
    process = subprocess.Popen(args, env=dict(environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    status, seen, ended = Path(f"/proc/{process.pid}/status"), [0.0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            try:
                lines = status.read_text().splitlines()
            except OSError:
                return
            seen.extend(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))

    watching = threading.Thread(target=watch)
    watching.start()
    code = process.wait()
    ended.set()
    watching.join()
    assert code == 0, f"{args} ended with {code}"
    return max(seen)


def machine() -> str:
    """What to know of this one: processors, and how busy it is."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"

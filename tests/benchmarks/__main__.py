"""How fast it is, each figure beside what nobody could do without, measured in the same minute.

    python -m tests.benchmarks [start] [day] [figures] [growth] [--rounds 9] [--plots FOLDER]

Run it on a quiet machine. What is promised is named after the ratio; a line that misses it says so, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks import backfill, day, figures, start
from tests.benchmarks.plots import plot
from tests.benchmarks.timing import Row, machine

PARTS = ("start", "day", "figures", "growth")
MEMORY_MB = 120
SCAN = 2.0
"""A scan of 10,000 posts may take so many times what reading them takes."""


def main() -> int:
    """Prints the table; 1 where something that is promised was missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="all, where none is named")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each short command; a fifth as many of a day")
    parser.add_argument("--posts", type=int, default=20_000, help="posts of the largest blog")
    parser.add_argument("--papers", type=int, default=50, help="papers of the largest post")
    parser.add_argument("--days", type=int, default=365, help="days of the longest backfill")
    parser.add_argument("--plots", type=Path, metavar="FOLDER", help="write growth as SVG there")
    asked = parser.parse_args()
    parts, missed = asked.parts or PARTS, False
    print(f"{machine()}\n{'':<44} {'median (lowest to highest)':<32} {'floor':>9}  ratio")
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as made:
        folder = Path(made)
        if "start" in parts:
            missed |= _told(start.rows(_below(folder, "start"), asked.rounds))
        if "day" in parts:
            missed |= _told(day.rows(_below(folder, "day"), max(1, asked.rounds // 5)))
            peak = day.memory(_below(folder, "memory"))
            missed |= peak > MEMORY_MB
            print(f"  most memory of the main process: {peak:.0f} MB, of {MEMORY_MB}")
            requests, size = day.network(_below(folder, "network"))
            print(f"  over the network: {requests} requests, {size / 1000:.0f} KB of answers")
        if "figures" in parts:
            missed |= _told(figures.rows(_below(folder, "figures"), asked.rounds))
        if "growth" in parts:
            missed |= _growth(folder, asked)
    return int(missed)


def _growth(folder: Path, asked: argparse.Namespace) -> bool:
    scans = list(start.scans(_below(folder, "scans"), max(3, asked.rounds // 3), asked.posts))
    for posts, ours, floor in scans:
        print(
            Row(f"scan of {posts} posts", ours, floor.median, "reading their bytes", SCAN if posts == 10_000 else None)
        )
    papers = list(day.growth(_below(folder, "papers"), asked.papers))
    for number, seconds, in_sequence in papers:
        print(f"a day of {number:>2} papers: {seconds:6.2f} s, one after another {in_sequence:6.1f} s")
    chosen = list(backfill.growth(asked.days))
    print(*chosen, sep="\n")
    if asked.plots:
        drawn = {
            "posts.svg": plot(
                "Looking for covered papers", "posts in the blog", "s",
                {
                    "this tool": [(n, ours.median) for n, ours, _ in scans],
                    "reading the files": [(n, floor.median) for n, _, floor in scans],
                },
            ),
            "papers.svg": plot(
                "Writing a day's post", "papers in the post", "s",
                {"this tool": [(n, s) for n, s, _ in papers], "one after another": [(n, s) for n, _, s in papers]},
            ),
            "days.svg": plot(
                "Choosing the papers of past days", "days of the backfill", "s",
                {
                    "this tool": [(one.days, one.seconds) for one in chosen],
                    "arXiv's pace": [(one.days, one.pace_s) for one in chosen],
                },
            ),
        }  # fmt: skip
        for name, text in drawn.items():
            (asked.plots / name).write_text(text, encoding="utf-8")
    return any(ours.median / floor.median > SCAN for posts, ours, floor in scans if posts == 10_000)


def _told(rows: Iterable[Row]) -> bool:
    missed = False
    for row in rows:
        print(row, flush=True)
        missed |= row.within is not None and row.ratio > row.within
    return missed


def _below(folder: Path, name: str) -> Path:
    made = folder / name
    made.mkdir()
    return made


if __name__ == "__main__":
    sys.exit(main())

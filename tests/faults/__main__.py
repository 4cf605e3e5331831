"""The whole fault table.

python -m tests.faults                    # every case; ends with exit code 1 where the tool did not bear one
python -m tests.faults network pdf        # those whose name holds one of the words
python -m tests.faults --write            # and puts their rows into the table in README.md
python -m tests.faults kills --number 200 # kills spread over a run
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from tests.faults import disk, kills, network, processes
from tests.faults.case import Case, Row, tried

CASES = (*network.CASES, *disk.CASES, *processes.CASES)
README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- the table, written by python -m tests.faults --write -->", "<!-- end of the table -->"


def main() -> int:
    """Exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="The fault table.")
    parser.add_argument("words", nargs="*", help="only cases whose name holds one of these")
    parser.add_argument("--jobs", type=int, default=4, help="cases at once; most of them wait")
    parser.add_argument("--quick", action="store_true", help="only those that pytest tries, too")
    parser.add_argument("--write", action="store_true", help="put the rows into the table in README.md")
    parser.add_argument("--number", type=int, default=200, help="with `kills`: how many")
    parser.add_argument("--seed", type=int, default=1, help="with `kills`: of their moments")
    given = parser.parse_args()
    # Who starts this in the background has it ignored, and all that is started from here, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if given.words == ["kills"]:
        line, wrong = kills.spread(given.number, given.seed, given.jobs)
        print("\n".join((line, *(f"after {kill.after_s:.2f} s: {'; '.join(kill.wrong)}" for kill in wrong))))
        return int(bool(wrong))
    chosen = [c for c in CASES if (not given.quick or c.quick) and _wanted(c, given.words)]
    found = _all(chosen, given.jobs)
    rows = {str(row.case): _line(row) for row in found}
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    if given.write:
        rows = _written(rest) | rows  # what was not tried this time stays as it is
    table = "\n".join(_table(rows, [f"{c}: {reason}" for c in chosen if (reason := c.impossible())]))
    print(table)
    if given.write:
        README.write_text(f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    return int(any(row.wrong for row in found))


def _wanted(case: Case, words: Sequence[str]) -> bool:
    return not words or any(word in str(case) for word in words)


def _all(cases: Sequence[Case], jobs: int) -> list[Row]:
    rows: dict[int, Row] = {}
    with ThreadPoolExecutor(jobs) as threads:
        running = {threads.submit(tried, case): n for n, case in enumerate(cases) if not case.impossible()}
        for done in as_completed(running):
            row = rows[running[done]] = done.result()
            mark = "ok  " if not row.wrong else "FAIL"
            print(f"{mark} {row.seconds:5.1f} s  {row.case}  {'; '.join(row.wrong)}", file=sys.stderr, flush=True)
    return [rows[n] for n in sorted(rows)]


def _written(text: str) -> dict[str, str]:
    """The rows of the table that is there, by case."""
    lines = [line for line in text.partition(END)[0].splitlines() if line.startswith(("| ok ", "| not as "))]
    return {line.split(" | ")[1]: line for line in lines}


def _table(rows: Mapping[str, str], untried: Sequence[str]) -> Iterator[str]:
    """In the order of the cases."""
    known = [rows[name] for name in map(str, CASES) if name in rows]
    cells = [line.split(" | ") for line in known]
    longest = max((float(row[2]) for row in cells), default=0.0)
    good = sum(row[0] == "| ok" for row in cells)
    yield f"{len(known)} cases, {good} as they must be; the longest run took {longest:.0f} s."
    yield from (f"Not tried here: {line}." for line in untried)
    yield ""
    yield "| | case | s | exit | papers | what the user sees | what is lost |"
    yield "| --- | --- | ---: | ---: | ---: | --- | --- |"
    yield from known


def _line(row: Row) -> str:
    cells = (
        "not as it must be: " + "; ".join(row.wrong) if row.wrong else "ok",
        str(row.case), f"{row.seconds:.1f}", str(row.code), str(row.papers), row.told or "the post's path", row.lost,
    )  # fmt: skip
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(main())

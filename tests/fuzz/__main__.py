"""Fuzzes the parsers: `python -m tests.fuzz [TARGET…] --minutes 5`.

Prints a line for each target, and writes each input that breaks a contract into a folder. Where atheris is installed
(`pip install atheris`), `--atheris` lets it guide the inputs by what they reach. `python -m tests.fuzz posts` builds whole posts.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from types import FunctionType

from tests.fuzz import posts
from tests.fuzz.campaign import Broken, Tally, drawn, mutated, seeded, tried
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS

_ROUND = 250
"""Inputs of one target in a row that are mutated, and as many that hypothesis makes; the targets take turns."""


def main() -> int:
    """Exit code 1 where a contract was broken."""
    options = _options()
    targets = [TARGETS[name] for name in options.targets or TARGETS]
    if options.atheris:
        _guided(targets[0], options.minutes)
    _limit_memory(options.megabytes)
    tallies = {target.name: Tally() for target in targets}
    begun = time.monotonic()
    goes_on: Callable[[], bool] = lambda: time.monotonic() - begun < options.minutes * 60  # noqa: E731
    for target in targets:
        seeded(target, tallies[target.name])
    turn = 0
    while goes_on() and any(tally.examples < options.examples for tally in tallies.values()):
        turn += 1
        for target in targets:
            tally = tallies[target.name]
            if tally.examples < options.examples:
                random = Random(f"{options.seed}-{turn}-{target.name}")
                mutated(target, _ROUND, random, tally, goes_on)
                drawn(target, _ROUND, tally, seed=hash((options.seed, turn)), goes_on=goes_on)
        if turn % 2 == 0:
            found = [f"{broken.target}: {broken.why}" for broken, _ in _kept(tallies, options.failures)]
            said = f"{_total(tallies):,} examples, {time.monotonic() - begun:.0f} s, failures: {found}"
            print(said, file=sys.stderr, flush=True)  # noqa: T201
    _report(tallies)
    for broken, path in _kept(tallies, options.failures):
        print(f"\n{broken.target}: {broken.why}: {path}\n{broken.trace}")  # noqa: T201
    took = f"{time.monotonic() - begun:.0f} s, {time.process_time():.0f} s of the processor"
    by_hypothesis = sum(tally.drawn for tally in tallies.values())
    print(f"{_total(tallies):,} examples, {by_hypothesis:,} of them made by hypothesis, in {took}")  # noqa: T201
    return 1 if any(tally.failures for tally in tallies.values()) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; all")
    parser.add_argument("--minutes", type=float, default=5.0, help="longest time in all (5)")
    parser.add_argument("--examples", type=int, default=10**9, help="most inputs for each target")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="for the same inputs again")
    parser.add_argument("--megabytes", type=int, default=2000, help="memory, where the system can limit it (2000)")
    parser.add_argument("--failures", type=Path, default=Path(".fuzz"), help="folder for inputs that break a contract")
    parser.add_argument("--atheris", action="store_true", help="guided by coverage; one TARGET")
    options = parser.parse_args()
    if unknown := [name for name in options.targets if name not in TARGETS]:
        parser.error(f"no such target: {', '.join(unknown)}")
    if options.atheris and len(options.targets) != 1:
        parser.error("--atheris takes one TARGET")
    return options


def _limit_memory(megabytes: int) -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ImportError, ValueError, OSError):
        print("The memory cannot be limited here.", file=sys.stderr)  # noqa: T201


def _total(tallies: dict[str, Tally]) -> int:
    return sum(tally.examples for tally in tallies.values())


def _kept(tallies: dict[str, Tally], folder: Path) -> list[tuple[Broken, Path]]:
    """Each input that broke a contract, and the file that has it from now on."""
    found = []
    for broken in (broken for tally in tallies.values() for broken in tally.failures.values()):
        path = folder / f"{broken.target}-{hashlib.sha256(broken.data).hexdigest()[:12]}"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(broken.data)
        found.append((broken, path))
    return found


def _report(tallies: dict[str, Tally]) -> None:
    head = "| target | examples | made by hypothesis | refused | failures | slowest |\n"
    print(f"{head}| --- | ---: | ---: | ---: | ---: | ---: |")  # noqa: T201
    for name, tally in tallies.items():
        slowest = f"{tally.slowest_s * 1000:.0f} ms ({len(tally.slowest):,} bytes)"
        counts = f"{tally.examples:,} | {tally.drawn:,} | {tally.refused:,} | {len(tally.failures)}"
        print(f"| {name} | {counts} | {slowest} |")  # noqa: T201


def _guided(target: Target, minutes: float) -> None:
    """Never returns."""
    try:
        import atheris  # type: ignore[import-untyped, import-not-found, unused-ignore]
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    tally = Tally()

    def one(data: bytes) -> None:
        if (broken := tried(target, data, tally)) is not None:
            raise AssertionError(broken.why + "\n" + broken.trace)

    corpus = Path(".fuzz") / f"corpus-{target.name}"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (corpus / f"seed-{number}").write_bytes(seed)
    # Not all that is imported: that would take minutes.
    for function in gc.get_objects():
        if isinstance(function, FunctionType) and (function.__module__ or "").startswith("hugo_llmpapers"):
            atheris.instrument_func(function)
    atheris.Setup(
        [sys.argv[0], f"-max_total_time={minutes * 60:.0f}", "-max_len=20000", "-artifact_prefix=.fuzz/", str(corpus)],
        one,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(posts.main(sys.argv[2:]) if sys.argv[1:2] == ["posts"] else main())

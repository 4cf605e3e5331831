"""Runs a target over made inputs, and keeps what breaks its contract."""

from __future__ import annotations

import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from types import FrameType

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import hostile
from tests.fuzz import mutations
from tests.fuzz.target import Target

HANGS_S = 10.0
"""Time of the processor after which an input counts as one that hangs."""


class Hangs(BaseException):
    """An input took longer than HANGS_S. No `except Exception` of a parser may swallow it."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An input that breaks the contract of a target."""

    target: str
    data: bytes
    why: str
    """Kind of the failure and where it was raised."""
    trace: str


@dataclass(slots=True)
class Tally:
    """What a target went through."""

    examples: int = 0
    drawn: int = 0
    """Of them those that hypothesis made."""
    refused: int = 0
    """Of them those that ended in an error that its contract names."""
    slowest_s: float = 0.0
    """Of the processor."""
    slowest: bytes = b""
    failures: dict[str, Broken] = field(default_factory=dict)
    """One for each kind and place."""


def tried(target: Target, data: bytes, tally: Tally, hangs_s: float = HANGS_S) -> Broken | None:
    """One input; None where the contract holds."""
    begun, broken = time.process_time(), None
    try:
        with _watched(hangs_s):
            target.read(data)
    except target.allowed:
        tally.refused += 1
    except (Exception, Hangs) as error:  # noqa: BLE001
        last = traceback.extract_tb(error.__traceback__)[-1]
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "hugo_llmpapers" in frame.filename]
        place = (ours or [last])[-1]
        why = f"{type(error).__name__} in {place.filename.rpartition('/')[2]}:{place.lineno}"
        broken = Broken(target.name, data, why, traceback.format_exc(limit=-6)[-3000:])
        tally.failures.setdefault(why, broken)
    took = time.process_time() - begun
    tally.examples += 1
    if took > tally.slowest_s:
        tally.slowest_s, tally.slowest = took, data
    return broken


@contextmanager
def _watched(seconds: float) -> Iterator[None]:
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Hangs

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def seeded(target: Target, tally: Tally) -> None:
    """All its seeds, and each of its words alone and many times."""
    for data in (
        *target.seeds,
        *(token.encode("utf-8", "surrogatepass") * n for token in target.tokens for n in (1, 300)),
    ):
        tried(target, data, tally)


def mutated(target: Target, number: int, random: Random, tally: Tally, goes_on: Callable[[], bool]) -> None:
    """So many inputs made of its seeds, while `goes_on` says so."""
    for _ in range(number):
        if not goes_on():
            return
        tried(target, mutations.made(target, random), tally)


def drawn(target: Target, number: int, tally: Tally, *, seed: int | None, goes_on: Callable[[], bool]) -> None:
    """So many that hypothesis makes: any bytes, hostile texts, its words in a seed. `seed` None: always the same."""

    @settings(
        max_examples=number, derandomize=seed is None, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(_inputs(target))
    def draw(data: bytes) -> None:
        if goes_on():
            tally.drawn += 1
            tried(target, data, tally)

    if seed is not None:
        from hypothesis import seed as with_seed

        draw = with_seed(seed)(draw)
    draw()


def _inputs(target: Target) -> st.SearchStrategy[bytes]:
    words = st.sampled_from([token.encode("utf-8", "surrogatepass") for token in target.tokens] or [b" "])
    texts = (hostile.texts() | hostile.latex()).map(lambda x: x.encode("utf-8", "surrogatepass"))
    piece = st.one_of(words, texts, st.binary(max_size=8))
    seed = st.sampled_from(target.seeds or (b"",))
    cut = st.tuples(seed, st.integers(0, 10_000), piece, st.integers(0, 50)).map(_in_place)
    return st.one_of(st.binary(max_size=200), st.lists(piece, max_size=12).map(b"".join), cut, cut)


def _in_place(parts: tuple[bytes, int, bytes, int]) -> bytes:
    data, at, piece, less = parts
    at %= len(data) + 1
    return data[:at] + piece + data[at + less :]

"""Every parser of foreign bytes keeps its contract over some hundred made inputs; `python -m tests.fuzz` tries more."""

from __future__ import annotations

from random import Random

import pytest

from tests.fuzz.campaign import Hangs, Tally, drawn, mutated, seeded, tried
from tests.fuzz.target import Target
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_contract(name: str) -> None:
    """It returns what it promises, or raises an error that it names; always on the same inputs."""
    target, tally = TARGETS[name], Tally()
    seeded(target, tally)
    mutated(target, 150, Random(name), tally, lambda: True)
    drawn(target, 50, tally, seed=None, goes_on=lambda: True)
    assert not tally.failures, "\n\n".join(f"{one.data[:300]!r}\n{one.trace}" for one in tally.failures.values())


@pytest.mark.parametrize("name", TARGETS)
def test_some_inputs_are_understood(name: str) -> None:
    """A target that refuses all that it is given would find nothing."""
    tally = Tally()
    for seed in TARGETS[name].seeds:
        tried(TARGETS[name], seed, tally)
    assert tally.refused < tally.examples


def test_a_broken_contract_is_found() -> None:
    """Also one that only asserts."""

    def read(data: bytes) -> None:
        assert b"<" not in data

    target, tally = Target("broken", read, (ValueError,), (b"a<b",)), Tally()
    seeded(target, tally)
    (broken,) = tally.failures.values()
    assert broken.why.startswith("AssertionError in test_targets.py")


def test_an_input_that_hangs_is_found() -> None:
    """Even where the parser catches everything."""

    def read(_data: bytes) -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:  # noqa: BLE001
                return

    tally = Tally()
    broken = tried(Target("endless", read, (), ()), b"", tally, hangs_s=0.05)
    assert broken is not None
    assert broken.why.startswith(Hangs.__name__)

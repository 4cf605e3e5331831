"""The quick part of the fault table; `python -m tests.faults` tries all of it."""

from __future__ import annotations

import sys

import pytest

from tests.faults.__main__ import CASES
from tests.faults.case import Case, tried

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, and the memory that a process took")
QUICK = [case for case in CASES if case.quick]


@pytest.mark.parametrize("case", QUICK, ids=str)
def test_the_tool_bears_it(case: Case) -> None:
    """What must be true of every case, and what this one expects, see case.py; nothing of these is skipped."""
    assert case.impossible() == ""
    row = tried(case)
    assert row.wrong == (), (row.code, row.told)


def test_every_service_meets_every_fault() -> None:
    """The table has no holes."""
    names = [str(case) for case in CASES]
    assert len(set(names)) == len(names)
    assert sum(name.startswith("network: ") for name in names) >= 7 * 22

"""The doctor's rules that need no site."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hugo_llmpapers.doctor import Finding, exit_code, run_stage
from hugo_llmpapers.doctor.machine import write_error
from hugo_llmpapers.doctor.online import answers
from hugo_llmpapers.doctor.site import without_passwords
from hugo_llmpapers.doctor.summaries import _day
from hugo_llmpapers.errors import ServicesFailed, SetupError, Unavailable
from hugo_llmpapers.site.config.settings import Endpoints


@pytest.mark.parametrize(("stops", "code"), [((), 0), ((0, 0), 0), ((0, 5), 5), ((5, 3), 3), ((3, 0), 3)])
def test_the_site_counts_before_the_services(stops: tuple[int, ...], code: int) -> None:
    """Exit code 3 before 5; a problem that `new` survives is none for it."""
    assert exit_code([Finding("site", "x", problem="p", stops=one) for one in stops]) == code


def test_a_failure_ends_its_stage_and_keeps_what_it_found() -> None:
    """With the failure's own words; what is a matter of services stays one."""

    def stage() -> Iterator[Finding]:
        yield Finding("site", "first")
        raise ServicesFailed("Nobody is there.", "Come again.")

    first, last = run_stage("site", stage)
    assert first.name == "first"
    assert (last.problem, last.remedy, last.stops) == ("Nobody is there.", "Come again.", 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("November 30th, 2026", date(2026, 11, 30)),
        ("July 1st, 2026", date(2026, 7, 1)),
        ("soon", None),
        ("Mai 1st, 2026", None),
    ],
)
def test_days_as_the_sdk_writes_them(text: str, day: date | None) -> None:
    """What is written in another way is not guessed."""
    assert _day(text) == day


def test_trying_to_write_leaves_nothing(tmp_path: Path) -> None:
    """Also for a folder that is not there yet, which the nearest one above decides."""
    assert write_error(tmp_path / "a" / "b") is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert write_error(tmp_path / "file" / "b") is not None


def test_passwords_in_addresses_are_left_out() -> None:
    """Scheme and host alone."""
    found = without_passwords(Endpoints(arxiv="https://me:secret@mirror.example:8080"))
    assert isinstance(found, tuple)
    assert found[0] == "arxiv=https://mirror.example:8080"


def test_a_source_that_answers_is_enough() -> None:
    """Only where none does is nothing to be had; Claude's answer is no source's."""

    def down() -> str:
        raise Unavailable("S", "is away")

    def refused() -> str:
        raise SetupError("Claude refuses the API key.", "Get another.")

    found = list(answers({"arxiv": down, "huggingface": lambda: "", "claude": refused}))
    assert [(f.name, f.value, f.stops) for f in found] == [
        ("arxiv", "fails", 0), ("huggingface", "answers", 0), ("claude", "refuses", 3)
    ]  # fmt: skip
    found = list(answers({"arxiv": down, "claude": lambda: ""}))
    assert (found[-1].name, found[-1].stops) == ("sources", 5)

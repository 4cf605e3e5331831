"""Rules of `doctor` that need no site."""

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
def test_the_exit_code_is_3_before_5(stops: tuple[int, ...], code: int) -> None:
    """Problems that do not stop `new` do not count."""
    assert exit_code([Finding("site", "x", problem="p", stops=one) for one in stops]) == code


def test_a_failure_ends_its_stage() -> None:
    """Earlier findings are kept; message and exit code are the failure's."""

    def stage() -> Iterator[Finding]:
        yield Finding("site", "first")
        raise ServicesFailed("No answer.", "Try later.")

    first, last = run_stage("site", stage)
    assert first.name == "first"
    assert (last.problem, last.remedy, last.stops) == ("No answer.", "Try later.", 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("November 30th, 2026", date(2026, 11, 30)),
        ("July 1st, 2026", date(2026, 7, 1)),
        ("soon", None),
        ("Mai 1st, 2026", None),
    ],
)
def test_dates_in_the_format_of_the_sdk(text: str, day: date | None) -> None:
    """Other formats are not guessed."""
    assert _day(text) == day


def test_checking_a_folder_leaves_nothing_behind(tmp_path: Path) -> None:
    """If it does not exist, its nearest parent is checked."""
    assert write_error(tmp_path / "a" / "b") is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert write_error(tmp_path / "file" / "b") is not None


def test_passwords_in_urls_are_not_shown() -> None:
    """Only scheme and host are."""
    found = without_passwords(Endpoints(arxiv="https://me:secret@mirror.example:8080"))
    assert isinstance(found, tuple)
    assert found[0] == "arxiv=https://mirror.example:8080"


def test_one_source_that_answers_is_enough() -> None:
    """If none does, nothing would be written; Claude is not a source."""

    def down() -> str:
        raise Unavailable("S", "is down")

    def refused() -> str:
        raise SetupError("Claude refuses the API key.", "Get another.")

    found = list(answers({"arxiv": down, "huggingface": lambda: "", "claude": refused}))
    assert [(f.name, f.value, f.stops) for f in found] == [
        ("arxiv", "fails", 0), ("huggingface", "answers", 0), ("claude", "refuses", 3)
    ]  # fmt: skip
    found = list(answers({"arxiv": down, "claude": lambda: ""}))
    assert (found[-1].name, found[-1].stops) == ("sources", 5)

"""Rules of `doctor` that need no site."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hugo_llmpapers.doctor import Finding, exit_code, run_stage
from hugo_llmpapers.doctor.machine import write_error
from hugo_llmpapers.doctor.online import answers, ask_model
from hugo_llmpapers.doctor.site import without_passwords
from hugo_llmpapers.doctor.summaries import _day, models
from hugo_llmpapers.errors import ServicesFailed, SetupError, Unavailable
from hugo_llmpapers.pipeline.draft import invented_entry
from hugo_llmpapers.site.config.settings import Endpoints, Settings
from hugo_llmpapers.summaries import claude


@pytest.mark.parametrize(("stops", "code"), [((), 0), ((0, 0), 0), ((0, 5), 5), ((5, 3), 3), ((3, 0), 3)])
def test_the_exit_code_is_3_before_5(stops: tuple[int, ...], code: int) -> None:
    """Problems that do not stop `new` do not count."""
    assert exit_code([Finding("site", "x", problem="p", stops=one) for one in stops]) == code


def test_a_failure_ends_its_stage() -> None:
    """Earlier findings are kept; message and exit code are the failure's."""

    def stage() -> Iterator[Finding]:
        yield Finding("site", "first")
        raise ServicesFailed("No answer.", "Try later.")

    first, last = run_stage("site", stage())
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


@pytest.mark.parametrize(
    ("settings", "month", "stops", "words"),
    [
        ({"model": "claude-sonnet-4-5"}, 2, 0, ("claude-sonnet-4-5 reaches its end of life on November 30th, 2026",)),
        ({"model": "claude-sonnet-4-5"}, 12, 3, ("reached its end of life", "`model`")),
        ({"fallback_model": "claude-sonnet-4-5"}, 12, 0, ("reached its end of life", "`fallbackModel`")),
        ({"model": "claude-unheard-of"}, 2, 0, ("claude-unheard-of: price unknown", "highest known price")),
    ],
)
def test_models(settings: dict[str, str], month: int, stops: int, words: tuple[str, ...]) -> None:
    """A model near or past its end of life, and one without a known price."""
    now = datetime(2026, month, 24, tzinfo=UTC)
    used = replace(Settings(), **settings)  # type: ignore[arg-type]
    blog: Any = SimpleNamespace(settings=used, origins=defaultdict(str), now=now, language="en")
    findings = models(blog, [invented_entry(1, with_figure=False)], object)
    (found,) = [finding for finding in findings if finding.problem]
    assert found.stops == stops
    assert all(word in f"{found.problem} {found.remedy}" for word in words)


def test_a_sentence_that_costs_more_than_the_budget_is_not_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    """`doctor --online` never spends more than `maxCost`; the model's description is free."""
    sent: list[object] = []
    monkeypatch.setattr(claude, "check_model", lambda model, client: None)  # noqa: ARG005
    monkeypatch.setattr(claude, "send_prompt", lambda *args, **_: sent.append(args))
    settings = replace(Settings(), max_cost=0.00001)
    assert ask_model(settings, object, "Pebbles in Rivers") == f"writes with {settings.model}"
    assert sent == []


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
        raise SetupError("Claude rejected the API key.", "Get another.")

    found = list(answers({"arxiv": down, "huggingface": lambda: "", "claude": refused}))
    assert [(f.name, f.value, f.stops) for f in found] == [
        ("arxiv", "fails", 0), ("huggingface", "answers", 0), ("claude", "refuses", 3)
    ]  # fmt: skip
    found = list(answers({"arxiv": down, "claude": lambda: ""}))
    assert (found[-1].name, found[-1].stops) == ("sources", 5)

"""Papers in parallel, and the next candidate if one fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from hugo_llmpapers.errors import ServicesFailed, SetupError, Trouble
from hugo_llmpapers.pipeline.entries import BuiltEntries, build_entries
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Candidate, Paper, Step, Summary
from hugo_llmpapers.summaries.budget import OverBudget
from hugo_llmpapers.summaries.no_summary import FallbackUntried, NoSummary


def _candidates(count: int) -> list[Candidate]:
    ids = (f"2602.{number:05d}" for number in range(1, count + 1))
    return [Candidate(Paper(one, one, "x", ("Ada",), date(2026, 2, 27), (), ()), 0.0, (), "arxiv") for one in ids]


class Claude:
    """Summarises papers by their number, unless it is told to fail; remembers the calls."""

    def __init__(
        self, failures: dict[int, Callable[[], Exception]] | None = None, *, fallback_works: bool = True
    ) -> None:
        self.failures = failures or {}
        self.fallback_works = fallback_works
        self.calls: list[tuple[int, bool]] = []

    def __call__(self, paper: Paper, text: str | None, *, by_fallback: bool) -> Summary:
        """Raises what is set for this paper."""
        number = int(paper.arxiv_id[-5:])
        self.calls.append((number, by_fallback))
        if number in self.failures and not (by_fallback and self.fallback_works):
            raise self.failures[number]()
        return Summary(f"{number}", "claude")

    def build(self, candidates: int, count: int, progress: Callable[[Step], None] = lambda _step: None) -> BuiltEntries:
        """Build entries without figures."""
        settings = SimpleNamespace(summary_input="abstract", figures=False, figure_license="any")
        nothing: Any = None
        blog: Any = SimpleNamespace(settings=settings)
        claude = self

        class Context(RunContext):
            def summarise(self, paper: Paper, text: str | None, *, by_fallback: bool) -> Summary:
                return claude(paper, text, by_fallback=by_fallback)

        context = Context(blog, nothing, {}, nothing, nothing, nothing, nothing, progress)
        return build_entries(_candidates(candidates), count, context)


def _failed(trouble: Trouble) -> Callable[[], Exception]:
    return lambda: NoSummary(trouble, "it failed")


def _rejected() -> Exception:
    return FallbackUntried(NoSummary("checks", "numbers"))


def _numbers(built: BuiltEntries) -> list[int]:
    return [int(entry.candidate.paper.arxiv_id[-5:]) for entry in built.entries]


def test_only_as_many_as_requested_are_paid_for() -> None:
    """In the order of the candidates."""
    claude = Claude()
    assert _numbers(claude.build(9, 3)) == [1, 2, 3]
    assert len(claude.calls) == 3


def test_the_next_candidate_takes_the_place_of_one_that_fails() -> None:
    """And what failed is reported."""
    claude = Claude({2: _failed("refused")})
    built = claude.build(9, 3)
    assert _numbers(built) == [1, 3, 4]
    assert [(one.subject, one.trouble) for one in built.skipped] == [("2602.00002", "refused")]
    assert len(claude.calls) == 4


def test_at_most_twice_as_many_are_tried() -> None:
    """However many candidates there are."""
    claude = Claude({number: _failed("refused") for number in range(2, 20)})
    assert _numbers(claude.build(20, 3)) == [1]
    assert len(claude.calls) == 6


def test_with_no_summary_at_all_it_stops_early() -> None:
    """Three papers in a row are not to blame."""
    claude = Claude({number: _failed("refused") for number in range(1, 20)})
    assert _numbers(claude.build(20, 3)) == []
    assert len(claude.calls) == 3


@pytest.mark.parametrize("works", [True, False])
def test_the_fallback_model_is_the_last_resort(*, works: bool) -> None:
    """It is called only if the other candidates are too few, and only for those whose answers failed their checks."""
    claude = Claude({1: _rejected, 2: _failed("refused")}, fallback_works=works)
    assert _numbers(claude.build(5, 2)) == [3, 4]
    assert (1, True) not in claude.calls
    built = claude.build(3, 2)
    assert _numbers(built) == ([1, 3] if works else [3])
    assert [one.subject[-1] for one in built.skipped] == (["2"] if works else ["2", "1"])
    assert (2, True) not in claude.calls


@pytest.mark.parametrize("trouble", ["overloaded", "timeout"])
def test_an_outage_fails_the_run(trouble: Trouble) -> None:
    """A few calls are enough to know."""
    claude = Claude({number: _failed(trouble) for number in range(1, 20)})
    with pytest.raises(ServicesFailed, match="it failed"):
        claude.build(20, 3)
    assert len(claude.calls) <= 3


def test_more_outages_than_summaries_end_the_run() -> None:
    """Claude is down: beyond those that are under way, no paper is sent to it."""
    claude = Claude({number: _failed("overloaded") for number in range(2, 20)})
    with pytest.raises(ServicesFailed, match="it failed"):
        claude.build(20, 3)
    assert len(claude.calls) <= 4


def test_a_single_outage_costs_one_paper() -> None:
    """As long as there are more summaries."""
    assert _numbers(Claude({2: _failed("overloaded")}).build(9, 3)) == [1, 3, 4]


def test_what_concerns_every_paper_ends_the_run_silently() -> None:
    """Threads that are still busy report no more steps."""
    claude, steps = Claude({1: lambda: SetupError("no key")}), list[Step]()
    with pytest.raises(SetupError, match="no key"):
        claude.build(1, 1, steps.append)
    assert [step.state for step in steps] == ["started"]


def test_a_paper_waits_for_the_budget_that_others_reserve() -> None:
    """It is tried once more when another one has finished."""
    errors = [OverBudget(0.1, 0.05)]

    class Budgeted(Claude):
        def __call__(self, paper: Paper, text: str | None, *, by_fallback: bool) -> Summary:
            if paper.arxiv_id.endswith("2") and errors:
                raise errors.pop()
            return super().__call__(paper, text, by_fallback=by_fallback)

    assert _numbers(Budgeted().build(4, 2)) == [1, 2]


def test_a_budget_that_is_too_small_ends_the_post() -> None:
    """No further candidate would be cheaper."""
    claude = Claude({number: lambda: OverBudget(0.1, 0.05) for number in range(2, 5)})
    built = claude.build(4, 2)
    assert _numbers(built) == [1]
    assert [one.trouble for one in built.skipped] == ["budget"]
    assert {number for number, _ in claude.calls} == {1, 2}

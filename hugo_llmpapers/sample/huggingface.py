"""The invented papers as Hugging Face Daily Papers sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from hugo_llmpapers.sample.papers import OnHuggingFace, SamplePaper, papers


def daily(query: Mapping[str, str], day: date) -> list[dict[str, Any]]:
    """Return the list of the day `date` as JSON, most votes first.

    The papers are on the lists of the two days before `day`; all other lists are empty.
    """
    found = [(paper, known) for paper in papers().values() if (known := paper.huggingface)]
    listed = [(paper, known) for paper, known in found if _list_day(known, day).isoformat() == query.get("date")]
    listed.sort(key=lambda row: -row[1].votes)
    return [_entry(paper, known, day) for paper, known in listed[: int(query.get("limit", "50"))]]


def paper(arxiv_id: str, day: date) -> dict[str, Any] | None:
    """Return the JSON of `/api/papers/{id}`; None for a paper that was never on a list."""
    found = papers().get(arxiv_id)
    return None if found is None or found.huggingface is None else _paper(found, found.huggingface, day)


def _list_day(known: OnHuggingFace, day: date) -> date:
    return day - timedelta(days=known.days_before)


def _entry(paper: SamplePaper, known: OnHuggingFace, day: date) -> dict[str, Any]:
    # The entry has the paper's midnight by US-Eastern clocks, written as if in UTC: one day early.
    early = paper.submitted(day).date() - timedelta(days=1)
    return {
        "paper": _paper(paper, known, day),
        "publishedAt": f"{early}T20:00:00.000Z",
        "title": paper.title,
        "summary": paper.abstract,
    }


def _paper(paper: SamplePaper, known: OnHuggingFace, day: date) -> dict[str, Any]:
    optional = {"githubRepo": known.code, "projectPage": known.project}
    return {
        "id": paper.arxiv_id,
        "authors": [{"_id": f"sample-{i}", "name": name, "hidden": False} for i, name in enumerate(paper.authors)],
        "publishedAt": f"{paper.submitted(day).date()}T00:00:00.000Z",
        "submittedOnDailyAt": f"{_list_day(known, day)}T00:00:00.000Z",
        "title": paper.title,
        "summary": paper.abstract,
        "upvotes": known.votes,
        # Hugging Face omits what it does not know and never sends null.
        **{name: value for name, value in optional.items() if value is not None},
    }

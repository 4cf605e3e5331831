"""The invented papers as Hugging Face Daily Papers lists them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from hugo_llmpapers.sample.papers import OnHuggingFace, SamplePaper, papers


def daily(query: Mapping[str, str], day: date) -> tuple[int, object]:
    """Status and JSON of a day's list, most votes first; without `date` of all days, newest first.

    The papers are on the lists of the two days before `day`; every other list is empty.
    """
    asked, limit, page = query.get("date"), query.get("limit", "50"), query.get("p", "0")
    if asked is not None and not re.fullmatch(r"\d{4}-\d\d-\d\d", asked):
        return 400, {"error": '"date" must be a valid date in YYYY-MM-DD format'}
    if not (limit.isdecimal() and page.isdecimal()):
        return 400, {"error": "Invalid limit or p"}
    rows = [
        (paper, known)
        for paper in papers().values()
        if (known := paper.huggingface) and asked in (None, _list_day(known, day).isoformat())
    ]
    rows.sort(key=lambda row: (row[1].days_before, -row[1].votes))
    first = int(page) * int(limit)
    return 200, [_entry(paper, known, day) for paper, known in rows[first : first + int(limit)]]


def one(arxiv_id: str, day: date) -> tuple[int, object]:
    """Status and JSON of `/api/papers/{id}`: 404 for a paper that was never on a list."""
    paper = papers().get(arxiv_id)
    if paper is None or paper.huggingface is None:
        return 404, {"error": "Paper not found"}
    return 200, _paper(paper, paper.huggingface, day)


def _list_day(known: OnHuggingFace, day: date) -> date:
    return day - timedelta(days=known.days_before)


def _entry(paper: SamplePaper, known: OnHuggingFace, day: date) -> dict[str, object]:
    # The entry has the paper's midnight by US-Eastern clocks, written as if in UTC: one day early.
    early = paper.submitted(day).date() - timedelta(days=1)
    return {
        "paper": _paper(paper, known, day),
        "publishedAt": f"{early}T20:00:00.000Z",
        "title": paper.title,
        "summary": paper.abstract,
        "numComments": known.comments,
        "isAuthorParticipating": False,
    }


def _paper(paper: SamplePaper, known: OnHuggingFace, day: date) -> dict[str, object]:
    optional = {"githubRepo": known.code, "githubStars": known.stars, "projectPage": known.project}
    return {
        "id": paper.arxiv_id,
        "authors": [{"_id": f"sample-{i}", "name": name, "hidden": False} for i, name in enumerate(paper.authors)],
        "publishedAt": f"{paper.submitted(day).date()}T00:00:00.000Z",
        "submittedOnDailyAt": f"{_list_day(known, day)}T00:00:00.000Z",
        "title": paper.title,
        "summary": paper.abstract,
        "upvotes": known.votes,
        # Hugging Face leaves out what it does not know and never writes null.
        **{name: value for name, value in optional.items() if value is not None},
    }

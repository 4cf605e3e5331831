"""Which host a build runs on, and which days are due."""

from __future__ import annotations

from datetime import date

import pytest

from hugo_llmpapers.hosts import host
from hugo_llmpapers.schedule import NAMES, due

TODAY = date(2026, 2, 27)


@pytest.mark.parametrize(
    ("environ", "name", "is_preview"),
    [
        ({}, "this machine", False),
        ({"CI": "true"}, "CI", False),
        ({"CI": "false"}, "this machine", False),
        ({"NETLIFY": "true", "CONTEXT": "production"}, "Netlify", False),
        ({"NETLIFY": "true", "CONTEXT": "deploy-preview", "PULL_REQUEST": "true"}, "Netlify", True),
        ({"NETLIFY": "true", "CONTEXT": "branch-deploy"}, "Netlify", True),
        ({"CF_PAGES": "1", "NETLIFY": "true", "CI": "true", "CF_PAGES_BRANCH": "main"}, "Cloudflare", False),
        ({"CF_PAGES": "1", "NETLIFY": "true", "CF_PAGES_BRANCH": "fix"}, "Cloudflare", True),
        ({"CF_PAGES": "1", "CF_PAGES_BRANCH": "live", "HUGO_LLMPAPERS_BRANCH": "live"}, "Cloudflare", False),
        ({"WORKERS_CI": "1", "WORKERS_CI_BRANCH": "fix"}, "Cloudflare", True),
        ({"VERCEL": "1", "VERCEL_ENV": "preview", "CI": "1"}, "Vercel", True),
        ({"VERCEL": "1", "VERCEL_ENV": "production"}, "Vercel", False),
        ({"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_EVENT_NAME": "schedule"}, "GitHub Actions", False),
        ({"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "pull_request_target"}, "GitHub Actions", True),
    ],
)
def test_hosts_are_known_by_their_variables(environ: dict[str, str], name: str, *, is_preview: bool) -> None:
    """Cloudflare before Netlify, whose variable it sets, too."""
    found = host(environ)
    assert (found.name, found.preview is not None) == (name, is_preview)


def test_today_first_then_what_was_missed() -> None:
    """Days before the blog began were not missed; where nothing tells when that was, today alone is due."""
    settled, begun = {date(2026, 2, 26)}, date(2026, 2, 24)
    assert due(TODAY, NAMES, 3, settled, begun) == [TODAY, date(2026, 2, 25), begun]
    assert due(TODAY, NAMES, 1, settled, begun) == [TODAY]
    assert due(TODAY, NAMES, 3, {*settled, TODAY}, begun) == [date(2026, 2, 25), begun]
    assert due(TODAY, NAMES, 3, settled, date(2026, 2, 25)) == [TODAY, date(2026, 2, 25)]
    for unknown in (None, TODAY, date(2026, 3, 1)):
        assert due(TODAY, NAMES, 3, set(), unknown) == [TODAY]


def test_only_the_weekdays_that_are_wanted() -> None:
    """The 27th is a Friday."""
    begun = date(2026, 2, 23)
    assert due(TODAY, ("mon", "thu"), 3, {begun}, begun) == [date(2026, 2, 26)]
    assert due(TODAY, ("sat",), 3, {begun}, begun) == []

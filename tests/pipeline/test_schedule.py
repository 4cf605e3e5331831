"""Which days' posts are due."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from hugo_llmpapers.pipeline import schedule
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.site import git


def test_a_shallow_clone_has_no_due_day_up_to_its_oldest_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That commit may have deleted the post of its own day, too, which must not be paid for again."""
    oldest = datetime(2026, 2, 25, 8, tzinfo=UTC).timestamp()
    answers = {"names_in_history": {"llm-papers-2026-02-20"}, "is_shallow": True, "oldest_commit": oldest}
    for name, answer in answers.items():
        monkeypatch.setattr(git, name, Mock(return_value=answer))
    monkeypatch.setattr(schedule, "page_path", Mock(return_value=tmp_path / "llm-papers" / "index.md"))
    monkeypatch.setattr(schedule, "find_post", Mock(return_value=None))
    settings = SimpleNamespace(slug="llm-papers", catch_up=3, weekdays=schedule.WEEKDAYS)
    site = Mock(zone=UTC, content_dirs=(), section_dir=tmp_path)
    blog: Any = SimpleNamespace(settings=settings, site=site, now=datetime(2026, 2, 27, 9, tzinfo=UTC))
    assert schedule.due_days(blog, KeptPosts(tmp_path, "llm-papers")) == [date(2026, 2, 27), date(2026, 2, 26)]

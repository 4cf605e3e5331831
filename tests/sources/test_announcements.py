from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hugo_llmpapers.sources.announcements import EASTERN, LONGEST_WAIT, announced_at

TOKYO = ZoneInfo("Asia/Tokyo")


def eastern(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=EASTERN)


@pytest.mark.parametrize(
    ("from_", "until", "utc"),
    [
        # Winter; 2026-02-16 is a Monday.
        ("2026-02-16 14:00", "2026-02-17 13:59:59", "2026-02-18 01:00"),
        ("2026-02-17 14:00", "2026-02-18 13:59:59", "2026-02-19 01:00"),
        ("2026-02-18 14:00", "2026-02-19 13:59:59", "2026-02-20 01:00"),
        ("2026-02-19 14:00", "2026-02-20 13:59:59", "2026-02-23 01:00"),
        ("2026-02-20 14:00", "2026-02-23 13:59:59", "2026-02-24 01:00"),
        # Summer; 2026-06-08 is a Monday.
        ("2026-06-08 14:00", "2026-06-09 13:59:59", "2026-06-10 00:00"),
        ("2026-06-11 14:00", "2026-06-12 13:59:59", "2026-06-15 00:00"),
        ("2026-06-12 14:00", "2026-06-15 13:59:59", "2026-06-16 00:00"),
        # The clocks go forward on Sunday 2026-03-08 and back on Sunday 2026-11-01.
        ("2026-03-04 14:00", "2026-03-05 13:59:59", "2026-03-06 01:00"),
        ("2026-03-05 14:00", "2026-03-06 13:59:59", "2026-03-09 00:00"),
        ("2026-03-06 14:00", "2026-03-09 13:59:59", "2026-03-10 00:00"),
        ("2026-10-28 14:00", "2026-10-29 13:59:59", "2026-10-30 00:00"),
        ("2026-10-29 14:00", "2026-10-30 13:59:59", "2026-11-02 01:00"),
        ("2026-10-30 14:00", "2026-11-02 13:59:59", "2026-11-03 01:00"),
        # Thanksgiving: nothing on Thursday 2026-11-26, so what came on Wednesday waits for Sunday.
        ("2026-11-24 14:00", "2026-11-25 13:59:59", "2026-11-26 01:00"),
        ("2026-11-25 14:00", "2026-11-27 13:59:59", "2026-11-30 01:00"),
        ("2026-11-27 14:00", "2026-11-30 13:59:59", "2026-12-01 01:00"),
        # A holiday on a Monday waits for Tuesday.
        ("2026-09-04 14:00", "2026-09-08 13:59:59", "2026-09-09 00:00"),
        # Around New Year.
        ("2026-12-28 14:00", "2026-12-30 13:59:59", "2026-12-31 01:00"),
        ("2026-12-30 14:00", "2027-01-01 13:59:59", "2027-01-04 01:00"),
    ],
)
def test_when_papers_are_announced(from_: str, until: str, utc: str) -> None:
    """From one deadline to the next, US-Eastern, all papers are announced together; the moment is UTC."""
    expected = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    for moment in (from_, until):
        assert announced_at(eastern(moment)) == expected
        assert announced_at(eastern(moment).astimezone(TOKYO)) == expected


def test_the_moment_is_told_in_utc() -> None:
    """Callers compare days, so the zone is part of the promise."""
    assert announced_at(eastern("2026-02-16 14:00")).tzinfo is UTC


def test_a_paper_waits_at_least_six_hours_and_at_most_the_longest_wait() -> None:
    """Whoever asks for submissions from LONGEST_WAIT before an announcement on has all of its papers."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    moments = [start + timedelta(hours=hours) for hours in range(24 * 366)]
    waits = [announced_at(moment) - moment for moment in moments]
    assert min(waits) > timedelta(hours=6) - timedelta(hours=1)
    assert max(waits) < LONGEST_WAIT


def test_nothing_is_announced_on_friday_and_saturday_evening() -> None:
    """On Saturday and Sunday mornings in Japan arXiv has nothing new."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    days = {announced_at(start + timedelta(hours=6 * n)).astimezone(EASTERN).strftime("%a %H:%M") for n in range(1464)}
    assert days == {f"{day} 20:00" for day in ("Sun", "Mon", "Tue", "Wed", "Thu")}

"""Which day it is, and a date that Hugo does not take for the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from hugo_llmpapers.site.dates import closes_at, today, written_date

JST = timezone(timedelta(hours=9))
TOKYO = ZoneInfo("Asia/Tokyo")
MORNING = datetime(2026, 2, 27, 7, 2, 11, tzinfo=JST)


@pytest.mark.parametrize(
    ("now", "zone", "day"),
    [
        (MORNING, TOKYO, date(2026, 2, 27)),
        (MORNING.astimezone(UTC), TOKYO, date(2026, 2, 27)),
        (MORNING.astimezone(UTC), None, date(2026, 2, 26)),
        (MORNING, None, date(2026, 2, 27)),
    ],
)
def test_today_is_the_sites_day(now: datetime, zone: ZoneInfo | None, day: date) -> None:
    """The site's zone, whatever the machine's; without one, the machine's."""
    assert today(now, zone) == day


@pytest.mark.parametrize(
    ("now", "zone", "written"),
    [
        (MORNING, TOKYO, "2026-02-27"),
        (MORNING, None, "2026-02-27T07:01:11+09:00"),  # a bare date would be 09:00 in Japan
        (datetime(2026, 2, 27, 9, 0, tzinfo=JST), None, "2026-02-27"),
        (datetime(2026, 2, 27, 0, 0, 10, tzinfo=JST), None, "2026-02-27T00:00:00+09:00"),
        (datetime(2026, 2, 27, 0, 0, tzinfo=JST), TOKYO, "2026-02-27"),
        (datetime(2026, 3, 5, 1, 0, tzinfo=JST), None, "2026-02-27"),
    ],
)
def test_the_date_is_bare_if_hugo_accepts_it(now: datetime, zone: ZoneInfo | None, written: str) -> None:
    """Else it carries time and offset, on the post's own day and not later than now."""
    assert written_date(date(2026, 2, 27), now, zone) == written
    if "T" in written:
        assert datetime.fromisoformat(written) <= now
        assert datetime.fromisoformat(written).date() == date(2026, 2, 27)


def test_a_date_in_the_zone_of_the_machine_is_bare_once_it_is_that_day_everywhere() -> None:
    """Another machine, in any zone, may build such a site next, and must not take the post for the future."""
    day, now = date(2026, 2, 27), datetime(2026, 2, 27, 11, 59, tzinfo=UTC)
    assert written_date(day, now, None, local=True) == "2026-02-27T11:58:00+00:00"
    assert written_date(day, now + timedelta(minutes=1), None, local=True) == "2026-02-27"


def test_a_past_days_material_ends_with_the_day() -> None:
    """In the site's zone, returned in UTC; today's ends now."""
    assert closes_at(date(2026, 2, 25), MORNING, TOKYO) == datetime(2026, 2, 25, 15, 0, tzinfo=UTC)
    assert closes_at(date(2026, 2, 27), MORNING, TOKYO) == MORNING

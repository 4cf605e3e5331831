"""Days of posts, and how their date is written so that Hugo does not take it for the future.

Hugo reads a bare date as midnight in the site's `timeZone`, else in UTC, never in the machine's zone, and silently hides
pages of the future. https://gohugo.io/content-management/front-matter/#dates
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

Every = Literal["1d", "7d", "weekday"]
_LAST_ON_EARTH = timezone(timedelta(hours=-12))


def today(now: datetime, zone: tzinfo | None) -> date:
    """Return the day in the site's zone, else in the zone of `now`."""
    return now.astimezone(zone).date() if zone else now.date()


def written_date(day: date, now: datetime, zone: tzinfo | None, *, local: bool = False) -> str:
    """Return `2026-02-27` if Hugo takes that for the past, else a time with offset on that day, not later than now.

    `local`: the site uses the zone of the machine that builds it.
    """
    if datetime.combine(day, time(), _LAST_ON_EARTH if local else zone or UTC) <= now:
        return day.isoformat()
    there = now.astimezone(zone) if zone else now
    a_minute_ago = max(there - timedelta(minutes=1), datetime.combine(day, time(), there.tzinfo))
    return a_minute_ago.replace(microsecond=0).isoformat()


def closes_at(day: date, now: datetime, zone: tzinfo | None) -> datetime:
    """Return, in UTC, the earlier of now and the end of the day. Papers that are listed later belong to another day."""
    end = datetime.combine(day + timedelta(days=1), time(), zone or now.tzinfo)
    return min(now, end).astimezone(UTC)


def each(since: date, until: date, every: Every) -> list[date]:
    """Return the days from `since` to `until`, both included: all of them, every seventh, or Monday to Friday."""
    step = 7 if every == "7d" else 1
    days = [since + timedelta(days=n) for n in range(0, (until - since).days + 1, step)]
    return [day for day in days if every != "weekday" or day.weekday() < 5]

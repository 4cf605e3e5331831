"""Which day a post is of, and how its date is written so that Hugo does not take it for the future.

Hugo reads a bare date at midnight in the site's `timeZone`, else in UTC, never in the machine's zone, and drops what
lies ahead without a word. https://gohugo.io/content-management/front-matter/#dates
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import Literal

Every = Literal["1d", "7d", "weekday"]
_LAST_ON_EARTH = timezone(timedelta(hours=-12))


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant that every rule about "today" uses."""

    now: datetime
    """With zone; `--clock` or the machine's clock."""
    frozen: bool = False
    """Whether `--clock` set it."""


def today(now: datetime, zone: tzinfo | None) -> date:
    """The day in the site's zone, else in the zone that `now` carries."""
    return now.astimezone(zone).date() if zone else now.date()


def written_date(day: date, now: datetime, zone: tzinfo | None, *, local: bool = False) -> str:
    """`2026-02-27` where Hugo takes that for the past, else RFC 3339 with offset, on that day and not later than now.

    `local`: the site counts in the zone of whatever machine builds it.
    """
    if datetime.combine(day, time(), _LAST_ON_EARTH if local else zone or UTC) <= now:
        return day.isoformat()
    there = now.astimezone(zone) if zone else now
    a_minute_ago = max(there - timedelta(minutes=1), datetime.combine(day, time(), there.tzinfo))
    return a_minute_ago.replace(microsecond=0).isoformat()


def closes_at(day: date, now: datetime, zone: tzinfo | None) -> datetime:
    """UTC: what was listed later is no material for the day. The earlier of now and the day's end."""
    end = datetime.combine(day + timedelta(days=1), time(), zone or now.tzinfo)
    return min(now, end).astimezone(UTC)


def each(since: date, until: date, every: Every) -> list[date]:
    """The days from `since` to `until`, both included: all of them, every seventh, or Monday to Friday."""
    step = 7 if every == "7d" else 1
    days = [since + timedelta(days=n) for n in range(0, (until - since).days + 1, step)]
    return [day for day in days if every != "weekday" or day.weekday() < 5]

"""When arXiv announces a paper.

Papers received by 14:00 US Eastern time are announced at 20:00, Sunday to Thursday; those received after Friday 14:00 on
Monday. So a window of one day is always empty on a Japanese morning: https://info.arxiv.org/help/availability.html.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
LONGEST_WAIT = timedelta(days=5)
"""From submission to announcement, with a weekend and a holiday; moderation can take longer."""
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
NO_ANNOUNCEMENT = frozenset(
    date.fromisoformat(f"2026-{day}")
    for day in ("01-01", "01-19", "06-19", "07-03", "09-07", "11-26", "12-25", "12-29", "12-31")
)
"""arXiv's holidays of 2026. Other years have none here, which is wrong by one day at most."""


def announced_at(submitted: datetime) -> datetime:
    """Return the announcement time of a paper submitted at this time, in UTC, if moderation does not delay it."""
    local = submitted.astimezone(EASTERN)
    day = local.date() + timedelta(days=1 if local.hour >= 14 else 0)
    while day.weekday() in (_SATURDAY, _SUNDAY):
        day += timedelta(days=1)
    while day.weekday() in (_FRIDAY, _SATURDAY) or day in NO_ANNOUNCEMENT:
        day += timedelta(days=1)
    return datetime.combine(day, time(20), EASTERN).astimezone(UTC)

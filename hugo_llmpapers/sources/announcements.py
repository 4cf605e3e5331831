"""When arXiv shows a paper to the world.

Papers received until 14:00 US-Eastern are announced at 20:00, Sunday to Thursday; what comes in from Friday 14:00 on
waits for Monday. So a window of one day, asked on a Japanese morning, is always empty.
https://info.arxiv.org/help/availability.html
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
DEADLINE = time(14)
EVENING = time(20)
LONGEST_WAIT = timedelta(days=5)
"""From submission to announcement, over a weekend with a holiday; moderation can take longer."""
_SATURDAY, _SUNDAY, _FRIDAY = 5, 6, 4
NO_ANNOUNCEMENT = frozenset(
    date.fromisoformat(f"2026-{day}")
    for day in ("01-01", "01-19", "06-19", "07-03", "09-07", "11-26", "12-25", "12-29", "12-31")
)
"""arXiv's holidays of 2026; other years are taken without any, which errs by a day at the most."""


def announced_at(submitted: datetime) -> datetime:
    """When a paper submitted at this moment is announced if nothing holds it up; UTC."""
    local = submitted.astimezone(EASTERN)
    day = local.date() + timedelta(days=1 if local.time() >= DEADLINE else 0)
    while day.weekday() in (_SATURDAY, _SUNDAY):
        day += timedelta(days=1)
    while day.weekday() in (_FRIDAY, _SATURDAY) or day in NO_ANNOUNCEMENT:
        day += timedelta(days=1)
    return datetime.combine(day, EVENING, EASTERN).astimezone(UTC)

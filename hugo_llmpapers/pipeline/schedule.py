"""Which days' posts are due when a site is built."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def due(
    today: date, weekdays: Collection[str], catch_up: int, settled: Collection[date], begun: date | None
) -> list[date]:
    """Today and the missed days before it, the newest first: readers look for that one, and the time may not do for all.

    `settled`: days that have a post, had one, or had nothing to publish. `begun`: the first day of which the blog could have
    a post; None where nothing tells one, so that only today's is due.
    """
    days = [today - timedelta(days=back) for back in range(catch_up + 1)]
    first = min(begun or today, today)
    return [day for day in days if NAMES[day.weekday()] in weekdays and day not in settled and day >= first]

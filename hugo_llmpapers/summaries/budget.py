"""The spending cap of a post, `maxCost`."""

from __future__ import annotations

import threading
from dataclasses import replace

from hugo_llmpapers.records import Usage


class OverBudget(Exception):
    """The next call could cost more than is left."""

    def __init__(self, worst_usd: float, left_usd: float) -> None:
        super().__init__(
            f"the next call could cost ${worst_usd:.3f}, but only ${max(0.0, left_usd):.3f} of maxCost is left"
        )


class Budget:
    """The money of one post. Each call reserves its worst case first, so parallel calls cannot overspend together."""

    def __init__(self, max_usd: float) -> None:
        self._left = max_usd
        self._possible = 0.0
        self._lock = threading.Lock()
        self._spent = Usage()

    @property
    def spent(self) -> Usage:
        """All calls so far. Calls in progress, and those whose usage is not known, count as possibly spent."""
        with self._lock:
            return replace(self._spent, perhaps_usd=round(self._possible, 6))

    def reserve(self, worst: Usage) -> None:
        """Reserve the worst case of a call; an unknown price reserves nothing. Raises OverBudget."""
        worst_usd = worst.usd or 0.0
        with self._lock:
            if worst_usd > self._left:
                raise OverBudget(worst_usd, self._left)
            self._left -= worst_usd
            self._possible += worst_usd

    def settle(self, worst: Usage, used: Usage, *, is_complete: bool) -> None:
        """Book what a call used, and release its reserve if that is complete: else it may be billed for up to `worst`."""
        released_usd = worst.usd or 0.0 if is_complete else 0.0
        with self._lock:
            self._left += released_usd - (used.usd or 0.0)
            self._possible -= released_usd
            self._spent += used

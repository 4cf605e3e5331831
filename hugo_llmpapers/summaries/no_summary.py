"""Why a paper has no summary. Does not import the SDK."""

from __future__ import annotations

from hugo_llmpapers.errors import Trouble
from hugo_llmpapers.summaries.checks.check import FailedCheck


class NoSummary(Exception):
    """A paper could not be summarized. `str()` is one line."""

    def __init__(self, trouble: Trouble, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.trouble = trouble
        self.retry_after_s = retry_after_s
        """Seconds after which a retry may succeed; None if it will not."""

    @property
    def is_outage(self) -> bool:
        """Whether the cause is the service, and not this paper or model."""
        return self.trouble in ("overloaded", "server-error", "timeout", "unreachable", "broken")


class FallbackUntried(NoSummary):
    """The model's answers failed their checks, and the fallback model was not tried yet."""

    def __init__(self, failure: NoSummary) -> None:
        super().__init__(failure.trouble, str(failure))


class RejectedAnswer(NoSummary):
    """An answer failed its checks."""

    def __init__(self, answer: str, failed_checks: tuple[FailedCheck, ...]) -> None:
        super().__init__("checks", "; ".join(map(str, failed_checks)))
        self.answer = answer
        self.failed_checks = failed_checks

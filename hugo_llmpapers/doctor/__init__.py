"""Checks of the machine and the site: what `new` would use, what would go wrong, and how to fix it.

Each module is one or more stages, which yield Findings. A failure that ends a stage is a Finding, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from hugo_llmpapers.errors import Failure, from_os_error

Group = Literal["hugo", "site", "settings", "template", "post", "summaries", "figures", "cache", "services"]
Value = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check."""

    group: Group
    name: str
    """Part of the JSON output, so it must not change."""
    value: Value = None
    """None if there is none or it is not known. For a key only whether it is set."""
    why: str = ""
    """Where the value comes from or what it means; part of a line."""
    problem: str | None = None
    """What is or would go wrong, in one line; None if nothing."""
    remedy: str = ""
    """What to do about the problem, in one line."""
    stops: int = 0
    """Exit code because of the problem: 3 for site, settings, key or model, 5 for services; 0 if `new` works anyway."""


def from_error(group: Group, name: str, error: Failure | OSError, value: Value = None) -> Finding:
    """Return the finding for an error that `new` would end with."""
    failure = from_os_error(error) if isinstance(error, OSError) else error
    stops = 5 if failure.exit_code == 5 else 3
    return Finding(group, name, value, problem=failure.message, remedy=failure.remedy, stops=stops)


def run_stage(group: Group, stage: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings of a stage, and the error that ended it if there was one."""
    try:
        yield from stage
    except (Failure, OSError) as error:
        yield from_error(group, group, error)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 0 if `new` would work, else 3 if anything but services is the reason, else 5."""
    return min((finding.stops for finding in findings if finding.stops), default=0)

"""What there is on the machine and in the site, where each of it came from, and what would go wrong in a run of `new`.

One module for each stage; a stage takes what earlier ones opened and gives Findings. What makes a stage impossible is a
Finding, too, and says which others were left out for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from hugo_llmpapers.errors import Failure, from_os_error
from hugo_llmpapers.site.visibility import Shortcoming

Group = Literal["hugo", "site", "settings", "template", "post", "summaries", "figures", "cache", "services"]
GROUPS: tuple[Group, ...] = get_args(Group)
Value = str | int | float | bool | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    group: Group
    name: str
    """For programs, too: it stays."""
    value: Value = None
    """None: there is none, or it is not known. Of a key only whether it is set."""
    why: str = ""
    """Where the value came from, or what it means: part of a line."""
    problem: str | None = None
    """What is or would go wrong, one line; None where nothing does."""
    remedy: str = ""
    """What to do about it, one line."""
    stops: int = 0
    """Exit code that the problem means: 3 for site, settings, key or model, 5 for services; 0 where `new` works
    nevertheless."""


def failed(group: Group, name: str, failure: Failure, value: Value = None) -> Finding:
    """A failure that `new` would end with."""
    return Finding(group, name, value, "", failure.message, failure.remedy, stops=5 if failure.exit_code == 5 else 3)


def lacking(group: Group, name: str, lack: Shortcoming) -> Finding:
    """Something that a reader of the post would miss."""
    return Finding(group, name, None, "", lack.problem, lack.remedy, stops=3 if lack.hides else 0)


def left_out(group: Group, because: str) -> Finding:
    """A stage that cannot be tried."""
    return Finding(group, group, None, f"not looked at, {because}")


def tried(group: Group, stage: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """The findings of a stage, or the failure that ended it."""
    found: list[Finding] = []
    try:
        found.extend(stage())
    except Failure as failure:
        found.append(failed(group, group, failure))
    except OSError as error:
        found.append(failed(group, group, from_os_error(error)))
    return found


def verdict(findings: Iterable[Finding]) -> int:
    """Exit code: 0 where `new` would work; what is wrong with the site counts before what is wrong with services."""
    return min((finding.stops for finding in findings if finding.stops), default=0)

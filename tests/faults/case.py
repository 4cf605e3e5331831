"""A row of the fault table: what is done to the tool, and whether it bore it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.faults.stage import LIMIT_MB, LIMIT_S, POST, Ended, Stage, staged


@dataclass(frozen=True, slots=True)
class Seen:
    """What a case brought about."""

    ended: Ended
    """The run that the case is about."""
    wrong: Sequence[str] = ()
    """What is not as this case expects it."""
    lost: str = "nothing"
    """For the reader of the table."""


@dataclass(frozen=True, slots=True)
class Case:
    """Something that goes wrong."""

    group: str
    name: str
    play: Callable[[Stage], Seen]
    quick: bool = False
    """Whether pytest tries it, too."""
    limit_s: float = LIMIT_S
    """For the run that the case is about."""
    posts: Sequence[str] = (POST,)
    """That may be in the site afterwards, whole."""
    impossible: Callable[[], str] = lambda: ""
    """Why it cannot be tried on this machine; empty where it can."""

    def __str__(self) -> str:
        return f"{self.group}: {self.name}"


@dataclass(frozen=True, slots=True)
class Row:
    """A case that was tried."""

    case: Case
    seconds: float
    memory_mb: float
    code: int
    papers: int
    told: str
    lost: str
    wrong: tuple[str, ...]
    """Empty where the tool bore it."""


def tried(case: Case) -> Row:
    """The case on a stage of its own."""
    with staged(case.limit_s) as stage:
        seen = case.play(stage)
        wrong = [*seen.wrong, *stage.wrong(posts=case.posts)]
        ended = seen.ended
        if ended.seconds > case.limit_s:
            wrong.append(f"it took {ended.seconds:.0f} s")
        if ended.memory_mb > LIMIT_MB:
            wrong.append(f"it took {ended.memory_mb:.0f} MB")
        told = shortened(ended.told, stage)
    return Row(case, ended.seconds, ended.memory_mb, ended.code, ended.papers, told, seen.lost, tuple(wrong))


def shortened(told: Sequence[str], stage: Stage) -> str:
    """What the user reads, as one line of a table; what is said of five papers is shown once."""
    first: dict[str, str] = {}
    for line in told:
        first.setdefault(line.partition(": ")[2] if line.startswith("0000.") else line, line)
    more = len(told) - len(first)
    line = " / ".join(first.values()) + (f" (and {more} more)" if more else "")
    return (
        line.replace(str(stage.blog.root), "SITE")
        .replace(str(stage.blog.home), "HOME")
        .replace(stage.upstream.url, "URL")
    )


def is_clear(ended: Ended, *words: str) -> list[str]:
    """What lacks of a failure's one line, its remedy, and the words that it shall have."""
    lines = ended.err.splitlines()
    at = next((n for n, line in enumerate(lines) if line.startswith("hugo-llmpapers: ")), None)
    if at is None:
        return ["the failure is not told"]
    wrong = [] if at + 1 < len(lines) and lines[at + 1].startswith("  ") else ["no remedy"]
    return wrong + [f"does not say: {word}" for word in words if word not in "\n".join(lines[at:])]

"""What is done of a run that is broken off: a post in one language stands, whatever becomes of the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Left:
    """Filled while the run goes on, so that it is true at every moment."""

    documents: list[dict[str, Any]] = field(default_factory=list)
    """What there is to say of each language that is settled."""
    before: dict[Path, int | None] = field(default_factory=dict)
    """Of each page that the run may write, when it was last written; None where it was not there."""

    def watch(self, pages: Iterable[Path]) -> None:
        """Notes how the pages are before anything is done."""
        self.before.update({path: _stamp(path) for path in pages})

    @property
    def written(self) -> list[str]:
        """The pages that are new, or not as they were."""
        return [str(path) for path, stamp in self.before.items() if _stamp(path) not in (None, stamp)]

    @property
    def said(self) -> str:
        """For people; empty where nothing is written."""
        paths = self.written
        return f"{', '.join(paths)} {'is' if len(paths) == 1 else 'are'} written" if paths else ""

    @property
    def document(self) -> dict[str, Any]:
        """For programs."""
        return ({"written": self.written} if self.before else {}) | (
            {"posts": self.documents} if self.documents else {}
        )


def _stamp(path: Path) -> int | None:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return None

"""What an unfinished backfill has on disk, so that it can be ended at any moment and goes on from there.

A folder of the cache: `plan-DAY.json` for each day whose papers are chosen and whose post is not written, `batch-N.json`
for each batch that was sent, `calls-DAY.json` for what single calls took. Every file appears whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.post.locks import Busy, lock_folder, lock_name
from hugo_llmpapers.records import Candidate, Selection, Skipped, Usage
from hugo_llmpapers.temporary import ROOM_REMEDY, write_file
from hugo_llmpapers.web.cache_folder import PRIVATE, read_regular

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Planned:
    """A day whose papers are chosen."""

    day: date
    count: int
    choice: str
    """Stands for the settings that they were chosen by."""
    selection: Selection

    @property
    def first(self) -> tuple[Candidate, ...]:
        """The papers of the post, if all can be summarised."""
        return self.selection.candidates[: self.count]


@dataclass(frozen=True, slots=True)
class Question:
    """A paper in a batch."""

    custom_id: str
    day: date
    arxiv_id: str
    key: str
    """Under which its summary is kept."""
    source: str
    """What the summary is checked against."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One that was sent, or was about to be."""

    number: int
    model: str
    before: str | None
    """Id of the newest batch when this one was about to be sent: what is newer may be this one."""
    id: str | None
    """None until the service has confirmed it."""
    questions: tuple[Question, ...]
    """Empty once its results are read."""
    paid: dict[date, Usage] = field(default_factory=dict)
    """For each day's post; known once its results are read."""

    @property
    def is_read(self) -> bool:
        """Whether all that it brought is in the cache."""
        return not self.questions


_USAGE = TypeAdapter(Usage)
_PLANNED = TypeAdapter(Planned)
_BATCH = TypeAdapter(Batch)


@dataclass(frozen=True, slots=True)
class BackfillState:
    """The folder of one site. Used by one process at a time, see `opened`."""

    folder: Path

    def planned(self, day: date) -> Planned | None:
        """The day's papers; None where they are not chosen."""
        return _read(_PLANNED, self._plan(day))

    def put_planned(self, planned: Planned) -> None:
        """Raises SetupError where the disk does not take it."""
        _write(self._plan(planned.day), _PLANNED.dump_json(planned))

    def drop_planned(self, day: date) -> None:
        """Once its post is written."""
        self._plan(day).unlink(missing_ok=True)

    def clear_if_done(self) -> None:
        """Away with what batches brought once no day is left that may need it."""
        if any(self.folder.glob("plan-*.json")) or not all(batch.is_read for batch in self.batches()):
            return
        for batch in self.batches():
            self.drop_batch(batch)
        for path in self.folder.glob("calls-*.json"):
            path.unlink(missing_ok=True)

    def batches(self) -> list[Batch]:
        """In the order in which they were sent. Raises Failure where one cannot be read: it may be paid for."""
        found = []
        for path in self.folder.glob("batch-*.json"):
            batch = _read(_BATCH, path)
            if batch is None:
                raise Failure(
                    f"{path} cannot be read, and tells of a batch that may be paid for.",
                    "Look at the Claude Console; delete the file to go on without that batch.",
                )
            found.append(batch)
        return sorted(found, key=lambda batch: batch.number)

    def put_batch(self, batch: Batch) -> None:
        """Raises SetupError where the disk does not take it."""
        _write(self.path_of(batch), _BATCH.dump_json(batch))

    def drop_batch(self, batch: Batch) -> None:
        """Of one that was never taken, or is of no more use."""
        self.path_of(batch).unlink(missing_ok=True)

    def path_of(self, batch: Batch) -> Path:
        """Its file."""
        return self.folder / f"batch-{batch.number}.json"

    def paid(self) -> dict[date, Usage]:
        """What batches and single calls took for each day's post, in all runs since there was nothing."""
        taken = {day: self._calls(day) for day in self._days_of_calls()}
        for batch in self.batches():
            for day, took in batch.paid.items():
                taken[day] = taken.get(day, Usage()) + took
        return taken

    def total(self) -> Usage:
        """The same of all days."""
        return sum(self.paid().values(), Usage())

    def add_calls(self, day: date, took: Usage) -> None:
        """What single calls took for the day's post, or that some are about to be made. Raises SetupError as `put_planned`."""
        _write(self._file_of_calls(day), _USAGE.dump_json(self._calls(day) + took))

    def begun(self) -> set[date]:
        """Days of whose papers something was sent to Claude."""
        in_batches = {day for batch in self.batches() for day in (*batch.paid, *(q.day for q in batch.questions))}
        return in_batches | set(self._days_of_calls())

    def _days_of_calls(self) -> list[date]:
        return [
            date.fromisoformat(path.stem.removeprefix("calls-")) for path in self.folder.glob("calls-????-??-??.json")
        ]

    def _calls(self, day: date) -> Usage:
        return _read(_USAGE, self._file_of_calls(day)) or Usage()

    def _file_of_calls(self, day: date) -> Path:
        return self.folder / f"calls-{day.isoformat()}.json"

    def _plan(self, day: date) -> Path:
        return self.folder / f"plan-{day.isoformat()}.json"


@contextmanager
def opened(folder: Path) -> Iterator[BackfillState]:
    """The state in this folder of the cache; its name stands for the site and the language. Raises Failure where another
    process has it or, with another cache, one of the same name, SetupError where it cannot be locked."""
    with ExitStack() as stack:
        try:
            stack.enter_context(lock_folder(folder, 0))
            stack.enter_context(lock_name(f"backfill {folder.name}", 0))
        except Busy:
            remedy = "Wait for it to end, or end it."
            raise Failure("Another backfill of this site is under way.", remedy) from None
        except OSError as error:
            raise SetupError(f"{folder} cannot be locked: {error.strerror or error}.", ROOM_REMEDY) from None
        yield BackfillState(folder)


def without_source_texts(selection: Selection, most: int) -> Selection:
    """What the post needs of a selection: its first candidates, without the texts of the single sources, and who failed."""
    kept = []
    for candidate in selection.candidates[:most]:
        listings = tuple(replace(listing, abstract=None) for listing in candidate.paper.listings)
        kept.append(replace(candidate, paper=replace(candidate.paper, listings=listings)))
    return replace(selection, candidates=tuple(kept), skipped=failed_sources(selection))


def failed_sources(selection: Selection) -> tuple[Skipped, ...]:
    """The sources that were asked for it and did not answer."""
    return tuple(skipped for skipped in selection.skipped if skipped.stage == "source")


def _read(adapter: TypeAdapter[_T], path: Path) -> _T | None:
    try:
        return adapter.validate_json(read_regular(path))
    except (OSError, ValidationError):
        return None


def _write(path: Path, content: bytes) -> None:
    """Whole, and on the disk when this returns: it may stand for money."""
    try:
        write_file(path, content, mode=PRIVATE, flush_to_disk=True)
    except OSError as error:
        raise SetupError(
            f"{path} cannot be written: {error.strerror or error}.", "Set `cacheDir` to a folder of your own with room."
        ) from None

"""The files of an unfinished backfill, so that it can be ended at any moment and continued by the same command.

A folder of the cache: `plan-DAY.json` for each day whose papers are chosen and whose post is not written, `batch-N.json`
for each batch that was sent and not read, `spent-ID.json` for what a batch or the calls for one post cost.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.post.locks import Busy, lock_folder, lock_name
from hugo_llmpapers.records import Candidate, Selection, Skipped, Usage
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.temporary import ROOM_REMEDY, write_file
from hugo_llmpapers.web.cache_folder import PRIVATE, read_regular

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Planned:
    """A day whose papers are chosen."""

    day: date
    count: int
    choice: str
    """Hash of the settings that they were chosen by."""
    selection: Selection

    @property
    def first(self) -> tuple[Candidate, ...]:
        """The papers of the post if all can be summarised."""
        return self.selection.candidates[: self.count]


@dataclass(frozen=True, slots=True)
class Question:
    """A paper in a batch."""

    custom_id: str
    day: date
    arxiv_id: str
    key: str
    """The key of its summary in the cache."""
    source: str
    """The text that the summary is checked against."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was sent, or was about to be, and is not read."""

    number: int
    model: str
    before: str | None
    """Id of the newest batch when this one was about to be sent: a newer one may be this one."""
    id: str | None
    """None until the service has confirmed it."""
    questions: tuple[Question, ...]
    paid: dict[date, Usage] = field(default_factory=dict)
    """Only in old files, see `convert_old_files`."""


_USAGE = TypeAdapter(Usage)
_SPENT = TypeAdapter(dict[date, Usage])
_PLANNED = TypeAdapter(Planned)
_BATCH = TypeAdapter(Batch)


@dataclass(frozen=True, slots=True)
class BackfillState:
    """The folder of one site and language. Writing raises SetupError if the disk is full."""

    folder: Path

    def planned(self, day: date) -> Planned | None:
        """Return the day's papers; None if they are not chosen."""
        return _read(_PLANNED, self._plan(day))

    def put_planned(self, planned: Planned) -> None:
        """Store the papers of a day."""
        _write(self._plan(planned.day), _PLANNED.dump_json(planned))

    def drop_planned(self, day: date) -> None:
        """Delete the papers of a day whose post is written."""
        self._plan(day).unlink(missing_ok=True)

    def batches(self) -> list[Batch]:
        """Return the batches in the order in which they were sent. Raises Failure if the file of one cannot be read, as
        that batch may be paid for."""
        found = []
        for path in self.folder.glob("batch-*.json"):
            batch = _read(_BATCH, path)
            if batch is None:
                raise Failure(
                    f"{path} cannot be read, and its batch may be paid for.",
                    "Check the batches in the Claude Console. To continue without this one, delete the file.",
                )
            found.append(batch)
        return sorted(found, key=lambda batch: batch.number)

    def put_batch(self, batch: Batch) -> None:
        """Store a batch."""
        _write(self.path_of(batch), _BATCH.dump_json(batch))

    def drop_batch(self, batch: Batch) -> None:
        """Delete a batch that was read, or never accepted by the service."""
        self.path_of(batch).unlink(missing_ok=True)

    def path_of(self, batch: Batch) -> Path:
        """Return the file of a batch."""
        return self.folder / f"batch-{batch.number}.json"

    def put_spent(self, name: str, spent: Mapping[date, Usage]) -> None:
        """Store what was used for each day's post under a name, which is counted once however often it is stored."""
        file = self.folder / f"spent-{sha256(name.encode()).hexdigest()[:16]}.json"
        _write(file, _SPENT.dump_json(dict(spent)))

    def spent(self) -> dict[date, Usage]:
        """Return what was used for each day's post in all runs since the backfill began."""
        total: dict[date, Usage] = {}
        for path in self.folder.glob("spent-*.json"):
            for day, usage in (_read(_SPENT, path) or {}).items():
                total[day] = total.get(day, Usage()) + usage
        return total

    def questions(self) -> list[Question]:
        """Return the questions of all batches. Raises as `batches`."""
        return [question for batch in self.batches() for question in batch.questions]

    def clear_if_done(self) -> None:
        """Delete all files once no day and no batch is left that may need them."""
        if not any(self.folder.glob("plan-*.json")) and not any(self.folder.glob("batch-*.json")):
            for path in self.folder.glob("spent-*.json"):
                path.unlink(missing_ok=True)

    def convert_old_files(self) -> None:
        """Store as spent what older versions kept elsewhere. Raises as `batches`.

        They kept a batch that was read, without its questions but with its cost, and the cost of calls in `calls-DAY.json`.
        A backfill that they began is paid for: its papers must stay, and its batches must not be read again.
        """
        for batch in self.batches():
            if not batch.questions:
                self.put_spent(str(batch.id), batch.paid)
                self.drop_batch(batch)
        for path in self.folder.glob("calls-????-??-??.json"):
            day = date.fromisoformat(path.stem.removeprefix("calls-"))
            self.put_spent(path.name, {day: _read(_USAGE, path) or Usage()})
            path.unlink()

    def _plan(self, day: date) -> Path:
        return self.folder / f"plan-{day.isoformat()}.json"


@contextmanager
def open_state(blog: Blog) -> Iterator[BackfillState]:
    """Lock and yield the state for the blog and its language. Raises Failure if another process uses it or, with another
    cache, one of the same name, or if a batch cannot be read; SetupError if it cannot be locked or written to."""
    site = sha256(os.fsencode(blog.site.section_dir.resolve())).hexdigest()[:16]  # several sites share a cache
    folder = blog.site.cache.folder(f"backfill/{site}-{blog.site.language}")
    with ExitStack() as stack:
        try:
            stack.enter_context(lock_folder(folder, 0))
            stack.enter_context(lock_name(f"backfill {folder.name}", 0))
        except Busy:
            raise Failure("Another backfill of this site is under way.", "Wait for it to end, or end it.") from None
        except OSError as error:
            raise SetupError(f"{folder} cannot be locked: {error.strerror or error}.", ROOM_REMEDY) from None
        state = BackfillState(folder)
        state.convert_old_files()
        yield state


def without_source_texts(selection: Selection, most: int) -> Selection:
    """Return the first candidates of a selection without the abstracts of single sources, and the sources that failed."""
    candidates = []
    for candidate in selection.candidates[:most]:
        listings = tuple(replace(listing, abstract=None) for listing in candidate.paper.listings)
        candidates.append(replace(candidate, paper=replace(candidate.paper, listings=listings)))
    return replace(selection, candidates=tuple(candidates), skipped=failed_sources(selection))


def failed_sources(selection: Selection) -> tuple[Skipped, ...]:
    """Return the sources that did not answer."""
    return tuple(skipped for skipped in selection.skipped if skipped.stage == "source")


def _read(adapter: TypeAdapter[_T], path: Path) -> _T | None:
    try:
        return adapter.validate_json(read_regular(path))
    except (OSError, ValidationError):
        return None


def _write(path: Path, content: bytes) -> None:
    try:
        write_file(path, content, mode=PRIVATE, flush_to_disk=True)  # it may stand for money
    except OSError as error:
        remedy = "Set `cacheDir` to a folder of your own with room."
        raise SetupError(f"{path} cannot be written: {error.strerror or error}.", remedy) from None

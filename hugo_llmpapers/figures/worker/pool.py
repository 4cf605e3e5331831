"""A pool of worker processes that read PDFs, because a PDF can hang, crash or fill the memory of its reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from queue import LifoQueue
from typing import Any, Self, TypeVar

from hugo_llmpapers.figures.worker import answers
from hugo_llmpapers.figures.worker.options import Failed, Limits, WorkerError
from hugo_llmpapers.figures.worker.process import Process
from hugo_llmpapers.records import Figure

__all__ = ["Failed", "Limits", "Workers"]

DEFAULT_WIDTH_PX = 1280

T = TypeVar("T")


class Workers:
    """Up to `size` worker processes; a context manager, safe to use from several threads.

    A process is started when it is first needed, serves one request after another, and is replaced when it hangs or
    dies. Leaving the context kills all processes.
    """

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._processes = tuple(Process(self._limits) for _ in range(size))
        self._idle: LifoQueue[Process] = LifoQueue()
        for process in self._processes:
            self._idle.put(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Kill all processes. Requests that are running return `Failed`."""
        for process in self._processes:
            process.close()
        for process in [self._idle.get() for _ in self._processes]:
            process.end()
            self._idle.put(process)

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of all processes that were started and not replaced."""
        return tuple(process.pid for process in self._processes if process.pid is not None)

    @property
    def unlimited(self) -> tuple[str, ...] | None:
        """What the system cannot limit for the processes: some of memory, files, network and processes.

        None until a process is ready.
        """
        return next((process.unlimited for process in self._processes if process.unlimited is not None), None)

    def warm(self) -> None:
        """Start all processes, and do not wait until they are ready. For a pool that is not in use yet."""
        for process in self._processes:
            process.launch()

    def ready(self) -> tuple[str, ...] | None:
        """Wait until a process is ready and return its `unlimited`. None if no process can be started."""
        try:
            with self._worker() as process:
                process.start()
                return process.unlimited
        except WorkerError:
            return None

    def figure(self, pdf: Path, width_px: int = DEFAULT_WIDTH_PX) -> Figure | Failed:
        """Return the paper's figure. It is narrower than `width_px` if it would need more than 300 dpi."""
        return self._ask(pdf, partial(answers.figure, width_px=width_px), task="figure", width_px=width_px)

    def first_page(self, pdf: Path, width_px: int = DEFAULT_WIDTH_PX) -> Figure | Failed:
        """Return the top of the first page instead of a figure."""
        return self._ask(pdf, partial(answers.figure, width_px=width_px), task="first_page", width_px=width_px)

    def image(self, content: bytes, width_px: int = DEFAULT_WIDTH_PX) -> Figure | Failed:
        """Return an image file from arXiv's HTML version as a figure: opaque, at most `width_px` wide, as a PNG."""
        return self._ask(content, partial(answers.image, width_px=width_px), task="image", width_px=width_px)

    def debug_pictures(self, pdf: Path) -> dict[str, bytes] | Failed:
        """Return PNG files of the page of the figure by name, one for each stage of the search."""
        return self._ask(pdf, answers.debug_pictures, task="debug_pictures")

    def text(self, pdf: Path, pages: int) -> str | Failed:
        """Return the visible text of the first pages with form feeds between them. Empty for a scan."""
        return self._ask(pdf, answers.text, task="text", pages=pages)

    def _ask(self, file: Path | bytes, parse: Callable[[bytes], T], **request: Any) -> T | Failed:
        try:
            content = file if isinstance(file, bytes) else self._read(file)
            with self._worker() as process:
                return parse(process.ask(request, content))
        except WorkerError as error:
            return error.failed
        except ValueError:
            return Failed(answers.INVALID)

    def _read(self, file: Path) -> bytes:
        """Raises WorkerError if the file cannot be read or is too large."""
        try:
            with file.open("rb") as opened:
                content = opened.read((self._limits.pdf_mb << 20) + 1)
        except OSError as error:
            raise WorkerError(f"{file.name} cannot be read: {error.strerror or error}") from None
        if len(content) > self._limits.pdf_mb << 20:
            raise WorkerError(f"{file.name} cannot be read: it has more than {self._limits.pdf_mb} MB")
        return content

    @contextmanager
    def _worker(self) -> Iterator[Process]:
        """Lend a process, which is ended after any error, KeyboardInterrupt included, unless the error says otherwise.

        So that an answer that was not read is not taken for the answer to the next request.
        """
        process, keep = self._idle.get(), False
        try:
            yield process
            keep = True
        except WorkerError as error:
            keep = error.reusable
            raise
        finally:
            if not keep:
                process.end()
            self._idle.put(process)

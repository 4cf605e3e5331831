"""A pool of worker processes that read PDFs, because a PDF can hang, crash or fill the memory of its reader."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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
        self._size = size
        self._slots: LifoQueue[Process | None] = LifoQueue()
        """The slots that are not in use, each with an idle process or None."""
        for _ in range(size):
            self._slots.put(None)
        self._lock = threading.Lock()
        self._processes: list[Process] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of all processes that were started and not replaced."""
        with self._lock:
            return tuple(process.pid for process in self._processes)

    @property
    def unlimited(self) -> tuple[str, ...] | None:
        """What the system cannot limit for the processes: some of memory, files, network and processes.

        None until a process is ready.
        """
        with self._lock:
            known = [process.unlimited for process in self._processes]
        return next((names for names in known if names is not None), None)

    def warm(self) -> None:
        """Start all processes, and do not wait until they are ready. For a pool that is not in use yet."""
        with ExitStack() as stack:
            for _ in range(self._size):
                stack.enter_context(self._worker())

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
        return self._ask_about(
            pdf, {"task": "figure", "width_px": width_px}, partial(answers.figure, width_px=width_px)
        )

    def first_page(self, pdf: Path, width_px: int = DEFAULT_WIDTH_PX) -> Figure | Failed:
        """Return the top of the first page instead of a figure."""
        request = {"task": "first_page", "width_px": width_px}
        return self._ask_about(pdf, request, partial(answers.figure, width_px=width_px))

    def image(self, content: bytes, width_px: int = DEFAULT_WIDTH_PX) -> Figure | Failed:
        """Return an image file from arXiv's HTML version as a figure: opaque, at most `width_px` wide, as a PNG."""
        return self._ask(content, {"task": "image", "width_px": width_px}, partial(answers.image, width_px=width_px))

    def debug_pictures(self, pdf: Path) -> dict[str, bytes] | Failed:
        """Return PNG files of the page of the figure by name, one for each stage of the search."""
        return self._ask_about(pdf, {"task": "debug_pictures"}, answers.debug_pictures)

    def text(self, pdf: Path, pages: int) -> str | Failed:
        """Return the visible text of the first pages with form feeds between them. Empty for a scan."""
        return self._ask_about(pdf, {"task": "text", "pages": pages}, answers.text)

    def close(self) -> None:
        """Kill all processes. Requests that are running return `Failed`."""
        with self._lock:
            self._closed = True
            processes = list(self._processes)
        for process in processes:
            process.kill()
        for idle in [self._slots.get() for _ in range(self._size)]:
            if idle is not None:
                self._end(idle)
            self._slots.put(None)

    def _ask_about(self, file: Path, request: dict[str, Any], parse: Callable[[bytes], T]) -> T | Failed:
        try:
            with file.open("rb") as opened:
                content = opened.read((self._limits.pdf_mb << 20) + 1)
        except OSError as error:
            return Failed(f"{file.name} cannot be read: {error.strerror or error}")
        if len(content) > self._limits.pdf_mb << 20:
            return Failed(f"{file.name} cannot be read: it has more than {self._limits.pdf_mb} MB")
        return self._ask(content, request, parse)

    def _ask(self, content: bytes, request: dict[str, Any], parse: Callable[[bytes], T]) -> T | Failed:
        try:
            with self._worker() as process:
                return parse(process.ask(request, content, self._limits.seconds))
        except WorkerError as error:
            return error.failed
        except ValueError:
            return Failed(answers.INVALID)

    @contextmanager
    def _worker(self) -> Iterator[Process]:
        """Lend a process, which is ended after any error, KeyboardInterrupt included, unless the error says otherwise.

        So that an answer that was not read is not taken for the answer to the next request.
        """
        process, keep = self._slots.get(), False
        try:
            if process is not None and not process.alive:
                self._end(process)
                process = None
            process = process or self._start()
            yield process
            keep = True
        except WorkerError as error:
            keep = error.reusable
            raise
        finally:
            if process is not None and not keep:
                self._end(process)
            self._slots.put(process if keep else None)

    def _start(self) -> Process:
        with self._lock:
            if self._closed:
                raise WorkerError("the PDF workers are closed")
            process = Process(self._limits)
            self._processes.append(process)
        return process

    def _end(self, process: Process) -> None:
        with self._lock:
            self._processes.remove(process)
        process.end()

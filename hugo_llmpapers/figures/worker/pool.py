"""Asks worker processes for figures, because a PDF can hang, crash or bloat whoever opens it.

`python -m hugo_llmpapers.figures.worker` is such a process; nobody but `Workers` starts one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Self, TypeVar

from hugo_llmpapers.figures.worker import answers
from hugo_llmpapers.figures.worker.options import Failed, ImageWords, Limits, RenderOptions
from hugo_llmpapers.figures.worker.process import Process
from hugo_llmpapers.records import Figure

__all__ = ["Failed", "ImageWords", "Limits", "RenderOptions", "Workers"]

T = TypeVar("T")


class Workers:
    """Up to `size` worker processes; a context manager, safe to use from several threads.

    A process is started when it is first needed, serves one request after another, and is
    replaced when it hangs or dies. Leaving the context ends them all, whatever they do.
    """

    def __init__(self, size: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._free = threading.BoundedSemaphore(size)
        self._size = size
        self._lock = threading.Lock()
        self._idle: list[Process] = []
        self._all: list[Process] = []
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def unlimited(self) -> tuple[str, ...] | None:
        """What the system does not let the workers limit, of memory, files, network and processes; None until one has
        answered.
        """
        with self._lock:
            known = [process.unlimited for process in self._all]
        return next((names for names in known if names is not None), None)

    def ready(self) -> tuple[str, ...] | None:
        """Waits for a worker, and gives what the system does not let it limit; None where none can be started."""
        with self._free:
            process = self._taken()
            if process is None:
                return None
            if not process.start() or not self._kept(process):
                self._ended(process)
            return process.unlimited

    @property
    def pids(self) -> tuple[int, ...]:
        """The ids of the processes that were started and not replaced."""
        with self._lock:
            return tuple(process.pid for process in self._all)

    def warm(self) -> None:
        """Starts all processes without waiting for them, so that they are ready when the first
        PDF is.
        """
        with self._lock:
            missing = self._size - len(self._all)
        for _ in range(missing):
            process = self._started()
            if process is not None and not self._kept(process):
                self._ended(process)

    def figure(self, pdf: Path, options: RenderOptions | None = None) -> Figure | Failed:
        """The paper's figure; `Failed` where there is none, or where the file is of no use or
        takes too much.
        """
        options = options or RenderOptions()
        return self._ask({"task": "figure", **asdict(options)}, pdf, partial(answers.figure, options=options))

    def image(self, file: Path, options: RenderOptions, words: ImageWords) -> Figure | Failed:
        """An image file from elsewhere as a figure: opaque, no larger than wished, as a PNG; without page and bounds."""
        return self._ask(
            {"task": "image", "width_px": options.width_px}, file, partial(answers.image, options=options, words=words)
        )

    def stages(self, pdf: Path) -> dict[str, bytes] | Failed:
        """A PNG of each stage of the method, by name in their order, on the page of the figure."""
        return self._ask({"task": "stages"}, pdf, lambda answer: dict(answer["pictures"]))

    def text(self, pdf: Path, pages: int) -> str | Failed:
        """The plain text of the first pages, a form feed between two; may be empty, as for a
        scan.
        """
        return self._ask({"task": "text", "pages": pages}, pdf, answers.text)

    def close(self) -> None:
        """Ends every process; a request under way answers `Failed`."""
        with self._lock:
            self._closed = True
            everyone, idle = list(self._all), list(self._idle)
        for process in everyone:
            process.kill()
        for process in idle:
            self._ended(process)
        # Who waits for an answer clears up behind itself.
        for _ in range(self._size):
            self._free.acquire()
        self._free.release(self._size)

    def _ask(self, request: dict[str, Any], file: Path, read: Callable[[dict[str, Any]], T]) -> T | Failed:
        """What `read` makes of the answer to a request about the file."""
        try:
            content = _content(file, self._limits.pdf_mb)
        except OSError as error:
            return Failed(f"{file.name} cannot be read: {error.strerror or error}")
        with self._free:
            process = self._taken()
            if process is None:
                return Failed("the PDF workers are closed")
            healthy = False
            try:
                answer = process.ask(request, content, self._limits.seconds)
                healthy = not answer.get("spent", False)
                if "failed" in answer:
                    return Failed(answers.failure(answer), readable=answer.get("readable") is True)
                return read(answer)
            except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError):
                healthy = False
                return Failed(answers.INVALID)
            finally:
                # Also after KeyboardInterrupt: an unread answer must not serve the next request.
                if not healthy or not self._kept(process):
                    self._ended(process)

    def _taken(self) -> Process | None:
        """An idle process or a new one; None where the workers are closed."""
        with self._lock:
            process = self._idle.pop() if self._idle else None
        if process is not None and process.alive:
            return process
        if process is not None:
            self._ended(process)
        return self._started()

    def _started(self) -> Process | None:
        with self._lock:
            if self._closed:
                return None
            process = Process(self._limits)
            self._all.append(process)
        return process

    def _kept(self, process: Process) -> bool:
        """Whether the process can serve another request."""
        with self._lock:
            if not self._closed:
                self._idle.append(process)
            return not self._closed

    def _ended(self, process: Process) -> None:
        with self._lock:
            for processes in (self._all, self._idle):
                if process in processes:
                    processes.remove(process)
        process.end()


def _content(file: Path, megabytes: int) -> bytes:
    """The file. Raises OSError, also for one that is larger."""
    with file.open("rb") as opened:
        content = opened.read((megabytes << 20) + 1)
    if len(content) > megabytes << 20:
        raise OSError(f"it has more than {megabytes} MB")
    return content

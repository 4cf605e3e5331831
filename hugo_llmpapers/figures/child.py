"""The worker process: reads requests, one JSON object a line, and answers each with one line."""

from __future__ import annotations

import faulthandler
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO, Any

from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.pdf import Document, Unreadable, out_of_memory
from hugo_llmpapers.figures.png import encoded, opaque
from hugo_llmpapers.figures.render import captioned, first_page_top
from hugo_llmpapers.figures.stages import stages
from hugo_llmpapers.figures.wish import Limits, Wish

OUT_OF_MEMORY = "the PDF worker ran out of memory"
NO_FIGURE = "no figure with a caption was found"

_GRACE_SECONDS = 5.0


def serve(settings: str, directory: str) -> None:
    """Answers requests until the input ends; `settings` is a JSON object of `Limits`.

    The first line that it writes says that it is ready. `directory` is the private one in which
    it leaves pictures; it makes it for each, and who reads the picture removes it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = Limits(**json.loads(settings))
    answers = _private_output()
    limited = _limit_memory(limits.memory_mb)
    _limit_files(limits)
    _say(answers, {"ready": True, "memory_limited": limited})
    try:
        for line in sys.stdin:
            # Ends the process from a thread of C, also while MuPDF is busy and the parent is gone.
            faulthandler.dump_traceback_later(limits.seconds + _GRACE_SECONDS, exit=True)
            answer = _answer(json.loads(line), limits)
            faulthandler.cancel_dump_traceback_later()
            _say(answers, answer)
            if answer.get("spent"):
                return
    finally:
        # The parent does this, unless it was killed.
        shutil.rmtree(directory, ignore_errors=True)


def _private_output() -> IO[str]:
    """The pipe to the parent; whatever else is written, by MuPDF too, goes nowhere."""
    private = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return private


def _limit_memory(megabytes: int) -> bool:
    """Whether the address space could be limited: Windows has no such limit, macOS refuses it."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    except (ImportError, ValueError, OSError):
        return False
    return True


def _limit_files(limits: Limits) -> None:
    """No file larger than a picture may be, few open at once, and no memory dump where MuPDF crashes."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (limits.file_mb << 20, limits.file_mb << 20))
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


def _say(answers: IO[str], answer: dict[str, Any]) -> None:
    answers.write(json.dumps(answer) + "\n")
    answers.flush()


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        return _TASKS[request["task"]](request, limits)
    except Unreadable as error:
        return {"failed": str(error)}
    # A broken PDF raises anything, and a paper without a figure is still a post.
    except Exception as error:  # noqa: BLE001
        if out_of_memory(error):
            return {"failed": OUT_OF_MEMORY, "spent": True}
        detail = " ".join(f"{type(error).__name__}: {error}".split())
        return {"failed": f"the PDF could not be read: {detail[:200]}"}


def _figure(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    wish = Wish(request["width_px"], request["fallback"])
    with Document(Path(request["pdf"]), limits) as document:
        found = find(document, limits.pages)
        figure = None if found is None else captioned(document, found, wish, limits)
        if figure is None and wish.fallback == "page":
            figure = first_page_top(document, wish, limits)
    if figure is None:
        return {"failed": NO_FIGURE, "readable": True}
    fields = asdict(replace(figure, png=b""))
    del fields["png"]
    return {"figure": fields, "pictures": _left({"figure": figure.png}, Path(request["folder"]))}


def _image(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        with Path(request["image"]).open("rb") as file:
            image = opaque(file, request["width_px"], limits.pixels)
    except ValueError as error:
        return {"failed": str(error)}
    size = {"width_px": image.width, "height_px": image.height}
    return {"size": size, "pictures": _left({"figure": encoded(image, photographic=True)}, Path(request["folder"]))}


def _stages(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    with Document(Path(request["pdf"]), limits) as document:
        return {"pictures": _left(stages(document, limits.pages), Path(request["folder"]))}


def _left(pictures: dict[str, bytes], folder: Path) -> list[str]:
    """Leaves the pictures where the parent reads them."""
    folder.mkdir(mode=0o700)
    try:
        for name, png in pictures.items():
            (folder / name).write_bytes(png)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)  # it would be in the next picture's way
        raise
    return list(pictures)


def _text(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    with Document(Path(request["pdf"]), limits) as document:
        return {"text": document.text(request["pages"])}


_TASKS: dict[str, Callable[[dict[str, Any], Limits], dict[str, Any]]] = {
    "figure": _figure,
    "image": _image,
    "stages": _stages,
    "text": _text,
}

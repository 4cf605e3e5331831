"""The worker process: reads requests with their files from its input, and answers each on its output."""

from __future__ import annotations

import codecs
import faulthandler
import json
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import PIL
from PIL import Image

from hugo_llmpapers.figures.debug_pictures import stages
from hugo_llmpapers.figures.find import find
from hugo_llmpapers.figures.mupdf import out_of_memory, pymupdf
from hugo_llmpapers.figures.pdf import Document, Unreadable
from hugo_llmpapers.figures.png import encoded, opaque
from hugo_llmpapers.figures.render import captioned, first_page_top
from hugo_llmpapers.figures.worker import sandbox
from hugo_llmpapers.figures.worker.options import Limits, RenderOptions

OUT_OF_MEMORY = "the PDF worker ran out of memory"
NO_FIGURE = "no figure with a caption was found"

_GRACE_SECONDS = 5.0


Pictures = dict[str, bytes]
"""PNG files by name."""
Answer = tuple[dict[str, Any], Pictures]


def serve(settings: str) -> None:
    """Answers requests until the input ends; `settings` is a JSON object of `Limits`.

    The first line that it writes says that it is ready, and what the system does not let it limit. A request is a line of
    JSON that ends with the file itself, of `bytes` bytes: the process opens no file. So does an answer with its `pictures`,
    whose sizes stand in the line.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = Limits(**json.loads(settings))
    answers = _private_output()
    unlimited = [] if _limit_memory(limits.memory_mb) else ["memory"]
    _limit_files(limits)
    load_the_rest()
    unlimited += sandbox.close_down(readable())
    _say(answers, {"ready": True, "unlimited": unlimited}, {})
    for line in sys.stdin.buffer:
        # Ends the process from a thread of C, also while MuPDF is busy and the parent is gone.
        faulthandler.dump_traceback_later(limits.seconds + _GRACE_SECONDS, exit=True)
        request = json.loads(line)
        content = sys.stdin.buffer.read(request["bytes"])
        answer, pictures = answered(request, content, limits)
        faulthandler.cancel_dump_traceback_later()
        _say(answers, answer, pictures)
        if answer.get("spent"):
            return


def load_the_rest() -> None:
    """Imports what Pillow and PyMuPDF otherwise import when they first need it: later no file may be found any more."""
    for name in ("Png", "Jpeg", "Gif", "WebP"):
        import_module(f"PIL.{name}ImagePlugin")
    Image.preinit()
    for name in (
        "ascii",
        "latin-1",
        "raw_unicode_escape",
        "unicode_escape",
        "utf-8-sig",
        "utf-16",
        "utf-16-be",
        "utf-16-le",
    ):
        codecs.lookup(name)


def readable() -> list[Path]:
    """Folders of Python and of the packages that the process uses, should one of them be imported later."""
    ours = Path(__file__).parents[2]
    others = [Path(module.__file__ or "").parent for module in (os, PIL, pymupdf)]
    return [ours, *others, *(Path(entry) for entry in sys.path if Path(entry).name == "lib-dynload")]


def _private_output() -> BinaryIO:
    """The pipe to the parent; whatever else is written, by MuPDF too, goes nowhere."""
    private = os.fdopen(os.dup(1), "wb")
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
    """No file is written, few are open at once, and there is no memory dump where MuPDF crashes."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        resource.setrlimit(resource.RLIMIT_NOFILE, (limits.open_files, limits.open_files))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, ValueError, OSError):
        return


def _say(answers: BinaryIO, answer: dict[str, Any], pictures: Pictures) -> None:
    sizes = {name: len(png) for name, png in pictures.items()}
    # Half a character, which a PDF can claim to show, becomes a question mark.
    answers.write(json.dumps({**answer, "pictures": sizes}, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    for png in pictures.values():
        answers.write(png)
    answers.flush()


def answered(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    """The answer with its pictures: with `failed`, the reason, where there is none."""
    try:
        return _TASKS[request["task"]](request, content, limits)
    except Unreadable as error:
        return {"failed": str(error)}, {}
    # A broken PDF raises anything, and a paper without a figure is still a post.
    except Exception as error:  # noqa: BLE001
        if out_of_memory(error):
            return {"failed": OUT_OF_MEMORY, "spent": True}, {}
        detail = " ".join(f"{type(error).__name__}: {error}".split())
        return {"failed": f"the PDF could not be read: {detail[:200]}"}, {}


def _figure(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    options = RenderOptions(request["width_px"], request["fallback"])
    with Document(content, limits) as document:
        found = find(document, limits.pages)
        figure = None if found is None else captioned(document, found, options, limits)
        if figure is None and options.fallback == "page":
            figure = first_page_top(document, options, limits)
    if figure is None:
        return {"failed": NO_FIGURE, "readable": True}, {}
    fields = asdict(replace(figure, png=b""))
    del fields["png"]
    return {"figure": fields}, {"figure": figure.png}


def _image(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    try:
        image = opaque(BytesIO(content), request["width_px"], limits.pixels)
    except ValueError as error:
        return {"failed": str(error)}, {}
    size = {"width_px": image.width, "height_px": image.height}
    return {"size": size}, {"figure": encoded(image, photographic=True)}


def _stages(_: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    with Document(content, limits) as document:
        return {}, stages(document, limits.pages)


def _text(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    with Document(content, limits) as document:
        return {"text": document.text(request["pages"])}, {}


_TASKS: dict[str, Callable[[dict[str, Any], bytes, Limits], Answer]] = {
    "figure": _figure,
    "image": _image,
    "stages": _stages,
    "text": _text,
}

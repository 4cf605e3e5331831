"""The worker process: reads requests with their files from stdin and writes answers to stdout."""

from __future__ import annotations

import codecs
import faulthandler
import json
import os
import signal
import sys
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image

from hugo_llmpapers.figures.debug_pictures import debug_pictures
from hugo_llmpapers.figures.find import NO_FIGURE, Location, find, first_page_top
from hugo_llmpapers.figures.mupdf import out_of_memory
from hugo_llmpapers.figures.pdf import Document, Unreadable
from hugo_llmpapers.figures.png import encoded, opaque
from hugo_llmpapers.figures.render import render
from hugo_llmpapers.figures.worker import sandbox
from hugo_llmpapers.figures.worker.options import Limits

_GRACE_SECONDS = 5.0

Answer = dict[str, Any]


def serve(settings: str) -> None:
    """Answer requests until stdin ends; `settings` is a JSON object of `Limits`.

    A request is one line of JSON followed by the file, whose size in bytes is in the request: the process opens no
    files. An answer is one line of JSON, with PNG files in Base64. The first line tells what the system cannot limit.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits = Limits(**json.loads(settings))
    output = _private_output()
    unlimited = _set_limits(limits)
    preload_modules()
    _write(output, {"unlimited": [*unlimited, *sandbox.close_down()]})
    for line in sys.stdin.buffer:
        # Ends the process from a C thread, even if MuPDF is busy and the parent has died.
        faulthandler.dump_traceback_later(limits.seconds + _GRACE_SECONDS, exit=True)
        request = json.loads(line)
        content = sys.stdin.buffer.read(request["bytes"])
        result = answer(request, content, limits)
        faulthandler.cancel_dump_traceback_later()
        _write(output, result)


def preload_modules() -> None:
    """Import what Pillow and PyMuPDF would import later: in the sandbox, the process can open no file."""
    for name in ("Png", "Jpeg", "Gif", "WebP"):
        import_module(f"PIL.{name}ImagePlugin")
    Image.preinit()
    unicode = ("raw_unicode_escape", "unicode_escape", "utf-8-sig", "utf-16", "utf-16-be", "utf-16-le")
    for name in ("ascii", "latin-1", *unicode):
        codecs.lookup(name)


def _private_output() -> BinaryIO:
    """Return the pipe to the parent, and discard whatever else is written to stdout and stderr."""
    private = os.fdopen(os.dup(1), "wb")
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    return private


def _set_limits(limits: Limits) -> list[str]:
    """Limit memory and files: none is written, and a crash leaves no core dump. Return `memory` if that has no limit.

    Windows has no such limits, and macOS refuses the one on memory.
    """
    try:
        import resource
    except ImportError:
        return ["memory"]
    files = {"RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": limits.open_files, "RLIMIT_CORE": 0}
    for name, value in files.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_mb << 20, limits.memory_mb << 20))
    except (ValueError, OSError):
        return ["memory"]
    return []


def _write(output: BinaryIO, result: Answer) -> None:
    # Replaces lone surrogates, which a PDF can contain, with question marks.
    output.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    output.flush()


def answer(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    """Return the answer to a request about a file; with the key `failed`, the reason, if there is none."""
    try:
        return _TASKS[request["task"]](request, content, limits)
    except Unreadable as error:
        return {"failed": str(error)}
    # A broken PDF can cause any exception.
    except Exception as error:  # noqa: BLE001
        if out_of_memory(error):
            return {"failed": "the PDF worker ran out of memory", "reusable": False}
        detail = " ".join(f"{type(error).__name__}: {error}".split())
        return {"failed": f"the PDF could not be read: {detail[:200]}"}


def _figure(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    with Document(content, limits) as document:
        return _rendered(document, find(document, limits.pages), request, limits)


def _first_page(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    with Document(content, limits) as document:
        return _rendered(document, first_page_top(document), request, limits)


def _rendered(document: Document, location: Location | None, request: dict[str, Any], limits: Limits) -> Answer:
    figure = None if location is None else render(document, location, request["width_px"], limits.pixels)
    if figure is None:
        return {"failed": NO_FIGURE, "readable": True}
    return {**asdict(figure), "png": _base64(figure.png)}


def _image(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    try:
        image = opaque(BytesIO(content), request["width_px"], limits.pixels)
    except ValueError as error:
        return {"failed": str(error)}
    return {"png": _base64(encoded(image, photographic=True))}


def _debug_pictures(_: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    with Document(content, limits) as document:
        pictures = debug_pictures(document, limits.pages)
    return {"pictures": {name: _base64(png) for name, png in pictures.items()}}


def _text(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    with Document(content, limits) as document:
        return {"text": document.text(request["pages"])}


def _base64(png: bytes) -> str:
    return b64encode(png).decode("ascii")


_TASKS: dict[str, Callable[[dict[str, Any], bytes, Limits], Answer]] = {
    "figure": _figure,
    "first_page": _first_page,
    "image": _image,
    "debug_pictures": _debug_pictures,
    "text": _text,
}

"""The worker process: reads requests with their files from stdin and writes answers to stdout."""

from __future__ import annotations

import codecs
import faulthandler
import json
import os
import signal
import sys
from base64 import b64encode
from dataclasses import asdict
from importlib import import_module
from io import BytesIO
from typing import Any, BinaryIO

from PIL import Image

from hugo_llmpapers.figures.find import NO_FIGURE, find, first_page_top
from hugo_llmpapers.figures.mupdf import out_of_memory
from hugo_llmpapers.figures.pdf import Document, Unreadable
from hugo_llmpapers.figures.render import debug_pictures, encoded, opaque, render
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
    output = os.fdopen(os.dup(1), "wb")
    devnull = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):  # whatever a library prints is no answer
        os.dup2(devnull, descriptor)
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


def _set_limits(limits: Limits) -> list[str]:
    """Limit memory and files: none is written, and a crash leaves no core dump. Return `memory` if that has no limit.

    Windows has no such limits, and macOS refuses the one on memory.
    """
    try:
        import resource
    except ImportError:
        return ["memory"]
    files = {"RLIMIT_FSIZE": 0, "RLIMIT_NOFILE": limits.open_files, "RLIMIT_CORE": 0}
    refused = []
    for name, value in {**files, "RLIMIT_AS": limits.memory_mb << 20}.items():
        try:
            resource.setrlimit(getattr(resource, name), (value, value))
        except (ValueError, OSError):
            refused.append(name)
    return ["memory"] if "RLIMIT_AS" in refused else []


def _write(output: BinaryIO, result: Answer) -> None:
    line = json.dumps(result, ensure_ascii=False, default=lambda png: b64encode(png).decode("ascii"))
    # Replaces lone surrogates, which a PDF can contain, with question marks.
    output.write(line.encode("utf-8", "replace") + b"\n")
    output.flush()


def answer(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    """Return the answer to a request about a file; with the key `failed`, the reason, if there is none."""
    try:
        if request["task"] == "image":
            image = opaque(BytesIO(content), request["width_px"], limits.pixels)
            return {"png": encoded(image, photographic=True)}
        return _read_pdf(request, content, limits)
    except Unreadable as error:
        return {"failed": str(error)}
    # A broken PDF can cause any exception.
    except Exception as error:  # noqa: BLE001
        if out_of_memory(error):
            return {"failed": "the PDF worker ran out of memory", "reusable": False}
        detail = " ".join(f"{type(error).__name__}: {error}".split())
        return {"failed": f"the PDF could not be read: {detail[:200]}"}


def _read_pdf(request: dict[str, Any], content: bytes, limits: Limits) -> Answer:
    task = request["task"]
    with Document(content, limits) as document:
        if task == "text":
            return {"text": document.text(request["pages"])}
        if task == "debug_pictures":
            return {"pictures": debug_pictures(document, limits.pages)}
        location = find(document, limits.pages) if task == "figure" else first_page_top(document)
        figure = None if location is None else render(document, location, request["width_px"], limits.pixels)
    return {"failed": NO_FIGURE, "readable": True} if figure is None else asdict(figure)


if __name__ == "__main__":
    serve(sys.argv[1])

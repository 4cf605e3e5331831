"""`hugo-llmpapers figure`: what `new` would take out of a PDF."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from hugo_llmpapers.cli.console import speaking
from hugo_llmpapers.errors import Failure, UsageError


def figure(
    pdfs: Annotated[list[Path], typer.Argument(help="Papers.", metavar="PDF…")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the picture here.", metavar="OUT.png")
    ] = None,
    width: Annotated[int, typer.Option(help="Width of the picture in pixels at most.", min=320, max=4000)] = 1280,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each PDF.")] = False,
) -> None:
    """Show which figure `new` would take out of a PDF; exit code 1 if one has none."""
    from hugo_llmpapers.figures.worker import Failed, Wish, Workers

    with speaking() as console:
        if output is not None and len(pdfs) > 1:
            raise UsageError(f"--output takes the figure of one PDF, not of {len(pdfs)}.", "Name one PDF.")
        if missing := [pdf for pdf in pdfs if not pdf.is_file()]:
            raise UsageError(f"{missing[0]} is not a file.", "Name a PDF.")
        without: list[str] = []
        with Workers(1) as workers:
            for pdf in pdfs:
                started = time.perf_counter()
                found = workers.figure(pdf, Wish(width_px=width))
                seconds = time.perf_counter() - started
                if isinstance(found, Failed):
                    without.append(f"{pdf}: {found.reason}.")
                    row: dict[str, Any] = {"file": str(pdf), "page": None, "bbox": None, "label": None, "caption": None}
                    row |= {"strategy": None, "width_px": None, "height_px": None, "reason": found.reason}
                    line = f"{pdf}: {found.reason}"
                else:
                    row = {"file": str(pdf), "page": found.page, "bbox": list(found.bbox), "label": found.label}
                    row |= {"caption": found.caption, "strategy": found.strategy}
                    row |= {"width_px": found.width_px, "height_px": found.height_px}
                    size = f"{found.width_px} x {found.height_px} px"
                    line = f"{pdf}: {found.label} on page {found.page + 1}, {size}: {found.caption}"
                    if output is not None:
                        _save(output, found.png)
                print(json.dumps({**row, "seconds": round(seconds, 3)}) if as_json else line, flush=True)
        if without and not as_json:
            sys.stdout.flush()
            console.fail(Failure(without[0] if len(without) == 1 else f"{len(without)} PDFs give no figure."))


def _save(path: Path, png: bytes) -> None:
    try:
        path.write_bytes(png)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.", "Name another file.") from None

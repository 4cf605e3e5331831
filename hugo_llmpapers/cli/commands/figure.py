"""`hugo-llmpapers figure`: what `new` would take out of a PDF."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import reporting_failures, visible
from hugo_llmpapers.errors import Failure, UsageError
from hugo_llmpapers.sources import arxiv_id

if TYPE_CHECKING:
    from hugo_llmpapers.figures.worker.options import Failed
    from hugo_llmpapers.records import Figure


def figure(
    papers: Annotated[list[str], typer.Argument(help="PDF files, or arXiv ids.", metavar="PDF|ID…")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the picture here.", metavar="OUT.png")
    ] = None,
    debug: Annotated[
        Path | None, typer.Option("--debug", help="Write a picture of each stage here.", metavar="DIR")
    ] = None,
    width: Annotated[
        int, typer.Option(help="Width of the picture in pixels at most, 320 to 4000.", metavar="PX", min=320, max=4000)
    ] = 1280,
    source: options.Source = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each PDF.")] = False,
) -> None:
    """Show which figure `new` would take out of a PDF.

    Exit code 1 if one of them is no readable PDF; a paper without a figure is no failure. With an arXiv id, the Hugo site
    of --source says which server to ask; without a site it is arXiv's.
    """
    from hugo_llmpapers.figures.worker.pool import Failed, RenderOptions, Workers

    with reporting_failures() as console, _files(papers, source) as files:
        if output is not None and output.suffix.lower() != ".png":
            raise UsageError(f"{output} does not end in .png.", "The picture is a PNG; name the file so.")
        if (output is not None or debug is not None) and len(papers) > 1:
            raise UsageError(f"--output and --debug take one PDF, not {len(papers)}.", "Name one PDF.")
        unreadable: list[str] = []
        with Workers(1) as workers:
            for paper, pdf in zip(papers, files, strict=True):
                started = time.perf_counter()
                found = pdf if isinstance(pdf, Failed) else workers.figure(pdf, RenderOptions(width_px=width))
                seconds = round(time.perf_counter() - started, 3)
                console.result(json.dumps(_row(paper, found, seconds)) if as_json else visible(_line(paper, found)))
                if isinstance(found, Failed):
                    unreadable += [] if found.readable else [f"{paper}: {found.reason}."]
                elif output is not None:
                    _save(output, found.png)
                if debug is not None and isinstance(pdf, Path):
                    _draw_stages(workers.debug_pictures(pdf), debug)
        if unreadable:
            console.fail(Failure(unreadable[0] if len(unreadable) == 1 else f"{len(unreadable)} PDFs cannot be read."))


@contextmanager
def _files(papers: list[str], source: Path) -> Iterator[list[Path | Failed]]:
    """Each paper's file; those that are named by an arXiv id are fetched. Raises UsageError."""
    for paper in papers:
        if not Path(paper).is_file() and arxiv_id.normalised(paper) is None:
            raise UsageError(f"{paper} is neither a file nor an arXiv id.", "Name a PDF, or an id such as 2602.18283.")
    if all(Path(paper).is_file() for paper in papers):
        yield [Path(paper) for paper in papers]
        return
    from hugo_llmpapers.cli.services import downloads

    with TemporaryDirectory(prefix="hugo-llmpapers-") as folder, downloads(source, Path(folder)) as download:
        yield [Path(p) if Path(p).is_file() else download(arxiv_id.normalised(p) or p) for p in papers]


def _row(paper: str, found: Figure | Failed, seconds: float) -> dict[str, Any]:
    from hugo_llmpapers.figures.worker.options import Failed

    keys = ("page", "bbox", "label", "caption", "strategy", "reason", "confidence", "width_px", "height_px")
    if isinstance(found, Failed):
        return {"file": paper, **dict.fromkeys(keys), "reason": found.reason, "seconds": seconds}
    return {"file": paper, **{key: getattr(found, key) for key in keys}, "seconds": seconds}


def _line(paper: str, found: Figure | Failed) -> str:
    from hugo_llmpapers.figures.worker.options import Failed

    if isinstance(found, Failed):
        return f"{paper}: {found.reason}"
    size = f"{found.width_px} x {found.height_px} px"
    page = "?" if found.page is None else found.page + 1
    return f"{paper}: {found.label} on page {page}, {size}, because {found.reason}: {found.caption}"


def _draw_stages(stages: dict[str, bytes] | Failed, folder: Path) -> None:
    from hugo_llmpapers.figures.worker.options import Failed

    if isinstance(stages, Failed):
        return
    for name, png in stages.items():
        _save(folder / f"{name}.png", png)


def _save(path: Path, png: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.", "Name another place.") from None

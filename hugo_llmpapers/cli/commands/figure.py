"""`hugo-llmpapers figure`: the figure that `new` would take from a PDF."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, reporting_failures
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.terminal import shortened
from hugo_llmpapers.errors import Failure, SetupError, UsageError
from hugo_llmpapers.figures.worker.options import Failed
from hugo_llmpapers.records import Figure
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.web.cache import Cache

_FIGURE_KEYS = ("page", "bbox", "label", "caption", "strategy", "reason", "confidence", "width_px", "height_px")


def figure(
    papers: Annotated[list[str], typer.Argument(help="PDF files or arXiv ids.", metavar="PDF|ID...")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the figure to this file.", metavar="OUT.png")
    ] = None,
    debug: Annotated[
        Path | None, typer.Option("--debug", help="Write an image of each stage to this folder.", metavar="DIR")
    ] = None,
    width: Annotated[
        int, typer.Option(help="Maximum width of the figure in pixels.", metavar="PX", min=320, max=4000)
    ] = 1280,
    source: options.Source = Path(),
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON for each PDF.")] = False,
) -> None:
    """Show the figure that `new` would take from a PDF.

    Exit code 1 if a PDF cannot be read. A paper without a figure is not an error. arXiv ids are downloaded from the server
    that the site in --source names, or from arXiv if there is no site.
    """
    from hugo_llmpapers.figures.worker.pool import Workers

    console = Console()
    with reporting_failures(console):
        _check_usage(papers, output, debug)
        unreadable: list[str] = []
        with _files(papers, source) as files, Workers(1) as workers:
            for paper, pdf in zip(papers, files, strict=True):
                started = time.perf_counter()
                found = pdf if isinstance(pdf, Failed) else workers.figure(pdf, width)
                seconds = round(time.perf_counter() - started, 3)
                if as_json:
                    console.result(_json_line(paper, found, seconds))
                else:
                    console.text(_line(paper, found))
                if isinstance(found, Failed):
                    unreadable += [] if found.readable else [f"{paper}: {found.reason}."]
                elif output is not None:
                    _save(output, found.png)
                if debug is not None and isinstance(pdf, Path):
                    stages = workers.debug_pictures(pdf)
                    for name, png in () if isinstance(stages, Failed) else stages.items():
                        _save(debug / f"{name}.png", png)
        if unreadable:
            raise Failure(unreadable[0] if len(unreadable) == 1 else f"{len(unreadable)} PDFs cannot be read.")


def _check_usage(papers: list[str], output: Path | None, debug: Path | None) -> None:
    for paper in papers:
        if not Path(paper).is_file() and arxiv_id.normalised(paper) is None:
            raise UsageError(f"{paper} is neither a file nor an arXiv id.", "Name a PDF, or an id such as 2602.18283.")
    if output is not None and output.suffix.lower() != ".png":
        raise UsageError(f"{output} does not end in .png.", "The figure is a PNG file: name it so.")
    if (output is not None or debug is not None) and len(papers) > 1:
        raise UsageError(f"--output and --debug take one PDF, not {len(papers)}.", "Run `figure` once per PDF.")


@contextmanager
def _files(papers: list[str], source: Path) -> Iterator[list[Path | Failed]]:
    """Yield each paper's file, after downloading those that are named by arXiv id, from the server that the site names or,
    without a site, from arXiv."""
    if all(Path(paper).is_file() for paper in papers):
        yield [Path(paper) for paper in papers]
        return
    from hugo_llmpapers.cli.services import services_of, user_agent
    from hugo_llmpapers.sources.arxiv_paper import download
    from hugo_llmpapers.web.client import Web

    with TemporaryDirectory(prefix="hugo-llmpapers-") as name:
        folder, site = Path(name), options.SiteOptions(source)
        try:
            blog = site.open()
            settings, store, now = blog.settings, blog.site.cache, blog.now
        except SetupError:
            settings, store, now = Settings(), Cache(folder / "cache"), site.now()
        check_certificates(os.environ)
        get = partial(download, service=services_of(settings, {})["pdf"], folder=folder)
        with Web(store, now, user_agent=user_agent(settings)) as web:
            yield [Path(p) if Path(p).is_file() else get(arxiv_id.normalised(p) or p, web) for p in papers]


def _json_line(paper: str, found: Figure | Failed, seconds: float) -> str:
    fields: dict[str, Any] = {key: getattr(found, key, None) for key in _FIGURE_KEYS}
    return json.dumps({"file": paper, **fields, "seconds": seconds})


def _line(paper: str, found: Figure | Failed) -> str:
    if isinstance(found, Failed):
        return f"{paper}: {found.reason}"
    size = f"{found.width_px} x {found.height_px} px"
    page = "?" if found.page is None else found.page + 1
    caption = f" Caption: {shortened(found.caption, 100)}" if found.caption else ""
    return f"{paper}: {found.label} on page {page}, {size} (reason: {found.reason}).{caption}"


def _save(path: Path, png: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(png)
    except OSError as error:
        raise Failure(f"{path} cannot be written: {error.strerror}.", "Name another file.") from None

"""Downloads a paper's PDF from arXiv."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.figures.worker.options import Failed
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

MAX_AGE = timedelta(days=7)


def check_pdf(body: bytes) -> None:
    """Raise ValueError for anything but a PDF: to clients that it takes for robots, arXiv sends HTML with status 200."""
    if b"%PDF-" not in body[:1024]:
        raise ValueError("not a PDF")


def download(arxiv_id: str, web: Web, service: Service, folder: Path) -> Path | Failed:
    """Return the file in `folder`, or Failed with the reason."""
    try:
        answer = web.get(service, f"/pdf/{arxiv_id}", max_age=MAX_AGE, kind="pdf", parse=check_pdf)
    except Unavailable as error:
        return Failed(str(error))
    path = folder / f"{arxiv_id.replace('/', '_')}.pdf"
    try:
        path.write_bytes(answer.body)
    except OSError as error:
        return Failed(f"the PDF cannot be stored: {error.strerror or error}")
    return path

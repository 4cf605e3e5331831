"""A paper's PDF from arXiv, as a file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.figures.worker.options import Failed
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

MAX_AGE = timedelta(days=7)


def check_pdf(body: bytes) -> None:
    """Raises ValueError for what is no PDF: arXiv sends pages of HTML with status 200 to whom it takes for a robot."""
    if b"%PDF-" not in body[:1024]:
        raise ValueError("sends something that is not a PDF")


def download(arxiv_id: str, web: Web, service: Service, folder: Path) -> Path | Failed:
    """The file, below `folder`; Failed with the reason where arXiv does not give one."""
    try:
        answer = web.get(service, f"/pdf/{arxiv_id}", max_age=MAX_AGE, kind="pdf", parse=check_pdf)
    except Unavailable as error:
        return Failed(str(error))
    path = folder / f"{arxiv_id.replace('/', '_')}.pdf"
    try:
        path.write_bytes(answer.body)
    except OSError as error:
        return Failed(f"its PDF cannot be kept for the moment: {error.strerror or error}")
    return path

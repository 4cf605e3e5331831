"""The services with their URLs, limits and keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from hugo_llmpapers import __version__
from hugo_llmpapers.cli.credentials import SERVICE_KEYS, key_for
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.options import SiteOptions
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.figures.worker.options import Failed
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.sources.pdf_download import download
from hugo_llmpapers.web.cache import Cache
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

ARXIV_PAUSE_S = 3.05
"""arXiv allows one request in three seconds: https://info.arxiv.org/help/api/tou.html. The rest is margin."""


def user_agent(settings: Settings) -> str:
    """Return the User-Agent, with the owner's address if the settings have one."""
    contact = f" ({settings.contact})" if settings.contact else ""
    return f"hugo-llmpapers/{__version__}{contact}"


def services_of(settings: Settings, environ: Mapping[str, str]) -> dict[str, Service]:
    """Return the services by the names of the sources, with `oai` and `pdf` for arXiv's records and files.

    Raises SetupError for an invalid key.
    """
    urls = settings.endpoints
    s2_key, hf_token = (key_for(name, service, settings, environ) for name, service in SERVICE_KEYS.items())
    arxiv_hosts = ("arxiv.org", "export.arxiv.org")
    # Both of arXiv's APIs count for its limit.
    arxiv_api = partial(Service, min_interval_s=ARXIV_PAUSE_S, interval_group="arxiv", max_concurrent=1)
    return {
        "arxiv": arxiv_api("arXiv", urls.arxiv, redirect_hosts=arxiv_hosts, read_timeout_s=15.0, retry_deadline_s=20.0),
        # A record is small, and the requests are made one by one.
        "oai": arxiv_api("arXiv OAI", urls.arxivoai, read_timeout_s=8.0, total_timeout_s=15.0, retry_deadline_s=12.0),
        "pdf": Service(
            "arXiv PDF",
            urls.arxivpdf,
            redirect_hosts=arxiv_hosts,
            max_concurrent=2,
            total_timeout_s=45.0,
            max_bytes=60_000_000,
            retry_deadline_s=25.0,
        ),
        "semanticscholar": Service(
            "Semantic Scholar",
            urls.semanticscholar,
            min_interval_s=1.0,
            interval_group="semanticscholar",
            max_concurrent=1,
            retry_deadline_s=10.0,
            headers={"x-api-key": s2_key} if s2_key else {},
        ),
        "huggingface": Service(
            "Hugging Face",
            urls.huggingface,
            headers={"authorization": f"Bearer {hf_token}"} if hf_token else {},
        ),
    }


@contextmanager
def downloads(source: Path, folder: Path) -> Iterator[Callable[[str], Path | Failed]]:
    """Yield a function that downloads a PDF by arXiv id, from the server that the site names or, without a site, arXiv's."""
    site = SiteOptions(source)
    try:
        blog = site.open()
        settings, store, now = blog.settings, blog.site.cache, blog.now
    except SetupError:
        settings, store, now = Settings(), Cache(folder / "cache"), site.now()
    check_certificates(os.environ)
    service = services_of(settings, {})["pdf"]
    with Web(store, now, user_agent=user_agent(settings)) as web:
        yield lambda arxiv_id: download(arxiv_id, web, service, folder)

"""The services with their URLs, limits and keys."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from hugo_llmpapers import __version__
from hugo_llmpapers.cli.credentials import SERVICE_KEYS, key_for
from hugo_llmpapers.site.config.settings import Settings
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

"""Builds the RunContext: services, PDF workers and the summarizer. Imported only by commands that use them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hugo_llmpapers.cli.credentials import claude_key, uses_claude
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.services import services_of, user_agent
from hugo_llmpapers.figures.worker.pool import Workers
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import SourceName, Step
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources import arxiv, huggingface, semanticscholar
from hugo_llmpapers.sources.fetch import BoundSource
from hugo_llmpapers.sources.source import Source
from hugo_llmpapers.summaries.budget import Budget
from hugo_llmpapers.summaries.models import is_claude
from hugo_llmpapers.summaries.prices import unknown_price
from hugo_llmpapers.summaries.retries import server_state
from hugo_llmpapers.summaries.summarize import SummaryContext
from hugo_llmpapers.temporary import remove_stale_folders
from hugo_llmpapers.web.cache import Cache, prune
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

if TYPE_CHECKING:
    from anthropic import Anthropic

_SOURCES: dict[SourceName, Source] = {"arxiv": arxiv, "semanticscholar": semanticscholar, "huggingface": huggingface}


@contextmanager
def run_context(
    blog: Blog,
    *,
    progress: Callable[[Step], None],
    pays: bool,
    offline: bool = False,
    sample_day: date | None = None,
    asks_anew: bool = False,
) -> Iterator[RunContext]:
    """Open everything that a run needs, and close it at the end. Raises SetupError.

    `pays`: summaries will be written. `sample_day`: use the invented papers of this day instead of the network.
    `asks_anew`: ask Claude again about papers whose earlier answers failed their checks.
    """
    settings = blog.settings
    with ExitStack() as stack:
        web, store, services = _open_web(stack, blog, sample_day, offline=offline)
        workers = stack.enter_context(Workers())
        if settings.figures and pays:
            workers.warm()
        summary_context = None
        if uses_claude(blog, sample=sample_day is not None):
            summary_context = _summary_context(blog, store, sample_day, offline=offline, asks_anew=asks_anew)
            if pays:
                _prepare_claude(summary_context, progress)
        sources = {name: BoundSource(_SOURCES[name], services[name]) for name in _SOURCES if name in settings.sources}
        yield RunContext(blog, web, sources, services["pdf"], services["oai"], workers, summary_context, progress)
        if workers.unlimited:
            message = f"this system can limit their time, but not their {', '.join(workers.unlimited)}"
            progress(Step("figure", "PDF workers", "failed", message))
    if sample_day is None:
        prune(store, time.time())
        remove_stale_folders()


def _open_web(
    stack: ExitStack, blog: Blog, sample_day: date | None, *, offline: bool
) -> tuple[Web, Cache, dict[str, Service]]:
    """Open the HTTP client with its cache and services: the real ones, or those of the sample."""
    store, transport = blog.site.cache, None
    services = services_of(blog.settings, blog.site.hugo.environ)
    if sample_day is None:
        check_certificates(blog.site.hugo.environ)
    else:
        from hugo_llmpapers.sample.transport import web as sample_web

        # A cached answer could be that of another version of this package.
        store = Cache(Path(stack.enter_context(TemporaryDirectory(prefix="hugo-llmpapers-"))))
        transport = sample_web(sample_day)
        services = {name: replace(service, min_interval_s=0.0, headers={}) for name, service in services.items()}
    store.folder("pace")
    client = Web(store, blog.now, user_agent=user_agent(blog.settings), transport=transport, offline=offline)
    return stack.enter_context(client), store, services


def _summary_context(
    blog: Blog, store: Cache, sample_day: date | None, *, offline: bool, asks_anew: bool
) -> SummaryContext:
    settings = blog.settings
    # A server without Claude does not have the default fallback model, which is a Claude model.
    has_fallback = blog.origins["fallbackModel"] != "default" or is_claude(settings.model)
    return SummaryContext(
        client=_client(claude_key(settings, blog.site.hugo.environ), sample_day),
        model=settings.model,
        fallback_model=settings.fallback_model if has_fallback else None,
        effort=settings.effort,  # type: ignore[arg-type]  # checked when the settings were read
        language=blog.language,
        budget=Budget(settings.max_cost),
        cache=store,
        now=blog.now,
        offline=offline,
        run_id=token_hex(8),
        ignores_failures=asks_anew,
        server=server_state(settings.model),
    )


def _client(key: str | None, sample_day: date | None) -> Callable[[], Anthropic]:
    """Return a function that connects on its first call; threads may call it."""
    lock = threading.Lock()

    @cache
    def connected() -> Anthropic:
        from hugo_llmpapers.summaries.client import connect  # imports the SDK

        if sample_day is None:
            return connect(key)
        from hugo_llmpapers.sample.transport import claude as sample_claude

        return connect("sample", sample_claude(sample_day))

    def client() -> Anthropic:
        with lock:
            return connected()

    return client


def _prepare_claude(summary_context: SummaryContext, progress: Callable[[Step], None]) -> None:
    """Load the SDK in the background, and report models without a known price.

    Must be called after all other imports: threads that import overlapping packages can deadlock.
    """

    def load() -> None:
        with suppress(Exception):  # the first call imports it again, and reports the error
            import_module("hugo_llmpapers.summaries.claude")

    threading.Thread(target=load, daemon=True).start()
    for model in dict.fromkeys(filter(None, (summary_context.model, summary_context.fallback_model))):
        if (problem := unknown_price(model)) is not None:
            progress(Step("summary", model, "failed", problem))

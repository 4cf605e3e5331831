"""Puts together what a run needs of the outside: services, PDF workers and who writes the summaries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import date
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hugo_llmpapers.cli.credentials import claude_key, writes_claude
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.services import services_of, user_agent
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Paper, SourceName, Step, Summary
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.model_names import is_claude
from hugo_llmpapers.summaries.prices import Budget, unknown_price
from hugo_llmpapers.temporary import remove_stale_folders
from hugo_llmpapers.web.cache import Cache, prune

if TYPE_CHECKING:
    from anthropic import Anthropic

    from hugo_llmpapers.pipeline.run_context import Summarise
    from hugo_llmpapers.sources.fetch import BoundSource
    from hugo_llmpapers.sources.source import Source
    from hugo_llmpapers.summaries.summarize import SummaryContext
    from hugo_llmpapers.web.request import Service


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
    """Everything open, and closed again at the end.

    `pays`: whether summaries will be written. `sample_day`: the invented day instead of the network. `asks_anew`: whether
    Claude is asked about papers that it was asked about in vain before.
    """
    site, settings = blog.site, blog.settings
    environ = site.hugo.environ
    by_claude = writes_claude(settings, environ, sample=sample_day is not None)
    from hugo_llmpapers.figures.worker.pool import Workers
    from hugo_llmpapers.sources import fetch  # noqa: F401 - so that no import is left for later, see below
    from hugo_llmpapers.summaries.excerpt import excerpt
    from hugo_llmpapers.web.client import Web

    if sample_day is None:
        check_certificates(environ)
    services = services_of(settings, environ)
    budget = Budget(settings.max_cost)
    with ExitStack() as stack:
        store, transport = site.cache, None
        if sample_day is not None:
            from hugo_llmpapers.sample.transport import web as sample_web

            # What the sample answers comes out of the package: a kept answer could be another version's.
            store = Cache(Path(stack.enter_context(TemporaryDirectory(prefix="hugo-llmpapers-"))))
            transport = sample_web(sample_day)
            services = {name: replace(service, min_interval_s=0.0, headers={}) for name, service in services.items()}
        store.folder("pace")
        workers = stack.enter_context(Workers())
        if settings.figures and pays:
            workers.warm()
        web = stack.enter_context(
            Web(store, blog.now, user_agent=user_agent(settings), transport=transport, offline=offline)
        )
        summarise: Summarise = lambda paper, text, *, by_fallback: excerpt(paper)  # noqa: E731, ARG005 - one of two of a kind
        summary_context = None
        if by_claude:
            summary_context = _desk(blog, store, budget, offline=offline, sample_day=sample_day)
            summary_context = replace(summary_context, run_id=token_hex(8), ignores_failures=asks_anew)
            summarise = partial(_summarise, summary_context)
        upstreams = _upstreams(settings, services)
        if by_claude and pays:
            # The SDK takes a second to import: meanwhile the sources can be asked. Only now that all else is imported,
            # as threads that import overlapping packages can end in a deadlock, which Python turns into an error.
            threading.Thread(target=_load_sdk_early, daemon=True).start()
            for model in dict.fromkeys(filter(None, (settings.model, _fallback_model(blog)))):
                if (problem := unknown_price(model)) is not None:
                    progress(Step("summary", model, "failed", problem))
        yield RunContext(
            blog, web, upstreams, services["pdf"], services["oai"], workers, summarise, summary_context, progress
        )
        if workers.unlimited:
            cannot = f"this system cannot limit their {', '.join(workers.unlimited)}, only their time"
            progress(Step("figure", "PDF workers", "failed", cannot))
    if sample_day is None:
        prune(store, time.time())
        remove_stale_folders()


def _load_sdk_early() -> None:
    with suppress(Exception):  # the first call imports it again, and reports the error
        import_module("hugo_llmpapers.summaries.claude")


def _desk(blog: Blog, store: Cache, budget: Budget, *, offline: bool, sample_day: date | None) -> SummaryContext:
    from hugo_llmpapers.summaries.retries import server_state
    from hugo_llmpapers.summaries.summarize import SummaryContext

    settings = blog.settings
    lock, key = threading.Lock(), claude_key(settings, blog.site.hugo.environ)

    @cache
    def client() -> Anthropic:
        from hugo_llmpapers.summaries.client import connect

        if sample_day is None:
            return connect(key)
        from hugo_llmpapers.sample.transport import claude as sample_claude

        return connect("sample", sample_claude(sample_day))

    def one_client() -> Anthropic:
        with lock:
            return client()

    return SummaryContext(
        client=one_client,
        model=settings.model,
        fallback_model=_fallback_model(blog),
        effort=settings.effort,  # type: ignore[arg-type]  # checked when the settings were read
        language=blog.language,
        budget=budget,
        cache=store,
        now=blog.now,
        offline=offline,
        server=server_state(settings.model),
    )


def _fallback_model(blog: Blog) -> str | None:
    """A server that does not have Claude would not have the default, which is Claude's, either."""
    by_default = blog.origins["fallbackModel"] == "default"
    return None if by_default and not is_claude(blog.settings.model) else blog.settings.fallback_model


def _summarise(summary_context: SummaryContext, paper: Paper, text: str | None, *, by_fallback: bool) -> Summary:
    from hugo_llmpapers.summaries.summarize import summarise

    return summarise(paper, text, summary_context, by_fallback=by_fallback)


def _upstreams(settings: Settings, services: Mapping[str, Service]) -> dict[SourceName, BoundSource]:
    from hugo_llmpapers.sources import arxiv, huggingface, semanticscholar
    from hugo_llmpapers.sources.fetch import BoundSource

    modules: dict[SourceName, Source] = {"arxiv": arxiv, "semanticscholar": semanticscholar, "huggingface": huggingface}
    return {name: BoundSource(modules[name], services[name]) for name in modules if name in settings.sources}

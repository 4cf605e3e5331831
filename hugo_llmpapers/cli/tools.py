"""Puts together what a run needs of the outside: services, their keys, the PDF workers and who writes the summaries."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from hugo_llmpapers import __version__
from hugo_llmpapers.cache import Cache, prune
from hugo_llmpapers.cli import options
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.models import Paper, SourceName, Step, Summary
from hugo_llmpapers.prices import PRICES, Purse
from hugo_llmpapers.run import Tools
from hugo_llmpapers.sdk import is_claude
from hugo_llmpapers.settings import Settings
from hugo_llmpapers.site import Blog
from hugo_llmpapers.temporary import clear_up

if TYPE_CHECKING:
    from anthropic import Anthropic

    from hugo_llmpapers.attempt import Service
    from hugo_llmpapers.figures.wish import Failed
    from hugo_llmpapers.gather import Upstream
    from hugo_llmpapers.sources import Source
    from hugo_llmpapers.summaries import Desk
    from hugo_llmpapers.take import Summarise

ARXIV_PAUSE_S = 3.05
"""At most one request in three seconds, one at a time: https://info.arxiv.org/help/api/tou.html; the rest is margin."""
CREDENTIALS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_FEDERATION_RULE_ID")
"""Any of these may let the SDK in; so may a profile in its configuration folder."""
NO_KEY = "none"
"""What a server gets that wants no key, as the SDK sends nothing without one."""


def has_credentials(environ: Mapping[str, str]) -> bool:
    """Whether there is anything that the Claude SDK could use, without importing it."""
    folder = environ.get("ANTHROPIC_CONFIG_DIR") or Path(environ.get("HOME") or Path.home(), ".config", "anthropic")
    profiles = (file for file in Path(folder).rglob("*") if file.is_file())
    return any(environ.get(name, "").strip() for name in CREDENTIALS) or any(profiles)


def wants_no_key(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether the model is one that a server of the owner's has, such as Ollama, and not Claude."""
    url = environ.get("ANTHROPIC_BASE_URL", "").strip()
    return url != "" and "anthropic.com" not in url and not is_claude(settings.model)


def writes_claude(settings: Settings, environ: Mapping[str, str], *, sample: bool) -> bool:
    """Whether Claude, or the model in its place, writes the summaries of this run."""
    if settings.summarizer == "auto":
        return sample or has_credentials(environ) or wants_no_key(settings, environ)
    return settings.summarizer == "claude"


@contextmanager
def tools(
    blog: Blog,
    say: Callable[[Step], None],
    *,
    pays: bool,
    offline: bool,
    sample_day: date | None,
    failed_answers: Cache | None = None,
) -> Iterator[Tools]:
    """Everything open, and closed again at the end.

    `pays`: whether summaries will be written. `sample_day`: the invented day instead of the network. `failed_answers`:
    of a batch.
    """
    site, settings = blog.site, blog.settings
    environ = site.hugo.environ
    by_claude = writes_claude(settings, environ, sample=sample_day is not None)
    from hugo_llmpapers import gather  # noqa: F401 - so that no import is left for later, see below
    from hugo_llmpapers.excerpt import excerpt
    from hugo_llmpapers.figures.worker import Workers
    from hugo_llmpapers.http import Web
    from hugo_llmpapers.sdk import load_sdk
    from hugo_llmpapers.take import Bench

    services = services_of(settings, environ)
    purse = Purse(settings.max_cost)
    with ExitStack() as stack:
        store, transport = Cache(site.cache_dir), None
        if sample_day is not None:
            from hugo_llmpapers.sample.ink import library as drawing_library
            from hugo_llmpapers.sample.transport import web as sample_web

            drawing_library()
            # What the sample answers comes out of the package: a kept answer could be another version's.
            store = Cache(Path(stack.enter_context(TemporaryDirectory(prefix="hugo-llmpapers-"))))
            transport = sample_web(sample_day)
            services = {name: replace(service, pause_s=0.0, headers={}) for name, service in services.items()}
        store.folder("pace")
        workers = stack.enter_context(Workers())
        if settings.figures and pays:
            workers.warm()
        web = stack.enter_context(
            Web(store, blog.moment.now, user_agent=user_agent(settings), transport=transport, offline=offline)
        )
        summarise: Summarise = lambda paper, _text: excerpt(paper)  # noqa: E731 - one of two of a kind
        desk = None
        if by_claude:
            desk = _desk(blog, store, purse, offline=offline, sample_day=sample_day)
            desk = replace(desk, failed_answers=failed_answers)
            summarise = partial(_summarise, desk)
        upstreams = _upstreams(settings, services)
        if by_claude and pays:
            # The SDK takes a second to import: meanwhile the sources can be asked. Only now that all else is imported,
            # as threads that import overlapping packages can end in a deadlock, which Python turns into an error.
            threading.Thread(target=load_sdk, daemon=True).start()
            if settings.model not in PRICES:
                say(Step("summary", settings.model, "failed", "its price is not known: maxCost holds nothing back"))
        bench = Bench(web, services["pdf"], services["oai"], workers, summarise, settings, say)
        yield Tools(upstreams, bench, lambda: purse.spent, desk)
        if workers.memory_limited is False:
            say(Step("figure", "PDF workers", "failed", "this system cannot limit their memory, only their time"))
    if sample_day is None:
        prune(store, time.time())
        clear_up()


def _desk(blog: Blog, store: Cache, purse: Purse, *, offline: bool, sample_day: date | None) -> Desk:
    from hugo_llmpapers.claude import CLAUDE_S, OTHERS_S, Server
    from hugo_llmpapers.sdk import connect
    from hugo_llmpapers.summaries import Desk

    settings = blog.settings
    lock, key = threading.Lock(), claude_key(settings, blog.site.hugo.environ)

    @cache
    def client() -> Anthropic:
        if sample_day is None:
            return connect(key)
        from hugo_llmpapers.sample.transport import claude as sample_claude

        return connect("sample", sample_claude(sample_day))

    def one_client() -> Anthropic:
        with lock:
            return client()

    return Desk(
        client=one_client,
        model=settings.model,
        fallback_model=_fallback_model(blog),
        effort=settings.effort,  # type: ignore[arg-type]  # checked when the settings were read
        language=blog.language,
        purse=purse,
        cache=store,
        moment=blog.moment,
        offline=offline,
        server=Server(CLAUDE_S if is_claude(settings.model) else OTHERS_S),
    )


def claude_key(settings: Settings, environ: Mapping[str, str]) -> str | None:
    """What the SDK is given; None leaves it to what the SDK finds itself. Raises SetupError for what is no key."""
    key = key_of("ANTHROPIC_API_KEY", environ)
    key_of("ANTHROPIC_AUTH_TOKEN", environ, strip=False)  # which the SDK reads by itself, as it is
    if wants_no_key(settings, environ) and not any(environ.get(name, "").strip() for name in CREDENTIALS):
        return NO_KEY  # and not what a profile on the disk holds, which is for Claude
    return key or None


def _fallback_model(blog: Blog) -> str | None:
    """A server that does not have Claude would not have the default, which is Claude's, either."""
    by_default = blog.origins["fallbackModel"] == "default"
    return None if by_default and not is_claude(blog.settings.model) else blog.settings.fallback_model


def _summarise(desk: Desk, paper: Paper, text: str | None) -> Summary:
    from hugo_llmpapers.summaries import summarise

    return summarise(paper, text, desk)


@contextmanager
def downloads(source: Path, folder: Path) -> Iterator[Callable[[str], Path | Failed]]:
    """A way to fetch PDFs by arXiv id: as the site says, or from arXiv itself where there is no site."""
    from hugo_llmpapers.http import Web
    from hugo_llmpapers.pdfs import download

    try:
        blog = options.opened(source, "production", None, None)
        settings, store, moment = blog.settings, Cache(blog.site.cache_dir), blog.moment
    except SetupError:
        settings, store, moment = Settings(), Cache(folder / "cache"), options.now(None)
    service = services_of(settings, {})["pdf"]
    with Web(store, moment.now, user_agent=user_agent(settings)) as web:
        yield lambda wanted: download(wanted, web, service, folder)


def user_agent(settings: Settings) -> str:
    contact = f" ({settings.contact})" if settings.contact else ""
    return f"hugo-llmpapers/{__version__}{contact}"


def services_of(settings: Settings, environ: Mapping[str, str]) -> dict[str, Service]:
    from hugo_llmpapers.attempt import Service

    at = settings.endpoints
    s2_key, hf_token = key_of("S2_API_KEY", environ), key_of("HF_TOKEN", environ)
    arxiv_hosts = ("arxiv.org", "export.arxiv.org")
    return {
        "arxiv": Service(
            "arXiv",
            at.arxiv,
            also_hosts=arxiv_hosts,
            pause_s=ARXIV_PAUSE_S,
            pace="arxiv",
            at_once=1,
            read_s=15.0,
            patience_s=20.0,
        ),
        "oai": Service(
            "arXiv OAI",
            at.arxivoai,
            pause_s=ARXIV_PAUSE_S,
            pace="arxiv",
            at_once=1,
            read_s=8.0,
            total_s=15.0,  # a record is small, and the papers wait for each other
            patience_s=12.0,
        ),
        "pdf": Service(
            "arXiv PDF",
            at.arxivpdf,
            also_hosts=arxiv_hosts,
            at_once=2,
            total_s=45.0,
            max_bytes=60_000_000,
            patience_s=25.0,
        ),
        "semanticscholar": Service(
            "Semantic Scholar",
            at.semanticscholar,
            pause_s=1.0,
            pace="semanticscholar",
            at_once=1,
            patience_s=10.0,
            headers={"x-api-key": s2_key} if s2_key else {},
        ),
        "huggingface": Service(
            "Hugging Face",
            at.huggingface,
            headers={"authorization": f"Bearer {hf_token}"} if hf_token else {},
        ),
    }


def key_of(name: str, environ: Mapping[str, str], *, strip: bool = True) -> str:
    """A key as a header can carry it; empty where there is none. Raises SetupError for one that no header can carry."""
    key = environ.get(name, "")
    key = key.strip() if strip else key
    if not key.isascii() or not key.isprintable():
        raise SetupError(f"{name} holds characters that no key has.", "Copy the key again.")
    return key


def _upstreams(settings: Settings, services: Mapping[str, Service]) -> dict[SourceName, Upstream]:
    from hugo_llmpapers.gather import Upstream
    from hugo_llmpapers.sources import arxiv, huggingface, semanticscholar

    modules: dict[SourceName, Source] = {"arxiv": arxiv, "semanticscholar": semanticscholar, "huggingface": huggingface}
    return {name: Upstream(modules[name], services[name]) for name in modules if name in settings.sources}

"""Requests to all sources in parallel. A source that fails costs its papers, not the post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hugo_llmpapers.errors import Failure, ServicesFailed, Unavailable
from hugo_llmpapers.records import Candidate, Listing, Paper, Skipped, SourceName, Step, paper_count
from hugo_llmpapers.sources.merge import looks_damaged, with_text_of
from hugo_llmpapers.sources.source import Query, Source
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

CITATION_DAYS = 30
"""Minimum window for Semantic Scholar: papers of a shorter one have no citations yet."""


@dataclass(frozen=True, slots=True)
class BoundSource:
    """A source with its service."""

    source: Source
    service: Service


BoundSources = Mapping[SourceName, BoundSource]
Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class SourceResults:
    """The answers of all sources."""

    listings: tuple[Listing, ...]
    answered: tuple[SourceName, ...]
    failed: tuple[Skipped, ...]


@contextmanager
def thread_pool(size: int) -> Iterator[ThreadPoolExecutor]:
    """Wait for the threads at the end, unless the run fails or is interrupted: a hanging call must not delay that."""
    threads = ThreadPoolExecutor(size)
    try:
        yield threads
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        raise
    threads.shutdown()


def fetch_window(query: Query, sources: BoundSources, web: Web, progress: Progress) -> SourceResults:
    """Return the papers of the window. Raises ServicesFailed if no source answers."""

    def fetch(name: SourceName) -> list[Listing]:
        days = max(query.window_days, CITATION_DAYS) if name == "semanticscholar" else query.window_days
        return sources[name].source.fetch(replace(query, window_days=days), web, sources[name].service)

    return _fetch_in_parallel(fetch, sources, progress)


def fetch_by_id(ids: Sequence[str], query: Query, sources: BoundSources, web: Web, progress: Progress) -> SourceResults:
    """Return these papers, without those that no source knows. Raises ServicesFailed if no source answers.

    Hugging Face's lists of the window are read as well: they have the date on which a paper was listed.
    """

    def fetch(name: SourceName) -> list[Listing]:
        bound = sources[name]
        found = []
        if name == "huggingface":
            found = [x for x in bound.source.fetch(query, web, bound.service) if x.arxiv_id in ids]
        known = {x.arxiv_id for x in found}
        return found + bound.source.lookup([i for i in ids if i not in known], web, bound.service)

    return _fetch_in_parallel(fetch, sources, progress)


def candidates_for_ids(
    ids: Sequence[str], papers: Sequence[Paper], results: SourceResults, printed: Mapping[str, str] | None = None
) -> list[Candidate]:
    """Return the papers in the order of the ids. `printed`: the source that an existing post names for each id.

    Raises Failure for a paper that does not exist, ServicesFailed if arXiv did not answer.
    """
    known = {paper.arxiv_id: paper for paper in papers}
    if missing := [i for i in ids if i not in known]:
        if any(failed.subject == "arxiv" for failed in results.failed):
            raise ServicesFailed(f"arXiv did not answer for {', '.join(missing)}.", "Try again later.")
        if "arxiv" not in results.answered:
            raise Failure(f"None of your `sources` knows {', '.join(missing)}.", "Add arxiv to them.")
        raise Failure(f"arXiv has no paper {', '.join(missing)}.", "Check the ids; the post was not written.")
    return [Candidate(known[i], 0.0, (), _source_to_print(known[i], (printed or {}).get(i))) for i in ids]


def with_repaired_texts(
    candidates: Sequence[Candidate], first: int, arxiv: BoundSource | None, web: Web
) -> list[Candidate]:
    """Replace visibly damaged texts of the first candidates by arXiv's own. Sends one request at most."""
    damaged = [
        c.paper.arxiv_id
        for c in candidates[:first]
        if c.paper.listing_from("arxiv") is None and looks_damaged(f"{c.paper.title}\n{c.paper.abstract}")
    ]
    listings = _lookup(damaged, arxiv, web)
    return [
        replace(c, paper=with_text_of(c.paper, listings[c.paper.arxiv_id])) if c.paper.arxiv_id in listings else c
        for c in candidates
    ]


def with_tldrs(
    candidates: Sequence[Candidate], first: int, semantic_scholar: BoundSource | None, web: Web
) -> list[Candidate]:
    """Add Semantic Scholar's one-sentence summaries to the first candidates. Sends one request at most."""
    ids = [c.paper.arxiv_id for c in candidates[:first] if c.paper.tldr is None]
    tldrs = {arxiv_id: x.tldr for arxiv_id, x in _lookup(ids, semantic_scholar, web).items() if x.tldr}
    return [replace(c, paper=replace(c.paper, tldr=tldrs.get(c.paper.arxiv_id, c.paper.tldr))) for c in candidates]


def _lookup(ids: Sequence[str], bound: BoundSource | None, web: Web) -> dict[str | None, Listing]:
    """Return the source's listings by arXiv id; empty if the source is not configured or does not answer."""
    if not ids or bound is None:
        return {}
    try:
        return {x.arxiv_id: x for x in bound.source.lookup(ids, web, bound.service)}
    except Unavailable:
        return {}


def _source_to_print(paper: Paper, printed: str | None) -> SourceName:
    """Return the source that an existing post names, else one by the paper's signals: requested papers are not ranked."""
    if (known := next((x.source for x in paper.listings if x.source == printed), None)) is not None:
        return known
    if paper.listing_from("huggingface") is not None:
        return "huggingface"
    cited = paper.listing_from("semanticscholar")
    return "semanticscholar" if cited is not None and cited.citations else "arxiv"


def _fetch_in_parallel(
    fetch: Callable[[SourceName], list[Listing]], sources: BoundSources, progress: Progress
) -> SourceResults:
    answered: list[SourceName] = []
    listings: list[Listing] = []
    failed: list[Skipped] = []
    with thread_pool(max(1, len(sources))) as threads:
        futures = {name: threads.submit(fetch, name) for name in sources}
        for name, future in futures.items():
            title = sources[name].service.name
            progress(Step("sources", title, "started"))
            try:
                found = future.result()
            except Unavailable as error:
                failed.append(Skipped(name, "source", str(error)))
                progress(Step("sources", title, "failed", error.reason))
                continue
            answered.append(name)
            listings += found
            progress(Step("sources", title, "done", paper_count(len(found))))
    if not answered:
        raise ServicesFailed(
            "No source could be reached: " + "; ".join(x.reason for x in failed) + ".",
            "Check the network, or try again later; the post was not written.",
        )
    return SourceResults(tuple(listings), tuple(answered), tuple(failed))

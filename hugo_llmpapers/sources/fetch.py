"""All sources asked side by side; one that fails costs its papers, not the post."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hugo_llmpapers.errors import Failure, ServicesFailed, Unavailable
from hugo_llmpapers.records import Candidate, Listing, Paper, Skipped, SourceName, Step, paper_count
from hugo_llmpapers.sources.merge import looks_damaged, with_text_of
from hugo_llmpapers.sources.source import Query, Source
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

CITED_WITHIN_DAYS = 30
"""Semantic Scholar's window: a citation needs time, so a shorter one is empty."""


@dataclass(frozen=True, slots=True)
class BoundSource:
    """A source with the service that it asks."""

    source: Source
    service: Service


BoundSources = Mapping[SourceName, BoundSource]
Say = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class SourceResults:
    """What the sources said."""

    listings: tuple[Listing, ...]
    answered: tuple[SourceName, ...]
    failed: tuple[Skipped, ...]


@contextmanager
def pool(size: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that are waited for, unless the run fails or is interrupted: then a hanging call must not hold it up."""
    threads = ThreadPoolExecutor(size)
    try:
        yield threads
    except BaseException:
        threads.shutdown(wait=False, cancel_futures=True)
        raise
    threads.shutdown()


def listed(query: Query, upstreams: BoundSources, web: Web, say: Say) -> SourceResults:
    """The papers of the window. Raises ServicesFailed where no source answers."""

    def ask(name: SourceName) -> list[Listing]:
        days = max(query.window_days, CITED_WITHIN_DAYS) if name == "semanticscholar" else query.window_days
        return upstreams[name].source.fetch(replace(query, window_days=days), web, upstreams[name].service)

    return _side_by_side(ask, upstreams, say)


def named(ids: Sequence[str], query: Query, upstreams: BoundSources, web: Web, say: Say) -> SourceResults:
    """Exactly these papers, as far as the sources know them; a paper that none knows is not in the answer.

    Hugging Face's lists of the window are asked as well, as they tell whether a paper was put before its readers.
    """

    def ask(name: SourceName) -> list[Listing]:
        upstream = upstreams[name]
        found = []
        if name == "huggingface":
            found = [x for x in upstream.source.fetch(query, web, upstream.service) if x.arxiv_id in ids]
        known = {x.arxiv_id for x in found}
        return found + upstream.source.lookup([i for i in ids if i not in known], web, upstream.service)

    return _side_by_side(ask, upstreams, say)


def candidates_for_ids(
    ids: Sequence[str], papers: Sequence[Paper], gathered: SourceResults, printed: Mapping[str, str] | None = None
) -> list[Candidate]:
    """The papers in the order of the ids. `printed`: the sources that a post which is written again names.

    Raises Failure for a paper that does not exist, ServicesFailed where arXiv could not be asked about it.
    """
    known = {paper.arxiv_id: paper for paper in papers}
    if missing := [i for i in ids if i not in known]:
        if any(failed.subject == "arxiv" for failed in gathered.failed):
            raise ServicesFailed(f"arXiv could not be asked about {', '.join(missing)}.", "Try again later.")
        if "arxiv" not in gathered.answered:
            raise Failure(f"None of your `sources` knows {', '.join(missing)}.", "Add arxiv to them.")
        raise Failure(f"arXiv has no paper {', '.join(missing)}.", "Check the ids; the post was not written.")
    return [Candidate(known[i], 0.0, (), _who_speaks(known[i], (printed or {}).get(i))) for i in ids]


def with_repaired_texts(
    candidates: Sequence[Candidate], first: int, arxiv: BoundSource | None, web: Web
) -> list[Candidate]:
    """The first candidates with arXiv's own text where another source's is visibly damaged. One request, or none."""
    damaged = [
        c.paper.arxiv_id
        for c in candidates[:first]
        if c.paper.said_by("arxiv") is None and looks_damaged(f"{c.paper.title}\n{c.paper.abstract}")
    ]
    if not damaged or arxiv is None:
        return list(candidates)
    try:
        told = {x.arxiv_id: x for x in arxiv.source.lookup(damaged, web, arxiv.service)}
    except Unavailable:
        return list(candidates)
    return [
        replace(c, paper=with_text_of(c.paper, told[c.paper.arxiv_id])) if c.paper.arxiv_id in told else c
        for c in candidates
    ]


def with_tldrs(
    candidates: Sequence[Candidate], first: int, semantic_scholar: BoundSource | None, web: Web
) -> list[Candidate]:
    """The first candidates with Semantic Scholar's one sentence where it has one. One request."""
    ids = [c.paper.arxiv_id for c in candidates[:first] if c.paper.tldr is None]
    if not ids or semantic_scholar is None:
        return list(candidates)
    try:
        told = semantic_scholar.source.lookup(ids, web, semantic_scholar.service)
    except Unavailable:
        return list(candidates)
    tldrs = {x.arxiv_id: x.tldr for x in told if x.tldr}
    return [replace(c, paper=replace(c.paper, tldr=tldrs.get(c.paper.arxiv_id, c.paper.tldr))) for c in candidates]


def _who_speaks(paper: Paper, printed: str | None) -> SourceName:
    """For papers that were asked for by name no signal decides: what the post says already, else who knows of it."""
    if (said := next((x.source for x in paper.listings if x.source == printed), None)) is not None:
        return said
    cited = paper.said_by("semanticscholar")
    if paper.said_by("huggingface") is not None:
        return "huggingface"
    return "semanticscholar" if cited is not None and cited.citations else "arxiv"


def _side_by_side(ask: Callable[[SourceName], list[Listing]], upstreams: BoundSources, say: Say) -> SourceResults:
    answered: list[SourceName] = []
    listings: list[Listing] = []
    failed: list[Skipped] = []
    with pool(max(1, len(upstreams))) as threads:
        futures: dict[SourceName, Future[list[Listing]]] = {name: threads.submit(ask, name) for name in upstreams}
        for name, future in futures.items():
            say(Step("sources", upstreams[name].service.name, "started"))
            try:
                found = future.result()
            except Unavailable as error:
                failed.append(Skipped(name, "source", str(error)))
                say(Step("sources", upstreams[name].service.name, "failed", error.reason))
                continue
            answered.append(name)
            listings += found
            say(
                Step(
                    "sources",
                    upstreams[name].service.name,
                    "done",
                    paper_count(len(found)),
                )
            )
    if not answered:
        raise ServicesFailed(
            "No source could be asked: " + "; ".join(x.reason for x in failed) + ".",
            "Check the network, or try again later; the post was not written.",
        )
    return SourceResults(tuple(listings), tuple(answered), tuple(failed))

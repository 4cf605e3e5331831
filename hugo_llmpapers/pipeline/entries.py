"""From candidates to entries: summary and figure of each, all papers in parallel, the next one where one fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence, Sized
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from hugo_llmpapers.errors import ServicesFailed, Unavailable
from hugo_llmpapers.figures.worker.pool import Failed, RenderOptions, Workers
from hugo_llmpapers.records import Candidate, Entry, Figure, Paper, Skipped, Step, Summary
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.sources import arxiv_html, licences
from hugo_llmpapers.sources.fetch import Progress, thread_pool
from hugo_llmpapers.sources.pdf_download import download
from hugo_llmpapers.summaries.api_errors import NoSummary, Unsettled
from hugo_llmpapers.summaries.prices import OverBudget
from hugo_llmpapers.summaries.retries import UNANSWERED_CALLS
from hugo_llmpapers.temporary import temporary_folder
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

TEXT_PAGES = 8
"""Pages whose text goes to Claude with `summaryInput = "pdf"`."""
CANDIDATES_PER_PLACE = 2
"""Times `count` candidates are tried at the most."""
LEAST_CANDIDATES = 4
"""Candidates that are tried where `count` is so small that TRIED would soon be at its end."""
GIVEN_UP_AFTER_PAPERS = 3
"""Papers without a summary, and none with one, after which it is not the papers' fault; `count`, where that is more."""

Summarise = Callable[[Paper, str | None], Summary]
"""Paper and, where it is to be used, the text of its PDF. Raises NoSummary, OverBudget, and Failure in its kinds."""


@dataclass(frozen=True, slots=True)
class EntryContext:
    """What making entries takes."""

    web: Web
    pdfs: Service
    oai: Service
    workers: Workers
    summarise: Summarise
    settings: Settings
    say: Progress
    fallback: Summarise | None = None
    """The same with the fallback model, for papers that `summarise` leaves Unsettled; None where it leaves none so."""
    cancelled: threading.Event = field(default_factory=threading.Event)
    """Set when the run fails: what is still under way then has nothing to say any more."""

    def tell(self, step: Step) -> None:
        """A step of the progress, unless the run has failed."""
        if not self.cancelled.is_set():
            self.say(step)


@dataclass(frozen=True, slots=True)
class BuiltEntries:
    """What became of the candidates."""

    entries: tuple[Entry, ...]
    """In the order of the candidates, at most as many as wanted."""
    skipped: tuple[Skipped, ...]


def max_candidates(count: int) -> int:
    """How many of the first candidates may come to be tried for a post of `count` papers."""
    return max(CANDIDATES_PER_PLACE * count, LEAST_CANDIDATES)


def build_entries(candidates: Sequence[Candidate], count: int, entry_context: EntryContext) -> BuiltEntries:
    """The first `count` candidates that can be summarised. Where they are too few, the fallback model is asked about those
    whose answers failed their checks: the next candidate costs less, and its answer is more likely to pass.

    Raises ServicesFailed where Claude is down, SetupError where key, account or model are unusable.
    """
    first = candidates[: max_candidates(count)]
    taken, unsettled = _taken(first, count, entry_context)
    if entry_context.fallback is None or not unsettled or len(taken.entries) == count:
        return taken
    again = replace(entry_context, summarise=entry_context.fallback, fallback=None)
    more, _ = _taken([c for c in first if c.paper.arxiv_id in unsettled], count - len(taken.entries), again)
    places = {c.paper.arxiv_id: n for n, c in enumerate(first)}
    entries = sorted((*taken.entries, *more.entries), key=lambda entry: places[entry.candidate.paper.arxiv_id])
    settled = {entry.candidate.paper.arxiv_id for entry in more.entries}
    settled |= {skipped.subject for skipped in more.skipped if skipped.stage == "summary"}
    skipped = [one for one in taken.skipped if one.stage != "summary" or one.subject not in settled]
    return BuiltEntries(tuple(entries), (*skipped, *more.skipped))


def _taken(candidates: Sequence[Candidate], count: int, entry_context: EntryContext) -> tuple[BuiltEntries, set[str]]:
    """The same without insisting, and the arXiv ids of the papers that were left Unsettled."""
    waiting, unsettled = list(candidates), set[str]()
    places = {c.paper.arxiv_id: n for n, c in enumerate(waiting)}
    done: dict[int, Entry] = {}
    skipped: list[Skipped] = []
    outages: list[NoSummary] = []
    at_once = count
    settled: dict[str, int] = {}
    """How many papers were done with when each was begun."""
    with (
        temporary_folder() as folder,
        _reporting_failure(entry_context),
        thread_pool(2 * count) as threads,
    ):
        running: dict[Future[tuple[Entry, list[Skipped]]], Candidate] = {}
        while True:
            while (
                waiting
                and len(running) < min(at_once, count - len(done))
                and _is_answering(outages, done, running, skipped)
            ):
                candidate = waiting.pop(0)
                settled[candidate.paper.arxiv_id] = len(done) + len(skipped)
                running[threads.submit(_entry, candidate, entry_context, folder)] = candidate
            if not running:
                break
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                candidate = running.pop(future)
                name = candidate.paper.arxiv_id
                try:
                    entry, lacks = future.result()
                except NoSummary as error:
                    skipped.append(Skipped(name, "summary", str(error), error.trouble))
                    unsettled |= {name} if isinstance(error, Unsettled) else set()
                    outages += [error] if error.is_outage else []
                    if len(skipped) >= max(count, GIVEN_UP_AFTER_PAPERS) and not done:
                        waiting.clear()
                except OverBudget as error:
                    # What the others hold back may come free, or has meanwhile.
                    if running or len(done) + len(skipped) > settled[name]:
                        at_once = max(1, len(running))
                        waiting.insert(0, candidate)
                    else:
                        skipped.append(Skipped(name, "summary", f"maxCost: {error}", "budget"))
                        waiting.clear()
                else:
                    done[places[name]] = entry
                    skipped += lacks
    if len(outages) > len(done):
        remedy = "Try again later: the post was not written, and what is paid for is kept."
        raise ServicesFailed(f"{str(outages[0]).rstrip('.')}.", remedy, trouble=outages[0].trouble)
    return BuiltEntries(tuple(done[n] for n in sorted(done)), tuple(skipped)), unsettled


def text_of(paper: Paper, entry_context: EntryContext, folder: Path) -> str | None:
    """The text of a paper's first pages, as its summary would be made of; None where it cannot be had."""
    path = download(paper.arxiv_id, entry_context.web, entry_context.pdfs, folder)
    text = path if isinstance(path, Failed) else entry_context.workers.text(path, TEXT_PAGES)
    return None if isinstance(text, Failed) else text


def _is_answering(outages: Sequence[NoSummary], done: Sized, running: Sized, skipped: Sized) -> bool:
    """Whether one more paper may be begun: not while Claude fails more often than not, nor where it has become silent.

    After a first silence those under way are waited for, which began at the same time and would be the second; so are they
    while no paper has a summary and one was given up: whether that is the paper's fault is then known.
    """
    if running and skipped and not done:
        return False
    silent = sum(outage.trouble == "timeout" for outage in outages)
    return len(outages) <= len(done) and silent < UNANSWERED_CALLS and not (silent and running)


@contextmanager
def _reporting_failure(entry_context: EntryContext) -> Iterator[None]:
    try:
        yield
    except BaseException:
        entry_context.cancelled.set()
        raise


def _entry(candidate: Candidate, entry_context: EntryContext, folder: Path) -> tuple[Entry, list[Skipped]]:
    paper, settings = candidate.paper, entry_context.settings
    lacks: list[Skipped] = []
    from_pdf = settings.summary_input == "pdf"
    with thread_pool(1) as beside:
        pdf = (
            beside.submit(download, paper.arxiv_id, entry_context.web, entry_context.pdfs, folder)
            if from_pdf or _wants_figure(settings)
            else None
        )
        text = _text(pdf, paper, entry_context, lacks) if pdf is not None and from_pdf else None
        picture = (
            beside.submit(_figure, paper, pdf, entry_context) if pdf is not None and _wants_figure(settings) else None
        )
        summary = _summary(paper, text, entry_context)
        figure, licence, missing = picture.result() if picture is not None else (None, None, [])
    return Entry(candidate, summary, figure, licence), lacks + missing


def _wants_figure(settings: Settings) -> bool:
    return settings.figures and settings.figure_license != "never"


def _summary(paper: Paper, text: str | None, entry_context: EntryContext) -> Summary:
    entry_context.tell(Step("summary", paper.arxiv_id, "started"))
    try:
        summary = entry_context.summarise(paper, text)
    except (NoSummary, OverBudget) as error:
        entry_context.tell(Step("summary", paper.arxiv_id, "failed", str(error)))
        raise
    entry_context.tell(
        Step("summary", paper.arxiv_id, "done", "cached" if summary.cached else summary.model or summary.kind)
    )
    return summary


def _text(pdf: Future[Path | Failed], paper: Paper, entry_context: EntryContext, lacks: list[Skipped]) -> str | None:
    path = pdf.result()
    text = path if isinstance(path, Failed) else entry_context.workers.text(path, TEXT_PAGES)
    if isinstance(text, Failed):
        lacks.append(Skipped(paper.arxiv_id, "pdf", f"summarised from its abstract: {text.reason}"))
        return None
    return text


def _figure(
    paper: Paper, pdf: Future[Path | Failed], entry_context: EntryContext
) -> tuple[Figure | None, str | None, list[Skipped]]:
    """Figure, licence (where it was asked for), and what there is to say."""
    entry_context.tell(Step("figure", paper.arxiv_id, "started"))
    settings = entry_context.settings
    licence = None
    if settings.figure_license == "cc" or settings.figure_credit:
        try:
            licence = licences.licence(paper.arxiv_id, entry_context.web, entry_context.oai)
        except Unavailable as error:
            if settings.figure_license == "cc":
                return None, None, [_without(paper, entry_context, "licence", f"its licence is not known: {error}")]
    if settings.figure_license == "cc" and not licences.allows_reuse(licence):
        return None, licence, [_without(paper, entry_context, "licence", f"its licence does not allow it: {licence}")]
    path = pdf.result()
    found = (
        path
        if isinstance(path, Failed)
        else entry_context.workers.figure(path, RenderOptions(width_px=settings.figure_width))
    )
    if isinstance(found, Failed):
        found = _of_html(paper, entry_context) or found
    if isinstance(found, Failed) and isinstance(path, Path) and settings.figure_fallback == "page":
        found = entry_context.workers.figure(path, RenderOptions(width_px=settings.figure_width, fallback="page"))
    if isinstance(found, Failed):
        return (
            None,
            licence,
            [_without(paper, entry_context, "pdf" if isinstance(path, Failed) else "figure", found.reason)],
        )
    entry_context.tell(Step("figure", paper.arxiv_id, "done", found.label or found.strategy))
    return found, licence, []


def _of_html(paper: Paper, entry_context: EntryContext) -> Figure | None:
    """A figure of arXiv's HTML version: Figure 1, else the first; None where there is none, or it cannot be had."""
    try:
        found = arxiv_html.figures(paper.arxiv_id, entry_context.web, entry_context.pdfs)
        first = next((f for f in found if f.number == "1"), next(iter(found), None))
        content = arxiv_html.image(first, entry_context.web, entry_context.pdfs) if first is not None else b""
    except Unavailable:
        return None
    if first is None:
        return None
    image = entry_context.workers.image(content, RenderOptions(width_px=entry_context.settings.figure_width))
    if isinstance(image, Failed):
        return None
    label = f"Figure {first.number}" if first.number else None
    reason = "the PDF gives none, arXiv's HTML version does"
    return replace(image, label=label, caption=first.caption or None, reason=reason)


def _without(
    paper: Paper, entry_context: EntryContext, stage: Literal["licence", "pdf", "figure"], reason: str
) -> Skipped:
    entry_context.tell(Step("figure", paper.arxiv_id, "failed", reason))
    return Skipped(paper.arxiv_id, stage, f"without a figure: {reason}")

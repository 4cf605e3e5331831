"""From candidates to entries: the summary and the figure of each, papers in parallel, the next candidate if one fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hugo_llmpapers.errors import ServicesFailed
from hugo_llmpapers.figures.worker.pool import Failed
from hugo_llmpapers.pipeline.figure import figure_of
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Candidate, Entry, Paper, Skipped, Step, Summary
from hugo_llmpapers.sources.arxiv_paper import download
from hugo_llmpapers.sources.fetch import thread_pool
from hugo_llmpapers.summaries.budget import OverBudget
from hugo_llmpapers.summaries.no_summary import FallbackUntried, NoSummary
from hugo_llmpapers.summaries.retries import MAX_UNANSWERED
from hugo_llmpapers.temporary import temporary_folder

TEXT_PAGES = 8
"""Pages whose text goes to Claude with `summaryInput = "pdf"`."""
MAX_FAILURES = 3
"""With no summary so far and this many failures, or `count` if that is more, no further paper is tried: it is not their fault."""


@dataclass(frozen=True, slots=True)
class BuiltEntries:
    """What became of the candidates."""

    entries: tuple[Entry, ...]
    """In the order of the candidates, at most as many as requested."""
    skipped: tuple[Skipped, ...]


def max_candidates(count: int) -> int:
    """Return how many of the first candidates may be tried for a post of `count` papers: twice as many, at least 4."""
    return max(2 * count, 4)


def build_entries(candidates: Sequence[Candidate], count: int, context: RunContext) -> BuiltEntries:
    """Return the first `count` candidates that can be summarised.

    The fallback model is called only if these are too few: the next candidate costs less, and its summary is more likely to
    pass its checks. Raises ServicesFailed if Claude is down, SetupError if key, account or model cannot be used.
    """
    if not candidates:
        return BuiltEntries((), ())
    candidates = candidates[: max_candidates(count)]
    first = _Build(candidates, count, context, by_fallback=False)
    built = first.run()
    missing = count - len(built.entries)
    if not first.fallback_untried or not missing:
        return built
    retried = [candidate for candidate in candidates if candidate.paper.arxiv_id in first.fallback_untried]
    more = _Build(retried, missing, context, by_fallback=True).run()
    settled = {entry.candidate.paper.arxiv_id for entry in more.entries}
    settled |= {one.subject for one in more.skipped if one.stage == "summary"}
    skipped = [one for one in built.skipped if one.stage != "summary" or one.subject not in settled]
    entries = sorted((*built.entries, *more.entries), key=lambda entry: candidates.index(entry.candidate))
    return BuiltEntries(tuple(entries), (*skipped, *more.skipped))


class _Build:
    """One pass over the candidates: `count` papers at a time, another one for each that fails."""

    def __init__(self, candidates: Sequence[Candidate], count: int, context: RunContext, *, by_fallback: bool) -> None:
        self.candidates, self.count, self.context, self.by_fallback = candidates, count, context, by_fallback
        self.waiting = list(candidates)
        self.running: dict[Future[tuple[Entry, list[Skipped]]], tuple[Candidate, int]] = {}
        """The candidate of each future, and how many papers were finished when it started."""
        self.parallel = count
        self.entries: list[Entry] = []
        self.skipped: list[Skipped] = []
        self.outages: list[NoSummary] = []
        self.fallback_untried: set[str] = set()
        """arXiv ids of papers for which the fallback model may still be called."""

    def run(self) -> BuiltEntries:
        """Build the entries. Raises ServicesFailed if there are more outages of Claude than summaries."""
        with temporary_folder() as folder, _cancelled_on_error(self.context), thread_pool(2 * self.count) as threads:
            while True:
                while self._may_start():
                    self._start(threads, folder)
                if not self.running:
                    break
                for future in wait(self.running, return_when=FIRST_COMPLETED).done:
                    self._collect(future)
        if len(self.outages) > len(self.entries):
            message = f"{str(self.outages[0]).rstrip('.')}."
            remedy = "The post was not written. Try again later; summaries already paid for are cached."
            raise ServicesFailed(message, remedy, trouble=self.outages[0].trouble)
        self.entries.sort(key=lambda entry: self.candidates.index(entry.candidate))
        return BuiltEntries(tuple(self.entries), tuple(self.skipped))

    @property
    def _finished(self) -> int:
        return len(self.entries) + len(self.skipped)

    def _may_start(self) -> bool:
        """Whether to start another paper: one is needed, and Claude answers.

        While no paper has a summary, one failure stops new starts until the running papers have finished: they show whether
        that failure was the paper's fault. After a timeout, too, the running papers come first.
        """
        if not self.waiting or len(self.running) >= min(self.parallel, self.count - len(self.entries)):
            return False
        if self.running and self.skipped and not self.entries:
            return False
        timeouts = sum(outage.trouble == "timeout" for outage in self.outages)
        if timeouts >= MAX_UNANSWERED or (timeouts and self.running):
            return False
        return len(self.outages) <= len(self.entries)

    def _start(self, threads: ThreadPoolExecutor, folder: Path) -> None:
        candidate = self.waiting.pop(0)
        future = threads.submit(_build_entry, candidate, self.context, folder, by_fallback=self.by_fallback)
        self.running[future] = candidate, self._finished

    def _collect(self, future: Future[tuple[Entry, list[Skipped]]]) -> None:
        candidate, finished_before = self.running.pop(future)
        try:
            entry, skipped = future.result()
        except NoSummary as failure:
            self._add_failure(candidate, failure)
        except OverBudget as failure:
            self._retry_or_stop(candidate, failure, finished_before)
        else:
            self.entries.append(entry)
            self.skipped += skipped

    def _add_failure(self, candidate: Candidate, failure: NoSummary) -> None:
        self.skipped.append(Skipped(candidate.paper.arxiv_id, "summary", str(failure), failure.trouble))
        if isinstance(failure, FallbackUntried):
            self.fallback_untried.add(candidate.paper.arxiv_id)
        if failure.is_outage:
            self.outages.append(failure)
        if not self.entries and len(self.skipped) >= max(self.count, MAX_FAILURES):
            self.waiting.clear()

    def _retry_or_stop(self, candidate: Candidate, failure: OverBudget, finished_before: int) -> None:
        """Try the paper again if other papers may return, or have returned, a part of the budget that they reserved."""
        if self.running or self._finished > finished_before:
            self.parallel = max(1, len(self.running))
            self.waiting.insert(0, candidate)
        else:
            self.skipped.append(Skipped(candidate.paper.arxiv_id, "summary", str(failure), "budget"))
            self.waiting.clear()


@contextmanager
def _cancelled_on_error(context: RunContext) -> Iterator[None]:
    try:
        yield
    except BaseException:
        context.cancelled.set()
        raise


def _build_entry(
    candidate: Candidate, context: RunContext, folder: Path, *, by_fallback: bool
) -> tuple[Entry, list[Skipped]]:
    """Return the entry and what is missing in it. Raises NoSummary, OverBudget, and Failure in its kinds."""
    paper, settings, skipped = candidate.paper, context.blog.settings, list[Skipped]()
    with_text = settings.summary_input == "pdf"
    with_figure = settings.figures and settings.figure_license != "never"
    if not with_text and not with_figure:
        return Entry(candidate, _summarise(paper, None, context, by_fallback=by_fallback), None), skipped
    with thread_pool(1) as thread:
        pdf = thread.submit(download, paper.arxiv_id, context.web, context.pdfs, folder)
        figure = thread.submit(figure_of, paper, pdf, context) if with_figure else None
        text = text_of(pdf.result(), context) if with_text else None
        if isinstance(text, Failed):
            skipped.append(Skipped(paper.arxiv_id, "pdf", f"summarised from its abstract: {text.reason}"))
            text = None
        summary = _summarise(paper, text, context, by_fallback=by_fallback)
        found, licence, without_figure = figure.result() if figure is not None else (None, None, [])
    return Entry(candidate, summary, found, licence), skipped + without_figure


def _summarise(paper: Paper, text: str | None, context: RunContext, *, by_fallback: bool) -> Summary:
    context.report(Step("summary", paper.arxiv_id, "started"))
    try:
        summary = context.summarise(paper, text, by_fallback=by_fallback)
    except (NoSummary, OverBudget) as error:
        context.report(Step("summary", paper.arxiv_id, "failed", str(error)))
        raise
    by = "cached" if summary.cached else summary.model or summary.kind
    context.report(Step("summary", paper.arxiv_id, "done", by))
    return summary


def text_of(pdf: Path | Failed, context: RunContext) -> str | Failed:
    """Return the text of a downloaded paper that its summary is made of."""
    return pdf if isinstance(pdf, Failed) else context.workers.text(pdf, TEXT_PAGES)

"""The figure of a paper: from its PDF or arXiv's HTML version, if its licence allows that."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Literal

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.figures.worker.pool import Failed
from hugo_llmpapers.pipeline.run_context import RunContext
from hugo_llmpapers.records import Figure, Paper, Skipped, Step
from hugo_llmpapers.sources import arxiv_paper

PaperFigure = tuple[Figure | None, str | None, list[Skipped]]
"""The figure of a paper, the URL of the paper's licence if it was needed and is known, and why there is no figure."""


def figure_of(paper: Paper, pdf: Future[Path | Failed], context: RunContext) -> PaperFigure:
    """Return the figure if the paper has one and its licence allows to show it."""
    context.report(Step("figure", paper.arxiv_id, "started"))
    settings, licence = context.blog.settings, None
    needs_cc = settings.figure_license == "cc"
    if needs_cc or settings.figure_credit:
        try:
            licence = arxiv_paper.licence(paper.arxiv_id, context.web, context.oai)
        except Unavailable as error:
            if needs_cc:
                return _no_figure(paper, context, "licence", f"its licence is not known: {error}")
    if needs_cc and not arxiv_paper.allows_reuse(licence):
        return _no_figure(paper, context, "licence", f"its licence does not allow it: {licence}", licence)
    path = pdf.result()
    found = _find_figure(paper, path, context)
    if isinstance(found, Failed):
        return _no_figure(paper, context, "pdf" if isinstance(path, Failed) else "figure", found.reason, licence)
    context.report(Step("figure", paper.arxiv_id, "done", found.label or found.strategy))
    return found, licence, []


def _no_figure(
    paper: Paper,
    context: RunContext,
    stage: Literal["licence", "pdf", "figure"],
    reason: str,
    licence: str | None = None,
) -> PaperFigure:
    context.report(Step("figure", paper.arxiv_id, "failed", reason))
    return None, licence, [Skipped(paper.arxiv_id, stage, f"no figure: {reason}")]


def _find_figure(paper: Paper, pdf: Path | Failed, context: RunContext) -> Figure | Failed:
    """Return a figure of the PDF, else of arXiv's HTML version, else, if the owner wants that, the PDF's first page."""
    settings = context.blog.settings
    found = pdf if isinstance(pdf, Failed) else context.workers.figure(pdf, settings.figure_width)
    if isinstance(found, Failed):
        found = _html_figure(paper, context) or found
    if isinstance(found, Failed) and isinstance(pdf, Path) and settings.figure_fallback == "page":
        found = context.workers.first_page(pdf, settings.figure_width)
    return found


def _html_figure(paper: Paper, context: RunContext) -> Figure | None:
    """Return Figure 1 of arXiv's HTML version, else its first figure; None if there is none."""
    try:
        figures = arxiv_paper.figures(paper.arxiv_id, context.web, context.pdfs)
        if not figures:
            return None
        first = next((figure for figure in figures if figure.number == "1"), figures[0])
        content = arxiv_paper.image(first, context.web, context.pdfs)
    except Unavailable:
        return None
    figure = context.workers.image(content, context.blog.settings.figure_width)
    if isinstance(figure, Failed):
        return None
    label = f"Figure {first.number}" if first.number else None
    reason = "found in arXiv's HTML version, not in the PDF"
    return replace(figure, label=label, caption=first.caption or None, reason=reason)

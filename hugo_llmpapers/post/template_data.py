"""The data that an archetype gets: `llm-papers.json`, documented in the README.

Every text is ready for its place: escaped, and with LaTeX as Unicode, or as formulas if the site shows them. Unescaped texts are
under `raw`; texts that Hugo reserves for itself are broken up there, too.
"""

from __future__ import annotations

from typing import Any

from hugo_llmpapers.records import Entry, Post, SourceName
from hugo_llmpapers.site.details_shortcode import Details
from hugo_llmpapers.site.math import Mathematics, write_text
from hugo_llmpapers.sources import arxiv_id
from hugo_llmpapers.summaries.models import is_claude
from hugo_llmpapers.text import hugo_tokens, latex, markdown

SOURCE_TITLES: dict[SourceName, str] = {
    "arxiv": "arXiv",
    "semanticscholar": "Semantic Scholar",
    "huggingface": "Hugging Face Daily Papers",
}
_LICENCES = {"licenses/": "CC ", "publicdomain/zero/": "CC0 "}


def data(
    post: Post, details: Details, maths: Mathematics | None, image_names: tuple[str, ...], *, credit: bool
) -> dict[str, Any]:
    """Return what `transform.Unmarshal` gives the archetype. `image_names`: the file of each entry's figure, in order."""
    by_claude = any(entry.summary.kind == "claude" for entry in post.entries)
    return {
        "day": post.day.isoformat(),
        "date": post.date,
        "name": post.name,
        "language": post.language,
        "draft": post.draft,
        "sample": post.sample,
        "sources": [SOURCE_TITLES[name] for name in post.sources],
        "summarizer": "claude" if by_claude else "excerpt",
        "writers": _writers(post),
        "details": {"open": details.open, "close": details.close},
        "credit": credit,
        "papers": [_paper(entry, image, maths) for entry, image in zip(post.entries, image_names, strict=True)],
    }


def _writers(post: Post) -> list[str]:
    """Return who wrote the summaries; empty if it was Claude alone."""
    models = {entry.summary.model for entry in post.entries if entry.summary.model is not None}
    others = [markdown.paragraph(model) for model in sorted(models) if not is_claude(model)]
    return [*others, "Claude"] if others and any(map(is_claude, models)) else others


def paragraph(text: str, maths: Mathematics | None) -> str:
    """Return a summary or an abstract as Markdown of the post."""
    return write_text(text, markdown.paragraph, maths)


def _licence_name(url: str) -> str:
    """Return `CC BY 4.0` for a Creative Commons licence, `arXiv` for arXiv's own, else the URL.

    https://info.arxiv.org/help/license/index.html
    """
    for path, prefix in _LICENCES.items():
        _, found, rest = url.partition(f"creativecommons.org/{path}")
        if found:
            return (prefix + " ".join(part.upper() for part in rest.strip("/").split("/"))).strip()
    return "arXiv" if "arxiv.org/licenses/" in url else url


def _paper(entry: Entry, image: str, maths: Mathematics | None) -> dict[str, Any]:
    paper = entry.candidate.paper
    votes, citations = paper.listing_from("huggingface"), paper.listing_from("semanticscholar")
    return {
        "id": paper.arxiv_id,
        "title": write_text(paper.title, markdown.heading, maths),
        "alt": markdown.alt(latex.readable(paper.title)),
        "authors": [markdown.paragraph(latex.readable(name)) for name in paper.authors],
        "published": paper.published.isoformat(),
        "source": entry.candidate.source,
        "url": arxiv_id.abs_url(paper.arxiv_id),
        "summary": paragraph(entry.summary.text, maths),
        "summary_kind": entry.summary.kind,
        "abstract": paragraph(paper.abstract, maths),
        "figure": _figure(entry, image),
        "categories": hugo_tokens.break_tokens_in_json(list(paper.categories)),
        "votes": votes.votes if votes else None,
        "citations": citations.citations if citations else None,
        "code": markdown.link(paper.code_url) if paper.code_url else None,
        "project": markdown.link(paper.project_url) if paper.project_url else None,
        "raw": hugo_tokens.break_tokens_in_json(
            {
                "title": paper.title,
                "authors": list(paper.authors),
                "summary": entry.summary.text,
                "abstract": paper.abstract,
                "comment": paper.comment,
                "tldr": paper.tldr,
            }
        ),
    }


def _figure(entry: Entry, image: str) -> dict[str, Any] | None:
    figure = entry.figure
    if figure is None:
        return None
    paper, page = entry.candidate.paper, "p. 1" if figure.page == 0 else None
    author = paper.authors[0] + (" et al." if len(paper.authors) > 1 else "")
    licence = _licence_name(entry.licence) if entry.licence else None
    credit = filter(None, (figure.label or page, author, f"arXiv:{paper.arxiv_id}", licence))
    return {
        "file": image,
        "width": figure.width_px,
        "height": figure.height_px,
        "label": markdown.paragraph(figure.label) if figure.label else None,
        "caption": markdown.paragraph(figure.caption) if figure.caption else None,
        "page": None if figure.page is None else figure.page + 1,
        "strategy": figure.strategy,
        "license": hugo_tokens.break_tokens_in_json(entry.licence),
        "credit": markdown.paragraph(", ".join(credit)),
    }

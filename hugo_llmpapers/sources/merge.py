"""Merges the listings of all sources into one record per paper, with the best texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from hugo_llmpapers.records import Listing, Paper, Skipped, SourceName

TEXT_ORDER: tuple[SourceName, ...] = ("arxiv", "semanticscholar", "huggingface")
"""Preference for title and abstract: arXiv has the authors' text, Hugging Face strips LaTeX with losses."""
_LATEX_COMMAND = re.compile(r"\\[A-Za-z]+")
_DAMAGE = re.compile(
    r"(?<![\w/:.])ttps?://"  # \href{https://…} without its first letter
    r"|\\\d"  # \$1 million
    r"|(?<=[A-Za-z0-9])(?:times|rightarrow|alpha|beta|tau|nabla|lambda|sim|leq|geq)(?=[A-Z0-9^_])"  # $\times$ without delimiters
    r"|(?<!\\)\b(?:nabla|tau|alpha|beta)\^"
)


def merge(listings: Iterable[Listing]) -> tuple[list[Paper], list[Skipped]]:
    """Return the papers in the order of their first listings, and incomplete ones as Skipped.

    Listings are of one paper if they share the arXiv id, else the DOI, else the normalised title. A paper needs an
    arXiv id, an abstract, an author and a date.
    """
    papers, skipped = [], []
    for group in _groups(listings):
        paper = _paper(group)
        if isinstance(paper, Paper):
            papers.append(paper)
        else:
            name = next((x.arxiv_id for x in group if x.arxiv_id), group[0].title)
            skipped.append(Skipped(name, "merge", f"no {paper}"))
    return papers, skipped


def with_text_of(paper: Paper, listing: Listing) -> Paper:
    """Return the paper with the texts of a listing that was fetched later; other fields stay."""
    others = tuple(x for x in paper.listings if x.source != listing.source)
    merged = _paper((listing, *others))
    return replace(merged, tldr=merged.tldr or paper.tldr) if isinstance(merged, Paper) else paper


def looks_damaged(text: str) -> bool:
    """Return whether a source has visibly damaged the text by stripping LaTeX."""
    return bool(_DAMAGE.search(text)) or text.count("{") != text.count("}")


def title_key(title: str) -> str:
    """Return the title's letters and digits without LaTeX, case and width, to compare titles."""
    plain = unicodedata.normalize("NFKC", _LATEX_COMMAND.sub("", title)).casefold()
    return "".join(c for c in plain if c.isalnum())


def _groups(listings: Iterable[Listing]) -> list[list[Listing]]:
    groups: list[list[Listing]] = []
    known: dict[str, list[Listing]] = {}
    for listing in listings:
        keys = _keys(listing)
        group = next((known[key] for key in keys if key in known), None)
        ids = {x.arxiv_id for x in group or ()} - {None}
        if group is None or (listing.arxiv_id and ids - {listing.arxiv_id}):  # two papers can have the same title
            group = []
            groups.append(group)
        group.append(listing)
        for key in keys:
            known.setdefault(key, group)
    return groups


def _keys(listing: Listing) -> list[str]:
    title = title_key(listing.title)
    keys = [
        f"arxiv:{listing.arxiv_id}" if listing.arxiv_id else "",
        f"doi:{listing.doi.casefold()}" if listing.doi else "",
        # A title of a few letters ("0", "LLMs") is not unique.
        f"title:{title}" if len(title) >= 12 else "",
    ]
    return [key for key in keys if key]


def _paper(group: Iterable[Listing]) -> Paper | str:
    """Return the paper, or what its listings lack."""
    by_source: dict[SourceName, Listing] = {}
    for listing in group:
        by_source.setdefault(listing.source, listing)
    ordered = [by_source[name] for name in TEXT_ORDER if name in by_source]
    text = next((x for x in ordered if x.abstract), None)
    arxiv_id = next((x.arxiv_id for x in ordered if x.arxiv_id), None)
    published = next((x.published for x in ordered if x.published), None)
    authors = next((x.authors for x in ordered if x.authors), ())
    if arxiv_id is None:
        return "arXiv id"
    if text is None or text.abstract is None:
        return "abstract"
    if not authors:
        return "authors"
    if published is None:
        return "date"
    return Paper(
        arxiv_id=arxiv_id,
        title=text.title,
        abstract=text.abstract,
        authors=authors,
        published=published,
        categories=next((x.categories for x in ordered if x.categories), ()),
        listings=tuple(replace(x, arxiv_id=arxiv_id) for x in ordered),
        comment=next((x.comment for x in ordered if x.comment), None),
        tldr=next((x.tldr for x in ordered if x.tldr), None),
        code_url=next((x.code_url for x in ordered if x.code_url), None),
        project_url=next((x.project_url for x in ordered if x.project_url), None),
    )

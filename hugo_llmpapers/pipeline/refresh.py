"""Fill the gaps of a post: excerpts that can now be summaries, figures that were missing.

The section of each paper tells what the post has of it. The post is then rendered as it was generated and as it would be now,
and the difference is applied to the file where its lines are unchanged. Every byte that the owner has edited stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.pipeline.draft import build_post
from hugo_llmpapers.pipeline.entries import build_entries
from hugo_llmpapers.pipeline.request import PostRequest, scan_blog
from hugo_llmpapers.pipeline.run_context import OpenContext, RunContext
from hugo_llmpapers.pipeline.select import select_by_id
from hugo_llmpapers.post import bundle, render, template_data
from hugo_llmpapers.post.patch import apply_changes
from hugo_llmpapers.records import Candidate, Entry, Figure, Post, Skipped, Summary, Usage
from hugo_llmpapers.site import history
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.summaries.excerpt import excerpt

_SENTENCE_END = re.compile(r"(?<=[。！？])|(?<=[.!?])\s+|\n")
_PICTURE = re.compile(r"\]\(paper_(\d+)")
_KINDS: tuple[Literal["claude", "sentences", "tldr"], ...] = ("claude", "sentences", "tldr")
_KEPT = "kept"
_KEPT_FIGURE = Figure(b"", 0, 0, None, None, None, None, "kept")
"""These two stand for what the post has. They are the same in both renderings, so they change nothing."""


@dataclass(frozen=True, slots=True)
class _Renderer:
    """Renders the post with other entries. Its date does not matter, as it is the same in all renderings."""

    post: Post
    blog: Blog
    layout: render.PostLayout
    other_languages: Mapping[str, bytes]

    def render(self, entries: Sequence[Entry]) -> tuple[str, dict[str, bytes]]:
        """Return the text of the page, and the other files of the bundle."""
        files = render.render(replace(self.post, entries=tuple(entries)), self.blog, self.layout, self.other_languages)
        return files.pop(self.blog.site.index_name).decode(), files

    def paragraph(self, text: str) -> str:
        return template_data.paragraph(text, self.layout.maths)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was filled in."""

    path: Path
    summaries: int
    figures: int
    missed: int
    """Places that the owner has edited, and that were left as they are."""
    skipped: tuple[Skipped, ...]
    usage: Usage
    backup: Path | None
    """None if nothing was changed."""


def refresh(request: PostRequest, blog: Blog, open_context: OpenContext) -> Refreshed:
    """Fill what can be filled. Raises Failure if there is no post, and as `new.write` does."""
    existing = scan_blog(request, blog).existing
    if existing is None:
        raise Failure(f"No post for {request.day}.", f"To write it: hugo-llmpapers new {request.day}")
    if not existing.path.name.startswith("index."):
        raise Failure(f"{existing.path} is no page bundle.", "Only posts in a folder of their own can be refreshed.")
    path, folder = existing.path, existing.path.parent
    with bundle.write_lock(blog.site.section_dir), open_context(blog, pays=True) as context:
        text, _ = _read(path)
        sources = [source for source, title in template_data.SOURCE_TITLES.items() if title in text]
        other_languages = bundle.files_to_keep(blog.site, folder.name, bundle.read_files(folder))
        post = build_post(request, blog, (), sources)
        renderer = _Renderer(post, blog, render.post_layout(blog), other_languages)
        ids, printed_sources = history.papers_of(existing), history.printed_sources(existing)
        papers = select_by_id(request, ids, printed_sources, context).candidates
        shown, lost = _shown_entries(papers, text, folder, renderer)
        filled, skipped = _fill(shown, context)
        text, newline = _read(path)  # again, as the owner may have saved it in the meantime
        patch, backup = _Patch(text, 0, 0, {}), None
        if filled != shown:
            patch = _best_patch(text, shown, filled, renderer)
        if patch.text != text:
            backup = bundle.back_up(folder, blog.site.root, blog.now.strftime("%Y%m%dT%H%M%S"))
            page = {path.name: patch.text.replace("\n", newline).encode()}
            bundle.publish(folder, {**bundle.read_files(folder), **patch.pictures, **page}, replacing=folder)
        figures = len(_PICTURE.findall(patch.text)) - len(_PICTURE.findall(text))
        return Refreshed(path, patch.summaries, figures, patch.missed + lost, skipped, context.usage, backup)


def sections(text: str, page: str, marks: Sequence[Sequence[str]]) -> list[str]:
    """Return the part of a post that is about each paper; it is empty if the paper's place is not known.

    A line that the generated page has too, and that has a mark of one paper only, belongs to this paper, as do the lines
    below it. Links that the owner has added to a line of their own do not count.

    marks: texts that tell the papers apart, for each paper.
    """
    owners = dict[str, int]()
    for line in page.splitlines(keepends=True):
        marked = [n for n, texts in enumerate(marks) if any(mark in line for mark in texts)]
        if len(marked) == 1:
            owners[line] = marked[0]
    parts, owner = [""] * len(marks), None
    for line in text.splitlines(keepends=True):
        owner = owners.get(line, owner)
        if owner is not None:
            parts[owner] += line
    return parts


def is_shown(excerpt: str, abstract: str, section: str) -> bool:
    """Return whether the section shows the excerpt on its own, and not only as a part of the folded abstract."""
    lines = [line for line in section.splitlines() if excerpt in line]
    return len(lines) > (1 if excerpt == abstract else sum(abstract in line for line in lines))


def _read(path: Path) -> tuple[str, str]:
    """Return a post's text with plain line ends, and its own line end. Raises Failure."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} cannot be read as UTF-8: {error}.", "Save it as UTF-8. Nothing was changed.") from None
    if text.count("\r\n") == text.count("\n") > 0:
        return text.replace("\r\n", "\n"), "\r\n"
    return text, "\n"


def _marks(candidates: Sequence[Candidate], renderer: _Renderer) -> list[tuple[str, ...]]:
    """Return the texts by which the lines of each paper are recognised."""
    papers = [candidate.paper for candidate in candidates]
    return [(one.arxiv_id, one.title, *map(renderer.paragraph, (one.title, one.abstract))) for one in papers]


def _shown_entries(
    candidates: Sequence[Candidate], text: str, folder: Path, renderer: _Renderer
) -> tuple[list[Entry], int]:
    """Return what the post shows of each paper, and the number of papers whose place is not known.

    It shows our excerpt or a text to keep, a figure to keep or none. A text to keep is of the kind whose rendering shares most
    lines with its section. If the numbers of the pictures are not those of the sections, as the owner has deleted one, no
    figure counts as missing: a new one would take another's name.
    """
    marks, blog = _marks(candidates, renderer), renderer.blog
    parts, variants = list[str](), dict[Summary, list[str]]()
    for kind in _KINDS:
        kept = Summary(_KEPT, kind, blog.settings.model if kind == "claude" else None)
        page, _ = renderer.render([Entry(candidate, kept, _KEPT_FIGURE) for candidate in candidates])
        parts, variants[kept] = sections(text, page, marks), sections(page, page, marks)
    in_step = all(int(number) == n for n, part in enumerate(parts, 1) for number in _PICTURE.findall(part))
    entries, lost = [], 0
    for n, (candidate, part) in enumerate(zip(candidates, parts, strict=True)):
        kept = max(variants, key=lambda one: len({*part.splitlines()} & {*variants[one][n].splitlines()}))
        # Semantic Scholar may have a TL;DR now that it did not have when the post was written.
        excerpts = excerpt(candidate.paper), excerpt(replace(candidate.paper, tldr=None))
        abstract = renderer.paragraph(candidate.paper.abstract)
        in_post = [one for one in excerpts if is_shown(renderer.paragraph(one.text), abstract, text)]
        shown = [one for one in in_post if is_shown(renderer.paragraph(one.text), abstract, part)]
        lost += not part or bool(in_post and not shown)
        has_figure = bool(_PICTURE.search(part)) or not in_step or (folder / blog.site.image_name(n + 1)).exists()
        entries.append(Entry(candidate, next(iter(shown), kept), _KEPT_FIGURE if has_figure or not part else None))
    return entries, lost


def _fill(shown: Sequence[Entry], context: RunContext) -> tuple[list[Entry], tuple[Skipped, ...]]:
    """Return the entries with their gaps filled, and why others stay."""
    by_claude, old = context.summary_context is not None, {entry.candidate: entry for entry in shown}
    excerpts = [entry.candidate for entry in shown if entry.summary.text != _KEPT and by_claude]
    summarised = build_entries(excerpts, len(excerpts), context)
    done = {entry.candidate for entry in summarised.entries}
    # Also for papers that Claude has no summary of: their figure does not depend on it.
    without = [entry.candidate for entry in shown if entry.figure is None and entry.candidate not in done]
    illustrated = build_entries(without, len(without), replace(context, summary_context=None))
    new = old | {entry.candidate: replace(entry, summary=old[entry.candidate].summary) for entry in illustrated.entries}
    new |= {entry.candidate: entry for entry in summarised.entries}
    filled = [
        replace(entry, summary=new[entry.candidate].summary) if entry.figure is not None else new[entry.candidate]
        for entry in shown
    ]
    return filled, summarised.skipped + illustrated.skipped


@dataclass(frozen=True, slots=True)
class _Patch:
    """The text with what was filled in."""

    text: str
    missed: int
    summaries: int
    pictures: Mapping[str, bytes]
    """The new ones that the text shows."""


def _best_patch(text: str, shown: Sequence[Entry], filled: Sequence[Entry], renderer: _Renderer) -> _Patch:
    """Return the patch that misses least, with the texts to keep of the recognised kinds, or else all of one kind.

    The introduction depends on these kinds, and the owner may have edited what tells them.
    """

    def as_kind(entries: Sequence[Entry], kept: Summary) -> list[Entry]:
        return [replace(one, summary=kept) if one.summary.text == _KEPT else one for one in entries]

    patches = [_patch(text, shown, filled, renderer)]
    for kind in _KINDS if patches[0].missed else ():
        kept = Summary(_KEPT, kind, renderer.blog.settings.model if kind == "claude" else None)
        patches.append(_patch(text, as_kind(shown, kept), as_kind(filled, kept), renderer))
    return min(patches, key=lambda patch: patch.missed)


def _patch(text: str, shown: Sequence[Entry], filled: Sequence[Entry], renderer: _Renderer) -> _Patch:
    """Apply to the text what differs between the post as it was generated and as it would be now."""
    old, old_files = renderer.render(shown)

    def apply(entries: Sequence[Entry]) -> _Patch:
        new, files = renderer.render(entries)
        result = apply_changes(text, old, new)
        pictures = {name: png for name, png in files.items() if png and not old_files.get(name) and name in result.text}
        summaries = sum(new.summary != old.summary for new, old in zip(entries, shown, strict=True))
        return _Patch(result.text, result.missed, summaries, pictures)

    def introduction(page: str) -> set[str]:
        parts = sections(page, page, _marks([entry.candidate for entry in shown], renderer))
        return {*filter(None, _SENTENCE_END.split(page[: len(page) - sum(map(len, parts))]))}

    first = apply(filled)
    # What the introduction says of the summaries must be true of those that are in the post.
    is_untrue = any(claim in first.text for claim in introduction(old) - introduction(renderer.render(filled)[0]))
    applied = [
        replace(new, summary=old.summary)
        if is_untrue or renderer.paragraph(new.summary.text) not in first.text
        else new
        for new, old in zip(filled, shown, strict=True)
    ]
    return first if applied == filled else replace(apply(applied), missed=max(first.missed, is_untrue))

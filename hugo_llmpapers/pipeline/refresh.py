"""Fills the holes of a post: excerpts that can now be summaries, figures that were missing.

The post is rendered twice, as it must have been and as it would be now; what differs is carried over into the file where
its lines are untouched. So every byte that a person has changed stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from hugo_llmpapers.errors import Failure
from hugo_llmpapers.pipeline.entries import BuiltEntries, EntryContext, build_entries
from hugo_llmpapers.pipeline.new import LOCK_WAIT_S
from hugo_llmpapers.pipeline.request import PostRequest, post_name, scan_blog
from hugo_llmpapers.pipeline.run_context import OpenContext, RunContext
from hugo_llmpapers.post import bundle, render, shared_files, template_data
from hugo_llmpapers.post.patch import Patched, apply_changes
from hugo_llmpapers.records import Candidate, Entry, Figure, Post, Skipped, Summary, Usage
from hugo_llmpapers.site import history
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources import fetch
from hugo_llmpapers.sources.merge import merge
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.summaries.excerpt import excerpt

_PICTURE = re.compile(r"\]\(paper_(\d+)")
_KEPT = Summary("kept", "claude")
_KINDS_OF_KEPT: tuple[Literal["claude", "sentences", "tldr"], ...] = ("claude", "sentences", "tldr")
_KEPT_FIGURE = Figure(b"", 0, 0, None, None, None, None, "kept")
"""Stand for what the post has already; they are the same in both renderings, so they change nothing."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of the holes."""

    path: Path
    summaries: int
    figures: int
    missed: int
    """Places that a person has altered, and that were left as they are."""
    skipped: tuple[Skipped, ...]
    usage: Usage
    backup: Path | None
    """None where nothing was to be changed."""


def refresh(request: PostRequest, blog: Blog, open_context: OpenContext) -> Refreshed:
    """Fills what can be filled. Raises Failure where there is no post, and as `new.write` does."""
    _, existing = scan_blog(request, blog)
    if existing is None:
        raise Failure(f"There is no post of {request.day}.", "hugo-llmpapers new writes it.")
    if not existing.path.name.startswith("index."):
        raise Failure(f"{existing.path} is no page bundle.", "Only posts in a folder of their own can be refreshed.")
    with bundle.write_lock(blog.site.section_dir, LOCK_WAIT_S), open_context() as context:
        mine, _ = _text(existing.path)
        candidates = _papers(blog, existing, context)
        form = render.post_layout(blog)
        # What pages in other languages show stays theirs.
        beside = shared_files.files_to_keep(
            blog.site, existing.path.parent.name, bundle.read_files(existing.path.parent)
        )
        before = _as_it_is(candidates, mine, existing.path.parent, blog, form)
        after, skipped = _filled(before, context)
        mine, newline = _text(existing.path)  # once more: somebody may have saved it meanwhile
        carried = _carried(request, blog, form, mine, beside, before, after)
        missed = carried.result.missed
        landed = [
            a if _stands(a, carried.result.text, form) else replace(a, summary=b.summary)
            for a, b in _pairs(after, before)
        ]
        if landed != after:
            # What the introduction says of the summaries must be true of those that stand in the post.
            carried = _carried(request, blog, form, mine, beside, before, landed)
        done = Refreshed(
            path=existing.path,
            summaries=sum(a.summary != b.summary for a, b in _pairs(landed, before)),
            figures=len(_PICTURE.findall(carried.result.text)) - len(_PICTURE.findall(mine)),
            missed=missed,
            skipped=skipped,
            usage=context.spent(),
            backup=None,
        )
        if carried.result.text == mine:
            return done
        folder = existing.path.parent
        backup = bundle.back_up(folder, blog.site.root, blog.moment.now.strftime("%Y%m%dT%H%M%S"))
        text = carried.result.text.replace("\n", newline)
        kept = bundle.read_files(folder) | carried.pictures | {existing.path.name: text.encode()}
        bundle.publish(folder, kept, replacing=folder)
    return replace(done, backup=backup)


def _text(path: Path) -> tuple[str, str]:
    """A post's text with plain line ends, and the line end that it has. Raises Failure."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"{path} cannot be read as UTF-8: {error}.", "Look at it; nothing was changed.") from None
    if text.count("\r\n") == text.count("\n") > 0:
        return text.replace("\r\n", "\n"), "\r\n"
    return text, "\n"


@dataclass(frozen=True, slots=True)
class _Carried:
    result: Patched
    pictures: dict[str, bytes]
    """New ones that the text shows."""


def _carried(
    request: PostRequest,
    blog: Blog,
    form: render.PostLayout,
    mine: str,
    beside: Mapping[str, bytes],
    before: Sequence[Entry],
    after: Sequence[Entry],
) -> _Carried:
    """The difference between the two renderings, in the owner's file.

    A text that stays may be Claude's or an excerpt that a person has rewritten; the introduction depends on it. So both
    are tried, and what leaves less undone is what the post was.
    """
    model = blog.settings.model
    tries = []
    for kind in _KINDS_OF_KEPT:
        post = _post(request, blog, _kept_as(before, kind, model), mine)
        old = render.render(post, blog, form, beside)
        new = render.render(replace(post, entries=_kept_as(after, kind, model)), blog, form, beside)
        name = blog.site.index_name
        result = apply_changes(mine, old[name].decode(), new[name].decode())
        shown = {n: png for n, png in new.items() if n != name and png and not old.get(n) and n in result.text}
        tries.append(_Carried(result, shown))
        if not result.missed:
            break
    return min(tries, key=lambda carried: carried.result.missed)


def _kept_as(entries: Sequence[Entry], kind: Literal["claude", "sentences", "tldr"], model: str) -> tuple[Entry, ...]:
    kept = replace(_KEPT, kind=kind, model=model if kind == "claude" else None)
    return tuple(replace(entry, summary=kept) if entry.summary is _KEPT else entry for entry in entries)


def _papers(blog: Blog, existing: history.Page, context: RunContext) -> list[Candidate]:
    settings, ids = blog.settings, history.papers_of(existing)
    query = Query(blog.moment.now, settings.window_days, settings.keywords, settings.categories)
    gathered = fetch.fetch_by_id(ids, query, context.upstreams, context.entry_context.web, context.entry_context.tell)
    papers, _ = merge(gathered.listings)
    return fetch.candidates_for_ids(ids, papers, gathered, history.printed_sources(existing))


def _as_it_is(
    candidates: Sequence[Candidate], mine: str, folder: Path, blog: Blog, form: render.PostLayout
) -> list[Entry]:
    """What the post shows of each paper: our excerpt or some text that stays, a figure that is there or none.

    Where the pictures' numbers are no longer those of the sections, as somebody took one out, no figure counts as missing:
    a new one would take another's place.
    """
    parts = _parts([c.paper.arxiv_id for c in candidates], mine)
    shown = [[int(number) for number in _PICTURE.findall(part)] for part in parts]
    in_step = all(number == n for n, numbers in enumerate(shown, 1) for number in numbers)
    entries = []
    for n, candidate in enumerate(candidates, 1):
        # Semantic Scholar may have a sentence by now that it did not have then.
        guesses = (excerpt(candidate.paper), excerpt(replace(candidate.paper, tldr=None)))
        abstract = template_data.abstract(candidate.paper.abstract, form.maths)
        summary = next(
            (g for g in guesses if is_shown(template_data.summary(g.text, form.maths), abstract, mine)), _KEPT
        )
        has_figure = bool(shown[n - 1]) or not in_step or (folder / blog.site.image_name(n)).exists()
        entries.append(Entry(candidate, summary, _KEPT_FIGURE if has_figure else None))
    return entries


def is_shown(excerpt: str, abstract: str, mine: str) -> bool:
    """Whether the excerpt stands in the post on its own, and not only as a part of the folded abstract."""
    lines = [line for line in mine.splitlines() if excerpt in line]
    return len(lines) > (1 if excerpt == abstract else sum(abstract in line for line in lines))


def _parts(ids: Sequence[str], mine: str) -> list[str]:
    """The text of each paper, from the link to it to the next paper's."""
    starts = [max(0, mine.find(f"arxiv.org/abs/{i}")) for i in ids]
    ends = [min((s for s in starts if s > start), default=len(mine)) for start in starts]
    return [mine[start:end] for start, end in zip(starts, ends, strict=True)]


def _filled(before: Sequence[Entry], context: RunContext) -> tuple[list[Entry], tuple[Skipped, ...]]:
    """The entries with what could be had; a hole that stays one is in the second part with its reason."""
    keep = replace(context.entry_context, summarise=lambda _paper, _text: _KEPT)
    excerpts = [e.candidate for e in before if e.summary is not _KEPT] if context.summary_context is not None else []
    made: dict[str, Entry] = {}
    skipped: tuple[Skipped, ...] = ()

    def fill(candidates: Sequence[Candidate], entry_context: EntryContext) -> None:
        nonlocal skipped
        taken = build_entries(candidates, len(candidates), entry_context) if candidates else BuiltEntries((), ())
        made.update({entry.candidate.paper.arxiv_id: entry for entry in taken.entries})
        skipped += taken.skipped

    fill(excerpts, context.entry_context)
    # Also those for which Claude failed: their figure does not depend on it.
    fill([e.candidate for e in before if e.figure is None and e.candidate.paper.arxiv_id not in made], keep)
    return [_with(entry, made) for entry in before], skipped


def _with(entry: Entry, made: Mapping[str, Entry]) -> Entry:
    new = made.get(entry.candidate.paper.arxiv_id)
    if new is None:
        return entry
    summary = entry.summary if new.summary is _KEPT else new.summary
    if entry.figure is not None:
        return replace(entry, summary=summary)
    return replace(entry, summary=summary, figure=new.figure, licence=new.licence)


def _post(request: PostRequest, blog: Blog, entries: Sequence[Entry], mine: str) -> Post:
    """The post as it was; its date does not matter, being the same both times."""
    named = tuple(source for source, title in template_data.SOURCE_TITLES.items() if title in mine)
    name = post_name(request, blog.settings)
    return Post(request.day, request.day.isoformat(), name, blog.language, tuple(entries), named)


def _stands(entry: Entry, text: str, form: render.PostLayout) -> bool:
    return entry.summary is _KEPT or template_data.summary(entry.summary.text, form.maths) in text


def _pairs(after: Sequence[Entry], before: Sequence[Entry]) -> list[tuple[Entry, Entry]]:
    return list(zip(after, before, strict=True))

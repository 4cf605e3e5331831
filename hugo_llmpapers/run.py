"""How a day becomes a post.

    sources ─► merge ─► drop covered ─► rank ─► take until `count`:  licence, PDF, figure │ summary, checks ─► render ─► write

Everything that can fail comes before the first byte in the site. Whether the post is there already is decided before
anything heavy is imported or anybody is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hugo_llmpapers import bundle, days, history, place, rendering
from hugo_llmpapers.cache import Cache
from hugo_llmpapers.errors import Failure, NothingToPublish, ServicesFailed
from hugo_llmpapers.models import Candidate, Post, Selection, Skipped, Step, Usage
from hugo_llmpapers.orders import Order, look, post_name, standing
from hugo_llmpapers.outcomes import AlreadyThere, Draft, Nothing, Plan, Written
from hugo_llmpapers.prices import told
from hugo_llmpapers.sdk import is_claude, writer
from hugo_llmpapers.settings import Settings
from hugo_llmpapers.site import Blog, Site

if TYPE_CHECKING:
    from hugo_llmpapers.gather import Gathered, Upstreams
    from hugo_llmpapers.summaries import Desk
    from hugo_llmpapers.take import Bench, Taken

LOCK_WAIT_S = 300.0
"""How long a run waits for another one that writes the same folder: about as long as a whole run takes."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What needs the network or another process; made only when it is needed."""

    upstreams: Upstreams
    bench: Bench
    spent: Callable[[], Usage]
    """What Claude took so far in this run."""
    desk: Desk | None
    """What Claude's summaries take; None where they are excerpts."""


OpenTools = Callable[[], AbstractContextManager[Tools]]
Choose = Callable[[Order, Blog, Sequence[history.Page], history.Page | None, Tools], Selection]
"""Gives the papers for a post; the pages are those of the blog, and the post that is written again."""


def exactly(selection: Selection) -> Choose:
    """Papers that are chosen already."""
    return lambda *_: selection


def write(
    order: Order, blog: Blog, open_tools: OpenTools, choose: Choose | None = None
) -> Written | AlreadyThere | Nothing:
    """Writes the day's post unless it is there: of the papers that `choose` gives, else of those that `select` does.

    Raises Failure in its kinds; the site is then as it was.
    """
    from hugo_llmpapers.gather import pool

    if (there := standing(order, blog)) is not None:
        return there
    site = blog.site
    folder = site.section_dir / post_name(order, blog.settings)
    index = folder / site.index_name
    with bundle.writing(site.section_dir, lock_of(site), LOCK_WAIT_S):
        # Wherever another tool put it, or a run for which this one waited.
        known, existing = look(order, blog)
        if existing is not None and not order.force:
            return AlreadyThere(existing.path)
        with open_tools() as tools:
            form = ready(order, blog, existing)
            selection = (choose or select)(order, blog, known, existing, tools)
            if not selection.candidates:
                return Nothing(selection.nothing_because or "", selection)
            with pool(1) as beside:
                pages = beside.submit(place.urls, site)  # a large site's take as long as the summaries
                draft = make(order, blog, form, selection, tools, beside=_kept(folder, site, existing))
        if existing is None and index.exists():
            return AlreadyThere(index)  # its owner has written one meanwhile
        place.check_url(site, draft.post.name, draft.proof.url, pages.result(), existing.path if existing else None)
        old = folder if folder.exists() else None
        backup = None
        if existing is not None:
            old = existing.path.parent if existing.path.name.startswith("index.") else existing.path
            backup = bundle.back_up(old, site.root, blog.moment.now.strftime("%Y%m%dT%H%M%S"))
        bundle.publish(folder, _kept(folder, site, existing) | dict(draft.files), replacing=old)
    return Written(index, draft, backup)


def _kept(folder: Path, site: Site, existing: history.Page | None) -> dict[str, bytes]:
    """What stays in the bundle: that of other languages, or what was put there before there was a post."""
    files = bundle.files_of(folder)
    return {name: content for name, content in files.items() if existing is None or site.is_other_languages(name)}


def plan(order: Order, blog: Blog, open_tools: OpenTools, choose: Choose | None = None) -> Plan:
    """What `write` would do: nothing is written, nothing is paid for, no PDF is fetched. Raises Failure in its kinds."""
    site, settings = blog.site, blog.settings
    known, existing = look(order, blog)
    with open_tools() as tools:
        ready(order, blog, existing)
        selection = (choose or select)(order, blog, known, existing, tools)
        first = selection.candidates if selection.named else selection.candidates[: settings.count]
        papers = [candidate.paper for candidate in first]
        estimate = tools.desk.estimate(papers, with_text=settings.summary_input == "pdf") if tools.desk else Usage()
    path = site.section_dir / post_name(order, settings) / site.index_name
    return Plan(path, existing.path if existing else None, selection, first, estimate)


def preview(order: Order, blog: Blog, open_tools: OpenTools, choose: Choose | None = None) -> Draft | Nothing:
    """The post as `write` would write it, paid for, but not in the site. Raises Failure in its kinds."""
    known, existing = look(order, blog)
    with open_tools() as tools:
        form = ready(order, blog, existing)
        selection = (choose or select)(order, blog, known, existing, tools)
        if not selection.candidates:
            return Nothing(selection.nothing_because or "", selection)
        return make(order, blog, form, selection, tools)


def by_hand(
    order: Order, blog: Blog, tools: Tools, pick: Callable[[Sequence[Candidate], int], Sequence[Candidate]]
) -> Selection:
    """The papers that `pick` takes out of the ranking, given `count`: all of them, or no post. Raises as `select` does."""
    from hugo_llmpapers import gather

    known, existing = look(order, blog)
    ready(order, blog, existing)
    ranked, count, web = select(order, blog, known, existing, tools), blog.settings.count, tools.bench.web
    if not ranked.candidates:
        return ranked
    chosen = pick(ranked.candidates, count)
    # Only the first of the ranking have had their texts seen to.
    late = [candidate for candidate in chosen if candidate not in ranked.candidates[: 2 * count]]
    mended = gather.mended(late, len(late), tools.upstreams.get("arxiv"), web)
    if tools.desk is None:
        mended = gather.told_briefly(mended, len(late), tools.upstreams.get("semanticscholar"), web)
    texts = {candidate.paper.arxiv_id: candidate for candidate in mended}
    candidates = tuple(texts.get(candidate.paper.arxiv_id, candidate) for candidate in chosen)
    return replace(ranked, candidates=candidates, named=True, nothing_because=None)


def select(
    order: Order, blog: Blog, known: Sequence[history.Page], existing: history.Page | None, tools: Tools
) -> Selection:
    """The papers for the post, best first. Raises ServicesFailed where no source answers, Failure for an unknown id."""
    from hugo_llmpapers import gather
    from hugo_llmpapers.merge import merge
    from hugo_llmpapers.rank import rank
    from hugo_llmpapers.sources import Query
    from hugo_llmpapers.topic import topic

    # Over a holiday arXiv may announce some of the invented papers only later in the day.
    now = blog.moment.now + timedelta(days=1) if order.sample else blog.moment.now
    until, settings = days.closes_at(order.day, now, blog.site.zone), blog.settings
    query = Query(until, settings.window_days, settings.keywords, settings.categories)
    web, say = tools.bench.web, tools.bench.say
    model = order.like or (existing if not order.reselect else None)
    ids = order.ids or (history.papers_of(model) if model is not None else ())
    if ids:
        gathered = gather.named(ids, query, tools.upstreams, web, say)
        papers, unusable = merge(gathered.listings)
        _check_sources(order, gathered)
        printed = history.printed_sources(model) if model is not None and not order.ids else {}
        asked = tuple(gather.as_asked(ids, papers, gathered, printed))
        return Selection(asked, gathered.answered, (*gathered.failed, *unusable), named=True)
    gathered = gather.listed(query, tools.upstreams, web, say)
    _check_sources(order, gathered)
    papers, unusable = merge(gathered.listings)
    seen = frozenset[str]() if order.sample else history.covered(known, but=existing)
    fresh = [paper for paper in papers if paper.arxiv_id not in seen]
    covered = [Skipped(p.arxiv_id, "covered", "already in the blog") for p in papers if p.arxiv_id in seen]
    ranking = rank(
        fresh, topic(settings.keywords), topic(settings.exclude), until, settings.window_days, settings.count
    )
    say(Step("rank", "", "done", f"{len(papers)} papers, {len(covered)} covered, {len(ranking.candidates)} on topic"))
    candidates = gather.mended(ranking.candidates, 2 * settings.count, tools.upstreams.get("arxiv"), web)
    if tools.desk is None:
        candidates = gather.told_briefly(candidates, 2 * settings.count, tools.upstreams.get("semanticscholar"), web)
    skipped = (*gathered.failed, *unusable, *covered, *ranking.skipped)
    why = _why_short(order, settings, len(candidates), len(papers), len(covered))
    return Selection(tuple(candidates), gathered.answered, skipped, nothing_because=why)


def make(
    order: Order,
    blog: Blog,
    form: rendering.Form,
    selection: Selection,
    tools: Tools,
    *,
    beside: Mapping[str, bytes] | None = None,
) -> Draft:
    """The post, whole and proved. Raises Failure in its kinds, with a note of what was paid.

    `beside`: what the bundle's folder has of other languages.
    """
    from hugo_llmpapers.take import take

    site, settings = blog.site, blog.settings
    count = len(selection.candidates) if selection.named else settings.count
    try:
        taken = take(selection.candidates, count, tools.bench)
        _check_entries(order, selection, count, taken)
    except Failure as failure:
        if tools.spent().output_tokens:
            took = "was paid for" if is_claude(settings.model) else "took"
            failure.note = f"{writer(settings.model)} {took} {told(tools.spent())}."
        raise
    post = Post(
        day=order.day,
        date=days.written_date(order.day, blog.moment.now, site.zone, local=site.local_zone),
        name=post_name(order, settings),
        language=blog.language,
        entries=taken.entries,
        sources=selection.answered,
        sample=order.sample,
        draft=order.draft,
    )
    tools.bench.say(Step("write", post.name, "started"))
    files, proof = rendering.proved(post, blog, form, beside or {})
    tools.bench.say(Step("write", post.name, "done", "rendered" if proof.missing else "rendered and proved"))
    return Draft(post, files, proof, selection, (*selection.skipped, *taken.skipped), tools.spent())


def ready(order: Order, blog: Blog, existing: history.Page | None) -> rendering.Form:
    """What can be found out before anybody is asked. Raises SetupError where a post could not stand where it would go,
    or Hugo cannot make one here. `existing`: the post that would make room."""
    name = post_name(order, blog.settings)
    place.check(blog.site, name, existing.path if existing else None)
    form = rendering.form_of(blog)
    rendering.render(Post(order.day, order.day.isoformat(), name, blog.language, (), ()), blog, form)
    return form


def lock_of(site: Site) -> Path:
    """Outside the site, where it disturbs neither Hugo nor git."""
    return Cache(site.cache_dir).folder("locks") / f"{identity(site)}.lock"


def identity(site: Site) -> str:
    """Of the folder that posts go to, as a name for files in the cache, which several sites share."""
    from hashlib import sha256

    return sha256(str(site.section_dir.resolve()).encode()).hexdigest()[:16]


def _check_sources(order: Order, gathered: Gathered) -> None:
    if order.strict and gathered.failed:
        raise ServicesFailed(f"{gathered.failed[0].reason}.", "Try again later, or without --strict.")


def _check_entries(order: Order, selection: Selection, count: int, taken: Taken) -> None:
    """A post without a paper is none; one that lacks a paper which was asked for by name is not what was asked for."""
    if len(taken.entries) == count:
        return
    without = [skipped for skipped in taken.skipped if skipped.stage == "summary"]
    reasons = "; ".join(f"{skipped.subject}: {skipped.reason}" for skipped in without)
    troubles = {skipped.trouble for skipped in without}
    trouble = without[0].trouble if len(troubles) == 1 else None
    if selection.named or not taken.entries:
        remedy = 'Nothing was written. Another `model`, or `summarizer = "excerpt"`, may do.'
        if "maxCost" in reasons:
            remedy = "Nothing was written. Raise `maxCost` or --max-cost."
        raise Failure(f"No summary could be had: {reasons}.", remedy, trouble=trouble)
    if order.strict:
        remedy = "Run without --strict to publish what there is."
        said = f"Only {len(taken.entries)} of {count} papers could be summarised: {reasons}."
        raise NothingToPublish(said, remedy, trouble=trouble)


def _why_short(order: Order, settings: Settings, candidates: int, papers: int, covered: int) -> str | None:
    """One line on an empty or short day. Raises NothingToPublish under --strict."""
    if candidates >= settings.count:
        return None
    weekend = "; arXiv and Hugging Face list nothing new over a weekend" if order.day.weekday() >= 5 else ""
    if not papers:
        why = f"no paper was listed in the {settings.window_days} days before {order.day}{weekend}"
    elif candidates == 0 and covered:
        why = f"of {papers} papers in the window the blog has {covered}, the others are off topic{weekend}"
    else:
        why = f"of {papers} papers in the window {covered} are in the blog and {candidates} are left on topic{weekend}"
    if order.strict:
        raise NothingToPublish(f"{why[0].upper()}{why[1:]}.", "Widen windowDays or keywords, or run without --strict.")
    return why

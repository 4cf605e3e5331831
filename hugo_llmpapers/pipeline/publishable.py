"""A post with which the site builds: a paper whose text breaks the build is left out, and the next one takes its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.pipeline.entries import BuiltEntries, EntryContext, build_entries, max_candidates
from hugo_llmpapers.post import culprits, render
from hugo_llmpapers.post.trial_build import TrialBuild
from hugo_llmpapers.records import Candidate, Entry, Post, Skipped
from hugo_llmpapers.site.site import Blog

More = Callable[[int], BuiltEntries]
"""So many others for papers that were left out, as far as there are some. Raises nothing."""


@dataclass(frozen=True, slots=True)
class Publishable:
    """What can be written."""

    post: Post
    files: Mapping[str, bytes]
    proof: TrialBuild
    skipped: tuple[Skipped, ...]
    """The papers that the site does not build with, and what became of others for them."""


def others(candidates: Sequence[Candidate], count: int, taken: BuiltEntries, entry_context: EntryContext) -> More:
    """Takes them out of the candidates that were not tried for `taken`, which was to have `count` papers."""
    seen = {entry.candidate.paper.arxiv_id for entry in taken.entries} | {one.subject for one in taken.skipped}

    def more(missing: int) -> BuiltEntries:
        rest = [one for one in candidates[: max_candidates(count)] if one.paper.arxiv_id not in seen]
        try:
            found = build_entries(rest, missing, entry_context)
        except Failure as failure:
            # The post has other papers, which need not wait.
            found = BuiltEntries((), tuple(Skipped(one.paper.arxiv_id, "summary", failure.message) for one in rest[:1]))
        seen.update(entry.candidate.paper.arxiv_id for entry in found.entries)
        seen.update(one.subject for one in found.skipped)
        return found

    return more


def publishable(
    post: Post, blog: Blog, form: render.PostLayout, beside: Mapping[str, bytes], more: More | None
) -> Publishable:
    """The post, rendered and proved. `more`: None where the papers were asked for by name.

    Raises SetupError if the archetype, the theme or the site is the cause, TemporaryFolderError if it is a disk, and Failure
    if it is a paper that was requested by id.
    """
    skipped: list[Skipped] = []
    while True:
        try:
            files, proof = render.render_and_check(post, blog, form, beside)
            return Publishable(post, files, proof, tuple(skipped))
        except SetupError as failure:
            bad = _to_blame(post, blog, form, beside)
            if not bad:
                raise
            reason = f"the site does not build with it: {failure.message}"
        skipped += [Skipped(entry.candidate.paper.arxiv_id, "render", reason) for entry in bad]
        entries: tuple[Entry, ...] = ()
        if more is not None:
            found = more(len(bad))
            skipped += found.skipped
            entries = (*(entry for entry in post.entries if entry not in bad), *found.entries)
        post = replace(post, entries=entries)
        if not entries:
            said = "; ".join(f"{one.subject}: {one.reason}" for one in skipped)
            raise Failure(f"No post can be made: {said.rstrip('.')}.", "Nothing was written.")


def _to_blame(post: Post, blog: Blog, form: render.PostLayout, beside: Mapping[str, bytes]) -> list[Entry]:
    """The papers without which the post can be made; empty where harmless words in their place do not help, either."""

    def fails(entries: Sequence[Entry], *, whole: bool) -> bool:
        try:
            render.render_and_check(replace(post, entries=tuple(entries)), blog, form, beside, whole_site=whole)
        except SetupError:
            return True
        return False

    harmless = [culprits.harmless(entry) for entry in post.entries]
    # With little around the post the answer comes sooner; some themes need the whole site for one.
    whole = next((whole for whole in (False, True) if not fails(harmless, whole=whole)), None)
    if whole is None:
        return []
    return culprits.find_culprits(post.entries, lambda entries: fails(entries, whole=whole))

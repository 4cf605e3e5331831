"""Posts of ours that are there already: whether the site builds with them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.post import culprits, trial_build, unsafe_posts
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.site import Blog

_SEARCH_S = 180.0
"""Longest search for a post that breaks the build, which takes about 15 builds for a year of posts."""

_OURS = "Remove one after the other; `hugo` says whether it helps."


def building(blog: Blog) -> Iterator[Finding]:
    """What a build of the whole site shows, and which posts of ours it fails at."""
    site = blog.site
    for page, words in unsafe_posts.unsafe_pages(blog):
        yield Finding(
            "post", "words", str(page), "", unsafe_posts.problem(page, words), unsafe_posts.remedy(blog, page)
        )
    try:
        why = trial_build.build_problem(site)
        if why is None:
            yield Finding("post", "build", "yes", "the site builds with all that it has")
            return
    except hugo.TimedOut as late:
        yield Finding("post", "build", None, f"not checked whether the site builds: {late.message.rstrip('.')}")
        return
    try:
        yield from _culprits(blog, why)
    except hugo.TimedOut as late:
        problem = f"The site cannot be built: {why}"
        remedy = f"`hugo` says the same. Which post is at fault was not found: {late.message}"
        yield Finding("post", "build", "no", "", problem, remedy)


def _culprits(blog: Blog, why: str) -> Iterator[Finding]:
    ours, until = unsafe_posts.our_posts(blog), time.monotonic() + _SEARCH_S

    def fails(some: Sequence[Path]) -> bool:
        """With these of our posts."""
        if time.monotonic() > until:
            raise hugo.TimedOut(f"that took more than {_SEARCH_S:.0f} s.")
        return trial_build.build_problem(blog.site, [post for post in ours if post not in some]) is not None

    if not ours or fails([]):
        # `hugo` tells its owner, and a broken page is a finding of its own.
        yield Finding("post", "build", "no", f"the site cannot be built, with or without posts of ours: {why}")
        return
    found = culprits.find_culprits(ours, fails)
    if not found:
        yield Finding(
            "post", "build", "no", "", f"The site builds without posts of ours, and not with them: {why}", _OURS
        )
    for post in found:
        said = trial_build.build_problem(blog.site, [other for other in ours if other != post]) or why
        problem = f"{post}: the site cannot be built with this post: {said}"
        yield Finding("post", "build", "no", "", problem, unsafe_posts.remedy(blog, post))

"""Our existing posts: whether the site can be built with them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.post import culprits, unsafe_posts
from hugo_llmpapers.post.site_builds import build_problem
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.site import Blog

_SEARCH_S = 180.0
"""Time limit for finding a post that breaks the build, which takes about 15 builds for a year of posts."""


def build(blog: Blog) -> Iterator[Finding]:
    """Build the whole site. Yield whether that works, and otherwise which of our posts breaks it."""
    for page, words in unsafe_posts.unsafe_pages(blog):
        problem, remedy = unsafe_posts.problem(page, words), unsafe_posts.remedy(blog, page)
        yield Finding("post", "words", str(page), problem=problem, remedy=remedy)
    try:
        problem_with_all = build_problem(blog.site)
    except hugo.TimedOut as error:
        yield Finding("post", "build", None, f"not checked whether the site builds: {error.message.rstrip('.')}")
        return
    if problem_with_all is None:
        yield Finding("post", "build", "yes", "the whole site builds")
        return
    try:
        yield from _breaking_posts(blog, problem_with_all)
    except hugo.TimedOut as error:
        problem = f"The site cannot be built: {problem_with_all}"
        remedy = f"`hugo` says the same. The post at fault was not found: {error.message}"
        yield Finding("post", "build", "no", problem=problem, remedy=remedy)


def _breaking_posts(blog: Blog, problem_with_all: str) -> Iterator[Finding]:
    """Raises TimedOut."""
    ours, deadline = unsafe_posts.our_posts(blog), time.monotonic() + _SEARCH_S

    def fails(included: Sequence[Path]) -> bool:
        if time.monotonic() > deadline:
            raise hugo.TimedOut(f"the search took more than {_SEARCH_S:.0f} s.")
        return build_problem(blog.site, [post for post in ours if post not in included]) is not None

    if not ours or fails([]):
        # No problem of ours: `hugo` reports it, and a broken page is a finding of its own.
        why = f"the site cannot be built, with or without our posts: {problem_with_all}"
        yield Finding("post", "build", "no", why)
        return
    found = culprits.find_culprits(ours, fails)
    if not found:
        problem = f"The site builds without our posts, but not with them: {problem_with_all}"
        remedy = "Remove one after the other until `hugo` succeeds."
        yield Finding("post", "build", "no", problem=problem, remedy=remedy)
    for post in found:
        problem = build_problem(blog.site, [other for other in ours if other != post]) or problem_with_all
        problem = f"{post}: the site cannot be built with this post: {problem}"
        yield Finding("post", "build", "no", problem=problem, remedy=unsafe_posts.remedy(blog, post))

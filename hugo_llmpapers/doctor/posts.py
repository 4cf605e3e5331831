"""Our existing posts: whether the site can be built with them."""

from __future__ import annotations

from collections.abc import Iterator

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.post import unsafe_posts
from hugo_llmpapers.post.site_builds import build_problem
from hugo_llmpapers.post.trial_build import posts_at_fault
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
    ours = unsafe_posts.our_posts(blog)
    if not ours or build_problem(blog.site, ours) is not None:
        # No problem of ours: `hugo` reports it, and a broken page is a finding of its own.
        why = f"the site cannot be built, with or without our posts: {problem_with_all}"
        yield Finding("post", "build", "no", why)
        return
    found = posts_at_fault(blog.site, ours, problem_with_all, _SEARCH_S)
    if not found:
        problem = f"The site builds without our posts, but not with them: {problem_with_all}"
        remedy = "Remove one after the other until `hugo` succeeds."
        yield Finding("post", "build", "no", problem=problem, remedy=remedy)
    for post, problem in found:
        problem = f"{post}: the site cannot be built with this post: {problem}"
        yield Finding("post", "build", "no", problem=problem, remedy=unsafe_posts.remedy(blog, post))

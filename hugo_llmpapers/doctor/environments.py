"""Differences between the environments of `hugo` (production) and `hugo server` (development) that matter to a post."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.doctor.site import without_passwords
from hugo_llmpapers.errors import Failure, SetupError, split_location
from hugo_llmpapers.site.config.settings import SETTINGS
from hugo_llmpapers.site.open_blog import open_with_problems
from hugo_llmpapers.site.site import Blog

_BUILD_FLAGS = ("buildFuture", "buildDrafts", "buildExpired")
_BUILD_FLAGS_REMEDY = "The preview shows posts that the built site hides; check the built site, too."
_REMEDY = "`new` uses the value for its --environment; set it in config/_default for both."


def differences(blog: Blog, known_problems: Collection[str]) -> Iterator[Finding]:
    """Yield each difference between the blog's environment and the other one; one finding if there is none.

    known_problems: those of the blog's own environment, which are not repeated.
    """
    here = blog.site.hugo.environment
    other = "production" if here == "development" else "development"
    try:
        opened = open_with_problems(replace(blog.site.hugo, environment=other), {}, blog.now)
    except SetupError as failure:
        yield _problem(other, failure)
        return
    new_problems = [failure for failure in opened.problems if failure.message not in known_problems]
    yield from (_problem(other, failure) for failure in new_problems)
    ours, theirs = _facts(blog), _facts(opened.blog)
    for name in (name for name in ours if ours[name] != theirs[name]):
        problem = f"{name} is {_text(ours[name])} in {here} and {_text(theirs[name])} in {other}."
        remedy = _BUILD_FLAGS_REMEDY if name in _BUILD_FLAGS else _REMEDY
        yield Finding("site", f"{other}.{name}", _text(theirs[name]), f"{here}: {_text(ours[name])}", problem, remedy)
    if ours == theirs and not opened.problems:
        yield Finding("site", other, f"like {here}", "in what matters to a post")


def _problem(environment: str, failure: Failure) -> Finding:
    location, message = split_location(failure.message)
    problem = f"{location}In the environment {environment}: {message}"
    return Finding("site", environment, problem=problem, remedy=failure.remedy)


def _facts(blog: Blog) -> dict[str, Any]:
    """Return what matters to a post, by its name in findings."""
    site, folder = blog.site, blog.site.section_dir
    return {
        "folder": str(folder.relative_to(site.root) if folder.is_relative_to(site.root) else folder),
        "languages": ", ".join(site.languages) or site.language,
        "section": site.section,
        "timeZone": str(site.zone or ""),
        "theme": str(site.config.get("theme") or ""),
        **{key: bool(site.config.get(key.lower())) for key in _BUILD_FLAGS},
        **{
            f"params.llmpapers.{name}": without_passwords(getattr(blog.settings, setting.name))
            for name, setting in SETTINGS.items()
        },
    }


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    return str(value) if value not in (None, "") else "not set"

"""What `hugo server` (development) reads otherwise than `hugo` (production), as far as it matters to a post."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from hugo_llmpapers.doctor import Finding
from hugo_llmpapers.doctor.blog import shown
from hugo_llmpapers.errors import Failure, SetupError, split_location
from hugo_llmpapers.site.config.settings import SETTINGS
from hugo_llmpapers.site.site import Blog, open_with_problems

_REMEDIES = {
    "folder": "Set contentDir for both, in config/_default, or the preview lacks the posts.",
    "languages": "Name the languages for both, in config/_default.",
    "section": "Set mainSections or section for both, in config/_default.",
    "timeZone": "Set timeZone for both, in config/_default, or they differ on which day it is.",
    "theme": "Name the theme for both: archetype and shortcodes come out of it.",
}
_SHOWS_MORE = "The preview shows posts that the built site hides; look at the built one, too."


def differences(blog: Blog, told: Collection[str]) -> Iterator[Finding]:
    """One finding for each difference between the blog's environment and the other one; one where there is none.

    `told`: the problems of the blog's own settings, which are not told twice.
    """
    here = blog.site.hugo.environment
    other = "production" if here == "development" else "development"
    try:
        theirs = open_with_problems(replace(blog.site.hugo, environment=other), {}, blog.moment)
    except SetupError as failure:
        yield Finding("site", other, None, "", _there(other, failure), failure.remedy)
        return
    for wrong in theirs.problems:
        if wrong.message not in told:
            yield Finding("site", other, None, "", _there(other, wrong), wrong.remedy)
    ours, found = _facts(blog), bool(theirs.problems)
    for name, value in _facts(theirs.blog).items():
        if value == ours[name]:
            continue
        found = True
        problem = f"{name} is {_told(ours[name])} in {here} and {_told(value)} in {other}."
        remedy = _REMEDIES.get(name, _SHOWS_MORE if name.startswith("build") else "")
        setting = "`new` takes what holds for its --environment; set it in config/_default to have it for all."
        yield Finding(
            "site", f"{other}.{name}", _told(value), f"{here}: {_told(ours[name])}", problem, remedy or setting
        )
    if not found:
        yield Finding("site", other, f"like {here}", "in what matters to a post")


def _there(other: str, failure: Failure) -> str:
    place, what = split_location(failure.message)
    return f"{place}In the environment {other}: {what}"


def _facts(blog: Blog) -> dict[str, Any]:
    site, config = blog.site, blog.site.config
    folder = site.section_dir
    return {
        "folder": str(folder.relative_to(site.root) if folder.is_relative_to(site.root) else folder),
        "languages": ", ".join(site.languages) or site.language,
        "section": site.section,
        "timeZone": str(site.zone or ""),
        "theme": str(config.get("theme") or ""),
        **{key: bool(config.get(key.lower())) for key in ("buildFuture", "buildDrafts", "buildExpired")},
        **{
            f"params.llmpapers.{name}": shown(getattr(blog.settings, setting.name))
            for name, setting in SETTINGS.items()
        },
    }


def _told(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    return str(value) if value not in (None, "") else "not set"

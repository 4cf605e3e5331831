"""`params.llmpapers` of the site, read and checked.

Values come in this order: command line, environment (`HUGO_PARAMS_LLMPAPERS_COUNT`, strings), site configuration,
default. Keys arrive in lower case, as Hugo gives them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from hugo_llmpapers.errors import Failure, SetupError, UsageError, with_location
from hugo_llmpapers.site.config.setting_types import (
    Check,
    Wrong,
    boolean,
    matching,
    one_of,
    optional,
    some_of,
    usd,
    whole,
    words,
)
from hugo_llmpapers.sources.topic import KEYWORDS

_PASSWORD = re.compile(r"//[^/@\s]*@")
ALL_SOURCES = ("arxiv", "semanticscholar", "huggingface")
LONGEST_BUDGET_S = 3600
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Scheme and host of each service."""

    arxiv: str = "https://export.arxiv.org"
    arxivpdf: str = "https://arxiv.org"
    arxivoai: str = "https://oaipmh.arxiv.org"
    semanticscholar: str = "https://api.semanticscholar.org"
    huggingface: str = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the owner wants; None leaves it to the site or to the service."""

    count: int = 5
    languages: tuple[str, ...] = ()
    """BCP 47; empty: the site's default content language."""
    section: str | None = None
    """None: the first of the site's `mainSections`, else `posts`."""
    slug: str = "llm-papers"
    archetype: str = "llm-papers"
    sources: tuple[str, ...] = ALL_SOURCES
    keywords: tuple[str, ...] = KEYWORDS
    categories: tuple[str, ...] = ("cs.CL", "cs.AI", "cs.LG")
    exclude: tuple[str, ...] = ()
    window_days: int = 5
    model: str = "claude-sonnet-5-5"
    fallback_model: str | None = "claude-sonnet-5"
    effort: str | None = None
    summarizer: str = "auto"
    summary_input: str = "abstract"
    max_cost: float = 0.50
    """USD per post."""
    figures: bool = True
    figure_license: str = "any"
    figure_credit: bool = False
    figure_fallback: str = "none"
    figure_width: int = 1280
    """Pixels at most."""
    weekdays: tuple[str, ...] = WEEKDAYS
    catch_up: int = 3
    """Days."""
    time_budget: int = 90
    """Seconds."""
    contact: str | None = None
    cache_dir: str | None = None
    endpoints: Endpoints = field(default_factory=Endpoints)

    @property
    def language(self) -> str | None:
        """Of the post at hand; None: the site's."""
        return next(iter(self.languages), None)


Origin = str
"""Where a value came from, for a person: `--count`, `hugo.toml:12`, `HUGO_PARAMS_LLMPAPERS_COUNT`, `default`."""
Place = tuple[Path, int, int]
"""A file, and line and column from 1."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The settings as far as they can be used."""

    settings: Settings
    origins: Mapping[str, Origin]
    """Where each came from, by its name in the configuration."""
    wrong: tuple[Failure, ...]
    """One for each key that there is not and each value that cannot be used; the default stands in for that."""


def read(
    site: Mapping[str, Any],
    flags: Mapping[str, Any],
    origin: Callable[[str], Origin],
    place: Callable[[str], Place | None] = lambda _: None,
) -> Reading:
    """The settings, each with where it came from; what is wrong names the place and what is allowed.

    `site`: `params.llmpapers` with lower-case keys. `flags`: values from the command line by field name. `origin` tells
    where the site has a key, and `place`, for the editor, where that is in a file.
    """
    wrong: list[Failure] = [
        SetupError(_at(place(key), origin(key), f"params.llmpapers has no setting `{key}`."), _did_you_mean(key))
        for key in sorted(set(site) - {name.lower() for name in NAMES})
    ]
    values: dict[str, Any] = {}
    origins = dict.fromkeys(NAMES, "default")
    for name, (attribute, check) in NAMES.items():
        given = [(origin(name), site[name.lower()])] if name.lower() in site else []
        if flags.get(attribute) is not None:
            given.append((f"--{_FLAGS.get(name, attribute.replace('_', '-'))}", flags[attribute]))
        for where, value in given:
            try:
                values[attribute], origins[name] = check(value), where
            except Wrong as error:
                wrong.append(_refused(name, value, where, place(name), error))
    return Reading(Settings(**values), origins, tuple(wrong))


def _refused(name: str, value: Any, where: Origin, place: Place | None, wrong: Wrong) -> Failure:
    written = _PASSWORD.sub("//…@", json.dumps(value, ensure_ascii=False, default=str))
    problem = f"{name} = {written} cannot be used."
    if where.startswith("--"):
        return UsageError(f"{where}: {problem}", f"{name} takes {wrong}.")
    return SetupError(_at(place, where, problem), f"{name} takes {wrong}.")


def _at(place: Place | None, where: Origin, problem: str) -> str:
    return with_location(*place, problem) if place is not None else f"{where}: {problem}"


def _did_you_mean(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, [name.lower() for name in NAMES], 1)
    exact = next((name for name in NAMES if near and name.lower() == near[0]), None)
    return f"Did you mean `{exact}`?" if exact else f"There are: {', '.join(NAMES)}."


def _languages(value: Any) -> tuple[str, ...]:
    chosen = words(value)
    if not chosen or not all(re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", code) for code in chosen):
        raise Wrong('a language code, such as "ja", or a list of them for translations')
    return chosen


def _category(value: Any) -> tuple[str, ...]:
    chosen = words(value)
    if not all(re.fullmatch(r"[a-z-]+(\.[A-Za-z-]+)?", x) for x in chosen):
        raise Wrong('a list of arXiv categories, such as ["cs.CL"]')
    return chosen


def _keyword(value: Any) -> tuple[str, ...]:
    chosen = words(value)
    if any(not re.search(r"\w", x) or re.search(r"[\"()\\|]", x) for x in chosen):
        raise Wrong("a list of words and phrases without quotes, brackets, | and \\")
    return chosen


def _some_keywords(value: Any) -> tuple[str, ...]:
    chosen = _keyword(value)
    if not chosen:
        raise Wrong("at least one word, as a paper must name one")
    return chosen


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises, too
    except ValueError:
        return False
    return bool(parts.hostname) and re.fullmatch(r"https?://[!-.0-~]+/?", url) is not None


def _endpoints(value: Any) -> Endpoints:
    names = {f.name for f in fields(Endpoints)}
    if not isinstance(value, Mapping) or set(value) - names:
        raise Wrong(f"a table with {', '.join(sorted(names))}")
    for name, url in value.items():
        if not _is_base_url(str(url)):
            raise Wrong(f"base URLs without a path, such as https://export.arxiv.org; {name} is none")
    return Endpoints(**{name: str(url).rstrip("/") for name, url in value.items()})


_NAME = matching(r"[A-Za-z0-9][\w.-]*", "a name of ASCII letters, digits, hyphens, underscores and dots")

NAMES: dict[str, tuple[str, Check]] = {
    "count": ("count", whole(1, 50)),
    "language": ("languages", _languages),
    "section": ("section", matching(r"\w[\w .-]*(/\w[\w .-]*)*", "the name of a content section, such as posts")),
    "slug": ("slug", _NAME),
    "archetype": ("archetype", _NAME),
    "sources": ("sources", some_of(*ALL_SOURCES)),
    "keywords": ("keywords", _some_keywords),
    "categories": ("categories", _category),
    "exclude": ("exclude", _keyword),
    "windowDays": ("window_days", whole(1, 30)),
    "model": ("model", matching(r"\S+", "the name of a Claude model")),
    "fallbackModel": ("fallback_model", optional(matching(r"\S+", 'the name of a Claude model, or "" for none'))),
    "effort": ("effort", optional(one_of("low", "medium", "high", "max"))),
    "summarizer": ("summarizer", one_of("auto", "claude", "excerpt")),
    "summaryInput": ("summary_input", one_of("abstract", "pdf")),
    "maxCost": ("max_cost", usd),
    "figures": ("figures", boolean),
    "figureLicense": ("figure_license", one_of("any", "cc", "never")),
    "figureCredit": ("figure_credit", boolean),
    "figureFallback": ("figure_fallback", one_of("none", "page")),
    "figureWidth": ("figure_width", whole(320, 4000)),
    "weekdays": ("weekdays", some_of(*WEEKDAYS)),
    "catchUp": ("catch_up", whole(0, 30)),
    "timeBudget": ("time_budget", whole(10, LONGEST_BUDGET_S)),
    "contact": ("contact", optional(matching(r"[\x21-\x7e]+", "a mail address or a URL"))),
    "cacheDir": ("cache_dir", optional(matching(r".+", "a folder"))),
    "endpoints": ("endpoints", _endpoints),
}
"""The settings by their name in the configuration: the field, and what it takes."""
THEMES_MAY_SET = frozenset(
    {
        "archetype", "sources", "keywords", "categories", "exclude", "windowDays", "weekdays",
        "figures", "figureLicense", "figureCredit", "figureFallback", "figureWidth",
    }
)  # fmt: skip
"""Settings that cost nothing, and neither read, delete nor send anything of the owner's: a theme's or module's
configuration may set them. All others count only from the site's own files, the environment and the command line."""
_FLAGS = {"language": "language"}
"""Flags that are not called as their field is."""

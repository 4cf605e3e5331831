"""`params.llmpapers` of the site: which settings there are, and how their values are read and checked.

Values are taken in this order: command line, environment (`HUGO_PARAMS_LLMPAPERS_COUNT`, strings), site configuration,
default. Keys arrive in lower case, as Hugo prints them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from hugo_llmpapers.errors import Failure, SetupError, UsageError, with_location
from hugo_llmpapers.site.config import setting_types as check
from hugo_llmpapers.sources.topic import KEYWORDS

ALL_SOURCES = ("arxiv", "semanticscholar", "huggingface")
LONGEST_BUDGET_S = 3600
_PASSWORD = re.compile(r"//[^/@\s]*@")
_CATEGORIES = check.list_matching(r"[a-z-]+(\.[A-Za-z-]+)?", 'a list of arXiv categories, such as ["cs.CL"]')
_KEYWORD = r"(?s)(?=.*\w)[^\"()\\|]*"
_KEYWORDS = "a list of words and phrases without quotes, brackets, | or \\"
_LANGUAGES = check.list_matching(
    r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*",
    'a language code, such as "ja", or a list of them for translations',
    at_least_one=True,
)
_MODEL = check.matching(r"\S+", "the name of a Claude model")
_NAME = check.matching(r"[A-Za-z0-9][\w.-]*", "a name of ASCII letters, digits, hyphens, underscores and dots")
_SECTION = check.matching(r"\w[\w .-]*(/\w[\w .-]*)*", "the name of a content section, such as posts")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Scheme and host of each service."""

    arxiv: str = "https://export.arxiv.org"
    arxivpdf: str = "https://arxiv.org"
    arxivoai: str = "https://oaipmh.arxiv.org"
    semanticscholar: str = "https://api.semanticscholar.org"
    huggingface: str = "https://huggingface.co"


SERVICES = tuple(sorted(f.name for f in fields(Endpoints)))


def _endpoints(value: Any) -> Endpoints:
    if not isinstance(value, Mapping):
        raise check.InvalidValue(f"a table with {', '.join(SERVICES)}")
    known = {name: url for name, url in value.items() if name in SERVICES}  # `read` reports others
    for name, url in known.items():
        if not _is_base_url(str(url)):
            raise check.InvalidValue(f"base URLs without a path, such as https://export.arxiv.org; {name} is not one")
    return Endpoints(**{name: str(url).rstrip("/") for name, url in known.items()})


def _is_base_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises, too
    except ValueError:
        return False
    return bool(parts.hostname) and re.fullmatch(r"https?://[!-.0-~]+/?", url) is not None


def _setting(default: Any, accept: check.Check, *, name: str = "", theme_may_set: bool = False) -> Any:
    """Return a field for a setting.

    `accept` returns a value in the setting's type, or raises InvalidValue. `name`: in the configuration, if it is not the
    field's in camel case. `theme_may_set`: a theme's or module's configuration may set it, as it costs nothing, and
    neither reads, deletes nor sends anything of the owner's.
    """
    return field(default=default, metadata={"check": accept, "name": name, "theme_may_set": theme_may_set})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the owner set, or the defaults; None leaves it to the site or to the service."""

    count: int = _setting(5, check.integer(1, 50))
    languages: tuple[str, ...] = _setting((), _LANGUAGES, name="language")
    """BCP 47; empty: the site's default content language."""
    section: str | None = _setting(None, _SECTION)
    """None: the first of the site's `mainSections`, else `posts`."""
    slug: str = _setting("llm-papers", _NAME)
    archetype: str = _setting("llm-papers", _NAME, theme_may_set=True)
    sources: tuple[str, ...] = _setting(ALL_SOURCES, check.list_of(*ALL_SOURCES), theme_may_set=True)
    keywords: tuple[str, ...] = _setting(
        KEYWORDS, check.list_matching(_KEYWORD, _KEYWORDS, at_least_one=True), theme_may_set=True
    )
    categories: tuple[str, ...] = _setting(("cs.CL", "cs.AI", "cs.LG"), _CATEGORIES, theme_may_set=True)
    exclude: tuple[str, ...] = _setting((), check.list_matching(_KEYWORD, _KEYWORDS), theme_may_set=True)
    window_days: int = _setting(5, check.integer(1, 30), theme_may_set=True)
    model: str = _setting("claude-sonnet-5-5", _MODEL)
    fallback_model: str | None = _setting("claude-sonnet-5", check.optional(_MODEL))
    """None: `""` in the configuration."""
    effort: str | None = _setting(None, check.optional(check.one_of("low", "medium", "high", "max")))
    summarizer: str = _setting("auto", check.one_of("auto", "claude", "excerpt"))
    summary_input: str = _setting("abstract", check.one_of("abstract", "pdf"))
    max_cost: float = _setting(0.50, check.usd)
    """USD per post."""
    figures: bool = _setting(default=True, accept=check.boolean, theme_may_set=True)
    figure_license: str = _setting("any", check.one_of("any", "cc", "never"), theme_may_set=True)
    figure_credit: bool = _setting(default=False, accept=check.boolean, theme_may_set=True)
    figure_fallback: str = _setting("none", check.one_of("none", "page"), theme_may_set=True)
    figure_width: int = _setting(1280, check.integer(320, 4000), theme_may_set=True)
    """Pixels at most."""
    weekdays: tuple[str, ...] = _setting(_WEEKDAYS, check.list_of(*_WEEKDAYS), theme_may_set=True)
    catch_up: int = _setting(3, check.integer(0, 30))
    """Days."""
    time_budget: int = _setting(90, check.integer(10, LONGEST_BUDGET_S))
    """Seconds."""
    contact: str | None = _setting(None, check.optional(check.matching(r"[\x21-\x7e]+", "a mail address or a URL")))
    cache_dir: str | None = _setting(None, check.optional(check.matching(r".+", "a folder")))
    endpoints: Endpoints = _setting(Endpoints(), _endpoints)  # noqa: RUF009 - it is frozen

    @property
    def language(self) -> str | None:
        """The language of the post; None: the site's."""
        return next(iter(self.languages), None)


SETTINGS = {
    f.metadata["name"] or re.sub(r"_(\w)", lambda letter: letter[1].upper(), f.name): f for f in fields(Settings)
}
"""The fields by their names in the configuration."""
THEMES_MAY_SET = frozenset(name for name, f in SETTINGS.items() if f.metadata["theme_may_set"])
"""All others count only from the site's own files, the environment and the command line."""


class SetBy(NamedTuple):
    """What sets a value."""

    label: str
    """For a person: `--count`, `hugo.toml:12`, `HUGO_PARAMS_LLMPAPERS_COUNT`, `a theme or module`."""
    location: tuple[Path, int, int] | None = None
    """A file, and line and column from 1; None if it is not set in a line of a file."""
    spelling: str = ""
    """How that line spells the name of what it sets, which Hugo prints in lower case; empty if that is not known."""

    def message(self, problem: str) -> str:
        """Return a message that names the place, if possible so that editors find it."""
        return with_location(*self.location, problem) if self.location is not None else f"{self.label}: {problem}"


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """The settings as far as they are valid."""

    settings: Settings
    origins: Mapping[str, str]
    """What set each, by its name in the configuration; see `SetBy.label`."""
    problems: tuple[Failure, ...] = ()
    """One for each unknown key and each invalid value, for which the default stands in."""
    ignored: tuple[str, ...] = ()
    """Keys that a theme or module set, which only the site's owner may set: `endpoints.arxiv`."""


def read(site: Mapping[str, Any], flags: Mapping[str, Any], set_by: Callable[[str], SetBy]) -> ReadSettings:
    """Return the settings; what is wrong names the place and what is allowed.

    `site`: `params.llmpapers` with lower-case keys. `flags`: values from the command line by field name, None for those
    that are not given. `set_by` returns what in the site sets a key.
    """
    problems: list[Failure] = list(_unknown(site, set_by))
    values: dict[str, Any] = {}
    origins = dict.fromkeys(SETTINGS, "default")
    for name, setting in SETTINGS.items():
        given: list[tuple[SetBy, Any, type[Failure]]] = []
        if name.lower() in site:
            given.append((set_by(name), site[name.lower()], SetupError))
        if flags.get(setting.name) is not None:
            given.append((SetBy(_flag(name)), flags[setting.name], UsageError))
        for origin, value, failure in given:
            try:
                values[setting.name], origins[name] = setting.metadata["check"](value), origin.label
            except check.InvalidValue as allowed:
                written = _PASSWORD.sub("//…@", json.dumps(value, ensure_ascii=False, default=str))
                problem = origin.message(f"{name} = {written} is invalid.")
                problems.append(failure(problem, f"{name} must be {allowed}."))
    return ReadSettings(Settings(**values), origins, tuple(problems))


def _unknown(site: Mapping[str, Any], set_by: Callable[[str], SetBy]) -> Iterator[SetupError]:
    """Yield a problem for each key that is no setting, and for each service in `endpoints` that is none."""
    for key in sorted(set(site) - {name.lower() for name in SETTINGS}):
        origin = set_by(key)
        problem = origin.message(f"params.llmpapers has no setting `{origin.spelling or key}`.")
        yield SetupError(problem, _did_you_mean(key))
    endpoints = site.get("endpoints")
    for name in sorted(set(endpoints) - set(SERVICES)) if isinstance(endpoints, Mapping) else ():
        origin = set_by(f"endpoints.{name}")
        problem = origin.message(f"`endpoints` has no service `{origin.spelling or name}`.")
        yield SetupError(problem, f"The services are: {', '.join(SERVICES)}.")


def _flag(name: str) -> str:
    return "--" + re.sub(r"[A-Z]", lambda letter: f"-{letter[0].lower()}", name)


def _did_you_mean(key: str) -> str:
    from difflib import get_close_matches

    known = {name.lower(): name for name in SETTINGS}
    near = get_close_matches(key, known, 1)
    if near:
        return f"Did you mean `{known[near[0]]}`?"
    if key.endswith(("key", "token")):
        return "Keys are read from the environment only: export ANTHROPIC_API_KEY."
    return f"The settings are: {', '.join(SETTINGS)}."

"""The site as `new` sees it: its configuration, settings, and the folder for posts.

Also how the environments of `hugo` (production) and `hugo server` (development) differ in what matters to a post.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from hugo_llmpapers.doctor import Finding, Value, from_error
from hugo_llmpapers.doctor.machine import write_error
from hugo_llmpapers.errors import Failure, SetupError, split_location
from hugo_llmpapers.post import bundle
from hugo_llmpapers.site import files, history
from hugo_llmpapers.site.config.config_files import config_files
from hugo_llmpapers.site.config.settings import SETTINGS, Endpoints
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.open_blog import Opened, open_with_problems
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.temporary import temporary_folder

_BUILD_FLAGS = ("buildFuture", "buildDrafts", "buildExpired")
_BUILD_FLAGS_REMEDY = "The preview shows posts that the built site hides; check the built site, too."
_REMEDY = "`new` uses the value for its --environment; set it in config/_default for both."


def open_site(site_hugo: Hugo, now: datetime) -> tuple[Blog | None, bool, list[Finding]]:
    """Return the blog, whether the site's themes and modules could be read, and what is wrong.

    If they are what cannot be read, the blog is read without them. It is None if the configuration cannot be read.
    """
    findings = list[Finding]()
    opened: Opened | None
    try:
        opened = open_with_problems(site_hugo, {}, now)
    except SetupError as failure:
        opened = _open_without_themes(site_hugo, now) if "module" in failure.message else None
        findings.append(from_error("site", "theme" if opened else "configuration", failure))
    with_themes = not findings
    if opened is None:
        return None, with_themes, findings
    return opened.blog, with_themes, findings + [from_error("settings", "settings", one) for one in opened.problems]


def _open_without_themes(site_hugo: Hugo, now: datetime) -> Opened | None:
    """Read the site with an empty theme in place of its own; None if that fails, too. Its Hugo cannot be run again."""
    with temporary_folder() as themes:
        (themes / "empty").mkdir()
        for variables in ({"HUGO_THEME": "empty"}, {"HUGO_MODULE_IMPORTS": json.dumps([{"path": "empty"}])}):
            environ = {**site_hugo.environ, "HUGO_THEMESDIR": str(themes), **variables}
            try:
                return open_with_problems(replace(site_hugo, environ=environ), {}, now)
            except SetupError:
                continue
    return None


def configuration(blog: Blog, *, with_themes: bool) -> Iterator[Finding]:
    """Yield the site's folder, theme, languages, time zone and section."""
    site = blog.site
    names = [path.relative_to(site.root).as_posix() for path in config_files(site.hugo)]
    yield Finding("site", "root", str(site.root), ", ".join(names))
    if with_themes:
        yield Finding("site", "theme", site.themes or None, "theme and module.imports")
    yield Finding("site", "language", blog.language, _language_source(blog))
    if site.languages:
        yield Finding("site", "languages", site.languages, "by file name" if site.by_file_name else "by folder")
    yield _zone(blog)
    yield _section(blog)


def _language_source(blog: Blog) -> str:
    if blog.origins["language"] != "default":
        return blog.origins["language"]
    keys = () if blog.site.languages else ("locale", "languageCode")
    return next((key for key in keys if blog.site.config.get(key.lower())), "defaultContentLanguage")


def _zone(blog: Blog) -> Finding:
    site = blog.site
    if site.zone is not None:
        return Finding("site", "zone", str(site.zone), "timeZone")
    local = blog.now.tzname() or "the machine's"
    if site.config.get("timezone"):
        return Finding("site", "zone", local, "timeZone is Local: the machine's")
    problem = "timeZone is not set, so today's date depends on the machine; build hosts use UTC."
    remedy = 'Set it, for example timeZone = "Asia/Tokyo".'
    return Finding("site", "zone", local, "the machine's, as no timeZone is set", problem, remedy)


def _section(blog: Blog) -> Finding:
    site = blog.site
    if blog.origins["section"] != "default":
        return Finding("site", "section", site.section, blog.origins["section"])
    if site.config.get("mainsections"):
        return Finding("site", "section", site.section, "the first of mainSections")
    why = "the default, as the site sets no mainSections"
    pages = Counter(
        path.relative_to(folder).parts[0]
        for folder in site.language_dirs
        for path in files.list_files(folder, ".md")
        if path.parent != folder and not path.name.startswith("_index.")
    )
    if site.section_dir.exists() or not pages:
        return Finding("site", "section", site.section, why)
    largest = pages.most_common(1)[0][0]
    problem = f"Posts would go to {site.section}, which does not exist yet; most pages of the site are in {largest}."
    return Finding("site", "section", site.section, why, problem, f'Set section = "{largest}" if they belong there.')


def settings(blog: Blog) -> Iterator[Finding]:
    """Yield every setting and where it comes from."""
    for name, setting in SETTINGS.items():
        value = getattr(blog.settings, setting.name)
        yield Finding("settings", name, without_passwords(value), blog.origins[name])


def without_passwords(value: object) -> Value:
    """Return a setting's value; of endpoints only scheme and host, as a URL may contain a password."""
    if isinstance(value, Endpoints):
        urls = ((f.name, urlsplit(getattr(value, f.name))) for f in fields(value))
        return tuple(f"{name}={url.scheme}://{url.netloc.rpartition('@')[2]}" for name, url in urls)
    return value if isinstance(value, str | int | float | bool | tuple) else None


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
    yield from (_problem(other, failure) for failure in opened.problems if failure.message not in known_problems)
    ours, theirs = _facts(blog), _facts(opened.blog)
    for name, its in theirs.items():
        if (our := ours[name]) != its:
            problem = f"{name} is {_text(our)} in {here} and {_text(its)} in {other}."
            remedy = _BUILD_FLAGS_REMEDY if name in _BUILD_FLAGS else _REMEDY
            yield Finding("site", f"{other}.{name}", _text(its), f"{here}: {_text(our)}", problem, remedy)
    if ours == theirs and not opened.problems:
        yield Finding("site", other, f"same as {here}", "for posts")


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


def content(blog: Blog) -> Iterator[Finding]:
    """Yield whether the section can be written to, and how many papers the blog has covered. Raises SetupError if content
    cannot be read."""
    folder = blog.site.section_dir
    error = write_error(folder)
    problem = f"{folder} cannot be written to: {error}." if error else None
    remedy = "Check its owner, its permissions and the disk."
    yield Finding("post", "folder", str(folder), "of the section", problem, remedy, stops=3 if problem else 0)
    if leftovers := bundle.leftovers(folder):
        problem = f"{leftovers[0]} was left by a run that was killed, unless one is under way."
        remedy = "Nothing to do: the next run removes it."
        yield Finding("post", "leftovers", len(leftovers), problem=problem, remedy=remedy)
    pages = [page for page in history.pages(blog.site.content_dirs, blog.site.content_suffixes) if page.papers]
    papers = {paper for page in pages for paper in page.papers}
    where = f"{len(pages)} page{'' if len(pages) == 1 else 's'}"
    yield Finding("post", "covered", len(papers), f"papers linked on {where}; not chosen again")

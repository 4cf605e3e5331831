"""The site as `new` sees it: what Hugo reads, what the owner set, where posts go."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from hugo_llmpapers.doctor import Finding, Value, failed
from hugo_llmpapers.doctor.machine import unwritable
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import bundle
from hugo_llmpapers.site import files, history
from hugo_llmpapers.site.config.config_files import config_files
from hugo_llmpapers.site.config.settings import SETTINGS, Endpoints
from hugo_llmpapers.site.dates import Moment
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.site import Blog, Opened, open_with_problems


@dataclass(frozen=True, slots=True)
class Seen:
    """What could be read of the site."""

    blog: Blog | None
    """None where nothing could."""
    themed: bool
    """Whether its theme and modules could be read, too."""
    findings: tuple[Finding, ...]


def seen(site_hugo: Hugo, moment: Moment, scratch: Path) -> Seen:
    """Reads the site, without its theme and modules if need be. `scratch`: an empty folder that outlives the result."""
    try:
        opened = open_with_problems(site_hugo, {}, moment)
    except SetupError as failure:
        bare = _without_themes(site_hugo, moment, scratch) if "module" in failure.message else None
        told = failed("site", "theme" if bare is not None else "configuration", failure)
        wrong = [failed("settings", "settings", one) for one in bare.problems] if bare is not None else []
        return Seen(bare.blog if bare is not None else None, themed=False, findings=(told, *wrong))
    wrong = [failed("settings", "settings", failure) for failure in opened.problems]
    return Seen(opened.blog, themed=True, findings=tuple(wrong))


def _without_themes(site_hugo: Hugo, moment: Moment, scratch: Path) -> Opened | None:
    """The site with an empty theme in the place of its own ones; None where that does not help."""
    (scratch / "empty").mkdir()
    for variables in ({"HUGO_THEME": "empty"}, {"HUGO_MODULE_IMPORTS": json.dumps([{"path": "empty"}])}):
        environ = {**site_hugo.environ, "HUGO_THEMESDIR": str(scratch), **variables}
        try:
            return open_with_problems(replace(site_hugo, environ=environ), {}, moment)
        except SetupError:
            continue
    return None


def shape(blog: Blog, *, themed: bool) -> Iterator[Finding]:
    """Where the site is, its language, zone and section. `themed`: whether its own theme is in force."""
    site = blog.site
    named = [path.relative_to(site.root).as_posix() for path in config_files(site.root, site.hugo)]
    yield Finding("site", "root", str(site.root), ", ".join(named))
    if themed:
        yield Finding("site", "theme", _themes(site.config) or None, "theme and module.imports")
    yield Finding("site", "language", blog.language, _language_from(blog))
    if site.languages:
        yield Finding("site", "languages", site.languages, "by file name" if site.by_file_name else "by folder")
    yield _zone(blog)
    yield _section(blog)


def _language_from(blog: Blog) -> str:
    if blog.origins["language"] != "default":
        return blog.origins["language"]
    told = () if blog.site.languages else ("locale", "languagecode")
    named = next((key for key in told if blog.site.config.get(key)), "defaultcontentlanguage")
    return {"locale": "locale", "languagecode": "languageCode"}.get(named, "defaultContentLanguage")


def _themes(config: Mapping[str, object]) -> tuple[str, ...]:
    theme, module = config.get("theme") or (), config.get("module")
    imports = (module.get("imports") or ()) if isinstance(module, Mapping) else ()
    named = [theme] if isinstance(theme, str) else list(theme) if isinstance(theme, list | tuple) else []
    return tuple(dict.fromkeys(map(str, (*named, *(one.get("path", "") for one in imports)))))


def _zone(blog: Blog) -> Finding:
    site = blog.site
    if site.zone is not None:
        return Finding("site", "zone", str(site.zone), "timeZone")
    here = blog.moment.now.tzname() or "the machine's"
    if site.config.get("timezone"):
        return Finding("site", "zone", here, "timeZone is Local: the machine's")
    problem = "The site sets no timeZone: which day is today depends on the machine, and build hosts run in UTC."
    remedy = 'Set it, such as timeZone = "Asia/Tokyo".'
    return Finding("site", "zone", here, "the machine's, as no timeZone is set", problem, remedy)


def _section(blog: Blog) -> Finding:
    site = blog.site
    if blog.origins["section"] != "default":
        return Finding("site", "section", site.section, blog.origins["section"])
    if site.config.get("mainsections"):
        return Finding("site", "section", site.section, "the first of mainSections")
    why = "the default, as the site names no mainSections"
    pages = Counter(
        path.relative_to(folder).parts[0]
        for folder in site.language_dirs
        for path in files.list_files(folder, ".md")
        if path.parent != folder and not path.name.startswith("_index.")
    )
    fullest, count = next(iter(pages.most_common(1)), ("", 0))
    if site.section_dir.exists() or not count:
        return Finding("site", "section", site.section, why)
    problem = f"Posts would go to {site.section}, which is not there yet; most pages of the site are in {fullest}."
    return Finding("site", "section", site.section, why, problem, f'Set section = "{fullest}" if they belong there.')


def settings(blog: Blog) -> Iterator[Finding]:
    """Every setting with where it came from."""
    for name, setting in SETTINGS.items():
        value = getattr(blog.settings, setting.name)
        yield Finding("settings", name, shown(value), blog.origins[name])


def shown(value: object) -> Value:
    """A setting's value, without the passwords that a URL may hold."""
    if isinstance(value, Endpoints):
        hosts = ((f.name, urlsplit(getattr(value, f.name))) for f in fields(value))
        return tuple(f"{name}={parts.scheme}://{parts.netloc.rpartition('@')[2]}" for name, parts in hosts)
    if isinstance(value, str | int | float | bool | tuple):
        return value
    return None


def content(blog: Blog) -> Iterator[Finding]:
    """What is there already, and whether more can be put there. Raises SetupError for content that cannot be read."""
    folder = blog.site.section_dir
    refused = unwritable(folder)
    problem = f"{folder} cannot be written to: {refused}." if refused else None
    remedy = "Check its owner, its permissions and the disk."
    yield Finding("post", "folder", str(folder), "of the section", problem, remedy, stops=3 if problem else 0)
    if left := bundle.leftovers(folder):
        problem = f"{left[0]} was left by a run that was killed, unless one is under way."
        yield Finding("post", "leftovers", len(left), "", problem, "Nothing to do: the next run clears it up.")
    pages = [page for page in history.pages(blog.site.content_dirs, blog.site.content_suffixes) if page.papers]
    papers = {paper for page in pages for paper in page.papers}
    yield Finding("post", "covered", len(papers), f"papers, on {len(pages)} pages, that are not taken again")

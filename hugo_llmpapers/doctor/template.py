"""The look of a post: archetype, folded abstract, mathematics; filled with invented papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hugo_llmpapers.doctor import Finding, failed
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.pipeline.request import PostRequest, post_name
from hugo_llmpapers.post import archetype, render
from hugo_llmpapers.post.archetype import Archetype
from hugo_llmpapers.records import Entry, Post
from hugo_llmpapers.site import dates, hugo
from hugo_llmpapers.site.config.settings import ALL_SOURCES
from hugo_llmpapers.site.details_shortcode import HEADING, HTML, Details, details, find_template
from hugo_llmpapers.site.hugo_versions import EMBEDDED_DETAILS
from hugo_llmpapers.site.math import Mathematics, detect_mathematics
from hugo_llmpapers.site.modules import check_for_pipes
from hugo_llmpapers.site.site import Blog


@dataclass(frozen=True, slots=True)
class Made:
    """The post of a day as this site would have it, with other papers."""

    post: Post
    form: render.PostLayout | None
    """None where the archetype gives no post."""
    findings: tuple[Finding, ...]


def made(blog: Blog, day: date, entries: Sequence[Entry]) -> Made:
    """Fills the archetype in force with these papers."""
    modules = hugo.modules(blog.site.hugo)
    module_dirs, own = [module.folder for module in modules], find_template(modules, blog.site.language)
    embedded = hugo.version(blog.site.hugo) >= EMBEDDED_DETAILS
    fold = details(own, blog.site.config, embedded=embedded)
    post = Post(
        day=day,
        date=dates.written_date(day, blog.moment.now, blog.site.zone, local=blog.site.local_zone),
        name=post_name(PostRequest(day), blog.settings),
        language=blog.language,
        entries=tuple(entries),
        sources=tuple(name for name in ALL_SOURCES if name in blog.settings.sources),  # type: ignore[misc]
    )
    form, about, maths = None, Finding("template", "archetype"), None
    try:
        check_for_pipes(modules, blog.site.content_dirs)
        found = archetype.find(blog.site, blog.settings.archetype, module_dirs)
        about = Finding("template", "archetype", str(found.path), _whose(found, blog, module_dirs))
        words = archetype.read_text(found)
        maths = detect_mathematics(blog.site.config, module_dirs, words)
        tried = render.PostLayout(found, fold, maths)
        render.render(post, blog, tried)
        form = tried
    except SetupError as failure:
        about = failed("template", "archetype", failure, about.value)
    return Made(post, form, (about, _fold(fold, own), _maths(maths)))


def _whose(found: Archetype, blog: Blog, module_dirs: Sequence[Path]) -> str:
    # Themes lie inside the site, so the innermost of the folders is the one.
    home = max((f for f in module_dirs if found.path.is_relative_to(f)), key=lambda f: len(f.parts), default=None)
    if home is None and found.path.is_relative_to(blog.site.root):
        home = blog.site.root
    if home is None:
        return "ours, as neither the site nor its theme has one"
    return "the site's own" if home == blog.site.root else f"of {home.name}"


def _fold(fold: Details, own: Path | None) -> Finding:
    called = fold.open.replace("%[1]s", "…").replace("%s", "…").strip().replace("\n", " ")
    if own is not None:
        return Finding("template", "details", called, f"as {own} reads it")
    if fold == HEADING:
        problem = "The site has no `details` shortcode and allows no HTML: abstracts stand open under a heading."
        remedy = "Put a details.html into layouts/shortcodes, or use Hugo 0.140 or newer, which has one."
        return Finding("template", "details", called, "a heading in its place", problem, remedy)
    return Finding("template", "details", called, "plain HTML in its place" if fold == HTML else "Hugo's own shortcode")


def _maths(maths: Mathematics | None) -> Finding:
    if maths is None:
        return Finding("template", "math", "in Unicode", "as the site shows no formulas")
    between = ", ".join("…".join(pair) for pair in maths.delimiters)
    by = "Hugo hands them on" if maths.passthrough else "a script of the theme finds them"
    return Finding("template", "math", between, f"formulas stay formulas: {by}")

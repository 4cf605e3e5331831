"""Our posts: whether today's, with invented papers, can be written and seen, and whether the site builds with all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hugo_llmpapers.doctor import Finding, from_error
from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.pipeline.request import PostRequest, page_path, scan_blog
from hugo_llmpapers.post import placement, render, unsafe_posts
from hugo_llmpapers.post.render import PostLayout
from hugo_llmpapers.post.site_builds import build_problem
from hugo_llmpapers.post.trial_build import posts_at_fault
from hugo_llmpapers.records import Post
from hugo_llmpapers.site import details_shortcode, git, hugo
from hugo_llmpapers.site.details_shortcode import HEADING, HTML
from hugo_llmpapers.site.math import Mathematics
from hugo_llmpapers.site.mounts import Module
from hugo_llmpapers.site.site import Blog

_SEARCH_S = 180.0
"""Time limit for finding a post that breaks the build, which takes about 15 builds for a year of posts."""


def template(blog: Blog, post: Post) -> tuple[PostLayout | None, list[Finding]]:
    """Fill the archetype with the post. Return the layout, None if it cannot be used, and the findings."""
    layout: PostLayout | None = None
    try:
        layout = render.post_layout(blog)
        render.render(post, blog, layout)
    except (Failure, OSError) as error:
        path = str(layout.template.path) if layout else None
        return None, [from_error("template", "archetype", error, path)]
    modules = hugo.modules(blog.site.hugo)
    owner = _owner(layout.template.path, blog, modules)
    archetype = Finding("template", "archetype", str(layout.template.path), owner)
    return layout, [archetype, _details(layout, blog, modules), _math(layout.maths)]


def _owner(archetype: Path, blog: Blog, modules: list[Module]) -> str:
    folders = [folder for folder in (blog.site.root, *(m.folder for m in modules)) if archetype.is_relative_to(folder)]
    if not folders:
        return "built-in: neither the site nor its theme has one"
    innermost = max(folders, key=lambda folder: len(folder.parts))  # themes are inside the site's folder
    return "the site's own" if innermost == blog.site.root else f"of {innermost.name}"


def _details(layout: PostLayout, blog: Blog, modules: list[Module]) -> Finding:
    call = layout.fold.open.replace("%[1]s", "…").replace("%s", "…").strip().replace("\n", " ")
    if (shortcode := details_shortcode.find_template(modules, blog.site.language)) is not None:
        return Finding("template", "details", call, f"as {shortcode} reads it")
    if layout.fold == HEADING:
        problem = "The site has no `details` shortcode and allows no HTML: abstracts are printed below a heading."
        remedy = "Put a details.html into layouts/shortcodes, or use Hugo 0.140 or newer, which has one."
        return Finding("template", "details", call, "a heading instead", problem, remedy)
    return Finding("template", "details", call, "plain HTML instead" if layout.fold == HTML else "Hugo's own shortcode")


def _math(maths: Mathematics | None) -> Finding:
    if maths is None:
        return Finding("template", "math", "Unicode", "the site does not render formulas")
    delimiters = ", ".join("…".join(pair) for pair in maths.delimiters)
    by = "Hugo passes them through" if maths.passthrough else "a script of the theme renders them"
    return Finding("template", "math", delimiters, f"formulas are kept: {by}")


def today(blog: Blog, post: Post) -> Iterator[Finding]:
    """Yield the path and date of the post, and what prevents committing it. Raises SetupError if content cannot be read."""
    request = PostRequest(post.day)
    existing = scan_blog(request, blog).existing_path
    path = existing or page_path(request, blog)
    why = f"the post of {post.day} {'already exists' if existing else 'would go there'}"
    yield Finding("post", "path", str(path), why)
    yield from _git(blog, post.name)
    is_bare_day = post.date == post.day.isoformat()
    without_time = "without a time: Hugo does not treat it as future"
    with_time = "includes the time: Hugo would treat the bare date as future"
    yield Finding("post", "date", post.date, without_time if is_bare_day else with_time)


def _git(blog: Blog, name: str) -> Iterator[Finding]:
    """Yield what prevents committing the post, by the workflow for GitHub if the site has it."""
    site = blog.site
    try:
        git.check_history(site.root, site.hugo.environ)
    except git.HistoryUnreadable as refused:
        yield Finding("post", "git", problem=refused.message, remedy=refused.remedy)
    if (content := placement.workflow_folder(site)) is not None:
        for problem, remedy in placement.workflow_problems(blog, name, content):
            yield Finding("post", "workflow", problem=problem, remedy=remedy)
    elif (ignored := placement.ignored_by_git(site, name)) is not None:
        remedy = "Remove that line, unless posts are only made in builds."
        yield Finding("post", "git", problem=ignored, remedy=remedy)


def trial_build(blog: Blog, post: Post, layout: PostLayout | None) -> Iterator[Finding]:
    """Yield the post's URL and what its readers would miss. Raises SetupError if `new` would refuse to write it."""
    if layout is None:
        return
    site, replaced = blog.site, scan_blog(PostRequest(post.day), blog).existing_path
    placement.check_place(site, post.name, replaced)
    _, build = render.render_and_check(post, blog, layout, {})
    yield Finding("post", "url", build.url, "from Hugo" if build.url else "Hugo does not list it")
    for one in build.shortcomings:
        yield Finding("post", "shown", problem=one.problem, remedy=one.remedy, stops=3 if one.hides else 0)
    if not build.shortcomings:
        why = "the built page has its figures and abstract labels"
        yield Finding("post", "shown", "yes", why)
    if build.url:
        try:
            rows = hugo.list_pages(site.hugo, {})
        except SetupError as failure:
            yield Finding("post", "pages", problem=failure.message, remedy=failure.remedy)
            return
        yield Finding("post", "pages", len(rows), "listed by Hugo, in all languages")
        urls = [(site.root / row["path"], row["permalink"]) for row in rows if row.get("permalink")]
        placement.check_url(site, post.name, build.url, urls, replaced)


def site_build(blog: Blog) -> Iterator[Finding]:
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

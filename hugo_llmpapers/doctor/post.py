"""Today's post: where it goes, its URL, and whether anybody would see it."""

from __future__ import annotations

from collections.abc import Iterator

from hugo_llmpapers.doctor import Finding, lacking
from hugo_llmpapers.doctor.template import Made
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.pipeline.request import PostRequest, scan_blog
from hugo_llmpapers.post import render, workflow_checks
from hugo_llmpapers.post.conflicts import ignored_by_git
from hugo_llmpapers.site import git, hugo
from hugo_llmpapers.site.site import Blog


def today(blog: Blog, made: Made) -> Iterator[Finding]:
    """Where the day's post is or would be. Raises SetupError where the site's content cannot be read."""
    path = blog.site.section_dir / made.post.name / blog.site.index_name
    _, existing = scan_blog(PostRequest(made.post.day), blog)
    there = "would go there" if existing is None else "is there already"
    yield Finding(
        "post", "path", str(existing.path if existing is not None else path), f"the post of {made.post.day} {there}"
    )
    yield from _committed(blog, made.post.name)
    whole = (
        "a bare day is not in the future for Hugo"
        if len(made.post.date) == len("2026-02-27")
        else ("with the time, as Hugo would take the bare day for the future")
    )
    yield Finding("post", "date", made.post.date, whole)


def _committed(blog: Blog, name: str) -> Iterator[Finding]:
    """What is in the way of committing it, by hand or by the workflow for GitHub if the site has that."""
    site = blog.site
    try:
        git.check(site.root, site.hugo.environ)
    except git.Refused as refused:
        yield Finding("post", "git", None, "", refused.message, refused.remedy)
    if (content := workflow_checks.content_folder(site)) is not None:
        for problem, remedy in workflow_checks.problems(blog, name, content):
            yield Finding("post", "workflow", None, "", problem, remedy)
    elif (ignored := ignored_by_git(site, name)) is not None:
        yield Finding("post", "git", None, "", ignored, "Take that line out, unless posts are only made in builds.")


def shown(blog: Blog, made: Made) -> Iterator[Finding]:
    """What a build of the post alone shows. Raises SetupError where the post breaks it."""
    if made.form is None:
        return
    _, proof = render.render_and_check(made.post, blog, made.form, {})
    yield Finding("post", "url", proof.url, "as Hugo tells" if proof.url else "Hugo does not tell")
    yield from (lacking("post", "shown", lack) for lack in proof.shortcomings)
    if not proof.shortcomings:
        whole = "a build of it has its page, its pictures and the labels of its abstracts"
        yield Finding("post", "shown", "yes", whole)
    if proof.url:
        yield from _taken(blog, made, proof.url)


def _taken(blog: Blog, made: Made, url: str) -> Iterator[Finding]:
    """The page that is at the post's URL already."""
    folder = blog.site.section_dir / made.post.name
    try:
        rows = hugo.list_pages(blog.site.hugo, {})
    except SetupError as failure:
        yield Finding("post", "pages", None, "", failure.message, failure.remedy)
        return
    yield Finding("post", "pages", len(rows), "that the site lists, in all languages")
    for row in rows:
        path = blog.site.root / row.get("path", "")
        if row.get("permalink") == url and not path.is_relative_to(folder):
            problem = f"{path} has the URL of the post, {url}: one of them would take the other's place."
            yield Finding("post", "url", url, "", problem, "Let the archetype say `url: {{ $post.name }}`.", stops=3)

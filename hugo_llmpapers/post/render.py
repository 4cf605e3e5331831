"""Render a post: fill the site's archetype and name the images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import archetype, template_data, trial_build
from hugo_llmpapers.post.bundle import free_name, other_pages
from hugo_llmpapers.post.trial_build import NO_LABEL, TrialBuild
from hugo_llmpapers.records import Post
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.details_shortcode import NAMED, POSITIONAL, Details, alternatives, details, find_template
from hugo_llmpapers.site.hugo_program import EMBEDDED_DETAILS
from hugo_llmpapers.site.math import Mathematics, detect_mathematics
from hugo_llmpapers.site.mounts import check_for_pipes
from hugo_llmpapers.site.site import Blog


@dataclass(frozen=True, slots=True)
class PostLayout:
    """How the site wants its posts."""

    template: archetype.Archetype
    fold: Details
    maths: Mathematics | None
    """How the site shows formulas; None if it does not."""


def post_layout(blog: Blog) -> PostLayout:
    """Return the layout of the blog's posts. Raises SetupError if the archetype does not exist or cannot be read."""
    site, modules = blog.site, hugo.modules(blog.site.hugo)
    check_for_pipes(modules, site.content_dirs)
    folders = [module.folder for module in modules]
    found = archetype.find(site, blog.settings.archetype, folders)
    embedded = hugo.version(site.hugo) >= EMBEDDED_DETAILS
    return PostLayout(
        template=found,
        fold=details(find_template(modules, site.language), site.config, embedded=embedded),
        maths=detect_mathematics(site.config, folders, archetype.read_text(found)),
    )


def render_and_check(
    post: Post, blog: Blog, layout: PostLayout, kept_files: Mapping[str, bytes], *, whole_site: bool = True
) -> tuple[dict[str, bytes], TrialBuild]:
    """Render the post and build it. Return the files of its bundle by name, and the result of the trial build.

    If the site's `details` shortcode does not show the label, other ways to pass it are tried. `kept_files` as for `render`.
    Raises SetupError if the archetype is wrong, and as `trial_build.run` does.
    """
    results, failures = [], []
    for fold in (layout.fold, *alternatives(layout.fold, blog.site.config)):
        files = render(post, blog, replace(layout, fold=fold), kept_files)
        try:
            build = trial_build.run(blog, post, {**kept_files, **files}, fold, whole_site=whole_site)
        except SetupError as failure:
            if "shortcode" not in failure.message:
                raise
            failures.append(failure)  # the shortcode stops the build if it is called in a way that it does not expect
            continue
        if build.shows_label:
            lost = fold not in (layout.fold, POSITIONAL, NAMED)
            return files, replace(build, shortcomings=(*build.shortcomings, NO_LABEL)) if lost else build
        results.append((files, build))
    if not results:
        raise failures[0]
    return results[0]


def render(
    post: Post, blog: Blog, layout: PostLayout, kept_files: Mapping[str, bytes] | None = None
) -> dict[str, bytes]:
    """Return the files of the post's bundle by name. Raises SetupError if the archetype is wrong.

    kept_files: files of other languages that stay in the bundle. An image that is among them is not returned, and the name of
        one that their pages show is not used for another image.
    """
    site, kept = blog.site, kept_files or {}
    pages = other_pages(site, post.name, kept)
    pngs = [entry.figure.png if entry.figure is not None else b"" for entry in post.entries]
    names = tuple(free_name(site, number, png, kept, pages) for number, png in enumerate(pngs, 1))
    data = template_data.data(post, layout.fold, layout.maths, names, credit=blog.settings.figure_credit)
    text, others = archetype.render(site, layout.template, data)
    images = {name: png for name, png in zip(names, pngs, strict=True) if png and kept.get(name) != png}
    return others | {site.index_name: text.encode()} | images

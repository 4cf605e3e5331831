"""A post in the site's own form: its archetype filled, its pictures named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import archetype, trial_build
from hugo_llmpapers.post.shared_files import free_name, other_pages
from hugo_llmpapers.post.trial_build import NO_LABEL, Proof
from hugo_llmpapers.records import Post
from hugo_llmpapers.site import hugo
from hugo_llmpapers.site.details_shortcode import NAMED, POSITIONAL, Details, details, others, template
from hugo_llmpapers.site.hugo_versions import EMBEDDED_DETAILS
from hugo_llmpapers.site.modules import check_for_pipes
from hugo_llmpapers.site.site import Blog

if TYPE_CHECKING:
    from hugo_llmpapers.site.math import Mathematics


@dataclass(frozen=True, slots=True)
class PostLayout:
    """What the site says of the look of a post."""

    template: archetype.Archetype
    fold: Details
    maths: Mathematics | None
    """How it shows formulas; None where it does not."""


def post_layout(blog: Blog) -> PostLayout:
    """Found before anybody is asked. Raises SetupError for an archetype that is nowhere."""
    from hugo_llmpapers.site.math import mathematics

    site, modules = blog.site, hugo.modules(blog.site.hugo)
    check_for_pipes(modules, site.content_dirs)
    folders = [module.folder for module in modules]
    embedded = hugo.version(site.hugo) >= EMBEDDED_DETAILS
    found = archetype.find(site, blog.settings.archetype, folders)
    words = archetype.text_of(found)
    return PostLayout(
        template=found,
        fold=details(template(modules, site.language), site.config, embedded=embedded),
        maths=mathematics(site.config, folders, words),
    )


def render_and_check(
    post: Post, blog: Blog, form: PostLayout, beside: Mapping[str, bytes], *, whole: bool = True
) -> tuple[dict[str, bytes], Proof]:
    """The files of the bundle by name, and what a build shows of them; folded so that the label shows, however the
    site's shortcode reads it. Raises SetupError where the archetype is wrong, and as `trial_build.prove` does."""
    tries, failures = [], []
    for fold in (form.fold, *others(form.fold, blog.site.config)):
        files = render(post, blog, replace(form, fold=fold), beside)
        try:
            proof = trial_build.prove(
                blog.site, post.name, {**beside, **files}, fold, draft=post.draft, now=blog.moment.now, whole=whole
            )
        except SetupError as failure:
            if "shortcode" not in failure.message:
                raise
            failures.append(failure)  # a template that stops where it is called in another way than it expects
            continue
        tries.append((files, proof))
        if proof.labelled:
            return files, proof if fold in (form.fold, POSITIONAL, NAMED) else replace(
                proof, lacks=(*proof.lacks, NO_LABEL)
            )
    if not tries:
        raise failures[0]
    return tries[0]


def render(post: Post, blog: Blog, form: PostLayout, beside: Mapping[str, bytes] | None = None) -> dict[str, bytes]:
    """The files of the bundle by name. Raises SetupError where the archetype is wrong.

    `beside`: what stays in the folder for other languages; a picture that is among it is not written again, and one that
    their pages show keeps its name to itself.
    """
    from hugo_llmpapers.post import template_data

    site, there = blog.site, beside or {}
    pages = other_pages(site, post.name, there)
    pictures_of = [entry.figure.png if entry.figure is not None else b"" for entry in post.entries]
    images = tuple(free_name(site, number, png, there, pages) for number, png in enumerate(pictures_of, 1))
    data = template_data.data(post, form.fold, form.maths, images, credit=blog.settings.figure_credit)
    text, others = archetype.render(site, form.template, data)
    pictures = {
        image: entry.figure.png
        for image, entry in zip(images, post.entries, strict=True)
        if entry.figure is not None and there.get(image) != entry.figure.png
    }
    return others | {site.index_name: text.encode()} | pictures

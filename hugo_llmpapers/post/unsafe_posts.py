"""Posts of ours with texts that Hugo reserves for itself, which older versions did not escape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hugo_llmpapers.post.bundle import PAGE
from hugo_llmpapers.site import files
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.text import hugo_tokens


def our_posts(blog: Blog) -> list[Path]:
    """Return the folders of our posts in the section of the blog's language, sorted by name."""
    name = re.compile(rf"{re.escape(blog.settings.slug)}(-sample)?-\d{{4}}-\d\d-\d\d")
    folder = blog.site.section_dir
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink()]


def unsafe_pages(blog: Blog) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each page of our posts that contains reserved texts, with these texts. Unreadable pages are skipped."""
    pages = (page for post in our_posts(blog) for page in sorted(post.iterdir()) if PAGE.fullmatch(page.name))
    for page in pages:
        if not page.is_symlink() and (found := hugo_tokens.tokens_in(files.read_text(page))):
            yield page, found


def problem(page: Path, reserved: tuple[str, ...]) -> str:
    """Return a message about a page with reserved texts, in one line."""
    return f"{page} has {', '.join(reserved)}, which Hugo keeps for itself: the site may not build with it."


def remedy(blog: Blog, page: Path) -> str:
    """Return what to do about a post of ours, given its folder or page."""
    post = page if page.parent == blog.site.section_dir else page.parent
    return f"hugo-llmpapers new --force {post.name[-len('2026-02-27') :]} writes it again; or remove it."

"""Posts of ours from which an older version did not keep the words that Hugo keeps for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.text import hugo_tokens

_INDEX = re.compile(r"index(\.[\w-]+)?\.md")


def posts(blog: Blog) -> list[Path]:
    """The folders of all our posts in the blog's language, by their name."""
    name = re.compile(rf"{re.escape(blog.settings.slug)}(-sample)?-\d{{4}}-\d\d-\d\d")
    folder = blog.site.section_dir
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in found if name.fullmatch(path.name) and path.is_dir() and not path.is_symlink()]


def in_posts(blog: Blog) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Each of their pages that holds such words, with the words. What cannot be read is passed over."""
    for post in posts(blog):
        for page in sorted(post.iterdir()):
            if not _INDEX.fullmatch(page.name) or not page.is_file() or page.is_symlink():
                continue
            try:
                text = page.read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            if words := hugo_tokens.named(text):
                yield page, words


def problem(page: Path, words: tuple[str, ...]) -> str:
    """One line."""
    return f"{page} has {', '.join(words)}, which Hugo keeps for itself: the site may not build with it."


def remedy(blog: Blog, page: Path) -> str:
    """What to do about a post of ours, by its folder or page."""
    post = page if page.parent == blog.site.section_dir else page.parent
    return f"hugo-llmpapers new --force {post.name[-len('2026-02-27') :]} writes it again; or remove it."

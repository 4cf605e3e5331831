"""Check that a post can be where it would go: readers would see it, and it would not replace another page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import git, hugo
from hugo_llmpapers.site.files import is_content
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import excluded_by_config, why_swallowed


def check_place(site: Site, name: str, replaced: Path | None) -> None:
    """Run the checks that do not need the post `name` itself. `replaced`: an existing page that it replaces.

    Raises SetupError if nobody would see the post, or another page of that name.
    """
    for part in (site.section_dir / name, site.section_dir, *site.section_dir.parents):
        if part == site.mount.source:
            break
        if part.is_symlink() and part.is_relative_to(site.mount.source):
            raise SetupError(
                f"{part} is a link, and Hugo follows none in content: nobody would see the post.",
                "Put a folder in its place, or mount the one that it leads to in `module.mounts`.",
            )
    if (reason := why_swallowed(site) or excluded_by_config(site, name)) is not None:
        raise SetupError(reason.problem, reason.remedy)
    folder = site.section_dir / name
    if folder.is_file():
        raise SetupError(f"{folder} is a file where the post's folder would be.", "Rename or move it.")
    for file in (*site.section_dir.glob(f"{name}.*"), *folder.glob("index.*")):
        is_page = is_content(file.name, site.content_suffixes) and file.name != site.index_name
        if is_page and file != replaced and not site.belongs_to_translation(file.name):
            raise SetupError(f"{file} is the same page as the post to Hugo.", "Rename or move it.")


def ignored_by_git(site: Site, name: str, *, images: bool = True) -> str | None:
    """Return why `git add` would skip the page of the post `name` or, with `images`, its images; None if it would not."""
    for file in (site.index_name, *(["paper_1.png"] if images else [])):
        path = site.section_dir / name / file
        if (rule := git.ignore_rule(site.root, site.hugo.environ, path)) is not None:
            return f"git ignores {path}, so that it is not committed: {rule}."
    return None


def site_urls(site: Site) -> list[tuple[Path, str]]:
    """Return every page that Hugo lists, with its URL; empty if Hugo fails. Takes seconds for thousands of pages."""
    try:
        rows = hugo.list_pages(site.hugo, {})
    except SetupError:
        return []
    return [(site.root / row["path"], row["permalink"]) for row in rows if row.get("permalink")]


def check_url(site: Site, name: str, url: str | None, pages: Sequence[tuple[Path, str]], replaced: Path | None) -> None:
    """Raise SetupError if another of the site's `pages` has the URL of the post `name`. `replaced`: a page that it replaces."""
    own = [page.resolve() for page in (site.section_dir / name / site.index_name, replaced) if page]
    for page, page_url in pages:
        if page_url == url and (path := page.resolve()) not in own:
            problem = f"{path} has the URL of the post, {url}: one would replace the other."
            raise SetupError(problem, "Give one of them another `url`: there, or in the archetype.")

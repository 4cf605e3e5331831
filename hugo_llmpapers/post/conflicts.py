"""Whether a post can stand where it would go: readers would see it, and no other page would lose its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site import git, hugo
from hugo_llmpapers.site.content_files import is_content
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import excluded_by_config, swallowed


def check(site: Site, name: str, replaced: Path | None) -> None:
    """What can be told without the post `name`. `replaced`: a page that makes room for it.

    Raises SetupError where nobody would ever see the post, or another page of that name.
    """
    for part in (site.section_dir / name, site.section_dir, *site.section_dir.parents):
        if part == site.mount.source:
            break
        if part.is_symlink() and part.is_relative_to(site.mount.source):
            raise SetupError(
                f"{part} is a link, and Hugo follows none in content: nobody would see the post.",
                "Put a folder in its place, or mount the one that it leads to in `module.mounts`.",
            )
    if (lack := swallowed(site) or excluded_by_config(site, name)) is not None:
        raise SetupError(lack.problem, lack.remedy)
    folder = site.section_dir / name
    if folder.is_file():
        raise SetupError(f"{folder} is a file where the post's folder would be.", "Rename or move it.")
    beside = (*site.section_dir.glob(f"{name}.*"), *folder.glob("index.*"))
    twins = (file for file in beside if is_content(file.name, site.content_suffixes) and file.name != site.index_name)
    others = (file for file in twins if file != replaced and not site.belongs_to_translation(file.name))
    if (twin := next(others, None)) is not None:
        raise SetupError(f"{twin} is the same page as the post to Hugo.", "Rename or move it.")


def kept_out_of_git(site: Site, name: str, *, pictures: bool = True) -> str | None:
    """Why `git add` would leave out the page of the post `name`, or with `pictures` one of them; None where it would not."""
    for file in (site.index_name, *(["paper_1.png"] if pictures else [])):
        path = site.section_dir / name / file
        if (rule := git.ignored(site.root, site.hugo.environ, path)) is not None:
            return f"git ignores {path}, so that it is not committed: {rule}."
    return None


def urls(site: Site) -> list[tuple[Path, str]]:
    """Every page that Hugo lists, with its URL; none where it cannot: Hugo then says why. Takes seconds for thousands."""
    try:
        rows = hugo.list_pages(site.hugo, {})
    except SetupError:
        return []
    return [(site.root / row["path"], row["permalink"]) for row in rows if row.get("permalink")]


def check_url(site: Site, name: str, url: str | None, pages: Sequence[tuple[Path, str]], replaced: Path | None) -> None:
    """Raises SetupError where another of the site's `pages` has the URL of the post `name`. `replaced`: one that makes room."""
    making_room = [page.resolve() for page in (site.section_dir / name / site.index_name, replaced) if page]
    for page, its_url in pages:
        if its_url == url and (path := page.resolve()) not in making_room:
            problem = f"{path} has the URL of the post, {url}: one would take the other's place."
            raise SetupError(problem, "Give one of them another `url`: there, or in the archetype.")

"""Check that a post can be where it would go: readers would see it, it replaces no other page, and it can be committed.

The job `publish` of the GitHub workflow adds pages and images below one folder of one repository, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import archetype
from hugo_llmpapers.site import git, hugo
from hugo_llmpapers.site.files import is_content, read_text
from hugo_llmpapers.site.site import Blog, Site
from hugo_llmpapers.site.visibility import excluded_by_config, why_swallowed

WORKFLOW = ".github/workflows/llm-papers.yml"
"""Its path in the repository."""
IGNORED_REMEDY = "Remove that line. In a job that commits no posts, run `hugo-llmpapers prebuild`."
_PUBLISHED_SUFFIXES = {".md", ".png", ".webp"}
_CONTENT = re.compile(r"^  CONTENT: (\S+)", re.MULTILINE)


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


def workflow_folder(site: Site) -> Path | None:
    """Return the folder that the workflow in the site's repository publishes to (its CONTENT); None without a workflow."""
    top = git.work_tree(site.root, site.hugo.environ)
    found = _CONTENT.search(read_text(top / WORKFLOW)) if top is not None and (top / WORKFLOW).is_file() else None
    return top / found[1] if top is not None and found is not None else None


def workflow_problems(blog: Blog, name: str, content: Path) -> Iterator[tuple[str, str]]:
    """Yield what prevents the post `name` from being published, each with its remedy.

    content: the folder that the workflow publishes to. It commits images even if git ignores them.
    """
    site = blog.site
    if (ignored := ignored_by_git(site, name, images=False)) is not None:
        yield ignored, IGNORED_REMEDY
    yield from _folder_problems(site, content)
    found = archetype.find(site, blog.settings.archetype, [module.folder for module in hugo.modules(site.hugo)])
    others = found.bundle.rglob("*") if found.bundle is not None else ()
    for path in sorted(path for path in others if path.is_file()):
        if path.suffix not in _PUBLISHED_SUFFIXES or path.parent != found.bundle:
            suffixes = ", ".join(sorted(_PUBLISHED_SUFFIXES))
            yield (
                f"{path} would be in each post, and the workflow publishes no such file.",
                f"Keep only {suffixes} files in the archetype's folder, and none in folders below it.",
            )


def _folder_problems(site: Site, content: Path) -> Iterator[tuple[str, str]]:
    top, folder = git.work_tree(site.root, site.hugo.environ), site.section_dir
    if top is None:
        return
    real = folder.resolve()
    existing = next(one for one in (real, *real.parents) if one.is_dir())
    if (other := git.work_tree(existing, site.hugo.environ)) != top:
        yield (
            f"Posts go to {folder}, which belongs to another repository than the site: {other or 'none'}.",
            "The workflow commits only to its own repository: add it to that one, or keep posts in the site's repository.",
        )
    elif content.resolve() != content.absolute():
        yield f"CONTENT in {WORKFLOW} contains a link.", f"Set it to {_relative(content.resolve(), top)}."
    elif not real.is_relative_to(content.resolve()):
        remedy = f"Set CONTENT in {WORKFLOW} to {_relative(site.mount.source.resolve(), top)}."
        yield f"Posts go to {folder}, but the workflow publishes {content}.", remedy


def _relative(folder: Path, top: Path) -> str:
    return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else str(folder)

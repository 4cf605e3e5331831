"""Check, before anything is paid for, that the GitHub workflow can publish a post of this site.

Its job `publish` adds pages and images below one folder of one repository, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hugo_llmpapers.post import archetype
from hugo_llmpapers.post.conflicts import ignored_by_git
from hugo_llmpapers.site import git, hugo
from hugo_llmpapers.site.files import read_text
from hugo_llmpapers.site.site import Blog, Site

FILE = ".github/workflows/llm-papers.yml"
"""In the repository."""
IGNORED_REMEDY = "Remove that line. In a job that commits no posts, run `hugo-llmpapers prebuild`."
_PUBLISHED_SUFFIXES = {".md", ".png", ".webp"}
_CONTENT = re.compile(r"^  CONTENT: (\S+)", re.MULTILINE)


def content_folder(site: Site) -> Path | None:
    """Return the folder that the workflow in the site's repository publishes to (its CONTENT); None without a workflow."""
    top = git.work_tree(site.root, site.hugo.environ)
    found = _CONTENT.search(read_text(top / FILE)) if top is not None and (top / FILE).is_file() else None
    return top / found[1] if top is not None and found is not None else None


def problems(blog: Blog, name: str, content: Path) -> Iterator[tuple[str, str]]:
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
        yield f"CONTENT in {FILE} contains a link.", f"Set it to {_relative(content.resolve(), top)}."
    elif not real.is_relative_to(content.resolve()):
        remedy = f"Set CONTENT in {FILE} to {_relative(site.mount.source.resolve(), top)}."
        yield f"Posts go to {folder}, but the workflow publishes {content}.", remedy


def _relative(folder: Path, top: Path) -> str:
    return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else str(folder)

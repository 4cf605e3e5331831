"""What keeps the workflow for GitHub from publishing a post of this site, found before anything is paid for.

Its job `publish` adds pages and pictures below one folder of one repository, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hugo_llmpapers.post import archetype
from hugo_llmpapers.post.conflicts import kept_out_of_git
from hugo_llmpapers.site import git, hugo
from hugo_llmpapers.site.files import text
from hugo_llmpapers.site.site import Blog, Site

FILE = ".github/workflows/llm-papers.yml"
"""Below the top of the repository."""
IGNORED_REMEDY = "Take that line out. In a job that commits no posts, `hugo-llmpapers prebuild` is what to run."
_PUBLISHED = {".md", ".png", ".webp"}
_CONTENT = re.compile(r"^  CONTENT: (\S+)", re.MULTILINE)


def content_folder(site: Site) -> Path | None:
    """The folder that the workflow in the site's repository may publish to, by its CONTENT; None where there is no workflow."""
    top = git.top(site.root, site.hugo.environ)
    found = _CONTENT.search(text(top / FILE)) if top is not None and (top / FILE).is_file() else None
    return top / found[1] if top is not None and found is not None else None


def problems(blog: Blog, name: str, content: Path) -> Iterator[tuple[str, str]]:
    """What is in the way of the post `name`, each with its remedy.

    `content`: the folder that the workflow publishes to. It commits pictures whether git ignores them or not.
    """
    site = blog.site
    if (ignored := kept_out_of_git(site, name, pictures=False)) is not None:
        yield ignored, IGNORED_REMEDY
    yield from _elsewhere(site, content)
    found = archetype.find(site, blog.settings.archetype, [module.folder for module in hugo.modules(site.hugo)])
    others = found.bundle.rglob("*") if found.bundle is not None else ()
    for path in sorted(path for path in others if path.is_file()):
        if path.suffix not in _PUBLISHED or path.parent != found.bundle:
            kinds = ", ".join(sorted(_PUBLISHED))
            yield (
                f"{path} would be in each post, and the workflow publishes no such file.",
                f"Keep only {kinds} files in the archetype's folder, and none in folders below it.",
            )


def _elsewhere(site: Site, content: Path) -> Iterator[tuple[str, str]]:
    """Whether the post would be somewhere that the workflow does not look at, or git does not follow."""
    top, folder = git.top(site.root, site.hugo.environ), site.section_dir
    if top is None:
        return
    real = folder.resolve()
    there = next(one for one in (real, *real.parents) if one.is_dir())
    if (other := git.top(there, site.hugo.environ)) != top:
        yield (
            f"Posts go to {folder}, which belongs to another repository than the site: {other or 'none'}.",
            "The workflow commits to its own only: put it into that one, or keep posts in a folder of the site's.",
        )
    elif content.resolve() != content.absolute():
        yield f"CONTENT in {FILE} is or leads over a link.", f"Set it to {_from(top, content.resolve())}."
    elif not real.is_relative_to(content.resolve()):
        remedy = f"Set CONTENT in {FILE} to {_from(top, site.mount.source.resolve())}."
        yield f"Posts go to {folder}, and the workflow publishes what is in {content}.", remedy


def _from(top: Path, folder: Path) -> str:
    return folder.relative_to(top).as_posix() if folder.is_relative_to(top) else str(folder)

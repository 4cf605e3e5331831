"""The template of a post: find it, and let Hugo evaluate it in a temporary folder.

It is `archetypes/llm-papers.md` or `archetypes/llm-papers/index.md` of the site, else of its theme or modules, else ours.
https://gohugo.io/content-management/archetypes/
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError, with_location
from hugo_llmpapers.post.scratch_site import scratch_environment, write_content
from hugo_llmpapers.site import files, hugo
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import excluded_by_config, front_matter_of_pages
from hugo_llmpapers.temporary import temporary_folder

DATA_FILE = "llm-papers.json"
_PACKED = Path(__file__).parents[1] / "archetypes"
_SHIPPED = _PACKED if _PACKED.is_dir() else Path(__file__).parents[2] / "archetypes"
"""In the wheel inside the package; in a checkout beside it."""
_READS_PAGES = re.compile(
    r"\b[Ss]ite\.(?:AllPages|GetPage|Home|LastChange|Lastmod|MainSections|Menus|Pages|RegularPages|Sections|Taxonomies)\b"
)
_POSITION = re.compile(r"(?:archetype\.md|[\w.-]+\.md):(\d+)(?::(\d+))?")


@dataclass(frozen=True, slots=True)
class Archetype:
    """Where the template is."""

    path: Path
    """The Markdown file."""
    bundle: Path | None
    """The folder of a directory archetype, whose other files are copied into the post; else None."""
    front_matter: tuple[str, ...] = ()
    """Lines that are added to the front matter of the shipped archetype for the site's theme."""


def find(site: Site, name: str, module_dirs: Sequence[Path]) -> Archetype:
    """Return the archetype that is used. Raises SetupError if the settings name one that does not exist."""
    if (owned := find_owned(site, name, module_dirs)) is not None:
        return owned
    if name != "llm-papers":
        raise SetupError(
            f"The archetype `{name}` was not found in the site, its theme or its modules.",
            f"Run `hugo-llmpapers init` to create archetypes/{name}.md, or remove `archetype` to use the built-in one.",
        )
    is_set = bool((site.config.get("params") or {}).get("usepagebundles"))
    added = ("usePageBundles: true",) if not is_set and reads_page_bundles(module_dirs) else ()
    return Archetype(shipped(site.language), None, added)


def find_owned(site: Site, name: str, module_dirs: Sequence[Path]) -> Archetype | None:
    """Return the archetype of the site, its theme or its modules; None if the shipped one is used.

    Raises SetupError if it is a link that leads out of the site, the theme or the module: the file there would be published.
    """
    for folder in _folders(site, module_dirs):
        for candidate in (f"{name}.{site.language}.md", f"{name}.md", f"{name}/index.md"):
            path = folder / candidate
            if path.is_file():
                allowed = (site.root, folder, folder.parent)
                if not any(path.resolve().is_relative_to(one.resolve()) for one in allowed):
                    raise SetupError(
                        f"The archetype {path} is a link to a file elsewhere.", "Replace it with the file."
                    )
                return Archetype(path, path.parent if candidate.endswith("/index.md") else None)
    return None


def reads_page_bundles(module_dirs: Iterable[Path]) -> bool:
    """Return whether templates look for images beside the page only if its front matter has `usePageBundles: true`."""
    return any("usePageBundles" in files.read_text(file) for file in files.list_templates(module_dirs))


def read_text(archetype: Archetype) -> str:
    """Return the template's text. Raises SetupError if it cannot be read."""
    return _read(archetype).decode("utf-8", "replace")


def home(site: Site) -> Path:
    """Return the folder for the site's own archetypes, whether it exists or not."""
    inside = (folder for folder in _folders(site, ()) if folder.resolve().is_relative_to(site.root.resolve()))
    return next(inside, site.root / "archetypes")


def shipped(language: str) -> Path:
    """Return our archetype: the Japanese one for Japanese, the English one for all other languages."""
    return _SHIPPED / ("llm-papers.md" if language.partition("-")[0] == "ja" else "llm-papers.en.md")


def render(site: Site, archetype: Archetype, post: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    """Return the post's Markdown, and the other files of a directory archetype by name.

    Raises SetupError, with the owner's file and line, if the template is wrong or printed no paper.
    """
    with temporary_folder() as root:
        variables = scratch_environment(site, root, "content", "archetypes", "assets")
        if site.language_key is not None:
            # Hugo creates new content in the default language.
            variables["HUGO_DEFAULTCONTENTLANGUAGE"] = site.language_key
        (root / "assets" / DATA_FILE).write_bytes(json.dumps(post, ensure_ascii=False).encode())
        kind = _copy_template(archetype, root / "archetypes")
        if any(_READS_PAGES.search(files.read_text(file)) for file in files.list_files(root / "archetypes", ".md")):
            # Without the post, which exists already if it is written again.
            own, pages = f"{site.section}/{post['name']}/", front_matter_of_pages(site, max_pages=None)
            write_content(root, {path: text.encode() for path, text in pages.items() if not path.startswith(own)})
        # An absolute path, as Hugo puts a relative one below the content folder of the first language.
        bundle = root / "content" / site.section / post["name"]
        index = bundle / "index.md"
        ran = hugo.new_content(site.hugo, kind, str(bundle if archetype.bundle else index), variables)
        if ran.code != 0 or not index.is_file():
            if (reason := excluded_by_config(site, post["name"])) is not None:
                raise SetupError(reason.problem, reason.remedy)
            raise _failed(archetype, ran.error)
        try:
            text = index.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise SetupError(f"The archetype {archetype.path} is not UTF-8.", "Save it as UTF-8.") from None
        others = [path for path in bundle.rglob("*") if path.is_file() and path != index]
        contents = {path.relative_to(bundle).as_posix(): path.read_bytes() for path in others}
    _check_papers(archetype, post, text)
    return text.rstrip("\n") + "\n", contents


def _copy_template(archetype: Archetype, folder: Path) -> str:
    """Copy the template into `folder`. Return its kind: its own name, which a template sees as .Type.

    Raises SetupError if it cannot be read, as it may have been deleted meanwhile.
    """
    kind = (archetype.bundle or archetype.path).name.partition(".")[0]
    if archetype.bundle is not None:
        try:
            shutil.copytree(archetype.bundle, folder / kind, ignore=_links_and_pipes)
        except OSError as error:
            raise _unreadable(archetype, error) from None
    else:
        text = _read(archetype)
        for line in archetype.front_matter:
            text = text.replace(b"\ndraft:", f"\n{line}\ndraft:".encode(), 1)
        (folder / f"{kind}.md").write_bytes(text)
    return kind


def _links_and_pipes(folder: str, names: list[str]) -> list[str]:
    """Return what is not copied: links, as the files that they lead to would be published; pipes and devices."""
    paths = {name: Path(folder, name) for name in names}
    return [name for name, path in paths.items() if path.is_symlink() or not (path.is_file() or path.is_dir())]


def _read(archetype: Archetype) -> bytes:
    try:
        return files.read_bytes(archetype.path)
    except OSError as error:
        raise _unreadable(archetype, error) from None


def _unreadable(archetype: Archetype, error: OSError) -> SetupError:
    reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error.strerror
    problem = f"The archetype {archetype.path} cannot be read: {reason}."
    return SetupError(problem, "Restore it; the post was not written.")


def _folders(site: Site, module_dirs: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders that Hugo takes archetypes from, in its order of precedence."""
    for mount in (site.config.get("module") or {}).get("mounts") or ():
        if str(mount.get("target", "")).strip("/") == "archetypes":
            yield site.root / str(mount.get("source"))
    yield site.root / str(site.config.get("archetypedir", "archetypes"))
    yield from (folder / "archetypes" for folder in module_dirs)


def _failed(archetype: Archetype, complaint: str) -> SetupError:
    position = _POSITION.search(complaint)
    if position is None and "archetype" not in complaint:
        return SetupError(f"Hugo cannot make new content: {complaint}", "Fix it; `hugo` says the same.")
    line, column = (int(position[1]), int(position[2] or 1)) if position else (1, 1)
    what = complaint[position.end() :].lstrip(": ") if position else complaint
    remedy = "Fix the archetype; it is a Go template that Hugo evaluates."
    return SetupError(with_location(archetype.path, line, column, what), remedy)


def _check_papers(archetype: Archetype, post: dict[str, Any], text: str) -> None:
    papers = post["papers"]
    # An owner's template may print the id alone, or the title alone.
    printed = (part in text for paper in papers for part in (paper["id"], paper["title"], paper["raw"]["title"]))
    if papers and not any(printed):
        raise SetupError(
            f"{archetype.path} printed none of the {len(papers)} papers.",
            f"Let it begin with the line that reads {DATA_FILE}, as in the archetype that we ship.",
        )

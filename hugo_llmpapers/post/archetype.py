"""The owner's template of a post, filled by Hugo itself in a scratch folder.

`archetypes/llm-papers.md` or `archetypes/llm-papers/index.md` of the site, else of its theme or modules, else ours.
https://gohugo.io/content-management/archetypes/
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hugo_llmpapers.errors import SetupError, with_location
from hugo_llmpapers.post.page_images import reads_page_bundles
from hugo_llmpapers.post.scratch_site import scratch_environment, write_content
from hugo_llmpapers.site import files, hugo
from hugo_llmpapers.site.site import Site
from hugo_llmpapers.site.visibility import excluded_by_config, skeleton
from hugo_llmpapers.temporary import temporary_folder

DATA_FILE = "llm-papers.json"
_PACKED = Path(__file__).parents[1] / "archetypes"
_SHIPPED = _PACKED if _PACKED.is_dir() else Path(__file__).parents[2] / "archetypes"
"""Inside the wheel; beside the package in a checkout."""
_ASKS_FOR_PAGES = re.compile(
    r"\b[Ss]ite\.(?:AllPages|GetPage|Home|LastChange|Lastmod|MainSections|Menus|Pages|RegularPages|Sections|Taxonomies)\b"
)
_POSITION = re.compile(r"(?:archetype\.md|[\w.-]+\.md):(\d+)(?::(\d+))?")


@dataclass(frozen=True, slots=True)
class Archetype:
    """Where the template is."""

    path: Path
    """The Markdown file."""
    bundle: Path | None
    """The folder of a directory archetype, whose other files go into the post as they are; else None."""
    needed: tuple[str, ...] = ()
    """Lines that the site's templates want in the front matter of ours."""


def find(site: Site, name: str, module_dirs: Sequence[Path]) -> Archetype:
    """The archetype in force. Raises SetupError where the owner names one that is nowhere."""
    if (owned := find_owned(site, name, module_dirs)) is not None:
        return owned
    if name != "llm-papers":
        raise SetupError(
            f"The archetype `{name}` was not found in the site, its theme or its modules.",
            f"`hugo-llmpapers init` makes archetypes/{name}.md; without the setting `archetype`, ours is used.",
        )
    pinned = (site.config.get("params") or {}).get("usepagebundles")
    needed = ("usePageBundles: true",) if not pinned and reads_page_bundles(module_dirs) else ()
    return Archetype(shipped(site.language), None, needed)


def find_owned(site: Site, name: str, module_dirs: Sequence[Path]) -> Archetype | None:
    """The one of the site, its theme or its modules; None where ours would be used.

    Raises SetupError for a link that leads out of the site, the theme or the module: what it leads to would be published.
    """
    for folder in _folders(site, module_dirs):
        for candidate in (f"{name}.{site.language}.md", f"{name}.md", f"{name}/index.md"):
            path = folder / candidate
            if path.is_file():
                inside = (site.root, folder, folder.parent)
                if not any(path.resolve().is_relative_to(one.resolve()) for one in inside):
                    raise SetupError(
                        f"The archetype {path} is a link to a file elsewhere.", "Put the file itself there."
                    )
                return Archetype(path, path.parent if candidate.endswith("/index.md") else None)
    return None


def text_of(archetype: Archetype) -> str:
    """The template's text. Raises SetupError where it cannot be read."""
    try:
        return files.content(archetype.path).decode("utf-8", "replace")
    except OSError as error:
        raise _unreadable(archetype, str(error.strerror)) from None


def home(site: Site) -> Path:
    """The folder for the site's own archetypes, there or not."""
    inside = (folder for folder in _folders(site, ()) if folder.resolve().is_relative_to(site.root.resolve()))
    return next(inside, site.root / "archetypes")


def shipped(language: str) -> Path:
    """Ours: Japanese for Japanese, English for all others."""
    return _SHIPPED / ("llm-papers.md" if language.partition("-")[0] == "ja" else "llm-papers.en.md")


def render(site: Site, archetype: Archetype, post: dict[str, Any]) -> tuple[str, dict[str, bytes]]:
    """The post's Markdown, and the other files of a directory archetype by their name.

    Raises SetupError that keeps the owner's file and line where the template is wrong, or printed no paper.
    """
    with temporary_folder() as root:
        variables = scratch_environment(site, root, "content", "archetypes", "assets")
        if site.language_key is not None:
            # Hugo puts new content into the default language; here that is the post's.
            variables["HUGO_DEFAULTCONTENTLANGUAGE"] = site.language_key
        data = json.dumps(post, ensure_ascii=False)
        (root / "assets" / DATA_FILE).write_text(data, encoding="utf-8", newline="\n")
        # Under its own name, which a template sees as .Type; Hugo takes ours before a theme's.
        kind = (archetype.bundle or archetype.path).name.partition(".")[0]
        _lay_out(archetype, root / "archetypes", kind)
        laid_out = files.regular(root / "archetypes", ".md")
        if any(_ASKS_FOR_PAGES.search(files.text(file)) for file in laid_out):
            # For templates that count pages. The post itself may exist if it is written again.
            own = f"{site.section}/{post['name']}/"
            pages = {
                path: text.encode() for path, text in skeleton(site, most=None).items() if not path.startswith(own)
            }
            write_content(root, pages)
        # A whole path, as Hugo takes the first language's folder for one below `content`.
        made = root / "content" / site.section / post["name"]
        index = made / "index.md"
        ran = hugo.new_content(site.hugo, kind, str(made if archetype.bundle else index), variables)
        if ran.code != 0 or not index.is_file():
            if (lack := excluded_by_config(site, post["name"])) is not None:
                raise SetupError(lack.problem, lack.remedy)
            raise _failed(archetype, ran.complaint)
        try:
            text = index.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise SetupError(f"The archetype {archetype.path} is not UTF-8.", "Save it as UTF-8.") from None
        others = {
            file.relative_to(made).as_posix(): file.read_bytes()
            for file in made.rglob("*")
            if file.is_file() and file != index
        }
    _check_papers(archetype, post, text)
    return text.rstrip("\n") + "\n", others


def _not_plain(folder: str, names: list[str]) -> list[str]:
    """Links, as what they lead to would be published; pipes and devices, which have no end."""
    paths = {name: Path(folder, name) for name in names}
    return [name for name, path in paths.items() if path.is_symlink() or not (path.is_file() or path.is_dir())]


def _lay_out(archetype: Archetype, folder: Path, kind: str) -> None:
    """Raises SetupError where it cannot be read, as it has gone meanwhile."""
    if archetype.bundle is not None:
        try:
            shutil.copytree(archetype.bundle, folder / kind, ignore=_not_plain)
        except shutil.Error as error:
            raise _unreadable(archetype, "; ".join(str(one[2]) for one in error.args[0][:1])) from None
        except OSError as error:
            raise _unreadable(archetype, str(error.strerror)) from None
        return
    try:
        text = files.content(archetype.path)
    except OSError as error:
        raise _unreadable(archetype, str(error.strerror)) from None
    for line in archetype.needed:
        text = text.replace(b"\ndraft:", f"\n{line}\ndraft:".encode(), 1)
    (folder / f"{kind}.md").write_bytes(text)


def _unreadable(archetype: Archetype, why: str) -> SetupError:
    return SetupError(
        f"The archetype {archetype.path} cannot be read: {why}.", "Put it back; the post was not written."
    )


def _folders(site: Site, module_dirs: Sequence[Path]) -> Iterator[Path]:
    mounts = (site.config.get("module") or {}).get("mounts") or ()
    for mount in mounts:
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
    # By whatever an owner may want of a paper.
    if papers and not any(
        part in text for paper in papers for part in (paper["id"], paper["title"], paper["raw"]["title"])
    ):
        raise SetupError(
            f"{archetype.path} printed none of the {len(papers)} papers.",
            f"Let it begin with the line that reads {DATA_FILE}, as in the archetype that we ship.",
        )

"""What a site lacks for our posts: found, shown, and written without changing what is there.

A plan is made of what the site has now; a second one, after the first is written, has nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path

from hugo_llmpapers.post import archetype, workflow_checks
from hugo_llmpapers.setup import config_block, front_matter, theme, vscode
from hugo_llmpapers.setup.changes import Action, Change, change_of, creation, writing
from hugo_llmpapers.setup.config_block import Block, CannotInsert, ParseError
from hugo_llmpapers.setup.text_file import TextFile, Untouchable
from hugo_llmpapers.setup.theme import Shape
from hugo_llmpapers.site import dates, git, hugo
from hugo_llmpapers.site import details_shortcode as shortcode
from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site.config.config_files import config_files
from hugo_llmpapers.site.hugo_versions import EMBEDDED_DETAILS
from hugo_llmpapers.site.modules import Module
from hugo_llmpapers.site.site import Blog

_MADE_BY_HUGO = ("public/", "resources/_gen/", ".hugo_build.lock")
"""https://github.com/github/gitignore/blob/main/Hugo.gitignore"""
WORKFLOW = ".github/workflows/llm-papers.yml"
WORKFLOW_PACKAGES = ".github/llm-papers/requirements.txt"
"""What the workflow installs beside this tool, with hashes."""
_PACKED = Path(__file__).parents[1] / "hooks"
_EXAMPLE = Path(__file__).parents[2] / "hugo-example"
_MEND = "Fix it, and run init again."
_OTHER = 6
"""Rank of configuration files that are about something else, such as menus."""


@dataclass(frozen=True, slots=True)
class Plan:
    """For one site."""

    root: Path
    language: str
    shape: Shape
    changes: tuple[Change, ...]

    @property
    def to_write(self) -> tuple[Change, ...]:
        """Those that change a file."""
        return tuple(change for change in self.changes if change.content is not None)


def plan(blog: Blog, *, github: bool = False) -> Plan:
    """What would be written; nothing is. `github`: the workflow, too. Raises SetupError where Hugo cannot read the site."""
    site = blog.site
    modules = hugo.modules(site.hugo)
    module_dirs = [module.folder for module in modules]
    found = theme.look(site, module_dirs)
    changes = (
        *_archetypes(blog, found, module_dirs),
        _shortcode(blog, modules),
        _settings(blog),
        _tasks(site.root),
        *_gitignore(blog),
        *(_workflow(blog) if github else []),
    )
    return Plan(site.root, site.language, found, changes)


def _archetypes(blog: Blog, found: Shape, module_dirs: Sequence[Path]) -> Iterator[Change]:
    site, name = blog.site, blog.settings.archetype
    there = archetype.find_owned(site, name, module_dirs)
    if there is not None:
        reads = archetype.DATA_FILE in archetype.text_of(there)
        reason = "is used as it is" if reads else f"is used as it is, but does not read {archetype.DATA_FILE}"
        yield Change(
            "archetype",
            _shown(there.path, site.root),
            "unchanged" if reads else "manual",
            reason,
            remedy="" if reads else "`new` would print no papers with it: see the README, or rename it to get ours.",
        )
        return
    home = archetype.home(site)
    main = archetype.shipped(site.language)
    # A translation would be written with the main language's archetype.
    others = [key for key in site.languages if archetype.shipped(key) != main]
    for file, language in [(f"{name}.md", site.language), *((f"{name}.{key}.md", key) for key in others)]:
        text = _archetype(language, found)
        tongue = "Japanese" if _is_japanese(language) else "English"
        reason = f"template of the posts: {tongue}, front matter in {found.format.upper()}"
        yield creation("archetype", site.root, _shown(home / file, site.root), text, reason)


def _archetype(language: str, found: Shape) -> str:
    """Ours in the site's front matter format, with the theme's entry for a picture."""
    text = archetype.shipped(language).read_text(encoding="utf-8")
    on = {"usePageBundles": True} if found.page_bundles else {}
    if found.cover is None:
        return front_matter.rewritten(text, found.format, on, None, ("", ""))
    file = "{{ $post.name }}/{{ .figure.file }}" if found.cover.by_url else "{{ .figure.file }}"
    key, _, inner = found.cover.key.partition(".")
    value = {inner: file, "relative": True} if inner else [file] if key == "images" else file
    japanese = _is_japanese(language)
    who = found.theme or ("このサイト" if japanese else "This site")
    if japanese:
        why = (
            f"{who} は {key} を記事の画像として使う。最初の図を使うには、この行と「ここまで」の行を消す。",
            "ここまで",
        )
    else:
        why = (
            f'{who} shows `{key}` as a post\'s picture. For the first figure, delete this and the "end" line.',
            "end",
        )
    return front_matter.rewritten(text, found.format, on, {key: value}, why)


def _is_japanese(language: str) -> bool:
    return language.partition("-")[0] == "ja"


def _shortcode(blog: Blog, modules: Sequence[Module]) -> Change:
    site = blog.site
    template = shortcode.template(modules, blog.site.language)
    if template is not None:
        name = _shown(template, site.root)
        if shortcode.takes_label(template):
            return Change("shortcode", name, "unchanged", "takes the label of a folded abstract")
        remedy = 'Let it print {{ .Get "summary" }}; until then, folded abstracts have no label.'
        return Change("shortcode", name, "manual", "takes no label that we could pass", remedy=remedy)
    if hugo.version(site.hugo) >= EMBEDDED_DETAILS:
        return Change("shortcode", shortcode.SHORTCODE, "unchanged", "is not needed: this Hugo has one of its own")
    reason = "folds the abstracts; this Hugo has no `details` of its own"
    return creation("shortcode", site.root, shortcode.SHORTCODE, shortcode.TEMPLATE, reason)


def _settings(blog: Blog) -> Change:
    site = blog.site
    files = list(config_files(site.root, site.hugo))
    there = next((file for file in files if config_block.has_settings(site_files.text(file))), None)
    of_the_theme = "params.llmpapers" in blog.origins.values()
    if there is not None or of_the_theme:
        name = _shown(there, site.root) if there else "params.llmpapers"
        return Change("settings", name, "unchanged", "has our settings")
    path, whole_file = _settings_file(files, site.root)
    known = {"language": site.language, "section": blog.settings.section or site.section_dir.name}

    def with_block(file: TextFile) -> Change:
        name = _shown(path, site.root)
        block = Block(_is_japanese(site.language), known, file.newline, whole_file)
        by_hand = "A setting can be added by hand" + (":" if whole_file else ", in `params`:")
        snippet = config_block.json_snippet(block)
        if path.suffix == ".json":
            reason = "is JSON, which has no comments"
            return Change("settings", name, "manual", reason, remedy=by_hand, snippet=snippet)
        try:
            text = (config_block.add_to_toml if path.suffix == ".toml" else config_block.add_to_yaml)(file.text, block)
        except ParseError as error:
            raise Untouchable(f"cannot be read: {error}", _MEND) from None
        except CannotInsert as error:
            return Change("settings", name, "manual", str(error), remedy=by_hand, snippet=snippet)
        action: Action = "append" if text.startswith(file.text) else "merge"
        return writing("settings", name, action, "settings and their defaults, as comments", file, text)

    return change_of(site.root, "settings", _shown(path, site.root), with_block)


def _settings_file(files: Sequence[Path], root: Path) -> tuple[Path, bool]:
    """Where settings belong, and whether that file is about `params` alone."""

    def rank(file: Path) -> int:
        if file.parent.parent.name != "config" or file.parent.parent.parent != root:
            return 2  # in the root, or named with --config
        order = {"params": 0, "hugo": 1, "config": 1}.get(file.stem, _OTHER)
        return order if file.parent.name == "_default" else order + 3

    best = min(files, key=rank)
    if rank(best) >= _OTHER:
        return root / "config" / "_default" / "params.toml", True
    return best, rank(best) in {0, 3}


def _tasks(root: Path) -> Change:
    name = vscode.FILE

    def merged(file: TextFile) -> Change:
        try:
            lacking = vscode.missing(file.text)
        except JSONDecodeError as error:
            at = (error.lineno, error.colno)
            raise Untouchable(f"is broken at line {at[0]}, column {at[1]}: {error.msg}", _MEND, at) from None
        except ValueError as error:
            raise Untouchable(f"cannot be added to: {error}", _MEND) from None
        if not lacking:
            return Change("tasks", name, "unchanged", "has our tasks")
        labels = ", ".join(f"“{task['label']}”" for task in lacking.get("tasks", ()))
        text = vscode.completed(file.text, lacking, file.newline)
        reason = f"VS Code tasks {labels}" if labels else "the date that VS Code tasks of it ask for"
        return writing("tasks", name, "merge", reason, file, text)

    return change_of(root, "tasks", name, merged)


def _workflow(blog: Blog) -> Iterator[Change]:
    """GitHub looks for it at the top of the repository only, which may be above the site."""
    site = blog.site
    top, source = git.top(site.root, site.hugo.environ), site.mount.source.resolve()
    inside = source.is_relative_to(top or site.root.resolve())
    content = source.relative_to(top or site.root.resolve()).as_posix() if inside else "content"
    if top is not None and top in site.root.resolve().parents:
        folder = site.root.resolve().relative_to(top).as_posix()
        reason = f"belongs to the top of the repository, {top}"
        remedy = f"Copy {_shipped(WORKFLOW)} there, with `SITE: {folder}` and `CONTENT: {content}` in its `env`."
        yield Change("workflow", WORKFLOW, "manual", reason, remedy=remedy)
        remedy = f"Copy {_shipped(WORKFLOW_PACKAGES)} there."
        yield Change("workflow packages", WORKFLOW_PACKAGES, "manual", reason, remedy=remedy)
        return
    reason = "publishes every day; needs ANTHROPIC_API_KEY among the secrets of the repository's environment llm-papers"
    text = (
        _shipped(WORKFLOW).read_text(encoding="utf-8").replace("\n  CONTENT: content ", f"\n  CONTENT: {content} ", 1)
    )
    yield creation("workflow", site.root, WORKFLOW, text, reason)
    packages = _shipped(WORKFLOW_PACKAGES).read_text(encoding="utf-8")
    yield creation(
        "workflow packages", site.root, WORKFLOW_PACKAGES, packages, "what the workflow installs, with hashes"
    )
    name = f"{blog.settings.slug}-{dates.today(blog.moment.now, site.zone).isoformat()}"
    for problem, remedy in workflow_checks.problems(blog, name, (top or site.root) / content):
        yield Change("workflow", WORKFLOW, "manual", f"publishes no post: {problem}", remedy=remedy)
    if ignored := git.ignored(site.root, site.hugo.environ, site.root / WORKFLOW):
        yield Change("workflow", WORKFLOW, "manual", f"is ignored by git: {ignored}", remedy="Take that line out.")


def _shipped(name: str) -> Path:
    """A file of the example site; in a wheel, where there is no example, among the hooks."""
    packed = _PACKED / Path(name).name
    return packed if packed.is_file() else _EXAMPLE / name


def _gitignore(blog: Blog) -> Iterator[Change]:
    """Only what git would otherwise take; a `public` that is in git, or goes by another name, is there on purpose."""
    site = blog.site
    public = str(site.config.get("publishdir", "public")) == "public"
    names = [name for name in _MADE_BY_HUGO if public or name != "public/"]
    if site.cache_dir.is_relative_to(site.root):
        names.append(f"{site.cache_dir.relative_to(site.root).as_posix()}/")
    missing = git.unignored(site.root, site.hugo.environ, names)

    def with_lines(file: TextFile) -> Change:
        text = file.text if not file.text or file.text.endswith("\n") else file.text + file.newline
        text += "".join(f"/{name}{file.newline}" for name in missing)
        return writing("gitignore", ".gitignore", "append", f"what runs leave behind: {', '.join(missing)}", file, text)

    if missing:
        yield change_of(site.root, "gitignore", ".gitignore", with_lines)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

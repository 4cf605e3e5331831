"""Plan what `init` adds to a site; existing content is never changed.

The plan depends only on the site as it is now: once it has been written, the next one has nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path

from hugo_llmpapers.post import archetype
from hugo_llmpapers.post.placement import WORKFLOW, workflow_problems
from hugo_llmpapers.setup import config_block, vscode
from hugo_llmpapers.setup.archetype_file import archetype_text, is_japanese
from hugo_llmpapers.setup.changes import Action, CannotEdit, Change, TextFile, plan_edit, plan_new_file
from hugo_llmpapers.setup.config_block import Block, CannotInsert
from hugo_llmpapers.setup.theme import Conventions, detect
from hugo_llmpapers.site import dates, git, hugo
from hugo_llmpapers.site import details_shortcode as shortcode
from hugo_llmpapers.site import files as site_files
from hugo_llmpapers.site.config.config_files import config_files
from hugo_llmpapers.site.hugo_program import EMBEDDED_DETAILS
from hugo_llmpapers.site.mounts import Module
from hugo_llmpapers.site.site import Blog

_HUGO_OUTPUT = ("public/", "resources/_gen/", ".hugo_build.lock")
"""https://github.com/github/gitignore/blob/main/Hugo.gitignore"""
WORKFLOW_PACKAGES = ".github/llm-papers/requirements.txt"
"""The packages that the workflow installs besides this tool, with hashes."""
_IN_WHEEL = Path(__file__).parents[1] / "hooks"
_EXAMPLE_SITE = Path(__file__).parents[2] / "hugo-example"
_FIX_FILE = "Fix it, and run init again."
_OTHER = 6
"""Rank of configuration files about something else, such as menus."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes for one site."""

    root: Path
    language: str
    conventions: Conventions
    changes: tuple[Change, ...]

    @property
    def to_write(self) -> tuple[Change, ...]:
        """The changes that create or edit a file."""
        return tuple(change for change in self.changes if change.new_text is not None)


def plan(blog: Blog, *, github: bool = False) -> Plan:
    """Return what `init` would write; with `github` also the workflow. Raises SetupError if Hugo cannot read the site."""
    site = blog.site
    modules = hugo.modules(site.hugo)
    module_dirs = [module.folder for module in modules]
    conventions = detect(site, module_dirs)
    changes = (
        *_archetypes(blog, conventions, module_dirs),
        _shortcode(blog, modules),
        _settings(blog),
        plan_edit("tasks", site.root, vscode.FILE, _add_tasks),
        *_gitignore(blog),
        *(_workflow(blog) if github else []),
    )
    return Plan(site.root, site.language, conventions, changes)


def _archetypes(blog: Blog, conventions: Conventions, module_dirs: Sequence[Path]) -> Iterator[Change]:
    site, name = blog.site, blog.settings.archetype
    existing = archetype.find_owned(site, name, module_dirs)
    if existing is not None:
        path = _relative(existing.path, site.root)
        if archetype.DATA_FILE in archetype.read_text(existing):
            yield Change("archetype", path, "unchanged", "is used as it is")
        else:
            reason = f"is used as it is, but does not read {archetype.DATA_FILE}"
            remedy = "`new` would print no papers with it: see the README, or rename it to get the built-in one."
            yield Change("archetype", path, "manual", reason, remedy=remedy)
        return
    home = archetype.home(site)
    # The archetype of the main language would be used for translations, too.
    others = [key for key in site.languages if archetype.shipped(key) != archetype.shipped(site.language)]
    for file, language in [(f"{name}.md", site.language), *((f"{name}.{key}.md", key) for key in others)]:
        text = archetype_text(language, conventions)
        in_language = "Japanese" if is_japanese(language) else "English"
        reason = f"template of the posts: {in_language}, front matter in {conventions.format.upper()}"
        yield plan_new_file("archetype", site.root, _relative(home / file, site.root), text, reason)


def _shortcode(blog: Blog, modules: Sequence[Module]) -> Change:
    site = blog.site
    template = shortcode.find_template(modules, site.language)
    if template is not None:
        name = _relative(template, site.root)
        if shortcode.call_of(template) is not None:
            return Change("shortcode", name, "unchanged", "takes the label of a folded abstract")
        remedy = 'Let it print {{ .Get "summary" }}; until then, folded abstracts have no label.'
        return Change("shortcode", name, "manual", "takes no label that we could pass", remedy=remedy)
    if hugo.version(site.hugo) >= EMBEDDED_DETAILS:
        return Change("shortcode", shortcode.SHORTCODE, "unchanged", "is not needed: this Hugo has its own")
    reason = "folds the abstracts; this Hugo has no `details` of its own"
    return plan_new_file("shortcode", site.root, shortcode.SHORTCODE, shortcode.TEMPLATE, reason)


def _settings(blog: Blog) -> Change:
    site = blog.site
    files = list(config_files(site.hugo))
    existing = next((file for file in files if config_block.has_settings(site_files.read_text(file))), None)
    if existing is not None or "params.llmpapers" in blog.origins.values():  # the latter: in the theme's configuration
        name = _relative(existing, site.root) if existing else "params.llmpapers"
        return Change("settings", name, "unchanged", "already has the settings")
    path, params_only = _settings_file(files, site.root)
    name = _relative(path, site.root)
    site_values = {"language": site.language, "section": blog.settings.section or site.section_dir.name}

    def add_block(file: TextFile) -> Change:
        block = Block(is_japanese(site.language), site_values, file.newline, params_only)
        remedy = "You can add a setting yourself" + (":" if params_only else ", in `params`:")
        snippet = config_block.json_snippet(block)
        if path.suffix == ".json":
            return Change("settings", name, "manual", "is JSON, which has no comments", remedy=remedy, snippet=snippet)
        add = config_block.add_to_toml if path.suffix == ".toml" else config_block.add_to_yaml
        try:
            text = add(file.text, block)
        except ValueError as error:
            raise CannotEdit(f"cannot be parsed: {error}", _FIX_FILE) from None
        except CannotInsert as error:
            return Change("settings", name, "manual", str(error), remedy=remedy, snippet=snippet)
        action: Action = "append" if text.startswith(file.text) else "merge"
        return Change("settings", name, action, "settings and their defaults, as comments", file, text)

    return plan_edit("settings", site.root, name, add_block)


def _settings_file(files: Sequence[Path], root: Path) -> tuple[Path, bool]:
    """Return the file for our settings, and whether it contains only `params`."""

    def rank(file: Path) -> int:
        if file.parent.parent.name != "config" or file.parent.parent.parent != root:
            return 2  # in the root, or named with --config
        order = {"params": 0, "hugo": 1, "config": 1}.get(file.stem, _OTHER)
        return order if file.parent.name == "_default" else order + 3

    best = min(files, key=rank)
    if rank(best) >= _OTHER:
        return root / "config" / "_default" / "params.toml", True
    return best, rank(best) in {0, 3}


def _add_tasks(file: TextFile) -> Change:
    try:
        missing = vscode.missing(file.text)
    except JSONDecodeError as error:
        at = (error.lineno, error.colno)
        raise CannotEdit(f"is broken at line {at[0]}, column {at[1]}: {error.msg}", _FIX_FILE, at) from None
    except ValueError as error:
        raise CannotEdit(f"cannot be added to: {error}", _FIX_FILE) from None
    if not missing:
        return Change("tasks", vscode.FILE, "unchanged", "already has the tasks")
    labels = ", ".join(f"“{task['label']}”" for task in missing.get("tasks", ()))
    reason = f"VS Code tasks {labels}" if labels else "the date input of our VS Code tasks"
    return Change("tasks", vscode.FILE, "merge", reason, file, vscode.add(file.text, missing, file.newline))


def _gitignore(blog: Blog) -> Iterator[Change]:
    """Plan lines for what Hugo and we write, unless it is ignored or committed already, as a published `public` may be."""
    site = blog.site
    public = str(site.config.get("publishdir", "public")) == "public"
    names = [name for name in _HUGO_OUTPUT if public or name != "public/"]
    if site.cache.root.is_relative_to(site.root):
        names.append(f"{site.cache.root.relative_to(site.root).as_posix()}/")
    missing = git.not_ignored(site.root, site.hugo.environ, names)

    def add_lines(file: TextFile) -> Change:
        text = file.text if not file.text or file.text.endswith("\n") else file.text + file.newline
        text += "".join(f"/{name}{file.newline}" for name in missing)
        return Change("gitignore", ".gitignore", "append", f"generated files: {', '.join(missing)}", file, text)

    if missing:
        yield plan_edit("gitignore", site.root, ".gitignore", add_lines)


def _workflow(blog: Blog) -> Iterator[Change]:
    """Plan the workflow's two files. GitHub reads them only at the top of the repository, which may be above the site."""
    site, environ = blog.site, blog.site.hugo.environ
    root, source, top = site.root.resolve(), site.mount.source.resolve(), git.work_tree(site.root, environ)
    inside = source.is_relative_to(top or root)
    content = source.relative_to(top or root).as_posix() if inside else "content"
    if top is not None and top in root.parents:
        remedy = f"with `SITE: {root.relative_to(top).as_posix()}` and `CONTENT: {content}` in its `env`."
        reason = f"belongs at the top of the repository, {top}"
        yield Change("workflow", WORKFLOW, "manual", reason, remedy=f"Copy {_shipped(WORKFLOW)} there, {remedy}")
        remedy = f"Copy {_shipped(WORKFLOW_PACKAGES)} there."
        yield Change("workflow packages", WORKFLOW_PACKAGES, "manual", reason, remedy=remedy)
        return
    text = _shipped(WORKFLOW).read_text(encoding="utf-8")
    text = text.replace("\n  CONTENT: content ", f"\n  CONTENT: {content} ", 1)
    reason = "publishes every day; needs ANTHROPIC_API_KEY among the secrets of the repository's environment llm-papers"
    yield plan_new_file("workflow", site.root, WORKFLOW, text, reason)
    packages = _shipped(WORKFLOW_PACKAGES).read_text(encoding="utf-8")
    reason = "packages that the workflow installs, with hashes"
    yield plan_new_file("workflow packages", site.root, WORKFLOW_PACKAGES, packages, reason)
    name = f"{blog.settings.slug}-{dates.today(blog.now, site.zone).isoformat()}"
    for problem, remedy in workflow_problems(blog, name, (top or site.root) / content):
        yield Change("workflow", WORKFLOW, "manual", f"publishes no post: {problem}", remedy=remedy)
    if rule := git.ignore_rule(site.root, environ, site.root / WORKFLOW):
        yield Change("workflow", WORKFLOW, "manual", f"is ignored by git: {rule}", remedy="Remove that line.")


def _shipped(name: str) -> Path:
    """Return the path of our copy of a file: in the wheel, else in the example site of a checkout."""
    packed = _IN_WHEEL / Path(name).name
    return packed if packed.is_file() else _EXAMPLE_SITE / name


def _relative(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)

"""The workflow that publishes a post every day on GitHub, added by `init --github`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hugo_llmpapers.post import workflow_checks
from hugo_llmpapers.post.workflow_checks import FILE
from hugo_llmpapers.setup.changes import Change, plan_new_file
from hugo_llmpapers.site import dates, git
from hugo_llmpapers.site.site import Blog

PACKAGES = ".github/llm-papers/requirements.txt"
"""The packages that the workflow installs besides this tool, with hashes."""
_IN_WHEEL = Path(__file__).parents[1] / "hooks"
_EXAMPLE_SITE = Path(__file__).parents[2] / "hugo-example"


def plan_workflow(blog: Blog) -> Iterator[Change]:
    """Plan the workflow's two files. GitHub reads them only at the top of the repository, which may be above the site."""
    site, environ = blog.site, blog.site.hugo.environ
    root, source, top = site.root.resolve(), site.mount.source.resolve(), git.work_tree(site.root, environ)
    inside = source.is_relative_to(top or root)
    content = source.relative_to(top or root).as_posix() if inside else "content"
    if top is not None and top in root.parents:
        remedy = f"with `SITE: {root.relative_to(top).as_posix()}` and `CONTENT: {content}` in its `env`."
        reason = f"belongs at the top of the repository, {top}"
        yield Change("workflow", FILE, "manual", reason, remedy=f"Copy {_shipped(FILE)} there, {remedy}")
        yield Change("workflow packages", PACKAGES, "manual", reason, remedy=f"Copy {_shipped(PACKAGES)} there.")
        return
    text = _shipped(FILE).read_text(encoding="utf-8").replace("\n  CONTENT: content ", f"\n  CONTENT: {content} ", 1)
    reason = "publishes every day; needs ANTHROPIC_API_KEY among the secrets of the repository's environment llm-papers"
    yield plan_new_file("workflow", site.root, FILE, text, reason)
    packages = _shipped(PACKAGES).read_text(encoding="utf-8")
    reason = "packages that the workflow installs, with hashes"
    yield plan_new_file("workflow packages", site.root, PACKAGES, packages, reason)
    name = f"{blog.settings.slug}-{dates.today(blog.now, site.zone).isoformat()}"
    for problem, remedy in workflow_checks.problems(blog, name, (top or site.root) / content):
        yield Change("workflow", FILE, "manual", f"publishes no post: {problem}", remedy=remedy)
    if ignored := git.ignore_rule(site.root, environ, site.root / FILE):
        yield Change("workflow", FILE, "manual", f"is ignored by git: {ignored}", remedy="Remove that line.")


def _shipped(name: str) -> Path:
    """Return the path of our copy of a file: in the wheel, else in the example site of a checkout."""
    packed = _IN_WHEEL / Path(name).name
    return packed if packed.is_file() else _EXAMPLE_SITE / name

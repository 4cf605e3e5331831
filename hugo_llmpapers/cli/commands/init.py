"""`hugo-llmpapers init`: adds to a site what it needs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.options import SiteOptions, site_command
from hugo_llmpapers.cli.terminal import confirm, counted, print_error
from hugo_llmpapers.errors import UsageError, with_location

if TYPE_CHECKING:
    from hugo_llmpapers.setup.changes import Change
    from hugo_llmpapers.setup.init import Plan

_NEXT = """\
Next, in the site's folder:
  hugo-llmpapers new --sample && hugo server --buildDrafts    a first post about invented papers; delete it afterwards
  hugo-llmpapers new && hugo server                           today's post; summaries by Claude need ANTHROPIC_API_KEY\
"""


@site_command
def init(
    console: Console,
    site: SiteOptions,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")] = False,
    github: Annotated[bool, typer.Option("--github", help="Also add the GitHub workflow.")] = False,
) -> None:
    """Add what the site needs: archetype, `details` shortcode, commented settings, VS Code tasks.

    Shows the changes and asks before writing. Overwrites nothing; a second run changes nothing.
    """
    if yes and dry_run:
        raise UsageError("--yes and --dry-run cannot be combined.", "Use one of them.")
    from hugo_llmpapers.setup.changes import apply
    from hugo_llmpapers.setup.init import plan as plan_for

    plan = plan_for(site.open(), github=github)
    _print_plan(plan, console)
    asks = not (yes or dry_run or console.as_json) and sys.stdin.isatty() and sys.stderr.isatty()
    question = f"Write {counted(len(plan.to_write), 'file')}?"
    writes = bool(plan.to_write) and (yes or (asks and confirm(question)))
    done = [apply(change, plan.root) for change in plan.changes] if writes else list(plan.changes)
    blocked = [change for change in done if change.action == "blocked"]
    for change in blocked:
        message = f"{change.name} {change.reason}."
        print_error(
            with_location(plan.root / change.name, *change.position, message) if change.position else message,
            change.remedy,
        )
    if writes:
        console.note(f"Wrote {counted(sum(change.new_text is not None for change in done), 'file')}.")
        console.note(_NEXT)
    elif not plan.to_write:
        console.note("Nothing to write.")
    else:
        console.note("Nothing was written." if asks else "Nothing was written. Run with --yes to write.")
    console.document(_document(plan, done, writes=writes))
    if blocked:
        raise typer.Exit(1)


def _print_plan(plan: Plan, console: Console) -> None:
    theme = f", theme {plan.conventions.theme}" if plan.conventions.theme else ""
    console.note(f"{plan.root}: language {plan.language}{theme}, front matter in {plan.conventions.format.upper()}")
    for change in plan.to_write:
        if not console.quiet:
            console.result(change.diff)
    width = max(len(change.name) for change in plan.changes)
    for change in plan.changes:
        if change.action != "blocked":
            console.result(f"{change.action:9s}  {change.name:{width}s}  {change.reason}")
            for line in [change.remedy, *change.snippet.splitlines()] if change.remedy else ():
                console.result(f"{'':9s}  {line}")


def _document(plan: Plan, done: Sequence[Change], *, writes: bool) -> dict[str, Any]:
    return {
        "status": "written" if writes else "planned" if plan.to_write else "unchanged",
        "site": str(plan.root),
        "language": plan.language,
        "theme": plan.conventions.theme or None,
        "front_matter": plan.conventions.format,
        "files": [
            {
                "what": after.kind,
                "path": after.name,
                "action": after.action,
                "reason": after.reason,
                "remedy": after.remedy or None,
                "snippet": after.snippet or None,
                "diff": before.diff or None,
                "written": writes and after.new_text is not None,
            }
            for before, after in zip(plan.changes, done, strict=True)
        ],
    }

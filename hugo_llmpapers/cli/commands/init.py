"""`hugo-llmpapers init`: adds what a site is missing."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, headline, reporting_failures
from hugo_llmpapers.errors import UsageError, with_location

if TYPE_CHECKING:
    from hugo_llmpapers.setup.changes import Change
    from hugo_llmpapers.setup.init import Plan

_NEXT = """\
Next, in the site's folder:
  hugo-llmpapers new --sample && hugo server --buildDrafts    a first post, of invented papers; delete it afterwards
  hugo-llmpapers new && hugo server                           today's; summaries by Claude need ANTHROPIC_API_KEY\
"""


def init(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written; write nothing.")] = False,
    github: Annotated[bool, typer.Option("--github", help="Add the workflow for GitHub, too.")] = False,
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Add what the site is missing: archetype, `details` shortcode, settings as comments, VS Code tasks.

    Shows it first, and asks. What is there is at most added to; running it again changes nothing.
    """
    with reporting_failures(quiet=quiet, as_json=as_json) as console:
        if yes and dry_run:
            raise UsageError("--yes with --dry-run makes no sense.", "One writes, the other does not.")
        blog = options.opened(source, environment, config, clock)
        from hugo_llmpapers.setup.changes import apply
        from hugo_llmpapers.setup.init import plan as plan_of

        plan = plan_of(blog, github=github)
        _show(plan, console)
        asks = not (yes or dry_run or as_json) and sys.stdin.isatty() and sys.stderr.isatty()
        writes = bool(plan.to_write) and (yes or (asks and _agreed(len(plan.to_write))))
        done = [apply(change, plan.root) for change in plan.changes] if writes else list(plan.changes)
        _complain(done, plan.root)
        _conclude(plan, done, console, writes=writes, asked=asks)
        console.document(_document(plan, done, writes=writes))
        if any(change.action == "blocked" for change in done):
            raise typer.Exit(1)


def _show(plan: Plan, console: Console) -> None:
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


def _agreed(files: int) -> bool:
    """The answer of a person at the terminal; a closed terminal says no."""
    print(f"Write {'this file' if files == 1 else f'these {files} files'}? [y/N] ", end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline()
    if not answer.endswith("\n"):
        print(file=sys.stderr)
    return answer.strip().lower() in {"y", "yes"}


def _complain(done: Sequence[Change], root: Path) -> None:
    for change in done:
        if change.action == "blocked":
            said = f"{change.name} {change.reason}."
            print(
                headline(with_location(root / change.name, *change.position, said) if change.position else said),
                file=sys.stderr,
            )
            print(f"  {change.remedy}", file=sys.stderr)


def _conclude(plan: Plan, done: Sequence[Change], console: Console, *, writes: bool, asked: bool) -> None:
    files = sum(change.new_text is not None for change in done)
    if writes:
        console.note(f"{files} {'file' if files == 1 else 'files'} written.")
        console.note(_NEXT)
    elif not plan.to_write:
        console.note("There is nothing to write.")
    else:
        console.note("Nothing was written." if asked else "Nothing was written: run it with --yes to write.")


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

"""`hugo-llmpapers doctor`: the settings with their origins, and what would go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Annotated

import typer

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.options import SiteOptions, site_command
from hugo_llmpapers.cli.terminal import relative_place, shortened
from hugo_llmpapers.doctor import Finding, Value, exit_code

_TITLES = {"settings": "Settings (params.llmpapers)", "post": "Posts"}
"""Titles that are not simply the group's name."""


@site_command(quiet="Print problems only.")
def doctor(
    console: Console,
    site: SiteOptions,
    online: Annotated[bool, typer.Option("--online", help="Also send one request to each service.")] = False,
) -> None:
    """Show the settings and where each was set, and what would go wrong, with the remedies.

    Exit code 0 if `new` would work, 3 if the site, its settings, the key or the model cannot be used, 5 if with --online no
    service answers.
    """
    from hugo_llmpapers.cli.doctor_report import run_stages

    findings = list(_print_groups(run_stages(site, with_services=online), console))
    code = exit_code(findings)
    problems = [finding for finding in findings if finding.problem]
    _print_problems("Errors:", [finding for finding in problems if finding.stops], console)
    _print_problems("Warnings:", [finding for finding in problems if not finding.stops], console)
    if not console.quiet:
        console.result("`new` would work." if code == 0 else f"`new` would not work (exit code {code}).")
    status = "ready" if code == 0 else "not ready"
    console.document({"status": status, "exit_code": code, "findings": [asdict(finding) for finding in findings]})
    if code:
        raise typer.Exit(code)


def _print_groups(findings: Iterable[Finding], console: Console) -> Iterator[Finding]:
    """Print each group as soon as it is complete, and yield its findings."""
    for group, some in groupby(findings, lambda finding: finding.group):
        members = list(some)
        yield from members
        lines = [m for m in members if (m.value is not None or m.why) and not _is_default(m)]
        defaults = sum(map(_is_default, members))
        if console.quiet or not (lines or defaults):
            continue
        console.result(_TITLES.get(group, group.title()))
        width = max((len(m.name) for m in lines), default=0)
        for m in lines:
            why = f"  ({m.why})" if m.why else ""
            value = shortened(_format(m.value), 100)
            console.text(f"{'!' if m.problem else ' '} {m.name:{width}s}  {value}{why}")
        if defaults:
            console.result(f"  {defaults} settings have their defaults; --json lists them")
        console.result("")


def _is_default(finding: Finding) -> bool:
    return finding.group == "settings" and finding.why == "default"


def _print_problems(title: str, findings: Sequence[Finding], console: Console) -> None:
    if not findings:
        return
    console.result(title)
    for problem, remedy in dict.fromkeys((finding.problem or "", finding.remedy) for finding in findings):
        console.text(f"  {relative_place(problem)}")
        if remedy:
            console.text(f"    {remedy}")
    console.result("")


def _format(value: Value) -> str:
    if value is None:
        return "-"
    if isinstance(value, tuple):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)

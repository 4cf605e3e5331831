"""`hugo-llmpapers doctor`: what there is, where it came from, and what would go wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console, near, reporting_failures, visible

if TYPE_CHECKING:
    from hugo_llmpapers.doctor import Finding, Group, Value

_TITLES: Mapping[Group, str] = {
    "hugo": "Hugo",
    "site": "Site",
    "settings": "Settings (params.llmpapers)",
    "template": "Template",
    "post": "Posts",
    "summaries": "Summaries",
    "figures": "Figures",
    "cache": "Cache",
    "services": "Services",
}
_WIDEST = 100
"""Characters of a value that a person is shown."""


def doctor(
    online: Annotated[bool, typer.Option("--online", help="Ask each service once, too.")] = False,
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show problems only.")] = False,
    as_json: options.Json = False,
) -> None:
    """Show what there is, where each setting came from, and what would go wrong, with its remedy.

    Exit code 0 if `new` would work, 3 if site, settings, key or model are in the way, 5 if with --online no service answers.
    """
    with reporting_failures(quiet=quiet, as_json=as_json) as console:
        from hugo_llmpapers.cli.doctor_report import findings
        from hugo_llmpapers.doctor import exit_code

        moment = options.now(clock)
        stages = findings(lambda: options.site_hugo(source, environment, config, clock), moment, online=online)
        found = list(_shown(stages, console))
        code = exit_code(found)
        _tell_problems(found, console)
        if not quiet:
            console.result("`new` would work." if code == 0 else f"`new` would not work (exit code {code}).")
        console.document(
            {"status": "ready" if code == 0 else "not ready", "exit_code": code, "findings": [asdict(f) for f in found]}
        )
        if code:
            raise typer.Exit(code)


def _shown(findings: Iterable[Finding], console: Console) -> Iterator[Finding]:
    """Shows each group as soon as it is complete, and hands its findings on."""
    for group, members in ((group, list(some)) for group, some in groupby(findings, lambda finding: finding.group)):
        yield from members
        lines = [m for m in members if (m.value is not None or m.why) and not _is_default(m)]
        defaults = sum(map(_is_default, members))
        if console.quiet or not (lines or defaults):
            continue
        console.result(_TITLES[group])
        width = max((len(m.name) for m in lines), default=0)
        for m in lines:
            why = f"  ({m.why})" if m.why else ""
            console.result(visible(f"{'!' if m.problem else ' '} {m.name:{width}s}  {_written(m.value)}{why}"))
        if defaults:
            console.result(f"  {defaults} at their defaults; --json has them all")
        console.result("")


def _is_default(finding: Finding) -> bool:
    return finding.group == "settings" and finding.why == "default"


def _tell_problems(findings: Iterable[Finding], console: Console) -> None:
    wrong = [finding for finding in findings if finding.problem]
    for title, some in (
        ("In the way of `new`:", [finding for finding in wrong if finding.stops]),
        ("To be fixed:", [finding for finding in wrong if not finding.stops]),
    ):
        if not some:
            continue
        console.result(title)
        for problem, remedy in dict.fromkeys((finding.problem, finding.remedy) for finding in some):
            console.result(visible(f"  {near(problem or '')}"))
            if remedy:
                console.result(visible(f"    {remedy}"))
        console.result("")


def _written(value: Value) -> str:
    match value:
        case None:
            text = "-"
        case bool():
            text = str(value).lower()
        case tuple():
            text = ", ".join(value)
        case _:
            text = str(value)
    return text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…"

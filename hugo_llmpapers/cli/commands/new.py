"""`hugo-llmpapers new`: the post of a day."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Annotated

import typer

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.credentials import warnings
from hugo_llmpapers.cli.options import SiteOptions, site_command
from hugo_llmpapers.cli.output import report_outcome
from hugo_llmpapers.errors import SetupError, UsageError
from hugo_llmpapers.pipeline.request import PostRequest, existing_at_path, page_path, post_name
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources import arxiv_id

DEMO = "hugo-example"
"""Folder name of the example site; a sample post is a draft in any other site."""
_CONFLICTS = (
    ("--ids", "--reselect", "--ids names the papers."),
    ("--ids", "--sample", "The sample has its own papers."),
    ("--ids", "--count", "--ids determines the number of papers."),
    ("--dry-run", "--print", "One shows the plan, the other the finished Markdown."),
    ("--pick", "--ids", "--ids names the papers."),
    ("--pick", "--force", "--force keeps the post's papers. Add --reselect to choose others."),
    ("--count", "--force", "--force keeps the post's papers. Add --reselect to choose others."),
)
"""Options that cannot be combined, and why; those about --force can with --reselect."""


@site_command
def new(
    console: Console,
    site: SiteOptions,
    day: options.Day = None,
    count: options.Count = None,
    ids: Annotated[str | None, typer.Option(help="Exactly these papers, in this order.", metavar="ID,ID,…")] = None,
    pick: Annotated[bool, typer.Option("--pick", help="Choose from the ranked papers in the terminal.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the ranking with its reasons.")] = False,
    language: options.Language = None,
    model: options.Model = None,
    no_figures: options.NoFigures = False,
    dry_run: options.DryRun = False,
    print_only: Annotated[bool, typer.Option("--print", help="Print the Markdown; write nothing in the site.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write the post again with the same papers; back up the old one.")
    ] = False,
    reselect: Annotated[bool, typer.Option("--reselect", help="With --force: choose the papers again.")] = False,
    offline: options.Offline = False,
    sample: Annotated[bool, typer.Option("--sample", help="Use five invented papers; no network, no key.")] = False,
    max_cost: options.MaxCost = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if papers are missing or a source fails.")] = False,
) -> None:
    """Write the post of DATE if it does not exist."""
    given = {
        "--count": count is not None,
        "--ids": ids is not None,
        "--pick": pick,
        "--dry-run": dry_run,
        "--print": print_only,
        "--force": force,
        "--reselect": reselect,
        "--sample": sample,
    }
    _check_usage({name for name, is_given in given.items() if is_given})
    if pick:
        from hugo_llmpapers.cli.pick import check_terminal

        check_terminal()
    blogs = site.open_all(options.post_settings(count, language, model, max_cost, no_figures=no_figures))
    if print_only and len(blogs) > 1:
        raise UsageError("--print shows one language.", "Choose it with --language.")
    request = PostRequest(
        day=options.parse_day(day, blogs[0]),
        ids=_parse_ids(ids),
        force=force,
        reselect=reselect or pick,
        strict=strict,
        sample=sample,
        draft=sample and blogs[0].site.root.name != DEMO,
    )
    writes = not (dry_run or print_only)
    existing = [found for blog in blogs if writes and (found := existing_at_path(request, blog)) is not None]
    if len(existing) == len(blogs):
        for outcome, blog in zip(existing, blogs, strict=True):
            report_outcome(outcome, request, blog, console)
    else:
        from hugo_llmpapers.cli.run_new import run
        from hugo_llmpapers.pipeline.new import plan, preview, write

        if not sample:
            console.notes(warnings(blogs[0]))
            console.notes(_check_committable(post_name(request, blogs[0].settings), blogs[0]))
        console.watch(page_path(request, blog) for blog in blogs)
        step = plan if dry_run else preview if print_only else write
        run(request, blogs, console, step, explain=explain, offline=offline, pick=pick)
    console.print_documents(with_translations=len(blogs) > 1)


def _check_usage(given: Set[str]) -> None:
    if "--reselect" in given and "--force" not in given:
        raise UsageError("--reselect needs --force.", "Add --force, which rewrites the existing post.")
    for one, other, reason in _CONFLICTS:
        if {one, other} <= given and not (other == "--force" and "--reselect" in given):
            raise UsageError(f"{one} cannot be combined with {other}.", reason)


def _parse_ids(text: str | None) -> tuple[str, ...]:
    """Return the arXiv ids of `--ids` without versions and duplicates. Raises UsageError."""
    ids: dict[str, None] = {}
    for part in text.split(",") if text is not None else ():
        normal = arxiv_id.normalised(part)
        if normal is None:
            raise UsageError(f"{part.strip() or text!r} is not an arXiv id.", "Write ids as 2602.18283,2602.12160.")
        ids[normal] = None
    return tuple(ids)


def _check_committable(name: str, blog: Blog) -> Iterator[str]:
    """Yield why the post `name` cannot be committed, if so.

    Raises SetupError on GitHub Actions, where the post would be paid for and lost.
    """
    from hugo_llmpapers.pipeline.build_hosts import host
    from hugo_llmpapers.post.placement import IGNORED_REMEDY, ignored_by_git, workflow_problems

    if host(os.environ).name != "GitHub Actions":
        yield from filter(None, [ignored_by_git(blog.site, name)])
    elif content := os.environ.get("LLM_PAPERS_CONTENT"):  # set by the workflow that `init --github` adds
        for problem, remedy in workflow_problems(blog, name, Path(os.path.normpath(content))):
            raise SetupError(problem, remedy)
    elif (ignored := ignored_by_git(blog.site, name)) is not None:
        raise SetupError(ignored, IGNORED_REMEDY)

"""`hugo-llmpapers new`: the day's post."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from hugo_llmpapers.cli import options, text_output
from hugo_llmpapers.cli.console import reporting_failures
from hugo_llmpapers.cli.left import Left
from hugo_llmpapers.errors import UsageError
from hugo_llmpapers.pipeline.request import PostRequest, existing_at_path, page_path, post_name
from hugo_llmpapers.sources import arxiv_id

DEMO = "hugo-example"
"""Name of the folder of the site that we ship; anywhere else a sample is a draft."""


def new(
    day: Annotated[
        str | None,
        typer.Argument(help="Day of the post, as 2026-02-27, or today.", metavar="[DATE]", show_default="today"),
    ] = None,
    count: Annotated[int | None, typer.Option(help="Papers in the post.", metavar="N")] = None,
    ids: Annotated[str | None, typer.Option(help="Exactly these papers, in this order.", metavar="ID,ID,…")] = None,
    pick: Annotated[bool, typer.Option("--pick", help="Choose from the ranked papers in the terminal.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Show the ranking with its reasons.")] = False,
    language: Annotated[
        str | None, typer.Option(help="Language of post and summaries, as ja or en.", metavar="CODE")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Claude model.", metavar="NAME")] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave the figures out.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show papers, place and price; write and pay nothing.")
    ] = False,
    print_only: Annotated[bool, typer.Option("--print", help="Print the Markdown; write nothing in the site.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Write the post again, with its papers; the old one is kept.")
    ] = False,
    reselect: Annotated[bool, typer.Option("--reselect", help="With --force: choose the papers anew.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Use cached answers only.")] = False,
    sample: Annotated[bool, typer.Option("--sample", help="Five invented papers; no network, no key.")] = False,
    max_cost: Annotated[float | None, typer.Option(help="Most that Claude may cost.", metavar="USD")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Fewer papers or a failed source are errors.")] = False,
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """Write the post of DATE, unless it is there already."""
    flags = {
        "count": count,
        "languages": language,
        "model": model,
        "max_cost": max_cost,
        "figures": False if no_figures else None,
    }
    left = Left()
    with reporting_failures(quiet=quiet, as_json=as_json, left=left) as console:
        _check_usage(
            (reselect and not force, "--reselect without --force", "It is about a post that is written again."),
            (ids is not None and reselect, "--ids with --reselect", "The ids say which papers to take."),
            (ids is not None and sample, "--ids with --sample", "The sample has papers of its own."),
            (ids is not None and count is not None, "--count with --ids", "The ids say how many."),
            (dry_run and print_only, "--dry-run with --print", "One shows the plan, the other the finished Markdown."),
            (pick and ids is not None, "--pick with --ids", "The ids say which papers to take."),
            (
                pick and force and not reselect,
                "--pick with --force",
                "The post keeps its papers; with --reselect others are chosen.",
            ),
            (
                force and count is not None and not reselect and ids is None,
                "--count with --force",
                "The post keeps its papers; with --reselect others are chosen.",
            ),
        )
        if pick:
            from hugo_llmpapers.cli.pick import check_terminal

            check_terminal()
        blog = options.opened(source, environment, config, clock, flags)
        request = PostRequest(
            day=options.day(day, blog),
            ids=_ids(ids),
            force=force,
            reselect=reselect or pick,
            strict=strict,
            sample=sample,
            draft=sample and blog.site.root.name != DEMO,
        )
        blogs = options.translations(blog, flags)
        if print_only and len(blogs) > 1:
            raise UsageError("--print shows one language.", "Name it with --language.")
        writes = not (dry_run or print_only)
        documents, there = left.documents, [existing_at_path(request, one) for one in blogs] if writes else []
        if there and None not in there:
            documents += [
                text_output.told(done, request, one, console) for done, one in zip(there, blogs, strict=True) if done
            ]
        else:
            from hugo_llmpapers.cli.posting import posts
            from hugo_llmpapers.pipeline.new import plan, preview, write

            if not sample:
                options.report_unheeded(blog, console)
                options.report_uncommittable(post_name(request, blog.settings), blog, console)
            do = plan if dry_run else preview if print_only else write
            left.watch(page_path(request, one) for one in blogs)
            for document in posts(request, blogs, console, do, explain=explain, offline=offline, chosen_by_hand=pick):
                documents.append(document)
        others = {"translations": documents[1:]} if len(blogs) > 1 else {}
        console.document(documents[0] | others)


def _check_usage(*rules: tuple[bool, str, str]) -> None:
    """Raises UsageError for the first combination that is there: whether it is, what it is, why it makes no sense."""
    for there, together, why in rules:
        if there:
            raise UsageError(f"{together} makes no sense.", why)


def _ids(written: str | None) -> tuple[str, ...]:
    if written is None:
        return ()
    found = []
    for part in written.split(","):
        normal = arxiv_id.normalised(part)
        if normal is None:
            raise UsageError(f"{part.strip() or written!r} is not an arXiv id.", "Write ids as 2602.18283,2602.12160.")
        found.append(normal)
    return tuple(dict.fromkeys(found))

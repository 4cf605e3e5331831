"""`hugo-llmpapers history`: which paper was covered in which post."""

from __future__ import annotations

from pathlib import Path

from hugo_llmpapers.cli import options
from hugo_llmpapers.cli.console import reporting_failures
from hugo_llmpapers.site import history as content


def history(
    source: options.Source = Path(),
    environment: options.Environment = "production",
    config: options.Config = None,
    clock: options.Clock = None,
    quiet: options.Quiet = False,
    as_json: options.Json = False,
) -> None:
    """List the papers that the blog links to, newest post first."""
    with reporting_failures(quiet=quiet, as_json=as_json) as console:
        blog = options.opened(source, environment, config, clock)
        pages = [page for page in content.pages(blog.site.content_dirs, blog.site.content_suffixes) if page.papers]
        days = {page.path: page.day.isoformat() if page.day else None for page in pages}
        pages.sort(key=lambda page: (days[page.path] or "", str(page.path)), reverse=True)
        rows = [
            {"day": days[page.path], "id": paper, "path": str(page.path)} for page in pages for paper in page.papers
        ]
        for row in rows:
            console.result(f"{row['day'] or '-':10s}  {row['id']:12s}  {row['path']}")
        console.document(rows)
        if not rows:
            console.note("The blog links to no paper yet.")

"""`hugo-llmpapers history`: which post covers which paper."""

from __future__ import annotations

from hugo_llmpapers.cli.console import Console
from hugo_llmpapers.cli.options import SiteOptions, site_command
from hugo_llmpapers.site.history import pages


@site_command
def history(console: Console, site: SiteOptions) -> None:
    """List the papers that the blog links to, newest post first."""
    blog = site.open().site
    rows = [
        {"day": page.day.isoformat() if page.day else None, "id": paper, "path": str(page.path)}
        for page in pages(blog.content_dirs, blog.content_suffixes)
        for paper in page.papers
    ]
    rows.sort(key=lambda row: (row["day"] or "", row["path"]), reverse=True)
    for row in rows:
        console.result(f"{row['day'] or '-':10s}  {row['id']:12s}  {row['path']}")
    console.document(rows)
    if not rows:
        console.note("The blog links to no papers yet.")

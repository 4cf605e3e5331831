"""What the owner should know before a run: ignored settings, keys that are not sent, posts that git ignores."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from hugo_llmpapers.cli.credentials import SERVICE_KEYS, withheld
from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.config.settings import SETTINGS, Settings
from hugo_llmpapers.site.site import Blog

OWN_FILE = "Set it in the site's own configuration if you want it."


def warnings(blog: Blog) -> Iterator[str]:
    """Yield a line for each ignored setting and each key that is not sent."""
    for name in ignored_settings(blog):
        yield f"{name} is set by a theme or module and is ignored. {OWN_FILE}"
    for name, reason, remedy in withheld_keys(blog.settings, os.environ):
        yield f"{name} is not sent: {reason}. {remedy}"


def ignored_settings(blog: Blog) -> Iterator[str]:
    """Yield the names of settings that a theme or module sets although only the owner may."""
    names = {name.lower(): name for name in SETTINGS}
    for key in blog.ignored_settings:
        table, dot, part = key.partition(".")
        yield f"params.llmpapers.{names.get(table, table)}{dot}{part}"


def withheld_keys(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each key that is set and not sent to its service, with the reason and the remedy."""
    for name, service in SERVICE_KEYS.items():
        if environ.get(name, "").strip() and (reason := withheld(service, settings, environ)) is not None:
            variable = f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{service.upper()}"
            yield name, reason, f"To send it, set {variable} in the environment to an https: address."


def check_committable(name: str, blog: Blog) -> Iterator[str]:
    """Yield why the post `name` cannot be committed, if so.

    Raises SetupError on GitHub Actions, where the post would be paid for and lost.
    """
    from hugo_llmpapers.pipeline.build_hosts import host
    from hugo_llmpapers.post import workflow_checks
    from hugo_llmpapers.post.conflicts import ignored_by_git

    if host(os.environ).name != "GitHub Actions":
        yield from filter(None, [ignored_by_git(blog.site, name)])
    elif content := os.environ.get("LLM_PAPERS_CONTENT"):  # set by the workflow that `init --github` adds
        for problem, remedy in workflow_checks.problems(blog, name, Path(os.path.normpath(content))):
            raise SetupError(problem, remedy)
    elif (ignored := ignored_by_git(blog.site, name)) is not None:
        raise SetupError(ignored, workflow_checks.IGNORED_REMEDY)

"""Which machine a build runs on, by the variables that it sets, and whether this build is the site that readers see.

Netlify: https://docs.netlify.com/build/configure-builds/environment-variables/ · Cloudflare Pages:
https://developers.cloudflare.com/pages/configuration/build-configuration/ · GitHub Actions:
https://docs.github.com/en/actions/reference/workflows-and-actions/variables · Vercel:
https://vercel.com/docs/environment-variables/system-environment-variables
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

BRANCHES = ("main", "master")
"""Of the site that readers see, where the host does not tell; HUGO_LLMPAPERS_BRANCH names another."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where a build runs."""

    name: str
    preview: str | None
    """Why this build is not the site that readers see; None where it is, or nobody can tell."""
    keeps_cache: bool | None
    """Whether the folder of Hugo's cache is there again for the next build; None where it depends on the owner."""
    keeps_checkout: bool = False
    """Whether the site's folder is."""


def host(environ: Mapping[str, str]) -> Host:
    """The host that these variables are of."""
    branches = (environ["HUGO_LLMPAPERS_BRANCH"],) if environ.get("HUGO_LLMPAPERS_BRANCH") else BRANCHES
    # Cloudflare says that it is Netlify, too.
    if environ.get("CF_PAGES") or environ.get("WORKERS_CI"):
        branch = environ.get("CF_PAGES_BRANCH") or environ.get("WORKERS_CI_BRANCH") or ""
        return Host("Cloudflare", _unless_in(branch, branches), keeps_cache=False)
    if environ.get("NETLIFY"):
        context = environ.get("CONTEXT", "production")
        return Host("Netlify", None if context == "production" else f"its context is {context}", keeps_cache=True)
    if environ.get("VERCEL"):
        kind = environ.get("VERCEL_ENV", "production")
        return Host("Vercel", None if kind == "production" else f"its environment is {kind}", keeps_cache=False)
    if environ.get("GITHUB_ACTIONS"):
        event = environ.get("GITHUB_EVENT_NAME", "")
        pulled = f"it was started by {event}" if event.startswith("pull_request") else None
        return Host("GitHub Actions", pulled, keeps_cache=None)
    if environ.get("CI", "").lower() not in ("", "0", "false"):
        return Host("CI", None, keeps_cache=None)
    return Host("this machine", None, keeps_cache=True, keeps_checkout=True)


def _unless_in(branch: str, branches: tuple[str, ...]) -> str | None:
    if not branch or branch in branches:
        return None
    return f"its branch is {branch}, not {' or '.join(branches)}"

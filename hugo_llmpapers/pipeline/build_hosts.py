"""Which machine a build runs on, by the variables that it sets, and whether this build is the site that readers see.

A preview pays for nothing: where a host says that a build is of a pull request, or of a branch that readers do not see, it is
one. `HOSTS` says what each of them tells.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Environ = Mapping[str, str]

BRANCHES = ("main", "master")
"""Of the site that readers see, where the host does not tell; HUGO_LLMPAPERS_BRANCH names another."""
PUBLISHING = ("push", "schedule", "workflow_dispatch", "workflow_run", "repository_dispatch", "release")
"""Events of GitHub that build a site. Others are of pull requests and comments, which anybody can write."""


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


def host(environ: Environ) -> Host:
    """The host that these variables are of. Reads the file that GITHUB_EVENT_PATH names."""
    for row in HOSTS:
        if any(environ.get(name) for name in row.variables):
            return Host(row.name, row.preview(environ), row.keeps_cache)
    if environ.get("CI", "").lower() not in ("", "0", "false"):
        return Host("CI", None, keeps_cache=None)
    return Host("this machine", None, keeps_cache=True, keeps_checkout=True)


def _cloudflare(environ: Environ) -> str | None:
    return _of_branch(environ.get("CF_PAGES_BRANCH") or environ.get("WORKERS_CI_BRANCH"), environ)


def _netlify(environ: Environ) -> str | None:
    context = environ.get("CONTEXT", "production")
    return None if context == "production" else f"its context is {context}"


def _vercel(environ: Environ) -> str | None:
    # It can be told to hide its variables from builds.
    if not (kind := environ.get("VERCEL_ENV")):
        return _of_branch(environ.get("VERCEL_GIT_COMMIT_REF"), environ)
    return None if kind == "production" else f"its environment is {kind}"


def _render(environ: Environ) -> str | None:
    # Its owner has chosen the branch of each service.
    return "it is of a pull request" if environ.get("IS_PULL_REQUEST") == "true" else None


def _amplify(environ: Environ) -> str | None:
    if number := environ.get("AWS_PULL_REQUEST_ID"):
        return f"it is of pull request {number}"
    return _of_branch(environ.get("AWS_BRANCH"), environ)


def _gitlab(environ: Environ) -> str | None:
    # A child of its pipeline has another source, but the number, too.
    if number := environ.get("CI_MERGE_REQUEST_IID"):
        return f"it is of merge request {number}"
    if (source := environ.get("CI_PIPELINE_SOURCE", "")) in ("merge_request_event", "external_pull_request_event"):
        return f"it was started by {source}"
    if environ.get("CI_COMMIT_TAG"):
        return None
    return _of_branch(environ.get("CI_COMMIT_REF_NAME"), environ, environ.get("CI_DEFAULT_BRANCH"))


def _github(environ: Environ) -> str | None:
    name, event = environ.get("GITHUB_EVENT_NAME", ""), _event(environ.get("GITHUB_EVENT_PATH", ""))
    cause = event.get("workflow_run")
    if name == "workflow_run" and isinstance(cause, dict):
        name = str(cause.get("event"))
    # A run that another such run began may have begun with anything.
    if name not in PUBLISHING or (name == "workflow_run" and isinstance(cause, dict)):
        return f"it was started by {name or 'an unknown event'}"
    if environ.get("GITHUB_REF_TYPE") == "tag":
        return None
    repository = event.get("repository")
    default = repository.get("default_branch") if isinstance(repository, dict) else None
    # https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule: on this one only.
    if default is None and name == "schedule":
        return None
    return _of_branch(environ.get("GITHUB_REF_NAME"), environ, default)


def _event(path: str) -> dict[str, object]:
    """The payload of the webhook that started the run; empty where it cannot be read."""
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _of_branch(branch: str | None, environ: Environ, default: object = None) -> str | None:
    """Whether a build of this branch is a preview. `default`: the host's word for the branch of the site.

    The owner's word counts more, as readers may see another branch than the default one.
    """
    own = environ.get("HUGO_LLMPAPERS_BRANCH") or default
    branches = (own,) if isinstance(own, str) else BRANCHES
    return None if not branch or branch in branches else f"its branch is {branch}, not {' or '.join(branches)}"


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    variables: tuple[str, ...]
    """One of them is set in each of its builds, and nowhere else."""
    preview: Callable[[Environ], str | None]
    keeps_cache: bool | None
    told: str
    """Where the host says what its variables mean."""


HOSTS = (
    # Cloudflare says that it is Netlify, too.
    _Row(
        "Cloudflare", ("CF_PAGES", "WORKERS_CI"), _cloudflare, keeps_cache=False,
        told="https://developers.cloudflare.com/pages/configuration/build-configuration/#environment-variables "
        "https://developers.cloudflare.com/workers/ci-cd/builds/configuration/#environment-variables",
    ),
    _Row(
        "Netlify", ("NETLIFY",), _netlify, keeps_cache=True,
        told="https://docs.netlify.com/build/configure-builds/environment-variables/",
    ),
    _Row(
        "Vercel", ("VERCEL",), _vercel, keeps_cache=False,
        told="https://vercel.com/docs/environment-variables/system-environment-variables",
    ),
    _Row(
        "Render", ("RENDER",), _render, keeps_cache=None,
        told="https://render.com/docs/environment-variables",
    ),
    _Row(
        "AWS Amplify", ("AWS_APP_ID",), _amplify, keeps_cache=None,
        told="https://docs.aws.amazon.com/amplify/latest/userguide/environment-variables.html",
    ),
    _Row(
        "GitLab", ("GITLAB_CI",), _gitlab, keeps_cache=None,
        told="https://docs.gitlab.com/ci/variables/predefined_variables/",
    ),
    _Row(
        "GitHub Actions", ("GITHUB_ACTIONS",), _github, keeps_cache=None,
        told="https://docs.github.com/en/actions/reference/workflows-and-actions/variables",
    ),
)  # fmt: skip
"""In this order."""

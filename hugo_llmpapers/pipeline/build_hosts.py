"""Which machine a build runs on, by the variables that it sets, and whether the build is a preview.

Previews pay for nothing. If a host says that a build is for a pull request, or for a branch that readers do not see, it is a
preview.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Environ = Mapping[str, str]

BRANCHES = ("main", "master")
"""Branches of the published site, if the host does not name one; HUGO_LLMPAPERS_BRANCH names another."""
PUBLISHING_EVENTS = ("push", "schedule", "workflow_dispatch", "workflow_run", "repository_dispatch", "release")
"""Events of GitHub that build a site. Others are of pull requests and comments, which anybody can write."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where a build runs."""

    name: str
    preview: str | None
    """Why this build is a preview; None if it is not, or if that is not known."""
    keeps_cache: bool | None
    """Whether Hugo's cache is there again for the next build; None if it depends on the owner."""
    keeps_checkout: bool = False
    """Whether the site's folder is."""


def host(environ: Environ) -> Host:
    """Return the host that sets these variables. Reads the file that GITHUB_EVENT_PATH names."""
    for name, variables, keeps_cache, preview in _HOSTS:
        if any(environ.get(variable) for variable in variables):
            return Host(name, preview(environ), keeps_cache)
    if environ.get("CI", "").lower() not in ("", "0", "false"):
        return Host("CI", None, keeps_cache=None)
    return Host("this machine", None, keeps_cache=True, keeps_checkout=True)


def _cloudflare(environ: Environ) -> str | None:
    return _other_branch(environ.get("CF_PAGES_BRANCH") or environ.get("WORKERS_CI_BRANCH"), environ)


def _netlify(environ: Environ) -> str | None:
    context = environ.get("CONTEXT", "production")
    return None if context == "production" else f"its context is {context}"


def _vercel(environ: Environ) -> str | None:
    if not (kind := environ.get("VERCEL_ENV")):  # its owner can hide it from builds
        return _other_branch(environ.get("VERCEL_GIT_COMMIT_REF"), environ)
    return None if kind == "production" else f"its environment is {kind}"


def _render(environ: Environ) -> str | None:
    # The branch of a service is the one that its owner has chosen.
    return "it is of a pull request" if environ.get("IS_PULL_REQUEST") == "true" else None


def _amplify(environ: Environ) -> str | None:
    if number := environ.get("AWS_PULL_REQUEST_ID"):
        return f"it is of pull request {number}"
    return _other_branch(environ.get("AWS_BRANCH"), environ)


def _gitlab(environ: Environ) -> str | None:
    # A child of a merge request's pipeline has another source, but the number, too.
    if number := environ.get("CI_MERGE_REQUEST_IID"):
        return f"it is of merge request {number}"
    if (source := environ.get("CI_PIPELINE_SOURCE", "")) in ("merge_request_event", "external_pull_request_event"):
        return f"it was started by {source}"
    if environ.get("CI_COMMIT_TAG"):
        return None
    return _other_branch(environ.get("CI_COMMIT_REF_NAME"), environ, environ.get("CI_DEFAULT_BRANCH"))


def _github(environ: Environ) -> str | None:
    name, event = environ.get("GITHUB_EVENT_NAME", ""), _event(environ.get("GITHUB_EVENT_PATH", ""))
    if name == "workflow_run" and isinstance(cause := event.get("workflow_run"), dict):
        name = str(cause.get("event"))
        if name == "workflow_run":  # which may have been started by anything
            return "it was started by workflow_run"
    if name not in PUBLISHING_EVENTS:
        return f"it was started by {name or 'an unknown event'}"
    if environ.get("GITHUB_REF_TYPE") == "tag":
        return None
    repository = event.get("repository")
    default = repository.get("default_branch") if isinstance(repository, dict) else None
    # https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule: on this one only.
    if default is None and name == "schedule":
        return None
    return _other_branch(environ.get("GITHUB_REF_NAME"), environ, default)


def _event(path: str) -> dict[str, object]:
    """Return the webhook payload that started the run; empty if it cannot be read."""
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return event if isinstance(event, dict) else {}


def _other_branch(branch: str | None, environ: Environ, default: object = None) -> str | None:
    """Return why a build of this branch is a preview. `default`: the branch of the site according to the host. The owner's
    setting counts more, as readers may see another branch."""
    own = environ.get("HUGO_LLMPAPERS_BRANCH") or default
    branches = (own,) if isinstance(own, str) else BRANCHES
    return None if not branch or branch in branches else f"its branch is {branch}, not {' or '.join(branches)}"


_HOSTS = (
    # It sets Netlify's variable, too. https://developers.cloudflare.com/pages/configuration/build-configuration/#environment-variables
    # https://developers.cloudflare.com/workers/ci-cd/builds/configuration/#environment-variables
    ("Cloudflare", ("CF_PAGES", "WORKERS_CI"), False, _cloudflare),
    # https://docs.netlify.com/build/configure-builds/environment-variables/
    ("Netlify", ("NETLIFY",), True, _netlify),
    # https://vercel.com/docs/environment-variables/system-environment-variables
    ("Vercel", ("VERCEL",), False, _vercel),
    # https://render.com/docs/environment-variables
    ("Render", ("RENDER",), None, _render),
    # https://docs.aws.amazon.com/amplify/latest/userguide/environment-variables.html
    ("AWS Amplify", ("AWS_APP_ID",), None, _amplify),
    # https://docs.gitlab.com/ci/variables/predefined_variables/
    ("GitLab", ("GITLAB_CI",), None, _gitlab),
    # https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    ("GitHub Actions", ("GITHUB_ACTIONS",), None, _github),
)
"""Name, variables of which one is set in each of its builds and nowhere else, whether it keeps the cache, and why a build is a
preview; the first host that matches counts."""

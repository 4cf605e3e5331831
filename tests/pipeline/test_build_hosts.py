"""Which host a build runs on, and which days are due."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from hugo_llmpapers.pipeline.build_hosts import host
from hugo_llmpapers.pipeline.schedule import WEEKDAYS, due

TODAY = date(2026, 2, 27)


PAGES = {"CF_PAGES": "1", "NETLIFY": "true", "CI": "true"}
GITHUB = {"GITHUB_ACTIONS": "true", "CI": "true", "GITHUB_REF_TYPE": "branch", "GITHUB_REF_NAME": "trunk"}
GITLAB = {"GITLAB_CI": "true", "CI": "true", "CI_DEFAULT_BRANCH": "trunk", "CI_PIPELINE_SOURCE": "push"}
AMPLIFY = {"AWS_APP_ID": "d1pebble"}


@pytest.mark.parametrize(
    ("environ", "name", "why"),
    [
        ({}, "this machine", None),
        ({"CI": "true"}, "CI", None),
        ({"CI": "false"}, "this machine", None),
        ({"NETLIFY": "true", "CONTEXT": "production"}, "Netlify", None),
        ({"NETLIFY": "true", "CONTEXT": "deploy-preview"}, "Netlify", "its context is deploy-preview"),
        ({"NETLIFY": "true", "CONTEXT": "branch-deploy"}, "Netlify", "its context is branch-deploy"),
        ({**PAGES, "CF_PAGES_BRANCH": "main"}, "Cloudflare", None),
        ({**PAGES, "CF_PAGES_BRANCH": "fix"}, "Cloudflare", "its branch is fix, not main or master"),
        ({**PAGES, "CF_PAGES_BRANCH": "live", "HUGO_LLMPAPERS_BRANCH": "live"}, "Cloudflare", None),
        ({"WORKERS_CI": "1", "WORKERS_CI_BRANCH": "main"}, "Cloudflare", None),
        ({"WORKERS_CI": "1", "WORKERS_CI_BRANCH": "fix"}, "Cloudflare", "its branch is fix, not main or master"),
        ({"VERCEL": "1", "VERCEL_ENV": "production", "VERCEL_GIT_COMMIT_REF": "live"}, "Vercel", None),
        ({"VERCEL": "1", "VERCEL_ENV": "preview", "CI": "1"}, "Vercel", "its environment is preview"),
        ({"VERCEL": "1", "VERCEL_GIT_COMMIT_REF": "main"}, "Vercel", None),
        ({"VERCEL": "1", "VERCEL_GIT_COMMIT_REF": "fix"}, "Vercel", "its branch is fix, not main or master"),
        ({"RENDER": "true", "IS_PULL_REQUEST": "false", "RENDER_GIT_BRANCH": "live"}, "Render", None),
        ({"RENDER": "true", "IS_PULL_REQUEST": "true"}, "Render", "it is of a pull request"),
        ({**AMPLIFY, "AWS_BRANCH": "main"}, "AWS Amplify", None),
        ({**AMPLIFY, "AWS_BRANCH": "fix"}, "AWS Amplify", "its branch is fix, not main or master"),
        ({**AMPLIFY, "AWS_BRANCH": "main", "AWS_PULL_REQUEST_ID": "7"}, "AWS Amplify", "it is of pull request 7"),
        ({**GITLAB, "CI_COMMIT_REF_NAME": "trunk"}, "GitLab", None),
        ({**GITLAB, "CI_COMMIT_REF_NAME": "main"}, "GitLab", "its branch is main, not trunk"),
        ({**GITLAB, "CI_COMMIT_REF_NAME": "live", "HUGO_LLMPAPERS_BRANCH": "live"}, "GitLab", None),
        ({**GITLAB, "CI_COMMIT_REF_NAME": "v1", "CI_COMMIT_TAG": "v1"}, "GitLab", None),
        (
            {**GITLAB, "CI_PIPELINE_SOURCE": "parent_pipeline", "CI_MERGE_REQUEST_IID": "3"},
            "GitLab", "it is of merge request 3",
        ),
        ({**GITLAB, "CI_PIPELINE_SOURCE": "external_pull_request_event"}, "GitLab", "it was started by external_pull_request_event"),
    ],
)  # fmt: skip
def test_hosts_are_known_by_their_variables(environ: dict[str, str], name: str, why: str | None) -> None:
    """Cloudflare before Netlify, whose variable it sets, too."""
    found = host(environ)
    assert (found.name, found.preview) == (name, why)


@pytest.mark.parametrize(
    ("event", "environ", "why"),
    [
        ("push", {}, None),
        ("workflow_dispatch", {}, None),
        ("push", {"GITHUB_REF_NAME": "fix"}, "its branch is fix, not trunk"),
        ("workflow_dispatch", {"GITHUB_REF_NAME": "main"}, "its branch is main, not trunk"),
        ("push", {"GITHUB_REF_NAME": "live", "HUGO_LLMPAPERS_BRANCH": "live"}, None),
        ("release", {"GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"}, None),
        # These run on the default branch, and may build somebody else's.
        ("pull_request_target", {}, "it was started by pull_request_target"),
        ("issue_comment", {}, "it was started by issue_comment"),
        ("pull_request", {"GITHUB_REF_NAME": "7/merge"}, "it was started by pull_request"),
        ("merge_group", {"GITHUB_REF_NAME": "gh-readonly-queue/trunk/pr-7"}, "it was started by merge_group"),
    ],
)
def test_github_names_the_default_branch_in_a_file(
    tmp_path: Path, event: str, environ: dict[str, str], why: str | None
) -> None:
    """The repository's default branch is neither main nor master."""
    file = tmp_path / "event.json"
    file.write_text('{"repository": {"default_branch": "trunk"}}', encoding="utf-8")
    found = host({**GITHUB, "GITHUB_EVENT_NAME": event, "GITHUB_EVENT_PATH": str(file), **environ})
    assert (found.name, found.preview) == ("GitHub Actions", why)


@pytest.mark.parametrize(
    ("cause", "why"),
    [
        ("push", None),
        ("pull_request", "it was started by pull_request"),
        ("workflow_run", "it was started by workflow_run"),
    ],
)
def test_a_run_after_a_workflow_counts_as_its_cause(tmp_path: Path, cause: str, why: str | None) -> None:
    """On the default branch, with all keys, also after a workflow of somebody's pull request."""
    file = tmp_path / "event.json"
    event = {"workflow_run": {"event": cause}, "repository": {"default_branch": "trunk"}}
    file.write_text(json.dumps(event), encoding="utf-8")
    assert host({**GITHUB, "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_EVENT_PATH": str(file)}).preview == why


@pytest.mark.parametrize("text", [None, "", "[1]", '{"repository": 7}', '{"schedule": "17 22 * * *"}', "[" * 100_000])
def test_an_event_without_a_default_branch(tmp_path: Path, text: str | None) -> None:
    """A scheduled run is always on the default branch. For others that is one of the usual names."""
    file = tmp_path / "event.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    environ = {**GITHUB, "GITHUB_EVENT_PATH": str(file)}
    assert host({**environ, "GITHUB_EVENT_NAME": "schedule"}).preview is None
    assert host({**environ, "GITHUB_EVENT_NAME": "push"}).preview == "its branch is trunk, not main or master"
    assert host({**environ, "GITHUB_EVENT_NAME": "push", "GITHUB_REF_NAME": "main"}).preview is None
    assert host({"GITHUB_ACTIONS": "true"}).preview == "it was started by an unknown event"


WINDOW = [TODAY - timedelta(days=back) for back in range(4)]


def test_today_first_then_what_was_missed() -> None:
    """Days before the blog began were not missed; if that day is not known, today alone is due."""
    settled, first = {date(2026, 2, 26)}, date(2026, 2, 24)
    assert due(WINDOW, WEEKDAYS, settled, first) == [TODAY, date(2026, 2, 25), first]
    assert due(WINDOW[:2], WEEKDAYS, settled, first) == [TODAY]
    assert due(WINDOW, WEEKDAYS, {*settled, TODAY}, first) == [date(2026, 2, 25), first]
    assert due(WINDOW, WEEKDAYS, settled, date(2026, 2, 25)) == [TODAY, date(2026, 2, 25)]
    for unknown in (None, TODAY, date(2026, 3, 1)):
        assert due(WINDOW, WEEKDAYS, set(), unknown) == [TODAY]


def test_only_the_weekdays_that_are_set() -> None:
    """The 27th is a Friday."""
    first = date(2026, 2, 23)
    assert due(WINDOW, ("mon", "thu"), {first}, first) == [date(2026, 2, 26)]
    assert due(WINDOW, ("sat",), {first}, first) == []

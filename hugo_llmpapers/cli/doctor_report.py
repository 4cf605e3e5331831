"""The stages of `doctor` in their order, with what they need of the clock and the environment."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from hugo_llmpapers.cli import credentials, services
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.options import SiteOptions
from hugo_llmpapers.cli.preflight import OWN_FILE, ignored_settings, withheld_keys
from hugo_llmpapers.doctor import (
    Finding,
    environments,
    from_error,
    machine,
    post,
    posts,
    run_stage,
    site,
    summaries,
)
from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.pipeline.draft import build_post
from hugo_llmpapers.pipeline.request import PostRequest
from hugo_llmpapers.post.culprits import invented_entry
from hugo_llmpapers.records import Candidate, Entry, Paper, Summary
from hugo_llmpapers.sample.papers import papers
from hugo_llmpapers.site import dates
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog


def run_stages(options: SiteOptions, *, online: bool) -> Iterator[Finding]:
    """Run all stages. Stages that an earlier failure makes impossible are skipped. Raises UsageError."""
    now, blog = options.now(), None
    try:
        site_hugo = options.hugo()
        yield from machine.program(site_hugo)
    except Failure as failure:
        yield from_error("hugo", "version", failure)
        yield Finding("site", "site", why="skipped: there is no Hugo to read it")
    else:
        opened = site.open_site(site_hugo, now)
        yield from opened.findings
        if (blog := opened.blog) is not None:
            yield from _site(blog, opened)
    yield from _summaries(blog)
    if blog is not None:
        if blog.settings.figures or blog.settings.summary_input == "pdf":
            yield from run_stage("figures", machine.pdf_workers)
        yield from run_stage("cache", partial(machine.cache, blog))
        if online:
            yield from run_stage("services", partial(_services, blog))


def _site(blog: Blog, opened: site.OpenedSite) -> Iterator[Finding]:
    yield from site.configuration(blog, with_themes=opened.with_themes)
    if opened.with_themes:
        yield from environments.differences(blog, [finding.problem or "" for finding in opened.findings])
    yield from site.settings(blog)
    for name in ignored_settings(blog):
        problem = f"{name} is set by a theme or module and is ignored."
        yield Finding("settings", name, problem=problem, remedy=OWN_FILE)
    if not opened.with_themes:
        yield Finding("template", "template", why="skipped: Hugo cannot load the theme")
        yield from run_stage("post", partial(site.content, blog))
        return
    sample = build_post(PostRequest(dates.today(blog.now, blog.site.zone)), blog, _entries(blog), ("arxiv",))
    layout, template_findings = post.template(blog, sample)
    yield from template_findings
    yield from run_stage("post", partial(site.content, blog))
    yield from run_stage("post", partial(post.today, blog, sample))
    yield from run_stage("post", partial(post.trial_build, blog, sample, layout))
    yield from run_stage("post", partial(posts.build, blog))


def _summaries(blog: Blog | None) -> Iterator[Finding]:
    keys, settings = _keys(), blog.settings if blog is not None else Settings()
    withheld = {name: (reason, remedy) for name, reason, remedy in withheld_keys(settings, os.environ)}
    yield from summaries.keys(keys, credentials.key_receivers(settings, os.environ), withheld)
    if blog is not None:
        by_claude = credentials.uses_claude(blog)
        yield summaries.writer(blog, by_claude=by_claude)
        if by_claude and not any(isinstance(state, SetupError) for state in keys.values()):
            yield from run_stage("summaries", partial(summaries.models, blog, _entries(blog), _client(blog)))


def _services(blog: Blog) -> Iterator[Finding]:
    from hugo_llmpapers.doctor import online
    from hugo_llmpapers.web.client import Web

    check_certificates(os.environ)
    store, known = blog.site.cache, services.services_of(blog.settings, os.environ)
    with Web(store, blog.now, user_agent=services.user_agent(blog.settings)) as web:
        requests = online.service_requests(blog.settings, blog.now, web, known)
        if credentials.uses_claude(blog):
            title = next(iter(papers().values())).title
            requests["claude"] = partial(online.ask_model, blog.settings, _client(blog), title)
        yield from online.answers(requests)


def _client(blog: Blog) -> Callable[[], Any]:
    """Return a function that creates the SDK's client and raises SetupError."""

    def client() -> Any:
        from hugo_llmpapers.summaries.client import connect

        return connect(credentials.claude_key(blog.settings, os.environ))

    return client


def _keys() -> summaries.Keys:
    """Return for each variable whether it is set, or why its value is no key."""
    found: dict[str, bool | SetupError] = {}
    for name in (*credentials.CREDENTIALS, *credentials.SERVICE_KEYS):
        try:
            found[name] = bool(credentials.key_of(name, os.environ))
        except SetupError as failure:
            found[name] = failure
    return found


def _entries(blog: Blog) -> list[Entry]:
    """Return the sample's papers as the entries of a post of this blog."""
    day = dates.today(blog.now, blog.site.zone)
    language = "ja" if blog.language.partition("-")[0] == "ja" else "en"
    figure = invented_entry(1, with_figure=True).figure
    entries = []
    for p in papers().values():
        paper = Paper(p.arxiv_id, p.title, p.abstract, p.authors, p.submitted(day).date(), p.categories, ())
        entries.append(Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(p.summary[language], "claude"), figure))
    return entries

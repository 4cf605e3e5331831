"""The stages of `doctor` in their order, with what they need of the clock and the environment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

from hugo_llmpapers.cli import credentials, services
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.options import SiteOptions
from hugo_llmpapers.doctor import Finding, from_error, machine, online, post, run_stage, site, summaries
from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.pipeline.draft import build_post, invented_entry
from hugo_llmpapers.pipeline.request import PostRequest
from hugo_llmpapers.records import Candidate, Entry, Paper, Summary
from hugo_llmpapers.sample.papers import papers
from hugo_llmpapers.site import dates
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.web.client import Web

_OPTIONAL = {
    "ANTHROPIC_API_KEY": "for summaries by Claude",
    "S2_API_KEY": "optional: your own rate limit at Semantic Scholar",
    "HF_TOKEN": "optional: your own rate limit at Hugging Face",
}


def run_stages(options: SiteOptions, *, with_services: bool) -> Iterator[Finding]:
    """Run all stages. Stages that an earlier failure makes impossible are skipped. Raises UsageError."""
    now, blog = options.now(), None
    try:
        site_hugo = options.hugo()
        yield from machine.program(site_hugo)
    except Failure as failure:
        yield from_error("hugo", "version", failure)
        yield Finding("site", "site", why="skipped: there is no Hugo to read it")
    else:
        blog, with_themes, findings = site.open_site(site_hugo, now)
        yield from findings
        if blog is not None:
            yield from _site(blog, [finding.problem or "" for finding in findings], with_themes=with_themes)
    yield from _summaries(blog)
    if blog is not None:
        if blog.settings.figures or blog.settings.summary_input == "pdf":
            yield from run_stage("figures", machine.pdf_workers())
        yield from run_stage("cache", machine.cache(blog))
        if with_services:
            yield from run_stage("services", _services(blog))


def _site(blog: Blog, known_problems: list[str], *, with_themes: bool) -> Iterator[Finding]:
    yield from site.configuration(blog, with_themes=with_themes)
    if with_themes:
        yield from site.differences(blog, known_problems)
    yield from site.settings(blog)
    for name in credentials.ignored_settings(blog):
        problem = f"{name} is set by a theme or module and is ignored."
        yield Finding("settings", name, problem=problem, remedy=credentials.OWN_FILE)
    if not with_themes:
        yield Finding("template", "template", why="skipped: Hugo cannot load the theme")
        yield from run_stage("post", site.content(blog))
        return
    sample = build_post(PostRequest(dates.today(blog.now, blog.site.zone)), blog, _entries(blog), ("arxiv",))
    layout, template_findings = post.template(blog, sample)
    yield from template_findings
    yield from run_stage("post", site.content(blog))
    yield from run_stage("post", post.today(blog, sample))
    yield from run_stage("post", post.trial_build(blog, sample, layout))
    yield from run_stage("post", post.site_build(blog))


def _summaries(blog: Blog | None) -> Iterator[Finding]:
    keys = list(_keys(blog.settings if blog is not None else Settings()))
    yield from keys
    if blog is not None:
        by_claude = credentials.uses_claude(blog)
        yield summaries.writer(blog, by_claude=by_claude)
        if by_claude and not any(key.stops for key in keys):
            yield from run_stage("summaries", summaries.models(blog, _entries(blog), partial(_client, blog)))


def _keys(settings: Settings) -> Iterator[Finding]:
    """Yield for each variable with a key whether it is set and where it is sent, or why it is not."""
    unsent = credentials.withheld_keys(settings, os.environ)
    for name, host in credentials.key_receivers(settings, os.environ).items():
        try:
            key = credentials.key_of(name, os.environ)
        except SetupError as failure:
            yield from_error("summaries", name, failure, "set")
            continue
        if name in unsent:
            reason, remedy = unsent[name]
            yield Finding("summaries", name, "set", "not sent", f"{name} is not sent: {reason}.", remedy)
        elif key:
            yield Finding("summaries", name, "set", f"sent to {host}")
        elif name in _OPTIONAL:
            yield Finding("summaries", name, "not set", _OPTIONAL[name])


def _services(blog: Blog) -> Iterator[Finding]:
    check_certificates(os.environ)
    store, known = blog.site.cache, services.services_of(blog.settings, os.environ)
    with Web(store, blog.now, user_agent=services.user_agent(blog.settings)) as web:
        requests = online.service_requests(blog.settings, blog.now, web, known)
        if credentials.uses_claude(blog):
            title = next(iter(papers().values())).title
            requests["claude"] = partial(online.ask_model, blog.settings, partial(_client, blog), title)
        yield from online.answers(requests)


def _client(blog: Blog) -> Any:
    from hugo_llmpapers.summaries.client import connect  # imports the SDK

    return connect(credentials.claude_key(blog.settings, os.environ))


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

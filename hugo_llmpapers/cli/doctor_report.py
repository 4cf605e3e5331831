"""What `doctor` looks at, in its order: the stages of the package, with what they need of the outside."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any

from hugo_llmpapers.cli import credentials, options, services
from hugo_llmpapers.cli.environment import check_certificates
from hugo_llmpapers.cli.unheeded import OWN_FILE, foreign, without_key
from hugo_llmpapers.doctor import (
    Finding,
    environments,
    failed,
    left_out,
    machine,
    post,
    posts,
    summaries,
    template,
    tried,
)
from hugo_llmpapers.doctor import blog as site
from hugo_llmpapers.errors import Failure, SetupError, from_os_error
from hugo_llmpapers.records import Candidate, Entry, Figure, Listing, Summary
from hugo_llmpapers.sample.papers import papers
from hugo_llmpapers.site.config.settings import Settings
from hugo_llmpapers.site.dates import Moment
from hugo_llmpapers.site.hugo import Hugo
from hugo_llmpapers.site.site import Blog
from hugo_llmpapers.sources.merge import merge


def examined(find: Callable[[], Hugo], moment: Moment, scratch: Path, *, online: bool) -> Iterator[Finding]:
    """Stage after stage; what one of them makes impossible is left out with a word. `scratch`: an empty folder."""
    blog = None
    try:
        site_hugo = find()
        yield from machine.program(site_hugo)
    except Failure as failure:
        yield failed("hugo", "version", failure)
        yield left_out("site", "as there is no Hugo to read it with")
    else:
        seen = site.seen(site_hugo, moment, scratch)
        yield from seen.findings
        if (blog := seen.blog) is not None:
            yield from _about(blog, seen)
    yield from _summaries(blog)
    if blog is not None:
        if blog.settings.figures or blog.settings.summary_input == "pdf":
            yield from tried("figures", machine.pdf_workers)
        yield from tried("cache", partial(machine.kept, blog))
        if online:
            yield from tried("services", partial(_services, blog))


def _about(blog: Blog, seen: site.Seen) -> Iterator[Finding]:
    yield from site.shape(blog, themed=seen.themed)
    if seen.themed:
        yield from environments.differences(blog, [finding.problem or "" for finding in seen.findings])
    yield from site.settings(blog)
    for name in foreign(blog):
        yield Finding("settings", name, None, "", f"{name} is set by a theme or module and does not count.", OWN_FILE)
    there = tried("post", partial(site.content, blog))
    if seen.themed:
        try:
            made = template.made(blog, options.day(None, blog), _entries(blog))
        except (Failure, OSError) as error:
            yield failed("template", "template", from_os_error(error) if isinstance(error, OSError) else error)
            yield from there
            return
        yield from made.findings
        yield from there
        yield from tried("post", partial(post.today, blog, made))
        yield from tried("post", partial(post.shown, blog, made))
        yield from tried("post", partial(posts.building, blog))
    else:
        yield left_out("template", "as Hugo cannot load the theme")
        yield from there


def _summaries(blog: Blog | None) -> Iterator[Finding]:
    keys, used = _keys(os.environ), blog.settings if blog is not None else Settings()
    kept_back = {name: (why, remedy) for name, why, remedy in without_key(used, os.environ)}
    yield from summaries.keys(keys, credentials.hosts(used, os.environ), kept_back)
    by_claude = credentials.writes_claude(used, os.environ, sample=False)
    if blog is not None:
        yield summaries.writer(blog, by_claude=by_claude)
        if by_claude and True not in {isinstance(state, SetupError) for state in keys.values()}:
            yield from tried("summaries", partial(summaries.models, blog, _entries(blog), _client(blog)))


def _services(blog: Blog) -> Iterator[Finding]:
    from hugo_llmpapers.doctor import online
    from hugo_llmpapers.summaries.claude import CLAUDE_S, OTHERS_S, Server
    from hugo_llmpapers.summaries.model_names import is_claude
    from hugo_llmpapers.web.client import Web

    check_certificates(os.environ)
    store, known = blog.site.cache, services.services_of(blog.settings, os.environ)
    with Web(store, blog.moment.now, user_agent=services.user_agent(blog.settings)) as web:
        questions = online.services(blog.settings, blog.moment.now, web, known)
        if credentials.writes_claude(blog.settings, os.environ, sample=False):
            server = Server(CLAUDE_S if is_claude(blog.settings.model) else OTHERS_S)
            title = next(iter(papers().values())).title
            questions["claude"] = online.model(blog.settings, _client(blog), server, title)
        yield from online.answers(questions)


def _client(blog: Blog) -> Callable[[], Any]:
    """Makes the SDK's client. Raises SetupError when it is called."""
    from hugo_llmpapers.summaries.client import connect

    return lambda: connect(credentials.claude_key(blog.settings, os.environ))


def _keys(environ: Mapping[str, str]) -> summaries.Keys:
    found: dict[str, bool | SetupError] = {}
    for name in (*credentials.CREDENTIALS, *credentials.SERVICE_KEYS):
        try:
            # The SDK takes its token as it is.
            found[name] = bool(credentials.key_of(name, environ, strip=name != "ANTHROPIC_AUTH_TOKEN"))
        except SetupError as failure:
            found[name] = failure
    return found


def _entries(blog: Blog) -> list[Entry]:
    """The papers of the sample, as a post of this blog has them."""
    day = options.day(None, blog)
    language = "ja" if blog.language.partition("-")[0] == "ja" else "en"
    figure = Figure(_picture(), 1280, 640, 0, None, "Figure 1", "A sample.", "caption-below")
    listings = [
        Listing("arxiv", p.arxiv_id, p.title, p.abstract, p.authors, p.submitted(day).date(), categories=p.categories)
        for p in papers().values()
    ]
    return [
        Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(papers()[paper.arxiv_id].summary[language], "claude"), figure)
        for paper in merge(listings)[0]
    ]


@cache
def _picture() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (1280, 640), 235).save(out, "PNG")
    return out.getvalue()

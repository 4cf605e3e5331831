"""Asks each service once, for something small, and tells how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hugo_llmpapers.doctor import Finding, failed
from hugo_llmpapers.errors import Failure, Unavailable
from hugo_llmpapers.records import Usage
from hugo_llmpapers.site.config.settings import ALL_SOURCES, Settings
from hugo_llmpapers.site.visibility import Shortcoming
from hugo_llmpapers.sources import arxiv, huggingface, semanticscholar
from hugo_llmpapers.sources.fetch import thread_pool
from hugo_llmpapers.sources.pdf_download import check_pdf
from hugo_llmpapers.sources.source import parse_xml
from hugo_llmpapers.summaries import claude
from hugo_llmpapers.summaries.api_errors import NoSummary
from hugo_llmpapers.summaries.prompt import Prompt
from hugo_llmpapers.summaries.retries import answered
from hugo_llmpapers.summaries.summarize import worst_case
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

KNOWN = "1706.03762"
"""A paper that every service has."""
_NEVER = timedelta(-1)
"""However young a kept answer is, it is none here."""

Ask = Callable[[], str | Shortcoming]
"""Says what there is to say besides, or to fix. Raises Unavailable, NoSummary, SetupError."""


def services(settings: Settings, now: datetime, web: Web, known: Mapping[str, Service]) -> dict[str, Ask]:
    """A question for each service that a run with these settings would need, by the service's name in `endpoints`.

    `known`: the services by the names that the command line has for them.
    """
    once = {name: replace(service, attempts=1) for name, service in known.items()}
    questions: dict[str, Ask] = {
        "arxiv": partial(_arxiv, web, once["arxiv"]),
        "semanticscholar": partial(_semantic_scholar, web, once["semanticscholar"]),
        "huggingface": partial(_hugging_face, web, once["huggingface"], now),
    }
    wanted = {name: ask for name, ask in questions.items() if name in settings.sources}
    figures = settings.figures and settings.figure_license != "never"
    if figures or settings.summary_input == "pdf":
        wanted["arxivpdf"] = partial(_pdf, web, once["pdf"])
    if figures and (settings.figure_license == "cc" or settings.figure_credit):
        wanted["arxivoai"] = partial(_oai, web, once["oai"])
    return wanted


def model(settings: Settings, connect: Callable[[], Any], server: claude.Server, title: str) -> Ask:
    """The questions for Claude: whether there is the model, which is free, and for a sentence about a paper's title.

    Only an answer shows that the account may ask, and that the answer has a text. It costs a fraction of a cent; it is
    not asked for where one call could cost more than `maxCost`.
    """
    name, asked = settings.model, _short_question(title)

    def ask() -> str | Shortcoming:
        client = connect()
        try:
            ending = claude.look_up(name, client)
        except NoSummary as failure:
            if failure.is_outage:
                raise
            ending = None  # other servers tell no models, and may well write summaries
        took = Usage()
        if (worst_case(asked, name).usd or 0.0) <= settings.max_cost:
            effort: Any = settings.effort
            call = partial(claude.ask, asked, name, effort, client, server)
            message = answered(lambda time_s: call(time_s=time_s), name, server)
            took = claude.counted(message, name)
            claude.read(message)
        if ending is None:
            return f"writes with {name}{f', for ${took.usd:.4f}' if took.usd else ''}"
        return Shortcoming(f"The model {name} {ending}.", "Choose another in the setting `model`.")

    return ask


def _short_question(title: str) -> Prompt:
    said = "Answer in one short English sentence: what may a paper with this title be about?"
    return Prompt("You answer in one sentence.", f"{said}\n<paper>\n<title>{title}</title>\n</paper>", title)


def answers(questions: Mapping[str, Ask]) -> Iterator[Finding]:
    """One finding for each question, all asked side by side, and one where no source of papers answers."""
    with thread_pool(max(1, len(questions))) as threads:
        asked = {name: threads.submit(_timed, name, ask) for name, ask in questions.items()}
        found = [future.result() for future in asked.values()]
    yield from found
    sources = [finding for finding in found if finding.name in ALL_SOURCES]
    if all(finding.problem for finding in sources):
        yield Finding("services", "sources", None, "", "No source of papers answers: nothing would be written.",
                      "Check the network, or try again later.", stops=5)  # fmt: skip


def _timed(name: str, ask: Ask) -> Finding:
    began = time.monotonic()

    def after() -> str:
        return f"after {time.monotonic() - began:.2f} s"

    try:
        said = ask()
        if isinstance(said, Shortcoming):
            return Finding("services", name, "answers", after(), said.problem, said.remedy)
        return Finding("services", name, "answers", f"{after()}{f', {said}' if said else ''}")
    except Failure as failure:
        return replace(failed("services", name, failure, "refuses"), why=after())
    except Unavailable as error:
        return Finding("services", name, "fails", after(), f"{error}.", _remedy(name, error.status))
    except NoSummary as error:
        remedy = "Try again later." if error.is_outage else "Try again later, or with another `model`."
        # What one title is refused for, papers need not be.
        stops = 0 if error.trouble == "refused" else 5
        return Finding("services", name, "fails", after(), f"{error}.", remedy, stops=stops)


def _remedy(name: str, status: int | None) -> str:
    if name == "semanticscholar" and status == 429:
        return "Without a key that is usual; its papers are missing then. Set S2_API_KEY."
    if name == "semanticscholar" and status in (401, 403):
        return "Check S2_API_KEY."
    if name == "huggingface" and status in (401, 403):
        return "Check HF_TOKEN."
    if name in ("arxivpdf", "arxivoai"):
        return "Posts have no figures meanwhile; try again later."
    return "A post does without its papers meanwhile; try again later."


def _arxiv(web: Web, service: Service) -> str:
    params = {"id_list": KNOWN, "max_results": "1"}
    answer = web.get(service, "/api/query", params, max_age=_NEVER, accepted=frozenset({400}))
    return _understood(service, lambda: arxiv.parse(answer.body))


def _semantic_scholar(web: Web, service: Service) -> str:
    params, body = {"fields": semanticscholar.BATCH_FIELDS}, {"ids": [f"ARXIV:{KNOWN}"]}
    answer = web.post(service, "/graph/v1/paper/batch", params, body, max_age=_NEVER)
    return _understood(service, lambda: semanticscholar.parse(answer.body))


def _hugging_face(web: Web, service: Service, now: datetime) -> str:
    yesterday = (now.astimezone(UTC) - timedelta(days=1)).date()
    answer = web.get(service, "/api/daily_papers", {"date": yesterday.isoformat(), "limit": "1"}, max_age=_NEVER)
    return _understood(service, lambda: huggingface.parse(answer.body))


def _oai(web: Web, service: Service) -> str:
    params = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{KNOWN}", "metadataPrefix": "arXiv"}
    answer = web.get(service, "/oai", params, max_age=_NEVER)
    return _understood(service, lambda: _is_oai(answer.body))


def _pdf(web: Web, service: Service) -> str:
    # The first bytes will do, and arXiv sends just these.
    begun = replace(service, headers={**service.headers, "range": "bytes=0-1023"})
    answer = web.get(begun, f"/pdf/{KNOWN}", max_age=_NEVER, kind="pdf", accepted=frozenset({206, 404}))
    if answer.status == 404:
        return f"and does not have {KNOWN}"  # as a mirror may not
    try:
        check_pdf(answer.body)
    except ValueError as error:
        raise Unavailable(service.name, str(error)) from error
    return ""


def _is_oai(body: bytes) -> None:
    if not parse_xml(body, "an OAI-PMH record").tag.endswith("}OAI-PMH"):
        raise ValueError("not an OAI-PMH record")


def _understood(service: Service, parse: Callable[[], object]) -> str:
    try:
        parse()
    except (ValueError, RecursionError) as error:
        raise Unavailable(service.name, f"sends something that is not its answer ({error})") from error
    return ""

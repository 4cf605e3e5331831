"""Send each service one small request and report whether and how fast it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hugo_llmpapers.doctor import Finding, from_error
from hugo_llmpapers.errors import Failure, Unavailable
from hugo_llmpapers.records import Usage
from hugo_llmpapers.site.config.settings import ALL_SOURCES, Settings
from hugo_llmpapers.site.visibility import Shortcoming
from hugo_llmpapers.sources import arxiv, huggingface, semanticscholar
from hugo_llmpapers.sources.arxiv_paper import check_pdf
from hugo_llmpapers.sources.source import parse_xml
from hugo_llmpapers.summaries.messages import read_summary, usage_of
from hugo_llmpapers.summaries.no_summary import NoSummary
from hugo_llmpapers.summaries.prompt import Prompt
from hugo_llmpapers.summaries.retries import call_with_retry, server_state
from hugo_llmpapers.summaries.summarize import worst_case_usage
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

KNOWN_ID = "1706.03762"
"""A paper that every service has."""
_NOT_CACHED = timedelta(-1)
"""As `max_age`: no cached answer is recent enough."""

Request = Callable[[], Any]
"""Sends a request. Returns details of the answer as a str, a Shortcoming, or anything else if there is nothing to say.
Raises Unavailable, NoSummary, SetupError."""


def service_requests(
    settings: Settings, now: datetime, web: Web, services: Mapping[str, Service]
) -> dict[str, Request]:
    """Return a request to each service that a run with these settings uses, by the service's name in `endpoints`."""
    once = {name: replace(service, attempts=1) for name, service in services.items()}
    get, post = partial(web.get, max_age=_NOT_CACHED), partial(web.post, max_age=_NOT_CACHED)
    paper = {"id_list": KNOWN_ID, "max_results": "1"}
    fields, batch = {"fields": semanticscholar.BATCH_FIELDS}, {"ids": [f"ARXIV:{KNOWN_ID}"]}
    yesterday = {"date": str((now.astimezone(UTC) - timedelta(days=1)).date()), "limit": "1"}
    record = {"verb": "GetRecord", "identifier": f"oai:arXiv.org:{KNOWN_ID}", "metadataPrefix": "arXiv"}
    s2 = once["semanticscholar"]
    requests: dict[str, Request] = {
        "arxiv": partial(get, once["arxiv"], "/api/query", paper, parse=arxiv.parse),
        "semanticscholar": partial(post, s2, "/graph/v1/paper/batch", fields, batch, parse=semanticscholar.parse),
        "huggingface": partial(get, once["huggingface"], "/api/daily_papers", yesterday, parse=huggingface.parse),
        "arxivpdf": partial(_pdf, web, once["pdf"]),
        "arxivoai": partial(get, once["oai"], "/oai", record, parse=_check_oai),
    }
    used, figures = set[str](settings.sources), settings.figures and settings.figure_license != "never"
    if figures or settings.summary_input == "pdf":
        used.add("arxivpdf")
    if figures and (settings.figure_license == "cc" or settings.figure_credit):
        used.add("arxivoai")
    return {name: request for name, request in requests.items() if name in used}


def ask_model(settings: Settings, connect: Callable[[], Any], title: str) -> str | Shortcoming:
    """Request the model's description, which is free, and a sentence about a paper's title.

    Only an answer shows that the account may use the model and that answers have text. It costs a fraction of a cent, and
    is not requested if one call could cost more than `maxCost`. Raises NoSummary, SetupError.
    """
    from hugo_llmpapers.summaries.claude import check_model, send_prompt  # imports the SDK

    model = settings.model
    client, server = connect(), server_state(model)
    try:
        end = check_model(model, client)
    except NoSummary as failure:
        if failure.is_outage:
            raise
        end = None  # other servers do not list their models, and may still write summaries
    task = "Answer in one short English sentence: what may a paper with this title be about?"
    prompt = Prompt("You answer in one sentence.", f"{task}\n<paper>\n<title>{title}</title>\n</paper>", title)
    usage = Usage()
    if (worst_case_usage(prompt, model).usd or 0.0) <= settings.max_cost:
        effort: Any = settings.effort
        call = partial(send_prompt, prompt, model, effort, client, server)
        message = call_with_retry(lambda timeout_s: call(timeout_s=timeout_s), model, server)
        usage = usage_of(message, model)
        read_summary(message)
    if end is None:
        return f"writes with {model}{f', for ${usage.usd:.4f}' if usage.usd else ''}"
    return Shortcoming(f"The model {model} {end}.", "Choose another in the setting `model`.")


def answers(requests: Mapping[str, Request]) -> Iterator[Finding]:
    """Send all requests at the same time. Yield a finding for each, and one if no source of papers answers."""
    with ThreadPoolExecutor(max(1, len(requests))) as pool:
        findings = list(pool.map(_send, requests, requests.values()))
    yield from findings
    if all(finding.problem for finding in findings if finding.name in ALL_SOURCES):
        problem = "No source of papers answers: nothing would be written."
        remedy = "Check the network, or try again later."
        yield Finding("services", "sources", problem=problem, remedy=remedy, stops=5)


def _send(name: str, request: Request) -> Finding:
    start = time.monotonic()

    def elapsed() -> str:
        return f"{time.monotonic() - start:.2f} s"

    try:
        answer = request()
    except Failure as failure:
        return replace(from_error("services", name, failure, "refuses"), why=f"after {elapsed()}")
    except Unavailable as error:
        return Finding("services", name, "fails", f"after {elapsed()}", f"{error}.", _remedy(name, error.status))
    except NoSummary as error:
        remedy = "Try again later." if error.is_outage else "Try again later, or with another `model`."
        # Papers need not be refused because one title is.
        stops = 0 if error.trouble == "refused" else 5
        return Finding("services", name, "fails", f"after {elapsed()}", f"{error}.", remedy, stops)
    if isinstance(answer, Shortcoming):
        return Finding("services", name, "answers", elapsed(), answer.problem, answer.remedy)
    return Finding(
        "services", name, "answers", elapsed() + (f"; {answer}" if isinstance(answer, str) and answer else "")
    )


def _remedy(name: str, status: int | None) -> str:
    if name == "semanticscholar" and status == 429:
        return "This is usual without a key; its papers are missing then. Set S2_API_KEY."
    key = {"semanticscholar": "S2_API_KEY", "huggingface": "HF_TOKEN"}.get(name)
    if key and status in (401, 403):
        return f"Check {key}."
    missing = "figures" if name in ("arxivpdf", "arxivoai") else "its papers"
    return f"Posts are written without {missing} meanwhile; try again later."


def _check_oai(body: bytes) -> None:
    if not parse_xml(body, "an OAI-PMH record").tag.endswith("}OAI-PMH"):
        raise ValueError("not an OAI-PMH record")


def _pdf(web: Web, service: Service) -> str | None:
    # arXiv supports range requests; the first bytes are enough.
    part = replace(service, headers={**service.headers, "range": "bytes=0-1023"})
    accepted = frozenset({206, 404})
    answer = web.get(part, f"/pdf/{KNOWN_ID}", max_age=_NOT_CACHED, kind="pdf", accepted=accepted)
    if answer.status == 404:
        return f"{KNOWN_ID} not found there"  # a mirror need not have it
    try:
        check_pdf(answer.body)
    except ValueError as error:
        raise Unavailable(service.name, str(error)) from error
    return None

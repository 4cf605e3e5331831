"""Every service times every fault: what it costs, and what its user is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from tests.faults.case import Case, Seen, is_clear
from tests.faults.stage import Ended, Stage
from tests.faults.wires import FAULTS
from tests.upstream import Fault

SOURCES = {"arxiv": "arXiv", "semanticscholar": "Semantic Scholar", "huggingface": "Hugging Face"}
IN_POST = {"arxiv": "arXiv、", "semanticscholar": "Semantic Scholar", "huggingface": "Hugging Face"}
"""How the introduction names a source that had a part in it."""
CALLED = {**SOURCES, "oai": "arXiv OAI", "pdf": "arXiv PDF", "claude": "Claude"}
SETTINGS = {"oai": {"HUGO_PARAMS_LLMPAPERS_FIGURELICENSE": "cc"}}
"""What makes the tool ask a service at all."""
BESIDE = {"html": {"pdf": Fault(404, b"", "text/html")}}
"""What must be broken before a service is asked."""
WORDS = {
    "empty": "empty answer",
    "429": "(HTTP 429)",
    "429, Retry-After: 3600": "(HTTP 429)",
    "503": "(HTTP 503)",
    "406": "(HTTP 406)",
    "closed": "connection to",
    "truncated": "connection to",
    "hanging": "timed out",
    "dripping": "no complete answer within",
    "dripping head": "no complete answer within",
    "endless body": "answer larger than",
    "endless head": "connection to",
    "redirect to another host": "which is not allowed",
    "redirect loop": "too many redirects",
    "zip bomb": "answer larger than",
    "zip bomb in a zip bomb": "unsupported content encoding",
}
"""What is said of a service; whatever else it sends is not an answer of it."""
OF_CLAUDE = {
    "429": "HTTP 429",
    "429, Retry-After: 3600": "HTTP 429",
    "503": "HTTP 503",
    "406": "HTTP 406",
    "closed": "is incomplete",
    "truncated": "is incomplete",
    "hanging": "does not answer within",
    "dripping": "does not answer within",
    "dripping head": "does not answer within",
    "redirect to another host": "HTTP 302",
    "redirect loop": "HTTP 302",
}
NO_ANSWER = {
    "arxiv": "not an Atom feed",
    "huggingface": "not a list of papers",
    "semanticscholar": "not an answer of the Graph API",
    "oai": "not an OAI-PMH record",
    "pdf": "not a PDF",
}
HARMLESS = {
    ("arxiv", "wrong content type"),
    ("semanticscholar", "wrong content type"),
    ("huggingface", "wrong content type"),
    ("pdf", "wrong content type"),
    ("oai", "wrong content type"),
    ("claude", "wrong content type"),
}
"""Answers that are right all the same."""
FIGURES = {"oai": 3}
"""That are left where two papers' licences do not allow it."""
ANYWAY = {("pdf", "wrong encoding")}
"""Files that may be fixed or not."""
QUICK = {
    ("arxiv", "endless body"), ("arxiv", "billion-laughs XML"), ("arxiv", "zip bomb in a zip bomb"),
    ("semanticscholar", "deeply nested JSON"), ("huggingface", "endless head"), ("huggingface", "zip bomb"), ("pdf", "garbage"),
    ("pdf", "zip bomb in a zip bomb"), ("claude", "zip bomb"), ("claude", "deeply nested JSON"), ("claude", "redirect to another host"),
}  # fmt: skip
"""Those that end within seconds, and that no other test has."""


def _play(service: str, fault: str, stage: Stage) -> Seen:
    stage.upstream.faults.update({service: FAULTS[fault], **BESIDE.get(service, {})})
    ended = stage.run(environ=SETTINGS.get(service))
    if not stage.upstream.asked(service):
        return Seen(ended, [f"{service} was not asked"])
    harmless = (service, fault) in HARMLESS
    if service == "claude" and not harmless:
        return _silenced(ended, stage, OF_CLAUDE.get(fault, "Claude"))
    wrong, lost = list(_published(ended, stage)), "nothing"
    if service in SOURCES and not harmless:
        lost = "what only this source knows"
        wrong += _names(service, WORDS.get(fault, NO_ANSWER[service]), ended, stage)
    elif service in ("pdf", "oai", "html") and not harmless and (service, fault) not in ANYWAY:
        lost = "the figures"
        wrong += [f"{stage.figures()} figures"] * (stage.figures() > 0)
        if service != "html":
            told = f"no figure: {'its licence is not known: ' if service == 'oai' else ''}{CALLED[service]}"
            wrong += [
                f"does not say: {word}"
                for word in (told, WORDS.get(fault, NO_ANSWER[service]))
                if word not in ended.err
            ]
    elif (service, fault) not in ANYWAY and stage.figures() != FIGURES.get(service, 5):
        wrong.append(f"{stage.figures()} figures")
    return Seen(ended, wrong, lost)


def _published(ended: Ended, stage: Stage) -> Iterator[str]:
    if ended.code != 0:
        yield f"exit {ended.code}"
    if (papers := stage.papers()) != 5:
        yield f"{papers} papers"


def _names(service: str, words: str, ended: Ended, stage: Stage) -> Iterator[str]:
    """A source that did not answer is named to the user, and not in the post."""
    if not any(line.startswith(f"{CALLED[service]}: ") and words in line for line in ended.told):
        yield f"does not say: {CALLED[service]}: {words}"
    index = stage.blog.post() / "index.md"
    if index.is_file() and IN_POST[service] in index.read_text(encoding="utf-8"):
        yield "the post names a source that did not answer"


def _silenced(ended: Ended, stage: Stage, words: str) -> Seen:
    wrong = [] if ended.code == 5 else [f"exit {ended.code}"]
    if stage.blog.post().exists():
        wrong.append("a post without Claude")
    return Seen(ended, [*wrong, *is_clear(ended, words)], "the post, until the next run")


def _cases() -> Iterator[Case]:
    for service in (*SOURCES, "oai", "pdf", "html", "claude"):
        for fault in FAULTS:
            yield Case("network", f"{service}, {fault}", partial(_play, service, fault), (service, fault) in QUICK)


def _two(faults: Mapping[str, str], stage: Stage) -> Seen:
    """Several services at once: as many papers as the others know."""
    stage.upstream.faults.update({service: FAULTS[fault] for service, fault in faults.items()})
    ended = stage.run()
    return Seen(ended, list(_published(ended, stage)), "the figures")


CASES = (
    *_cases(),
    Case(
        "network",
        "pdf and huggingface, dripping",
        partial(_two, {"pdf": "dripping", "huggingface": "dripping"}),
        limit_s=90,
    ),
    Case("network", "pdf and arxiv, hanging", partial(_two, {"pdf": "hanging", "arxiv": "hanging"}), limit_s=90),
)

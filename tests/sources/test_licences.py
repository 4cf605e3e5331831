from __future__ import annotations

import pytest
import respx

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.sources import arxiv_paper
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

SERVICE = Service("arXiv OAI", "https://oai.example")
URL = "https://oai.example/oai"
CC_BY = "http://creativecommons.org/licenses/by/4.0/"
RECORD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-02-23T12:00:00Z</responseDate>'
    "<GetRecord><record><header><identifier>oai:arXiv.org:0000.00010</identifier></header><metadata>"
    '<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>0000.00010</id><title>Weighing Pebbles</title>{licence}</arXiv>'
    "</metadata></record></GetRecord></OAI-PMH>"
)
NO_SUCH_PAPER = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">'
    '<error code="idDoesNotExist">No matching identifier</error></OAI-PMH>'
)


def record(licence: str = f"<license>{CC_BY}</license>") -> bytes:
    return RECORD.format(licence=licence).encode()


@pytest.mark.parametrize(
    ("element", "licence"),
    [
        (f"<license>{CC_BY}</license>", CC_BY),
        (f"<license>\n  {CC_BY}\n</license>", CC_BY),
        ("<license/>", None),
        ("", None),
    ],
)
def test_the_licence_is_read_out_of_the_record(element: str, licence: str | None) -> None:
    """The record's licence address without white space around it; None where the record has none."""
    assert arxiv_paper.parse_licence(record(element)) == licence


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"Rate exceeded.",
        b"<html><body>Automated access</body></html>",
        NO_SUCH_PAPER.encode(),
        record()[:-30],
        b'<!DOCTYPE x [<!ENTITY e "pebble">]>' + record().partition(b"?>")[2],
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>' + record().decode().partition("?>")[2]).encode("utf-16"),
    ],
    ids=lambda body: str(body[:24]),
)
def test_anything_but_a_paper_s_record_is_refused(body: bytes) -> None:
    """No record, no answer about its licence: a page or an error is never taken for "no licence"."""
    with pytest.raises(ValueError, match="record"):
        arxiv_paper.parse_licence(body)


def test_the_licence_of_one_paper_is_asked_for(web: Web, respx_mock: respx.MockRouter) -> None:
    """The question names arXiv's identifier and the format that carries licences, and is not asked twice."""
    route = respx_mock.get(URL).respond(content=record())
    assert arxiv_paper.licence("0000.00010", web, SERVICE) == CC_BY
    assert arxiv_paper.licence("0000.00010", web, SERVICE) == CC_BY
    assert dict(route.calls.last.request.url.params) == {
        "verb": "GetRecord",
        "identifier": "oai:arXiv.org:0000.00010",
        "metadataPrefix": "arXiv",
    }
    assert route.call_count == 1


def test_nonsense_makes_the_service_unavailable(web: Web, respx_mock: respx.MockRouter) -> None:
    """The caller meets one kind of failure, with the service's name."""
    respx_mock.get(URL).respond(html="<html></html>")
    with pytest.raises(Unavailable, match=r"^arXiv OAI: "):
        arxiv_paper.licence("0000.00010", web, SERVICE)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (CC_BY, True),
        ("http://creativecommons.org/licenses/by-sa/4.0/", True),
        ("https://creativecommons.org/licenses/by-nc-sa/4.0/", True),
        ("http://creativecommons.org/publicdomain/zero/1.0/", True),
        ("http://creativecommons.org/licenses/by-nc-nd/4.0/", False),
        ("http://arxiv.org/licenses/nonexclusive-distrib/1.0/", False),
        ("", False),
        (None, False),
    ],
)
def test_only_creative_commons_with_derivatives_allows_a_figure(url: str | None, allowed: bool) -> None:
    """A cut-out figure needs a licence that allows derivatives; no licence allows nothing."""
    assert arxiv_paper.allows_reuse(url) is allowed

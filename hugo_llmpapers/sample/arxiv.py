"""The invented papers as arXiv gives them: Atom, as its API sends it in 2026, and OAI-PMH."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import quote_plus
from xml.sax.saxutils import escape, quoteattr

from hugo_llmpapers.sample.papers import SamplePaper, papers

_PREFIX = "oai:arXiv.org:"


def feed(query: Mapping[str, str], day: date) -> str:
    """The API's answer: every search finds all five, `id_list` those it names, without the unknown.

    `start`, `max_results` (10 where it is missing, as on arXiv) and `sortOrder` are honoured;
    newest first by default.
    """
    start, size = _number(query, "start", 0), _number(query, "max_results", 10)
    found = sorted(
        _wanted(query),
        key=lambda paper: paper.submitted(day),
        reverse=query.get("sortOrder") != "ascending",
    )
    search, ids = query.get("search_query", ""), query.get("id_list", "")
    canonical = f"search_query={search}&id_list={ids}&start={start}&max_results={size}"
    digest = base64.b64encode(hashlib.sha256(canonical.encode()).digest()[:20]).decode().rstrip("=")
    link = (
        f"https://arxiv.org/api/query?search_query={quote_plus(search)}"
        f"&start={start}&max_results={size}&id_list={quote_plus(ids)}"
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        f"  <id>https://arxiv.org/api/{digest}</id>\n"
        f"  <title>arXiv Query: {escape(canonical)}</title>\n"
        f"  <updated>{_stamp(_midnight(day))}</updated>\n"
        f'  <link href={quoteattr(link)} type="application/atom+xml"/>\n'
        f"  <opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>\n"
        f"  <opensearch:totalResults>{len(found)}</opensearch:totalResults>\n"
        f"  <opensearch:startIndex>{start}</opensearch:startIndex>\n"
        f"{''.join(_entry(paper, day) for paper in found[start : start + size])}</feed>\n"
    )


def record(query: Mapping[str, str], host: str, day: date) -> str:
    """OAI-PMH's answer to GetRecord, in the formats with a licence: `arXiv` and `arXivRaw`."""
    verb, prefix = query.get("verb"), query.get("metadataPrefix", "")
    paper = papers().get(query.get("identifier", "").removeprefix(_PREFIX))
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in query.items())
    if verb != "GetRecord":
        attributes, inner = "", '<error code="badVerb">Only GetRecord is answered here</error>'
    elif prefix not in ("arXiv", "arXivRaw"):
        inner = '<error code="cannotDisseminateFormat">Did not recognize requested format</error>'
    elif paper is None:
        inner = '<error code="idDoesNotExist">Nothing matches this id</error>'
    else:
        inner = f"<GetRecord>{_oai_record(paper, prefix, day)}</GetRecord>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        f"<responseDate>{_stamp(_midnight(day))}</responseDate>\n"
        f"<request{attributes}>https://{escape(host)}/oai</request>\n{inner}\n</OAI-PMH>\n"
    )


def _wanted(query: Mapping[str, str]) -> Sequence[SamplePaper]:
    ids = query.get("id_list")
    if not ids:
        return list(papers().values())
    # There is only a version 1: as on arXiv, another version is an unknown id.
    asked = {re.sub(r"v1$", "", one.strip()) for one in ids.split(",")}
    return [paper for paper in papers().values() if paper.arxiv_id in asked]


def _entry(paper: SamplePaper, day: date) -> str:
    versioned, at = f"{paper.arxiv_id}v1", _stamp(paper.submitted(day))
    categories = "".join(
        f'    <category term="{name}" scheme="http://arxiv.org/schemas/atom"/>\n' for name in paper.categories
    )
    authors = "".join(f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in paper.authors)
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{versioned}</id>\n"
        f"    <title>{escape(paper.title)}</title>\n"
        f"    <updated>{at}</updated>\n"
        f'    <link href="https://arxiv.org/abs/{versioned}" rel="alternate" type="text/html"/>\n'
        f'    <link href="https://arxiv.org/pdf/{versioned}" rel="related"'
        ' type="application/pdf" title="pdf"/>\n'
        f"    <summary>{escape(paper.abstract)}</summary>\n{categories}"
        f"    <published>{at}</published>\n"
        f"    <arxiv:comment>{escape(paper.comment)}</arxiv:comment>\n"
        f'    <arxiv:primary_category term="{paper.categories[0]}"/>\n{authors}  </entry>\n'
    )


def _oai_record(paper: SamplePaper, prefix: str, day: date) -> str:
    at = paper.submitted(day)
    sets = "".join(f"<setSpec>cs:{name.replace('.', ':')}</setSpec>" for name in paper.categories)
    if prefix == "arXiv":
        names = (name.rpartition(" ") for name in paper.authors)
        authors = "".join(
            f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
            for first, _, last in names
        )
        head = f"<created>{at.date()}</created><authors>{authors}</authors><title>{escape(paper.title)}</title>"
    else:
        head = (
            f'<submitter>{escape(paper.authors[0])}</submitter><version version="v1">'
            f"<date>{at:%a, %d %b %Y %H:%M:%S} GMT</date><size>40kb</size></version>"
            f"<title>{escape(paper.title)}</title>"
            f"<authors>{escape(', '.join(paper.authors))}</authors>"
        )
    return (
        f"<record><header><identifier>{_PREFIX}{paper.arxiv_id}</identifier>"
        f"<datestamp>{at.date() + timedelta(days=1)}</datestamp>{sets}</header><metadata>"
        f'<{prefix} xmlns="http://arxiv.org/OAI/{prefix}/"><id>{paper.arxiv_id}</id>{head}'
        f"<categories>{' '.join(paper.categories)}</categories>"
        f"<comments>{escape(paper.comment)}</comments><license>{escape(paper.licence)}</license>"
        f"<abstract>{escape(paper.abstract)}</abstract></{prefix}>"
        "</metadata></record>"
    )


def _number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() else default


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

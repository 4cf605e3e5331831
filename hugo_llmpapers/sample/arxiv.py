"""The invented papers as arXiv sends them: Atom from its API of 2026, and OAI-PMH."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

from hugo_llmpapers.sample.papers import SamplePaper, papers

_PREFIX = "oai:arXiv.org:"


def feed(query: Mapping[str, str], day: date) -> str:
    """Return the API's answer: a search finds all five papers, `id_list` those that it names and that exist.

    The newest are first, and at most `max_results`: 10 by default, as on arXiv.
    """
    # There is only version 1: another version is an unknown id, as on arXiv.
    ids = {re.sub(r"v1$", "", one.strip()) for one in query.get("id_list", "").split(",")} - {""}
    found = [paper for paper in papers().values() if not ids or paper.arxiv_id in ids]
    found.sort(key=lambda paper: paper.submitted(day), reverse=True)
    entries = "".join(_entry(paper, day) for paper in found[: int(query.get("max_results", "10"))])
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
        ' xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">\n'
        "  <id>https://arxiv.org/api/sample</id>\n"
        "  <title>arXiv Query: sample</title>\n"
        f"  <updated>{_timestamp(datetime.combine(day, time()))}</updated>\n"
        f"  <opensearch:totalResults>{len(found)}</opensearch:totalResults>\n"
        f"{entries}</feed>\n"
    )


def record(query: Mapping[str, str], host: str, day: date) -> str:
    """Return OAI-PMH's answer to GetRecord in the format `arXiv`, which has the licence; an error for an unknown id."""
    paper = papers().get(query.get("identifier", "").removeprefix(_PREFIX))
    content = '<error code="idDoesNotExist">Nothing matches this id</error>'
    if paper is not None:
        content = f"<GetRecord>{_record(paper, day)}</GetRecord>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">\n'
        f"<responseDate>{_timestamp(datetime.combine(day, time()))}</responseDate>\n"
        f"<request>https://{escape(host)}/oai</request>\n{content}\n</OAI-PMH>\n"
    )


def _entry(paper: SamplePaper, day: date) -> str:
    versioned, at = f"{paper.arxiv_id}v1", _timestamp(paper.submitted(day))
    categories = "".join(
        f'    <category term="{name}" scheme="http://arxiv.org/schemas/atom"/>\n' for name in paper.categories
    )
    authors = "".join(f"    <author>\n      <name>{escape(name)}</name>\n    </author>\n" for name in paper.authors)
    return (
        f"  <entry>\n    <id>http://arxiv.org/abs/{versioned}</id>\n"
        f"    <title>{escape(paper.title)}</title>\n"
        f"    <updated>{at}</updated>\n"
        f'    <link href="https://arxiv.org/abs/{versioned}" rel="alternate" type="text/html"/>\n'
        f"    <summary>{escape(paper.abstract)}</summary>\n{categories}"
        f"    <published>{at}</published>\n"
        f"    <arxiv:comment>{escape(paper.comment)}</arxiv:comment>\n"
        f'    <arxiv:primary_category term="{paper.categories[0]}"/>\n{authors}  </entry>\n'
    )


def _record(paper: SamplePaper, day: date) -> str:
    submitted = paper.submitted(day).date()
    names = (name.rpartition(" ") for name in paper.authors)
    authors = "".join(
        f"<author><keyname>{escape(last)}</keyname><forenames>{escape(first)}</forenames></author>"
        for first, _, last in names
    )
    return (
        f"<record><header><identifier>{_PREFIX}{paper.arxiv_id}</identifier>"
        f"<datestamp>{submitted + timedelta(days=1)}</datestamp></header><metadata>"
        f'<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>{paper.arxiv_id}</id><created>{submitted}</created>'
        f"<authors>{authors}</authors><title>{escape(paper.title)}</title>"
        f"<categories>{' '.join(paper.categories)}</categories>"
        f"<comments>{escape(paper.comment)}</comments><license>{escape(paper.licence)}</license>"
        f"<abstract>{escape(paper.abstract)}</abstract></arXiv>"
        "</metadata></record>"
    )


def _timestamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

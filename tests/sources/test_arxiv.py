from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest
import respx

from hugo_llmpapers.errors import Unavailable
from hugo_llmpapers.records import Listing
from hugo_llmpapers.sources import arxiv
from hugo_llmpapers.sources.source import Query
from hugo_llmpapers.web.client import Web
from hugo_llmpapers.web.request import Service

SERVICE = Service("arXiv", "https://arxiv.example")
URL = "https://arxiv.example/api/query"
FEED = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"'
    ' xmlns="http://www.w3.org/2005/Atom">'
    "<id>https://arxiv.org/api/abcdefg</id><title>arXiv Query: search_query=x</title>"
    "<updated>2026-02-23T12:00:00Z</updated>"
    "<opensearch:itemsPerPage>1000</opensearch:itemsPerPage>"
    "<opensearch:totalResults>{total}</opensearch:totalResults>"
    "<opensearch:startIndex>0</opensearch:startIndex>{entries}</feed>"
)
PARTS = {
    "id": "<id>http://arxiv.org/abs/0000.00010v2</id>",
    "title": "<title>Weighing Pebbles with a Language Model</title>",
    "updated": "<updated>2026-02-22T09:00:00Z</updated>",
    "links": (
        '<link href="https://arxiv.org/abs/0000.00010v2" rel="alternate" type="text/html"/>'
        '<link href="https://arxiv.org/pdf/0000.00010v2" rel="related" type="application/pdf" title="pdf"/>'
    ),
    "summary": "<summary>We ask a language model how heavy a pebble is.</summary>",
    "category": '<category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/><category term="cs.AI"/>',
    "published": "<published>2026-02-19T18:59:59Z</published>",
    "comment": "<arxiv:comment>Accepted at PebbleConf 2026; 9 pages</arxiv:comment>",
    "primary_category": '<arxiv:primary_category term="cs.CL"/>',
    "doi": "<arxiv:doi>10.5555/pebble.1</arxiv:doi>",
    "authors": (
        "<author><name>Zoë Kiesel</name><arxiv:affiliation>Quarry U</arxiv:affiliation></author>"
        "<author><name>Ada Granit</name></author>"
    ),
}
ERROR = (
    "<entry><id>https://arxiv.org/api/errors#incorrect_id_format_for_x</id><title>Error</title>"
    "<summary>incorrect id format for x</summary><updated>2026-02-23T00:00:00Z</updated>"
    "<author><name>arXiv api core</name></author></entry>"
)


def entry(**parts: str) -> str:
    """An entry; parts can be written otherwise, or left out by an empty text."""
    return f"<entry>{''.join((PARTS | parts).values())}</entry>"


def feed(*entries: str, total: int | None = None) -> bytes:
    return FEED.format(entries="".join(entries), total=len(entries) if total is None else total).encode()


def parsed(**parts: str) -> Listing:
    """The one paper of a feed."""
    (found,), total = arxiv.parse(feed(entry(**parts)))
    assert total == 1
    return found


def query(until: datetime = datetime(2026, 2, 23, 12, tzinfo=UTC), window_days: int = 5) -> Query:
    return Query(until, window_days, ("language model", "LLM"), ("cs.CL", "cs.AI"))


def submitted(arxiv_id: str, moment: str) -> str:
    return entry(id=f"<id>http://arxiv.org/abs/{arxiv_id}v1</id>", published=f"<published>{moment}</published>")


def test_parse_reads_all_fields() -> None:
    """From an entry as recorded."""
    assert parsed() == Listing(
        source="arxiv",
        arxiv_id="0000.00010",
        title="Weighing Pebbles with a Language Model",
        abstract="We ask a language model how heavy a pebble is.",
        authors=("Zoë Kiesel", "Ada Granit"),
        published=date(2026, 2, 19),
        listed=datetime(2026, 2, 20, 1, tzinfo=UTC),
        categories=("cs.CL", "cs.AI"),
        doi="10.5555/pebble.1",
        comment="Accepted at PebbleConf 2026; 9 pages",
    )


@pytest.mark.parametrize(
    ("written", "arxiv_id"),
    [
        ("http://arxiv.org/abs/0000.00010v1", "0000.00010"),
        ("http://arxiv.org/abs/0000.00010v12", "0000.00010"),
        ("https://arxiv.org/abs/0000.00010", "0000.00010"),
        ("http://arxiv.org/abs/0812.0420v1", "0812.0420"),
        ("http://arxiv.org/abs/cs/9999012v3", "cs/9999012"),
        ("http://arxiv.org/abs/cond-mat/9999012v1", "cond-mat/9999012"),
    ],
)
def test_ids_lose_their_version_and_keep_their_zeros(written: str, arxiv_id: str) -> None:
    """The id of an entry is given without address and version, old style ones included."""
    assert parsed(id=f"<id>{written}</id>").arxiv_id == arxiv_id


def test_paragraph_breaks_become_blanks() -> None:
    """Abstract, title and comment are one line each, whichever generation of the API wrapped them."""
    found = parsed(
        title="<title>Weighing Pebbles\n  with a Language Model</title>",
        summary="<summary>  First paragraph.\n  Second paragraph\nwrapped.\n</summary>",
        comment="<arxiv:comment>9 pages,\n  2 figures</arxiv:comment>",
    )
    assert found.title == "Weighing Pebbles with a Language Model"
    assert found.abstract == "First paragraph. Second paragraph wrapped."
    assert found.comment == "9 pages, 2 figures"


def test_latex_is_kept_as_the_authors_wrote_it() -> None:
    """Commands, maths and braces arrive unchanged; what to do with them is decided where they are printed."""
    title, abstract = r"$\nabla^2$Pebble: \texttt{weigh} \& \textbf{sort}", r"It costs \$1 and $x_{0.5}$, 20\%."
    found = parsed(title=f"<title>{title.replace('&', '&amp;')}</title>", summary=f"<summary>{abstract}</summary>")
    assert (found.title, found.abstract) == (title, abstract)


def test_entities_are_decoded_once() -> None:
    """XML's own escapes are undone, and what the author escaped stays escaped."""
    found = parsed(summary='<summary>a &lt; b &amp;amp; &#233;t&#xe9; &lt;a href="x"&gt;</summary>')
    assert found.abstract == 'a < b &amp; été <a href="x">'


def test_a_paper_may_be_called_zero() -> None:
    """The title `0` is a title."""
    assert parsed(title="<title>0</title>").title == "0"


def test_authors_stay_in_the_papers_order() -> None:
    """Authors are neither sorted nor made unique, and an author without a name is none."""
    names = ["Zoë Kiesel", "Ada Granit", "Zoë Kiesel", "", "Pebble Team"]
    found = parsed(authors="".join(f"<author><name>{name}</name></author>" for name in names))
    assert found.authors == ("Zoë Kiesel", "Ada Granit", "Zoë Kiesel", "Pebble Team")


def test_the_order_of_elements_does_not_matter() -> None:
    """Elements are found by name: the two generations of the API order them differently."""
    turned = f"<entry>{''.join(reversed(PARTS.values()))}</entry>"
    assert arxiv.parse(feed(turned)) == arxiv.parse(feed(entry()))


def test_the_old_generation_is_read_as_well() -> None:
    """Prefixes declared on each element, schemes and a `type` on the title make no difference."""
    found = parsed(
        title='<title type="html">Weighing Pebbles with a Language Model</title>',
        comment='<c:comment xmlns:c="http://arxiv.org/schemas/atom">9 pages</c:comment>',
        primary_category='<c:primary_category xmlns:c="http://arxiv.org/schemas/atom" term="cs.CL" scheme="x"/>',
    )
    assert (found.title, found.comment, found.categories) == (
        "Weighing Pebbles with a Language Model",
        "9 pages",
        ("cs.CL", "cs.AI"),
    )


def test_absent_elements_are_not_known() -> None:
    """Missing or empty elements are None or empty tuples, never empty texts."""
    found = parsed(comment="", doi="<arxiv:doi/>", primary_category="", category="", summary="", authors="")
    assert (found.comment, found.doi, found.abstract) == (None, None, None)
    assert (found.categories, found.authors) == ((), ())


def test_the_primary_category_comes_first_and_once() -> None:
    """The primary category leads, whatever the order of the others, and none is named twice."""
    found = parsed(
        primary_category='<arxiv:primary_category term="cs.LG"/>',
        category='<category term="cs.AI"/><category term="cs.LG"/><category term="I.2.7; F.1.1"/>',
    )
    assert found.categories == ("cs.LG", "cs.AI", "I.2.7; F.1.1")


@pytest.mark.parametrize(
    "part",
    [
        {"id": ""},
        {"id": "<id>http://arxiv.org/abs/</id>"},
        {"title": ""},
        {"title": "<title> </title>"},
        {"published": ""},
        {"published": "<published>yesterday</published>"},
        {"published": "<published>0001-01-01T00:00:00+10:00</published>"},
        {"published": "<published>9999-12-31T23:59:59Z</published>"},
    ],
    ids=str,
)
def test_an_entry_without_id_title_or_date_is_skipped(part: dict[str, str]) -> None:
    """The other entries stay."""
    found, total = arxiv.parse(feed(entry(**part), submitted("0000.00011", "2026-02-19T10:00:00Z")))
    assert ([x.arxiv_id for x in found], total) == (["0000.00011"], 2)


def test_the_day_of_submission_is_in_utc() -> None:
    """The offset of the date is respected."""
    found = parsed(published="<published>2026-02-19T22:30:00-05:00</published>")
    assert found.published == date(2026, 2, 20)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \n",
        b"Rate exceeded.",
        b"<!doctype html><html><body>Automated access</body></html>",
        b"<!DOCTYPE html><html><head><title>x</title></head></html>",
        b"<html><body>Service unavailable</body></html>",
        b'{"total": 0}',
        b'<rss version="2.0"><channel></channel></rss>',
        b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>',
        feed().replace(b"totalResults>0<", b"totalResults>many<"),
        feed(entry())[:-20],
        b"\xff\xfe\x00\x00",
        b'<?xml version="1.0" encoding="no-such"?><feed/>',
    ],
    ids=lambda body: str(body[:24]),
)
def test_anything_but_a_feed_of_the_api_is_refused(body: bytes) -> None:
    """Empty bodies, HTML, JSON, RSS, half a feed and junk raise ValueError."""
    with pytest.raises(ValueError, match="not an Atom feed"):
        arxiv.parse(body)


BOMB = (
    '<!DOCTYPE feed [<!ENTITY a "pebble"><!ENTITY b "&a;&a;&a;&a;">]>'
    '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
    "<o:totalResults>0</o:totalResults><title>&b;</title></feed>"
)


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        ('<?xml version="1.0"?>' + f"<!--{'-pad' * 500}-->" + BOMB).encode(),
        ('<?xml version="1.0" encoding="UTF-16"?>' + BOMB).encode("utf-16"),
        BOMB.replace(' [<!ENTITY a "pebble"><!ENTITY b "&a;&a;&a;&a;">]', ' SYSTEM "file:///etc/hostname"').encode(),
    ],
    ids=["plain", "behind a long comment", "UTF-16", "external"],
)
def test_a_feed_with_a_document_type_is_refused(body: bytes) -> None:
    """Entities are never expanded, in any encoding."""
    with pytest.raises(ValueError, match="not an Atom feed"):
        arxiv.parse(body)


def test_text_about_entities_is_no_document_type() -> None:
    """An abstract may contain `<!DOCTYPE` or `<!ENTITY`."""
    found = parsed(summary="<summary>Models write &lt;!DOCTYPE html&gt; and <![CDATA[<!ENTITY]]>.</summary>")
    assert found.abstract == "Models write <!DOCTYPE html> and <!ENTITY."


def test_the_error_feed_is_a_value_error() -> None:
    """It contains arXiv's message."""
    with pytest.raises(ValueError, match="rejects the request: incorrect id format for x"):
        arxiv.parse(feed(ERROR))


@pytest.mark.parametrize("status", [200, 400])
def test_an_error_feed_makes_arxiv_unavailable(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """With arXiv's message in one line, for any status."""
    respx_mock.get(URL).respond(status, content=feed(ERROR))
    with pytest.raises(Unavailable) as caught:
        arxiv.lookup(["x"], web, SERVICE)
    assert str(caught.value) == "arXiv: rejects the request: incorrect id format for x"


@pytest.mark.parametrize("body", [b" ", b"<html></html>", b"Rate exceeded."])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_that_is_no_feed_makes_arxiv_unavailable(
    web: Web, respx_mock: respx.MockRouter, status: int, body: bytes
) -> None:
    """A web page is not an empty day."""
    respx_mock.get(URL).respond(status, content=body)
    with pytest.raises(Unavailable, match=r"^arXiv: not an Atom feed"):
        arxiv.fetch(query(), web, SERVICE)


def test_an_unexpectedly_empty_page_makes_arxiv_unavailable(web: Web, respx_mock: respx.MockRouter) -> None:
    """A page without entries although the total is not 0 is a known fault of arXiv."""
    respx_mock.get(URL).respond(content=feed(total=312))
    with pytest.raises(Unavailable, match="sends none of 312 papers"):
        arxiv.fetch(query(), web, SERVICE)


def test_a_wide_window_takes_several_pages(web: Web, respx_mock: respx.MockRouter) -> None:
    """Papers after the first thousand are requested, too."""
    pages = {
        "0": feed(entry(), total=1001),
        "1000": feed(entry(id="<id>http://arxiv.org/abs/0000.00099v1</id>"), total=1001),
    }
    route = respx_mock.get(URL).mock(
        side_effect=lambda asked: httpx.Response(200, content=pages[asked.url.params["start"]])
    )
    assert len(arxiv.fetch(query(), web, SERVICE)) == 2
    assert route.call_count == 2


def test_an_empty_day_is_no_failure(web: Web, respx_mock: respx.MockRouter) -> None:
    """If the total is 0."""
    respx_mock.get(URL).respond(content=feed())
    assert arxiv.fetch(query(), web, SERVICE) == []


@pytest.mark.parametrize("status", [403, 404, 429, 500])
def test_other_statuses_make_arxiv_unavailable(web: Web, respx_mock: respx.MockRouter, status: int) -> None:
    """Whatever the body."""
    respx_mock.get(URL).respond(status, content=feed(ERROR))
    with pytest.raises(Unavailable) as caught:
        arxiv.fetch(query(), web, SERVICE)
    assert caught.value.status == status


def test_all_parts_of_the_query_have_parentheses() -> None:
    """arXiv's grammar has no precedence."""
    assert arxiv.search_query(query()) == (
        '(cat:cs.CL OR cat:cs.AI) AND (all:"language model" OR all:"LLM")'
        " AND (submittedDate:[202602130000 TO 202602232359])"
    )


def test_the_query_has_no_empty_parts() -> None:
    """Without categories or keywords."""
    bare = Query(datetime(2026, 2, 23, tzinfo=UTC), 1, (), ())
    assert arxiv.search_query(bare) == "(submittedDate:[202602170000 TO 202602232359])"


def test_the_dates_of_the_query_are_in_utc() -> None:
    """A Japanese morning is in the UTC day before."""
    morning = datetime(2026, 2, 24, 7, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert "TO 202602232359]" in arxiv.search_query(query(until=morning))


def test_the_newest_papers_are_requested_in_one_page(web: Web, respx_mock: respx.MockRouter) -> None:
    """Sorted by submission, with `max_results`."""
    route = respx_mock.get(URL).respond(content=feed())
    arxiv.fetch(query(), web, SERVICE)
    assert dict(route.calls.last.request.url.params) == {
        "search_query": arxiv.search_query(query()),
        "sortBy": "submittedDate",
        "sortOrder": "descending",
        "start": "0",
        "max_results": "1000",
    }
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("until", "found"),
    [
        ("2026-02-22T12:00:00+00:00", []),
        ("2026-02-23T00:59:59+00:00", []),
        ("2026-02-23T01:00:00+00:00", ["0000.00011"]),
        ("2026-02-24T01:00:00+00:00", ["0000.00012", "0000.00011"]),
        ("2026-02-24T01:00:01+00:00", ["0000.00012"]),
    ],
)
def test_papers_are_listed_at_their_announcement(
    web: Web, respx_mock: respx.MockRouter, until: str, found: list[str]
) -> None:
    """Papers of Thursday evening are announced on Sunday at 20:00 US Eastern."""
    thursday_evening = submitted("0000.00011", "2026-02-19T23:00:00Z")
    saturday = submitted("0000.00012", "2026-02-21T10:00:00Z")
    respx_mock.get(URL).respond(content=feed(saturday, thursday_evening))
    one_day = query(datetime.fromisoformat(until), 1)
    assert [x.arxiv_id for x in arxiv.fetch(one_day, web, SERVICE)] == found


def test_the_query_includes_papers_that_waited_for_their_announcement(web: Web, respx_mock: respx.MockRouter) -> None:
    """Over Thanksgiving, for example."""
    wednesday = datetime(2026, 11, 25, 19, 0, 1, tzinfo=UTC)
    respx_mock.get(URL).respond(content=feed(submitted("0000.00013", wednesday.strftime("%Y-%m-%dT%H:%M:%SZ"))))
    shown = datetime(2026, 11, 30, 1, tzinfo=UTC)
    (found,) = arxiv.fetch(query(shown, 1), web, SERVICE)
    assert found.listed == shown
    opens = arxiv.search_query(query(shown + timedelta(days=1), 1)).partition("submittedDate:[")[2][:12]
    assert opens <= wednesday.strftime("%Y%m%d%H%M")


def test_papers_are_looked_up_in_one_request(web: Web, respx_mock: respx.MockRouter) -> None:
    """`max_results` is the number of ids: without it, arXiv returns ten."""
    ids = [f"0000.000{n}" for n in range(10, 22)]
    route = respx_mock.get(URL).respond(content=feed(*(submitted(i, "2026-02-19T10:00:00Z") for i in ids)))
    assert [x.arxiv_id for x in arxiv.lookup(ids, web, SERVICE)] == ids
    assert dict(route.calls.last.request.url.params) == {"id_list": ",".join(ids), "max_results": "12"}


def test_lookup_has_no_window(web: Web, respx_mock: respx.MockRouter) -> None:
    """Requested papers may be old."""
    respx_mock.get(URL).respond(content=feed(submitted("cs/9999012", "1999-02-19T10:00:00Z")))
    assert [x.arxiv_id for x in arxiv.lookup(["cs/9999012"], web, SERVICE)] == ["cs/9999012"]


def test_unknown_ids_are_not_in_the_result(web: Web, respx_mock: respx.MockRouter) -> None:
    """As in arXiv's answer."""
    respx_mock.get(URL).respond(content=feed())
    assert arxiv.lookup(["0000.00099"], web, SERVICE) == []


def test_lookup_without_ids_sends_no_request(web: Web, respx_mock: respx.MockRouter) -> None:
    """The result is empty."""
    assert arxiv.lookup([], web, SERVICE) == []
    assert not respx_mock.calls

from __future__ import annotations

import pytest

from hugo_llmpapers.sources.arxiv_id import abs_url, linked_in, normalised


@pytest.mark.parametrize(
    "written",
    [
        "0000.00010",
        "0000.00010v1",
        "0000.00010v12",
        " 0000.00010\n",
        "arXiv:0000.00010",
        "arxiv:0000.00010v2",
        "ARXIV:0000.00010",
        "http://arxiv.org/abs/0000.00010",
        "https://arxiv.org/abs/0000.00010v3",
        "https://www.arxiv.org/abs/0000.00010",
        "https://export.arxiv.org/abs/0000.00010",
        "https://arxiv.org/pdf/0000.00010",
        "https://arxiv.org/pdf/0000.00010v1.pdf",
        "https://arxiv.org/html/0000.00010v1",
        "10.48550/arXiv.0000.00010",
        "10.48550/ARXIV.0000.00010",
        "https://doi.org/10.48550/arXiv.0000.00010",
        "http://dx.doi.org/10.48550/arxiv.0000.00010",
        "arxiv.org/abs/0000.00010",
        "https://arxiv.org/abs/arXiv:0000.00010v2",
        "https://arxiv.org/abs/0000.00010?context=cs.CL",
        "https://www.alphaxiv.org/ja/overview/0000.00010v1",
        "https://ar5iv.labs.arxiv.org/html/0000.00010",
        "https://huggingface.co/papers/0000.00010",
        "hf.co/papers/0000.00010#community",
    ],
)
def test_every_way_to_write_an_id_means_the_paper(written: str) -> None:
    """Versions, prefixes, addresses and arXiv's DOI all lead to the bare id, its trailing zero included."""
    assert normalised(written) == "0000.00010"


@pytest.mark.parametrize(
    ("written", "arxiv_id"),
    [
        ("0812.0420v2", "0812.0420"),
        ("1412.9990", "1412.9990"),
        ("1501.00010", "1501.00010"),
        ("cs/9999010", "cs/9999010"),
        ("https://arxiv.org/abs/cond-mat/9999010v4", "cond-mat/9999010"),
        ("math.GT/9999010", "math/9999010"),
        ("arXiv:MATH.GT/9999010v1", "math/9999010"),
        ("10.48550/arXiv.hep-th/9999010", "hep-th/9999010"),
    ],
)
def test_old_ids_are_as_arxiv_answers_them(written: str, arxiv_id: str) -> None:
    """Four digits until 2014; an old id is in lower case and without the class that some write after the archive."""
    assert normalised(written) == arxiv_id


@pytest.mark.parametrize(
    "written",
    [
        "",
        "pebble",
        "0000.000",
        "0000.000101",
        "2602.1894",
        "2602.189",
        "1501.0001",
        "000.00010",
        "0000.00010v",
        "0000.00010 0000.00011",
        "x0000.00010",
        "0000.00010/../x",
        "../0000.00010",
        "cs/99",
        "cs/99990100",
        "/9999010",
        "https://elsewhere.example/abs/0000.00010",
        "https://arxiv.org.elsewhere.example/abs/0000.00010",
        "https://arxiv.org/list/cs.CL/0000.00010",
        "10.5555/arXiv.0000.00010",
        "\uff10\uff10\uff10\uff10.\uff10\uff10\uff10\uff11\uff10",
    ],
)
def test_what_is_no_id_is_none(written: str) -> None:
    """Other texts, addresses and digits give None; so does `2602.1894`, a number that lost its zero."""
    assert normalised(written) is None


def test_links_are_found_in_order_and_once() -> None:
    """The papers that a post links to, in whatever form, versions dropped."""
    text = (
        b"[a](https://arxiv.org/abs/0000.00011v2), <http://arxiv.org/pdf/0000.00010.pdf>, "
        b"https://export.arxiv.org/html/0000.00012, https://www.arxiv.org/abs/cs/9999010 "
        b"and https://arxiv.org/abs/0000.00011 again; https://arxiv.org/abs/math.GT/9999011."
    )
    assert linked_in(text) == ("0000.00011", "0000.00010", "0000.00012", "cs/9999010", "math/9999011")


@pytest.mark.parametrize(
    "address",
    [
        "arxiv.org/abs/0000.00010",
        "//arxiv.org/abs/0000.00010",
        "HTTPS://ARXIV.ORG/ABS/0000.00010",
        "https://arxiv.org/abs/arXiv:0000.00010",
        "https://arxiv.org/abs/arXiv%3A0000.00010v2",
        "https://export.arxiv.org/abs/0000.00010",
        "https://browse.arxiv.org/pdf/0000.00010v3.pdf",
        "https://arxiv.org/pdf/0000.00010v3.pdf?download=1#page=2",
        "https://arxiv.org/html/0000.00010v1",
        "https://alphaxiv.org/abs/0000.00010",
        "https://www.alphaxiv.org/pdf/0000.00010",
        "https://www.alphaxiv.org/overview/0000.00010v2",
        "https://www.alphaxiv.org/ja/overview/0000.00010",
        "alphaxiv.org/zh-hans/overview/0000.00010",
        "https://ar5iv.org/abs/0000.00010",
        "https://ar5iv.labs.arxiv.org/html/0000.00010",
        "https://hf.co/papers/0000.00010",
        "https://huggingface.co/papers/0000.00010",
        "https://doi.org/10.48550/arXiv.0000.00010",
        "doi.org/10.48550/ARXIV.0000.00010",
    ],
)
@pytest.mark.parametrize(
    "text", ["{}", "[x]({})", "<{}>", '<a href="{}">', "<a href='{}'>", "[[{}][x]]", "see {}.", "論文は{}です"]
)
def test_a_link_in_every_form_that_people_write(address: str, text: str) -> None:
    """In every format of content: on arXiv, its readers and mirrors, with and without a scheme."""
    assert linked_in(text.format(address).encode()) == ("0000.00010",)
    whole = address.lower().startswith("http")
    assert linked_in(text.format(address).encode(), with_scheme=True) == (("0000.00010",) if whole else ())


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"arXiv:0000.00010",
        b"notarxiv.org/abs/0000.00010",
        b"https://elsewhere.example/arxiv.org/abs/0000.00010",
        b"me@arxiv.org/abs/0000.00010",
        b"https://arxiv.org/abs/0000.000101",
        b"arxiv.org&#47;abs/0000.00010",
        b"arxiv.org/abs&#47;0000.00010",
        b"https://huggingface.co/models/0000.00010",
        b"https://alphaxiv.org/deep/er/overview/0000.00010",
        b"https\\://arxiv.org/abs/0000.00010",
        b"https\\:\\/\\/arxiv.org/abs/0000.00010",
        b"https&#58;//arxiv.org/abs/0000.00010",
        b"https:&#47;/arxiv.org/abs/0000.00010",
        b"https://arxiv.org/abs/0000\\.00010",
        b"https://elsewhere.example/abs/0000.00010",
        b"https://arxiv.org/abs/2602.189",
        b"\xff\xfe",
    ],
)
def test_what_is_no_link_to_a_paper_is_not_counted(text: bytes) -> None:
    """An address that is escaped comes out of an abstract, and is no sign that the blog covered the paper."""
    assert linked_in(text) == ()


def test_links_lead_to_the_abstract() -> None:
    """arXiv asks for links to the page of the abstract."""
    assert abs_url("cs/9999010") == "https://arxiv.org/abs/cs/9999010"

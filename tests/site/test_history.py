"""What the blog already has is read from its content."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.files import suffixes
from hugo_llmpapers.site.history import covered, page, pages, papers_of, post_of, printed_sources


def _write(root: Path, name: str, text: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_link_to_a_paper_counts_whoever_wrote_it(tmp_path: Path) -> None:
    """abs, pdf and html pages, with and without a version, old ids too; folders of ours and drafts of editors do not."""
    _write(
        tmp_path, "posts/a/index.md", "[x](https://arxiv.org/abs/2602.18280v2) http://www.arxiv.org/pdf/2602.00001.pdf"
    )
    _write(tmp_path, "notes/b.markdown", "https://arxiv.org/html/2602.00002 and https://arxiv.org/abs/cs/0112017")
    _write(tmp_path, "posts/c.txt", "https://arxiv.org/abs/2602.00003")
    _write(tmp_path, "posts/.llm-papers-making-1/index.md", "https://arxiv.org/abs/2602.00004")
    _write(tmp_path, "posts/d.md", "escaped text of an abstract: https&#58;//arxiv.org/abs/2602.00005")
    assert covered(list(pages([tmp_path]))) == {"2602.18280", "2602.00001", "2602.00002", "cs/0112017"}


@pytest.mark.parametrize(
    "head",
    [
        "---\nURL: /llm-papers-2026-02-27/ # ours\n---\n",
        "---\nurl: llm-papers-2026-02-27\ntitle: [broken\n---\n",
        "---\ndescription: " + "x" * 9000 + "\nurl: llm-papers-2026-02-27\n---\n",
        '{"url": "llm-papers-2026-02-27"}\n',
        "---\nurl: llm-papers-2026-02-27\ndate: 2026-02-27\n---\n",
        '---\nurl: "/llm-papers-2026-02-27/"\n---\n',
        "+++\nurl = '/llm-papers-2026-02-27'\n+++\n",
        "---\nurl: //llm-papers-2026-02-27//\n---\n",
        '{\n  "title": "x",\n  "url": "llm-papers-2026-02-27",\n  "draft": false\n}\n',
        "---\r\nurl: llm-papers-2026-02-27\r\n---\r\n",
    ],
    ids=["comment", "broken", "long", "one line", "yaml", "slashes", "toml", "many slashes", "json", "crlf"],
)
def test_a_post_at_our_url_is_the_days_post(tmp_path: Path, head: str) -> None:
    """In every format of front matter, at any path; front matter that cannot be parsed counts if it has the url."""
    path = _write(tmp_path, "blog/2026-02-27-llm-papers-daily/index.md", head + "text\n")
    found = post_of(date(2026, 2, 27), "llm-papers-2026-02-27", (), list(pages([tmp_path])))
    assert found is not None
    assert found.path == path


@pytest.mark.parametrize(
    "field",
    ["description: of llm-papers-2026-02-27", "url: /llm-papers-2026-02-27-notes/", "aliases: [llm-papers-2026-02-27]"],
)
def test_a_page_that_only_mentions_our_url_is_its_owners(tmp_path: Path, field: str) -> None:
    """Also if it has a key twice, which Hugo reads and YAML forbids: its date is read all the same."""
    _write(
        tmp_path,
        "posts/mine.md",
        f"---\ntitle: Mine\ntitle: Mine\ndate: 2026-02-20\n{field}\n---\nhttps://arxiv.org/abs/2602.00001",
    )
    (mine,) = pages([tmp_path])
    assert mine.day == date(2026, 2, 20)
    assert post_of(date(2026, 2, 27), "llm-papers-2026-02-27", (), [mine]) is None


def test_another_days_url_or_a_word_in_the_text_is_not(tmp_path: Path) -> None:
    """Only the front matter's url of that day counts."""
    _write(tmp_path, "c.md", "---\ntitle: llm-papers-2026-02-27\nurl: other\n---\n")
    _write(tmp_path, "d.md", "---\ntitle: x\n---\nurl: llm-papers-2026-02-27\n")
    _write(tmp_path, "a.md", "---\nurl: llm-papers-2026-02-26\n---\n")
    _write(tmp_path, "b.md", "---\ntitle: x\n---\nsee llm-papers-2026-02-27 at https://arxiv.org/abs/2602.00001\n")
    assert post_of(date(2026, 2, 27), "llm-papers-2026-02-27", (), list(pages([tmp_path]))) is None


def test_a_post_of_the_day_with_the_same_papers_is_it(tmp_path: Path) -> None:
    """For papers requested by id, in any order; another day's post does not count."""
    lines = " ".join(f"[arxiv](https://arxiv.org/abs/{number})" for number in ("2602.00001", "2602.00002"))
    _write(tmp_path, "x/2026-02-27.md", f"---\ntitle: x\n---\n{lines}\n")
    known = list(pages([tmp_path]))
    ids = ("2602.00002", "2602.00001")
    assert post_of(date(2026, 2, 27), "llm-papers-2026-02-27", ids, known) == known[0]
    assert post_of(date(2026, 2, 28), "llm-papers-2026-02-28", ids, known) is None
    assert post_of(date(2026, 2, 27), "llm-papers-2026-02-27", ids[:1], known) is None


def test_an_article_about_the_same_papers_is_not_it(tmp_path: Path) -> None:
    """It is its owner's, and no --force may take it away."""
    _write(tmp_path, "review.md", "---\ntitle: x\ndate: 2026-02-27\n---\nhttps://arxiv.org/abs/2602.00001\n")
    known = list(pages([tmp_path]))
    assert post_of(date(2026, 2, 27), "llm-papers-2026-02-27", ("2602.00001",), known) is None


def test_a_post_that_is_written_again_does_not_cover_its_own_papers(tmp_path: Path) -> None:
    """Or it could never keep them."""
    _write(tmp_path, "a.md", "https://arxiv.org/abs/2602.00001")
    known = list(pages([tmp_path]))
    assert covered(known, but=known[0]) == frozenset()


def test_a_source_line_names_papers_only(tmp_path: Path) -> None:
    """Anything that is not an arXiv id is skipped, invalid UTF-8 too."""
    path = _write(
        tmp_path, "a.md", "- [arxiv](https://arxiv.org/abs/0000.00001v2)\n- [arxiv](https://arxiv.org/abs/x,y)\n"
    )
    path.write_bytes(path.read_bytes() + b"- [arxiv](https://arxiv.org/abs/\xff\xfe)\n")
    (found,) = pages([tmp_path])
    assert printed_sources(found) == {"0000.00001": "arxiv"}
    assert papers_of(found) == ("0000.00001",)


SUFFIXES = [
    "html",
    "htm",
    "md",
    "mdown",
    "markdown",
    "adoc",
    "asciidoc",
    "ad",
    "pandoc",
    "pdc",
    "rst",
    "rest",
    "org",
    "MD",
    "Html",
    "ORG",
]
"""https://gohugo.io/content-management/formats/#classification"""


def test_every_content_format_counts(tmp_path: Path) -> None:
    """In capitals, too; data, pictures and programs do not."""
    numbers = {f"2602.{number:05d}" for number in range(len(SUFFIXES))}
    for number, suffix in zip(sorted(numbers), SUFFIXES, strict=True):
        _write(tmp_path, f"{number}/a.{suffix}", f"https://arxiv.org/abs/{number}")
    for name in ("a.txt", "_content.gotmpl", "md", "a.md.bak", "a.json"):
        _write(tmp_path, name, "https://arxiv.org/abs/2602.99999")
    assert covered(list(pages([tmp_path]))) == numbers


def test_formats_of_the_sites_own_count(tmp_path: Path) -> None:
    """A configuration may give a format other suffixes, or make content of another one."""
    named = {"text/markdown": {"suffixes": ["mkd"]}, "text/x-notes": {"suffixes": ["Notes"]}}
    assert (
        suffixes({}) == suffixes({"mediatypes": {"text/markdown": {"suffixes": None}}}) == {s.lower() for s in SUFFIXES}
    )
    assert suffixes({"mediatypes": named}) - suffixes({}) == {"mkd"}
    assert suffixes({"mediatypes": named, "contenttypes": {"text/x-notes": {}}}) - suffixes({}) == {"notes"}
    _write(tmp_path, "a.NOTES", "https://arxiv.org/abs/2602.00001")
    assert covered(list(pages([tmp_path], {"notes"}))) == {"2602.00001"}


def test_an_address_in_an_abstract_of_ours_covers_nothing(tmp_path: Path) -> None:
    """In an abstract it is untrusted text; in an owner's text it is a link without a scheme."""
    mention = "See arxiv.org/abs/2602.00002."
    _write(tmp_path, "ours.md", f"- [arxiv](https://arxiv.org/abs/2602.00001)\n\n{mention}\n")
    assert covered(list(pages([tmp_path]))) == {"2602.00001"}
    _write(tmp_path, "mine.md", mention)
    assert covered(list(pages([tmp_path]))) == {"2602.00001", "2602.00002"}


@pytest.fixture
def guarded() -> Iterator[Path]:
    """A folder, for somebody who is not above permissions."""
    if os.name != "posix":
        pytest.skip("POSIX has permissions")
    folder, me = Path(tempfile.mkdtemp()), os.geteuid()
    try:
        if me == 0:
            os.chown(folder, 65534, -1)
            os.seteuid(65534)
        yield folder
    finally:
        os.seteuid(me)
        for path in folder.iterdir():
            path.chmod(0o700)
        shutil.rmtree(folder)


def test_unreadable_content_is_an_error(guarded: Path) -> None:
    """Files and folders, after all that could be read: Hugo does not build such a site, either."""
    _write(guarded, "a.md", "https://arxiv.org/abs/2602.00001")
    for name in ("b.md", "c.org", "d.rst"):
        _write(guarded, name, "x").chmod(0)
    _write(guarded, "folder/e.md", "x").parent.chmod(0)
    found = pages([guarded, guarded / "not there"])
    assert next(found).papers == ("2602.00001",)
    with pytest.raises(SetupError) as failure:
        list(found)
    assert failure.value.message.count("Permission denied") == 3
    assert failure.value.message.endswith(" and 1 more.")
    with pytest.raises(SetupError, match=r"b\.md"):
        page(guarded / "b.md")


@pytest.mark.skipif(os.name != "posix", reason="POSIX has them")
def test_links_and_pipes_are_no_pages(tmp_path: Path) -> None:
    """Hugo does not read links; opening a pipe does not wait."""
    outside = _write(tmp_path, "outside/a.md", "https://arxiv.org/abs/2602.00001")
    inside = _write(tmp_path, "content/b.md", "https://arxiv.org/abs/2602.00002")
    (tmp_path / "content" / "file.md").symlink_to(outside)
    (tmp_path / "content" / "folder").symlink_to(outside.parent)
    (tmp_path / "content" / "endless.md").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "content" / "pipe.md")
    assert [one.path for one in pages([tmp_path / "content"])] == [inside]

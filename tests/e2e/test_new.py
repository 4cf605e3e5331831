"""`new` from the outside: real Hugo, real PDFs, every service on a loopback port."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from typing import Any

import frontmatter
import pytest
from PIL import Image

from hugo_llmpapers.figures.mupdf import pymupdf
from tests.conftest import ROOT
from tests.tool import Blog
from tests.upstream import Fault, Upstream


@pytest.mark.figures
def test_a_post_with_five_papers_and_figures_is_written_and_builds(
    blog: Blog, upstream: Upstream, tmp_path: Path
) -> None:
    """Five papers, five figures, a build without a warning, and stdout is the page's path alone."""
    ran = blog.run("new", "2026-02-27", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert ran.out == f"{blog.post() / 'index.md'}\n"
    assert sorted(p.name for p in blog.post().iterdir()) == ["index.md", *(f"paper_{n}.png" for n in range(1, 6))]
    post = frontmatter.load(blog.post() / "index.md")
    assert post["url"] == "llm-papers-2026-02-27"
    assert str(post["date"]) == "2026-02-27"
    assert post["draft"] is False
    assert len(re.findall(r"^- \*\*arXiv ID\*\*: 0000\.0000\d$", post.content, re.MULTILINE)) == 5
    assert post.content.count("### 要約") == 5
    built = blog.build(tmp_path / "public")
    assert built.code == 0
    assert "WARN" not in built.out + built.err
    page = html.unescape((tmp_path / "public" / "llm-papers-2026-02-27" / "index.html").read_text(encoding="utf-8"))
    assert page.count("<summary>原文Abstract</summary>") == 5
    assert "τ-Retrieve" in page


def test_the_second_run_asks_nobody_and_changes_nothing(blog: Blog, upstream: Upstream) -> None:
    """A day is a value: the same path again, exit 0, no request, no byte changed."""
    first = blog.run("new", "2026-02-27", environ=upstream.environ())
    requests, before = len(upstream.journal), blog.fingerprint()
    again = blog.run("new", "2026-02-27", environ=upstream.environ())
    assert (again.code, again.out) == (0, first.out)
    assert len(upstream.journal) == requests
    assert blog.fingerprint() == before
    assert "already exists" in again.err


def test_nothing_is_left_in_the_site_but_the_post(blog: Blog, upstream: Upstream) -> None:
    """No lock, no scratch folder, no build output."""
    before = {p.relative_to(blog.root) for p in blog.root.rglob("*")}
    assert blog.run("new", environ=upstream.environ()).code == 0
    after = {p.relative_to(blog.root) for p in blog.root.rglob("*")}
    assert {p for p in after - before if "llm-papers-2026-02-27" not in str(p)} == set()


def test_without_a_key_the_post_has_labelled_excerpts(blog: Blog, upstream: Upstream) -> None:
    """Nothing looks like a Japanese summary, and the way to get them is said."""
    environ = {k: v for k, v in upstream.environ().items() if k != "ANTHROPIC_API_KEY"}
    ran = blog.run("new", environ=environ)
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert ran.code == 0
    assert "ANTHROPIC_API_KEY" in ran.err
    assert "### 要約" not in text
    assert text.count("### 抜粋") == 5
    assert "Claude" not in text
    assert upstream.asked("claude") == []


def test_a_dry_run_pays_nothing_and_leaves_the_site_alone(blog: Blog, upstream: Upstream) -> None:
    """Papers, place and price are told; Claude and PDFs are not asked for."""
    before = blog.fingerprint()
    ran = blog.run("new", "--dry-run", environ=upstream.environ())
    assert ran.code == 0
    assert blog.fingerprint() == before
    assert upstream.asked("claude") == upstream.asked("pdf") == []
    assert ran.out.splitlines()[0] == str(blog.post() / "index.md")
    assert ran.out.count("0000.0000") == 5
    assert "τ-Retrieve: " in ran.out, "LaTeX is read, not shown"
    assert re.search(r"claude-sonnet-5-5: estimated \$0\.\d+", ran.out)


def test_print_gives_the_markdown_and_writes_nothing(blog: Blog, upstream: Upstream) -> None:
    """What is printed is what `new` writes afterwards, at no further cost."""
    before = blog.fingerprint()
    printed = blog.run("new", "--print", environ=upstream.environ())
    assert printed.code == 0
    assert blog.fingerprint() == before
    paid = len(upstream.asked("claude"))
    assert blog.run("new", environ=upstream.environ()).code == 0
    assert len(upstream.asked("claude")) == paid
    assert (blog.post() / "index.md").read_text(encoding="utf-8") == printed.out


def test_ids_are_taken_in_their_order(blog: Blog, upstream: Upstream) -> None:
    """Exactly these papers, in this order, whatever their rank."""
    ran = blog.run("new", "--ids", "arXiv:0000.00004v2,0000.00001", environ=upstream.environ())
    assert ran.code == 0, ran.err
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert re.findall(r"arXiv ID\*\*: (\S+)", text) == ["0000.00004", "0000.00001"]


@pytest.mark.figures
def test_force_keeps_the_papers_and_a_backup(blog: Blog, upstream: Upstream) -> None:
    """A post that a person edited is written again with its own papers, and what was there is kept outside content."""
    blog.run("new", "--ids", "0000.00003,0000.00002", environ=upstream.environ())
    index = blog.post() / "index.md"
    edited = index.read_text(encoding="utf-8") + "\nA word of mine.\n"
    index.write_text(edited, encoding="utf-8")
    ran = blog.run("new", "--force", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert [paper["id"] for paper in ran.json()["papers"]] == ["0000.00003", "0000.00002"]
    assert "A word of mine." not in index.read_text(encoding="utf-8")
    backup = Path(ran.json()["backup"])
    assert backup.parent == blog.root / ".llm-papers-backup"
    assert (backup / "index.md").read_text(encoding="utf-8") == edited
    assert (backup / "paper_1.png").is_file()


def test_reselect_takes_other_papers(blog: Blog, upstream: Upstream) -> None:
    """--force --reselect ranks anew; the post's own papers may come back."""
    blog.run("new", "--ids", "0000.00005", environ=upstream.environ())
    ran = blog.run("new", "--force", "--reselect", "--json", environ=upstream.environ())
    assert len(ran.json()["papers"]) == 5


def test_another_tools_post_is_recognised(blog: Blog, upstream: Upstream) -> None:
    """A post at our url under another path counts as written, and nobody is asked."""
    other = blog.root / "content" / "posts" / "2026-02-27-llm-papers-daily"
    other.mkdir()
    page = '---\ntitle: "x"\nurl: llm-papers-2026-02-27\ndate: 2026-02-27\n---\n[a](https://arxiv.org/abs/0000.00001)\n'
    (other / "index.md").write_text(page, encoding="utf-8")
    ran = blog.run("new", "2026-02-27", environ=upstream.environ())
    assert (ran.code, ran.out) == (0, f"{other / 'index.md'}\n")
    assert upstream.journal == []


def test_papers_that_another_tool_covered_do_not_come_again(blog: Blog, upstream: Upstream) -> None:
    """Covered is what the content links to, whoever wrote it."""
    other = blog.root / "content" / "posts" / "2026-02-20-llm-papers-daily.md"
    other.write_text("---\ntitle: x\n---\nhttps://arxiv.org/abs/0000.00001v1 and more\n", encoding="utf-8")
    ran = blog.run("new", "2026-02-27", "--json", environ=upstream.environ())
    assert ran.code == 0
    assert "0000.00001" not in [paper["id"] for paper in ran.json()["papers"]]
    assert [(s["subject"], s["reason"]) for s in ran.json()["skipped"]] == [("0000.00001", "already in the blog")]


@pytest.mark.figures
def test_what_its_owner_has_put_there_is_kept_in_a_backup(blog: Blog, upstream: Upstream) -> None:
    """A picture with the name of one of ours, before there is a post."""
    blog.post().mkdir()
    (blog.post() / "paper_1.png").write_bytes(b"mine")
    (blog.post() / "notes.txt").write_bytes(b"mine, too")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert (Path(ran.json()["backup"]) / "paper_1.png").read_bytes() == b"mine"
    assert (blog.post() / "notes.txt").read_bytes() == b"mine, too"


@pytest.mark.parametrize("name", ["llm-papers-2026-02-27", "llm-papers-2026-02-27/index.markdown"])
def test_a_page_in_the_posts_place_is_not_taken_away(blog: Blog, upstream: Upstream, name: str) -> None:
    """Nor written beside: Hugo would show one of them."""
    theirs = blog.root / "content" / "posts" / name
    theirs.parent.mkdir(exist_ok=True)
    theirs.write_text("---\ntitle: mine\n---\n", encoding="utf-8")
    before = blog.fingerprint()
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 3
    assert "Rename or move it" in ran.err
    assert blog.fingerprint() == before


def test_a_backup_follows_no_link(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """A .gitignore that leads elsewhere stays what it is."""
    blog.run("new", environ=upstream.environ())
    (tmp_path / "elsewhere").write_text("mine", encoding="utf-8")
    (blog.root / ".llm-papers-backup").mkdir()
    (blog.root / ".llm-papers-backup" / ".gitignore").symlink_to(tmp_path / "elsewhere")
    assert blog.run("new", "--force", environ=upstream.environ()).code == 0
    assert (tmp_path / "elsewhere").read_text(encoding="utf-8") == "mine"


def test_links_in_an_archetypes_folder_are_left_out(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """As Hugo leaves them out: what they lead to would be published."""
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    kind = blog.root / "archetypes" / "llm-papers"
    kind.mkdir()
    (blog.root / "archetypes" / "llm-papers.md").rename(kind / "index.md")
    (kind / "about.txt").write_text("about", encoding="utf-8")
    (kind / "linked.txt").symlink_to(tmp_path / "secret")
    assert blog.run("new", environ=upstream.environ()).code == 0
    assert (blog.post() / "about.txt").is_file()
    assert not (blog.post() / "linked.txt").exists()


def test_a_day_without_its_lists_is_not_called_empty(blog: Blog, upstream: Upstream) -> None:
    """arXiv and Hugging Face are down, and Semantic Scholar has nothing new: exit 5, to be tried again."""
    upstream.faults |= {"arxiv": Fault(500), "huggingface": Fault(500)}
    upstream.faults["semanticscholar"] = Fault(body=b'{"total": 0, "data": []}')
    ran = blog.run("new", environ=upstream.environ())
    assert (ran.code, ran.out) == (5, "")
    assert "not all sources answered" in ran.err


def test_all_covered_is_no_failure(blog: Blog, upstream: Upstream) -> None:
    """`hugo-llmpapers new && hugo serve` serves on a day that has nothing new; under --strict it is exit 4."""
    links = "\n".join(f"https://arxiv.org/abs/0000.0000{n}" for n in range(1, 6))
    (blog.root / "content" / "posts" / "old.md").write_text(f"---\ntitle: x\n---\n{links}\n", encoding="utf-8")
    ran = blog.run("new", environ=upstream.environ())
    assert (ran.code, ran.out) == (0, "")
    assert "Nothing to publish" in ran.err
    assert "the blog has 5" in ran.err
    assert blog.run("new", "--strict", environ=upstream.environ()).code == 4


def test_explain_tells_scores_reasons_and_why_others_fell_out(blog: Blog, upstream: Upstream) -> None:
    """The ranking is on stderr, the result alone on stdout."""
    (blog.root / "content" / "posts" / "old.md").write_text("https://arxiv.org/abs/0000.00002\n", encoding="utf-8")
    ran = blog.run("new", "--explain", environ=upstream.environ())
    assert ran.out == f"{blog.post() / 'index.md'}\n"
    assert re.search(r"0000\.00001 .*huggingface", ran.err)
    assert re.search(r"0000\.00002 +covered: already in the blog", ran.err)


@pytest.mark.figures
def test_json_tells_everything_in_one_document(blog: Blog, upstream: Upstream) -> None:
    """Papers with source, summary and figure, what it took, and the page's path."""
    document = blog.run("new", "--json", environ=upstream.environ()).json()
    assert document["status"] == "written"
    assert document["path"] == str(blog.post() / "index.md")
    assert document["usage"]["usd"] > 0
    assert {paper["summary"]["kind"] for paper in document["papers"]} == {"claude"}
    assert all(paper["figure"]["label"] == "Figure 1" for paper in document["papers"])
    assert blog.run("new", "--json", environ=upstream.environ()).json()["status"] == "already there"


def test_offline_uses_what_was_kept(blog: Blog, upstream: Upstream) -> None:
    """After one run with --print, --offline writes the same post without a request; on an empty cache it is exit 5."""
    assert blog.run("new", "--offline", environ=upstream.environ()).code == 5
    printed = blog.run("new", "--print", environ=upstream.environ()).out
    requests = len(upstream.journal)
    ran = blog.run("new", "--offline", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert len(upstream.journal) == requests
    assert (blog.post() / "index.md").read_text(encoding="utf-8") == printed


@pytest.mark.figures
def test_no_figures_and_never_ask_for_no_pdf(blog: Blog, upstream: Upstream) -> None:
    """--no-figures and figureLicense = "never" publish none and fetch none."""
    assert blog.run("new", "--no-figures", environ=upstream.environ()).code == 0
    never = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FIGURELICENSE": "never"}
    assert blog.run("new", "--force", environ=never).code == 0
    assert upstream.asked("pdf") == []
    assert [p.name for p in blog.post().iterdir()] == ["index.md"]


@pytest.mark.figures
def test_cc_takes_only_figures_that_may_be_reused(blog: Blog, upstream: Upstream) -> None:
    """arXiv is asked for each licence; papers that allow no reuse lose their figure, and that is said."""
    environ = upstream.environ() | {
        "HUGO_PARAMS_LLMPAPERS_FIGURELICENSE": "cc",
        "HUGO_PARAMS_LLMPAPERS_FIGURECREDIT": "true",
    }
    ran = blog.run("new", "--ids", "0000.00001,0000.00002,0000.00003", "--json", environ=environ)
    assert ran.code == 0, ran.err
    papers = ran.json()["papers"]
    assert len(upstream.asked("oai")) == 3
    for paper in papers:
        assert (paper["figure"] is not None) == ("creativecommons.org" in paper["license"])
    assert {paper["figure"] is None for paper in papers} == {True, False}
    assert "CC BY 4.0" in (blog.post() / "index.md").read_text(encoding="utf-8")
    assert "its licence does not allow it" in ran.err


def test_english_posts_use_the_english_archetype(blog: Blog, upstream: Upstream) -> None:
    """--language en writes an English post where the site's own archetype is not in the way."""
    (blog.root / "archetypes" / "llm-papers.md").unlink()
    ran = blog.run("new", "--language", "en", environ=upstream.environ())
    assert ran.code == 0, ran.err
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert "### Summary" in text
    assert not re.search(r"[ぁ-ん]", text)


def test_history_lists_what_was_covered_where(blog: Blog, upstream: Upstream) -> None:
    """One line for each paper with day and file."""
    blog.run("new", "--ids", "0000.00002,0000.00001", environ=upstream.environ())
    ran = blog.run("history")
    assert [line.split()[:2] for line in ran.out.splitlines()] == [
        ["2026-02-27", "0000.00002"],
        ["2026-02-27", "0000.00001"],
    ]


@pytest.mark.figures
def test_cache_tells_and_clears(blog: Blog, upstream: Upstream) -> None:
    """path, info, forget and clear do what they say."""
    assert blog.run("new", environ=upstream.environ()).code == 0
    folder = Path(blog.run("cache", "path").out.strip())
    assert folder.is_dir()
    found = blog.run("cache", "info", "--json").json()
    assert found["summary"]["files"] == 5
    assert found["pdf"]["files"] == 5
    assert blog.run("cache", "forget", "2026-02-26", "--json").json() == {"removed": 0, "posts": 0}
    kept = sum(kind["files"] for kind in found.values())
    assert blog.run("cache", "forget", "2026-02-27", "--json").json() == {"removed": kept, "posts": 0}
    assert blog.run("cache", "info").out == "empty\n"
    assert blog.run("cache", "clear").code == 0


@pytest.mark.figures
def test_the_first_pages_top_stands_in_where_the_owner_wants_it(blog: Blog, upstream: Upstream) -> None:
    """figureFallback = "page": a paper without a figure shows it, labelled as what it is; without, it has no picture."""
    paper: Any = pymupdf.open()
    page = paper.new_page()
    page.insert_textbox((72, 72, 520, 700), "A paper of words and nothing else. " * 60, fontsize=11)
    upstream.faults["pdf"] = Fault(200, paper.tobytes(), "application/pdf")
    asked = ("new", "--ids", "0000.00001", "--json")
    without = blog.run(*asked, environ=upstream.environ())
    assert without.json()["papers"][0]["figure"] is None
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FIGUREFALLBACK": "page"}
    shown = blog.run(*asked, "--force", environ=environ)
    assert shown.json()["papers"][0]["figure"]["strategy"] == "page"
    assert "論文の1ページ目の上部" in (blog.post() / "index.md").read_text(encoding="utf-8")


def test_summaries_can_be_made_from_the_pdf(blog: Blog, upstream: Upstream) -> None:
    """summaryInput = "pdf" sends the paper's own text along, as data."""
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_SUMMARYINPUT": "pdf"}
    assert blog.run("new", "--ids", "0000.00001", environ=environ).code == 0
    (asked,) = upstream.asked("claude")
    text = json.loads(str(asked["body"]))["messages"][0]["content"]
    assert "<text>" in text
    assert "Invented sample paper" in text


def test_the_examples_archetype_is_ours() -> None:
    """The example site stands on its own, with a copy."""
    ours = (ROOT / "archetypes" / "llm-papers.md").read_bytes()
    assert (ROOT / "hugo-example" / "archetypes" / "llm-papers.md").read_bytes() == ours


def test_a_post_that_is_written_again_keeps_what_it_says(blog: Blog, upstream: Upstream) -> None:
    """--force gives the same file: papers, their order and the sources that gave them their place."""
    assert blog.run("new", environ=upstream.environ()).code == 0
    before = (blog.post() / "index.md").read_bytes()
    assert blog.run("new", "--force", environ=upstream.environ()).code == 0
    assert (blog.post() / "index.md").read_bytes() == before


def test_papers_on_hugging_face_and_by_doi_count_as_covered(blog: Blog, upstream: Upstream) -> None:
    """The commonest links of Japanese blogs."""
    links = "https://huggingface.co/papers/0000.00001 https://doi.org/10.48550/arXiv.0000.00002"
    (blog.root / "content" / "posts" / "old.md").write_text(f"---\ntitle: x\n---\n{links}\n", encoding="utf-8")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert {p["id"] for p in ran.json()["papers"]} == {"0000.00003", "0000.00004", "0000.00005"}


@pytest.mark.figures
def test_arxivs_html_version_helps_out(blog: Blog, upstream: Upstream) -> None:
    """A paper whose PDF has no figure gets the one of its HTML version, opaque and no wider than wished."""
    paper: Any = pymupdf.open()
    paper.new_page().insert_textbox((72, 72, 520, 700), "A paper of words and nothing else. " * 60, fontsize=11)
    upstream.faults["pdf"] = Fault(200, paper.tobytes(), "application/pdf")
    page = b'<base href="/html/0000.00001v1/"><figure><img src="x1.png"><figcaption>Figure 1: Weighing.</figcaption></figure>'
    picture = io.BytesIO()
    Image.new("RGBA", (2000, 900), (200, 30, 30, 120)).save(picture, "PNG")
    upstream.pages["/html/0000.00001"] = ("text/html; charset=utf-8", page)
    upstream.pages["/html/0000.00001v1/x1.png"] = ("image/png", picture.getvalue())
    ran = blog.run("new", "--ids", "0000.00001,0000.00002", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    first, second = (paper["figure"] for paper in ran.json()["papers"])
    assert (first["strategy"], first["label"], first["width_px"]) == ("html", "Figure 1", 1280)
    assert second is None
    with Image.open(blog.post() / "paper_1.png") as shown:
        assert shown.mode == "RGB"


@pytest.mark.figures
@pytest.mark.parametrize("body", [b"", b"<html>", b"\x89PNG\r\n\x1a\nbroken"])
def test_a_bad_image_of_the_html_version_is_no_figure(blog: Blog, upstream: Upstream, body: bytes) -> None:
    """It costs that figure only."""
    upstream.faults["pdf"] = Fault(404, b"<html>", "text/html")
    page = b'<figure><img src="x1.png"><figcaption>Figure 1: Weighing.</figcaption></figure>'
    upstream.pages["/html/0000.00001"] = ("text/html", page)
    upstream.pages["/html/0000.00001/x1.png"] = ("image/png", body)
    ran = blog.run("new", "--ids", "0000.00001", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert ran.json()["papers"][0]["figure"] is None

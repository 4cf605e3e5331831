"""LaTeX and hostile text through the whole command, on sites with and without mathematics."""

from __future__ import annotations

import html
import re
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from hugo_llmpapers.site.math import BRACKETS, DOLLARS, Mathematics, write_text
from hugo_llmpapers.text import hugo_tokens, markdown
from tests.hostile import BY_HAND, LATEX
from tests.pages import CONFIGS
from tests.tool import Blog, hugo_version
from tests.upstream import Upstream

PASSTHROUGH = """
[markup.goldmark.extensions.passthrough]
enable = true
[markup.goldmark.extensions.passthrough.delimiters]
inline = [['$', '$']]
"""
HOOK = "layouts/_default/_markup/render-passthrough.html"
NO_FIGURES = {"HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}


def _with(blog: Blog, config: str) -> None:
    """Adds to the site's configuration, whose last table is none of ours."""
    path = blog.root / "hugo.toml"
    path.write_text(path.read_text(encoding="utf-8") + config, encoding="utf-8")


def _written(blog: Blog, upstream: Upstream, *args: str, **environ: str) -> str:
    ran = blog.run("new", *args, environ={**upstream.environ(), **environ})
    assert ran.code == 0, ran.err
    assert "shows no page of the post" not in ran.err, ran.err
    return (blog.post() / "index.md").read_text(encoding="utf-8")


def _page(blog: Blog, folder: Path) -> str:
    built = blog.build(folder / "public")
    assert built.code == 0, built.out + built.err
    assert "WARN" not in built.out + built.err
    return (folder / "public" / "llm-papers-2026-02-27" / "index.html").read_text(encoding="utf-8")


@pytest.mark.figures
def test_without_mathematics_latex_is_readable(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """In the heading and in the alternative text."""
    text = _written(blog, upstream)
    assert re.search(r"^## \d\. τ-Retrieve: ", text, re.MULTILINE)
    assert "![τ-Retrieve: " in text
    assert "$" not in html.unescape(re.sub(r"<[^>]+>", "", _page(blog, tmp_path)))


@pytest.mark.figures
def test_passthrough_keeps_formulas(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """As their author wrote them, but not in alternative text."""
    _with(blog, PASSTHROUGH)
    text = _written(blog, upstream)
    assert re.search(r"^## \d\. \$\\tau\$-Retrieve: ", text, re.MULTILINE)
    assert "![τ-Retrieve: " in text
    assert "$\\tau$-Retrieve" in _page(blog, tmp_path)


@pytest.mark.skipif(hugo_version() < (0, 132), reason="Hugo has no such hook before 0.132")
def test_a_render_hook_draws_them(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """KaTeX, as Hugo has it built in, in the heading."""
    _with(blog, PASSTHROUGH)
    (blog.root / HOOK).write_text("{{ transform.ToMath .Inner }}", encoding="utf-8")
    _written(blog, upstream, **NO_FIGURES)
    heading = re.search(r"<h2[^>]*>\d\. <span class=\"katex\">.*?-Retrieve", _page(blog, tmp_path), re.DOTALL)
    assert heading is not None


@pytest.mark.parametrize("by", ["params", "archetype"])
def test_a_script_of_the_theme_finds_them(blog: Blog, upstream: Upstream, tmp_path: Path, by: str) -> None:
    """A parameter of the site or the archetype's front matter says that there is one."""
    if by == "params":
        _with(blog, "[params.math]\nenable = true\n")
    else:
        path = blog.root / "archetypes" / "llm-papers.md"
        path.write_text(path.read_text(encoding="utf-8").replace("featured: false", "math: true"), encoding="utf-8")
    text = _written(blog, upstream, **NO_FIGURES)
    assert re.search(r"^## \d\. &#36;&#92;tau&#36;-Retrieve: ", text, re.MULTILINE)
    assert "$\\tau$-Retrieve" in html.unescape(_page(blog, tmp_path))


_ABSTRACT = r"(?:<summary>Abstract</summary>|<h4[^>]*>Abstract</h4>\n)(.*?)(?:</details>|<h2|<hr)"
"""Before Hugo had a `details` shortcode of its own (0.140) it stands below a heading where the site allows no HTML."""


def _feed(papers: dict[str, tuple[str, str]]) -> bytes:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{i}v1</id><title>{escape(title)}</title><summary>{escape(abstract)}</summary>"
        "<updated>2026-02-25T12:00:00Z</updated><published>2026-02-25T12:00:00Z</published>"
        f"<author><name>{escape(title)}</name></author>"
        '<category term="cs.CL" scheme="http://arxiv.org/schemas/atom"/><arxiv:primary_category term="cs.CL"/></entry>'
        for i, (title, abstract) in papers.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" '
        f'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"><title>x</title><id>x</id><updated>2026-02-27T00:00:00Z</updated>'
        f"<opensearch:totalResults>{len(papers)}</opensearch:totalResults>{entries}</feed>"
    ).encode()


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
def test_hostile_papers_make_a_post_like_others(upstream: Upstream, tmp_path: Path, config: str) -> None:
    """Sixty papers whose titles, authors and abstracts are traps: all there to the letter, nothing ran, nothing was lost."""
    texts = [one for text in (*BY_HAND, *LATEX) if len(one := markdown.one_line(text)) > 2]
    papers = {f"2602.{10000 + n}": (text, f"We present {text} in the end.") for n, text in enumerate(texts)}
    upstream.pages["/api/query"] = ("application/atom+xml", _feed(papers))
    blog = Blog(tmp_path / "site", tmp_path)
    (blog.root / "layouts" / "_default").mkdir(parents=True)
    (blog.root / "layouts" / "_default" / "single.html").write_text("{{ .Content }}", encoding="utf-8")
    kinds = 'disableKinds = ["home", "rss", "sitemap", "taxonomy", "term", "section"]\n'
    (blog.root / "hugo.toml").write_text(
        f'baseURL = "https://e.org/"\ntimeZone = "Asia/Tokyo"\n{kinds}{config}', encoding="utf-8"
    )
    _written(blog, upstream, "--ids", ",".join(papers), HUGO_PARAMS_LLMPAPERS_SUMMARIZER="excerpt", **NO_FIGURES)
    page = _page(blog, tmp_path)
    assert "<script>alert" not in page
    assert "javascript:" not in re.sub(r">[^<]*<", "><", page)
    headings = re.findall(r"<h2[^>]*>\d+\. (.*?)</h2>", page, re.DOTALL)
    folded = re.findall(_ABSTRACT, page, re.DOTALL)
    assert [_text(one) for one in headings] == [_wanted(title, config) for title, _ in papers.values()]
    assert [_text(one) for one in folded] == [_wanted(abstract, config) for _, abstract in papers.values()]


def _text(inner: str) -> str:
    return " ".join(html.unescape(re.sub(r"</?p>", "", inner)).split())


def _wanted(text: str, config: str) -> str:
    """With mathematics on, formulas are as their author wrote them."""
    maths = Mathematics((DOLLARS, BRACKETS)) if config else None
    return hugo_tokens.break_tokens(markdown.one_line(write_text(text, str, maths)))

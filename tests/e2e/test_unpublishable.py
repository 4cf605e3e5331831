"""A paper that the site does not build with costs neither the site nor the day; what Hugo accepts is not refused."""

from __future__ import annotations

import re
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from hugo_llmpapers.sample.answers import Answer
from hugo_llmpapers.sample.papers import papers
from tests.e2e.test_new_fails import assert_clear
from tests.tool import Blog
from tests.upstream import Upstream

HOOK = "layouts/_default/_markup/render-heading.html"
HEADING = '<h{{ .Level }}>{{ .Text }}</h{{ .Level }}>{{ if findRE "Gremlin" .Text }}{{ errorf "no gremlins" }}{{ end }}'
"""A template that stops at a word, as themes do at what their authors never met."""
TWO = {"HUGO_PARAMS_LLMPAPERS_COUNT": "2"}
FIRST, SECOND = "0000.00004", "0000.00001"
"""Of the sample's ranking."""


def _put(blog: Blog, name: str, text: str) -> None:
    (blog.root / name).parent.mkdir(parents=True, exist_ok=True)
    (blog.root / name).write_text(text, encoding="utf-8", newline="\n")


def _named(upstream: Upstream, words: str, *ids: str) -> None:
    """These papers' titles end with other words, whatever service tells them."""

    def amend(_path: str, _query: object, given: Answer) -> Answer:
        body = given.body
        for paper in ids:
            body = body.replace(title := papers()[paper].title.encode(), title + b" " + words.encode())
        return Answer(given.status, given.content_type, body)

    upstream.amended = amend


def _text(blog: Blog) -> str:
    return blog.post().joinpath("index.md").read_text(encoding="utf-8")


def test_the_next_paper_takes_the_place(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """The one that the theme stops at is named with Hugo's reason; the others are published, and the site builds."""
    _named(upstream, "Gremlin", FIRST)
    _put(blog, HOOK, HEADING)
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert f"{FIRST}: the site does not build with it: " in ran.err
    assert "no gremlins" in ran.err
    assert FIRST not in _text(blog)
    assert SECOND in _text(blog)
    assert _text(blog).count("/abs/") == 2
    assert blog.build(tmp_path / "public").code == 0


def test_the_next_paper_takes_the_place_in_the_archetype(blog: Blog, upstream: Upstream) -> None:
    """Where the archetype cannot be filled with a paper."""
    _named(upstream, "Gremlin", FIRST)
    text = (blog.root / "archetypes" / "llm-papers.md").read_text(encoding="utf-8")
    loop = "{{- range $i, $paper := $post.papers }}"
    assert loop in text
    stops = '{{ if findRE "Gremlin" $paper.title }}{{ index (slice 1) "a" }}{{ end }}'
    _put(blog, "archetypes/llm-papers.md", text.replace(loop, loop + stops))
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert f"{FIRST}: the site does not build with it: " in ran.err
    assert FIRST not in _text(blog)
    assert _text(blog).count("/abs/") == 2


def test_a_paper_that_is_asked_for_by_name_is_an_error(blog: Blog, upstream: Upstream) -> None:
    """It is named, and nothing is written."""
    _named(upstream, "Gremlin", SECOND)
    _put(blog, HOOK, HEADING)
    before = blog.fingerprint()
    ran = blog.run("new", "--ids", f"{FIRST},{SECOND}", environ=upstream.environ())
    assert_clear(ran, 1, "No post can be made: the site does not build with it", "no gremlins", f"({SECOND})")
    assert FIRST not in ran.err.partition("No post can be made")[2]
    assert blog.fingerprint() == before


def test_no_paper_is_blamed_for_the_theme(blog: Blog, upstream: Upstream) -> None:
    """It stops at every post, whatever is in it."""
    _put(blog, HOOK, HEADING.replace('"Gremlin" .Text', '"llm-papers" .Page.RelPermalink'))
    before = blog.fingerprint()
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert_clear(ran, 3, "Hugo cannot build the post: ", "no gremlins", "the template that it names")
    assert "does not build with it" not in ran.err
    assert upstream.asked("claude") == []
    assert blog.fingerprint() == before


def test_what_the_pages_above_hand_down_counts(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """A build without them, which would succeed, proves nothing."""
    _named(upstream, "Gremlin", FIRST)
    _put(blog, "content/posts/_index.md", "---\ntitle: Posts\ncascade:\n  params:\n    strict: true\n---\n")
    _put(
        blog,
        HOOK,
        HEADING.replace('{{ if findRE "Gremlin" .Text }}', '{{ if and .Page.Params.strict (findRE "Gremlin" .Text) }}'),
    )
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert f"{FIRST}: the site does not build with it: " in ran.err
    assert SECOND in _text(blog)
    assert blog.build(tmp_path / "public").code == 0


@pytest.mark.figures
def test_a_picture_that_one_build_leaves_half_done_fails_in_the_next(blog: Blog, upstream: Upstream) -> None:
    """Here one of the archetype's: the post is refused, as `hugo` would fail in a fresh checkout."""
    whole = (blog.root / "archetypes" / "llm-papers.md").read_text(encoding="utf-8")
    (blog.root / "archetypes" / "llm-papers.md").unlink()
    _put(blog, "archetypes/llm-papers/index.md", whole)
    header = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 64, 64, 8, 0, 0, 0, 0)
    blog.root.joinpath("archetypes", "llm-papers", "cover.png").write_bytes(
        header + struct.pack(">I", zlib.crc32(header[12:]))
    )
    _put(
        blog,
        "layouts/_default/single.html",
        '{{ .Content }}{{ with .Resources.GetMatch "cover.png" }}{{ (.Resize "30x").RelPermalink }}{{ end }}',
    )
    before = blog.fingerprint()
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert_clear(ran, 3, "Hugo cannot build the post: ", "cover.png")
    assert blog.fingerprint() == before


@pytest.mark.figures
def test_a_paper_is_blamed_for_its_picture(blog: Blog, upstream: Upstream) -> None:
    """Where a template stops at it, and not at another picture in its place."""
    assert blog.run("new", environ=upstream.environ() | TWO).code == 0
    with Image.open(blog.post() / "paper_1.png") as first, Image.open(blog.post() / "paper_2.png") as second:
        assert first.size != second.size
        width, height = first.size
    sizes = f"and (eq .Width {width}) (eq .Height {height})"
    stops = f'{{{{ if {sizes} }}}}{{{{ errorf "no such sizes" }}}}{{{{ end }}}}<img src="{{{{ .RelPermalink }}}}">'
    assert FIRST in _text(blog)
    shutil.rmtree(blog.post())
    hook = f"{{{{ with .Page.Resources.GetMatch .Destination }}}}{stops}{{{{ end }}}}"
    _put(blog, "layouts/_default/_markup/render-image.html", hook)
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert f"{FIRST}: the site does not build with it: " in ran.err
    assert FIRST not in _text(blog)
    assert SECOND in _text(blog)


def test_of_papers_that_fail_together_the_first_stays(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """The others are left out, and the next ones take their places."""
    _named(upstream, "Gremlin", FIRST, SECOND, "0000.00005")
    _put(
        blog,
        "layouts/_default/single.html",
        '{{ .Content }}{{ if ge (len (findRE `## .*Gremlin` .RawContent)) 2 }}{{ errorf "no two gremlins" }}{{ end }}',
    )
    ran = blog.run("new", environ=upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_COUNT": "3"})
    assert ran.code == 0, ran.err
    assert _text(blog).count("/abs/") == 3
    assert len(re.findall("^## .*Gremlin", _text(blog), re.MULTILINE)) == 1
    assert blog.build(tmp_path / "public").code == 0


def test_a_good_paper_is_published_whatever_takes_the_others_places(blog: Blog, upstream: Upstream) -> None:
    """All others are bad."""
    _named(upstream, "Gremlin", *(paper for paper in papers() if paper != FIRST))
    _put(blog, HOOK, HEADING)
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert ran.err.count(": the site does not build with it: ") == 3  # of the four that are tried for two
    assert _text(blog).count("/abs/") == 1
    assert FIRST in _text(blog)


WORDS = "__h&lt;b&gt;&lt;/b&gt;deferred/x __hdeferred/x &#95;&#95;hdeferred/ HAHAHUGOSHORTCODE1s2HBHB &#72;AHAHUGOSHORTCODE HUGOMORE42"


@pytest.mark.figures
def test_hugos_own_words_do_no_harm(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """They are in the post, broken, and the site builds."""
    _named(upstream, WORDS.replace("&", "&amp;amp;"), FIRST, SECOND)
    plain = "{{ .Plain | htmlUnescape | htmlUnescape | htmlUnescape | plainify | safeHTML }}"
    _put(blog, "layouts/index.html", f"{{{{ range site.RegularPages }}}}{plain}{{{{ end }}}}")
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert "does not build" not in ran.err
    assert _text(blog).count("HAHAHUGO·HORTCODE") >= 4
    built = blog.build(tmp_path / "public")
    assert built.code == 0, built.err + built.out


def test_a_site_that_cannot_be_built_gets_its_post(blog: Blog, upstream: Upstream) -> None:
    """Whether the post shows was not checked then, which is said."""
    _put(blog, HOOK, HEADING)
    _put(blog, "content/posts/gremlin.md", "---\ntitle: x\n---\n\n## Gremlin\n")
    _put(blog, "layouts/_default/single.html", '{{ .Content }}{{ (site.GetPage "/missing").Title.Nothing }}')
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert "The post was not checked: the site cannot be built without it, either: " in ran.err
    assert "`hugo-llmpapers doctor` names a post of ours that is at fault." in ran.err
    assert SECOND in _text(blog)


def test_a_page_that_the_trial_lacks_is_no_error(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """A layout may refer to it, as it is in the site."""
    _put(blog, "content/about.html", "---\ntitle: About\n---\n<p>x</p>\n")
    _put(blog, "layouts/_default/single.html", '{{ .Content }}<a href="{{ relref . "/about" }}">x</a>')
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert "not checked" not in ran.err
    assert "rendered and checked" in ran.err
    assert blog.build(tmp_path / "public").code == 0


def test_a_page_that_the_whole_site_lacks_is_one(blog: Blog, upstream: Upstream) -> None:
    """With the post, `hugo` would fail; no paper is to blame."""
    link = '{{ if eq .Section "posts" }}<a href="{{ relref . "/nowhere" }}">x</a>{{ end }}'
    _put(blog, "layouts/_default/single.html", "{{ .Content }}" + link)
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 3, ran.err
    assert "REF_NOT_FOUND" in ran.err
    assert not blog.post().exists()


def test_what_a_theme_needs_of_the_whole_site_is_there(blog: Blog, upstream: Upstream) -> None:
    """A layout that stops without a page of the site's is no fault of the post."""
    _put(blog, "content/about.html", "---\ntitle: About\n---\n<p>x</p>\n")
    _put(
        blog,
        "layouts/_default/single.html",
        '{{ .Content }}{{ with site.GetPage "/about" }}{{ else }}{{ errorf "x" }}{{ end }}',
    )
    ran = blog.run("new", environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    assert "rendered and checked" in ran.err


BROKEN = "---\ntitle: x\ndate: 2026-02-20\n---\n\n## A\n\n[x](https://arxiv.org/abs/0000.00005) &#95;&#95;hdeferred/\n"


@pytest.mark.parametrize("command", ["new", "doctor"])
def test_a_post_that_breaks_the_site_is_named(blog: Blog, upstream: Upstream, command: str) -> None:
    """One of an older version of ours, with what to do."""
    _put(blog, "content/posts/llm-papers-2026-02-20/index.md", BROKEN)
    ran = blog.run(command, environ=upstream.environ() | TWO)
    assert ran.code == 0, ran.err
    said = ran.err + ran.out
    assert "llm-papers-2026-02-20" in said
    assert "__hdeferred/" in said
    assert "new --force 2026-02-20" in said


@pytest.mark.parametrize("ignored_in", [None, "hugo.toml", "config/_default/hugo.toml"])
def test_doctor_finds_the_post_that_breaks_the_site(blog: Blog, upstream: Upstream, ignored_in: str | None) -> None:
    """By building the site without it; a post of somebody's own is not ours to blame. What the site's own `ignoreFiles`
    leave out breaks nothing."""
    _put(blog, HOOK, HEADING)
    if ignored_in is not None:
        path = blog.root / ignored_in
        config = path.read_text(encoding="utf-8") if path.exists() else ""
        _put(blog, ignored_in, f'ignoreFiles = ["old\\\\.md$"]\n{config}')
        _put(blog, "content/posts/old.md", "---\ntitle: x\ndate: 2026-02-20\n---\n\n## Gremlin\n")
    post = "---\ntitle: x\ndate: 2026-02-20\n---\n\n## {}\n"
    for day, word in (("18", "A"), ("19", "B"), ("20", "Gremlin"), ("21", "C")):
        _put(blog, f"content/posts/llm-papers-2026-02-{day}/index.md", post.format(word))
    ran = blog.run("doctor", environ=upstream.environ())
    assert "llm-papers-2026-02-20: " in ran.err + ran.out
    assert "no gremlins" in ran.err + ran.out
    assert "llm-papers-2026-02-19: " not in ran.err + ran.out
    _put(blog, "content/posts/own.md", post.format("Gremlin"))
    again = blog.run("doctor", environ=upstream.environ())
    assert "the site cannot be built, with or without our posts" in again.err + again.out

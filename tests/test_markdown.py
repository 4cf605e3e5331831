"""Text of strangers stays text: the rules, and what the real Hugo makes of them."""

from __future__ import annotations

import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from hugo_llmpapers import markdown
from tests.tool import Blog, hugo_program

HOSTILE = (
    "plain text, 5% off: a–b (c) [d]",
    "{{< foo >}} {{% bar %}} {{< /details >}} {{</* x */>}} {x{< foo >}x}",
    "a {{ .Site }} b }} c %} d {# e #}",
    "<script>alert(1)</script> if a<b and c>d the <think> token <!--more--> <img src=x onerror=y>",
    "AT&T &copy; &lt;b&gt; &#65; a & b &amp",
    "*b* __c__ ~~g~~ `h` ```i``` **j** snake_case _k_ a_b_c",
    "$x_1 + y_1$ $$z$$ \\(x\\) \\[y\\] \\% \\\\ trailing \\",
    ":smile: 12:30:45 a:b: :+1:",
    "-- --- ... .. \"d\" 'e' <<f>> O'Brien --flag 'til",
    "https://a.example/b www.c.example d@e.example mailto:f@g.example ftp://h.example",
    "[^1]: note [a]: http://evil.example [x](javascript:alert(1)) ![y](z) [z][a]",
    'Foo {#pwn} {.hidden} {style="display:none"} bar ##',
    "| a | b | ^sup^ ~sub~ ==mark== ++ins++ a||b",
    "C# and F# #tag # x",
    "1. one",
    "1) one",
    "2026. A year",
    "- item",
    "+ item",
    "* item",
    "> quote",
    ": definition",
    "= x",
    "# heading",
    "--- rule",
    "=== rule",
    "~~~ fence",
    "``` fence",
    "    indented",
    "line one\nline two\n\n# new block\n- item",
    "日本語の**「強調」**を含む文。『引用』…――",
    "\x00\x07\x1bcontrol\u202eright-to-left\u200bzero\u2028width\ufeff",
    "emoji 😀 and ligature ﬁ and combining é",
    "[" * 300 + "x" + "]" * 300,
    "!" + "important" + "!",
    "~5% of 10~20 tokens, ^2, x^2",
    "(c) (tm) 1/2 +-",
)
CONFIGS = {
    "plain": "",
    "everything on": """
enableEmoji = true
enableInlineShortcodes = true
[security]
enableInlineShortcodes = true
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser.attribute]
block = true
title = true
[markup.goldmark.extensions.passthrough]
enable = true
[markup.goldmark.extensions.passthrough.delimiters]
block = [['\\\\[', '\\\\]'], ['$$', '$$']]
inline = [['\\\\(', '\\\\)'], ['$', '$']]
[markup.goldmark.extensions.extras.subscript]
enable = true
[markup.goldmark.extensions.extras.superscript]
enable = true
[markup.goldmark.extensions.extras.mark]
enable = true
[markup.goldmark.extensions.extras.insert]
enable = true
""",
}
DETAILS = {
    "rendered twice": '<i class="inner">{{ .Page.RenderString (dict "display" "block") .Inner }}</i>',
    "rendered": '<i class="inner">{{ .Inner | markdownify }}</i>',
    "raw": '<i class="inner">{{ .Inner | safeHTML }}</i>',
}


class _Texts(HTMLParser):
    """The text of each element with the class or tag looked for, and every other tag inside one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {"h2": [], "p": [], "li": [], "i": []}
        self.alts: list[str] = []
        self.strange: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.alts.append(dict(attrs).get("alt") or "")
        elif tag in self.texts and tag not in self._open:
            self._open.append(tag)
            self.texts[tag].append("")
        elif tag not in {"article", "ul", "p"}:
            self.strange.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            self._open.remove(tag)

    def handle_data(self, data: str) -> None:
        for tag in self._open:
            self.texts[tag][-1] += data


def _page(folder: Path, config: str, details: str) -> _Texts:
    """What a browser would see of all strings in all places, built by the real Hugo."""
    blocks = []
    for text in HOSTILE:
        blocks += [
            f"## 1. {markdown.heading(text)}",
            markdown.paragraph(text),
            f"- {markdown.paragraph(text)}",
            f"{{{{< fold >}}}}\n{markdown.shortcode_inner(text)}\n{{{{< /fold >}}}}",
            f"![{markdown.alt(text)}](x.png)",
        ]
    files = {
        "hugo.toml": 'baseURL = "https://e.org/"\ndisableKinds = ["home", "rss", "sitemap", "taxonomy", "term", "section"]\n'
        + config,
        "layouts/_default/single.html": "<article>{{ .Content }}</article>",
        "layouts/shortcodes/fold.html": details,
        "content/x.md": "---\ntitle: x\n---\n\n" + "\n\n".join(blocks) + "\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    subprocess.run(
        [hugo_program(), "-s", str(folder), "--panicOnWarning"], env=Blog(folder, folder).environ(), check=True, capture_output=True
    )  # fmt: skip
    texts = _Texts()
    texts.feed((folder / "public" / "x" / "index.html").read_text(encoding="utf-8"))
    return texts


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())
@pytest.mark.parametrize("details", DETAILS.values(), ids=DETAILS.keys())
def test_the_page_shows_every_text_to_the_letter(tmp_path: Path, config: str, details: str) -> None:
    """Headings, paragraphs, list items and folded text, with everything in Hugo switched on, and no tag of theirs."""
    seen = _page(tmp_path, config, details)
    wanted = [markdown.one_line(text) for text in HOSTILE]
    assert [" ".join(text.removeprefix("1. ").split()) for text in seen.texts["h2"]] == wanted
    assert [" ".join(text.split()) for text in seen.texts["li"]] == wanted
    assert [" ".join(text.split()) for text in seen.texts["i"]] == wanted
    assert seen.strange == []


def test_alternative_text_needs_no_references(tmp_path: Path) -> None:
    """Hugo up to 0.131 shows references in it literally, so there are none, and nothing in it acts."""
    for text in HOSTILE:
        made = markdown.alt(text)
        assert "&#" not in made
        assert not set(made) & set('\\`*{}[]<>$~|^"&')
    assert _page(tmp_path, CONFIGS["everything on"], DETAILS["raw"]).strange == []


@pytest.mark.parametrize(
    "text",
    [
        "HyTRec: A Hybrid Temporal-Aware Attention Architecture",
        "8% improvement (R2AV), 32-bit; see [1]".replace("[1]", "1"),
        "従来手法では「合成の蜃気楼（Mirage of Synthesis）」という問題を抱えており、100K枚。",
        "snake_case and C# and 12:30 and a/b + c = d",
    ],
)
def test_harmless_text_is_left_alone(text: str) -> None:
    """A character is written as a reference only where it would act, so the Markdown stays readable."""
    assert markdown.heading(text) == markdown.paragraph(text) == markdown.alt(text) == text


@pytest.mark.parametrize(
    "unseen",
    [
        "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200f", "\u202e", "\u2060", "\u2066", "\u206f",
        "\u3164", "\ufe0f", "\ufeff", "\uffa0", "\ufff9", "\U000e0041", "\U000e007f", "\U000e0101", "\U000e0fff", "\U0001d173",
        "\u200c\u200d" * 9, "\U000e0101\U000e0123",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_taken_away(unseen: str) -> None:
    """A text can be hidden in it, from readers and not from models; it can also hide a word from a check."""
    assert markdown.visible(f"peb{unseen}ble{unseen}") == "pebble"
    assert markdown.one_line(f"a {unseen} b") == "a b"


@pytest.mark.parametrize(
    "text", ["葛\U000e0100城", "❤\ufe0f", "👩\u200d🔬", "می\u200cخواهم", "क्\u200dष", "가나다", "naïve", "a\u00a0b"]
)
def test_what_writing_needs_stays(text: str) -> None:
    """Variants of kanji and symbols, and joiners between letters that need them."""
    assert markdown.visible(text) == text


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://github.com/a/b", "https://github.com/a/b"),
        (" https://a.example/x y(z) ", "https://a.example/x%20y%28z%29"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/x", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_links_are_web_addresses_or_nothing(url: str, link: str | None) -> None:
    """Nothing that could end the link or run."""
    assert markdown.link(url) == link

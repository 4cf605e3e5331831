"""Texts in all places of a post, built by the real Hugo in one go, and what a browser would see of them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from tests.tool import Blog, hugo_program

EVERYTHING_ON = """
enableEmoji = true
enableInlineShortcodes = true
hasCJKLanguage = true
[security]
enableInlineShortcodes = true
[markup.goldmark.renderer]
unsafe = true
hardWraps = true
[markup.goldmark.parser.attribute]
block = true
title = true
[markup.goldmark.extensions]
linkify = true
footnote = true
definitionList = true
[markup.goldmark.extensions.typographer]
disable = false
[markup.goldmark.extensions.cjk]
enable = true
eastAsianLineBreaks = true
escapedSpace = true
[markup.goldmark.extensions.passthrough]
enable = true
[markup.goldmark.extensions.passthrough.delimiters]
block = [['\\[', '\\]'], ['$$', '$$']]
inline = [['\\(', '\\)'], ['$', '$']]
[markup.goldmark.extensions.extras.delete]
enable = true
[markup.goldmark.extensions.extras.subscript]
enable = true
[markup.goldmark.extensions.extras.superscript]
enable = true
[markup.goldmark.extensions.extras.mark]
enable = true
[markup.goldmark.extensions.extras.insert]
enable = true
"""
CONFIGS = {"Hugo's defaults": "", "everything on": EVERYTHING_ON}
_BASE = 'baseURL = "https://e.org/"\ndisableKinds = ["home", "rss", "sitemap", "taxonomy", "term", "section"]\n'
_SHORTCODES = {
    "twice": '<b>{{ .Page.RenderString (dict "display" "block") .Inner }}</b>',  # as Hugo's own does
    "once": "<b>{{ .Inner | markdownify }}</b>",
    "raw": "<b>{{ .Inner | safeHTML }}</b>",
}
_ELEMENTS = [
    ("h2", {"id"}),
    ("ul", set()),
    ("li", set()),
    ("img", {"src", "alt"}),
    ("a", {"href"}),
    *[("b", set())] * 3,
]
"""Of a page, with their attributes; paragraphs are left out, as a shortcode makes them or not."""


@dataclass
class Seen(HTMLParser):
    """A page, read."""

    tags: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Of each element, runs of white space as one blank."""
    attributes: list[dict[str, str | None]] = field(default_factory=list)
    _open: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.texts.append("")
        self.attributes.append(dict(attrs))
        if tag not in ("img", "!"):
            self._open.append(len(self.tags) - 1)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self.tags[self._open.pop()] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            self.texts[element] += data

    def handle_comment(self, data: str) -> None:
        self.handle_starttag("!", [])

    def unknown_decl(self, data: str) -> None:
        self.handle_starttag("!", [])

    def in_place(self) -> dict[str, str]:
        """What stands in each place, if the page has just the elements that it should have; else those that it has."""
        elements = [(tag, set(has)) for tag, has in zip(self.tags, self.attributes, strict=True) if tag != "p" or has]
        if elements != _ELEMENTS:
            return {"elements": str(elements)}
        texts = [" ".join(text.split()) for text in self.texts]
        folded = [text for tag, text in zip(self.tags, texts, strict=True) if tag == "b"]
        return {
            "heading": texts[0].removeprefix("1. "),
            "paragraph": texts[self.tags.index("p", self.tags.index("p") + 1)],
            "list item": texts[self.tags.index("li")],
            "alt": self.attributes[self.tags.index("img")]["alt"] or "",
            "link": self.attributes[self.tags.index("a")]["href"] or "",
            **{f"details, rendered {name}": text for name, text in zip(_SHORTCODES, folded, strict=True)},
        }


def built(
    folder: Path,
    config: str,
    pages: Sequence[Mapping[str, str]],
    files: Mapping[str, str] | None = None,
    read: Callable[[str], str] = str,
) -> list[Seen]:
    """A page for each of `pages`, which hold Markdown by place: heading, paragraph, list item, details, alt, link.

    A warning of Hugo fails the test. `files`: more files of the site. `read`: what happens to a page's HTML first.
    """
    layout = {f"layouts/shortcodes/{name}.html": template for name, template in _SHORTCODES.items()}
    site = {"hugo.toml": _BASE + config, "layouts/_default/single.html": "{{ .Content }}", **layout, **(files or {})}
    for number, page in enumerate(pages):
        site[f"content/{number}.md"] = f"---\ntitle: x\n---\n\n{_markdown(page)}"
    for name, text in site.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    ran = subprocess.run(
        [hugo_program(), "-s", str(folder), "--panicOnWarning"],
        env=Blog(folder, folder).environ(), check=False, capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-2000:] + ran.stderr[-2000:]
    return [_seen(read((folder / "public" / f"{n}" / "index.html").read_text("utf-8"))) for n in range(len(pages))]


def _markdown(page: Mapping[str, str]) -> str:
    folded = [f"{{{{< {name} >}}}}\n{page['details']}\n{{{{< /{name} >}}}}" for name in _SHORTCODES]
    blocks = [
        f"## 1. {page['heading']}",
        "A paragraph, which a definition could belong to:",
        page["paragraph"],
        f"- {page['list item']}",
        f"![{page['alt']}](x.png)",
        f"[x]({page['link']})",
        *folded,
    ]
    return "\n\n".join(blocks) + "\n"


def _seen(page: str) -> Seen:
    seen = Seen()
    seen.feed(page)
    seen.close()
    return seen

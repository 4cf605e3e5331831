"""Posts with Hugo's own words in every place and every spelling: `python -m tests.fuzz posts --hugo PATH --posts 100000`.

`--hugo` may be given several times; the posts are then made once and built with each program. Thousands stand in one site, whose templates use all that searches for these words. A build that fails is halved until the
page is found; a page that builds must not show such a word.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import TextIO

from hugo_llmpapers.post import template_data
from hugo_llmpapers.records import Candidate, Entry, Figure, Paper, Post, Summary
from hugo_llmpapers.site.details_shortcode import Details
from hugo_llmpapers.site.math import BRACKETS, DOLLARS, Mathematics
from hugo_llmpapers.text import hugo_tokens
from tests import hostile
from tests.tool import hugo_program

_BUILD_S = 300
_MATHS = (None, Mathematics((DOLLARS, BRACKETS), passthrough=True, hook=True), Mathematics((DOLLARS,), script=True))
_DETAILS = Details("{{< %s >}}", "{{< /%s >}}")
_SHORTCODES = {
    "twice": '<b>{{ .Page.RenderString (dict "display" "block") .Inner }}</b>',
    "once": "<b>{{ .Inner | markdownify }}</b>",
    "raw": "<b>{{ .Inner | safeHTML }}</b>",
    "upper": "<b>{{ .Inner | upper | safeHTML }}{{ .Page.TableOfContents }}</b>",
}
# Line by line for `anchorize`, which drops line breaks, and so joins the end of a text with the next one; it also drops the
# equals sign and the slash without which Hugo takes no word for its own.
_SINGLE = """{{ .TableOfContents }}{{ .Summary }}{{ .Content }}
{{ .Plain }} {{ .Plain | htmlUnescape | safeHTML }} {{ .Plain | htmlUnescape | htmlUnescape | safeHTML }}
{{ .Content | plainify }} {{ .Plain | lower }} {{ .Plain | upper }} {{ .Plain | urlize }}
{{ range split .Plain "\\n" }}{{ anchorize . }}
{{ end }}
{{ .Plain | htmlUnescape | plainify | safeHTML }} {{ .Plain | htmlUnescape | htmlUnescape | plainify | safeHTML }}
{{ .Plain | htmlUnescape | plainify | htmlUnescape | safeHTML }} {{ .Plain | jsonify }} {{ .RawContent | plainify }} {{ .Content | transform.XMLEscape }}
{{ replaceRE "[^a-zA-Z0-9_/\\\\s]" "" .Plain }}
"""
_POST_PROCESS = (
    '{{ with resources.Get "a.css" | minify | resources.PostProcess }}<link href="{{ .RelPermalink }}">{{ end }}'
)
_DEFER = '{{ with (templates.Defer (dict "key" "a" "data" 1)) }}<i>deferred</i>{{ end }}\n'
_OWN = re.compile(r'(?:<link href="__h_pp_l1_\d+_RelPermalink__e=">|__hdeferred/\S*__d=)\s*\Z')
"""The theme's own placeholder, which Hugo now and then does not see: it looks through a small buffer that still holds older
text, so that two halves of a word, 21 bytes from each other, hide a word that follows. No build fails of it.
https://github.com/gohugoio/hugo/blob/v0.163.3/common/hugio/hasBytesWriter.go#L58
"""
_HOOKS = {
    "heading": '<h2 id="{{ .Anchor }}" title="{{ .PlainText }}">{{ .Text }}</h2>',
    "image": '<img src="{{ .PlainText }}" alt="{{ .Text }}">',
    "link": '<a href="{{ .Destination | safeURL }}" title="{{ (urls.Parse .Destination).Path }}">{{ .Text }}</a>',
}
_PASSTHROUGH = """
[markup.goldmark.extensions.passthrough]
enable = true
delimiters = {inline = [["$", "$"], ["\\\\(", "\\\\)"]], block = []}
"""
_CONFIG = """baseURL = "https://e.org/b/"
disableKinds = ["home", "rss", "sitemap", "taxonomy", "term", "section"]
enableEmoji = true
%s
[markup.goldmark.renderer]
unsafe = true
[markup.goldmark.parser]
autoHeadingIDType = "%s"
"""
_SETTINGS = (("", "github"), ("canonifyURLs = true", "github-ascii"), ("relativeURLs = true", "blackfriday"))


def main(arguments: Sequence[str]) -> int:
    """Exit code 1 where a page breaks a build, or shows a word of Hugo's."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz posts", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--hugo", action="append", help="the program, or one of several; the tests' own")
    parser.add_argument("--posts", type=int, default=10_000, help="how many (10,000)")
    parser.add_argument("--batch", type=int, default=1_000, help="posts of one build (1,000)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="builds at a time")
    parser.add_argument("--seed", type=int, default=0, help="for other posts")
    parser.add_argument("--failures", type=Path, default=Path(".fuzz"), help="folder for pages that fail")
    options = parser.parse_args(arguments)
    programs = options.hugo or [hugo_program()]
    begun, done, failures = time.monotonic(), 0, dict.fromkeys(programs, 0)
    numbers = range(0, options.posts, options.batch)
    sizes = [min(options.batch, options.posts - first) for first in numbers]

    def tell(stream: TextIO) -> None:
        counts = ", ".join(f"{count} failures with {program}" for program, count in failures.items())
        print(f"{done:,} posts, {counts}, {time.monotonic() - begun:.0f} s", file=stream, flush=True)

    with ProcessPoolExecutor(options.jobs) as pool:
        for size, found in zip(sizes, pool.map(partial(batch, programs, options.seed), numbers, sizes), strict=True):
            done += size
            for failure in found:
                failures[failure.program] += 1
                options.failures.mkdir(parents=True, exist_ok=True)
                path = options.failures / f"post-{options.seed}-{failure.number}.md"
                path.write_text(failure.page, encoding="utf-8")
                print(f"{path}: {failure.program}: {failure.why}")  # noqa: T201
            tell(sys.stderr)
    tell(sys.stdout)
    return 1 if any(failures.values()) else 0


@dataclass(frozen=True, slots=True)
class Failing:
    """A page that fails."""

    program: str
    """That it fails with."""
    number: int
    page: str
    why: str


def batch(programs: Sequence[str], seed: int, first: int, size: int) -> list[Failing]:
    """So many posts, from the number `first` on, with each program: those that break a build, or show what they must not."""
    maths = _MATHS[first // max(size, 1) % len(_MATHS)]
    pages = {number: post(Random(f"{seed}-{number}"), maths) for number in range(first, first + size)}
    return [
        failure
        for program in programs
        for failure in failing(program, pages, site(program, Random(f"{seed}-{first}"), maths))
    ]


def site(program: str, random: Random, maths: Mathematics | None) -> dict[str, str]:
    """The files of a site but for its content. Deferred templates and post-processing are never in one: Hugo 0.131 finds only
    one of them in a page."""
    version = _version(program)
    defers = version >= (0, 128) and random.random() < 0.5
    hooks = _HOOKS | ({"passthrough": "{{ transform.ToMath .Inner }}"} if version >= (0, 132) else {})
    config = _CONFIG % random.choice(_SETTINGS) + (_PASSTHROUGH if maths and maths.passthrough else "")
    return {
        "hugo.toml": config,
        "assets/a.css": "a { b: c }",
        "layouts/_default/single.html": _SINGLE + (_DEFER if defers else _POST_PROCESS),
        **{f"layouts/shortcodes/{name}.html": template for name, template in _SHORTCODES.items()},
        **{f"layouts/_default/_markup/render-{name}.html": template for name, template in hooks.items()},
    }


def failing(program: str, pages: Mapping[int, str], files: Mapping[str, str]) -> Iterator[Failing]:
    """Those of the pages that are at fault in a site of these files."""
    why, shown = _built(program, pages, files)
    if why is None:
        yield from (Failing(program, number, pages[number], f"shows {word}") for number, word in shown.items())
    elif len(pages) == 1:
        yield from (Failing(program, number, page, why) for number, page in pages.items())
    else:
        numbers = sorted(pages)
        for half in (numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]):
            yield from failing(program, {number: pages[number] for number in half}, files)


def post(random: Random, maths: Mathematics | None) -> str:
    """The Markdown of a post about one paper, whose texts are all hostile."""
    word = partial(text, random)
    paper = Paper(
        arxiv_id="0000.00001", title=word(), abstract=word(), authors=(word(), word()), published=date(2026, 2, 20), categories=(), listings=(),
        comment=word(), tldr=word(), code_url=f"https://e.org/{word()}", project_url=f"https://e.org/{word()}",
    )  # fmt: skip
    figure = Figure(b"", 1, 1, 0, None, word(), word(), "caption-below")
    entry = Entry(Candidate(paper, 0.0, (), "arxiv"), Summary(word(), "claude", model=word()), figure, word())
    made = Post(date(2026, 2, 27), "2026-02-27", "llm-papers-2026-02-27", "en", (entry,), ("arxiv",))
    data = template_data.data(made, _DETAILS, maths, ("paper_1.png",), credit=True)
    (one,) = data["papers"]
    shortcodes = [name for name in _SHORTCODES if name != "upper" or maths is None]  # no formula survives capitals
    blocks = [
        f"## 1. {one['title']}",
        f"By {', '.join(data['writers'])}",
        f"- **Authors**: {', '.join(one['authors'])}\n- [code]({one['code'] or 'x'}) [project]({one['project'] or 'x'})",
        f"![{one['alt']}](paper_1.png)\n*{one['figure']['label']}: {one['figure']['caption']} {one['figure']['credit']}*",
        one["summary"],
        "<!--more-->",
        *(f"{{{{< {name} >}}}}\n{one['abstract']}\n{{{{< /{name} >}}}}" for name in shortcodes),
    ]
    return "---\ntitle: x\ndate: 2026-02-27\n---\n\n" + "\n\n".join(blocks) + "\n"


def text(random: Random) -> str:
    """Some of Hugo's words, each in a spelling of its own, among pieces that act."""
    parts = []
    for _ in range(random.randint(1, 3)):
        parts += [_spelt(random, random.choice(hugo_tokens.TOKENS) + random.choice(_TAILS))]
        parts += random.choices(hostile.PIECES, k=random.randint(0, 3))
    random.shuffle(parts)
    return random.choice(("", " ")).join(parts)


_TAILS = ("", "x__d=", "1s2HBHB", "_0_Content__e=", " pid=1}}", "_0_Nothing__e=")
_NAMED = {"_": "&lowbar;", "/": "&sol;", "{": "&lcub;", "}": "&rcub;", "=": "&equals;"}
_BETWEEN = (
    "\u00ad",
    "\u200b",
    "\u0301",
    "*",
    "**",
    "`",
    "\\",
    ".",
    "-",
    "~",
    "^",
    "{}",
    "$",
    "$$",
    "&shy;",
    "&#8203;",
    "\u2060",
    "<b>",
    "<b></b>",
    "&lt;i&gt;",
)


def _spelt(random: Random, word: str) -> str:
    """One of the ways to write a word, or a mixture of them."""
    rate, way = random.choice((0.0, 0.1, 0.5, 1.0)), random.choice(_WAYS)
    spelt = "".join(
        way(random, sign) if random.random() < rate else sign
        for sign in random.choice((str, str.lower, str.upper))(word)
    )
    if random.random() < 0.2:
        spelt = spelt.replace("&", "&amp;").replace("%", "%25")
    if random.random() < 0.2:
        inner = spelt.replace("_", "\\_")
        spelt = (
            random.choice(("$%s$", "\\(%s\\)", "$\\text{%s}$", "$\\mathrm{%s}$", "\\textbf{%s}", "a$_{%s}$")) % inner
        )
    return spelt


def _mixed(random: Random, sign: str) -> str:
    return random.choice(_WAYS[:-1])(random, sign)


_WAYS: tuple[Callable[[Random, str], str], ...] = (
    lambda _, sign: f"&#{ord(sign)};",
    lambda _, sign: f"&#x{ord(sign):x};",
    lambda _, sign: f"&#{ord(sign)}",
    lambda _, sign: _NAMED.get(sign, sign),
    lambda _, sign: f"%{ord(sign):02x}",
    lambda _, sign: chr(ord(sign) + 0xFEE0) if sign.isascii() and sign != " " else sign,
    lambda _, sign: f"\\{sign}",
    lambda random, sign: sign + random.choice(_BETWEEN),
    lambda random, sign: f"{sign}$\\{random.choice(('text', 'mathrm', 'mathbf'))}{{{sign}}}$",
    lambda _, sign: sign.swapcase(),
    _mixed,
)


def _built(program: str, pages: Mapping[int, str], files: Mapping[str, str]) -> tuple[str | None, dict[int, str]]:
    """Why they do not build together, None where they do; and which of them show which word of Hugo's."""
    with tempfile.TemporaryDirectory(prefix="hugo-llmpapers-fuzz-") as folder:
        root = Path(folder)
        for name, content in {**files, **{f"content/{number}.md": page for number, page in pages.items()}}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(content, encoding="utf-8", newline="\n")
        environ = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "HUGO_CACHEDIR": str(root / "cache")}
        try:
            ran = subprocess.run(
                [program, "-s", folder, "--logLevel", "error"], env=environ, timeout=_BUILD_S, check=False,
                capture_output=True, encoding="utf-8", errors="replace",
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"did not end within {_BUILD_S} s", {}
        if ran.returncode != 0:
            lines = [line for line in (ran.stderr + ran.stdout).splitlines() if re.search("panic:|ERROR|Error", line)]
            return (lines or [f"exit code {ran.returncode}"])[0], {}
        shown = {}
        for number in pages:
            page = (root / "public" / str(number) / "index.html").read_text(encoding="utf-8")
            page = _OWN.sub("", page)
            if word := next((token for token in hugo_tokens.TOKENS if token in page), None):
                shown[number] = word
        return None, shown


def _version(program: str) -> tuple[int, ...]:
    told = subprocess.run([program, "version"], capture_output=True, encoding="utf-8", check=True).stdout
    found = re.search(r"v(\d+)\.(\d+)", told)
    assert found is not None, told
    return int(found[1]), int(found[2])

"""How long a start takes beside one that does nothing, and the run that finds the post there."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.timing import Row, Spread, command, spreads
from tests.conftest import ROOT
from tests.tool import CLOCK, COMMAND, Blog, hugo_program

_BARE = """\
import typer
app = typer.Typer(rich_markup_mode=None, add_completion=False)
@app.command("a")
def a(number: int = 1) -> None: ...
@app.command("b")
def b() -> None: ...
app()
"""
"""The least that a command line of two commands can be."""
_READING = """\
import os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".md"):
            with open(os.path.join(folder, name), "rb") as file:
                file.read()
"""
_TEXT = "A line of somebody's post, with words in it.\n" * 80


def site(folder: Path, posts: int = 0) -> Blog:
    """The example site with the sample's post, and so many of somebody else's, each with a link to a paper, of 3.7 KB."""
    root = folder / "hugo-example"
    shutil.copytree(ROOT / "hugo-example", root, ignore=shutil.ignore_patterns("llm-papers-*-*", "public", "resources"))
    more_posts(root, range(posts))
    return Blog(root, folder)


def more_posts(root: Path, numbers: range) -> None:
    """Posts of somebody else, each a bundle."""
    for number in numbers:
        page = root / "content" / "posts" / f"p{number}" / "index.md"
        page.parent.mkdir()
        link = f"https://arxiv.org/abs/23{number % 12 + 1:02d}.{number:05d}"
        page.write_text(f"---\ntitle: p{number}\ndate: 2024-01-01\n---\n{link}\n{_TEXT}", encoding="utf-8")


def rows(folder: Path, rounds: int) -> Iterator[Row]:
    """The table's lines on starting."""
    environ = Blog(folder, folder).environ()
    del environ["PYTHONPATH"]  # the tests' guard against the network, which takes time of its own
    bare, reading = folder / "bare.py", folder / "reading.py"
    bare.write_text(_BARE, encoding="utf-8")
    reading.write_text(_READING, encoding="utf-8")
    floor = command([sys.executable, str(bare), "a"], environ)
    bare_help = command([sys.executable, str(bare), "--help"], environ)
    ours = [command([str(COMMAND), flag], environ) for flag in ("--help", "--version")]
    helped, version, least, least_help = spreads([*ours, floor, bare_help], rounds)
    yield Row("--help", helped, least_help.median, "a bare typer app's --help", 1.3)
    yield Row("--version", version, least.median, "a bare typer app")
    for posts in (0, 10_000):
        blog = site(folder / str(posts), posts)
        here = {**environ, "HUGO_CACHEDIR": str(folder / "cache")}
        again = [str(COMMAND), "new", "--sample", "--source", str(blog.root), "--clock", CLOCK]
        command(again, here)()
        jobs = [
            command(again, here),
            floor,
            command([hugo_program(), "config", "--format", "json", "--source", str(blog.root)], here),
            command([sys.executable, str(reading), str(blog.root / "content")], here),
            command([sys.executable, "-c", "pass"], here),
        ]
        second, least, config, read, python = spreads(jobs, rounds)
        together = least.median + config.median
        yield Row(f"second run, {posts or 'no'} other posts", second, together, "typer + hugo config", 1.5)
        if posts:
            read_too = together + read.median - python.median
            yield Row("  beside the reading of all posts", second, read_too, "typer + hugo config + reading", 1.5)


def scans(folder: Path, rounds: int, most: int) -> Iterator[tuple[int, Spread, Spread]]:
    """For a growing number of posts: the scan for covered papers, and reading the same bytes; seconds in this process."""
    from hugo_llmpapers.site import history

    blog, made = site(folder), 0
    content = blog.root / "content"

    def read() -> None:
        for inner, _, names in os.walk(content):
            for name in names:
                if name.endswith(".md"):
                    with open(f"{inner}/{name}", "rb") as file:  # noqa: PTH123 - the quickest there is
                        file.read()

    for posts in (100, 1000, 5000, 10_000, 20_000):
        if posts > most:
            return
        more_posts(blog.root, range(made, posts))
        made = posts
        ours, floor = spreads([lambda: list(history.pages([content])), read], rounds)
        yield posts, ours, floor

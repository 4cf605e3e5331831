"""Every shape of site with the real Hugo: the post is where a reader looks for it, with its pictures and labels."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tests.shapes import POST, Shape, Trap, make_site
from tests.shapes.configuration import CONFIGURATION
from tests.shapes.languages import LANGUAGES
from tests.shapes.places import PLACES
from tests.shapes.templates import TEMPLATES
from tests.shapes.traps import TRAPS
from tests.tool import Blog, Result, hugo_program, old_hugo

EXCERPTS = {"HUGO_PARAMS_LLMPAPERS_SUMMARIZER": "excerpt"}
"""They look like summaries here, and take a second less."""


class _Page(HTMLParser):
    """What a reader finds in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.canonical = ""
        self.images: list[str] = []
        self.labels: list[str] = []
        """Texts of <summary> and <h4>."""
        self.open = 0
        """Abstracts that are not folded."""
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link" and given.get("rel") == "canonical":
            self.canonical = given.get("href") or ""
        if tag == "img":
            self.images.append(given.get("data-src") or given.get("src") or "")
        if tag in ("summary", "h4"):
            self.labels.append("")
            self._inside = True
        self.open += tag == "details" and "open" in given

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("summary", "h4")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.labels[-1] += data.strip()


@pytest.mark.parametrize("shape", CONFIGURATION + LANGUAGES + PLACES + TEMPLATES, ids=lambda shape: shape.name)
def test_the_post_shows(tmp_path: Path, shape: Shape) -> None:
    """At the URL that we tell, its pictures there, its labels right; and nothing but the post is left in the site."""
    blog = make_site(tmp_path / "hugo-example", shape.files, layouts=shape.layouts, committed=shape.committed)
    before = _files_in(tmp_path)
    ran = _new(blog, shape.args + shape.flags, shape.environ, shape.clock)
    assert ran.code == 0, ran.err
    told = ran.json()
    assert _in_order(shape.said, " ".join(told["missing"])) if shape.said else told["missing"] == []
    post = (blog.root / shape.section / shape.post).resolve()
    assert Path(told["path"]) == post / shape.index
    text = (post / shape.index).read_text(encoding="utf-8")
    for words in shape.text:
        assert words in text
    added = {path for path, content in _files_in(tmp_path).items() if before.get(path) != content}
    assert [str(path) for path in added if not path.is_relative_to(post)] == []
    page = _Page((_built(blog, shape) / shape.page).read_text(encoding="utf-8"))
    assert told["url"] == shape.url == page.canonical
    found = [_shown(source, shape, tmp_path / "public") for source in page.images]
    assert found == list(shape.images) if shape.images is not None else len(set(found)) == 2
    assert page.labels == [shape.label] * 2
    assert page.open == 0


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_a_loss_is_said_with_its_remedy(tmp_path: Path, trap: Trap) -> None:
    """Where nobody would see the post, or another page would lose its place: nothing is written, and nobody is asked."""
    blog = make_site(tmp_path / "hugo-example", trap.files, layouts=trap.layouts)
    environ = dict(trap.environ)
    hugo = old_hugo(tmp_path, trap.hugo) if trap.hugo else Path(hugo_program())
    if trap.hugo:
        environ["PATH"] = os.pathsep.join((str(hugo.parent), os.environ["PATH"]))
    elif "PATH" in environ:
        (tmp_path / "bare").mkdir()
        (tmp_path / "bare" / "hugo").symlink_to(hugo)
        environ["PATH"] = str(tmp_path / "bare")
    before = blog.fingerprint()
    ran = _new(blog, trap.args, environ)
    assert ran.code == trap.code, ran.err
    assert "Traceback" not in ran.err
    if trap.code:
        assert ran.json()["status"] == "failed"
        assert _in_order(trap.words, ran.err), ran.err
        assert blog.fingerprint() == before
    else:
        told = ran.json()
        assert _in_order(trap.words, " ".join(told["missing"])), told["missing"]
        assert all(line in ran.err for line in told["missing"])
        assert (blog.root / "content/posts" / POST / "index.md").is_file()


def _new(
    blog: Blog, args: tuple[str, ...], environ: Mapping[str, str], clock: str = "2026-02-27T07:02:00+09:00"
) -> Result:
    args = ("new", "2026-02-27", "--sample", "--count", "2", "--json", *args)
    return blog.run(*args, environ={**EXCERPTS, **environ}, clock=clock)


def _built(blog: Blog, shape: Shape) -> Path:
    """The site as its owner builds it an hour later."""
    public, later = blog.home / "public", datetime.fromisoformat(shape.clock) + timedelta(hours=1)
    built = subprocess.run(
        [hugo_program(), "-s", str(blog.root), "-d", str(public), "--clock", later.isoformat(), *shape.flags],
        env={**blog.environ(), **shape.environ}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr + built.stdout
    return public


def _shown(source: str, shape: Shape, public: Path) -> str:
    """The file of a picture below the public folder; fails where there is none."""
    page = shape.page.removeprefix(shape.host).lstrip("/").removesuffix("index.html")
    base = unquote(urlsplit(shape.url).path).removesuffix(page)
    path = unquote(urlsplit(urljoin(shape.url, source)).path)
    file = Path(shape.host) / path.removeprefix(base).lstrip("/")
    assert (public / file).is_file(), f"{source} is not published"
    return file.as_posix()


def _files_in(folder: Path) -> dict[Path, bytes]:
    """All but those of git and of caches."""
    files = (path for path in folder.rglob("*") if path.is_file() and not {".git", "cache", ".cache"} & set(path.parts))
    return {path: path.read_bytes() for path in files}


def _in_order(words: tuple[str, ...], text: str) -> bool:
    return re.search(".*".join(map(re.escape, words)), text, re.DOTALL) is not None

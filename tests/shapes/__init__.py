"""Small sites of every shape, and what a reader of their post must find."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.tool import Blog, hugo_version

POST = "llm-papers-sample-2026-02-27"
BASE = 'baseURL = "https://e.org/"\n'
PAGE = "---\ntitle: a\n---\n"
"""Of somebody else."""

SINGLE = (
    '<html><head><link rel="canonical" href="{{ .Permalink }}"></head><body><h1>{{ .Title }}</h1>'
    "{{ .Content }}</body></html>"
)
LIST = "<html><body>{{ range .Site.RegularPages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}</body></html>"
LAYOUTS = {"layouts/_default/single.html": SINGLE, "layouts/_default/list.html": LIST, "layouts/index.html": LIST}

_RENAMED = (
    ((0, 148, 0), "enableDefault = true", 'useEmbedded = "always"'),
    ((0, 153, 0), 'lang = "', 'sites.matrix.languages = "'),
    ((0, 153, 0), 'excludeFiles = ["', 'files = ["**", "! '),
)
"""What Hugo calls some of its options since a version. https://gohugo.io/configuration/"""
_COMMIT = ("init -q", "add .", "-c user.name=x -c user.email=x@e.org commit -q -m x")

_READS = (
    '{{- $post := dict "papers" slice }}{{ with resources.Get "llm-papers.json" }}{{ $post = transform.Unmarshal . }}'
    "{{ end -}}\n"
)
_PAPERS = """\
{{ range $post.papers }}
## {{ .title }}
{{ $alt := .alt }}{{ with .figure }}
![{{ $alt }}]({{ .file }})
{{ end }}
{{ printf $post.details.open "Abstract" }}
{{ .abstract }}
{{ with $post.details.close }}{{ . }}{{ end }}
{{ end }}"""


def archetype(front_matter: str) -> str:
    """A short one that begins with these lines, fences and all."""
    return _READS + front_matter + _PAPERS


def yaml(*lines: str) -> str:
    """An archetype in YAML with these lines before its date and url."""
    return archetype("\n".join(["---", *lines, "date: {{ $post.date }}", "url: {{ $post.name }}", "---", ""]))


def pictures(folder: str, suffix: str = "") -> tuple[str, ...]:
    """The post's two, as they are published."""
    return tuple(f"{folder}/paper_{number}{suffix}.png" for number in (1, 2))


def at(path: str, base: str = "https://e.org/", *, host: str = "", suffix: str = "") -> dict[str, Any]:
    """What a Shape says of a post at this path of the site."""
    folder = f"{host}/{path}".lstrip("/")
    url = f"{base}{quote(path)}/"
    return {"url": url, "page": f"{folder}/index.html", "images": pictures(folder, suffix), "host": host}


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    """These files in a folder."""
    return {f"{folder}/{path}": text for path, text in files.items()}


@dataclass(frozen=True)
class Shape:
    """A site whose post shows."""

    name: str
    files: Mapping[str, str]
    """Of the site, with LAYOUTS unless it brings its own."""
    section: str = "content/posts"
    """The folder that the post goes to."""
    index: str = "index.md"
    """The post's file there, in its bundle."""
    post: str = POST
    """The bundle's name."""
    url: str = f"https://e.org/{POST}/"
    page: str = f"{POST}/index.html"
    """The post's, below the folder that Hugo publishes to."""
    images: tuple[str, ...] | None = pictures(POST)
    """Likewise; None where the site gives them names of its own."""
    host: str = ""
    """The folder of a host, likewise; empty where there is only one."""
    label: str = "Abstract"
    """Of the folded abstracts, each in a <summary> or a heading."""
    flags: tuple[str, ...] = ()
    """For Hugo and for us."""
    args: tuple[str, ...] = ()
    """For us."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """For both."""
    clock: str = "2026-02-27T07:02:00+09:00"
    text: tuple[str, ...] = ()
    """What the post's file has."""
    said: tuple[str, ...] = ()
    """Words of what is said to be missing; empty where nothing is."""
    layouts: bool = True
    """Whether the site has LAYOUTS; else it brings its own."""
    committed: bool = False
    """Whether all of it is in a git repository."""


@dataclass(frozen=True)
class Trap:
    """A site in which a reader would miss something, or the whole post."""

    name: str
    files: Mapping[str, str]
    words: tuple[str, ...]
    """Of problem and remedy, in this order."""
    code: int = 3
    """3: refused, and nothing is written. 0: written, and said."""
    args: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    layouts: bool = True
    hugo: str = ""
    """The version that a stand-in for Hugo has."""


def make_site(root: Path, files: Mapping[str, str], *, layouts: bool = True, committed: bool = False) -> Blog:
    """A small site; only in a folder called `hugo-example`, as our own, is a sample no draft."""
    for path, text in {**(LAYOUTS if layouts else {}), **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(_in_todays_words(text) if path.endswith(".toml") else text, encoding="utf-8")
    for command in _COMMIT if committed else ():
        subprocess.run(["git", "-C", str(root), *command.split()], check=True, capture_output=True)
    return Blog(root, root.parent)


def _in_todays_words(config: str) -> str:
    for since, old, new in _RENAMED:
        config = config.replace(old, new) if hugo_version() >= since else config
    return config

"""Small sites of many kinds, and what their posts must look like."""

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
"""A page that is not ours."""

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
"""Options that Hugo renamed: since which version, old name, new name. https://gohugo.io/configuration/"""
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
    """Return a short archetype with this front matter, which includes its delimiters."""
    return _READS + front_matter + _PAPERS


def yaml(*lines: str) -> str:
    """Return an archetype in YAML with these lines before its date and url."""
    return archetype("\n".join(["---", *lines, "date: {{ $post.date }}", "url: {{ $post.name }}", "---", ""]))


def pictures(folder: str, suffix: str = "") -> tuple[str, ...]:
    """Return the published paths of the post's two pictures."""
    return tuple(f"{folder}/paper_{number}{suffix}.png" for number in (1, 2))


def at(path: str, base: str = "https://e.org/", *, host: str = "", suffix: str = "") -> dict[str, Any]:
    """Return the fields of a Shape for a post at this path of the site."""
    folder = f"{host}/{path}".lstrip("/")
    url = f"{base}{quote(path)}/"
    return {"url": url, "page": f"{folder}/index.html", "images": pictures(folder, suffix), "host": host}


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    """Return the files with the folder before their paths."""
    return {f"{folder}/{path}": text for path, text in files.items()}


@dataclass(frozen=True)
class Shape:
    """A site whose post is shown completely."""

    name: str
    files: Mapping[str, str]
    """The site's files, besides LAYOUTS unless `layouts` is False."""
    section: str = "content/posts"
    """The folder of the post's bundle."""
    index: str = "index.md"
    """The name of the post's page in its bundle."""
    post: str = POST
    """The bundle's name."""
    url: str = f"https://e.org/{POST}/"
    page: str = f"{POST}/index.html"
    """Path of the built page in the folder that Hugo publishes to."""
    images: tuple[str, ...] | None = pictures(POST)
    """Paths of the pictures there; None if the site renames them."""
    host: str = ""
    """ The host's folder there; empty if there is only one host."""
    label: str = "Abstract"
    """Label of the folded abstracts, in a <summary> or a heading."""
    flags: tuple[str, ...] = ()
    """Options for Hugo and for us."""
    args: tuple[str, ...] = ()
    """Options for us only."""
    environ: Mapping[str, str] = field(default_factory=dict)
    """Variables for both."""
    clock: str = "2026-02-27T07:02:00+09:00"
    text: tuple[str, ...] = ()
    """Parts of the post's Markdown."""
    said: tuple[str, ...] = ()
    """Words of the warnings; empty if there is none."""
    layouts: bool = True
    """Whether the site gets LAYOUTS; else it has its own."""
    committed: bool = False
    """Whether its files are committed to git."""


@dataclass(frozen=True)
class Trap:
    """A site in which a reader would miss something, or the whole post."""

    name: str
    files: Mapping[str, str]
    words: tuple[str, ...]
    """Words of problem and remedy, in this order."""
    code: int = 3
    """3: refused, nothing is written. 0: written with a warning."""
    args: tuple[str, ...] = ()
    environ: Mapping[str, str] = field(default_factory=dict)
    layouts: bool = True
    hugo: str = ""
    """Version of a fake Hugo; empty for the real one."""


def make_site(root: Path, files: Mapping[str, str], *, layouts: bool = True, committed: bool = False) -> Blog:
    """Create a small site. A sample is a draft in it, unless its folder is called `hugo-example`."""
    for path, text in {**(LAYOUTS if layouts else {}), **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(_with_current_names(text) if path.endswith(".toml") else text, encoding="utf-8")
    for command in _COMMIT if committed else ():
        subprocess.run(["git", "-C", str(root), *command.split()], check=True, capture_output=True)
    return Blog(root, root.parent)


def _with_current_names(config: str) -> str:
    for since, old, new in _RENAMED:
        config = config.replace(old, new) if hugo_version() >= since else config
    return config

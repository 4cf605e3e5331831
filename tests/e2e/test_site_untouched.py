"""Nothing in a site changes but the post, whatever Hugo likes to write there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.shapes import BASE, LAYOUTS, SINGLE, make_site
from tests.tool import Blog

SINGLE_OF = "layouts/_default/single.html"
SCRIPTS = {
    "assets/js/main.js": 'import { hello } from "js/hello";\nhello();\n',
    "themes/shared/assets/js/hello.js": "export function hello() { console.log(1); }\n",
}
"""Hugo writes assets/jsconfig.json where a script imports a theme's."""
SHARED = 'theme = "shared"\n'
SCRIPT = '{{ (resources.Get "js/main.js" | js.Build).RelPermalink }}'
STYLES = {"assets/css/main.scss": "$gap: 1rem;\nbody { margin: $gap; }\n"}
"""Compiled ones go into resources/_gen; only an extended Hugo compiles."""
STYLE = '{{ if hugo.IsExtended }}{{ (resources.Get "css/main.scss" | toCSS).RelPermalink }}{{ end }}'
PICTURE = '{{ range .Resources.ByType "image" }}{{ (.Resize "9x png").RelPermalink }}{{ end }}'
"""So do resized ones."""
STATISTICS = "[build.buildStats]\nenable = true\n"
"""The names of elements and classes go into hugo_stats.json."""
OLD_STATISTICS = "[build]\nwriteStats = true\n"
"""What Hugo called it until 0.115."""
WATCHED = (
    '[[module.mounts]]\nsource = "assets"\ntarget = "assets"\n'
    '[[module.mounts]]\nsource = "hugo_stats.json"\ntarget = "assets/watching/hugo_stats.json"\n'
    '[[module.mounts]]\nsource = "public"\ntarget = "static/again"\n'
)
"""Hugo makes these two where they are not there. https://gohugo.io/functions/css/tailwindcss/"""
ADAPTER = {
    "assets/note.txt": "a note\n",
    "content/notes/_content.gotmpl": (
        '{{ with resources.Get "note.txt" }}{{ $.AddPage (dict "path" "one" "title" .RelPermalink) }}{{ end }}\n'
    ),
}
"""A content adapter, since 0.126; what it names is published, even by a list."""
ARCHETYPE = {
    "archetypes/llm-papers.md": (
        '{{- $post := dict "papers" slice }}{{ with resources.Get "llm-papers.json" }}{{ $post = transform.Unmarshal . }}{{ end -}}\n'
        '---\ntitle: a\ndate: {{ $post.date }}\nurl: {{ $post.name }}\nnote: {{ (resources.FromString "x.txt" "x").RelPermalink }}\n---\n'
        "{{ range $post.papers }}\n## {{ .title }}\n{{ with .figure }}\n![a]({{ .file }})\n{{ end }}{{ end }}\n"
    ),
}
"""An archetype that publishes something."""


def _page(ending: str) -> dict[str, str]:
    """The template of single pages with this at its end."""
    return {SINGLE_OF: SINGLE.replace("</body>", f"{ending}</body>")}


SITES: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "plain": (BASE, {}, ("--no-figures",)),
    "assets": (BASE + SHARED + STATISTICS, SCRIPTS | STYLES | _page(SCRIPT + STYLE), ("--no-figures",)),
    "templates": (BASE, ADAPTER | ARCHETYPE | _page(PICTURE), ("--count", "1")),
    "mounts": (BASE + SHARED + STATISTICS + WATCHED, SCRIPTS | _page(SCRIPT), ("--no-figures",)),
    "theme": (
        BASE + 'theme = "watching"\n' + OLD_STATISTICS,
        {"themes/watching/hugo.toml": WATCHED},
        ("--no-figures",),
    ),
}
"""Configuration, files, and what `new` gets."""


def _site(tmp_path: Path, name: str) -> Blog:
    config, files, _ = SITES[name]
    page = {"content/about.md": "---\ntitle: about\n---\nhello\n"}
    return make_site(tmp_path / "hugo-example", {**LAYOUTS, **page, **files, "hugo.toml": config})


def _files(blog: Blog) -> dict[str, bytes | None]:
    """All there is in the site, folders too."""
    return {
        path.relative_to(blog.root).as_posix(): path.read_bytes() if path.is_file() else None
        for path in blog.root.rglob("*")
    }


@pytest.mark.parametrize("name", SITES)
def test_doctor_and_new_change_nothing_but_the_post(tmp_path: Path, name: str) -> None:
    """Neither a file nor a folder, and what was there has the bytes that it had."""
    blog = _site(tmp_path, name)
    before = _files(blog)
    checked = blog.run("doctor")
    assert checked.code == 0, checked.out
    assert _files(blog) == before
    written = blog.run("new", "--sample", *SITES[name][2])
    assert written.code == 0, written.err
    after = _files(blog)
    assert {path: after.get(path) for path in before} == before
    assert {path for path in after.keys() - before.keys() if not path.startswith("content/posts")} == set()


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("plain", {".hugo_build.lock"}),
        ("assets", {"assets/jsconfig.json", "hugo_stats.json"}),
        ("templates", {"resources/_gen"}),
        ("mounts", {"assets/jsconfig.json", "hugo_stats.json"}),
        ("theme", {"themes/watching/hugo_stats.json", "hugo_stats.json"}),
    ],
)
def test_hugo_itself_changes_these_sites(tmp_path: Path, name: str, made: set[str]) -> None:
    """Else the test above would prove nothing."""
    blog = _site(tmp_path, name)
    (blog.root / "content/about.md").unlink()
    post = blog.root / "content/posts/a"
    post.mkdir(parents=True)
    (post / "index.md").write_text("---\ntitle: a\n---\n", encoding="utf-8")
    Image.new("RGB", (20, 20), "red").save(post / "a.png")
    built = blog.build(tmp_path / "public")
    assert built.code == 0, built.out + built.err
    assert made - set(_files(blog)) == set()


@pytest.mark.parametrize("text", [b"", b"{}\n"], ids=["empty", "written"])
def test_what_was_there_before_stays(tmp_path: Path, text: bytes) -> None:
    """Also where it is as empty as what Hugo would have made."""
    blog = _site(tmp_path, "mounts")
    (blog.root / "hugo_stats.json").write_bytes(text)
    (blog.root / "public").mkdir()
    (blog.root / ".hugo_build.lock").write_bytes(b"")
    before = _files(blog)
    assert blog.run("doctor").code == 0
    assert _files(blog) == before


@pytest.mark.parametrize("name", ["assets", "mounts"])
def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    """Hugo has made its files before a template stops it."""
    blog = _site(tmp_path, name)
    (blog.root / "layouts/_default/baseof.html").write_text('{{ errorf "no" }}', encoding="utf-8")
    (blog.root / SINGLE_OF).write_text('{{ errorf "no" }}', encoding="utf-8")
    before = _files(blog)
    blog.run("doctor")
    assert blog.run("new", "--sample", "--no-figures").code in (0, 3)
    assert {path for path in _files(blog).keys() - before.keys() if not path.startswith("content/posts")} == set()


def test_a_configuration_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    """The mounts of the theme that is there are made before the one that is not is looked for."""
    blog = _site(tmp_path, "mounts")
    config = blog.root / "hugo.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("shared", "nowhere"), encoding="utf-8")
    before = _files(blog)
    assert blog.run("doctor").code == 3
    assert blog.run("new", "--sample").code == 3
    assert _files(blog) == before

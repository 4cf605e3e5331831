"""Other shapes of sites: the post lands where this site's Hugo builds it."""

from __future__ import annotations

import html
import subprocess
from pathlib import Path

import pytest

from tests.tool import Blog, hugo_program

SINGLE = "<html><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>"
LIST = "<html><body>{{ range .Site.RegularPages }}<a href='{{ .RelPermalink }}'>{{ .Title }}</a>{{ end }}</body></html>"
NAME = "llm-papers-sample-2026-02-27"


def _site(folder: Path, config: str, files: dict[str, str] | None = None, name: str = "hugo.toml") -> Blog:
    """A small site with these files."""
    root = folder / "blog"
    given = {"layouts/_default/single.html": SINGLE, "layouts/_default/list.html": LIST, "layouts/index.html": LIST}
    for path, text in {**given, name: config, **(files or {})}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    (root / "content").mkdir(exist_ok=True)
    return Blog(root, folder)


def _built(blog: Blog, *flags: str) -> Path:
    """The public folder, drafts included, as the sample is one here."""
    public = blog.home / "public"
    subprocess.run(
        [hugo_program(), "-s", str(blog.root), "-d", str(public), "-D", "--clock", "2026-02-27T08:00:00+09:00", *flags],
        env=blog.environ(), check=True, capture_output=True,
    )  # fmt: skip
    return public


def _new(blog: Blog, *args: str) -> Path:
    ran = blog.run("new", "2026-02-27", "--sample", *args)
    assert ran.code == 0, ran.err
    assert "could not be proved" not in ran.err, ran.err
    return Path(ran.out.strip())


BASE = 'baseURL = "https://e.org/"\n'


def test_several_languages_by_folder(tmp_path: Path) -> None:
    """The post goes into its own language's folder, not into one that Hugo does not look at."""
    config = BASE + (
        'defaultContentLanguage = "en"\n[languages.en]\ncontentDir = "content/en"\n[languages.ja]\ncontentDir = "content/ja"\n'
    )
    blog = _site(
        tmp_path, config, {"content/en/a.md": "---\ntitle: a\n---\n", "content/ja/a.md": "---\ntitle: a\n---\n"}
    )
    path = _new(blog, "--language", "ja")
    assert path == blog.root / "content" / "ja" / "posts" / NAME / "index.md"
    again = blog.run("new", "2026-02-27", "--sample", "--language", "ja", "--force")
    assert f"URL: https://e.org/ja/{NAME}/" in again.err
    assert (_built(blog) / "ja" / NAME / "paper_1.png").is_file()
    english = _new(blog)  # its url is the Japanese post's, too, and that is another page
    assert english == blog.root / "content" / "en" / "posts" / NAME / "index.md"
    before = english.read_bytes()
    _new(blog, "--language", "ja", "--force")
    assert english.read_bytes() == before


def test_several_languages_by_file_name(tmp_path: Path) -> None:
    """index.ja.md with pictures that carry the language, which Hugo publishes."""
    config = BASE + 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n'
    blog = _site(tmp_path, config)
    path = _new(blog, "--language", "ja")
    assert path.name == "index.ja.md"
    assert (path.parent / "paper_1.ja.png").is_file()
    assert "![" in path.read_text(encoding="utf-8")
    public = _built(blog)
    assert list((public / "ja" / NAME).glob("paper_1*.png"))


def test_translations_beside_each_other_are_kept(tmp_path: Path) -> None:
    """The second language joins the bundle, and writing one of them again leaves the other alone."""
    config = BASE + 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n'
    blog = _site(tmp_path, config)
    english = _new(blog)
    japanese = _new(blog, "--language", "ja")
    assert english.parent == japanese.parent
    before = english.read_bytes()
    names = ["index.ja.md", "index.md", *(f"paper_{n}{lang}.png" for n in range(1, 6) for lang in (".ja", ""))]
    assert sorted(p.name for p in english.parent.iterdir()) == names
    _new(blog, "--language", "ja", "--force")
    assert sorted(p.name for p in english.parent.iterdir()) == names
    assert english.read_bytes() == before


def test_what_waits_in_the_bundles_folder_is_kept(tmp_path: Path) -> None:
    """A cover that was put there before the post."""
    blog = _site(tmp_path, BASE)
    folder = blog.root / "content" / "posts" / NAME
    folder.mkdir(parents=True)
    (folder / "cover.jpg").write_bytes(b"jpg")
    assert (_new(blog).parent / "cover.jpg").read_bytes() == b"jpg"


def test_an_unknown_language_is_said(tmp_path: Path) -> None:
    """A language that a multilingual site does not have: exit 3 with those it has."""
    blog = _site(tmp_path, BASE + "[languages.en]\nweight = 1\n[languages.fr]\nweight = 2\n")
    ran = blog.run("new", "--sample", "--language", "ja")
    assert ran.code == 3
    assert "en, fr" in ran.err


def test_content_mounts(tmp_path: Path) -> None:
    """Where the site mounts its content and assets, the post goes below the mount and has its papers."""
    config = BASE + (
        '[[module.mounts]]\nsource = "src"\ntarget = "content"\n[[module.mounts]]\nsource = "media"\ntarget = "assets"\n'
        '[[module.mounts]]\nsource = "archetypes"\ntarget = "archetypes"\n[[module.mounts]]\nsource = "layouts"\ntarget = "layouts"\n'
    )
    blog = _site(tmp_path, config, {"src/a.md": "---\ntitle: a\n---\n", "media/x.txt": "x"})
    path = _new(blog)
    assert path == blog.root / "src" / "posts" / NAME / "index.md"
    assert path.read_text(encoding="utf-8").count("**arXiv ID**") == 5
    assert (_built(blog) / NAME / "paper_5.png").is_file()


def test_a_configuration_folder_and_environments(tmp_path: Path) -> None:
    """config/_default and config/<environment> count as in Hugo; the section is the first of mainSections."""
    files = {
        "config/production/params.toml": "[llmpapers]\ncount = 2\n",
        "config/staging/params.toml": "[llmpapers]\ncount = 3\n",
        "config/_default/params.toml": 'mainSections = ["blog"]\n[llmpapers]\ncount = 4\n',
    }
    blog = _site(tmp_path, BASE, files, name="config/_default/hugo.toml")
    path = _new(blog)
    assert path.parent.parent.name == "blog"
    assert path.read_text(encoding="utf-8").count("**arXiv ID**") == 2
    assert blog.run("new", "2026-02-26", "--sample", "-e", "staging", "--print").out.count("**arXiv ID**") == 3


def test_a_wrong_setting_of_an_environment_is_found_in_its_file(tmp_path: Path) -> None:
    """The file and the line where it stands."""
    files = {"config/production/params.yaml": "llmpapers:\n  count: 2\n  windowDays: soon\n"}
    blog = _site(tmp_path, BASE, files, name="config/_default/hugo.toml")
    ran = blog.run("new", "--sample")
    assert ran.code == 3
    assert "params.yaml:3" in ran.err


@pytest.mark.parametrize("name", ["hugo.yaml", "config.yaml", "hugo.json", "config.toml"])
def test_every_format_of_configuration(tmp_path: Path, name: str) -> None:
    """YAML, JSON and the older file names."""
    config = {
        "yaml": "baseURL: https://e.org/\ntimeZone: Asia/Tokyo\nparams:\n  llmpapers:\n    figures: false\n",
        "json": '{"baseURL": "https://e.org/", "timeZone": "Asia/Tokyo", "params": {"llmpapers": {"figures": false}}}',
        "toml": BASE + 'timeZone = "Asia/Tokyo"\n[params.llmpapers]\nfigures = false\n',
    }[name.rpartition(".")[2]]
    blog = _site(tmp_path, config, name=name)
    path = _new(blog)
    assert [p.name for p in path.parent.iterdir()] == ["index.md"]


def test_an_archetype_of_the_theme_in_toml(tmp_path: Path) -> None:
    """The theme's archetype counts, in its own front matter format; its order and comments stand."""
    archetype = (
        '{{- $post := dict "papers" slice }}{{ with resources.Get "llm-papers.json" }}{{ $post = transform.Unmarshal . }}{{ end -}}\n'
        '+++\n# mine\ntitle = "Papers of {{ $post.day }}"\ndate = {{ $post.date }}\nurl = "{{ $post.name }}"\n+++\n'
        "{{ range $post.papers }}\n* {{ .title }} ({{ .id }})\n{{ end }}"
    )
    files = {"themes/t/archetypes/llm-papers.md": archetype, "themes/t/layouts/_default/single.html": SINGLE}
    blog = _site(tmp_path, BASE + 'theme = "t"\n', files)
    text = _new(blog).read_text(encoding="utf-8")
    assert text.startswith('+++\n# mine\ntitle = "Papers of 2026-02-27"\n')
    assert text.count("\n* ") == 5


def test_an_archetype_folder_brings_its_other_files(tmp_path: Path) -> None:
    """archetypes/llm-papers/index.md with a file beside it."""
    files = {
        "archetypes/llm-papers/index.md": (
            '{{- $post := dict "papers" slice }}{{ with resources.Get "llm-papers.json" }}{{ $post = transform.Unmarshal . }}{{ end -}}\n'
            "---\ntitle: x\ndate: {{ $post.date }}\n---\n{{ range $post.papers }}{{ .id }}\n{{ end }}"
        ),
        "archetypes/llm-papers/note.txt": "mine",
    }
    path = _new(_site(tmp_path, BASE, files))
    assert (path.parent / "note.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("<details><summary>{{ .Get 0 }}</summary>{{ .Inner | markdownify }}</details>", '{{< details "Abstract" >}}'),
        (
            '<details><summary>{{ .Get "summary" }}</summary>{{ .Inner }}</details>',
            '{{< details summary="Abstract" title="Abstract" >}}',
        ),
        (None, '{{< details summary="Abstract" title="Abstract" >}}'),
    ],
    ids=["positional", "named", "embedded"],
)
def test_the_label_is_passed_as_the_shortcode_reads_it(tmp_path: Path, template: str | None, line: str) -> None:
    """The folded abstract has its label in the built page."""
    blog = _site(tmp_path, BASE, {"layouts/shortcodes/details.html": template} if template else None)
    assert line in _new(blog).read_text(encoding="utf-8")
    page = html.unescape((_built(blog) / NAME / "index.html").read_text(encoding="utf-8"))
    assert page.count("<summary>Abstract</summary>") == 5


def test_a_shortcode_that_loses_the_label_is_told(tmp_path: Path) -> None:
    """Nothing errs in Hugo, so we say it."""
    blog = _site(tmp_path, BASE, {"layouts/shortcodes/details.html": "<details>{{ .Inner }}</details>{{/* .Get 0 */}}"})
    ran = blog.run("new", "2026-02-27", "--sample")
    assert ran.code == 0
    assert "loses the label" in ran.err


def test_without_a_zone_the_date_is_not_in_the_future(tmp_path: Path) -> None:
    """At seven in Japan a bare date is still to come for Hugo: the post then carries the time with its offset."""
    blog = _site(tmp_path, BASE)
    text = _new(blog).read_text(encoding="utf-8")
    assert "\ndate: 2026-02-27T07:01:00+09:00\n" in text
    public = blog.home / "public"
    subprocess.run(
        [hugo_program(), "-s", str(blog.root), "-d", str(public), "-D", "--clock", "2026-02-27T07:03:00+09:00"],
        env=blog.environ(), check=True, capture_output=True,
    )  # fmt: skip
    assert (public / NAME / "index.html").is_file()


def test_an_editor_in_the_configuration_is_not_opened(tmp_path: Path) -> None:
    """newContentEditor would hang or be refused."""
    _new(_site(tmp_path, BASE + 'newContentEditor = "vim"\n'))


def test_a_base_url_with_a_path(tmp_path: Path) -> None:
    """The proof finds the page there, too."""
    _new(_site(tmp_path, 'baseURL = "https://e.org/sub/path/"\n'))


def test_the_configuration_file_can_be_named(tmp_path: Path) -> None:
    """--config is handed on to Hugo."""
    files = {"other.toml": BASE + "[params.llmpapers]\ncount = 1\n"}
    blog = _site(tmp_path, BASE, files)
    assert blog.run("new", "--sample", "--print", "--config", "other.toml").out.count("**arXiv ID**") == 1


@pytest.mark.parametrize(
    ("name", "config"),
    [
        (
            "hugo.toml",
            BASE + "[params.llmpapers]\nfigures = false # none, please\n[params.other]\nfigureCredit = false\n",
        ),
        (
            "hugo.yaml",
            "baseURL: https://e.org/\nparams:\n  llmpapers:\n    figures: false\n  theme:\n    figureCredit: false\n    count: 0\n",
        ),
    ],
)
def test_an_older_hugo_leaves_out_what_is_false(tmp_path: Path, name: str, config: str) -> None:
    """Until 0.141 `hugo config` cannot print zeros; then the file's own line counts."""
    blog = _site(tmp_path, config, name=name)
    older = tmp_path / "older" / "hugo"
    older.parent.mkdir()
    older.write_text(
        '#!/bin/sh\nfor a in "$@"; do if [ "$a" = --printZero ]; then echo "Error: unknown flag: --printZero"; exit 1; fi; done\n'
        f'exec "{hugo_program()}" "$@"\n',
        encoding="utf-8",
    )
    older.chmod(0o755)
    environ = {"PATH": f"{older.parent}:{blog.environ()['PATH']}"}
    ran = blog.run("new", "2026-02-27", "--sample", environ=environ)
    assert ran.code == 0, ran.err
    assert [p.name for p in Path(ran.out.strip()).parent.iterdir()] == ["index.md"]

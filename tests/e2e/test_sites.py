"""What a site may ask of us beyond its shape: translations beside each other, files of its owner's, an older Hugo."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.shapes import BASE, POST, make_site
from tests.tool import Blog, hugo_program


def _site(folder: Path, config: str, files: dict[str, str] | None = None, name: str = "hugo.toml") -> Blog:
    """A small site with these files, where a sample is a draft, as in anybody's."""
    return make_site(folder / "blog", {name: config, **(files or {})})


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
    assert "shows no page of the post" not in ran.err, ran.err
    return Path(ran.out.strip())


def test_several_languages_by_folder(tmp_path: Path) -> None:
    """The post goes into its own language's folder, not into one that Hugo does not look at."""
    config = BASE + (
        'defaultContentLanguage = "en"\n[languages.en]\ncontentDir = "content/en"\n[languages.ja]\ncontentDir = "content/ja"\n'
    )
    blog = _site(
        tmp_path, config, {"content/en/a.md": "---\ntitle: a\n---\n", "content/ja/a.md": "---\ntitle: a\n---\n"}
    )
    path = _new(blog, "--language", "ja")
    assert path == blog.root / "content" / "ja" / "posts" / POST / "index.md"
    again = blog.run("new", "2026-02-27", "--sample", "--language", "ja", "--force")
    assert f"URL: https://e.org/ja/{POST}/" in again.err
    assert (_built(blog) / "ja" / POST / "paper_1.png").is_file()
    english = _new(blog)  # its url is the Japanese post's, too, and that is another page
    assert english == blog.root / "content" / "en" / "posts" / POST / "index.md"
    before = english.read_bytes()
    _new(blog, "--language", "ja", "--force")
    assert english.read_bytes() == before


def test_translations_beside_each_other_are_kept(tmp_path: Path) -> None:
    """The second language joins the bundle with the same pictures, and writing one of them again leaves the other alone."""
    config = BASE + 'defaultContentLanguage = "en"\n[languages.en]\nweight = 1\n[languages.ja]\nweight = 2\n'
    blog = _site(tmp_path, config)
    english = _new(blog)
    japanese = _new(blog, "--language", "ja")
    assert english.parent == japanese.parent
    before = english.read_bytes()
    names = ["index.ja.md", "index.md", *(f"paper_{n}.png" for n in range(1, 6))]
    assert sorted(p.name for p in english.parent.iterdir()) == names
    _new(blog, "--language", "ja", "--force")
    assert sorted(p.name for p in english.parent.iterdir()) == names
    assert english.read_bytes() == before


def test_what_waits_in_the_bundles_folder_is_kept(tmp_path: Path) -> None:
    """A cover that was put there before the post."""
    blog = _site(tmp_path, BASE)
    folder = blog.root / "content" / "posts" / POST
    folder.mkdir(parents=True)
    (folder / "cover.jpg").write_bytes(b"jpg")
    assert (_new(blog).parent / "cover.jpg").read_bytes() == b"jpg"


def test_a_wrong_setting_of_an_environment_is_found_in_its_file(tmp_path: Path) -> None:
    """The file and the line where it stands."""
    files = {"config/production/params.yaml": "llmpapers:\n  count: 2\n  windowDays: soon\n"}
    blog = _site(tmp_path, BASE, files, name="config/_default/hugo.toml")
    ran = blog.run("new", "--sample")
    assert ran.code == 3
    assert "params.yaml:3" in ran.err


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

"""`init` adds what a site is missing, so that posts are shown, and changes nothing else."""

from __future__ import annotations

import html
import json
import os
import subprocess
from pathlib import Path

import pytest

from hugo_llmpapers.post.placement import WORKFLOW
from hugo_llmpapers.setup.init import WORKFLOW_PACKAGES
from tests.conftest import ROOT
from tests.tool import CLOCK, COMMAND, Blog, Result, hugo_program

LAYOUTS = {
    "layouts/_default/single.html": "<html><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>",
    "layouts/_default/list.html": "<html><body>{{ range .Site.RegularPages }}{{ .Title }}{{ end }}</body></html>",
    "layouts/index.html": "<html><body>home</body></html>",
}
NAME = "llm-papers-sample-2026-02-27"
BASE = 'baseURL = "https://e.org/"\ntitle = "mine"\n'
JAPANESE = BASE + 'languageCode = "ja-jp"\ntimeZone = "Asia/Tokyo"\n'
POST = {"yaml": "---\ntitle: a\n---\n", "toml": "+++\ntitle = 'a'\n+++\n", "json": '{\n"title": "a"\n}\n'}


def site(folder: Path, config: str, files: dict[str, str] | None = None, name: str = "hugo.toml") -> Blog:
    """Return a small site with these files, in git."""
    blog = Blog(folder / "blog", folder)
    for path, text in {**LAYOUTS, name: config, **(files or {})}.items():
        (blog.root / path).parent.mkdir(parents=True, exist_ok=True)
        (blog.root / path).write_bytes(text.encode())
    (blog.root / "content").mkdir(exist_ok=True)
    git(blog, "init", "--quiet")
    git(blog, "add", ".")
    git(blog, "-c", "user.name=t", "-c", "user.email=t@e.org", "commit", "--quiet", "-m", "site")
    return blog


def git(blog: Blog, *args: str) -> str:
    """Run git in the site and return what it prints."""
    done = subprocess.run(
        ["git", "-C", str(blog.root), *args], env=blog.environ(), check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def changed(blog: Blog) -> set[str]:
    """Return the files that are new or changed according to git."""
    return {line[3:] for line in git(blog, "status", "--porcelain", "--untracked-files=all").splitlines()}


def action(ran: Result, what: str) -> str:
    """Return the action for a kind of file in the output of a run with --json."""
    return str(next(file["action"] for file in ran.json()["files"] if file["what"] == what))


def built(blog: Blog) -> Path:
    """Build the site with drafts, as the sample is one, and return the folder."""
    public = blog.home / "public"
    command = [hugo_program(), "-s", str(blog.root), "-d", str(public), "-D", "--clock", "2026-02-27T08:00:00+09:00"]
    subprocess.run(command, env=blog.environ(), check=True, capture_output=True)
    return public


def initialized(blog: Blog) -> set[str]:
    """Run init, check that it writes what its plan shows and nothing the second time, and return the files."""
    planned = blog.run("init", "--json")
    assert planned.code == 0, planned.err
    assert changed(blog) == set(), "a plan writes nothing"
    ran = blog.run("init", "--yes", "--json")
    assert ran.code == 0, ran.err
    announced = {file["path"] for file in ran.json()["files"] if file["written"]}
    assert announced == {file["path"] for file in planned.json()["files"] if file["diff"]}
    assert announced == changed(blog)
    before = blog.fingerprint()
    again = blog.run("init", "--yes", "--json")
    assert (again.code, again.json()["status"]) == (0, "unchanged")
    assert blog.fingerprint() == before
    return announced


def round_trip(blog: Blog, label: str) -> str:
    """Run init and new, check that the built page shows the whole post, and return the post's Markdown."""
    announced = initialized(blog)
    made = blog.run("new", "2026-02-27", "--sample")
    assert made.code == 0, made.err
    assert "shows no page of the post" not in made.err
    assert "loses the label" not in made.err
    page = built(blog) / NAME / "index.html"
    text = html.unescape(page.read_text(encoding="utf-8"))
    assert text.count(f"<summary>{label}</summary>") == 5
    assert sorted(path.name for path in page.parent.glob("*.png")) == [f"paper_{n}.png" for n in range(1, 6)]
    path = Path(made.out.strip())
    assert changed(blog) == announced | {p.relative_to(blog.root).as_posix() for p in path.parent.iterdir()}
    return path.read_text(encoding="utf-8")


def test_a_japanese_site_in_toml(tmp_path: Path) -> None:
    """Archetype, settings, tasks, and a .gitignore for generated files."""
    blog = site(tmp_path, JAPANESE, {"content/posts/a.md": POST["yaml"]})
    text = round_trip(blog, "原文Abstract")
    assert text.startswith('---\ntitle: "LLM論文サーベイ（2026-02-27）"\n')
    assert git(blog, "diff", "hugo.toml").count("\n+") == 14 and git(blog, "diff", "hugo.toml").count("\n-") == 1
    assert (blog.root / ".gitignore").read_text(encoding="utf-8") == "/public/\n/resources/_gen/\n/.hugo_build.lock\n"
    tasks = json.loads((blog.root / ".vscode" / "tasks.json").read_text(encoding="utf-8"))["tasks"]
    assert [task["label"].removeprefix("LLM papers: ") for task in tasks] == [
        "new", "serve", "new and serve", "refresh", "doctor",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "config", "files"),
    [
        ("hugo.yaml", "baseURL: https://e.org/\nparams:\n  a: 1 # mine\nmenus: {}\n", {}),
        ("config.yml", "baseURL: https://e.org/\n", {}),
        ("hugo.json", '{"baseURL": "https://e.org/"}', {}),
        ("config/_default/hugo.toml", BASE, {"config/_default/params.toml": "a = 1\n"}),
        ("config/_default/config.yaml", "baseURL: https://e.org/\n", {"config/_default/params.yaml": "a: 1\n"}),
        ("config/_default/hugo.toml", BASE, {"config/_default/menus.toml": ""}),
        ("config.toml", BASE.replace("\n", "\r\n"), {}),
        ("hugo.toml", BASE + 'theme = "t"\n', {"themes/t/hugo.toml": "[params]\na = 1\n"}),
    ],
    ids=["yaml", "yaml without params", "json", "params.toml", "params.yaml", "folder", "windows", "theme's settings"],
)
def test_settings_in_every_kind_of_configuration(tmp_path: Path, name: str, config: str, files: dict[str, str]) -> None:
    """Hugo reads the settings as soon as the comment signs are removed."""
    blog = site(tmp_path, config, files, name=name)
    initialized(blog)
    ran = blog.run("init", "--json")
    path = blog.root / next(file["path"] for file in ran.json()["files"] if file["what"] == "settings")
    if name == "hugo.json":
        assert action(ran, "settings") == "manual"
        assert '"llmpapers": {' in ran.json()["files"][2]["snippet"]
        return
    text = path.read_bytes().decode()
    assert (b"\r\n" in path.read_bytes()) == ("\r" in config)
    on = [line.replace("# ", "", 1) if "params" in line or "llmpapers:" in line else line for line in text.splitlines()]
    on = [line.replace("# ", "", 1).replace("5", "2", 1) if "count" in line else line for line in on]
    on = [line.replace("# [llmpapers]", "[llmpapers]") for line in on]
    path.write_text("\n".join(on) + "\n", encoding="utf-8")
    ran = blog.run("new", "2026-02-26", "--sample", "--dry-run", "--json")
    assert len(ran.json()["papers"]) == 2, (path.read_text(encoding="utf-8"), ran.err)


@pytest.mark.parametrize(
    ("name", "config", "files"),
    [
        ("hugo.yaml", "baseURL: https://e.org/\nparams:\n  a: 1\n", {}),
        ("hugo.json", '{"baseURL": "https://e.org/"}', {}),
        ("config/_default/hugo.toml", BASE, {"config/_default/params.toml": "a = 1\n"}),
    ],
    ids=["yaml", "json", "folder"],
)
def test_an_english_site_in_other_formats(tmp_path: Path, name: str, config: str, files: dict[str, str]) -> None:
    """From a bare site to a post that is shown."""
    assert round_trip(site(tmp_path, config, files, name=name), "Abstract").startswith('---\ntitle: "LLM Paper Survey')


@pytest.mark.parametrize(("kind", "opening"), [("toml", "+++\n"), ("json", "{\n")])
def test_the_front_matter_is_in_the_format_of_the_other_posts(tmp_path: Path, kind: str, opening: str) -> None:
    """Hugo reads title, date and url from each."""
    blog = site(tmp_path, JAPANESE, {"content/posts/a.md": POST[kind]})
    text = round_trip(blog, "原文Abstract")
    assert text.startswith(opening)
    # Hugo reads it: the post stands at its url (see above) and is found again by it.
    again = blog.run("new", "2026-02-27", "--sample")
    assert "already exists" in again.err


def test_a_new_site_uses_the_format_of_its_archetype(tmp_path: Path) -> None:
    """`hugo new site` creates one in TOML."""
    blog = site(tmp_path, BASE, {"archetypes/default.md": "+++\ndate = '{{ .Date }}'\ndraft = true\n+++\n"})
    initialized(blog)
    assert '\n+++\ntitle = "LLM Paper Survey' in (blog.root / "archetypes" / "llm-papers.md").read_text(
        encoding="utf-8"
    )


def test_a_positional_shortcode_of_the_theme_is_enough(tmp_path: Path) -> None:
    """No other is written."""
    template = "<details><summary>{{ .Get 0 }}</summary>{{ .Inner | markdownify }}</details>"
    files = {"themes/t/layouts/shortcodes/details.html": template}
    blog = site(tmp_path, JAPANESE + 'theme = "t"\n', files)
    assert '{{< details "原文Abstract" >}}' in round_trip(blog, "原文Abstract")
    assert not (blog.root / "layouts" / "shortcodes").exists()


def test_an_older_hugo_without_a_shortcode_gets_one(tmp_path: Path) -> None:
    """Hugo before 0.140 has none; here only its version is old."""
    blog = site(tmp_path, JAPANESE)
    older = tmp_path / "older" / "hugo"
    older.parent.mkdir()
    say = 'if [ "$1" = version ]; then echo "hugo v0.131.0 linux/amd64"; exit 0; fi'
    older.write_text(f'#!/bin/sh\n{say}\nexec "{hugo_program()}" "$@"\n', encoding="utf-8")
    older.chmod(0o755)
    environ = {"PATH": f"{older.parent}:{blog.environ()['PATH']}"}
    assert blog.run("init", "--yes", environ=environ).code == 0
    assert "layouts/shortcodes/details.html" in changed(blog)
    ran = blog.run("new", "2026-02-27", "--sample", environ=environ)
    assert '{{< details "原文Abstract" >}}' in Path(ran.out.strip()).read_text(encoding="utf-8")
    (blog.root / "content" / "b.md").write_text(
        '---\ntitle: b\n---\n{{< details summary="N" >}}\n* i\n{{< /details >}}\n{{< details "P" />}}\n',
        encoding="utf-8",
    )
    public = built(blog)
    text = html.unescape((public / NAME / "index.html").read_text(encoding="utf-8"))
    assert text.count("<summary>原文Abstract</summary>") == 5
    other = (public / "b" / "index.html").read_text(encoding="utf-8")
    assert "<summary>N</summary>" in other and "<li>i</li>" in other and "<summary>P</summary>" in other


@pytest.mark.parametrize(
    ("template", "entry"),
    [
        (
            '{{ with .Params.cover.image }}<img id="c" src="{{ ($.Resources.GetMatch .).RelPermalink }}">{{ end }}',
            'cover:\n  image: "paper_1.png"\n',
        ),
        (
            '{{ with .Params.featuredImage }}<img id="c" src="{{ . | relURL }}">{{ end }}',
            f'featuredImage: "{NAME}/paper_1.png"\n',
        ),
        (
            '{{ range .Params.images }}<img id="c" src="{{ ($.Resources.GetMatch .).RelPermalink }}">{{ end }}',
            'images: ["paper_1.png"]\n',
        ),
    ],
    ids=["nested", "an address", "a list"],
)
def test_the_themes_cover_can_be_switched_on(tmp_path: Path, template: str, entry: str) -> None:
    """By deleting two lines of the archetype."""
    layout = LAYOUTS["layouts/_default/single.html"].replace("{{ .Content }}", template + "{{ .Content }}")
    blog = site(tmp_path, JAPANESE + 'theme = "t"\n', {"themes/t/layouts/_default/single.html": layout})
    (blog.root / "layouts" / "_default" / "single.html").unlink()
    assert blog.run("init", "--yes").code == 0
    archetype = blog.root / "archetypes" / "llm-papers.md"
    lines = archetype.read_text(encoding="utf-8").splitlines(keepends=True)
    head = next(n for n, line in enumerate(lines) if line.startswith("{{- /* t "))
    end = next(n for n, line in enumerate(lines) if n > head and line.endswith("*/}}\n"))
    del lines[end], lines[head]
    archetype.write_text("".join(lines), encoding="utf-8")
    ran = blog.run("new", "2026-02-27", "--sample")
    assert entry in Path(ran.out.strip()).read_text(encoding="utf-8"), ran.err
    page = (built(blog) / NAME / "index.html").read_text(encoding="utf-8")
    assert f'<img id="c" src="/{NAME}/paper_1.png">' in page


def test_a_theme_that_needs_page_bundles(tmp_path: Path) -> None:
    """The entry is not a comment, as pictures would not be shown without it."""
    hook = '{{ if .Page.Params.usePageBundles }}<img src="{{ .Destination }}">{{ else }}<img src="/images/none.png">{{ end }}'
    blog = site(tmp_path, JAPANESE + 'theme = "t"\n', {"themes/t/layouts/_default/_markup/render-image.html": hook})
    assert "\nusePageBundles: true\n" in round_trip(blog, "原文Abstract")
    assert 'src="/images/none.png"' not in (built(blog) / NAME / "index.html").read_text(encoding="utf-8")


def test_each_language_gets_its_archetype(tmp_path: Path) -> None:
    """An English post does not use the Japanese archetype."""
    config = BASE + (
        'defaultContentLanguage = "ja"\n[languages.ja]\ncontentDir = "content/ja"\n[languages.en]\ncontentDir = "content/en"\n'
        '[languages.fr]\ncontentDir = "content/fr"\n'
    )
    files = {f"content/{key}/a.md": POST["toml"] for key in ("ja", "en", "fr")}
    blog = site(tmp_path, config, files)
    assert round_trip(blog, "原文Abstract").startswith('+++\ntitle = "LLM論文サーベイ')
    names = ["llm-papers.en.md", "llm-papers.fr.md", "llm-papers.md"]
    assert sorted(p.name for p in (blog.root / "archetypes").iterdir()) == names
    english = Path(blog.run("new", "2026-02-27", "--sample", "--language", "en").out.strip())
    assert english.is_relative_to(blog.root / "content" / "en")
    assert english.read_text(encoding="utf-8").startswith('+++\ntitle = "LLM Paper Survey')


def test_mounted_archetypes(tmp_path: Path) -> None:
    """If a site mounts its archetypes from another folder, ours goes there."""
    mounts = "".join(
        f'[[module.mounts]]\nsource = "{source}"\ntarget = "{target}"\n'
        for source, target in [("content", "content"), ("kinds", "archetypes"), ("layouts", "layouts")]
    )
    blog = site(tmp_path, JAPANESE + mounts)
    round_trip(blog, "原文Abstract")
    assert (blog.root / "kinds" / "llm-papers.md").is_file()


def test_our_example_site_is_only_missing_the_tasks(blog: Blog) -> None:
    """It has everything else that init adds."""
    ran = blog.run("init", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert [file["path"] for file in ran.json()["files"] if file["written"]] == [".vscode/tasks.json"]


def test_existing_tasks_and_gitignore_are_extended(tmp_path: Path) -> None:
    """Comments, trailing commas and line ends are kept, and nothing is ignored twice."""
    tasks = '{\r\n\t// mine\r\n\t"version": "2.0.0",\r\n\t"tasks": [\r\n\t\t{ "label": "a" }, // b\r\n\t],\r\n}\r\n'
    blog = site(tmp_path, JAPANESE, {".vscode/tasks.json": tasks, ".gitignore": "public\n.env"})
    assert blog.run("init", "--yes").code == 0
    removed = [
        line for line in git(blog, "diff", "--", ".vscode").splitlines() if line[:1] == "-" and line[:3] != "---"
    ]
    assert removed == []
    assert b"\n" not in (blog.root / ".vscode" / "tasks.json").read_bytes().replace(b"\r\n", b"")
    ignored = (blog.root / ".gitignore").read_text(encoding="utf-8")
    assert ignored == "public\n.env\n/resources/_gen/\n/.hugo_build.lock\n"


def test_a_committed_public_folder_is_not_ignored(tmp_path: Path) -> None:
    """Some sites are published from it."""
    blog = site(tmp_path, JAPANESE, {"public/index.html": "x", ".gitignore": ".hugo_build.lock\nresources/\n"})
    assert not [file for file in blog.run("init", "--json").json()["files"] if file["what"] == "gitignore"]


def test_a_cache_within_the_site_is_ignored(tmp_path: Path) -> None:
    """The owner has set cacheDir to a folder of the site."""
    blog = site(tmp_path, JAPANESE + '[params.llmpapers]\ncacheDir = ".cache/llm"\n', {".gitignore": "public/\n"})
    assert blog.run("init", "--yes").code == 0
    assert (blog.root / ".gitignore").read_text(encoding="utf-8").endswith("/.cache/llm/llmpapers/\n")


def test_without_git_there_is_no_gitignore(tmp_path: Path) -> None:
    """Nothing is written for a site that is not in git."""
    root = tmp_path / "blog"
    root.mkdir()
    (root / "hugo.toml").write_text(BASE, encoding="utf-8")
    ran = Blog(root, tmp_path).run("init", "--yes")
    assert ran.code == 0, ran.err
    assert not (root / ".gitignore").exists()


def test_the_plan_is_a_complete_patch(tmp_path: Path) -> None:
    """On stdout, for git apply; without a terminal nothing is written, and --yes is mentioned."""
    blog = site(tmp_path, JAPANESE)
    for args in ((), ("--dry-run",)):
        ran = blog.run("init", *args)
        assert ran.code == 0
        assert changed(blog) == set()
        assert "--yes" in ran.err
    patch = tmp_path / "p.patch"
    patch.write_text(ran.out, encoding="utf-8")
    git(blog, "apply", "--exclude=nothing", str(patch))
    by_git = {name: (blog.root / name).read_bytes() for name in changed(blog)}
    git(blog, "checkout", "--quiet", ".")
    git(blog, "clean", "--quiet", "-fd")
    assert blog.run("init", "--yes").code == 0
    assert {name: (blog.root / name).read_bytes() for name in changed(blog)} == by_git


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo terminal")
@pytest.mark.parametrize(("answer", "writes"), [(b"y\n", True), (b"\n", False), (b"n\n", False), (b"\x04", False)])
def test_at_a_terminal_it_asks(tmp_path: Path, answer: bytes, writes: bool) -> None:
    """On stderr; anything but yes is a no."""
    import pty

    blog = site(tmp_path, JAPANESE)
    terminal, end = pty.openpty()
    os.write(terminal, answer)
    command = [str(COMMAND), "init", "--source", str(blog.root), "--clock", CLOCK]
    done = subprocess.run(
        command, env=blog.environ(), stdin=end, stdout=subprocess.PIPE, stderr=end, timeout=60, check=False
    )
    said = os.read(terminal, 65536).decode()
    os.close(end)
    os.close(terminal)
    assert done.returncode == 0
    assert "[y/N]" in said
    assert ("hugo server" in said) is writes
    assert bool(changed(blog)) is writes


def test_the_workflow_on_request(tmp_path: Path) -> None:
    """Only with --github; an existing one is kept."""
    blog = site(tmp_path, JAPANESE)
    assert blog.run("init", "--yes").code == 0
    assert not (blog.root / WORKFLOW).exists()
    ran = blog.run("init", "--yes", "--github")
    assert ran.code == 0, ran.err
    assert "ANTHROPIC_API_KEY" in ran.out
    for name in (WORKFLOW, WORKFLOW_PACKAGES):
        assert (blog.root / name).read_bytes() == (ROOT / "hugo-example" / name).read_bytes()
    (blog.root / WORKFLOW).write_text("name: mine\n", encoding="utf-8")
    assert action(blog.run("init", "--yes", "--github", "--json"), "workflow") == "unchanged"
    assert (blog.root / WORKFLOW).read_text(encoding="utf-8") == "name: mine\n"


def test_the_workflow_of_a_site_below_its_repository(tmp_path: Path) -> None:
    """GitHub would not find it there; the remedy says where it belongs and what it needs."""
    blog = site(tmp_path, JAPANESE)
    below = Blog(blog.root / "web" / "site", tmp_path)
    below.root.mkdir(parents=True)
    (below.root / "hugo.toml").write_text(BASE, encoding="utf-8")
    ran = below.run("init", "--yes", "--github", "--json")
    assert ran.code == 0, ran.err
    files = [file for file in ran.json()["files"] if file["what"].startswith("workflow")]
    assert [(file["path"], file["action"], file["written"]) for file in files] == [
        (WORKFLOW, "manual", False), (WORKFLOW_PACKAGES, "manual", False),
    ]  # fmt: skip
    assert str(blog.root) in files[0]["reason"]
    assert "`SITE: web/site` and `CONTENT: web/site/content`" in files[0]["remedy"]
    for file in files:
        assert Path(file["remedy"].split()[1]).is_file()
    assert not list(tmp_path.rglob("llm-papers.yml"))

"""What a theme, a pull request and an unlucky setting can do to the owner's files, keys and money. Runs end to end."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from hugo_llmpapers.web.cache_folder import MARKER
from tests.conftest import DAY
from tests.e2e.test_new_fails import assert_clear
from tests.tool import Blog
from tests.upstream import Upstream, serving

ANSWER = "0123456789abcdef0123456789abcdef"
OWNERS = ("pdf/2024/paper.pdf", f"pdf/ab/{ANSWER}", "http/index.html", "summary/of/the-year.md")
QUICK = {"HUGO_PARAMS_LLMPAPERS_COUNT": "1", "HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}
KEYS = {"ANTHROPIC_API_KEY": "sk-ant-hush-1", "S2_API_KEY": "s2-hush-2", "HF_TOKEN": "hf_hush_3"}
posix = pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")


def _set(blog: Blog, lines: str, *, on_top: str = "") -> None:
    """Further lines in the site's own settings."""
    file = blog.root / "hugo.toml"
    text = file.read_text(encoding="utf-8").replace("[params.llmpapers]\n", f"[params.llmpapers]\n{lines}\n", 1)
    file.write_text(f"{on_top}\n{text}", encoding="utf-8")


def _theme(blog: Blog, text: str) -> None:
    """A theme whose own configuration says this."""
    folder = blog.root / "themes" / "stranger"
    folder.mkdir(parents=True)
    (folder / "hugo.toml").write_text(text, encoding="utf-8")
    _set(blog, "", on_top='theme = "stranger"')


def _old_files(folder: Path) -> dict[str, bytes]:
    """What its owner has had there for years."""
    for name in OWNERS:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b'{"at": "2024-01-01T00:00:00+00:00"}\nmine')
        os.utime(folder / name, (1.6e9, 1.6e9))
    return _files(folder)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _without_endpoints(upstream: Upstream, *names: str) -> dict[str, str]:
    """The variables of the loopback services, but for these."""
    left_out = {f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{name.upper()}" for name in names}
    return {name: value for name, value in upstream.environ().items() if name not in left_out}


@pytest.mark.parametrize("command", [("new",), ("cache", "clear"), ("cache", "forget", "2024-01-01")])
def test_a_cache_among_the_sites_files_is_refused(blog: Blog, upstream: Upstream, command: tuple[str, ...]) -> None:
    """And nothing there is deleted, whatever its name."""
    before = _old_files(blog.root / "static")
    _set(blog, 'cacheDir = "static"')
    ran = blog.run(*command, environ=upstream.environ())
    assert_clear(ran, 3, "static", "cacheDir")
    assert {name: content for name, content in _files(blog.root / "static").items() if name in OWNERS} == {
        name: content for name, content in before.items() if name in OWNERS
    }
    assert upstream.journal == []


def test_a_cache_beside_the_owners_files_leaves_them_alone(blog: Blog, upstream: Upstream) -> None:
    """Ours is a folder with a marker below it; it is all that a run, and clearing, touch."""
    mine = blog.home / "mine"
    before = _old_files(mine)
    _set(blog, f"cacheDir = '{mine}'")
    environ = upstream.environ() | QUICK
    assert blog.run("new", environ=environ).code == 0
    assert (mine / "llmpapers" / MARKER).is_file()
    assert blog.run("cache", "path").out.strip() == str(mine / "llmpapers")
    assert blog.run("cache", "clear").code == 0
    assert blog.run("cache", "info").out == "empty\n"
    assert {name: text for name, text in _files(mine).items() if not name.startswith("llmpapers/")} == before


def test_a_folder_of_that_name_which_is_not_ours_is_not_touched(blog: Blog, upstream: Upstream) -> None:
    """Such as a person's own notes on papers; `doctor` says so beforehand."""
    mine = blog.home / "mine"
    before = _old_files(mine / "llmpapers" / "2024")
    _set(blog, f"cacheDir = '{mine}'")
    assert_clear(blog.run("new", environ=upstream.environ()), 3, str(mine / "llmpapers"), "cacheDir")
    assert_clear(blog.run("cache", "clear"), 3, str(mine / "llmpapers"), "cacheDir")
    findings = blog.run("doctor", "--json", environ=upstream.environ()).json()["findings"]
    assert any("is not a cache of this tool" in (one["problem"] or "") for one in findings)
    assert _files(mine / "llmpapers" / "2024") == before


@posix
@pytest.mark.parametrize("linked", ["pace/arxiv.json", "pace", "http"])
def test_a_link_in_a_cache_that_came_with_the_site_leads_nowhere(blog: Blog, upstream: Upstream, linked: str) -> None:
    """A pull request can bring the folder, marker and all."""
    ours, outside = blog.root / "kept" / "llmpapers", blog.home / "outside"
    _set(blog, 'cacheDir = "kept"')
    assert blog.run("new", environ=upstream.environ() | QUICK).code == 0
    shutil.rmtree(blog.post())
    before = _old_files(outside)
    if (ours / linked).is_dir():
        shutil.rmtree(ours / linked)
        (ours / linked).symlink_to(outside)
    else:
        (ours / linked).unlink()
        (ours / linked).symlink_to(outside / OWNERS[0])
    ran = blog.run("new", environ=upstream.environ() | QUICK)
    assert "Traceback" not in ran.err
    assert _files(outside) == before


def test_what_an_earlier_version_kept_is_found(blog: Blog, upstream: Upstream) -> None:
    """Its kept posts come back, what was paid for is not paid for again, and its files stay where they are."""
    environ = upstream.environ() | QUICK | {"CI": "true", "HUGO_PARAMS_LLMPAPERS_CATCHUP": "0"}
    kept = blog.home / "kept"
    _set(blog, f"cacheDir = '{kept}'")
    assert blog.run("prebuild", environ=environ).code == 0
    paid = len(upstream.asked("claude"))
    assert paid == 1
    for folder in (kept / "llmpapers").iterdir():
        shutil.move(folder, kept / folder.name)
    (kept / MARKER).unlink()
    (kept / "llmpapers").rmdir()
    shutil.rmtree(blog.post())
    before = _files(kept)
    ran = blog.run("prebuild", environ=environ)
    assert ran.code == 0 and "brought back" in ran.err, ran.err
    assert blog.run("new", "--force", environ=environ).code == 0
    assert len(upstream.asked("claude")) == paid
    assert {name: text for name, text in _files(kept).items() if not name.startswith("llmpapers/")} == before


def test_a_theme_cannot_pay_delete_or_send(blog: Blog, upstream: Upstream) -> None:
    """What it sets of that kind does not count, which is said once for each; what does no harm counts."""
    documents = blog.home / "Documents"
    before = _old_files(documents)
    with serving(DAY) as elsewhere:
        _theme(
            blog,
            "[params.llmpapers]\ncacheDir = '~/Documents'\nmaxCost = 99\nmodel = 'claude-fable-5'\ncount = 9\nfutureSetting = 1\n"
            f"archetype = 'theirs'\n[params.llmpapers.endpoints]\nhuggingface = '{elsewhere.url}'\nsemanticscholar = '{elsewhere.url}'\n",
        )
        archetypes = blog.root / "themes" / "stranger" / "archetypes"
        archetypes.mkdir()
        shutil.copyfile(blog.root / "archetypes" / "llm-papers.md", archetypes / "theirs.md")
        environ = _without_endpoints(upstream, "huggingface", "semanticscholar") | KEYS
        ran = blog.run("new", "--no-figures", environ=environ)
        doctor = blog.run("doctor", "--json", environ=environ).json()["findings"]
        assert elsewhere.journal == []
    assert ran.code == 0, ran.err
    assert _files(documents) == before
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert text.count("**arXiv ID**") == 5
    assert all("claude-fable-5" not in str(row["body"]) for row in upstream.asked("claude"))
    parts = ("endpoints.huggingface", "endpoints.semanticscholar")
    refused = ("cacheDir", "maxCost", "model", "count", "futuresetting", *parts)
    for name in refused:
        assert ran.err.count(f"params.llmpapers.{name} is set by a theme or module") == 1, name
        assert any(f"params.llmpapers.{name} is set" in (one["problem"] or "") for one in doctor), name
    sources = {one["name"]: one["why"] for one in doctor if one["group"] == "settings" and one["problem"] is None}
    assert (sources["archetype"], sources["model"]) == ("a theme or module", "default")


def test_a_theme_cannot_outbid_the_owner(blog: Blog, upstream: Upstream) -> None:
    """By settings for the post's language, which Hugo prefers to the site's general ones; the site needs its theme."""
    file = blog.root / "hugo.toml"
    text = file.read_text(encoding="utf-8")
    language = "en" if 'defaultContentLanguage = "en"' in text else "ja"
    _theme(
        blog,
        f"[outputFormats.Search]\nmediaType = 'application/json'\n[languages.{language}.params.llmpapers]\n"
        "count = 9\nmaxCost = 50\nmodel = 'claude-fable-5'\n",
    )
    _set(blog, "count = 1\nmaxCost = 0.4\nmodel = 'claude-haiku-4-5'", on_top="")
    text = file.read_text(encoding="utf-8")
    file.write_text(
        f"{text}\n[languages.{language}]\nweight = 1\n[outputs]\nhome = ['HTML', 'Search']\n", encoding="utf-8"
    )
    (blog.root / "config.toml").write_text("[params.llmpapers]\neffort = 'max'\n", encoding="utf-8")
    ran = blog.run("new", "--no-figures", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert (blog.post() / "index.md").read_text(encoding="utf-8").count("**arXiv ID**") == 1
    asked = [str(row["body"]) for row in upstream.asked("claude")]
    assert asked and all("claude-haiku-4-5" in body and "claude-fable-5" not in body for body in asked)


@pytest.mark.parametrize("file", ["hugo.toml", "config/_default/params.yaml"])
def test_the_owner_may_set_the_same(blog: Blog, upstream: Upstream, file: str) -> None:
    """Wherever Hugo reads the site's own configuration from, and although there is a theme."""
    _theme(blog, "[params.llmpapers]\nmaxCost = 99\ncount = 4\n")
    if file == "hugo.toml":
        _set(blog, "count = 2\ncacheDir = '.kept'")
    else:
        (blog.root / file).parent.mkdir(parents=True)
        (blog.root / file).write_text("llmpapers:\n  count: 2\n  cacheDir: .kept\n", encoding="utf-8")
    ran = blog.run("new", "--no-figures", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert (blog.root / ".kept" / "llmpapers").is_dir()
    assert (blog.post() / "index.md").read_text(encoding="utf-8").count("**arXiv ID**") == 2
    assert "count is set by a theme" not in ran.err and "maxCost is set by a theme" in ran.err
    again = blog.run("new", "--no-figures", environ=upstream.environ())
    assert "theme" not in again.err


def test_an_endpoint_in_a_file_gets_no_key(blog: Blog, upstream: Upstream) -> None:
    """The run works without, and says so once; `doctor` shows who gets what. One that the environment names gets it."""
    file = blog.root / "hugo.toml"
    file.write_text(
        f"{file.read_text(encoding='utf-8')}\n[params.llmpapers.endpoints]\nhuggingface = '{upstream.url}'\n",
        encoding="utf-8",
    )
    environ = _without_endpoints(upstream, "huggingface") | KEYS | QUICK
    ran = blog.run("new", environ=environ)
    assert ran.code == 0, ran.err
    assert ran.err.count("HF_TOKEN is not sent: endpoints.huggingface is set in a file") == 1
    assert "HUGO_PARAMS_LLMPAPERS_ENDPOINTS_HUGGINGFACE" in ran.err and "S2_API_KEY is not sent" not in ran.err
    assert upstream.asked("huggingface")
    assert all("hush" not in str(row["headers"]) for row in upstream.asked("huggingface"))
    assert all("s2-hush-2" in str(row["headers"]) for row in upstream.asked("semanticscholar"))
    found = {one["name"]: one for one in blog.run("doctor", "--json", environ=environ).json()["findings"]}
    assert "set in a file" in found["HF_TOKEN"]["problem"]
    assert found["S2_API_KEY"]["why"] == found["ANTHROPIC_API_KEY"]["why"] == f"sent to {upstream.url}"
    upstream.journal.clear()
    assert blog.run("new", "--force", "--reselect", environ=environ | upstream.environ() | KEYS).code == 0
    assert all("hf_hush_3" in str(row["headers"]) for row in upstream.asked("huggingface"))


def test_a_key_travels_over_no_plain_line_to_another_machine(blog: Blog, upstream: Upstream) -> None:
    """Claude's is refused, the others are held back, before anybody is asked."""
    environ = upstream.environ() | KEYS | QUICK | {"ANTHROPIC_BASE_URL": "http://claude.example"}
    assert_clear(blog.run("new", environ=environ), 3, "plain HTTP", "ANTHROPIC_API_KEY")
    plain = {"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_SEMANTICSCHOLAR": "http://mirror.example"}
    ran = blog.run("new", "--offline", environ=upstream.environ() | KEYS | plain)
    assert "S2_API_KEY is not sent: endpoints.semanticscholar is plain HTTP" in ran.err
    assert upstream.asked("claude") == []


@pytest.mark.parametrize("reader", ["archetype", "layout"])
def test_a_template_cannot_read_keys(blog: Blog, upstream: Upstream, reader: str) -> None:
    """Also where the site lets templates read any variable. What is no key of ours stays to be read."""
    _set(blog, "", on_top="[security.funcs]\ngetenv = ['.*']\n")
    file = blog.root / "hugo.toml"
    text = file.read_text(encoding="utf-8")
    head, rest = text.split("\n\n", 1)
    file.write_text(f"{rest}\n{head}\n", encoding="utf-8")
    names = (*KEYS, "HUGGING_FACE_HUB_TOKEN", "ANTHROPIC_AUTH_TOKEN", "OWNERS_OWN")
    told = " ".join(f'{{{{ getenv "{name}" }}}}' for name in names)
    if reader == "archetype":
        archetype = blog.root / "archetypes" / "llm-papers.md"
        archetype.write_text(f"{archetype.read_text(encoding='utf-8')}\n{told}\n", encoding="utf-8")
    else:
        layout = blog.root / "layouts" / "_default" / "single.html"
        failing = f'{{{{ with getenv "ANTHROPIC_API_KEY" }}}}{{{{ errorf "read %s" . }}}}{{{{ end }}}}{told}'
        layout.write_text(f"{layout.read_text(encoding='utf-8')}\n{failing}\n", encoding="utf-8")
    secrets = KEYS | {"HUGGING_FACE_HUB_TOKEN": "hush-5", "OWNERS_OWN": "readable"}
    ran = blog.run("new", environ=upstream.environ() | secrets | QUICK)
    assert ran.code == 0, ran.err
    post = (blog.post() / "index.md").read_text(encoding="utf-8")
    assert "hush" not in post + ran.err
    assert ("readable" in post) is (reader == "archetype")


@pytest.mark.parametrize("section", ["../../out", "posts/../../../out", ".."])
def test_a_theme_cannot_send_posts_out_of_the_site(blog: Blog, upstream: Upstream, section: str) -> None:
    """By `mainSections`, which Hugo takes from its `params`."""
    file = blog.root / "hugo.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('mainSections = ["posts"]\n', ""), encoding="utf-8")
    _theme(blog, f"[params]\nmainSections = ['{section}']\n")
    before = set(_files(blog.home))
    assert_clear(blog.run("new", environ=upstream.environ()), 3, "mainSections", "section")
    assert set(_files(blog.home)) - before == set()


@posix
@pytest.mark.parametrize("name", ["archetypes/llm-papers.md", "themes/stranger/archetypes/llm-papers.md"])
def test_an_archetype_that_leads_to_another_file_is_refused(blog: Blog, upstream: Upstream, name: str) -> None:
    """It would be published."""
    secret = blog.home / "id_rsa"
    secret.write_text("hush", encoding="utf-8")
    _theme(blog, "")
    (blog.root / "archetypes" / "llm-papers.md").unlink()
    (blog.root / name).parent.mkdir(exist_ok=True)
    (blog.root / name).symlink_to(secret)
    ran = blog.run("new", environ=upstream.environ())
    assert_clear(ran, 3, name, "link")
    assert upstream.asked("claude") == []


def test_a_themes_section_hides_no_kept_post(blog: Blog, upstream: Upstream) -> None:
    """`prebuild` finds what it kept although the theme begins to name another section."""
    environ = upstream.environ() | QUICK | {"CI": "true", "HUGO_PARAMS_LLMPAPERS_CATCHUP": "0"}
    _theme(blog, "")
    assert blog.run("prebuild", environ=environ).code == 0
    post = blog.post()
    shutil.rmtree(post)
    theme = blog.root / "themes" / "stranger" / "hugo.toml"
    theme.write_text("[params.llmpapers]\nsection = 'elsewhere'\n", encoding="utf-8")
    ran = blog.run("prebuild", environ=environ)
    assert ran.code == 0 and "brought back" in ran.err, ran.err
    assert "section is set by a theme" in ran.err and post.is_dir()

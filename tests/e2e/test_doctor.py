"""`doctor` as a command: the findings of a good site, and each problem with its remedy."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.doctor.online import KNOWN_ID
from hugo_llmpapers.site.config.settings import SETTINGS
from tests.tool import Blog, Result, old_hugo
from tests.upstream import Fault, Upstream

FIELDS = {"group", "name", "value", "why", "problem", "remedy", "stops"}
MODEL = (
    '{"type":"model","id":"claude-sonnet-5-5","display_name":"x","created_at":"2026-09-28T00:00:00Z","lifecycle":"%s",'
    '"retires_at":%s}'
)


def _doctor(blog: Blog, *args: str, environ: Mapping[str, str] | None = None, **other: Any) -> dict[str, Any]:
    """Run `doctor --json` and return the document, after checking its exit code and fields."""
    ran = blog.run("doctor", "--json", *args, environ=environ, **other)
    assert "Traceback" not in ran.err
    document: dict[str, Any] = ran.json()
    assert ran.code == document["exit_code"]
    assert all(set(finding) == FIELDS for finding in document["findings"])
    return document


def _problems(document: Mapping[str, Any]) -> list[str]:
    """Return the problems, each with its remedy."""
    wrong = [finding for finding in document["findings"] if finding["problem"]]
    assert all(finding["remedy"] for finding in wrong), "a problem without a remedy"
    return [f"{finding['problem']} {finding['remedy']}" for finding in wrong]


def _one(document: Mapping[str, Any], code: int, *words: str) -> None:
    """Check that there is exactly one problem, with these words."""
    assert document["exit_code"] == code, _problems(document)
    (problem,) = _problems(document)
    for word in words:
        assert word in problem


def _found(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return the finding of a name: `zone`, or with its group `template.archetype`."""
    group, _, rest = name.rpartition(".")
    named = [f for f in document["findings"] if f["name"] == rest and group in ("", f["group"])]
    return dict(named[0])


def _value(document: Mapping[str, Any], name: str) -> Any:
    return _found(document, name)["value"]


def _why(document: Mapping[str, Any], name: str) -> Any:
    return _found(document, name)["why"]


def _configured(blog: Blog, line: str) -> None:
    """Add a line to [params.llmpapers] of the site's configuration."""
    path = blog.root / "hugo.toml"
    text = path.read_text(encoding="utf-8").replace("[params.llmpapers]\n", f"[params.llmpapers]\n{line}\n", 1)
    path.write_text(text, encoding="utf-8")


def _with_front_matter(blog: Blog, line: str) -> None:
    """Add a line to the front matter of the archetype."""
    path = blog.root / "archetypes" / "llm-papers.md"
    text = path.read_text(encoding="utf-8").replace("featured: false\n", f"featured: false\n{line}\n", 1)
    path.write_text(text, encoding="utf-8")


def test_a_good_site_has_no_problems_and_is_not_changed(blog: Blog, upstream: Upstream) -> None:
    """Exit code 0; no request is sent, and no byte of the site or of the cache changes."""
    before, there = blog.fingerprint(), set(blog.home.rglob("*"))
    document = _doctor(blog, environ=upstream.environ())
    assert _problems(document) == []
    assert (document["status"], document["exit_code"]) == ("ready", 0)
    assert _value(document, "language") == "ja"
    assert (_value(document, "zone"), _why(document, "zone")) == ("Asia/Tokyo", "timeZone")
    assert _value(document, "path") == str(blog.post() / "index.md")
    assert _value(document, "url") == "https://example.org/llm-papers-2026-02-27/"
    assert _value(document, "shown") == "yes"
    assert _why(document, "template.archetype") == "the site's own"
    assert _value(document, "details") == '{{< details "…" >}}'
    assert _value(document, "math") == "Unicode"
    assert _value(document, "writer") == "claude"
    assert re.match(r"about \$0\.0\d", _value(document, "price"))
    assert upstream.journal == []
    assert blog.fingerprint() == before
    assert {path for path in blog.home.rglob("*")} - there <= {blog.home / "cache"}


def test_the_text_is_aligned_and_quiet_prints_nothing(blog: Blog) -> None:
    """Groups with their titles, then the result; nothing with --quiet."""
    ran = blog.run("doctor")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Hugo"
    assert ran.out.splitlines()[-1] == "`new` would work."
    starts = {line.index("  ", 2) for line in ran.out.splitlines() if line.startswith(("  zone ", "  language "))}
    assert re.search(r"^  zone +Asia/Tokyo  \(timeZone\)$", ran.out, re.MULTILINE)
    assert starts
    assert (blog.run("doctor", "--quiet").out, ran.err) == ("", "")


@pytest.mark.figures
@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit less")
def test_limits_of_pdf_processes(blog: Blog) -> None:
    """All are limited here; without figures there is no such process."""
    document = _doctor(blog)
    assert _problems(document) == []
    assert _value(document, "workers") == ["time", "memory", "files", "network", "processes"]
    without = _doctor(blog, environ={"HUGO_PARAMS_LLMPAPERS_FIGURES": "false"})
    assert "figures" not in {finding["group"] for finding in without["findings"]}


@pytest.mark.figures
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is no problem that could be solved")
def test_a_system_that_limits_less(blog: Blog) -> None:
    """What is not limited is reported with what would help; posts are written anyway."""
    portable = Path(__file__).parent.parent / "portable"
    document = _doctor(blog, environ={"PYTHONPATH": str(portable)})
    _one(document, 0, "does not limit the memory of the processes that open PDFs", "seccomp and Landlock")
    assert _value(document, "workers") == ["time", "files", "network", "processes"]


@pytest.mark.figures
def test_pdf_workers_that_cannot_start(blog: Blog, tmp_path: Path) -> None:
    """A broken PyMuPDF is found before the first post has no figures."""
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pymupdf.py").write_text("raise ImportError", encoding="utf-8")
    document = _doctor(blog, environ={"PYTHONPATH": str(tmp_path / "broken")})
    _one(document, 0, "could not be started", "Reinstall")


def test_each_setting_says_where_it_comes_from(blog: Blog) -> None:
    """A file and line, a variable, or the default."""
    _configured(blog, "windowDays = 7")
    document = _doctor(blog, environ={"HUGO_PARAMS_LLMPAPERS_COUNT": "3"})
    assert set(SETTINGS) <= {finding["name"] for finding in document["findings"] if finding["group"] == "settings"}
    assert (_value(document, "count"), _why(document, "count")) == (3, "HUGO_PARAMS_LLMPAPERS_COUNT")
    assert _value(document, "windowDays") == 7
    assert re.fullmatch(r"hugo\.toml:\d+", _why(document, "windowDays"))
    assert _why(document, "slug") == "default"


def test_all_invalid_settings_are_reported(blog: Blog) -> None:
    """Not only the first one; the other stages run as well."""
    _configured(blog, 'count = 0\nwindowDays = "soon"\ncolour = "red"')
    document = _doctor(blog)
    problems = _problems(document)
    assert document["exit_code"] == 3
    assert len(problems) == 3
    for problem, words in zip(problems, ("colour", "count = 0", "windowDays"), strict=True):
        assert words in problem
        assert "hugo.toml:" in problem
    assert _value(document, "shown") == "yes"


def test_an_invalid_setting_and_a_missing_theme(blog: Blog) -> None:
    """Hugo stops at the theme; settings, content and keys are checked anyway."""
    _configured(blog, "count = 0")
    path = blog.root / "hugo.toml"
    path.write_text('theme = "nowhere"\n' + path.read_text(encoding="utf-8"), encoding="utf-8")
    document = _doctor(blog)
    theme, setting = _problems(document)
    assert '"nowhere" not found' in theme
    assert "git submodule update" in theme
    assert "count = 0" in setting
    assert document["exit_code"] == 3
    assert _value(document, "post.folder") == str(blog.root / "content" / "posts")
    assert "cannot load the theme" in _why(document, "template.template")
    assert _value(document, "ANTHROPIC_API_KEY") == "not set"


def test_a_module_without_go(blog: Blog) -> None:
    """The remedy is Go, or a vendored module."""
    path = blog.root / "hugo.toml"
    text = path.read_text(encoding="utf-8") + '\n[[module.imports]]\npath = "example.org/theme"\n'
    path.write_text(text, encoding="utf-8")
    (blog.root / "go.mod").write_text("module example.org/blog\n", encoding="utf-8")
    bare = blog.home / "bare"
    bare.mkdir()
    (bare / "hugo").symlink_to(Path(blog.environ()["PATH"].split(os.pathsep)[0]) / "hugo")
    document = _doctor(blog, environ={"PATH": str(bare)})
    _one(document, 3, '"go"', "Install Go", "hugo mod vendor")
    assert _value(document, "language") == "ja"


def test_no_hugo(blog: Blog, tmp_path: Path) -> None:
    """The keys are checked anyway."""
    bare = tmp_path / "bare"
    bare.mkdir()
    code = "import sys; sys.executable = sys.argv.pop(1); from hugo_llmpapers.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, str(bare / "python"), "doctor", "--source", str(blog.root), "--json"],
        env={**blog.environ(), "PATH": str(bare)}, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    document = Result(done.returncode, done.stdout, done.stderr).json()
    assert done.returncode == 3
    _one(document, 3, "Hugo was not found", "gohugo.io")
    assert "no Hugo" in _why(document, "site")
    assert _value(document, "S2_API_KEY") == "not set"


def test_a_hugo_that_is_too_old(blog: Blog, tmp_path: Path) -> None:
    """Its version, and the one that is needed."""
    path = os.pathsep.join((str(old_hugo(tmp_path, "0.111.3").parent), os.environ["PATH"]))
    _one(_doctor(blog, environ={"PATH": path}), 3, "Hugo 0.111.3", "0.112.6")


def test_no_site_and_a_broken_configuration(blog: Blog, tmp_path: Path) -> None:
    """One problem each; Hugo's error has its line."""
    (tmp_path / "empty").mkdir()
    _one(_doctor(blog, source=tmp_path / "empty"), 3, "is not a Hugo site", "--source")
    (blog.root / "hugo.toml").write_text('title = "x\n', encoding="utf-8")
    _one(_doctor(blog), 3, "hugo.toml:1:")


def test_differences_to_the_preview(blog: Blog) -> None:
    """`hugo server` uses the environment development, which may have another folder or another day."""
    extra = blog.root / "config" / "development"
    extra.mkdir(parents=True)
    (extra / "hugo.toml").write_text(
        'contentDir = "drafts"\ntimeZone = "UTC"\nbuildFuture = true\n[params.llmpapers]\ncount = 2\ncolour = "red"\n',
        encoding="utf-8",
    )
    document = _doctor(blog)
    assert document["exit_code"] == 0
    problems = "\n".join(_problems(document))
    for words in (
        "folder is content/posts in production and drafts/posts in development",
        "timeZone is Asia/Tokyo in production and UTC in development",
        "buildFuture is false in production and true in development",
        "params.llmpapers.count is 5 in production and 2 in development",
        "config/development/hugo.toml:6:1: error: In the environment development: params.llmpapers has no setting `colour`",
    ):
        assert words in problems.replace(os.sep, "/")
    assert len(_problems(document)) == 5


def test_a_preview_that_cannot_be_read(blog: Blog) -> None:
    """`new` works anyway."""
    (blog.root / "config" / "development").mkdir(parents=True)
    (blog.root / "config" / "development" / "hugo.toml").write_text("x = \n", encoding="utf-8")
    _one(_doctor(blog), 0, "In the environment development", "cannot read")


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("publishDate: 2030-01-01", 3, ("future until 2030-01-01", "no publishDate")),
        ("build: {list: never}", 0, ("`build.list`", "archetype")),
    ],
)
def test_an_archetype_that_hides_the_post(blog: Blog, line: str, code: int, words: tuple[str, ...]) -> None:
    """Hugo does not report it."""
    _with_front_matter(blog, line)
    _one(_doctor(blog), code, *words)


def test_an_archetype_that_makes_drafts(blog: Blog) -> None:
    """As many do; the owner may want it."""
    path = blog.root / "archetypes" / "llm-papers.md"
    text = re.sub(r"^draft: .*$", "draft: true", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    _one(_doctor(blog), 0, "a draft", "{{ $post.draft }}", "--buildDrafts")


@pytest.mark.parametrize(
    ("files", "code", "words"),
    [
        ({"posts/index.md": "---\ntitle: x\n---\n"}, 3, ("index.md makes its folder one page", "_index.md")),
        ({"posts/_index.md": "---\ncascade:\n  draft: true\n---\n"}, 0, ()),
        ({"posts/elsewhere.md": "---\ntitle: x\nurl: /llm-papers-2026-02-27/index.html\n---\n"}, 3,
         ("elsewhere.md has the URL of the post", "another `url`")),
        ({"posts/llm-papers-2026-02-27.md": "---\ntitle: x\n---\n"}, 3, ("is the same page as the post", "Rename")),
        ({"broken.md": "---\ntitle: x\n---\n{{< nowhere >}}\n"}, 0, ("broken.md", "hugo list all")),
    ],
    ids=["leaf", "cascade-overruled", "url", "same-name", "broken"],
)  # fmt: skip
def test_content_that_hides_the_post(blog: Blog, files: dict[str, str], code: int, words: tuple[str, ...]) -> None:
    """Pages above the post, or with its URL."""
    (blog.root / "content" / "posts" / "_index.md").unlink()  # beside index.md the older Hugos prefer it
    for name, text in files.items():
        (blog.root / "content" / name).write_text(text, encoding="utf-8")
    document = _doctor(blog)
    if words:
        _one(document, code, *words)
    else:
        assert _problems(document) == []


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        (r"ignoreFiles = ['\.png$']", 0, ("`ignoreFiles`", "paper_1.png")),
        ("disableKinds = ['page']", 3, ("`disableKinds`",)),
    ],
)
def test_a_configuration_that_hides_the_post(blog: Blog, line: str, code: int, words: tuple[str, ...]) -> None:
    """Files that Hugo ignores, and pages that it does not make."""
    path = blog.root / "hugo.toml"
    path.write_text(f"{line}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    _one(_doctor(blog), code, *words)


def test_a_template_error_and_a_missing_label(blog: Blog) -> None:
    """The error has the archetype's line; the shortcode ignores its label."""
    shortcode = blog.root / "layouts" / "shortcodes" / "details.html"
    shortcode.write_text("<details>{{ .Inner }}</details>{{/* .Get 0 */}}", encoding="utf-8")
    _one(_doctor(blog), 0, "shows no label", "details.html")
    path = blog.root / "archetypes" / "llm-papers.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, text in enumerate(lines) if "**arXiv ID**" in text)
    lines[at] = "- **arXiv ID**: {{ .id.nothing }}"
    path.write_text("\n".join(lines), encoding="utf-8")
    document = _doctor(blog)
    _one(document, 3, f"{path}:{at + 1}:", "Fix the archetype")
    assert _value(document, "path") == str(blog.post() / "index.md")


def test_an_archetype_that_does_not_exist(blog: Blog) -> None:
    """The settings name it."""
    _one(
        _doctor(blog, environ={"HUGO_PARAMS_LLMPAPERS_ARCHETYPE": "nope"}), 3, "archetype `nope`", "archetypes/nope.md"
    )


def test_a_section_without_pages(blog: Blog) -> None:
    """Without mainSections the posts would go to a new section."""
    path = blog.root / "hugo.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('mainSections = ["posts"]', ""), encoding="utf-8")
    (blog.root / "content" / "posts").rename(blog.root / "content" / "blog")
    for name in ("a.md", "b.md"):
        (blog.root / "content" / "blog" / name).write_text("---\ntitle: x\n---\n", encoding="utf-8")
    _one(_doctor(blog), 0, "posts, which does not exist", "blog", 'section = "blog"')


def test_no_zone(blog: Blog) -> None:
    """A build host may have another day."""
    path = blog.root / "hugo.toml"
    path.write_text(re.sub(r"timeZone = \S+", "", path.read_text(encoding="utf-8"), count=1), encoding="utf-8")
    document = _doctor(blog)
    _one(document, 0, "timeZone is not set", "Asia/Tokyo")
    assert _value(document, "date") == "2026-02-27T07:01:00+09:00"


def test_folders_that_cannot_be_written_to(blog: Blog) -> None:
    """A file is in the way of each."""
    section = blog.root / "content" / "posts"
    (section / "_index.md").unlink()
    section.rmdir()
    section.write_text("a file in its place", encoding="utf-8")
    cache = blog.home / "file"
    cache.write_text("", encoding="utf-8")
    document = _doctor(blog, environ={"HUGO_PARAMS_LLMPAPERS_CACHEDIR": str(cache / "llmpapers")})
    assert document["exit_code"] == 3
    problems = _problems(document)
    assert any(f"{section} cannot be written to" in problem for problem in problems)
    assert any(
        f"{cache / 'llmpapers' / 'llmpapers'} cannot be written to" in problem and "cacheDir" in problem
        for problem in problems
    )


def test_leftovers_of_a_killed_run(blog: Blog) -> None:
    """They are reported, and do no harm."""
    (blog.root / "content" / "posts" / ".llm-papers-making-1").mkdir()
    _one(_doctor(blog), 0, ".llm-papers-making-1", "the next run")


def test_an_existing_post(blog: Blog) -> None:
    """It is found, and its papers are covered."""
    assert blog.run("new", "--sample").code == 0
    there = blog.post("llm-papers-sample-2026-02-27")
    there.rename(blog.post())
    document = _doctor(blog)
    assert _problems(document) == []
    assert "already exists" in _why(document, "path")
    assert _value(document, "covered") == 5


def test_keys_are_never_shown(blog: Blog) -> None:
    """Only whether they are set, and that one cannot be sent in a header."""
    environ = {"ANTHROPIC_API_KEY": "sk-SECRET", "S2_API_KEY": "ＳＥＣＲＥＴ", "HF_TOKEN": "hf_SECRET"}
    for args in ((), ("--json",)):
        ran = blog.run("doctor", *args, environ=environ)
        assert "SECRET" not in ran.out + ran.err
        assert "ＳＥＣＲＥＴ" not in ran.out + ran.err
        assert ran.code == 3
    document = _doctor(blog, environ=environ)
    _one(document, 3, "S2_API_KEY", "Copy the key again")
    assert [_value(document, name) for name in environ] == ["set", "set", "set"]


def test_a_password_in_an_address_is_not_shown(blog: Blog) -> None:
    """A mirror may need one."""
    environ = {"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV": "https://me:SECRET@mirror.example"}
    ran = blog.run("doctor", "--json", environ=environ)
    assert "mirror.example" in ran.out
    assert "SECRET" not in ran.out


def test_without_a_key_there_are_excerpts(blog: Blog) -> None:
    """No error, unless the settings request Claude."""
    document = _doctor(blog)
    assert (_value(document, "writer"), _problems(document)) == ("excerpt", [])
    _one(_doctor(blog, environ={"HUGO_PARAMS_LLMPAPERS_SUMMARIZER": "claude"}), 3, "no Claude API key", "excerpt")


def test_a_budget_below_the_price_of_a_call(blog: Blog) -> None:
    """It stops `new` before it starts."""
    environ = {"ANTHROPIC_API_KEY": "sk-test", "HUGO_PARAMS_LLMPAPERS_MAXCOST": "0.001"}
    _one(_doctor(blog, environ=environ), 3, "maxCost is $0.001", "nothing would be written", "Raise maxCost")


def _answering(upstream: Upstream, lifecycle: str = "active", retires: str = "null") -> None:
    upstream.pages["/v1/models/claude-sonnet-5-5"] = ("application/json", (MODEL % (lifecycle, retires)).encode())
    upstream.pages[f"/pdf/{KNOWN_ID}"] = ("application/pdf", b"%PDF-1.7 and so on")


@pytest.mark.figures
def test_online_asks_each_service_once(blog: Blog, upstream: Upstream) -> None:
    """One request each, with its duration, whatever is cached; a key is sent to its own service only.

    Claude is asked for the model, which is free, and for one sentence.
    """
    _answering(upstream)
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_FIGURECREDIT": "true", "S2_API_KEY": "s2-SECRET"}
    for times in (1, 2):
        document = _doctor(blog, "--online", environ=environ)
        assert _problems(document) == []
        for service in ("arxiv", "pdf", "oai", "huggingface", "semanticscholar", "claude"):
            assert len(upstream.asked(service)) == times * (2 if service == "claude" else 1), service
    services = [finding for finding in document["findings"] if finding["group"] == "services"]
    assert [finding["name"] for finding in services] == [
        "arxiv", "semanticscholar", "huggingface", "arxivpdf", "arxivoai", "claude",
    ]  # fmt: skip
    assert all(re.match(r"(after )?\d+\.\d\d s", finding["why"]) for finding in services)
    assert upstream.asked("claude")[0]["method"] == "GET"
    assert "SECRET" not in str(document)


def test_online_asks_only_services_that_are_used(blog: Blog, upstream: Upstream) -> None:
    """No source that is not set, no Claude for excerpts, no PDFs without figures."""
    environ = upstream.environ() | {
        "HUGO_PARAMS_LLMPAPERS_SOURCES": "arxiv",
        "HUGO_PARAMS_LLMPAPERS_SUMMARIZER": "excerpt",
        "HUGO_PARAMS_LLMPAPERS_FIGURES": "false",
    }
    assert _problems(_doctor(blog, "--online", environ=environ)) == []
    assert [row["service"] for row in upstream.journal] == ["arxiv"]


@pytest.mark.figures
@pytest.mark.parametrize(
    ("service", "fault", "code", "words"),
    [
        ("semanticscholar", Fault(429, b"{}"), 0, ("Semantic Scholar", "rate limit", "S2_API_KEY")),
        ("arxiv", Fault(200, b"<html>", "text/html"), 0, ("arXiv", "not an Atom feed")),
        ("huggingface", Fault(401, b"{}"), 0, ("Hugging Face", "401", "HF_TOKEN")),
        ("pdf", Fault(200, b"<html>", "text/html"), 0, ("arXiv PDF", "not a PDF", "figures")),
        ("claude", Fault(401, b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'),
         3, ("rejected the API key", "ANTHROPIC_API_KEY")),
        ("claude", Fault(404, b'{"type":"error","error":{"type":"not_found_error","message":"model"}}'),
         3, ("no model `claude-sonnet-5-5`", "--model")),
        ("claude", Fault(529, b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'),
         5, ("529", "later")),
    ],
)  # fmt: skip
def test_a_service_that_fails(
    blog: Blog, upstream: Upstream, service: str, fault: Fault, code: int, words: tuple[str, ...]
) -> None:
    """It is named with its reason after a single request."""
    _answering(upstream)
    upstream.faults[service] = fault
    _one(_doctor(blog, "--online", environ=upstream.environ()), code, *words)
    assert len(upstream.asked(service)) == 1


@pytest.mark.parametrize(
    ("lifecycle", "code", "words"), [("retired", 3, ("is retired", "--model")), ("deprecated", 0, ())]
)
def test_a_model_at_its_end(blog: Blog, upstream: Upstream, lifecycle: str, code: int, words: tuple[str, ...]) -> None:
    """According to the service, which knows more than the SDK."""
    _answering(upstream, lifecycle, '"2027-01-31T00:00:00Z"')
    document = _doctor(blog, "--online", environ=upstream.environ())
    if words:
        _one(document, code, *words)
    else:
        _one(document, code, "claude-sonnet-5-5 ends on 2027-01-31", "model")


@pytest.mark.figures
def test_no_service_answers(blog: Blog) -> None:
    """Exit code 5, each with its reason."""
    nobody = "http://127.0.0.1:9"
    names = ("ARXIV", "ARXIVPDF", "ARXIVOAI", "SEMANTICSCHOLAR", "HUGGINGFACE")
    document = _doctor(blog, "--online", environ={f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{name}": nobody for name in names})
    problems = _problems(document)
    assert document["exit_code"] == 5
    assert len(problems) == 5
    assert problems[-1].startswith("No source of papers answers")


def test_problems_as_text(blog: Blog) -> None:
    """Each with its remedy below it; with --quiet nothing else."""
    _configured(blog, "count = 0")
    ran = blog.run("doctor", "--quiet")
    title, problem, remedy = ran.out.splitlines()[:3]
    assert (ran.code, ran.err) == (3, "")
    assert title == "Errors:"
    assert re.fullmatch(r"  .*hugo\.toml:\d+:1: error: count = 0 is invalid\.", problem)
    assert remedy == "    count must be a whole number from 1 to 50."
    assert blog.run("doctor").out.endswith("`new` would not work (exit code 3).\n")


def test_an_invalid_clock_is_a_usage_error(blog: Blog) -> None:
    """It is not a finding."""
    assert blog.run("doctor", clock="soon").code == 2

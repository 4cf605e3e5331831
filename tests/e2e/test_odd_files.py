"""Files that are none, names that are no UTF-8, streams that are closed: the run goes on, or one line says why not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.e2e.test_new_fails import assert_clear
from tests.tool import CLOCK, COMMAND, Blog
from tests.upstream import Upstream

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def _shell(blog: Blog, script: str, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    """A line of shell in which $T is the command and $S names site and clock."""
    return subprocess.run(
        ["sh", "-c", script],
        env={**blog.environ(), "T": str(COMMAND), "SITE": str(blog.root), "CLOCK": CLOCK},
        cwd=cwd or blog.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_a_lock_of_an_editor_and_a_folder_like_a_template(blog: Blog) -> None:
    """In `layouts` of a site that shows mathematics, and among its posts."""
    environ = {"HUGO_PARAMS_MATH": "true"}
    layouts = blog.root / "layouts"
    (layouts / "folder.html").mkdir(parents=True)
    (layouts / ".#single.html").symlink_to("somebody@host.example:1")
    (blog.post("other").parent / "nowhere.md").symlink_to("nobody.md")
    ran = blog.run("new", "--sample", environ=environ)
    assert ran.code == 0, ran.err
    assert (blog.post("llm-papers-sample-2026-02-27") / "index.md").is_file()


@pytest.mark.parametrize("folder", ["layouts", "content/posts", "config/_default"])
def test_a_pipe_is_named_and_not_waited_for(blog: Blog, folder: str) -> None:
    """Before Hugo waits for it; a build goes on."""
    (blog.root / folder).mkdir(parents=True, exist_ok=True)
    os.mkfifo(blog.root / folder / "x.html")
    assert_clear(blog.run("new", "--sample", timeout_s=60), 3, f"{folder}/x.html is a named pipe", "Remove it")
    ran = blog.run("prebuild", environ={"ANTHROPIC_API_KEY": "k"}, timeout_s=60)
    assert ran.code == 0
    assert "is a named pipe" in ran.err or folder != "config/_default"


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ('"$T" new --sample --source "$SITE" --clock "$CLOCK" 2>&-', 0),
        ('"$T" prebuild --source "$SITE" --clock "$CLOCK" >&- 2>&- <&-', 0),
        ('"$T" prebuild --json --source "$SITE" --clock "$CLOCK" >/dev/full', 0),
        ('"$T" prebuild --json --strict --source "$SITE" --clock "$CLOCK" >/dev/full', 3),
        ('"$T" cache path --source "$SITE" >&-', 0),
        ('"$T" cache path --source "$SITE" >/dev/full', 1),
        ('"$T" --help >/dev/full', 1),
        ('"$T" --version 2>&-', 0),
        ('"$T" nonsense 2>&-', 2),
        ('{ "$T" --help; echo $? >code; } | true; exit "$(cat code)"', 1),
    ],
)
def test_a_closed_or_full_stream(blog: Blog, script: str, code: int) -> None:
    """Neither a traceback nor Python's own exit code."""
    if "/dev/full" in script and not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    ran = _shell(blog, script, blog.home)
    assert ran.returncode == code, ran.stderr
    assert b"Traceback" not in ran.stderr
    assert b"Exception" not in ran.stderr


def test_an_old_post_in_a_folder_of_any_name_is_replaced(blog: Blog) -> None:
    """Its backup has its files, whose names are no UTF-8, either."""
    old = Path(os.fsdecode(os.fsencode(blog.post().parent) + b"/old-\xff"))
    try:
        old.mkdir()
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    head = "---\ntitle: Old\ndate: 2026-02-27\nurl: llm-papers-sample-2026-02-27/\n---\n"
    (old / "index.md").write_text(head + "https://arxiv.org/abs/0000.00001\n", encoding="utf-8")
    Path(os.fsdecode(os.fsencode(old) + b"/note-\xfe.txt")).write_text("mine", encoding="utf-8")
    ran = blog.run("new", "--sample", "--force", "--reselect")
    assert ran.code == 0, ran.err
    assert not old.exists()
    kept = {os.fsencode(path.name) for path in (blog.root / ".llm-papers-backup").rglob("*.txt")}
    assert kept == {b"note-\xfe.txt"}


def test_a_site_at_a_path_that_is_no_utf8(blog: Blog) -> None:
    """Its post is written, and the build's report too."""
    moved = Path(os.fsdecode(os.fsencode(blog.home) + b"/site-\xff"))
    try:
        blog.root.rename(moved)
    except OSError:
        pytest.skip("this file system takes UTF-8 only")
    ran = blog.run("new", "--sample", source=moved)
    assert ran.code == 0, ran.err
    report = blog.home / "report.json"
    assert blog.run("prebuild", "--report", str(report), source=moved).code == 0
    assert report.is_file()


def test_a_small_file_that_means_a_large_one(blog: Blog) -> None:
    """`init` leaves it alone, and says so, in the time of one run."""
    levels = "".join(f"  a{n + 1}: &a{n + 1}\n    <<: [{', '.join([f'*a{n}'] * 6)}]\n" for n in range(6))
    text = f"baseURL: https://example.org/\nparams:\n  a0: &a0 {{x: 1}}\n{levels}"
    (blog.root / "hugo.toml").unlink()
    (blog.root / "hugo.yaml").write_text(text, encoding="utf-8")
    ran = blog.run("init", "--yes", timeout_s=60)
    assert "Traceback" not in ran.err
    assert "aliases" in ran.out + ran.err
    assert (blog.root / "hugo.yaml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SSL_CERT_FILE", "/nowhere/ca.pem", "SSL_CERT_FILE names /nowhere/ca.pem"),
        ("ALL_PROXY", "socks5://me:hush@127.0.0.1:9", "socksio"),
        ("HTTPS_PROXY", "ftp://me:hush@127.0.0.1:9", "proxy"),
    ],
)
def test_a_network_that_cannot_be_set_up(blog: Blog, upstream: Upstream, name: str, value: str, words: str) -> None:
    """One line, a remedy, no password, nobody asked."""
    ran = blog.run("new", "--dry-run", environ={**upstream.environ(), name: value})
    assert_clear(ran, 3, words)
    assert "hush" not in ran.err
    assert upstream.journal == []


def test_exceptions_from_a_proxy_and_line_ends_stop_nothing(blog: Blog, upstream: Upstream) -> None:
    """As they are copied from one machine's settings into another's."""
    environ = {name: f"{value}\n" for name, value in upstream.environ().items()}
    environ |= {"NO_PROXY": "localhost,[::1],fd00::/8", "S2_API_KEY": " key\n"}
    ran = blog.run("new", "--no-figures", "--count", "1", environ=environ)
    assert ran.code == 0, ran.err
    assert upstream.asked("claude")


def test_a_working_directory_that_is_gone(blog: Blog) -> None:
    """One line, where the site is not named by a whole path."""
    (blog.home / "gone").mkdir()
    ran = _shell(blog, 'cd "$HOME/gone" && rmdir "$HOME/gone" && "$T" cache path', blog.home)
    assert ran.returncode == 3
    assert b"no longer exists" in ran.stderr


def test_an_archetype_that_is_no_utf8(blog: Blog) -> None:
    """It is said, and nothing is written."""
    archetype = blog.root / "archetypes" / "llm-papers.md"
    archetype.parent.mkdir(exist_ok=True)
    archetype.write_bytes(b"---\ntitle: caf\xe9\n---\n")
    assert_clear(blog.run("new", "--sample"), 3, "not UTF-8")


@pytest.mark.parametrize("clock", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-05T00:00:00Z"])
def test_a_clock_at_the_end_of_time(blog: Blog, clock: str) -> None:
    """A usage error, not a calendar that overflows; the same for a day."""
    assert_clear(blog.run("new", "--sample", clock=clock), 2, "not a valid time with a UTC offset")
    assert blog.run("prebuild", clock=clock).code == 0


def test_a_day_before_there_was_arxiv(blog: Blog) -> None:
    """Is said to be one."""
    assert_clear(blog.run("new", "0001-01-02"), 2, "before arXiv existed")

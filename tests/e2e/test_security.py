"""What nobody else may get: keys, files, and a place outside of the site. Runs end to end, half of them failing."""

from __future__ import annotations

import os
import stat
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from hugo_llmpapers.sample.papers import pdf
from tests.batches import Batches
from tests.figures.papers import Paper
from tests.tool import CLOCK, COMMAND, Blog, Result
from tests.upstream import Fault, Upstream

KEYS = {"ANTHROPIC_API_KEY": "sk-ant-hush-1", "S2_API_KEY": "s2-hush-2", "HF_TOKEN": "hf_hush_3"}
PROXY = {"HTTPS_PROXY": "http://me:hush-4@127.0.0.1:9", "NO_PROXY": "127.0.0.1"}
posix = pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX's")
linux = pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="reads /proc")


def _hushed(blog: Blog, *results: Result) -> None:
    """No key stands in what was printed or written, the cache and the site included."""
    said = [text for ran in results for text in (ran.out, ran.err)]
    files = [path for path in blog.home.rglob("*") if path.is_file()]
    assert files
    for text in (*(one.encode() for one in said), *(path.read_bytes() for path in files), *map(os.fsencode, files)):
        assert b"hush" not in text, text[:300]


def _echo(status: int) -> Fault:
    """A service that repeats in its answer what it was sent."""
    words = f"Incorrect API key provided: {KEYS['ANTHROPIC_API_KEY']}"
    return Fault(status, f'{{"type":"error","error":{{"type":"x","message":"{words}"}},"detail":"{words}"}}'.encode())


def test_a_run_tells_no_key(blog: Blog, upstream: Upstream) -> None:
    """Each key goes to its own service, and into nothing that stays."""
    environ = upstream.environ() | KEYS | PROXY
    ran = [
        blog.run("new", environ=environ),
        blog.run("new", "--json", environ=environ),
        blog.run("prebuild", "--json", "--report", str(blog.home / "report.json"), environ=environ),
        blog.run("doctor", "--online", environ=environ),
        blog.run("history", "--json", environ=environ),
        blog.run("cache", "info", environ=environ),
    ]
    assert [one.code for one in ran] == [0] * 6, [one.err for one in ran]
    assert (blog.home / "report.json").is_file()
    _hushed(blog, *ran)
    for service, key in (("claude", "hush-1"), ("semanticscholar", "hush-2"), ("huggingface", "hush_3")):
        assert all(key in str(row["headers"]) for row in upstream.asked(service)), service
        others = [row for row in upstream.journal if row["service"] != service]
        assert key not in str(others), service


@pytest.mark.parametrize("status", [200, 401, 429, 500])
def test_a_failing_run_tells_no_key(blog: Blog, upstream: Upstream, status: int) -> None:
    """Also where Claude's server repeats the key in what it says."""
    upstream.faults["claude"] = _echo(status)
    upstream.faults["semanticscholar"] = upstream.faults["huggingface"] = Fault(500, b"oops")
    environ = upstream.environ() | KEYS
    ran = [blog.run("new", *flags, environ=environ) for flags in ((), ("--json",))]
    ran.append(blog.run("prebuild", "--report", str(blog.home / "report.json"), environ=environ))
    ran.append(blog.run("doctor", "--online", environ=environ))
    assert ran[0].code not in (0, 130), ran[0].err
    assert "Traceback" not in "".join(one.err for one in ran)
    _hushed(blog, *ran)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ANTHROPIC_BASE_URL", "http://me:hush-5@{host}/nowhere"),
        ("ANTHROPIC_BASE_URL", "ftp://me:hush-5@{host}"),
        ("HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV", "http://me:hush-5@{host}/path"),
        ("HUGO_PARAMS_LLMPAPERS_ENDPOINTS_ARXIV", "http://me:hush-5@127.0.0.1:1"),
        ("ALL_PROXY", "nonsense://me:hush-5@{host}"),
    ],
)
def test_a_password_in_an_address_is_not_shown(blog: Blog, upstream: Upstream, name: str, value: str) -> None:
    """Whatever is wrong with the address."""
    upstream.faults["unknown"] = Fault(404, b"{}")
    address = value.format(host=upstream.url.removeprefix("http://"))
    ran = [
        blog.run(*words, environ=upstream.environ() | {name: address}) for words in (("new",), ("doctor", "--online"))
    ]
    assert "Traceback" not in "".join(one.err for one in ran)
    _hushed(blog, *ran)


@pytest.mark.figures
@linux
def test_no_process_shows_a_key(blog: Blog, upstream: Upstream) -> None:
    """Neither we, nor Hugo, nor the PDF workers have one among their arguments, which every user of a machine can read."""
    upstream.faults["claude"] = Fault(how="hang")
    command = [str(COMMAND), "new", "--source", str(blog.root), "--clock", CLOCK]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = subprocess.Popen(command, env={**blog.environ(), **upstream.environ(), **KEYS}, **quiet)  # type: ignore[call-overload]
    seen: set[str] = set()
    try:
        patient_until = time.monotonic() + 60
        while time.monotonic() < patient_until and not (upstream.asked("claude") and any("worker" in x for x in seen)):
            seen |= _arguments(running.pid)
            time.sleep(0.02)
    finally:
        running.kill()
        running.wait()
    assert any("hugo_llmpapers.figures.worker" in one for one in seen)
    assert any(one.startswith(str(blog.root)) or " config " in f" {one} " for one in seen)
    assert not [one for one in seen if "hush" in one]


def _arguments(pid: int) -> set[str]:
    """Of a process and all that it started."""
    found = set()
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents = path.joinpath("stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(path.name) == pid or int(parents[1]) == pid:
                found.add(path.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except (OSError, ValueError, IndexError):
            continue
    return found


@pytest.mark.figures
@posix
@pytest.mark.parametrize("command", ["new", "prebuild", "backfill"])
def test_the_cache_is_its_owners(blog: Blog, upstream: Upstream, command: str) -> None:
    """Whatever the umask: folders 0700, files 0600. The site's own files are as the umask has them."""
    upstream.batches = Batches()
    args = ("2026-02-27", "2026-02-27", "--yes") if command == "backfill" else ()
    script = f'umask 000; exec "{COMMAND}" "$@"'
    ran = subprocess.run(
        ["sh", "-c", script, "sh", command, *args, "--source", str(blog.root), "--clock", CLOCK],
        env={**blog.environ(), **upstream.environ()}, capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert blog.post().joinpath("index.md").stat().st_mode & 0o777 == 0o666
    ours = blog.home / "cache" / "llmpapers"
    open_ = {
        str(p.relative_to(ours)): oct(stat.S_IMODE(p.stat().st_mode)) for p in (ours, *ours.rglob("*")) if _is_open(p)
    }
    assert not open_, open_
    assert {p.name for p in ours.iterdir()} > {"http", "pdf", "summary", "pace"}


def _is_open(path: Path) -> bool:
    return path.stat().st_mode & 0o077 != 0


@posix
@pytest.mark.parametrize("linked", ["section", "bundle"])
def test_nothing_is_written_through_a_link_in_content(
    blog: Blog, upstream: Upstream, tmp_path: Path, linked: str
) -> None:
    """Hugo follows none there, so nobody would see the post; and it may lead anywhere."""
    outside = tmp_path / "outside"
    outside.mkdir()
    place = blog.root / "content" / "posts"
    if linked == "section":
        place.rename(tmp_path / "was")
    place = place if linked == "section" else blog.post()
    place.symlink_to(outside)
    ran = blog.run("new", environ=upstream.environ())
    assert (ran.code, list(outside.iterdir())) == (3, [])
    assert f"{place} is a link" in ran.err
    assert upstream.journal == []


@posix
def test_a_linked_page_says_nothing(blog: Blog, tmp_path: Path) -> None:
    """Hugo does not show it, so what it covers is not covered; and a pipe that nobody writes into holds nobody up."""
    outside = tmp_path / "page.md"
    outside.write_text("[x](https://arxiv.org/abs/0000.00001)\n", encoding="utf-8")
    (blog.root / "content" / "posts" / "linked.md").symlink_to(outside)
    (blog.root / "content" / "posts" / "endless.md").symlink_to("/dev/zero")
    os.mkfifo(blog.root / "content" / "pipe.md")
    ran = blog.run("history", "--json")
    assert ran.code == 0, ran.err
    assert "0000.00001" not in ran.out


@posix
def test_a_link_in_a_post_is_not_turned_into_a_copy(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """Hugo does not publish what it leads to; written again as a file, it would."""
    secret = tmp_path / "id_rsa"
    secret.write_text("hush", encoding="utf-8")
    environ = upstream.environ()
    upstream.faults["claude"] = Fault(500, b"{}")
    assert blog.run("new", environ=environ | {"HUGO_PARAMS_LLMPAPERS_SUMMARIZER": "excerpt"}).code == 0
    upstream.faults.clear()
    (blog.post() / "notes.txt").symlink_to(secret)
    ran = blog.run("refresh", environ=environ)
    assert ran.code == 3, ran.err
    assert "leads out of its post" in ran.err
    assert (blog.post() / "notes.txt").is_symlink()
    assert not [path for path in blog.root.rglob("notes.txt") if not path.is_symlink()]


ELSEWHERE = "http://169.254.169.254/latest/meta-data/x.png"


@pytest.mark.figures
@pytest.mark.parametrize("how", ["redirect", "link"])
def test_pictures_and_pdfs_come_from_arxiv_only(blog: Blog, upstream: Upstream, how: str) -> None:
    """An answer that points to an address of the machine's own network leads nowhere."""
    if how == "redirect":
        upstream.faults["pdf"] = Fault(302, b"", headers={"location": ELSEWHERE})
    else:
        upstream.faults["pdf"] = Fault(404, b"")
    page = f'<figure><img src="{ELSEWHERE}"><figcaption>Figure 1: x</figcaption></figure>'
    upstream.faults["html"] = Fault(200, page.encode(), "text/html")
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert "paper_1.png" not in blog.post().joinpath("index.md").read_text("utf-8")
    assert ("169.254.169.254, which is not allowed" in ran.err) is (how == "redirect")


def test_results_of_a_batch_come_from_claude_only(blog: Blog, upstream: Upstream) -> None:
    """A batch says where its results are; the key goes to no other host."""
    upstream.batches = _Elsewhere()
    ran = blog.run("backfill", "2026-02-27", "2026-02-27", "--yes", environ=upstream.environ())
    assert ran.code == 5, ran.err
    assert "refers to http://localhost:1/results, another host" in ran.err


class _Elsewhere(Batches):
    def answer(self, method: str, path: str, body: bytes, host: str) -> tuple[int, bytes]:
        status, content = super().answer(method, path, body, "localhost:1")
        return status, content.replace(b"localhost:1/v1/messages/batches/msgbatch_1/results", b"localhost:1/results")


@pytest.mark.parametrize("wanted", ["../../../etc/passwd", "..", "0000.00001/../../x", "/etc/passwd", "cs/../0112017"])
def test_no_id_is_a_path(blog: Blog, upstream: Upstream, wanted: str) -> None:
    """Given by a user, or by a service in the place of an id."""
    ran = blog.run("new", "--ids", wanted, environ=upstream.environ())
    assert ran.code == 2, ran.err
    listed = [{"paper": {"id": wanted, "title": "A language model", "summary": "x", "authors": [{"name": "A"}]}}]
    upstream.faults["huggingface"] = Fault(200, _json(listed), match="daily")
    upstream.faults["semanticscholar"] = Fault(200, _json({"total": 1, "data": [_scholars(wanted)]}))
    before = {path for path in blog.home.rglob("*") if path.is_file()}
    assert blog.run("new", environ=upstream.environ()).code == 0
    made = {path for path in blog.home.rglob("*") if path.is_file()} - before
    assert not [path for path in made if "passwd" in path.name or "0112017" in path.name]
    assert all(path.is_relative_to(blog.post()) or path.is_relative_to(blog.home / "cache") for path in made), made


def _scholars(wanted: str) -> Mapping[str, object]:
    return {"externalIds": {"ArXiv": wanted}, "title": "A language model", "abstract": "x", "citationCount": 3}


def _json(value: object) -> bytes:
    import json

    return json.dumps(value).encode()


@pytest.mark.figures
def test_a_pdf_that_is_huge_is_not_kept(blog: Blog, upstream: Upstream) -> None:
    """No more than 60 MB of it are read; the post appears without that figure."""
    upstream.pages["/pdf/0000.00001"] = ("application/pdf", pdf(1) + b"\0" * 60_000_001)
    ran = blog.run("new", environ=upstream.environ())
    assert ran.code == 0, ran.err
    assert "larger than 60 MB" in ran.err


def test_hidden_text_of_a_pdf_is_not_sent(blog: Blog, upstream: Upstream, tmp_path: Path) -> None:
    """What a reader of its pages cannot see does not speak for the paper."""
    paper = Paper()
    paper.text(108, 90, "Seen words of the paper.")
    paper.sheet.insert_text((108, 120), "Hidden words of the paper.", color=(1, 1, 1))
    paper.sheet.insert_text((108, 140), "Hidden words again.", render_mode=3)
    upstream.pages["/pdf/0000.00001"] = ("application/pdf", paper.saved(tmp_path / "paper.pdf").read_bytes())
    ran = blog.run("new", environ=upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_SUMMARYINPUT": "pdf"})
    assert ran.code == 0, ran.err
    sent = "".join(str(row["body"]) for row in upstream.asked("claude"))
    assert "Seen words of the paper." in sent
    assert "Hidden words" not in sent

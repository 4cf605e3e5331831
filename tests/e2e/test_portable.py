"""As on a Japanese Windows: a console in cp932, no fcntl, no resource."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.tool import CLOCK, COMMAND, OFFLINE, Blog
from tests.upstream import Upstream

pytestmark = pytest.mark.figures

PORTABLE = Path(__file__).parent.parent / "portable"


def _run(blog: Blog, *args: str, environ: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    console = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "cp932", "PYTHONPATH": f"{PORTABLE}:{OFFLINE}", "LC_ALL": "C"}
    return subprocess.run(
        [str(COMMAND), *args], env={**blog.environ(), **console, **(environ or {})}, capture_output=True, check=False
    )


def test_a_post_is_written(blog: Blog, upstream: Upstream) -> None:
    """Five papers and figures, the file in UTF-8 with LF, and the notes in the console's own encoding."""
    ran = _run(blog, "new", "--source", str(blog.root), "--clock", CLOCK, environ=upstream.environ())
    assert ran.returncode == 0, ran.stderr
    assert "figureLicense" in ran.stderr.decode("cp932")
    content = (blog.post() / "index.md").read_bytes()
    assert "要約" in content.decode("utf-8")
    assert b"\r" not in content
    assert len(list(blog.post().glob("paper_*.png"))) == 5


def test_the_plan_survives_what_the_console_cannot_show(blog: Blog, upstream: Upstream) -> None:
    """A title with characters outside cp932 is shown with question marks, not with a traceback."""
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_KEYWORDS": "[zażółć]"}
    ran = _run(blog, "new", "--explain", "--dry-run", "--source", str(blog.root), "--clock", CLOCK, environ=environ)
    assert ran.returncode == 0, ran.stderr
    assert b"Traceback" not in ran.stderr


def test_print_is_utf8_in_a_pipe(blog: Blog) -> None:
    """A document that is redirected into a file is UTF-8, whatever the console is."""
    ran = _run(blog, "new", "--sample", "--print", "--source", str(blog.root), "--clock", CLOCK)
    assert ran.returncode == 0, ran.stderr
    assert "これは見本の記事です" in ran.stdout.decode("utf-8")


def test_json_is_plain_ascii_there(blog: Blog) -> None:
    """So that no console can spoil it."""
    ran = _run(blog, "new", "--sample", "--json", "--source", str(blog.root), "--clock", CLOCK)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout.decode("ascii"))["status"] == "written"


def test_the_doctor_is_understood(blog: Blog) -> None:
    """Its lines are in the console's own encoding, with a question mark for what that lacks."""
    ran = _run(blog, "doctor", "--source", str(blog.root), "--clock", CLOCK)
    assert ran.returncode == 0, ran.stderr
    assert b"Traceback" not in ran.stderr
    assert ran.stdout.decode("cp932").splitlines()[-1] == "`new` would work."


@pytest.mark.parametrize("args", [("new", "2026-13-01"), ("new", "--count", "0")])
def test_errors_are_said(blog: Blog, args: tuple[str, ...]) -> None:
    """In words that every console has."""
    ran = _run(blog, *args, "--source", str(blog.root), "--clock", CLOCK)
    assert ran.returncode == 2
    assert b"hugo-llmpapers: " in ran.stderr
    assert b"Traceback" not in ran.stderr

"""What Hugo prints, what another program prints, and which versions are supported."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hugo_llmpapers.errors import SetupError, TemporaryFolderError
from hugo_llmpapers.site.hugo import Hugo, TimedOut, build, parse_config, parse_pages
from hugo_llmpapers.site.hugo_program import OLDEST, OLDEST_TESTED, format_version
from hugo_llmpapers.site.mounts import parse_mounts

README = Path(__file__).parents[2] / "README.md"


def test_text_before_the_json_is_skipped() -> None:
    """A wrapper may greet."""
    assert parse_config('welcome\n{"title": "x"}\n') == {"title": "x"}
    assert [len(one.mounts) for one in parse_mounts('hello {"dir": "/x"}\n{"dir": "/y", "mounts": null}')] == [0, 0]
    assert parse_pages("hello\npath,draft\na.md,true\n") == [{"path": "a.md", "draft": "true"}]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        (parse_config, ""),
        (parse_config, "[]"),
        (parse_config, "{" * 100_000),
        (parse_config, '{"a": ' * 100_000),
        (parse_mounts, "{}"),
        (parse_mounts, '{"dir": 7}'),
        (parse_mounts, '{"dir": "/x", "mounts": [7]}'),
        (parse_mounts, '{"dir": "/x", "mounts": 7}'),
        (parse_mounts, '{"a": ' * 100_000),
        (parse_pages, "path,title\na," + "x" * 200_000),
    ],
    ids=lambda value: getattr(value, "__name__", str(value))[:30],
)
def test_other_output_is_an_error(read: Callable[[str], object], printed: str) -> None:
    """With a remedy."""
    with pytest.raises(SetupError, match="did not print") as caught:
        read(printed)
    assert caught.value.remedy


def test_the_readme_names_the_same_versions() -> None:
    """In both languages."""
    text = README.read_text(encoding="utf-8")
    assert f"Hugo {format_version(OLDEST)} or newer" in text and f"Hugo {format_version(OLDEST)}以降" in text
    assert re.findall(r"\b0\.131\b", text) and OLDEST_TESTED[:2] == (0, 131)


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
def test_a_build_that_hangs_is_ended(tmp_path: Path) -> None:
    """A trial build has a time limit."""
    program = tmp_path / "hugo"
    program.write_text(f"#!{sys.executable}\nimport time\ntime.sleep(60)\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(TimedOut, match=r"hugo timed out after 0 s\."):
        build(Hugo(program, tmp_path), tmp_path / "public", {}, seconds=0.2)


@pytest.mark.skipif(os.name != "posix", reason="the program is a script")
@pytest.mark.parametrize("message", ["no space left on device", "disk quota exceeded", "file too large"])
def test_a_full_disk_is_not_blamed_on_the_post(tmp_path: Path, message: str) -> None:
    """It is no SetupError, for which a post would be tried with fewer papers."""
    program = tmp_path / "hugo"
    program.write_text(f"#!/bin/sh\necho 'Error: write /t/public/a.html: {message}' >&2\nexit 1\n", encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(TemporaryFolderError, match=message) as caught:
        build(Hugo(program, tmp_path), tmp_path / "public", {})
    assert "TMPDIR" in caught.value.remedy

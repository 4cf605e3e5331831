"""Kept posts, and what a cache may hold in their place."""

from __future__ import annotations

import errno
import json
from datetime import date
from pathlib import Path

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.memory import Broken, Kept, Memory

DAY = date(2026, 2, 27)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    """With the folders in it."""
    memory = Memory(tmp_path)
    assert memory.keep("a", DAY, {"index.md": b"x", "more/y.txt": b"y"})
    assert list(memory.bundles()) == [Kept("a", DAY, {"index.md": b"x", "more/y.txt": b"y"})]


def test_a_kept_post_gives_way_to_no_post_with_other_papers(tmp_path: Path) -> None:
    """One with the same papers and more is a later state of it; another one is told not to be kept."""
    memory = Memory(tmp_path)
    first, second = b"https://arxiv.org/abs/2602.21193", b"https://arxiv.org/abs/2602.21198"
    assert memory.keep("a", DAY, {"index.md": first})
    assert not memory.keep("a", DAY, {"index.md": second})
    assert list(memory.bundles()) == [Kept("a", DAY, {"index.md": first})]
    assert memory.keep("a", DAY, {"index.md": first, "index.en.md": second})


def test_a_cache_of_another_user_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder, and no traceback."""

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SetupError, match="cannot be read: Permission denied"):
        list(Memory(tmp_path).bundles())


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/../../x", "..\\..\\x", "C:x", "a:b", "x\0", "."], ids=lambda name: ascii(name)
)
def test_no_name_leads_out_of_a_post(tmp_path: Path, name: str) -> None:
    """Neither on Windows."""
    memory = Memory(tmp_path)
    memory.keep("a", DAY, {"index.md": b"x"})
    manifest = tmp_path / "a" / "manifest.json"
    written = json.loads(manifest.read_text("utf-8"))
    written["files"] = {name: next(iter(written["files"].values()))}
    manifest.write_text(json.dumps(written), encoding="utf-8")
    (found,) = memory.bundles()
    assert isinstance(found, Broken)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b"{}", b"[" * 100_000, b'{"version": 1, "day": 7, "files": {}}', b"\xff"]
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes) -> None:
    """It ends no build, and is no post."""
    memory = Memory(tmp_path)
    memory.keep("a", DAY, {"index.md": b"x"})
    (tmp_path / "a" / "manifest.json").write_bytes(content)
    (tmp_path / "days.json").write_bytes(content)
    (found,) = memory.bundles()
    assert isinstance(found, Broken)
    assert memory.marked() == {}


def test_a_build_that_is_killed_between_two_renames_loses_no_post(tmp_path: Path) -> None:
    """What was set aside is back for the next one, and gone where the new one took its place."""
    memory = Memory(tmp_path / "site")
    assert memory.keep("a", date(2026, 2, 27), {"index.md": b"old"})
    (tmp_path / "site" / "a").rename(tmp_path / "site" / ".aside-a")
    assert [one.name for one in memory.bundles()] == ["a"]
    assert memory.keep("a", date(2026, 2, 27), {"index.md": b"new"})
    kept = memory.read("a")
    assert isinstance(kept, Kept)
    assert kept.files == {"index.md": b"new"}
    assert [path.name for path in (tmp_path / "site").iterdir()] == ["a"]


def test_bundles_are_read_one_by_one(tmp_path: Path) -> None:
    """Memory does not grow with their number: who asks for names reads none, who stops has read no more."""
    memory = Memory(tmp_path)
    for name in ("a", "b"):
        memory.keep(name, DAY, {"index.md": b"x"})
    assert memory.names() == ["a", "b"]
    found = memory.bundles()
    assert next(found).name == "a"
    (tmp_path / "b" / "manifest.json").unlink()
    assert isinstance(next(found), Broken)

"""A bundle is complete or absent, and no file is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hugo_llmpapers.errors import Failure, SetupError
from hugo_llmpapers.post.bundle import BACKUPS, back_up, publish, read_files, write_lock

FILES = {"index.md": b"text", "paper_1.png": b"picture", "more/x.txt": b"x"}


def test_a_bundle_has_exactly_its_files(tmp_path: Path) -> None:
    """Including those in folders; there is nothing else in the section."""
    with write_lock(tmp_path / "posts", 1):
        publish(tmp_path / "posts" / "a", FILES)
    made = {p.relative_to(tmp_path / "posts" / "a").as_posix(): p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()
            and "posts" in p.parts}  # fmt: skip
    assert made == FILES
    assert [p.name for p in (tmp_path / "posts").iterdir()] == ["a"]


def test_a_replaced_bundle_is_backed_up_outside_content(tmp_path: Path) -> None:
    """The backup is complete, and git ignores it."""
    old = tmp_path / "posts" / "a"
    old.mkdir(parents=True)
    (old / "index.md").write_bytes(b"old")
    (old / "mine.txt").write_bytes(b"mine")
    backup = back_up(old, tmp_path, "20260227T070200")
    publish(old, FILES, replacing=old)
    assert sorted(p.name for p in old.iterdir()) == ["index.md", "more", "paper_1.png"]
    assert (backup / "mine.txt").read_bytes() == b"mine"
    assert (tmp_path / BACKUPS / ".gitignore").read_text(encoding="utf-8") == "*\n"


def test_a_single_page_is_replaced_too(tmp_path: Path) -> None:
    """Other tools write posts as single files."""
    (tmp_path / "posts").mkdir()
    old = tmp_path / "posts" / "2026-02-27.md"
    old.write_bytes(b"old")
    backup = back_up(old, tmp_path, "s")
    publish(tmp_path / "posts" / "a", FILES, replacing=old)
    assert [p.name for p in (tmp_path / "posts").iterdir()] == ["a"]
    assert backup.read_bytes() == b"old"


def test_a_failed_rename_changes_nothing(tmp_path: Path) -> None:
    """If the target exists and is not replaced, the old bundle is restored."""
    posts = tmp_path / "posts"
    (posts / "taken").mkdir(parents=True)
    (posts / "taken" / "x").write_bytes(b"x")
    (posts / "old").mkdir()
    (posts / "old" / "index.md").write_bytes(b"old")
    with pytest.raises(SetupError):
        publish(posts / "taken", FILES, replacing=posts / "old")
    assert sorted(p.name for p in posts.iterdir()) == ["old", "taken"]
    assert (posts / "old" / "index.md").read_bytes() == b"old"


def test_leftovers_of_a_killed_run_are_removed(tmp_path: Path) -> None:
    """Incomplete bundles are deleted; a replaced one is restored unless the new one exists."""
    posts = tmp_path / "posts"
    for name in (".llm-papers-making-17", ".llm-papers-aside-a", ".llm-papers-aside-b", "b", "mine"):
        (posts / name).mkdir(parents=True)
        (posts / name / "index.md").write_text(name, encoding="utf-8")
    with write_lock(posts, 1):
        assert sorted(p.name for p in posts.iterdir()) == ["a", "b", "mine"]
    assert (posts / "a" / "index.md").read_text(encoding="utf-8") == ".llm-papers-aside-a"
    assert (posts / "b" / "index.md").read_text(encoding="utf-8") == "b"


def test_a_second_run_times_out(tmp_path: Path) -> None:
    """Another process has the lock: Failure, not a second writer."""
    code = (
        "import sys; from pathlib import Path; from hugo_llmpapers.post.bundle import write_lock\n"
        "with write_lock(Path(sys.argv[1]), 1):\n print('held', flush=True); sys.stdin.read()"
    )
    args = [sys.executable, "-c", code, str(tmp_path / "posts")]
    with subprocess.Popen(args, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Failure, match="Another run"), write_lock(tmp_path / "posts", 0.2):
            pass
        other.communicate("")
    with write_lock(tmp_path / "posts", 1):
        pass


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """A file has the name of the section."""
    (tmp_path / "posts").write_bytes(b"")
    with pytest.raises(SetupError, match="cannot be written to"), write_lock(tmp_path / "posts", 1):
        pass


posix = pytest.mark.skipif(os.name != "posix", reason="links are easy there")


@posix
def test_a_link_out_of_a_bundle_is_not_read(tmp_path: Path) -> None:
    """A copy of the file would be published. Links within the bundle are followed."""
    bundle = tmp_path / "posts" / "a"
    bundle.mkdir(parents=True)
    (bundle / "index.md").write_bytes(b"text")
    (bundle / "again.md").symlink_to("index.md")
    assert read_files(bundle) == {"index.md": b"text", "again.md": b"text"}
    (tmp_path / "secret").write_bytes(b"hush")
    (bundle / "x.txt").symlink_to(tmp_path / "secret")
    with pytest.raises(SetupError, match="leads out of its post"):
        read_files(bundle)


@posix
def test_nothing_is_written_or_deleted_through_a_link(tmp_path: Path) -> None:
    """With the name of an incomplete bundle."""
    posts, outside = tmp_path / "posts", tmp_path / "outside"
    posts.mkdir()
    outside.mkdir()
    (outside / "kept").write_bytes(b"x")
    trap = posts / f".llm-papers-making-{os.getpid()}"
    trap.symlink_to(outside)
    with pytest.raises(SetupError, match="cannot be written to"):
        publish(posts / "a", FILES)
    trap.unlink(missing_ok=True)
    trap.symlink_to(outside)
    with write_lock(posts, 1):
        publish(posts / "a", FILES)
    assert sorted(one.name for one in outside.iterdir()) == ["kept"]
    assert sorted(one.name for one in posts.iterdir()) == ["a"]


@posix
def test_a_backup_stays_in_the_site(tmp_path: Path) -> None:
    """It is not written through a link, and contains links as links."""
    post = tmp_path / "a"
    post.mkdir()
    (tmp_path / "secret").write_bytes(b"hush")
    (post / "x.txt").symlink_to(tmp_path / "secret")
    backup = back_up(post, tmp_path, "now")
    assert (backup / "x.txt").is_symlink()
    backup.rename(tmp_path / "moved")
    (tmp_path / BACKUPS / ".gitignore").unlink()
    (tmp_path / BACKUPS).rmdir()
    (tmp_path / BACKUPS).symlink_to(tmp_path / "moved")
    with pytest.raises(SetupError, match="is a link"):
        back_up(post, tmp_path, "now")

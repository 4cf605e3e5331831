"""Whose a folder is, and that nothing in anybody else's is touched."""

from __future__ import annotations

import os
import re
import tempfile
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post.kept_post_reader import KeptPost
from hugo_llmpapers.post.kept_posts import KeptPosts
from hugo_llmpapers.web.cache import Cache, clear, forget, prune, sizes
from hugo_llmpapers.web.cache_folder import MARKER, claim, claim_problem, is_marked, make_private_folders, remove_files

NOW = datetime(2026, 2, 27, 7, tzinfo=UTC)
ANSWER = "0123456789abcdef0123456789abcdef"
SITE = "0123456789abcdef"
posix = pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")


def tree(folder: Path) -> dict[str, bytes]:
    """Every file with its bytes, the marker left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (MARKER, ".lock")
    }


def put(folder: Path, *names: str) -> None:
    """Files with some content."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b'{"at": "2026-02-27T07:00:00+00:00"}\n')


def test_a_new_folder_gets_a_cache_directory_tag(tmp_path: Path) -> None:
    """The file begins with the signature."""
    root = tmp_path / "a" / "llmpapers"
    claim(root)
    assert is_marked(root)
    assert (root / MARKER).read_bytes().startswith(b"Signature: 8a477f597d28d172789f06886806bc55\n")
    assert {path.name for path in root.iterdir()} == {MARKER, ".lock"}


def test_a_folder_that_another_thread_creates_is_never_refused(tmp_path: Path) -> None:
    """`doctor` checks the folder while its requests create it."""
    roots = [tmp_path / str(number) / "llmpapers" for number in range(100)]
    said = []

    def looks() -> None:
        for root in roots:
            while not is_marked(root):
                said.append(claim_problem(root))

    looking = threading.Thread(target=looks)
    looking.start()
    for root in roots:
        claim(root)
    looking.join()
    assert set(said) == {None}


@pytest.mark.parametrize("tag", [None, b"", b"Signature: 8a477f597d28d172789f06886806bc55\n# of another program\n"])
def test_a_folder_with_other_files_is_not_claimed(tmp_path: Path, tag: bytes | None) -> None:
    """Nor one with the marker of another cache. The error names the folder and the setting."""
    put(tmp_path, "2024/paper.pdf", "pdf/2024/paper.pdf", "http/x", "summary/ab/notes.txt")
    if tag is not None:
        (tmp_path / MARKER).write_bytes(tag)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(SetupError, match=re.escape(str(tmp_path))) as caught:
        claim(tmp_path)
    assert "cacheDir" in caught.value.remedy
    cache = Cache(tmp_path)
    cache.put("http", "key", b"x", NOW, {})
    prune(cache, 4e9)
    clear(cache)
    assert forget(cache, NOW.date(), UTC) == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    "name",
    [f"summary/ab/{ANSWER}", f"locks/{SITE}.lock", "pace/arxiv.json", f"bundles/{SITE}/days.json", f"backfill/{SITE}-ja/plan-2026-02-27.json"],
)  # fmt: skip
def test_a_folder_of_an_earlier_version_is_claimed(tmp_path: Path, name: str) -> None:
    """Its files have our names. None is lost."""
    put(tmp_path, name, ".DS_Store")
    before = tree(tmp_path)
    claim(tmp_path)
    assert is_marked(tmp_path)
    assert tree(tmp_path) == before


@pytest.mark.parametrize("what", ["folder", "marker"])
@posix
def test_a_link_is_not_a_cache(tmp_path: Path, what: str) -> None:
    """Neither instead of the folder nor instead of its marker."""
    claim(tmp_path / "real")
    put(tmp_path / "real", f"pdf/ab/{ANSWER}")
    root = tmp_path / "llmpapers"
    if what == "folder":
        root.symlink_to(tmp_path / "real")
    else:
        put(root, f"pdf/ab/{ANSWER}", "mine.txt")
        (root / MARKER).symlink_to(tmp_path / "real" / MARKER)
    assert not is_marked(root)
    clear(Cache(root))
    assert (root / f"pdf/ab/{ANSWER}").is_file()
    if what == "folder":
        with pytest.raises(SetupError, match="is a link"):
            claim(root)


def test_only_files_with_names_of_answers_are_deleted(tmp_path: Path) -> None:
    """All others stay, also in our folder."""
    cache = Cache(tmp_path)
    for kind in ("pdf", "http", "summary"):
        cache.put(kind, "key", b"x", NOW, {})
    others = (
        "pdf/2024/paper.pdf", f"pdf/{ANSWER}", f"pdf/ab/{ANSWER}.pdf", f"pdf/AB/{ANSWER}", f"pdf/ab/{ANSWER.upper()}", f"pdf/ab/c/{ANSWER}",
        "http/index.html", "summary/ab/.tmp-x", f"bundles/{SITE}/days.json", f"photos/ab/{ANSWER}",
    )  # fmt: skip
    put(tmp_path, *others)
    for path in tmp_path.rglob("*"):
        os.utime(path, (0, 0))
    assert {kind: files for kind, (files, _) in sizes(cache).items()} == {"pdf": 1, "http": 1, "summary": 1}
    prune(cache, 4e9)
    assert set(tree(tmp_path)) == set(others)
    cache.put("pdf", "key", b"x", NOW, {})
    assert forget(cache, NOW.date(), UTC) == 1
    clear(cache)
    assert set(tree(tmp_path)) == set(others)


@posix
@pytest.mark.parametrize("linked", ["kind", "shelf", "file"])
def test_nothing_is_deleted_or_written_through_a_link(tmp_path: Path, linked: str) -> None:
    """At any level of the path."""
    outside, root = tmp_path / "outside", tmp_path / "llmpapers"
    claim(root)
    put(outside, f"ab/{ANSWER}")
    place = {"kind": root / "pdf", "shelf": root / "pdf" / "ab", "file": root / "pdf" / "ab" / ANSWER}[linked]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to({"kind": outside, "shelf": outside / "ab", "file": outside / "ab" / ANSWER}[linked])
    before, cache = tree(outside), Cache(root)
    assert sizes(cache) == {}
    prune(cache, 4e9)
    clear(cache)
    assert forget(cache, NOW.date(), UTC) == 0
    for number in range(300):  # into each shelf
        cache.put("pdf", str(number), b"x", NOW, {})
    assert tree(outside) == before


@posix
def test_a_subfolder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Locks and stamps would be written into its target."""
    root, outside = tmp_path / "llmpapers", tmp_path / "outside"
    claim(root)
    put(outside, "x")
    (root / "pace").symlink_to(outside)
    with pytest.raises(SetupError, match="link"):
        Cache(root).folder("pace")
    with pytest.raises(OSError, match="link"):
        make_private_folders(root, root / "pace" / "deeper")


@posix
def test_remove_files_ignores_links_and_other_names(tmp_path: Path) -> None:
    """Folders that become empty are deleted."""
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    put(outside, "x.png")
    put(folder, "manifest.json", "files/index.md", "files/more/y.png", "notes.txt")
    (folder / "files" / "linked").symlink_to(outside)
    (folder / "files" / "linked.png").symlink_to(outside / "x.png")
    remove_files(folder, re.compile(r"manifest\.json|files/.+"))
    assert set(tree(outside)) == {"x.png"}
    assert sorted(path.name for path in folder.rglob("*") if not path.is_dir() or path.is_symlink()) == [
        "linked", "linked.png", "notes.txt",
    ]  # fmt: skip
    (tmp_path / "link").symlink_to(outside)
    remove_files(tmp_path / "link", re.compile(".*"))
    assert set(tree(outside)) == {"x.png"}


def test_irreplaceable_files_of_an_earlier_version_are_copied(tmp_path: Path) -> None:
    """Summaries, kept posts and unfinished backfills; once, and the originals stay."""
    (tmp_path / "earlier").mkdir()
    earlier = Cache(tmp_path / "earlier")
    earlier.put("summary", "key", b"paid for", NOW, {})
    earlier.put("pdf", "key", b"a large file", NOW, {})
    memory = KeptPosts(earlier.folder("bundles") / SITE, "llm-papers")
    assert memory.keep(NOW.date(), {"index.md": b"post", "paper_1.png": b"picture"})
    memory.settle(date(2026, 2, 26), "nothing")
    earlier.put("answer", "key", b"in vain", NOW, {})
    put(tmp_path / "earlier", f"backfill/{SITE}-ja/batch-1.json", "summary/index.html", "bundles/photos/cat.png")
    for path in (tmp_path / "earlier").rglob("*"):
        os.utime(path, (1e9, 1e9))
    before = tree(tmp_path / "earlier")
    now = Cache(tmp_path / "earlier" / "llmpapers", legacy_root=tmp_path / "earlier")
    now.folder("pace")
    found = now.get("summary", "key")
    assert found is not None and found.body == b"paid for"
    assert now.get("pdf", "key") is None
    again = KeptPosts(now.root / "bundles" / SITE, "llm-papers")
    assert [one.files for one in again.posts() if isinstance(one, KeptPost)] == [{"index.md": b"post", "paper_1.png": b"picture"}]  # fmt: skip
    assert again.settled_days() == {date(2026, 2, 26): "nothing"}
    assert now.get("answer", "key") is not None
    assert (now.root / "backfill" / f"{SITE}-ja" / "batch-1.json").is_file()
    assert not list(now.root.rglob("index.html")) and not list(now.root.rglob("cat.png"))
    assert {round(path.stat().st_mtime) for path in (now.root / "summary").glob("*/*")} == {1_000_000_000}
    left = {name: content for name, content in tree(tmp_path / "earlier").items() if not name.startswith("llmpapers/")}
    assert left == before
    clear(now)
    now.folder("pace")
    assert now.get("summary", "key") is None


@pytest.mark.skipif(os.name != "posix", reason="pipes")
def test_pipes_and_huge_files_are_not_copied(tmp_path: Path) -> None:
    """Reading them would block or fill the memory."""
    put(tmp_path, f"summary/ab/{ANSWER}", f"summary/cd/{ANSWER}")
    os.truncate(tmp_path / "summary" / "cd" / ANSWER, 3 << 30)
    (tmp_path / "summary" / "ef").mkdir()
    os.mkfifo(tmp_path / "summary" / "ef" / ANSWER)
    claim(tmp_path / "llmpapers", tmp_path)
    assert set(tree(tmp_path / "llmpapers")) == {f"summary/ab/{ANSWER}"}


def test_a_folder_without_content_is_claimed(tmp_path: Path) -> None:
    """Empty folders and files stay."""
    (tmp_path / "locks" / "x").mkdir(parents=True)
    (tmp_path / "http").touch()
    (tmp_path / ".DS_Store").write_bytes(b"x")
    claim(tmp_path)
    assert is_marked(tmp_path) and (tmp_path / "http").is_file() and (tmp_path / "locks" / "x").is_dir()


def test_a_killed_copy_is_completed_by_the_next_run(tmp_path: Path) -> None:
    """The marker is written last."""
    put(tmp_path, f"summary/ab/{ANSWER}", f"summary/cd/{ANSWER}")
    put(tmp_path / "llmpapers", f"summary/ab/{ANSWER}")
    for half in (f"summary/cd/.tmp-{ANSWER}", f".tmp-{MARKER}"):
        (tmp_path / "llmpapers" / half).parent.mkdir(exist_ok=True)
        (tmp_path / "llmpapers" / half).write_bytes(b"half")
    claim(tmp_path / "llmpapers", tmp_path)
    assert set(tree(tmp_path / "llmpapers")) == {f"summary/ab/{ANSWER}", f"summary/cd/{ANSWER}"}
    assert is_marked(tmp_path / "llmpapers")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_another_users_folder_is_not_a_cache() -> None:
    """It could contain forged summaries."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for own in ("mine", "theirs"):
            claim(folder / own)
            os.chown(folder / own, 65534 if own == "mine" else 65533, -1)
            for path in (folder, folder / own, folder / own / MARKER):
                path.chmod(0o755)
        os.seteuid(65534)
        try:
            found = {own: (is_marked(folder / own), claim_problem(folder / own)) for own in ("mine", "theirs")}
        finally:
            os.seteuid(0)
    assert found == {"mine": (True, None), "theirs": (False, "belongs to another user")}

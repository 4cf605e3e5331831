"""Kept posts, and what else may be in the cache."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from datetime import date
from hashlib import sha256
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import kept_post_reader
from hugo_llmpapers.post.kept_post_reader import BrokenPost, KeptPost
from hugo_llmpapers.post.kept_posts import KeptPosts

DAY = date(2026, 2, 27)
NAME = "llm-papers-2026-02-27"
PAGE = {"index.md": b"x"}


@pytest.fixture
def kept_posts(tmp_path: Path) -> KeptPosts:
    """Of a site, with no post."""
    return KeptPosts(tmp_path / "site", "llm-papers")


def _only(kept_posts: KeptPosts) -> KeptPost | BrokenPost:
    (found,) = kept_posts.posts()
    return found


def _put(kept_posts: KeptPosts, name: str, **files: bytes) -> Path:
    """What somebody else has put into the cache under this name, with hashes that are right."""
    folder = kept_posts.folder / name
    (folder / "files").mkdir(parents=True)
    for file, content in files.items():
        (folder / "files" / file).write_bytes(content)
    hashes = {file: sha256(content).hexdigest() for file, content in files.items()}
    (folder / "manifest.json").write_text(json.dumps({"version": 1, "day": "2026-02-27", "files": hashes}), "utf-8")
    return folder


def test_a_kept_post_is_read_again(kept_posts: KeptPosts) -> None:
    """Pages and images in all languages; the names of the archetype's other files."""
    kept = PAGE | {"index.en.md": b"y", "paper_1.png": b"1", "paper_1-2.png": b"2", "paper_1.en.webp": b"3"}
    assert kept_posts.keep(DAY, kept | {"more/cover.svg": b"z"})
    assert _only(kept_posts) == KeptPost(NAME, DAY, kept, ("more/cover.svg",))
    assert not list(kept_posts.folder.rglob("cover.svg"))


def test_a_post_that_is_too_large_as_a_whole_is_not_restored(
    kept_posts: KeptPosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if each of its files is small enough: many files must not fill a build's memory."""
    monkeypatch.setattr(kept_post_reader, "_MAX_POST_BYTES", 100)
    _put(kept_posts, NAME, **{"index.md": b"x" * 60, "paper_1.png": b"p" * 60})
    assert _only(kept_posts) == BrokenPost(NAME, "files/paper_1.png is too large")
    assert not kept_posts.keep(DAY, {"index.md": b"x" * 60, "paper_1.png": b"p" * 60})


def test_a_kept_post_is_not_replaced_by_one_with_other_papers(kept_posts: KeptPosts) -> None:
    """One with the same papers and more is a later state of the same post."""
    first, second = b"https://arxiv.org/abs/2602.21193", b"https://arxiv.org/abs/2602.21198"
    assert kept_posts.keep(DAY, {"index.md": first})
    assert not kept_posts.keep(DAY, {"index.md": second})
    assert _only(kept_posts) == KeptPost(NAME, DAY, {"index.md": first})
    assert kept_posts.keep(DAY, {"index.md": first, "index.en.md": second})


@pytest.mark.parametrize(
    "files",
    [
        {"paper_1.png": b"x"},
        PAGE | {"notes.md": b"x"},
        PAGE | {".htaccess": b"x"},
        PAGE | {"paper_1.png": b"x" * 20_000_001},
    ],
    ids=["no page", "another page", "hidden", "too large"],
)
def test_an_unusable_post_is_not_kept(kept_posts: KeptPosts, files: dict[str, bytes]) -> None:
    """So the build that writes it reports it, not the next one."""
    assert not kept_posts.keep(DAY, files)
    assert kept_posts.names() == []


def test_an_unreadable_cache_is_an_error(kept_posts: KeptPosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder, without a traceback."""

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    kept_posts.folder.mkdir()
    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(SetupError, match="cannot be read: Permission denied"):
        list(kept_posts.posts())


@pytest.mark.parametrize(
    "name",
    [
        *("../x", "/etc/passwd", "a/../../x", "..\\..\\x", "C:x", "a:b", "x\0", ".", "", "a/", "paper_1.png\n"),
        *(".git/config", "a/.git/hooks/x", ".htaccess", "_content.gotmpl", "a/_content.gotmpl"),
        *("index.html", "index.md\n", "index.md/x", "a/index.md", "notes.md", "x.HTML", "x.org", "a" * 300),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_post_has_no_file_of_this_name(kept_posts: KeptPosts, name: str) -> None:
    """Names that lead out of the folder, hidden files, other pages, programs; also on Windows."""
    kept_posts.keep(DAY, PAGE)
    manifest = kept_posts.folder / NAME / "manifest.json"
    written = json.loads(manifest.read_text("utf-8"))
    written["files"][name] = written["files"]["index.md"]
    manifest.write_text(json.dumps(written), encoding="utf-8")
    found = _only(kept_posts)
    assert isinstance(found, BrokenPost)
    assert "is no name of ours" in found.reason
    assert found.reason.isprintable() and len(found.reason) < 200


@pytest.mark.parametrize("name", ["x.html", "x.js", "cover.svg", "paper_1.svg", "x.gotmpl", "paper_1.png.html"])
def test_other_files_are_not_read_from_the_cache(kept_posts: KeptPosts, name: str) -> None:
    """They come from the archetype, or the post is not restored."""
    _put(kept_posts, NAME, **{"index.md": b"x", name: b"<script>"})
    found = _only(kept_posts)
    assert isinstance(found, BrokenPost) or (found.files == PAGE and found.archetype_files == (name,))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b"{}", b"[" * 100_000, b'{"version": 1, "day": 7, "files": {}}', b"\xff"]
)
def test_a_broken_manifest_is_no_post(kept_posts: KeptPosts, content: bytes) -> None:
    """And no error."""
    kept_posts.keep(DAY, PAGE)
    (kept_posts.folder / NAME / "manifest.json").write_bytes(content)
    (kept_posts.folder / "days.json").write_bytes(content)
    assert isinstance(_only(kept_posts), BrokenPost)
    assert kept_posts.settled_days() == {}


@pytest.mark.parametrize(
    "name",
    [
        *("notes", "other-2026-02-27", "llm-papers-2026-02-30", "llm-papers-2026-02-27\n", "x\nhugo-llmpapers: all well"),
        *("llm-papers-\uff12026-02-27", "llm-papers-2026-02-27.md", "llm-papers-sample-2026-02-27", "\udcff"),
    ],
    ids=ascii,
)  # fmt: skip
def test_a_folder_of_another_name_is_no_post(kept_posts: KeptPosts, name: str) -> None:
    """Its name is reported, and it is never read."""
    _put(kept_posts, name, **{"index.md": b"x"})
    assert kept_posts.names() == []
    assert kept_posts.unexpected_names() == [name]
    assert kept_posts.read(name) is None


def test_a_post_under_the_name_of_another_day_is_broken(kept_posts: KeptPosts) -> None:
    """A copy would publish the post twice."""
    _put(kept_posts, "llm-papers-2026-02-25", **{"index.md": b"x"})
    assert _only(kept_posts) == BrokenPost("llm-papers-2026-02-25", "it is of another day than it says")


def _link(path: Path) -> None:
    (elsewhere := path.parent.parent.parent / "elsewhere").parent.mkdir(exist_ok=True)
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 << 30)


def _device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.skipif(os.name != "posix", reason="pipes and links")
def test_only_regular_files_of_limited_size_are_read(tmp_path: Path) -> None:
    """A pipe does not block, and 3 GB are not read into 300 MB of memory."""
    files = ("files/paper_1.png", "files/index.md", "manifest.json", "../days.json")
    damaged = {}
    for number, (name, damage) in enumerate(product(files, (_link, _pipe, _huge, _device, _folder))):
        kept_posts = KeptPosts(tmp_path / str(number), "llm-papers")
        kept_posts.keep(DAY, PAGE | {"paper_1.png": b"x"})
        kept_posts.settle(DAY, "nothing")
        damage(kept_posts.folder / NAME / name)
        damaged[str(kept_posts.folder)] = (name, damage)
    code = (
        "import sys, resource; from pathlib import Path; from hugo_llmpapers.post.kept_posts import KeptPosts\n"
        "resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))\n"
        "for kept_posts in (KeptPosts(Path(folder), 'llm-papers') for folder in sys.argv[1:]):\n"
        " print(kept_posts.read('llm-papers-2026-02-27'), kept_posts.settled_days())"
    )
    args = [sys.executable, "-c", code, *damaged]
    ran = subprocess.run(args, capture_output=True, encoding="utf-8", timeout=60, check=True)
    for (name, damage), line in zip(damaged.values(), ran.stdout.splitlines(), strict=True):
        if name == "../days.json":
            assert line.startswith("KeptPost") and line.endswith("{}")
        else:
            assert line.startswith("BrokenPost") and (damage is _folder or Path(name).name in line), (damage, line)


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("name", [NAME, f"{NAME}/files"])
def test_a_linked_folder_is_not_followed(kept_posts: KeptPosts, name: str) -> None:
    """It is not read, and the next post of the day does not change it."""
    kept_posts.keep(DAY, PAGE)
    outside = kept_posts.folder.parent / "outside"
    (kept_posts.folder / name).rename(outside)
    (kept_posts.folder / name).symlink_to(outside)
    before = sorted(outside.rglob("*"))
    assert isinstance(_only(kept_posts), BrokenPost)
    assert kept_posts.keep(DAY, {"index.md": b"new"})
    assert _only(kept_posts) == KeptPost(NAME, DAY, {"index.md": b"new"})
    assert sorted(outside.rglob("*")) == before


def test_a_build_that_is_killed_between_two_renames_loses_no_post(kept_posts: KeptPosts) -> None:
    """The old post is restored, and deleted if the new one exists."""
    assert kept_posts.keep(DAY, {"index.md": b"old"})
    (kept_posts.folder / NAME).rename(kept_posts.folder / f".aside-{NAME}")
    assert [one.name for one in kept_posts.posts()] == [NAME]
    assert kept_posts.keep(DAY, {"index.md": b"new"})
    assert _only(kept_posts) == KeptPost(NAME, DAY, {"index.md": b"new"})
    assert [path.name for path in kept_posts.folder.iterdir()] == [NAME]


def test_leftovers_of_a_killed_build_are_removed(kept_posts: KeptPosts) -> None:
    """Of this machine or another one; the posts stay."""
    kept_posts.keep(DAY, PAGE)
    _put(kept_posts, ".making-llm-papers-2026-02-26-4711", **{"index.md": b"half"})
    (kept_posts.folder / ".making-days.json").write_text("{", encoding="utf-8")
    assert kept_posts.names() == [NAME]
    assert [path.name for path in kept_posts.folder.iterdir()] == [NAME]


def test_posts_are_read_one_by_one(kept_posts: KeptPosts) -> None:
    """Their names are listed without reading any."""
    names = ["llm-papers-2026-02-26", NAME]
    for name in names:
        kept_posts.keep(date.fromisoformat(name[-10:]), PAGE)
    assert kept_posts.names() == names
    found = kept_posts.posts()
    assert next(found).name == names[0]
    (kept_posts.folder / names[1] / "manifest.json").unlink()
    assert isinstance(next(found), BrokenPost)


def test_many_posts_take_no_more_memory_than_few(tmp_path: Path) -> None:
    """200 posts and 10, each with five images of 100 kB."""
    code = (
        "import sys, resource; from pathlib import Path; from hugo_llmpapers.post.kept_posts import KeptPosts\n"
        "kept_posts = KeptPosts(Path(sys.argv[1]), 'llm-papers'); names = kept_posts.names()\n"
        "assert all(kept_posts.read(names[n % 10]).files for n in range(int(sys.argv[2])))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    kept_posts = KeptPosts(tmp_path, "llm-papers")
    for number in range(10, 20):
        files: dict[str, Any] = {f"paper_{n}.png": os.urandom(100_000) for n in range(1, 6)}
        kept_posts.keep(date(2026, 2, number), PAGE | files)
    taken = []
    for times in ("10", "200"):
        args = [sys.executable, "-c", code, str(tmp_path), times]
        taken.append(int(subprocess.run(args, capture_output=True, check=True).stdout))
    assert taken[1] < taken[0] * 1.05

"""Kept posts, and what a cache may hold in their place."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post.kept_post import BrokenPost, KeptPost
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


def test_what_is_kept_comes_back(kept_posts: KeptPosts) -> None:
    """Pages and pictures in all languages; of the archetype's other files the names."""
    mine = PAGE | {"index.en.md": b"y", "paper_1.png": b"1", "paper_1-2.png": b"2", "paper_1.en.webp": b"3"}
    assert kept_posts.keep(DAY, mine | {"more/cover.svg": b"z"})
    assert _only(kept_posts) == KeptPost(NAME, DAY, mine, ("more/cover.svg",))
    assert not list(kept_posts.folder.rglob("cover.svg"))


def test_a_kept_post_gives_way_to_no_post_with_other_papers(kept_posts: KeptPosts) -> None:
    """One with the same papers and more is a later state of it; another one is told not to be kept."""
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
def test_what_would_not_come_back_is_not_kept(kept_posts: KeptPosts, files: dict[str, bytes]) -> None:
    """So the build that writes it says so, and not the next one."""
    assert not kept_posts.keep(DAY, files)
    assert kept_posts.names() == []


def test_a_cache_of_another_user_is_told(kept_posts: KeptPosts, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the folder, and no traceback."""

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
def test_no_file_of_this_name_is_a_posts(kept_posts: KeptPosts, name: str) -> None:
    """Names that lead out of it, hidden files, pages of their own, programs; neither on Windows."""
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
def test_other_files_are_not_taken_from_the_cache(kept_posts: KeptPosts, name: str) -> None:
    """With their content; who wants one has it from the archetype, or the post stays away."""
    _put(kept_posts, NAME, **{"index.md": b"x", name: b"<script>"})
    found = _only(kept_posts)
    assert isinstance(found, BrokenPost) or (found.files == PAGE and found.archetype_files == (name,))


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"7", b"{}", b"[" * 100_000, b'{"version": 1, "day": 7, "files": {}}', b"\xff"]
)
def test_a_file_that_cannot_be_read_is_told(kept_posts: KeptPosts, content: bytes) -> None:
    """It ends no build, and is no post."""
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
    """It is named among the strangers, and never read."""
    _put(kept_posts, name, **{"index.md": b"x"})
    assert kept_posts.names() == []
    assert kept_posts.unexpected_names() == [name]
    assert kept_posts.read(name) is None


def test_a_post_of_another_day_than_its_folder_is_none(kept_posts: KeptPosts) -> None:
    """A copy under another name would publish the post twice."""
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
@pytest.mark.parametrize("damage", [_link, _pipe, _huge, _device, _folder])
@pytest.mark.parametrize("name", ["files/paper_1.png", "files/index.md", "manifest.json", "../days.json"])
def test_only_plain_files_of_a_usual_size_are_read(
    kept_posts: KeptPosts, name: str, damage: Callable[[Path], None]
) -> None:
    """Without waiting for a pipe's writer, and without reading what is too large: 3 GB are not in 300 MB."""
    kept_posts.keep(DAY, PAGE | {"paper_1.png": b"x"})
    kept_posts.settle(DAY, "nothing")
    damage(kept_posts.folder / NAME / name)
    code = (
        "import sys, resource; from datetime import date; from pathlib import Path; from hugo_llmpapers.post.kept_posts import KeptPosts\n"
        "resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))\n"
        "kept_posts = KeptPosts(Path(sys.argv[1]), 'llm-papers'); print(kept_posts.read('llm-papers-2026-02-27'), kept_posts.settled_days())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(kept_posts.folder)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert ran.stdout.startswith("KeptPost" if name == "../days.json" else "Broken"), ran.stdout
    if name == "../days.json":
        assert ran.stdout.strip().endswith("{}")
    elif damage is not _folder:
        assert Path(name).name in ran.stdout


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("name", [NAME, f"{NAME}/files"])
def test_no_folder_is_a_link(kept_posts: KeptPosts, name: str) -> None:
    """What it leads to is not read, and not changed by the next post of the day."""
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
    """What was set aside is back for the next one, and gone where the new one took its place."""
    assert kept_posts.keep(DAY, {"index.md": b"old"})
    (kept_posts.folder / NAME).rename(kept_posts.folder / f".aside-{NAME}")
    assert [one.name for one in kept_posts.posts()] == [NAME]
    assert kept_posts.keep(DAY, {"index.md": b"new"})
    assert _only(kept_posts) == KeptPost(NAME, DAY, {"index.md": b"new"})
    assert [path.name for path in kept_posts.folder.iterdir()] == [NAME]


def test_what_a_killed_build_was_making_goes(kept_posts: KeptPosts) -> None:
    """Of this machine or of an earlier one, with the next look into the cache; the posts stay."""
    kept_posts.keep(DAY, PAGE)
    _put(kept_posts, ".making-llm-papers-2026-02-26-4711", **{"index.md": b"half"})
    (kept_posts.folder / ".making-days.json").write_text("{", encoding="utf-8")
    assert kept_posts.names() == [NAME]
    assert [path.name for path in kept_posts.folder.iterdir()] == [NAME]


def test_bundles_are_read_one_by_one(kept_posts: KeptPosts) -> None:
    """Memory does not grow with their number: who asks for names reads none, who stops has read no more."""
    names = ["llm-papers-2026-02-26", NAME]
    for name in names:
        kept_posts.keep(date.fromisoformat(name[-10:]), PAGE)
    assert kept_posts.names() == names
    found = kept_posts.posts()
    assert next(found).name == names[0]
    (kept_posts.folder / names[1] / "manifest.json").unlink()
    assert isinstance(next(found), BrokenPost)


def test_a_thousand_posts_take_no_more_kept_posts_than_ten(tmp_path: Path) -> None:
    """Each with five pictures of 100 kB."""
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
    for times in ("10", "1000"):
        args = [sys.executable, "-c", code, str(tmp_path), times]
        taken.append(int(subprocess.run(args, capture_output=True, check=True).stdout))
    assert taken[1] < taken[0] * 1.05

"""What is listed and read of a folder that holds more than templates."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.post import archetype
from hugo_llmpapers.site import files, math
from hugo_llmpapers.site.mounts import Module, check_for_pipes

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


def _odd_things(folder: Path) -> None:
    """A lock of Emacs, a circle of links, a folder, a pipe and a socket that are all called like templates."""
    (folder / ".#a.html").symlink_to("somebody@host.example:1")
    (folder / "circle.html").symlink_to("circle.html")
    (folder / "folder.html").mkdir()
    os.mkfifo(folder / "pipe.html")
    (folder / "to-a-pipe.html").symlink_to("pipe.html")
    here = Path.cwd()
    os.chdir(folder)  # a socket's path may have a hundred characters
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind("socket.html")
    finally:
        os.chdir(here)


@posix
def test_only_regular_files_are_listed(tmp_path: Path) -> None:
    """And links to regular files; folders that are links are not entered."""
    _odd_things(tmp_path)
    (tmp_path / "folder.html" / "b.html").write_text("b", encoding="utf-8")
    (tmp_path / "a.html").symlink_to("folder.html/b.html")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "c.txt").write_text("c", encoding="utf-8")
    assert files.list_files(tmp_path, ".html") == [tmp_path / "a.html", tmp_path / "folder.html" / "b.html"]
    assert files.list_files(tmp_path / "nowhere", "") == []
    assert files.list_files(Path("a\0b"), "") == []


@posix
def test_nothing_but_a_regular_file_is_read(tmp_path: Path) -> None:
    """Opening a pipe does not wait; a device is not read without end."""
    _odd_things(tmp_path)
    for path in [*tmp_path.iterdir(), Path("/dev/zero"), Path("a\0b")]:
        assert files.read_text(path) == ""
    with pytest.raises(OSError, match="not a regular file"):
        files.read_bytes(tmp_path / "pipe.html")


def test_a_file_is_read_up_to_a_size(tmp_path: Path) -> None:
    """Whatever its length."""
    with (tmp_path / "a.html").open("wb") as made:
        made.truncate(files.MAX_BYTES * 10)
    assert len(files.read_bytes(tmp_path / "a.html")) == files.MAX_BYTES


def test_text_has_plain_line_ends(tmp_path: Path) -> None:
    """Invalid UTF-8 is replaced."""
    (tmp_path / "a.html").write_bytes(b"a\r\nb\rc\xff")
    assert files.read_text(tmp_path / "a.html") == "a\nb\nc\ufffd"


@posix
def test_a_deep_tree_is_walked(tmp_path: Path) -> None:
    """Deeper than Python's stack. The test removes the tree, as pytest could not."""
    here, depth = Path.cwd(), 1100
    try:
        os.chdir(tmp_path)
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        assert files.list_files(tmp_path, "") == []
        for _ in range(depth):
            os.chdir("..")
            Path("d").rmdir()
    finally:
        os.chdir(here)


@posix
@pytest.mark.parametrize("target", ["layouts", "i18n", "archetypes", "content/posts"])
def test_a_pipe_that_hugo_would_wait_for_is_named(tmp_path: Path, target: str) -> None:
    """In any folder that a module mounts there; data files are read only if a template reads them."""
    module = Module(tmp_path, ((tmp_path / "made", target),))
    check_for_pipes([module], [])
    (tmp_path / "made" / "below").mkdir(parents=True)
    os.mkfifo(tmp_path / "made" / "below" / "x.html")
    with pytest.raises(SetupError, match=r"below/x\.html is a named pipe"):
        check_for_pipes([module], [])
    check_for_pipes([Module(tmp_path, ((tmp_path / "made", "data"),))], [])


@posix
def test_templates_are_read_among_odd_files(tmp_path: Path) -> None:
    """By both functions that read them."""
    layouts = tmp_path / "layouts"
    layouts.mkdir()
    _odd_things(layouts)
    (layouts / "head.html").write_text("mathjax '$' usePageBundles", encoding="utf-8")
    assert math.detect_mathematics({"params": {"math": True}}, [tmp_path], "") is not None
    assert archetype.reads_page_bundles([tmp_path])

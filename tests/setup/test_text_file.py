"""The owner's files are written atomically, and only within the site."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hugo_llmpapers.setup.changes import CannotEdit, read, write


def test_properties_of_the_file_are_kept(tmp_path: Path) -> None:
    """Byte order mark, line ends, permissions."""
    path = tmp_path / "hugo.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\nc = 3\n")
    path.chmod(0o640)
    file = read(tmp_path, "hugo.toml")
    assert (file.text, file.newline) == ("a = 1\r\nb = 2\r\nc = 3\n", "\r\n")
    write(tmp_path, file, file.text + "d = 4\r\n")
    assert path.read_bytes() == b"\xef\xbb\xbfa = 1\r\nb = 2\r\nc = 3\nd = 4\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640 or os.name == "nt"


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    """Its folders are created; no temporary file is left."""
    plain = tmp_path / "plain"
    plain.touch()
    write(tmp_path, read(tmp_path, ".vscode/tasks.json"), "{}")
    assert (tmp_path / ".vscode" / "tasks.json").stat().st_mode == plain.stat().st_mode
    assert [p.name for p in (tmp_path / ".vscode").iterdir()] == ["tasks.json"]


def test_a_link_within_the_site_is_kept(tmp_path: Path) -> None:
    """Its target is written."""
    (tmp_path / "real.toml").write_text("a = 1\n", encoding="utf-8")
    (tmp_path / "hugo.toml").symlink_to("real.toml")
    file = read(tmp_path, "hugo.toml")
    write(tmp_path, file, "a = 2\n")
    assert (tmp_path / "hugo.toml").is_symlink()
    assert (tmp_path / "real.toml").read_bytes() == b"a = 2\n"


def _link_out(root: Path) -> None:
    (root.parent / "elsewhere").mkdir()
    (root / "x").symlink_to(root.parent / "elsewhere")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_link_out, "outside of the site"),
        (lambda root: (root / "x").write_text("a file"), "is a file"),
        (lambda root: (root / "x" / "y.json").mkdir(parents=True), "is a folder"),
        (lambda root: (root / "x").symlink_to("x"), "link to itself"),
        (lambda root: ((root / "x").mkdir(), (root / "x" / "y.json").write_bytes(b"a\n\xff")), "in line 2"),
    ],
    ids=["a link out", "a file for a folder", "a folder for a file", "a circle", "not UTF-8"],
)
def test_files_that_cannot_be_written_are_found_by_reading(tmp_path: Path, make: object, words: str) -> None:
    """With a reason and a remedy."""
    root = tmp_path / "site"
    root.mkdir()
    make(root)  # type: ignore[operator]
    with pytest.raises(CannotEdit, match=words) as raised:
        read(root, "x/y.json")
    assert raised.value.remedy


@pytest.mark.parametrize("before", [None, b"a = 1\n"])
def test_a_file_that_changed_meanwhile_is_not_written(tmp_path: Path, before: bytes | None) -> None:
    """The owner saved it while the question was open."""
    path = tmp_path / "hugo.toml"
    if before is not None:
        path.write_bytes(before)
    file = read(tmp_path, "hugo.toml")
    path.write_bytes(b"saved\n")
    with pytest.raises(CannotEdit, match="in the meantime"):
        write(tmp_path, file, "ours\n")
    assert path.read_bytes() == b"saved\n"
    assert [p.name for p in tmp_path.iterdir()] == ["hugo.toml"]

"""What Hugo creates while it reads the configuration is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from hugo_llmpapers.site.hugo_program import untouched


def _made(root: Path) -> list[Path]:
    (root / "themes" / "a").mkdir(parents=True, exist_ok=True)
    return [root / "hugo_stats.json", root / "themes" / "a" / "hugo_stats.json"]


def test_empty_files_are_removed(tmp_path: Path) -> None:
    """Files and the publish folder."""
    paths = _made(tmp_path)
    with untouched(tmp_path):
        (tmp_path / "public").mkdir()
        for path in paths:
            path.touch()
    assert [path for path in (*paths, tmp_path / "public") if path.exists()] == []


def test_other_files_stay(tmp_path: Path) -> None:
    """Somebody else's build may run at the same time."""
    written, empty = _made(tmp_path)
    empty.touch()
    with untouched(tmp_path):
        written.write_text("{}", encoding="utf-8")
        (tmp_path / "public" / "posts").mkdir(parents=True)
        (tmp_path / "elsewhere").touch()
    assert all(path.exists() for path in (written, empty, tmp_path / "public" / "posts", tmp_path / "elsewhere"))


def test_links_stay(tmp_path: Path) -> None:
    """Hugo does not create links."""
    link, _ = _made(tmp_path)
    with untouched(tmp_path):
        link.symlink_to(tmp_path / "nowhere")
    assert link.is_symlink()


def test_the_last_of_several_commands_removes_the_files(tmp_path: Path) -> None:
    """Earlier, another command might still read them."""
    path, _ = _made(tmp_path)
    with untouched(tmp_path):
        path.touch()
        with untouched(tmp_path):
            pass
        assert path.exists()
    assert not path.exists()


def test_files_are_removed_after_a_failure(tmp_path: Path) -> None:
    """Such as a timeout."""
    path, _ = _made(tmp_path)

    def command() -> None:
        with untouched(tmp_path):
            path.touch()
            raise TimeoutError

    with pytest.raises(TimeoutError):
        command()
    assert not path.exists()
    with untouched(tmp_path):
        path.touch()
    assert not path.exists()

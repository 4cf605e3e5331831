"""Imports point downward only, and the outside stays at the edge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "hugo_llmpapers"
RECORDS = {"errors", "records", "temporary"}
"""Files beside the rooms, which every room may import."""
ROOMS = {
    "cli": {
        "doctor",
        "pipeline",
        "setup",
        "post",
        "summaries",
        "site",
        "sources",
        "web",
        "figures",
        "text",
        "sample",
        "",
    },
    "doctor": {"pipeline", "post", "summaries", "site", "sources", "web", "figures"},
    "pipeline": {"post", "summaries", "site", "sources", "web", "figures"},
    "setup": {"post", "site"},
    "post": {"summaries", "site", "sources", "web", "text"},
    "summaries": {"site", "web", "text"},
    "site": {"sources", "web", "text"},
    "sources": {"web", "figures"},
    "web": set[str](),
    "figures": set[str](),
    "text": set[str](),
    "sample": set[str](),
}
"""What the files of each room may import besides their own and RECORDS: rooms below it. "" is the package, for its version."""


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def _imports(path: Path) -> Iterator[str]:
    """Rooms of ours that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "hugo_llmpapers":
            rest = node.module.split(".")[1:]
            rooms = {*ROOMS, *RECORDS}
            yield from [rest[0]] if rest else [a.name if a.name in rooms else "" for a in node.names]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("hugo_llmpapers."))


def test_the_package_is_these_rooms() -> None:
    """And few files beside them; no folder is too long to look through."""
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir()} - {"__pycache__"} == set(ROOMS)
    assert {path.stem for path in PACKAGE.glob("*.py")} == {*RECORDS, "__init__", "__main__"}
    folders = [path for path in (PACKAGE, *PACKAGE.rglob("*")) if path.is_dir() and path.name != "__pycache__"]
    assert {str(folder) for folder in folders if len(list(folder.glob("*.*"))) > 20} == set()


def test_rooms_only_know_rooms_below_them() -> None:
    """The table goes from the top to the bottom."""
    for number, allowed in enumerate(ROOMS.values()):
        assert allowed - {""} <= set(list(ROOMS)[number + 1 :])


@pytest.mark.parametrize("path", _files(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_downward(path: Path) -> None:
    """Each room imports only what the table lets it."""
    room = _room(path)
    allowed = {"__main__": {"cli"}, "records": {"errors"}, "temporary": {"errors"}}.get(room, ROOMS.get(room, set()))
    assert set(_imports(path)) <= allowed | ({room, *RECORDS} if room in ROOMS else set())


@pytest.mark.parametrize("path", _files(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_only_the_command_line_prints_and_reads_clock_and_environment(path: Path) -> None:
    """No print, no environment, no wall clock, no exit outside cli/ (a worker process has a surface of its own)."""
    if _room(path) in {"cli", "figures"}:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
        assert called not in {"print", "sys.exit", "exit", "datetime.now", "date.today", "os.getenv"}
        assert not (isinstance(node, ast.Attribute) and ast.unparse(node) == "os.environ")


def test_files_are_small_enough_to_see() -> None:
    """A room that outgrows 350 lines is two."""
    assert [p.name for p in _files() if len(p.read_text(encoding="utf-8").splitlines()) > 350] == []

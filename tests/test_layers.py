"""Imports point downward only, and the outside stays at the edge."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "hugo_llmpapers"
RECORDS = {"models", "errors"}
PURE = RECORDS | {
    "addresses", "announcements", "appeals", "arxiv_id", "blame", "checks", "content_files", "days", "excerpt", "formula", "frontmatter", "grounding",
    "hugo_tokens", "jsonc", "latex", "latex_commands", "latex_unicode", "loopback", "markdown", "merge", "model_names", "numerals", "paper_words",
    "patching", "prices", "prompt", "quotations", "rank", "schedule", "sensitive", "sensitive_words", "spelt", "toml", "tongues", "topic", "touting_words", "units",
    "values", "vscode",
}  # fmt: skip
SETTINGS = PURE | {"settings"}
EDGES = SETTINGS | {
    "account", "archetype", "attempt", "batches", "bundle", "cache", "cachefolder", "cacheplace", "changes", "childenv", "children", "claude", "claude_errors",
    "configblock", "contract", "details", "figures", "files", "git", "hidden", "history", "hosts", "http", "hugo", "hugo_versions", "identity", "intime", "keptpost", "locks",
    "mathematics", "memory", "modules", "mounts", "origins", "ownership", "pace", "patience", "pictures", "place", "probe", "rendering", "scratch",
    "sdk", "shape", "shared", "shown", "site", "summaries", "suspects", "temporary", "textfile", "untouched",
}  # fmt: skip
SOURCES = EDGES | {"sources"}
STORY = SOURCES | {
    "pdfs", "gather", "take", "outcomes", "orders", "tools", "selection", "run", "refresh", "shelf", "questions", "backfill", "init", "doctor", "publishable", "translations", "prebuild",
}  # fmt: skip
MAY_IMPORT = {
    **dict.fromkeys(RECORDS, RECORDS),
    **dict.fromkeys(PURE - RECORDS, PURE),
    "settings": SETTINGS,
    **dict.fromkeys(EDGES - SETTINGS, EDGES),
    "sources": RECORDS | {"addresses", "announcements", "arxiv_id", "attempt", "http", "sources"},
    "figures": RECORDS | {"figures"},
    **dict.fromkeys(STORY - SOURCES, STORY),
    "sample": {"sample"},
    "cli": STORY | {"cli", "sample", ""},
    "__main__": {"cli"},
    "__init__": set[str](),
}
"""What each room may import. "" is the package itself, for its version."""


def _files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _room(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else path.stem


def _imports(path: Path) -> Iterator[str]:
    """Rooms of ours that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "hugo_llmpapers":
            rest = node.module.split(".")[1:]
            rooms = {p.stem for p in PACKAGE.iterdir()}
            yield from [rest[0]] if rest else [a.name if a.name in rooms else "" for a in node.names]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("hugo_llmpapers."))


@pytest.mark.parametrize("path", _files(), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_downward(path: Path) -> None:
    """Each room imports only what the table lets it."""
    assert set(_imports(path)) <= MAY_IMPORT[_room(path)]


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

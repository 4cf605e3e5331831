"""What counts as a key for Claude."""

from __future__ import annotations

from pathlib import Path

import pytest

from hugo_llmpapers.cli.credentials import has_credentials


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, False),
        ({"notes.txt": "x"}, False),
        ({"configs/notes.txt": "x", "credentials/default.json": "{}"}, False),
        ({"configs/work.json": "{}"}, False),
        ({"configs/default.json": "{}"}, True),
        ({"configs/work.json": "{}", "active_config": "work\n"}, True),
        ({"configs/default.json": "{}", "active_config": "work"}, False),
    ],
)
def test_only_the_active_profile_of_the_sdk_lets_it_in(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    """Other files of its folder do not keep `summarizer = "auto"` from excerpts."""
    folder = tmp_path / ".config" / "anthropic"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    assert has_credentials({"HOME": str(tmp_path)}) is expected
    assert has_credentials({"HOME": "/nowhere", "ANTHROPIC_CONFIG_DIR": str(folder)}) is expected
    assert has_credentials({"HOME": str(tmp_path), "ANTHROPIC_API_KEY": "sk-x"})

"""Where `init` puts the settings."""

from __future__ import annotations

from pathlib import Path

from hugo_llmpapers.setup.init import _settings_file


def test_settings_go_where_every_environment_reads_them(tmp_path: Path) -> None:
    """Not into the folder of one environment while `_default` has a file for them."""
    default, production = (tmp_path / "config" / name for name in ("_default/hugo.toml", "production/params.toml"))
    assert _settings_file([production, default], tmp_path) == (default, False)
    assert _settings_file([production], tmp_path) == (production, True)

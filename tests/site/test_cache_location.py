"""Where the cache may be."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.errors import SetupError
from hugo_llmpapers.site.open_blog import find_cache
from hugo_llmpapers.web.cache import Cache


def test_ours_is_always_a_folder_below(tmp_path: Path) -> None:
    """Of what the setting names, or of Hugo's own; only the setting had another place before."""
    config = {"cachedir": str(tmp_path / "hugo")}
    assert find_cache(None, config, tmp_path / "site") == Cache(tmp_path / "hugo" / "llmpapers")
    named = tmp_path / "site" / ".cache"
    assert find_cache(".cache", config, tmp_path / "site") == Cache(named / "llmpapers", named)
    assert find_cache(str(tmp_path), config, tmp_path / "site") == Cache(tmp_path / "llmpapers", tmp_path)


@pytest.mark.parametrize(
    ("cache_dir", "config"),
    [
        ("content", {}), ("static", {}), ("assets/cache", {}), ("data", {}), ("layouts", {}), ("archetypes", {}), ("i18n", {}), ("themes", {}),
        ("public", {}), ("./content/../static", {}), ("themes/x/static", {}), ("_vendor", {}),
        ("docs", {"publishdir": "docs"}),
        ("files", {"staticdir": ["static", "files"]}),
        ("files", {"staticdir0": "files"}),
        ("notes", {"languages": {"en": {}, "ja": {"contentdir": "notes"}}}),
        ("src/x", {"module": {"mounts": [{"source": "src", "target": "content/x"}]}}),
        ("shared", {"module": {"mounts": [{"source": ["a", "shared"], "target": "assets"}]}}),
        (None, {"cachedir": "{root}/static/cache"}),
    ],
    ids=str,
)  # fmt: skip
def test_a_folder_of_the_site_is_refused(tmp_path: Path, cache_dir: str | None, config: dict[str, Any]) -> None:
    """What lies there may be published, and Hugo reads it; the failure names the folder and what to do."""
    if "cachedir" in config:
        config = {"cachedir": config["cachedir"].format(root=tmp_path)}
    with pytest.raises(SetupError, match="site's files") as caught:
        find_cache(cache_dir, config, tmp_path)
    assert "cacheDir" in caught.value.remedy


@pytest.mark.parametrize("cache_dir", ["contents", ".cache", "..", "resources/cache", "a/content", "~"])
def test_any_other_folder_will_do(tmp_path: Path, cache_dir: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also one whose name begins with that of a folder of the site."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    find_cache(cache_dir, {"contentdir": "content"}, tmp_path / "site")


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
@pytest.mark.parametrize("linked", ["cache", "ours", "content"])
def test_a_link_does_not_hide_it(tmp_path: Path, linked: str) -> None:
    """Neither one to a folder of the site, nor one in its place."""
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "content" if linked != "content" else elsewhere).mkdir()
    cache_dir = "cache"
    if linked == "cache":
        (tmp_path / "cache").symlink_to(tmp_path / "content")
    elif linked == "ours":
        (tmp_path / "cache").mkdir()
        (tmp_path / "cache" / "llmpapers").symlink_to(tmp_path / "content")
    else:
        (tmp_path / "content").symlink_to(elsewhere)
        cache_dir = str(elsewhere)
    with pytest.raises(SetupError, match="site's files"):
        find_cache(cache_dir, {}, tmp_path)

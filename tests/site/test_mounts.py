"""Which folders a site mounts as content, and whether its configuration has mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hugo_llmpapers.site.mounts import content_mounts, has_mounts, mount_of

ROOT = Path("/blog")


@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("hugo.toml", "[[module.mounts]]\nsource = 'a'\n", True),
        ("hugo.toml", "[Module]\nMounts = [{source = 'a', target = 'content'}]\n", True),
        ("module.toml", "[[mounts]]\nsource = 'a'\n", True),
        ("hugo.toml", "[[module.imports]]\npath = 'x'\n[[module.imports.mounts]]\nsource = 'a'\n", False),
        ("hugo.toml", "[params]\nmounts = 'a'\n", False),
        ("hugo.toml", "# [[module.mounts]]\n", False),
        ("hugo.json", '{"module": {"mounts": [{}]}}', True),
        ("hugo.json", '{"params": {"mounts": [{}]}}', False),
        ("hugo.yaml", "module:\n  imports: []\n\n  # here\n  mounts:\n    - source: a\n", True),
        ("hugo.yaml", "module: {mounts: [{source: a}]}\n", True),
        ("module.yaml", "mounts:\n- source: a\n", True),
        ("hugo.yaml", "module:\n  imports:\n    - path: x\n      mounts: []\n", False),
        ("hugo.yaml", "module:\n  imports: []\nparams:\n  mounts: 3\n", False),
        ("hugo.toml", "mounts = [", True),
    ],
)
def test_whether_a_file_has_mounts(tmp_path: Path, name: str, text: str, named: bool) -> None:
    """The site's, not those of an import or of another key; a broken file may have some."""
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert has_mounts(tmp_path / name) is named


def test_content_without_mounts_is_the_content_folder() -> None:
    """Which may lie outside."""
    (mount,) = content_mounts({"contentdir": "../pages"}, ROOT)
    assert (mount.source, mount.target, mount.languages) == (Path("/pages"), "", ())


def test_a_language_is_named_in_either_way() -> None:
    """`lang` until 0.152, `sites.matrix` since; unset options are left out, as Hugo prints but does not accept them."""
    mounts = [
        {"source": "content/en", "target": "content", "lang": "en", "excludefiles": None},
        {"source": "content/ja", "target": "content", "sites": {"matrix": {"languages": ["ja"], "roles": None}}},
        {"source": "layouts", "target": "layouts"},
    ]
    found = list(content_mounts({"module": {"mounts": mounts}}, ROOT))
    assert [(mount.source, mount.languages) for mount in found] == [
        (ROOT / "content/en", ("en",)),
        (ROOT / "content/ja", ("ja",)),
    ]
    assert [mount.options for mount in found] == [{"lang": "en"}, {"sites": {"matrix": {"languages": ["ja"]}}}]


def test_the_closest_mount_holds_a_section() -> None:
    """And of two that are as close, the language's own."""
    mounts = [
        {"source": "content", "target": "content"},
        {"source": "ja", "target": "content", "lang": "ja"},
        {"source": "articles", "target": "content/blog"},
    ]
    found = list(content_mounts({"module": {"mounts": mounts}}, ROOT))
    assert mount_of("posts", found, ROOT).source == ROOT / "ja"
    assert mount_of("blog/papers", found, ROOT).source == ROOT / "articles"
    assert mount_of("blogger", found, ROOT).source == ROOT / "ja"
    assert mount_of("posts", [], ROOT).source == ROOT / "content"

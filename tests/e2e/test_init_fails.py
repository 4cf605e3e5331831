"""Files that `init` cannot write: each is reported and kept, and the others are written."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.test_init import BASE, JAPANESE, action, changed, site
from tests.e2e.test_new_fails import assert_clear
from tests.tool import COMMAND, Blog

SETTINGS, TASKS, ARCHETYPE = "hugo.toml", ".vscode/tasks.json", "archetypes/llm-papers.md"


def _blocked(blog: Blog, name: str, *words: str) -> None:
    """Run init and check that one file is unchanged, with a reason, a remedy and exit code 1, and the others are written."""
    path = blog.root / name
    before, earlier = path.read_bytes() if path.is_file() else None, changed(blog)
    ran = blog.run("init", "--yes")
    assert ran.code == 1, ran.err
    lines = ran.err.splitlines()
    at = next(
        n
        for n, line in enumerate(lines)
        if re.match(rf"(hugo-llmpapers|.*{re.escape(name)}:\d+:\d+: error): {re.escape(name)} ", line)
    )
    assert lines[at + 1].startswith("  ")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in lines[at] + lines[at + 1], lines
    assert (path.read_bytes() if path.is_file() else None) == before
    assert {SETTINGS, TASKS, ARCHETYPE} - (changed(blog) - earlier) == {name}
    assert blog.run("init", "--json").json()["status"] == "unchanged"


def test_not_a_hugo_site(tmp_path: Path) -> None:
    """An empty folder stays empty."""
    (tmp_path / "empty").mkdir()
    blog = Blog(tmp_path / "empty", tmp_path)
    assert_clear(blog.run("init", "--yes"), 3, "is not a Hugo site", "--source")
    assert list(blog.root.iterdir()) == []


def test_a_configuration_that_hugo_cannot_read(tmp_path: Path) -> None:
    """Hugo's message is shown, and nothing is written."""
    blog = site(tmp_path, BASE + "params = [\n")
    assert_clear(blog.run("init", "--yes"), 3, "hugo.toml:")
    assert changed(blog) == set()


def test_yes_with_dry_run(tmp_path: Path) -> None:
    """They contradict each other."""
    assert_clear(site(tmp_path, BASE).run("init", "--yes", "--dry-run"), 2, "--dry-run")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{\n  // c\n  "tasks": [ }\n', (f"{TASKS}:3:14: error: ", "line 3, column 14", "run init again")),
        ('["a"]\n', ("not an object with a list",)),
        ('{"tasks": {"label": "a"}}\n', ("not an object with a list",)),
    ],
)
def test_a_broken_tasks_file(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    """Line and column are reported."""
    _blocked(site(tmp_path, JAPANESE, {TASKS: text}), TASKS, *words)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    """An old editor saved it in Shift JIS."""
    blog = site(tmp_path, JAPANESE)
    (blog.root / ".vscode").mkdir()
    (blog.root / TASKS).write_bytes('{\n"tasks": [{"label": "記事"}]}'.encode("shift_jis"))
    _blocked(blog, TASKS, "not UTF-8 in line 2")


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    """It is not moved."""
    _blocked(site(tmp_path, JAPANESE, {"archetypes": "notes\n"}), ARCHETYPE, "is a file")


def test_a_link_that_leads_out_of_the_site(tmp_path: Path) -> None:
    """Other sites may use its target."""
    blog = site(tmp_path, JAPANESE)
    shared = tmp_path / "shared"
    shared.mkdir()
    (blog.root / ".vscode").symlink_to(shared)
    _blocked(blog, TASKS, "outside of the site")
    assert list(shared.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs a shell's limit")
def test_a_disk_that_is_full(tmp_path: Path) -> None:
    """What fits is written; of other files nothing is left, and the system's reason is shown."""
    blog = site(tmp_path, JAPANESE)
    # Files may have 2 kB: the archetype and the tasks have more.
    limited = f'ulimit -f 4; exec "{COMMAND}" init --yes --source "{blog.root}"'
    done = subprocess.run(
        ["/bin/sh", "-c", limited], env=blog.environ(), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 1, done.stderr
    for name in (ARCHETYPE, TASKS):
        assert f"hugo-llmpapers: {name} cannot be written: File too large." in done.stderr
    assert "Traceback" not in done.stderr
    assert "Wrote 2 files" in done.stderr
    assert changed(blog) == {SETTINGS, ".gitignore"}
    assert list((blog.root / "archetypes").iterdir()) == list((blog.root / ".vscode").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "config", "words"),
    [
        ("hugo.yaml", "baseURL: https://e.org/\nparams: {a: 1}\n", ("no place", "llmpapers")),
        ("hugo.toml", 'baseURL = "https://e.org/"\nparams = {a = 1}\n', ("no place", "llmpapers")),
        ("hugo.json", '{"baseURL": "https://e.org/"}', ("no comments", '"count": 5')),
    ],
)
def test_a_configuration_without_a_place_for_comments(
    tmp_path: Path, name: str, config: str, words: tuple[str, ...]
) -> None:
    """It is not an error; the lines to add are printed."""
    blog = site(tmp_path, config, name=name)
    ran = blog.run("init", "--yes")
    assert ran.code == 0, ran.err
    for word in words:
        assert word in ran.out
    assert name not in changed(blog)


def test_an_existing_archetype_is_kept(tmp_path: Path) -> None:
    """A warning says that it prints no papers."""
    text = "---\ntitle: my own\n---\n"
    blog = site(tmp_path, JAPANESE, {ARCHETYPE: text})
    ran = blog.run("init", "--yes", "--json")
    assert ran.code == 0, ran.err
    assert action(ran, "archetype") == "manual"
    assert "llm-papers.json" in ran.json()["files"][0]["reason"]
    assert (blog.root / ARCHETYPE).read_text(encoding="utf-8") == text


def test_an_archetype_of_the_theme_counts(tmp_path: Path) -> None:
    """A file of the same name in the site would hide it."""
    theirs = '{{ with resources.Get "llm-papers.json" }}{{ end }}---\ntitle: x\n---\n'
    blog = site(tmp_path, JAPANESE + 'theme = "t"\n', {"themes/t/archetypes/llm-papers.md": theirs})
    assert action(blog.run("init", "--yes", "--json"), "archetype") == "unchanged"
    assert ARCHETYPE not in changed(blog)


def test_an_archetype_named_in_the_settings_is_created(tmp_path: Path) -> None:
    """Without it, `new` would fail."""
    blog = site(tmp_path, JAPANESE + '[params.llmpapers]\narchetype = "papers"\n')
    assert blog.run("new", "--sample", "--print").code == 3
    assert blog.run("init", "--yes").code == 0
    assert (blog.root / "archetypes" / "papers.md").is_file()
    assert blog.run("new", "--sample", "--print").code == 0


def test_a_shortcode_without_a_label_is_reported(tmp_path: Path) -> None:
    """It is not replaced, as other pages may use it."""
    template = "<details><summary>Details</summary>{{ .Inner }}</details>"
    blog = site(tmp_path, JAPANESE, {"layouts/shortcodes/details.html": template})
    ran = blog.run("init", "--yes")
    assert ran.code == 0
    assert "takes no label" in ran.out
    assert "layouts/shortcodes/details.html" not in changed(blog)


def test_quiet_prints_only_the_files(tmp_path: Path) -> None:
    """One line each on stdout, nothing on stderr."""
    ran = site(tmp_path, JAPANESE).run("init", "--yes", "--quiet")
    assert ran.err == ""
    actions = ["create", "unchanged", "append", "create", "create"]
    assert [line.split()[0] for line in ran.out.splitlines()] == actions

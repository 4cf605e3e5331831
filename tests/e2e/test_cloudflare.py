"""The README's build command for Cloudflare Pages, in a shallow clone with the environment of its build system v3."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

import hugo_llmpapers
from tests.conftest import ROOT
from tests.tool import CLOCK, COMMAND, Blog, Result, hugo_program
from tests.upstream import Fault, Upstream

POST = "llm-papers-2026-02-27"
V3 = {
    "CI": "true",
    "CF_PAGES": "1",
    "CF_PAGES_BRANCH": "main",
    "CF_PAGES_COMMIT_SHA": "0" * 40,
    "CF_PAGES_URL": "https://0.blog.pages.dev",
    # It says that it is Netlify, too: Hugo's helpers/path.go has to tell them apart.
    "NETLIFY": "true",
    "HUGO_VERSION": "0.147.7",
}
"""https://developers.cloudflare.com/pages/configuration/build-configuration/#environment-variables"""


def _block(name: str) -> str:
    """What the README shows between these markers."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.findall(rf"<!-- cloudflare {name} -->\n```\w*\n(.*?)```\n<!-- end -->", readme, re.DOTALL)
    assert len(found) == 1, name
    return str(found[0])


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """The tool on the path, with the clock of the test; `requirements.txt` has installed it there."""
    folder = tmp_path / "programs"
    folder.mkdir()
    script = folder / "hugo-llmpapers"
    script.write_text(f'#!/bin/sh\nexec "{COMMAND}" "$@" --clock {CLOCK}\n', encoding="utf-8")
    script.chmod(0o755)
    return folder


@pytest.fixture
def clone(blog: Blog, tmp_path: Path) -> Blog:
    """As Pages makes it: the last commit only, on a machine without a cache."""
    git = ["git", "-c", "user.name=Ada Kiesel", "-c", "user.email=ada@example.org", "-C", str(blog.root)]
    for args in (["init", "-q", "-b", "main"], ["add", "-A"], *[["commit", "-q", "--allow-empty", "-m", "one"]] * 2):
        subprocess.run([*git, *args], check=True, env=blog.environ())
    root = tmp_path / "machine" / "repo"
    (root.parent / ".cache").mkdir(parents=True)  # without it, Hugo takes a folder that all tests would share
    subprocess.run(["git", "clone", "-q", "--depth=1", blog.root.as_uri(), str(root)], check=True, env=blog.environ())
    return Blog(root, root.parent)


def _build(clone: Blog, programs: Path, upstream: Upstream, **environ: str) -> Result:
    """The documented command, as Pages runs it: in the clone, its exit code deciding about the deploy."""
    path = os.pathsep.join(map(str, [programs, Path(hugo_program()).parent, "/usr/bin", "/bin"]))
    variables = {name: value for name, value in clone.environ().items() if name != "HUGO_CACHEDIR"}
    few = {"HUGO_PARAMS_LLMPAPERS_COUNT": "2", "HUGO_PARAMS_LLMPAPERS_FIGURES": "false"}
    ran = subprocess.run(
        ["bash", "-c", _block("command")],
        cwd=clone.root,
        env={**variables, **upstream.environ(), **V3, **few, "PATH": path, **environ},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert "sk-ant-test" not in ran.stdout + ran.stderr
    return Result(ran.returncode, ran.stdout, ran.stderr)


def _published(clone: Blog) -> bool:
    """Whether the post is on the site that was built; the site itself always is."""
    assert (clone.root / "public" / "index.html").is_file()
    return (clone.root / "public" / POST / "index.html").is_file()


def test_the_post_is_published_and_its_end_foretold(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """The day's post is on the site; that it will not last is said, with the way out."""
    ran = _build(clone, programs, upstream)
    assert ran.code == 0, ran.err
    assert _published(clone)
    assert "Cloudflare keeps nothing of a build for the next" in ran.err
    assert "Write posts in a scheduled workflow and commit" in ran.err
    assert "This clone is shallow" in ran.err


def test_a_committed_post_costs_nothing(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """The way out: a build that finds the days' posts in the checkout asks nobody."""
    for day in ("24", "25", "26", "27"):
        page = clone.post(f"llm-papers-2026-02-{day}") / "index.md"
        page.parent.mkdir()
        text = f"---\ntitle: committed\ndate: 2026-02-{day}\nurl: llm-papers-2026-02-{day}\n---\nmine\n"
        page.write_text(text, encoding="utf-8")
    ran = _build(clone, programs, upstream)
    assert ran.code == 0, ran.err
    assert _published(clone)
    assert upstream.journal == []


def test_a_branch_is_a_preview(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """It is built without a post, and nobody is asked."""
    ran = _build(clone, programs, upstream, CF_PAGES_BRANCH="try-it")
    assert ran.code == 0
    assert not _published(clone)
    assert "a preview: its branch is try-it" in ran.err
    assert upstream.journal == []


def test_the_production_branch_may_have_another_name(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """The variable of the README's table."""
    ran = _build(clone, programs, upstream, CF_PAGES_BRANCH="live", HUGO_LLMPAPERS_BRANCH="live")
    assert ran.code == 0
    assert _published(clone)


def test_no_key(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """The variable was forgotten: said with the remedy, and the site is built."""
    ran = _build(clone, programs, upstream, ANTHROPIC_API_KEY="")
    assert ran.code == 0
    assert not _published(clone)
    assert "there is no Claude API key" in ran.err
    assert "Set ANTHROPIC_API_KEY for this build" in ran.err


def test_arxiv_is_down(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """The other sources write the post; with all of them down the site is built without."""
    dead = Fault(503, b"down", headers={"retry-after": "3600"})
    upstream.faults |= dict.fromkeys(("arxiv", "oai", "huggingface", "semanticscholar"), dead)
    ran = _build(clone, programs, upstream)
    assert ran.code == 0
    assert not _published(clone)
    assert f"no post of {CLOCK[:10]}: No source could be reached" in ran.err
    del upstream.faults["huggingface"], upstream.faults["semanticscholar"]
    assert _build(clone, programs, upstream).code == 0
    assert _published(clone)


def test_the_tool_is_not_there(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """`requirements.txt` was forgotten, or SKIP_DEPENDENCY_INSTALL set: the shell says so, and the site is built."""
    (programs / "hugo-llmpapers").unlink()
    ran = _build(clone, programs, upstream)
    assert ran.code == 0
    assert not _published(clone)
    assert "hugo-llmpapers: command not found" in ran.err


def test_a_site_that_does_not_build_is_not_deployed(clone: Blog, programs: Path, upstream: Upstream) -> None:
    """Hugo's exit code is the command's."""
    (clone.root / "layouts" / "index.html").write_text("{{ nonsense }}", encoding="utf-8")
    assert _build(clone, programs, upstream).code != 0


def test_the_requirements_name_this_version() -> None:
    """The README's requirements.txt pins the version it comes with."""
    assert _block("requirements").strip() == f"hugo-llmpapers=={hugo_llmpapers.__version__}"

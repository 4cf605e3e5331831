"""Netlify's own build engine on the example site: fresh clones, with nothing carried over but the engine's cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

import hugo_llmpapers
from tests.conftest import ROOT
from tests.tool import COMMAND, OFFLINE, Blog, hugo_program
from tests.upstream import Fault, Upstream

ENGINE = ROOT / ".ci" / "netlify" / "node_modules" / "@netlify" / "build" / "bin.js"
NODE = shutil.which("node")
FIRST, SECOND = "2026-02-27T07:02:00+09:00", "2026-02-28T07:02:00+09:00"
POSTS = ["llm-papers-2026-02-27", "llm-papers-2026-02-28"]
SECRETS = {"ANTHROPIC_API_KEY": "sk-ant-secret-1", "S2_API_KEY": "s2-secret-2", "HF_TOKEN": "hf-secret-3"}
DEAD = Fault(503, b"down")

pytestmark = pytest.mark.skipif(
    not os.environ.get("CI") and (NODE is None or not ENGINE.is_file()),
    reason="the engine is missing: npm ci --prefix .ci/netlify",
)


@dataclass(frozen=True)
class Ran:
    """A build."""

    code: int
    log: str
    site: Blog

    def posts(self) -> list[str]:
        """In the clone, after it."""
        return [name for name in self.site.posts() if name.startswith("llm-papers")]

    def published(self) -> list[str]:
        """In the folder that Netlify would publish."""
        return sorted(page.parent.name for page in (self.site.root / "public").glob("llm-papers-*/index.html"))


@dataclass(frozen=True)
class Netlify:
    """The site's repository, the host's cache, and what its image has."""

    repository: Blog
    cache: Path
    programs: Path

    def build(self, upstream: Upstream, clock: str = FIRST, context: str = "production", **environ: str) -> Ran:
        """One build at that time, on a machine of its own. No key is in what it says or keeps."""
        assert NODE is not None and ENGINE.is_file(), "the engine is missing: npm ci --prefix .ci/netlify"
        home = self.cache.parent / f"machine-{len(list(self.cache.parent.glob('machine-*')))}"
        site = Blog(home / "repo", home)
        (home / ".cache").mkdir(parents=True)  # without it, Hugo takes a folder that all tests would share
        subprocess.run(
            ["git", "clone", "-q", str(self.repository.root), str(site.root)], check=True, env=site.environ()
        )
        variables = {
            **{name: value for name, value in site.environ().items() if name != "HUGO_CACHEDIR"},
            **upstream.environ(),
            **SECRETS,
            "PATH": os.pathsep.join(map(str, [self.programs, Path(hugo_program()).parent, "/usr/bin", "/bin"])),
            "TEST_CLOCK": clock,
            "NETLIFY": "true",
            "CI": "true",
            "URL": "https://blog.example",
            "BUILD_TELEMETRY_DISABLED": "1",
            "HUGO_PARAMS_LLMPAPERS_COUNT": "2",
            "HUGO_PARAMS_LLMPAPERS_FIGURES": "false",
            **environ,
        }
        flags = ["--offline", "--context", context, "--branch", "main", "--cacheDir", str(self.cache)]
        ran = subprocess.run(
            [NODE, str(ENGINE), *flags, "--cwd", str(site.root), "--repositoryRoot", str(site.root)],
            cwd=site.root,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=240,
            check=False,
        )
        kept = b"".join(path.read_bytes() for path in self.cache.rglob("*") if path.is_file())
        for secret in SECRETS.values():
            assert secret not in ran.stdout
            assert secret.encode() not in kept
        return Ran(ran.returncode, re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout), site)

    def program(self, name: str, *lines: str) -> None:
        """Puts a shell script there."""
        script = self.programs / name
        script.write_text("\n".join(("#!/bin/sh", *lines, "")), encoding="utf-8")
        script.chmod(0o755)

    def inputs(self, **lines: str) -> None:
        """Sets inputs of the plugin in netlify.toml."""
        toml = self.repository.root / "netlify.toml"
        text = toml.read_text(encoding="utf-8")
        for name, value in lines.items():
            text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
            assert count == 1, name
        toml.write_text(text, encoding="utf-8")
        self.commit()

    def commit(self) -> None:
        """All that is in the repository's folder."""
        git = ["git", "-C", str(self.repository.root), "-c", "user.name=Ada Kiesel", "-c", "user.email=ada@example.org"]
        start = [] if (self.repository.root / ".git").exists() else [["init", "-q", "-b", "main"]]
        for args in (*start, ["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "the blog"]):
            subprocess.run([*git, *args], check=True, env=self.repository.environ())


@pytest.fixture
def netlify(blog: Blog, tmp_path: Path) -> Netlify:
    """The tool is on the path, with the clock of the test."""
    made = Netlify(blog, tmp_path / "netlify" / "cache", tmp_path / "programs")
    made.programs.mkdir()
    made.program(
        "hugo-llmpapers", f'exec "{COMMAND}" "$@" ${{TEST_CLOCK:+$([ "$1" = prebuild ] && echo --clock $TEST_CLOCK)}}'
    )
    made.program("python3", f'exec "{sys.executable}" "$@"')
    if NODE is not None:
        made.program("node", f'exec "{NODE}" "$@"')
    made.commit()
    return made


def test_the_first_days_post_is_there_on_the_second(netlify: Netlify, upstream: Upstream) -> None:
    """Two fresh clones: both posts are published on the second day, and Claude was asked once for each paper."""
    first = netlify.build(upstream)
    assert first.code == 0, first.log
    assert (first.posts(), first.published()) == (POSTS[:1], POSTS[:1])
    second = netlify.build(upstream, SECOND)
    assert second.code == 0, second.log
    assert (second.posts(), second.published()) == (POSTS, POSTS)
    status = second.log[second.log.index("Summary") :]
    assert "wrote 2026-02-28" in status
    assert "2026-02-28: written, content/posts/llm-papers-2026-02-28/index.md" in status
    assert "llm-papers-2026-02-27: brought back" in status
    assert len(upstream.asked("claude")) == 4
    text = "".join((second.site.post(name) / "index.md").read_text(encoding="utf-8") for name in POSTS)
    assert text.count("**arXiv ID**") == 4


def test_a_tool_that_is_not_on_the_path_is_kept_in_the_cache(
    netlify: Netlify, upstream: Upstream, tmp_path: Path
) -> None:
    """pip installs it in the first build; in the second one there is nothing that it could be installed from."""
    (netlify.programs / "hugo-llmpapers").unlink()
    wheel = _wheel(tmp_path)
    netlify.inputs(requirements=f'["{wheel}"]')
    first = netlify.build(upstream)
    assert "Installing" in first.log
    assert first.posts() == POSTS[:1], first.log
    wheel.unlink()
    second = netlify.build(upstream, SECOND)
    assert "Installing" not in second.log
    assert second.posts() == POSTS, second.log


def _wheel(folder: Path) -> Path:
    """Of a package that calls the tool of these tests, with their clock."""
    wheel, about = folder / "hugo_llmpapers-0.0.1-py3-none-any.whl", "hugo_llmpapers-0.0.1.dist-info"
    files = {
        "hugo_llmpapers/__init__.py": "",
        "hugo_llmpapers/__main__.py": "import os, sys\n"
        f"os.environ['PYTHONPATH'] = {str(OFFLINE)!r}\n"
        f"os.execv({str(COMMAND)!r}, [{str(COMMAND)!r}, *sys.argv[1:], '--clock', os.environ['TEST_CLOCK']])\n",
        f"{about}/METADATA": "Metadata-Version: 2.1\nName: hugo-llmpapers\nVersion: 0.0.1\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return wheel


def test_previews_get_nothing(netlify: Netlify, upstream: Upstream) -> None:
    """Nobody is asked, nothing is written, and the preview is built."""
    ran = netlify.build(upstream, context="deploy-preview")
    assert ran.code == 0, ran.log
    assert ran.posts() == []
    assert "a preview: its context is deploy-preview" in ran.log
    assert upstream.journal == []
    assert (ran.site.root / "public" / "index.html").is_file()


def test_nothing_can_be_installed(netlify: Netlify, upstream: Upstream, tmp_path: Path) -> None:
    """The site is built as it is, the status names the command that failed, and the next build tries again."""
    (netlify.programs / "hugo-llmpapers").unlink()
    netlify.inputs(requirements=f'["{tmp_path / "no.whl"}"]')
    ran = netlify.build(upstream)
    assert ran.code == 0, ran.log
    assert (ran.site.root / "public" / "index.html").is_file()
    assert "No new post of LLM papers" in ran.log
    assert "Command failed with exit code 1: python3 -m pip install" in ran.log
    assert not list(netlify.cache.rglob("llm-papers-tool/*"))


def test_all_services_are_down(netlify: Netlify, upstream: Upstream) -> None:
    """The status has the tool's line and its remedy, and the post of the day before is back."""
    assert netlify.build(upstream).posts() == POSTS[:1]
    upstream.faults |= dict.fromkeys(("arxiv", "huggingface", "semanticscholar", "oai"), DEAD)
    ran = netlify.build(upstream, SECOND)
    assert ran.code == 0, ran.log
    assert ran.published() == POSTS[:1]
    status = ran.log[ran.log.index("No new post of LLM papers") :]
    assert "no post of 2026-02-28: No source could be asked" in status


@pytest.mark.parametrize("strict", ["false", "true"])
def test_the_tool_breaks_down(netlify: Netlify, upstream: Upstream, strict: str) -> None:
    """It ends with an exit code and says nothing: only `strict` makes that the build's failure."""
    netlify.inputs(strict=strict)
    netlify.program("hugo-llmpapers", '[ "$1" = --version ] || exit 1')
    ran = netlify.build(upstream)
    assert (ran.code == 0) == (strict == "false"), ran.log
    assert (ran.site.root / "public" / "index.html").is_file() == (strict == "false")
    assert "Command failed with exit code 1: hugo-llmpapers prebuild" in ran.log


def test_strict_tells_the_tools_own_reason(netlify: Netlify, upstream: Upstream) -> None:
    """Without a key no post is written; who set `strict` has a red build that says so."""
    netlify.inputs(strict="true")
    ran = netlify.build(upstream, ANTHROPIC_API_KEY="")
    assert ran.code != 0
    assert "llm-papers: there is no Claude API key" in ran.log
    assert not (ran.site.root / "public").exists()


def test_a_broken_cache_is_only_a_loss(netlify: Netlify, upstream: Upstream) -> None:
    """Netlify's own note of it is cut off: that is said, and the day's post is written."""
    assert netlify.build(upstream).posts() == POSTS[:1]
    (note,) = netlify.cache.rglob("*.netlify.cache.json")
    note.write_text('{"expi', encoding="utf-8")
    ran = netlify.build(upstream, SECOND)
    assert ran.code == 0, ran.log
    assert POSTS[1] in ran.published()
    assert "The cache cannot be read, so earlier posts are missing" in ran.log


def test_a_cache_that_cannot_be_saved(netlify: Netlify, upstream: Upstream) -> None:
    """A file is where its folder should be: the build is done, and what the next one will lack is said."""
    netlify.cache.parent.mkdir(exist_ok=True)
    netlify.cache.write_text("not a folder", encoding="utf-8")
    ran = netlify.build(upstream)
    assert ran.code == 0, ran.log
    assert ran.published() == POSTS[:1]
    assert "the next build will not have this post" in ran.log


def test_a_build_that_fails_leaves_the_cache_alone(netlify: Netlify, upstream: Upstream) -> None:
    """A post may be what broke it, and would then break the next one, too."""
    (netlify.repository.root / "layouts" / "index.html").write_text("{{ nonsense }}", encoding="utf-8")
    netlify.commit()
    ran = netlify.build(upstream)
    assert ran.code != 0
    assert "nonsense" in ran.log
    assert not list(netlify.cache.rglob("*.json"))


def test_the_example_pins_what_it_installs() -> None:
    """This version of the tool."""
    toml = tomllib.loads((ROOT / "hugo-example" / "netlify.toml").read_text(encoding="utf-8"))
    (plugin,) = toml["plugins"]
    assert plugin["inputs"]["requirements"][0] == f"hugo-llmpapers=={hugo_llmpapers.__version__}"
    assert not plugin["inputs"]["strict"]

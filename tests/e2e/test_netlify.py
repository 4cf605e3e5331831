"""Netlify's own build engine on the example site: fresh clones, with nothing carried over but the engine's cache."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from ruamel.yaml import YAML

import hugo_llmpapers
from tests.conftest import ROOT
from tests.tool import COMMAND, OFFLINE, Blog, hugo_program
from tests.upstream import Fault, Upstream

ENGINE = ROOT / ".ci" / "netlify" / "node_modules" / "@netlify" / "build" / "bin.js"
PLUGIN = ROOT / "hugo-example" / "netlify" / "llm-papers"
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
            [
                NODE,
                str(ENGINE),
                *flags,
                "--cwd",
                str(site.root),
                "--repositoryRoot",
                str(site.root),
                # Its folder comes before the path.
                "--node-path",
                str(self.programs / "node"),
            ],
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
        for args in (*start, ["add", "-A", "-f"], ["commit", "-q", "--allow-empty", "-m", "the blog"]):
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


@dataclass(frozen=True)
class Packages:
    """The tool as a wheel, in the way of an owner who names a path, and one package that it needs, where pip looks for such."""

    tool: Path
    needed: Path

    def environ(self) -> dict[str, str]:
        """For pip."""
        return {"PIP_INDEX_URL": self.needed.parent.parent.as_uri()}


@pytest.fixture
def packages(netlify: Netlify, tmp_path: Path) -> Packages:
    """The tool is not on the path; the plugin's lock has the hash of what it needs."""
    (netlify.programs / "hugo-llmpapers").unlink()
    main = (
        f"import os, sys, pennant\nos.environ['PYTHONPATH'] = {str(OFFLINE)!r}\n"
        f"os.execv({str(COMMAND)!r}, [{str(COMMAND)!r}, *sys.argv[1:], '--clock', os.environ['TEST_CLOCK']])\n"
    )
    tool = _wheel(tmp_path, "hugo_llmpapers", {"__init__": "", "__main__": main}, needs="pennant")
    needed = _wheel(tmp_path / "index" / "pennant", "pennant", {"__init__": ""})
    (needed.parent / "index.html").write_text(f'<a href="{needed.name}">{needed.name}</a>', encoding="utf-8")
    digest = hashlib.sha256(needed.read_bytes()).hexdigest()
    lock = netlify.repository.root / "netlify" / "llm-papers" / "requirements.txt"
    lock.write_text(f"pennant==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    netlify.inputs(requirements=f'["{tool}"]')
    return Packages(tool, needed)


def _wheel(folder: Path, name: str, modules: dict[str, str], needs: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    wheel, about = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    needs = needs and f"Requires-Dist: {needs}\n"
    files = {
        **{f"{name}/{module}.py": text for module, text in modules.items()},
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: 1.0\n{needs}",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": "",
    }
    with zipfile.ZipFile(wheel, "w") as packed:
        for file, text in files.items():
            packed.writestr(file, text)
    return wheel


def test_a_tool_that_is_not_on_the_path_is_installed(
    netlify: Netlify, packages: Packages, upstream: Upstream, tmp_path: Path
) -> None:
    """What it needs is kept: the second build has nothing to download it from. Nothing but the tool gets the key."""
    log = tmp_path / "started"
    netlify.program("python3", f'echo "${{ANTHROPIC_API_KEY:-no key}} $*" >> "{log}"', f'exec "{sys.executable}" "$@"')
    first = netlify.build(upstream, **packages.environ())
    assert "Downloading what the tool needs" in first.log
    assert first.posts() == POSTS[:1], first.log
    packages.needed.unlink()
    second = netlify.build(upstream, SECOND, **packages.environ())
    assert "Downloading" not in second.log
    assert second.posts() == POSTS, second.log
    started = log.read_text(encoding="utf-8").splitlines()
    assert len(started) > 6
    assert [line for line in started if " prebuild " in line] == [
        line for line in started if SECRETS["ANTHROPIC_API_KEY"] in line
    ]


def test_what_lies_in_the_cache_is_not_run(
    netlify: Netlify, packages: Packages, upstream: Upstream, tmp_path: Path
) -> None:
    """A build of another branch has put its own code there: the lock does not have its hash, so it is loaded anew."""
    assert netlify.build(upstream, **packages.environ()).posts() == POSTS[:1]
    stolen = tmp_path / "stolen"
    theft = f"import os\nopen({str(stolen)!r}, 'w').write(os.environ['ANTHROPIC_API_KEY'])\n"
    for module in netlify.cache.rglob("__init__.py"):
        module.write_text(theft, encoding="utf-8")
    forged = _wheel(tmp_path / "forged", "pennant", {"__init__": theft})
    for wheel in netlify.cache.rglob("*.whl"):
        shutil.copyfile(forged, wheel)
    second = netlify.build(upstream, SECOND, **packages.environ())
    assert not stolen.exists()
    assert second.posts() == POSTS, second.log


def test_a_pip_of_the_site_is_not_run(netlify: Netlify, packages: Packages, upstream: Upstream, tmp_path: Path) -> None:
    """A file of this name in the site's folder is not Python's pip."""
    stolen = tmp_path / "stolen"
    (netlify.repository.root / "pip.py").write_text(f"open({str(stolen)!r}, 'w')\n", encoding="utf-8")
    netlify.commit()
    ran = netlify.build(upstream, **packages.environ())
    assert not stolen.exists()
    assert ran.posts() == POSTS[:1], ran.log


@pytest.mark.parametrize("context", ["deploy-preview", "branch-deploy"])
def test_previews_get_nothing(
    netlify: Netlify, packages: Packages, upstream: Upstream, tmp_path: Path, context: str
) -> None:
    """Nothing is installed or started, nobody is asked, nothing is written or kept, and the preview is built."""
    log = tmp_path / "started"
    for name in ("python3", "hugo-llmpapers"):
        netlify.program(name, f'echo "$0 $*" >> "{log}"')
    ran = netlify.build(upstream, context=context, **packages.environ())
    assert ran.code == 0, ran.log
    assert f"Nothing is done in a preview: its context is {context}" in ran.log
    assert not log.exists(), log.read_text(encoding="utf-8")
    assert ran.posts() == []
    assert upstream.journal == []
    assert list(netlify.cache.rglob("*")) == []
    assert (ran.site.root / "public" / "index.html").is_file()


def test_a_preview_puts_no_post_into_the_cache(netlify: Netlify, upstream: Upstream) -> None:
    """A pull request has the folder of kept posts in it, with words of its own: no later build brings them back."""
    first = netlify.build(upstream)
    kept = Path(".netlify", "llm-papers")
    shutil.copytree(first.site.root / kept, netlify.repository.root / kept)
    shutil.rmtree(netlify.cache)
    for page in (netlify.repository.root / kept).rglob("*"):
        if page.is_file():
            page.write_bytes(page.read_bytes().replace(b"LLM", b"FORGED"))
    netlify.commit()
    assert netlify.build(upstream, context="deploy-preview").code == 0
    shutil.rmtree(netlify.repository.root / kept)
    netlify.commit()
    second = netlify.build(upstream, SECOND)
    assert POSTS[1] in second.posts(), second.log
    assert "brought back" not in second.log
    assert not [page for page in second.site.root.rglob("index.md") if "FORGED" in page.read_text(encoding="utf-8")]


def test_nothing_can_be_installed(netlify: Netlify, packages: Packages, upstream: Upstream) -> None:
    """The site is built as it is, the status names the command that failed, and the next build tries again."""
    packages.needed.rename(packages.needed.with_name("away"))
    ran = netlify.build(upstream, **packages.environ())
    assert ran.code == 0, ran.log
    assert (ran.site.root / "public" / "index.html").is_file()
    assert "No new post of LLM papers" in ran.log
    # Netlify breaks lines.
    assert re.search(r"Command failed with exit code \d: python3 -P -m pip .* download", " ".join(ran.log.split()))
    packages.needed.with_name("away").rename(packages.needed)
    assert netlify.build(upstream, **packages.environ()).posts() == POSTS[:1]


def test_a_lock_of_another_version(netlify: Netlify, packages: Packages, upstream: Upstream) -> None:
    """What the tool needs is not in it: what that is, and what to do."""
    (netlify.repository.root / "netlify" / "llm-papers" / "requirements.txt").write_text("# none\n", encoding="utf-8")
    netlify.commit()
    ran = netlify.build(upstream, **packages.environ())
    assert ran.code == 0, ran.log
    assert "hugo-llmpapers 1.0 requires pennant, which is not installed." in ran.log
    assert "Take the folder netlify/llm-papers of the version that you install." in ran.log


def test_an_old_python(netlify: Netlify, packages: Packages, upstream: Upstream) -> None:
    """One that does not know the flags that the plugin gives it."""
    netlify.program("python3", "exit 1")
    ran = netlify.build(upstream, **packages.environ())
    assert ran.code == 0, ran.log
    told = " ".join(ran.log.split())
    assert 'The tool needs Python 3.11 or newer: set PYTHON_VERSION = "3.13" in netlify.toml.' in told


def test_each_program_has_a_time_limit(tmp_path: Path) -> None:
    """All of them together end before Netlify would end the build."""
    script = """
        const { onPreBuild } = await import(process.argv[1])
        const limits = []
        const run = async (file, args, { timeout }) => {
          limits.push(timeout)
          return { exitCode: file === 'python3' ? 0 : 1, failed: args.includes('--no-index'), stdout: '' }
        }
        const utils = { run, cache: { restore: async () => {} }, status: { show: () => {} }, build: {} }
        const inputs = { command: 'hugo-llmpapers', requirements: ['hugo-llmpapers'], strict: false }
        await onPreBuild({ utils, inputs, constants: { CACHE_DIR: 'cache' } })
        console.log(JSON.stringify(limits))
    """
    assert NODE is not None
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script, (PLUGIN / "index.js").as_uri()],
        cwd=tmp_path, env={"CONTEXT": "production", "PATH": os.environ["PATH"]}, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    looked, python, *pips, prebuilt = json.loads(done.stdout.splitlines()[-1])
    assert len(pips) == 5
    assert all(limit > 0 for limit in (looked, python, *pips, prebuilt))
    # pip's have one end.
    assert looked + python + max(pips) + prebuilt <= 15 * 60_000


def test_all_services_are_down(netlify: Netlify, upstream: Upstream) -> None:
    """The status has the tool's line and its remedy, and the post of the day before is back."""
    assert netlify.build(upstream).posts() == POSTS[:1]
    upstream.faults |= dict.fromkeys(("arxiv", "huggingface", "semanticscholar", "oai"), DEAD)
    ran = netlify.build(upstream, SECOND)
    assert ran.code == 0, ran.log
    assert ran.published() == POSTS[:1]
    status = ran.log[ran.log.index("No new post of LLM papers") :]
    assert "no post of 2026-02-28: No source could be reached" in status


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
    ours = [f"hugo-llmpapers=={hugo_llmpapers.__version__}"]
    assert plugin["inputs"]["requirements"] == ours
    assert not plugin["inputs"]["strict"]
    manifest = YAML(typ="safe").load((PLUGIN / "manifest.yml").read_text(encoding="utf-8"))
    assert {one["name"]: one["default"] for one in manifest["inputs"]}["requirements"] == ours


def test_the_lock_has_all_that_the_tool_needs() -> None:
    """Each in a version that it works with, with hashes; of PyMuPDF the last one that is small."""
    text = (PLUGIN / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", "")
    locked: dict[str, SpecifierSet] = {}
    for line in filter(lambda line: line[:1] not in "# ", text.splitlines()):
        requirement, *hashes = line.split(" --hash=")
        locked[canonicalize_name(Requirement(requirement).name)] = Requirement(requirement).specifier
        assert hashes and all(re.fullmatch(r"\s*sha256:[0-9a-f]{64}\s*", one) for one in hashes), line
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    todo = [Requirement(line) for line in project["dependencies"]]
    while todo:
        one = todo.pop()
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        (pin,) = locked[canonicalize_name(one.name)]
        assert pin.operator == "==" and one.specifier.contains(pin.version), one
        if one.name != "pymupdf":  # the tests' own is another one
            todo += map(Requirement, metadata.requires(one.name) or [])
    (pymupdf,) = locked["pymupdf"]
    assert Version(pymupdf.version).major == 1

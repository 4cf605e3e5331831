"""How the command starts: quickly, and without what it does not need."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hugo_llmpapers import __version__
from hugo_llmpapers.cli import COMMANDS
from tests.tool import CLOCK, Blog
from tests.upstream import Upstream

LIBRARIES = ("anthropic", "pymupdf", "httpx", "httpx2", "PIL", "pydantic", "rich", "ruamel", "frontmatter")
ROOMS = ("pipeline.new", "summaries.checks.check", "post.render", "records")


def _loaded(blog: Blog, *args: str) -> set[str]:
    """Return the slow imports of a run."""
    heavy = (*LIBRARIES, *(f"hugo_llmpapers.{room}" for room in ROOMS))
    code = (
        "import sys\nfrom hugo_llmpapers.cli import main\ntry:\n    main()\nexcept SystemExit as end:\n"
        f"    assert not end.code, end.code\nprint([m for m in {heavy!r} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *args], env=blog.environ(), capture_output=True, encoding="utf-8", check=True
    )
    return set(eval(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "args",
    [
        ("--help",),
        ("--version",),
        ("new", "--help"),
        ("init", "--help"),
        ("figure", "--help"),
        ("cache", "--help"),
        ("doctor", "--help"),
        ("backfill", "--help"),
        ("prebuild", "--help"),
        ("refresh", "--help"),
    ],
)
def test_help_imports_nothing_heavy(blog: Blog, args: tuple[str, ...]) -> None:
    """--help and --version load neither the SDK nor PDF, image or HTTP libraries."""
    assert not _loaded(blog, *args) & set(LIBRARIES)


def test_the_list_of_commands_imports_no_command(blog: Blog) -> None:
    """It is shown more often than any command runs."""
    assert _loaded(blog, "--help") == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_listed_command_has_help(blog: Blog, name: str) -> None:
    """Under its name."""
    ran = blog.command(name, "--help")
    assert ran.code == 0, ran.err
    assert ran.out.startswith(f"Usage: hugo-llmpapers {name} ")


def test_a_mistyped_command_gets_a_suggestion(blog: Blog) -> None:
    """With exit code 2."""
    ran = blog.command("nwe")
    assert (ran.code, ran.out) == (2, "")
    assert "Did you mean 'new'?" in ran.err


def test_a_run_that_finds_the_post_imports_nothing_heavy(blog: Blog, upstream: Upstream) -> None:
    """The second run of a day."""
    assert blog.run("new", "--no-figures", environ=upstream.environ()).code == 0
    assert _loaded(blog, "new", "--source", str(blog.root), "--clock", CLOCK) == set()


def test_help_names_every_option_with_its_meaning(blog: Blog) -> None:
    """Every option of `new` is listed."""
    ran = blog.command("new", "--help")
    assert ran.code == 0
    for option in ("--count", "--ids", "--pick", "--explain", "--language", "--model", "--no-figures", "--dry-run", "--print",
                   "--force", "--reselect", "--offline", "--sample", "--max-cost", "--strict", "--source",
                   "--environment", "--config", "--clock", "--quiet", "--json"):  # fmt: skip
        assert option in ran.out


@pytest.mark.parametrize(
    ("command", "arguments"),
    [(("backfill",), "SINCE UNTIL"), (("cache", "forget"), "DATE"), (("figure",), "PDF|ID..."), (("new",), "[DATE]")],
)
def test_the_usage_line_names_arguments(blog: Blog, command: tuple[str, ...], arguments: str) -> None:
    """Required ones without braces."""
    first = blog.command(*command, "--help").out.splitlines()[0]
    assert first == f"Usage: hugo-llmpapers {' '.join(command)} [OPTIONS] {arguments}"


def test_a_missing_argument_is_named_as_in_the_usage_line(blog: Blog) -> None:
    """With exit code 2."""
    ran = blog.command("backfill", "2026-02-24")
    assert ran.code == 2
    assert "Missing argument 'UNTIL'" in ran.err


def test_the_version_is_printed(blog: Blog) -> None:
    """By the command and by the module."""
    assert blog.command("--version").out == f"hugo-llmpapers {__version__}\n"
    done = subprocess.run(
        [sys.executable, "-m", "hugo_llmpapers", "--version"], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == f"hugo-llmpapers {__version__}\n"

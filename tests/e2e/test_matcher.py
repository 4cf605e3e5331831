"""VS Code's problem matcher, on what our tool and Hugo really print."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hugo_llmpapers.setup.vscode import BACKGROUND, MATCHER
from tests.tool import COMMAND, Blog, hugo_program, installed

PATTERN = MATCHER["pattern"]
PAGE = "content/posts/a page.md"
LAYOUT = "layouts/_default/single.html"


def _problems(root: Path, lines: str) -> list[tuple[str, int, str]]:
    """What VS Code would show: file below the site, line, message. Each file is there."""
    shown = []
    for match in filter(None, (re.match(PATTERN["regexp"], line) for line in lines.splitlines())):
        file = root / match[PATTERN["file"]]
        assert file.is_file(), match[0]
        assert int(match[PATTERN["column"]]) > 0
        shown.append((file.relative_to(root).as_posix(), int(match[PATTERN["line"]]), str(match[PATTERN["message"]])))
    return shown


def _ours(blog: Blog, *args: str) -> tuple[int, str]:
    """Run in the site's folder, as a task is."""
    done = subprocess.run(
        [str(COMMAND), *args], cwd=blog.root, env=blog.environ(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _settings(blog: Blog, line: str) -> None:
    file = blog.root / "hugo.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[params.llmpapers]\n", f"[params.llmpapers]\n{line}\n"), encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "damage", "place", "said"),
    [
        (("new",), lambda b: _settings(b, "  count = 0"), ("hugo.toml", "  count = 0"), "count = 0 is invalid."),
        (("refresh",), lambda b: _settings(b, "colour = 1"), ("hugo.toml", "colour"), "has no setting `colour`"),
        (("doctor", "-q"), lambda b: _settings(b, "colour = 1"), ("hugo.toml", "colour"), "has no setting `colour`"),
        (("prebuild",), lambda b: _settings(b, "count = 0"), ("hugo.toml", "count = 0"), "count = 0 is invalid"),
        (("new",), lambda b: _write(b.root / "config/_default/params.toml", "[llmpapers]\nmodel = 3\n"),
         ("config/_default/params.toml", "model"), "model = 3"),
        (("new",), lambda b: _settings(b, "count = "), ("hugo.toml", "count = "), "Hugo cannot read the site's configuration"),
        (("new", "--sample"), lambda b: _write(b.root / "archetypes/llm-papers.md", "---\ntitle: x\n---\n{{ nope }}\n"),
         ("archetypes/llm-papers.md", "{{ nope"), "nope"),
        (("init",), lambda b: _write(b.root / ".vscode/tasks.json", '{\n  "tasks": [ }\n'), (".vscode/tasks.json", "tasks"), "is broken"),
    ],
)  # fmt: skip
def test_our_errors(
    blog: Blog, args: tuple[str, ...], damage: Callable[[Blog], None], place: tuple[str, str], said: str
) -> None:
    """Where one names a place in a file, the matcher finds it, in the file's own line; the file is named as seen from here."""
    damage(blog)
    code, printed = _ours(blog, *args)
    assert code != 0 or args == ("prebuild",)
    found = _problems(blog.root, printed)
    (problem,) = dict.fromkeys(found)
    file, line, message = problem
    assert file == place[0]
    assert place[1] in (blog.root / file).read_text(encoding="utf-8").splitlines()[line - 1]
    assert said in message
    assert any(shown.strip().startswith(f"{file}:{line}:") for shown in printed.splitlines())


def test_what_is_no_error_is_none(blog: Blog) -> None:
    """Nothing that a run which works prints, nor the failures that are about no file."""
    code, printed = _ours(blog, "new", "2026-02-27", "--sample")
    assert (code, _problems(blog.root, printed)) == (0, [])
    for args in (("new", "x"), ("new", "--source", "/nowhere"), ("doctor", "--offlin")):
        code, printed = _ours(blog, *args)
        assert code != 0 and _problems(blog.root, printed) == []
    assert _problems(blog.root, blog.build(blog.home / "public").out) == []


BROKEN = [
    ("hugo.toml", "title = \n", 1),
    (PAGE, "---\ntitle: a\n---\n\n{{< nope >}}\n", 5),
    (PAGE, "---\ntitle: [a\nb: c\n---\n", None),
    (LAYOUT, "{{ define \"main\" }}\n{{ .Nope.Nope }}{{ end }}\n", 2),
    (LAYOUT, "x\n\n{{ nope 1 }}\n", 3),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "line"), BROKEN)
def test_hugos_errors(blog: Blog, name: str, text: str, line: int | None) -> None:
    """Configuration, shortcodes, front matter, templates, in a file with a blank in its name. Older Hugos print on stdout."""
    _write(blog.root / name, text)
    ran = blog.build(blog.home / "public")
    assert ran.code != 0
    ((file, at, message),) = _problems(blog.root, ran.out + ran.err)
    assert file == name
    assert line in (None, at)
    assert message


def test_hugos_server(blog: Blog) -> None:
    """It starts, fails to build a change, and builds the next one: begin and end of each are seen, and the error between."""
    _write(blog.root / PAGE, "---\ntitle: a\n---\na\n")
    with _server(blog) as printed:
        _until(printed, str(BACKGROUND["endsPattern"]), 1)
        assert _problems(blog.root, printed()) == []
        _write(blog.root / PAGE, "---\ntitle: a\n---\n\n{{< nope >}}\n")
        _until(printed, r"^ERROR|^Error:", 1)
        assert (PAGE, 5) in [problem[:2] for problem in _problems(blog.root, printed())]
        assert len(re.findall(str(BACKGROUND["beginsPattern"]), printed(), re.MULTILINE)) >= 1
        ends = len(re.findall(str(BACKGROUND["endsPattern"]), printed(), re.MULTILINE))
        _write(blog.root / PAGE, "---\ntitle: a\n---\nb\n")
        _until(printed, str(BACKGROUND["endsPattern"]), ends + 1)


@contextmanager
def _server(blog: Blog) -> Iterator[Callable[[], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = blog.home / "server.log"
    command = [hugo_program(), "server", "-s", str(blog.root), "--bind", "127.0.0.1", "--port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(command, env=blog.environ(), stdout=out, stderr=subprocess.STDOUT)
    try:
        yield lambda: log.read_text(encoding="utf-8")
    finally:
        server.terminate()
        server.wait(timeout=30)


def _until(printed: Callable[[], str], pattern: str, times: int) -> None:
    for _ in range(600):
        if len(re.findall(pattern, printed(), re.MULTILINE)) >= times:
            return
        time.sleep(0.1)
    raise AssertionError(f"{pattern} was not printed {times} times:\n{printed()}")


def test_javascript_reads_them_alike(blog: Blog) -> None:
    """The expressions are for VS Code, which has JavaScript's."""
    _write(blog.root / PAGE, BROKEN[1][1])
    _settings(blog, "count = 0")
    ran = blog.build(blog.home / "public")
    lines = (ran.out + ran.err + _ours(blog, "new")[1] + "Total in 6 ms\nWARN  x\n").splitlines()
    script = "const [p, ls] = JSON.parse(process.argv[1]); console.log(JSON.stringify(ls.map(l => { const m = new RegExp(p).exec(l); return m && [...m] })))"
    for pattern in (PATTERN["regexp"], BACKGROUND["beginsPattern"], BACKGROUND["endsPattern"]):
        done = subprocess.run(
            [installed("node"), "-e", script, json.dumps([pattern, lines])],
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        matches = [re.search(pattern, line) for line in lines]
        assert json.loads(done.stdout) == [match and [match[0], *match.groups()] for match in matches]
    assert len(_problems(blog.root, "\n".join(lines))) == 2

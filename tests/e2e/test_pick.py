"""`new --pick` on a terminal: what is shown, what is typed, and what becomes of it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from hugo_llmpapers.sample.answers import answer
from tests.conftest import DAY
from tests.tool import CLOCK, COMMAND, Blog
from tests.upstream import Fault, Upstream

if sys.platform == "win32":
    pytest.skip("pseudo-terminals", allow_module_level=True)

import fcntl
import pty
import select
import struct
import termios

PATIENCE_S = 60.0


@dataclass
class Terminal:
    """A run of ours whose standard input and error are a terminal, and whose standard output is a file."""

    process: subprocess.Popen[bytes]
    master: int
    out: Path
    seen: str = ""
    """Everything that was shown, with line ends as they are."""
    read: int = field(default=0)
    """How much of it `expect` has gone past."""

    def expect(self, words: str) -> str:
        """Waits until these are shown, and gives what came before them."""
        deadline = time.monotonic() + PATIENCE_S
        while words not in self.seen[self.read :]:
            assert time.monotonic() < deadline, f"{words!r} is not shown: {self.seen[self.read :]!r}"
            if select.select([self.master], [], [], 0.2)[0] and not self._take():
                raise AssertionError(f"{words!r} is not shown: {self.seen[self.read :]!r}")
        at = self.seen.index(words, self.read)
        before, self.read = self.seen[self.read : at], at + len(words)
        return before

    def type(self, line: str) -> None:
        """Types a line, once it is asked for."""
        self.expect("\n> ")
        os.write(self.master, f"{line}\n".encode())

    def end(self) -> int:
        """Waits for the run's end and gives its exit code."""
        while self._take():
            pass
        return self.process.wait(PATIENCE_S)

    def _take(self) -> bool:
        try:
            some = os.read(self.master, 65536)
        except OSError:  # Linux says so where the other side is closed
            return False
        self.seen += some.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(some)


@contextmanager
def _terminal(
    blog: Blog, *args: str, environ: Mapping[str, str] | None = None, columns: int = 120, term: str = "xterm"
) -> Iterator[Terminal]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    out = blog.home / "stdout"
    with out.open("wb") as file:
        process = subprocess.Popen(
            [str(COMMAND), "new", "--pick", *args, "--source", str(blog.root), "--clock", CLOCK],
            env={**blog.environ(), "TERM": term, **(environ or {})},
            stdin=slave, stdout=file, stderr=slave, start_new_session=True,
        )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(process, master, out)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _ids(blog: Blog) -> list[str]:
    text = (blog.post() / "index.md").read_text(encoding="utf-8")
    return re.findall(r"arXiv ID\*\*: (\S+)", text)


def _numbered(shown: str) -> dict[int, str]:
    """The id of each number of the list."""
    plain = re.sub(r"\x1b\[[?\d;]*[A-Za-z]", "", shown)  # of the progress that was shown before
    rows = re.findall(r"^ *(?:\[\d+\])? *(\d+)\. .*?(0000\.0000\d)", plain, re.MULTILINE | re.DOTALL)
    return {int(number): arxiv_id for number, arxiv_id in rows}


def test_enter_takes_the_first_ones(blog: Blog, upstream: Upstream) -> None:
    """What is shown as chosen is what a run without --pick takes; stdout is the path alone."""
    with _terminal(blog, "--count", "2", environ=upstream.environ()) as terminal:
        shown = terminal.expect("Chosen: 1 2.")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    assert terminal.out.read_text(encoding="utf-8") == f"{blog.post() / 'index.md'}\n"
    listed = _numbered(shown)
    assert sorted(listed) == [1, 2, 3, 4, 5]
    assert _ids(blog) == [listed[1], listed[2]]
    (blog.post() / "index.md").unlink()
    assert (
        blog.run("new", "--count", "2", "--json", "--dry-run", environ=upstream.environ()).json()["papers"][0]["id"]
        == listed[1]
    )


def test_the_list_has_title_source_votes_and_reasons(blog: Blog, upstream: Upstream) -> None:
    """Whatever a person decides by; the lines fit the terminal."""
    with _terminal(blog, environ=upstream.environ(), columns=70, term="dumb") as terminal:
        shown = terminal.expect("Chosen: ")
        terminal.type("q")
        terminal.end()
    assert re.search(r"^  \[1\]   1\. \w+", shown, re.MULTILINE)
    assert re.search(r"huggingface, 0000\.0000\d, 2026-02-\d\d, \d+ votes", shown)
    assert re.search(r"\d+ citations", shown)
    assert re.search(r"^ {11}\w.* \d+\.\d( \(.*\))?,", shown, re.MULTILINE)
    assert "Enter       take what is chosen" in shown
    assert [line for line in shown.splitlines() if line.startswith(" ") and len(line) >= 70] == []


def test_numbers_choose_and_order(blog: Blog, upstream: Upstream) -> None:
    """`5 1 3` takes these in this order, also as an input method types them."""
    with _terminal(blog, environ=upstream.environ()) as terminal:
        listed = _numbered(terminal.expect("Chosen: 1 2 3 4 5."))
        terminal.type("５、1　3 5")
        terminal.expect("Chosen: 5 1 3.")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    assert _ids(blog) == [listed[5], listed[1], listed[3]]


def test_signs_add_and_leave_out(blog: Blog, upstream: Upstream) -> None:
    """One at the end, one away; what makes no sense changes nothing, and nothing at all is not taken."""
    with _terminal(blog, "--count", "2", environ=upstream.environ()) as terminal:
        listed = _numbered(terminal.expect("Chosen: 1 2."))
        terminal.type("-1 +4")
        terminal.expect("Chosen: 2 4.")
        terminal.type("+99")
        terminal.expect("There is no 99: the numbers go from 1 to 5.")
        terminal.expect("Chosen: 2 4.")
        terminal.type("3 -4")
        terminal.expect("either all numbers")
        terminal.type("-2 -4")
        terminal.expect("Chosen: nothing.")
        terminal.type("")
        terminal.expect("Nothing is chosen")
        terminal.type("what?")
        terminal.expect("leave one out")
        terminal.type("+ 4, + 2")
        terminal.expect("Chosen: 4 2.")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    assert _ids(blog) == [listed[4], listed[2]]


def test_the_abstract_can_be_read(blog: Blog, upstream: Upstream) -> None:
    """With authors and the address; the choice stays."""
    with _terminal(blog, "--count", "1", environ=upstream.environ()) as terminal:
        listed = _numbered(terminal.expect("Chosen: 1."))
        terminal.type("a 3")
        shown = terminal.expect("Chosen: 1.")
        terminal.type("A9")
        terminal.expect("There is no 9")
        terminal.type("l")
        assert _numbered(terminal.expect("Chosen: 1.")) == listed
        terminal.type("m")
        terminal.expect("These are all.")
        terminal.type("q")
        terminal.end()
    assert f"https://arxiv.org/abs/{listed[3]}" in shown
    assert len(shown) > 500


def _many(number: int) -> bytes:
    """A day's list of so many invented papers."""
    papers = [
        {
            "id": f"0000.{100 + n:05d}",
            "title": f"Pebble {n} Weighed by a Large Language Model",
            "summary": f"We ask a large language model how heavy pebble {n} is.",
            "authors": [{"name": "Ada Kiesel"}],
            "publishedAt": "2026-02-25T00:00:00.000Z",
            "submittedOnDailyAt": "2026-02-26T00:00:00.000Z",
            "upvotes": 99 - n,
        }
        for n in range(number)
    ]
    return json.dumps([{"paper": paper} for paper in papers]).encode()


def test_more_than_fits_is_shown_on_demand(blog: Blog, upstream: Upstream) -> None:
    """Twelve at first, the others after `m`; each can be chosen, the last one, too."""
    upstream.faults["huggingface"] = Fault(body=_many(20), match="2026-02-26")
    environ = upstream.environ() | {"HUGO_PARAMS_LLMPAPERS_SOURCES": "huggingface"}
    with _terminal(blog, "--dry-run", environ=environ, term="dumb") as terminal:
        shown = terminal.expect("Chosen: ")
        assert re.findall(r"^ *(?:\[\d+\])? *(\d+)\. ", shown, re.MULTILINE)[-1] == "12"
        rest = int(re.findall(r"(\d+) more: m shows them", shown)[0])
        terminal.type("m")
        more = terminal.expect("Chosen: ")
        assert "13. " in more
        assert " 12. " not in more
        terminal.type(f"{12 + rest}")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    last = re.findall(r"0000\.00\d\d\d", more)[-1]
    assert re.findall(r"0000\.00\d\d\d", terminal.out.read_text(encoding="utf-8")) == [last]


def test_what_is_typed_too_early_takes_nothing(blog: Blog, upstream: Upstream) -> None:
    """An Enter while the sources are asked."""
    with _terminal(blog, environ=upstream.environ()) as terminal:
        os.write(terminal.master, b"\n\n")
        terminal.expect("Chosen: 1 2 3 4 5.")
        terminal.type("1" * 50)
        terminal.expect("leave one out")
        terminal.type("q")
        assert terminal.end() == 130
    assert upstream.asked("claude") == []


@pytest.mark.parametrize("how", ["q", "quit", "\x04", "\x03"])
def test_quitting_writes_nothing(blog: Blog, upstream: Upstream, how: str) -> None:
    """By a word, by the input's end, by Ctrl-C: exit code 130, and nothing was paid."""
    before = blog.posts()
    with _terminal(blog, environ=upstream.environ()) as terminal:
        terminal.expect("\n> ")
        os.write(terminal.master, f"{how}\n".encode() if len(how) > 1 or how == "q" else how.encode())
        if how == "\x03":
            terminal.process.send_signal(2)  # the test's terminal controls no session
        assert terminal.end() == 130
    assert "nothing was written" in terminal.seen
    assert "Traceback" not in terminal.seen
    assert terminal.out.read_bytes() == b""
    assert blog.posts() == before
    assert upstream.asked("claude") == []


def test_without_a_terminal_there_is_a_remedy(blog: Blog, upstream: Upstream) -> None:
    """Exit code 2 before anybody is asked."""
    ran = blog.run("new", "--pick", environ=upstream.environ())
    assert (ran.code, ran.out) == (2, "")
    assert "--pick needs a terminal" in ran.err
    assert "--ids" in ran.err.splitlines()[1]
    assert upstream.journal == []


@pytest.mark.parametrize("args", [("--ids", "0000.00001"), ("--force",)])
def test_what_makes_no_sense_together(blog: Blog, args: tuple[str, ...]) -> None:
    """Papers that are named, or that stay, cannot be chosen."""
    with _terminal(blog, *args) as terminal:
        assert terminal.end() == 2
    assert f"--pick cannot be combined with {args[0]}" in terminal.seen


def test_a_post_that_is_there_is_not_asked_about(blog: Blog, upstream: Upstream) -> None:
    """As without --pick; with --force --reselect it is chosen anew, the old one kept."""
    assert blog.run("new", "--ids", "0000.00004", environ=upstream.environ()).code == 0
    asked = len(upstream.journal)
    with _terminal(blog, environ=upstream.environ()) as terminal:
        assert terminal.end() == 0
    assert "already exists" in terminal.seen
    assert len(upstream.journal) == asked
    with _terminal(blog, "--force", "--reselect", environ=upstream.environ()) as terminal:
        listed = _numbered(terminal.expect("Chosen: 1 2 3 4 5."))
        terminal.type("2 1")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    assert _ids(blog) == [listed[2], listed[1]]
    assert "0000.00004" in listed.values()
    assert list((blog.root / ".llm-papers-backup").glob("llm-papers-*"))


def test_dry_run_and_print_and_offline(blog: Blog, upstream: Upstream) -> None:
    """The plan of the choice; its Markdown; the same again out of the cache."""
    before = blog.posts()
    with _terminal(blog, "--dry-run", environ=upstream.environ()) as terminal:
        listed = _numbered(terminal.expect("Chosen: 1 2 3 4 5."))
        terminal.type("4")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    planned = terminal.out.read_text(encoding="utf-8")
    assert re.findall(r"0000\.0000\d", planned) == [listed[4]]
    assert upstream.asked("claude") == []
    with _terminal(blog, "--print", environ=upstream.environ()) as terminal:
        terminal.type("4")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    printed = terminal.out.read_text(encoding="utf-8")
    assert re.findall(r"arXiv ID\*\*: (\S+)", printed) == [listed[4]]
    assert blog.posts() == before
    asked = len(upstream.journal)
    with _terminal(blog, "--offline", "--json", environ=upstream.environ()) as terminal:
        terminal.type("4")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    assert [paper["id"] for paper in json.loads(terminal.out.read_bytes())["papers"]] == [listed[4]]
    assert len(upstream.journal) == asked


def test_the_sample_can_be_picked_from(blog: Blog) -> None:
    """Without a network and a key."""
    with _terminal(blog, "--sample", "--no-figures") as terminal:
        terminal.type("5 4")
        terminal.type("")
        assert terminal.end() == 0, terminal.seen
    text = Path(terminal.out.read_text(encoding="utf-8").strip()).read_text(encoding="utf-8")
    assert len(re.findall(r"arXiv ID\*\*: ", text)) == 2


def test_a_paper_that_cannot_be_summarised_is_not_passed_over(blog: Blog, upstream: Upstream) -> None:
    """All that were picked, or none; the choice is told in a form that can be used again."""
    body = json.dumps({"id": "m", "type": "message", "role": "assistant", "model": "x", "stop_reason": "refusal",
                       "content": [], "usage": {"input_tokens": 9, "output_tokens": 0}}).encode()  # fmt: skip
    before = blog.posts()
    with _terminal(blog, "--no-figures", environ=upstream.environ()) as terminal:
        listed = _numbered(terminal.expect("Chosen: 1 2 3 4 5."))
        title = next(row for row in terminal.seen.splitlines() if re.match(r" +\[3\] +3\. ", row)).split(". ", 1)[1]
        upstream.faults["claude"] = Fault(body=body, match=title.split()[0])
        terminal.type("3 1")
        terminal.type("")
        assert terminal.end() == 1, terminal.seen
    assert f"Claude refuses this paper ({listed[3]})" in terminal.seen
    assert f"To repeat this choice: --ids {listed[3]},{listed[1]}" in terminal.seen
    assert blog.posts() == before


def _hostile(day: date) -> bytes:
    """A day's list whose first title and abstract would clear the screen, set the window's title and turn the line."""
    given = answer("GET", "x", "/api/daily_papers", {"date": day.isoformat(), "limit": "100"}, b"", DAY)
    rows = json.loads(given.body)
    rows[0]["paper"]["title"] = "Plain \x1b[2J\x1b]0;owned\x07 large language model \x9b31m \u202eturned\r\nsecond line"
    rows[0]["paper"]["summary"] = "An abstract \x1b[8m of a large language model \x1b[0m."
    return json.dumps(rows).encode()


def test_titles_of_strangers_do_nothing_to_the_terminal(blog: Blog, upstream: Upstream) -> None:
    """No escape, no bell, no turning character of a paper reaches it, here, in --explain or in --dry-run."""
    upstream.faults["arxiv"] = upstream.faults["semanticscholar"] = Fault(500, b"{}")
    upstream.faults["huggingface"] = Fault(body=_hostile(date(2026, 2, 26)), match="2026-02-26")
    with _terminal(blog, environ=upstream.environ(), term="dumb") as terminal:
        shown = terminal.expect("Chosen: ")
        number = next(n for n, row in re.findall(r"(\d+)\. (.*)", shown) if "Plain" in row)
        terminal.type(f"a {number}")
        shown += terminal.expect("Chosen: ")
        terminal.type("q")
        terminal.end()
    assert "An abstract [8m of a large language model" in shown
    ran = blog.run("new", "--explain", "--dry-run", environ=upstream.environ())
    for text in (shown, ran.out, ran.err):
        assert "Plain [2J]0;owned large language model 31m turned" in text
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)

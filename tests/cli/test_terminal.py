"""Text of strangers on a terminal or in a build's log."""

from __future__ import annotations

import re

import pytest

from hugo_llmpapers.cli.terminal import counted, printable, shortened


@pytest.mark.parametrize(
    "text", ["##[error]x", "a ##[group]b", "::error::x", "  ::stop-commands::y", "a\n::set-env name=x::y"]
)
def test_no_line_is_a_command_of_githubs_runner(text: str) -> None:
    """The runner looks for two kinds: `::` at the start of a line, and `##[` anywhere."""
    shown = printable(text)
    assert not re.search(r"##\[|^\s*::", shown, re.MULTILINE)
    assert shown.replace("# #", "##").replace(".", "") == text


def test_other_text_stays() -> None:
    """Also colons and headings; control characters and those that change the direction of writing do not."""
    assert printable("a::b ## c [d] :x:") == "a::b ## c [d] :x:"
    assert printable("a\x1b[31m\r\u202eb\tc\n") == "a[31mb\tc\n"


def test_lengths_and_numbers() -> None:
    """An ellipsis only if something is left out; a plural unless it is one."""
    assert [shortened("abc", width) for width in (2, 3)] == ["ab…", "abc"]
    assert [counted(number, "post") for number in (0, 1, 2)] == ["0 posts", "1 post", "2 posts"]
    assert counted(2, "summary", "summaries") == "2 summaries"

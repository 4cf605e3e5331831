"""What a terminal, or a build's log, shows of strangers' words."""

from __future__ import annotations

import re

import pytest

from hugo_llmpapers.cli.terminal import printable


@pytest.mark.parametrize(
    "text", ["##[error]x", "a ##[group]b", "::error::x", "  ::stop-commands::y", "a\n::set-env name=x::y"]
)
def test_no_line_is_a_command_of_githubs_runner(text: str) -> None:
    """It looks for two kinds: `::` in front of a line, and `##[` anywhere."""
    shown = printable(text)
    assert not re.search(r"##\[|^\s*::", shown, re.MULTILINE)
    assert shown.replace("# #", "##").replace(".", "") == text


def test_other_words_stay() -> None:
    """Also with colons and headings."""
    assert printable("a::b ## c [d] :x:") == "a::b ## c [d] :x:"

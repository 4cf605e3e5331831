"""Some posts with Hugo's own words in every place; `python -m tests.fuzz posts` tries many more."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from hugo_llmpapers.text import hugo_tokens
from tests.fuzz import posts
from tests.tool import hugo_program


@pytest.mark.parametrize("seed", range(3))
def test_posts_build_and_show_no_word_of_hugos(seed: int) -> None:
    """With formulas, with a script for them, and without."""
    assert posts.batch([hugo_program()], seed, seed * 40, 40) == []


def test_most_texts_have_such_a_word() -> None:
    """Else nothing would be tried."""
    texts = [posts.text(Random(number)) for number in range(200)]
    assert sum(map(hugo_tokens.contains_token, texts)) > 150


def test_each_program_builds_the_posts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the report counts for each."""
    first, second = Path(hugo_program()), tmp_path / "missing"
    arguments = ["--hugo", str(first), "--hugo", f"{first.parent}/./{first.name}", "--posts", "4", "--jobs", "1"]
    assert posts.main(arguments) == 0
    assert f"0 failures with {first}, 0 failures with {first.parent}/./" in capsys.readouterr().out
    with pytest.raises(FileNotFoundError):
        posts.main(["--hugo", str(first), "--hugo", str(second), "--posts", "1", "--jobs", "1"])


@pytest.mark.parametrize("word", ["&#95;&#95;hdeferred/", "&#72;AHAHUGOSHORTCODE1s2HBHB", "___hugonl_"])
def test_a_page_with_one_is_found(word: str) -> None:
    """Among others that build."""
    harmless = "---\ntitle: x\n---\n\n## x\n\n{{< once >}}\nx\n{{< /once >}}\n"
    pages = dict.fromkeys(range(4), harmless) | {2: f"{harmless}\na `{word}` {word}\n"}
    found = list(posts.failing(hugo_program(), pages, posts.site(hugo_program(), Random(0), None)))
    assert [failure.number for failure in found] == [2]

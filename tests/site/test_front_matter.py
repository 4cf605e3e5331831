"""Front matter is found as Hugo finds it, and its fields are read without guesses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.site.front_matter import LONGEST, Format, fields, format_of, head, split, split_archetype

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\ntitle: a\n---\n", "yaml"),
        ("\ufeff+++\r\ntitle = 'a'\r\n+++\r\n", "toml"),
        ('{\n"title": "a"\n}\n', "json"),
        ("{{- $post := 1 }}\n---\n", None),
        ("Just text.\n", None),
        ("", None),
    ],
)
def test_the_first_characters_tell_the_format(text: str, expected: Format | None) -> None:
    """A template's braces are no JSON."""
    assert format_of(text) == expected


@pytest.mark.parametrize(
    ("text", "block", "body"),
    [
        ("---\na: 1\n---\nbody\n---\n", "---\na: 1\n---", "body\n---\n"),
        ("\ufeff\n---\na: 1\n---  \n\nbody", "---\na: 1\n---  ", "\nbody"),
        ("+++\na = 1\n+++\n---\nx\n---\n", "+++\na = 1\n+++", "---\nx\n---\n"),
        ('{\n  "a": {\n}\n}\nbody', '{\n  "a": {\n}\n}', "body"),
        ('{"a": "}"} body', '{"a": "}"}', " body"),
    ],
)
def test_a_page_is_split_as_by_hugo(text: str, block: str, body: str) -> None:
    """The front matter stays as it is written; what follows may look like one."""
    found = split(text)
    assert found is not None
    assert (found.block, text.partition(found.block)[2].removeprefix("\n")) == (block, body)


@pytest.mark.parametrize("text", ["text\n---\na: 1\n---\n", "---\nnever ends\n", '{"a": 1', "--- x\n---\n", "{" * 5000])
def test_other_texts_are_not_split(text: str) -> None:
    """They have no front matter, or one without an end."""
    assert split(text) is None


@pytest.mark.parametrize("name", ["llm-papers.md", "llm-papers.en.md"])
def test_an_archetypes_template_lines_are_kept_apart(name: str) -> None:
    """They come before the front matter, which still has its actions."""
    text = (ROOT / "archetypes" / name).read_text(encoding="utf-8")
    found = split_archetype(text)
    assert found is not None
    before, _, body = text.partition(found.block)
    assert before.endswith("}}\n") and body.startswith("\n")
    assert "{{ $post.draft" in found.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\nURL: /x/\ndate: 2026-02-27\nat: 2026-02-27T10:00:00Z\ndraft: false\nyes: no\n---\n",
         {"url": "/x/", "date": "2026-02-27", "at": "2026-02-27T10:00:00Z", "draft": False, "yes": "no"}),
        ("\ufeff+++\r\ndate = 2026-02-27\r\n[a]\r\nb = 'c'\r\n+++\r\n", {"date": date(2026, 2, 27), "a": {"b": "c"}}),
        ('{"date": "2026-02-27"}', {"date": "2026-02-27"}),
        ("---\na: &x [1]\nb: *x\n---\n", {"a": [1], "b": [1]}),
        ("---\n---\n", {}),
        ("text", {}),
    ],
)  # fmt: skip
def test_fields_are_read_without_guesses(text: str, expected: dict[str, Any]) -> None:
    """Names in lower case; a date in YAML stays as it is written; only true and false are booleans."""
    assert fields(text) == fields(text.encode()) == expected


@pytest.mark.parametrize(
    "text",
    [
        "---\na: [\n---\n",
        "---\na: !!bool x\n---\n",
        "---\na: 1\na: 2\n---\n",
        "---\n- a\n---\n",
        "---\na: &a [*a]\n---\n",
        f"---\na: {'[' * 5000}\n---\n",
        f"---\na: {'x' * LONGEST}\n---\n",
        f"+++\n{'a.' * 5000}a = 1\n+++\n",
        "---\na: 1\n",
    ],
    ids=["broken", "tag", "twice", "list", "circle", "deep", "long", "dotted", "endless"],
)
def test_what_cannot_be_read_is_an_error(text: str) -> None:
    """Of one kind, and without a long wait."""
    with pytest.raises(ValueError, match=r"\w"):
        fields(text)


def test_the_head_of_a_page_is_all_of_its_front_matter() -> None:
    """It is cut off cheaply; a page without an end costs no more."""
    assert head(b"---\na: 1\n---\n" + b"x" * 9999) == b"---\na: 1\n---"
    assert len(head(b"---\n" + b"x" * 99999)) == len(head(b"{" + b"x" * 99999)) == 4096

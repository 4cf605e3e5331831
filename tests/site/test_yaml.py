"""YAML is parsed in bounded time."""

from __future__ import annotations

import pytest

from hugo_llmpapers.site.config.yaml import parse_yaml


def test_aliases_and_merge_keys_are_resolved() -> None:
    """An anchor may be used again; a timestamp stays as it is written."""
    document = "a: &a {x: 1}\nb:\n  <<: *a\n  y: [*a, *a]\na2: &a 2\nc: *a\nd: 2026-02-27\n"
    value = {"a": {"x": 1}, "b": {"x": 1, "y": [{"x": 1}, {"x": 1}]}, "a2": 2, "c": 2, "d": "2026-02-27"}
    assert parse_yaml(document) == value


def test_an_empty_document_has_no_value() -> None:
    """As a file of comments."""
    assert parse_yaml("# none\n") is None


def _levels(line: str, first: str, count: int) -> str:
    """Return a document with a line for each level, which names the level before it nine times."""
    lines = [first]
    for n in range(count):
        lines.append(line.format(new=f"a{n + 1}", old=", ".join([f"*a{n}"] * 9)))
    return "".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        _levels("{new}: &{new}\n  <<: [{old}]\n", "a0: &a0 {x: 1}\n", 9),
        _levels("{new}: &{new} [{old}]\n", "a0: &a0 [x, x]\n", 9),
        "a: &a [*a]\n",
        "a: &a\n  b: *a\n",
        "a: " + "[" * 1000 + "]" * 1000,
        "\n".join(" " * n + "a:" for n in range(200)),
        "a: !!python/object/apply:os.getcwd []\n",
        'a: !!int ""\n',
        "a: !!bool x\n",
        "a: " + "9" * 5000,
    ],
    ids=[
        "merge keys", "aliases", "circle", "circle of maps", "deep", "deep maps", "python", "empty int", "no bool", "huge int",
    ],
)  # fmt: skip
def test_documents_that_are_invalid_or_too_large(text: str) -> None:
    """They fail at once, and with a reason."""
    with pytest.raises(ValueError, match=r".+"):
        parse_yaml(text)

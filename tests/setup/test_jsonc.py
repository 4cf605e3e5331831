"""JSON with comments is parsed, and extended without changing another byte."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from hugo_llmpapers.setup import vscode

NEW = {"label": "new", "args": ["a, b", "// no comment"]}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, // one\n}', {"a": 1}),
        ('{"a": "// text, /* not */ a comment",}', {"a": "// text, /* not */ a comment"}),
        ('{"a": "\\"// still text\\\\", "b": [1, 2, /* three */],}', {"a": '"// still text\\', "b": [1, 2]}),
        ('/* first */ [",]", ",}" ,]', [",]", ",}"]),
        ("{\r\n  // 日本語\r\n}", {}),
        ("{,}", {}),  # which VS Code would mark
    ],
)
def test_comments_and_trailing_commas_are_accepted(text: str, value: Any) -> None:
    """In a string they are text."""
    assert vscode.parse(text) == value


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [('{\n  // a\n  "a": }', 3, 8), ('{"a": 1 /* never closed\n}', 1, 9), ('{"a" "b"}', 1, 6)],
)
def test_an_error_has_its_position_in_the_text(text: str, line: int, column: int) -> None:
    """Comments and commas before it do not change it."""
    with pytest.raises(json.JSONDecodeError) as raised:
        vscode.parse(text)
    assert (raised.value.lineno, raised.value.colno) == (line, column)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            '{\n  // mine\n  "tasks": [\n    {"label": "a"} // last\n  ]\n}\n',
            '{\n  // mine\n  "tasks": [\n    {"label": "a"}, // last\n    {\n      "x": 1\n    }\n  ]\n}\n',
        ),
        (
            '{\n\t"tasks": [\n\t\t{"label": "a"},\n\t],\n}\n',
            '{\n\t"tasks": [\n\t\t{"label": "a"},\n\t\t{\n\t\t\t"x": 1\n\t\t},\n\t],\n}\n',
        ),
        ('{"tasks": []}', '{"tasks": [\n    {\n        "x": 1\n    }\n]}'),
        ('{"tasks": [{"label": "a"}]}', '{"tasks": [{"label": "a"},\n    {\n        "x": 1\n    }\n]}'),
        (
            '{\n  "version": "2.0.0" // 2\n}',
            '{\n  "version": "2.0.0", // 2\n  "tasks": [\n    {\n      "x": 1\n    }\n  ]\n}',
        ),
        (
            '{\n  "tasks": [\n    // none yet\n  ]\n}',
            '{\n  "tasks": [\n    // none yet\n    {\n      "x": 1\n    }\n  ]\n}',
        ),
    ],
    ids=["comment behind the last", "trailing commas and tabs", "empty", "one line", "no list", "only a comment"],
)
def test_elements_are_formatted_like_their_neighbours(before: str, after: str) -> None:
    """Indented alike, below the comments, with a comma if one is missing."""
    assert vscode.append(before, "tasks", [{"x": 1}], "\n") == after


def test_windows_line_ends_are_kept() -> None:
    """In the added lines, too."""
    new = vscode.append('{\r\n  "tasks": [\r\n  ]\r\n}\r\n', "tasks", [NEW], "\r\n")
    assert re.search(r"(?<!\r)\n", new) is None
    assert vscode.parse(new) == {"tasks": [NEW]}


@pytest.mark.parametrize("text", ["[]", '{"tasks": {}}', '"tasks"', "{"])
def test_documents_of_another_kind_are_refused(text: str) -> None:
    """They are not converted."""
    with pytest.raises(ValueError, match=r".+"):
        vscode.append(text, "tasks", [NEW], "\n")


@pytest.mark.parametrize("seed", range(200))
def test_random_documents_are_kept_and_extended(seed: int) -> None:
    """With comments, trailing commas and white space between all tokens."""
    dice = random.Random(seed)
    value = {_word(dice): _value(dice, 2) for _ in range(dice.randrange(4))}
    if dice.random() < 0.8:
        value["tasks"] = [_value(dice, 2) for _ in range(dice.randrange(4))]
    text = _written(value, dice)
    assert vscode.parse(text) == value
    new = vscode.append(text, "tasks", [NEW, 1], "\n")
    assert vscode.parse(new) == {**value, "tasks": [*value.get("tasks", []), NEW, 1]}
    rest = iter(new)
    assert all(char in rest for char in text if not char.isspace()), "something of the text is gone"
    assert re.findall(r"/\*.*?\*/|//c\d+", new) == re.findall(r"/\*.*?\*/|//c\d+", text)


def _word(dice: random.Random) -> str:
    return "".join(dice.choices('ab"\\/,]}{[:日 ', k=dice.randrange(1, 6)))


def _value(dice: random.Random, depth: int) -> Any:
    kind = dice.randrange(6 if depth else 4)
    if kind == 4:
        return [_value(dice, depth - 1) for _ in range(dice.randrange(3))]
    if kind == 5:
        return {_word(dice): _value(dice, depth - 1) for _ in range(dice.randrange(3))}
    return [None, -1.5, True, _word(dice)][kind]


def _written(value: Any, dice: random.Random) -> str:
    def gap() -> str:
        number = dice.randrange(1000)
        return dice.choice(["", "", " ", "\n", "\n\t", f"/*c{number}, ]}}*/", f" //c{number}\n", "\n  "])

    def items(parts: list[str], opening: str, closing: str) -> str:
        inside = ",".join(gap() + part + gap() for part in parts)
        return opening + inside + ("," if parts and dice.random() < 0.3 else "") + gap() + closing

    if isinstance(value, dict):
        return items([f"{json.dumps(k)}{gap()}:{gap()}{_written(v, dice)}" for k, v in value.items()], "{", "}")
    if isinstance(value, list):
        return items([_written(v, dice) for v in value], "[", "]")
    return json.dumps(value, ensure_ascii=dice.random() < 0.5)


def test_deep_nesting_is_an_error() -> None:
    """With a line, like any other error."""
    with pytest.raises(json.JSONDecodeError, match="deep"):
        vscode.parse("[" * 100_000)


@pytest.mark.parametrize("text", ["{" + "/*" * 200_000, "{" + '"\\' * 200_000, "{" + "," * 200_000, "[" * 200_000])
def test_unterminated_documents_fail_at_once(text: str) -> None:
    """The time does not grow with the square of the length."""
    with pytest.raises(json.JSONDecodeError):
        vscode.parse(text)

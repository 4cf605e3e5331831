"""Settings are inserted as comments, and are valid as soon as the comment signs are removed."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from hugo_llmpapers.setup.config_block import (
    Block,
    CannotInsert,
    add_to_toml,
    add_to_yaml,
    has_settings,
    json_snippet,
)
from hugo_llmpapers.site.config.settings import SetBy, Settings, read

SITE_VALUES = {"language": "ja", "section": "posts"}
SITE = Block(japanese=True, site_values=SITE_VALUES, newline="\n", params_only=False)
PARAMS = Block(japanese=False, site_values=SITE_VALUES, newline="\n", params_only=True)


def _yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def _switched_on(text: str, signs: int) -> str:
    """Return the text without the comment signs of our first `signs` lines."""
    lines = text.splitlines(keepends=True)
    start = next(n for n, line in enumerate(lines) if line.lstrip().startswith("## "))
    for n in range(start, start + signs):
        lines[n] = re.sub(r"^(\s*)# ?", r"\1", lines[n])
    return "".join(lines)


LINES = len(SITE.values) + 2
"""Of a block: the explanation, the head, one for each setting."""


def test_written_defaults_are_the_defaults() -> None:
    """Removing every comment sign changes nothing."""
    settings = read({name.lower(): value for name, value in SITE.values.items()}, {}, SetBy).settings
    assert settings == read({"language": "ja", "section": "posts"}, {}, SetBy).settings
    assert settings.count == Settings().count


@pytest.mark.parametrize(
    "text",
    [
        "",
        'title = "x"\n',
        'title = "x"',
        '[params]\na = 1\n[[menu.main]]\nname = "b" # last\n',
        "params.a = 1\n",
        '# only a comment\n\n\ntext = """\n# not one\n"""\n',
    ],
)
def test_toml_gets_a_table_at_its_end(text: str) -> None:
    """Wherever `params` is, with or without a final newline."""
    new = add_to_toml(text, SITE)
    assert new.startswith(text)
    assert tomllib.loads(new) == tomllib.loads(text)
    on = tomllib.loads(_switched_on(new, LINES))
    assert on["params"]["llmpapers"] == SITE.values
    assert has_settings(new)


def test_an_inline_table_cannot_be_extended() -> None:
    """In TOML the uncommented lines would be an error."""
    with pytest.raises(CannotInsert):
        add_to_toml("params = { a = 1 }\n", SITE)


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("title: x\n", "title: x\n"),
        ("params:\n  a: 1\nmenu: []\n", "  a: 1\n"),
        ("params:\n    a: 1\n    b:\n      - c # d\n\n# about the menu\nmenu: []\n", "      - c # d\n"),
        ("params:\n  a: |\n    text\n    # no comment\n\n\nmenu: []\n", "    # no comment\n"),
        ("params:\n  a: 1\n  # b: 2\n", "  # b: 2\n"),
        ("params:\n  a: 1", "  a: 1\n"),
        ("params:\nmenu: []\n", "params:\n"),
        ("Params: # mine\n  a: 1\n", "  a: 1\n"),
        ("---\nparams:\n  a: &x {b: 1}\n  c: *x\n", "  c: *x\n"),
    ],
)
def test_yaml_gets_them_at_the_end_of_params(text: str, below: str) -> None:
    """With the indentation of `params`, above comments of the next entry; every other byte is kept."""
    new = add_to_yaml(text, SITE)
    assert _yaml(new) == _yaml(text)
    at = new.index("## ")
    assert new[:at].rstrip(" \n").endswith(below.rstrip("\n"))
    kept = [line for line in new.splitlines() if line and not _is_ours(line)]
    assert kept == [line for line in text.splitlines() if line]
    on = _yaml(_switched_on(new, LINES + (0 if "arams:" in text else 1)))
    name = next(key for key in on if key.lower() == "params")
    assert on[name]["llmpapers"] == SITE.values
    assert has_settings(new)


def _is_ours(line: str) -> bool:
    bare = line.lstrip().removeprefix("# ").lstrip()
    names = ("## ", "llmpapers:", *(f"{name}: " for name in SITE.values))
    return line.lstrip().startswith("#") and (bare.startswith(names) or bare == "params:")


@pytest.mark.parametrize(
    "text", ["params: {a: 1}\n", "{title: x}\n", "params: {}\n", "a: |+\n  text\n\n", "params: none\n"]
)
def test_yaml_without_a_place_for_them_is_not_changed(text: str) -> None:
    """Flow style, and a block scalar that would include the lines."""
    with pytest.raises(CannotInsert):
        add_to_yaml(text, SITE)


def test_a_file_of_params_needs_no_params_key() -> None:
    """config/_default/params.toml and .yaml."""
    toml, yaml = add_to_toml("a = 1\n", PARAMS), add_to_yaml("a: 1\n", PARAMS)
    assert tomllib.loads(_switched_on(toml, LINES)) == {"a": 1, "llmpapers": PARAMS.values}
    assert _yaml(_switched_on(yaml, LINES)) == {"a": 1, "llmpapers": PARAMS.values}


def test_windows_line_ends_are_kept() -> None:
    """In the added lines, too."""
    block = Block(japanese=True, site_values=SITE_VALUES, newline="\r\n", params_only=False)
    for new in (add_to_toml("a = 1\r\n", block), add_to_yaml("params:\r\n  a: 1\r\n", block)):
        assert re.search(r"(?<!\r)\n", new) is None


@pytest.mark.parametrize(
    ("text", "put"), [("a = \n", add_to_toml), ("a: [\n", add_to_yaml), ("a: 1\na: 2\n", add_to_yaml)]
)
def test_a_syntax_error_is_reported_with_its_line(text: str, put: Any) -> None:
    """Nothing is added."""
    with pytest.raises(ValueError, match="line"):
        put(text, SITE)


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("[params.llmpapers]\ncount = 3\n", True),
        ("# [params.llmpapers]\n", True),
        ("params:\n  llmpapers:\n", True),
        ('{"params": {"llmPapers": {}}}', True),
        ("params.llmpapers.count = 3\n", True),
        ("# written by hugo-llmpapers: see there\n", False),
        ('title = "LLM papers"\n', False),
        ('baseURL = "https://llmpapers.dev/"\n', False),
        ("baseURL: https://llmpapers.example:8080/\n", False),
    ],
)
def test_existing_settings_are_found(text: str, there: bool) -> None:
    """Active or commented out; a domain or a mention does not count."""
    assert has_settings(text) is there


def test_json_gets_a_snippet() -> None:
    """A member for `params`, in valid JSON."""
    assert json.loads(f"{{{json_snippet(SITE)}}}") == {"llmpapers": SITE.values}


@pytest.mark.parametrize(
    ("write", "text"),
    [
        (add_to_toml, "a = " + "[" * 5000),
        (add_to_toml, "a = " + "1" * 5000),
        (add_to_yaml, "a: " + "[" * 3000),
        (add_to_yaml, "a: 1\n---\nb: 1\n"),
    ],
)
def test_documents_that_parsers_refuse(write: Callable[[str, Block], str], text: str) -> None:
    """Too deep, too long, or two documents: reported as any other error."""
    with pytest.raises(ValueError, match=r".+"):
        write(text, SITE)


def test_an_anchor_that_is_used_twice_is_accepted() -> None:
    """Hugo accepts the file; there is no warning."""
    assert has_settings(add_to_yaml("a: &x 1\nb: &x 2\nparams:\n  c: *x\n", SITE))


def test_a_yaml_file_that_is_too_long() -> None:
    """The parser would take seconds."""
    with pytest.raises(CannotInsert, match="longer"):
        add_to_yaml("".join(f"a{n}: {n}\n" for n in range(9000)), SITE)


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 50_000) + " = 1",
        f"[{'.'.join('a' * 50_000)}]",
        "a = " + "[" * 100_000,
        "a = " + "{a=" * 5000,
        "a = " + "9" * 5000,
        "a = " + "1_" * 100_000 + "1",
        "#" * 400_000,
    ],
    ids=["dotted key", "dotted table", "lists", "tables", "huge int", "long word", "long"],
)
def test_toml_that_would_take_too_long(text: str) -> None:
    """It is refused at once."""
    with pytest.raises(ValueError, match=r".+"):
        add_to_toml(text, SITE)

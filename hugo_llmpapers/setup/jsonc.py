"""JSON with comments, as VS Code reads it: understood by the standard parser, changed without touching the rest.

Comments and trailing commas become spaces first, so that every position in the plain JSON is one in the text.
https://code.visualstudio.com/docs/languages/json#_json-with-comments
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_STRING = r'"(?:\\.|[^"\\\n])*+"?'
"""The end may be missing: to look for one from each quotation mark would take the square of the length."""
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/|(?P<open>/\*.*\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])")
_DECODER = json.JSONDecoder()


def parse(text: str) -> Any:
    """The value. Raises json.JSONDecodeError with line and column of the text."""
    try:
        return json.loads(_plain(_without_comments(text)))
    except RecursionError:
        raise json.JSONDecodeError("Nested too deep", text, 0) from None


def is_blank(text: str) -> bool:
    """Whether there is nothing but white space and comments."""
    return not _without_comments(text).strip()


def appended(text: str, key: str, elements: Sequence[Any], newline: str) -> str:
    """The text with these elements at the end of the list `key` of its object; both are made where they are missing.

    Comments, order, indentation and trailing commas stay. Raises ValueError where the text is no such object.
    """
    document = parse(text)
    if not isinstance(document, dict) or not isinstance(document.get(key, []), list):
        raise ValueError(f"it is no object with a list `{key}`")
    blanked = _without_comments(text)
    plain = _plain(blanked)
    members, closing = _members(plain, plain.index("{"))
    first_line = re.search(r"^([ \t]+)[\"\[{]", blanked, re.MULTILINE)
    unit = first_line[1] if first_line else "    "
    if key not in document:
        whole = f"{json.dumps(key)}: {json.dumps(elements, ensure_ascii=False, indent=unit)}"
        return _inserted(text, blanked, list(members.values()), closing, [whole], unit, newline)
    start, _ = members[key]
    spans, closing = _elements(plain, start)
    own_line = re.search(r"(?:^|\n)([ \t]*)$", text[: spans[0][0]]) if spans else None
    indent = own_line[1] if own_line else _indent_of_line(text, start) + unit
    written = [json.dumps(element, ensure_ascii=False, indent=unit) for element in elements]
    return _inserted(text, blanked, spans, closing, written, indent, newline)


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda m: m[0] if m[0].startswith('"') or m["open"] else re.sub(r"[^\r\n]", " ", m[0]), text)


def _plain(blanked: str) -> str:
    return _TRAILING_COMMA.sub(lambda m: m[0] if m[0].startswith('"') else " ", blanked)


def _after_space(plain: str, at: int) -> int:
    while plain[at].isspace():
        at += 1
    return at


def _members(plain: str, opening: int) -> tuple[dict[str, tuple[int, int]], int]:
    """Where each value of an object stands, by its name, and where the object's closing bracket is."""
    found, at = {}, _after_space(plain, opening + 1)
    while plain[at] != "}":
        name, at = _DECODER.raw_decode(plain, at)
        start = _after_space(plain, _after_space(plain, at) + 1)
        _, end = _DECODER.raw_decode(plain, start)
        found[name] = (start, end)
        at = _after_space(plain, end)
        at = _after_space(plain, at + 1) if plain[at] == "," else at
    return found, at


def _elements(plain: str, opening: int) -> tuple[list[tuple[int, int]], int]:
    """The same for a list."""
    found, at = [], _after_space(plain, opening + 1)
    while plain[at] != "]":
        _, end = _DECODER.raw_decode(plain, at)
        found.append((at, end))
        at = _after_space(plain, end)
        at = _after_space(plain, at + 1) if plain[at] == "," else at
    return found, at


def _inserted(
    text: str,
    blanked: str,
    spans: Sequence[tuple[int, int]],
    closing: int,
    written: Sequence[str],
    indent: str,
    newline: str,
) -> str:
    """`text` with more entries before the bracket at `closing`, below whatever comment stands there."""
    kept = text[:closing].rstrip(" \t\r\n")
    space = text[len(kept) : closing]
    last_end = max((end for _, end in spans), default=None)
    trailing_comma = last_end is not None and "," in blanked[last_end:closing]
    if last_end is not None and not trailing_comma:
        kept = f"{kept[:last_end]},{kept[last_end:]}"
    lines = f",{newline}".join(newline.join(indent + line for line in entry.split("\n")) for entry in written)
    end_of_lines = "," if trailing_comma else ""
    if "\n" not in space:
        space = newline + _indent_of_line(text, closing)
    return f"{kept}{newline}{lines}{end_of_lines}{space}{text[closing:]}"


def _indent_of_line(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip(" \t"))]

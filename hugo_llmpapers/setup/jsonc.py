"""JSON with comments, as in VS Code's settings: parse it, and append to its lists without changing anything else.

Comments and trailing commas are replaced by spaces before parsing, so positions in the parsed text are positions in the
original. https://code.visualstudio.com/docs/languages/json#_json-with-comments
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_STRING = r'"(?:\\.|[^"\\\n])*+"?'
"""The closing quote is optional: otherwise every opening quote would be tried, in quadratic time."""
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/|(?P<open>/\*.*\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])")
_SEPARATOR = re.compile(r"[\s:,]*")
_DECODER = json.JSONDecoder()


def parse(text: str) -> Any:
    """Return the document's value. Raises json.JSONDecodeError with line and column of the original text."""
    try:
        return json.loads(_without_trailing_commas(_without_comments(text)))
    except RecursionError:
        raise json.JSONDecodeError("Nested too deep", text, 0) from None


def is_blank(text: str) -> bool:
    """Return whether the text has only white space and comments."""
    return not _without_comments(text).strip()


def append(text: str, key: str, elements: Sequence[Any], newline: str) -> str:
    """Return the text of an object with `elements` appended to its list `key`, which is added if it is missing.

    Comments, order, indentation and trailing commas are kept. Raises ValueError for any other document.
    """
    document = parse(text)
    if not isinstance(document, dict) or not isinstance(document.get(key, []), list):
        raise ValueError(f"it is not an object with a list `{key}`")
    blanked = _without_comments(text)
    plain = _without_trailing_commas(blanked)
    first_indented = re.search(r"^([ \t]+)[\"\[{]", blanked, re.MULTILINE)
    indent = unit = first_indented[1] if first_indented else "    "
    if key in document:
        start, end = _span_of_value(plain, key)
        new = [json.dumps(element, ensure_ascii=False, indent=unit) for element in elements]
        first = _line_before(text, _after_separator(plain, start + 1))
        indent = first if document[key] and not first.strip(" \t") else _indent_at(text, start) + unit
    else:
        start, end = plain.index("{"), len(plain.rstrip())
        new = [f"{json.dumps(key)}: {json.dumps(elements, ensure_ascii=False, indent=unit)}"]
    lines = f",{newline}".join(newline.join(indent + line for line in one.split("\n")) for one in new)
    return _insert(text, blanked, len(plain[: end - 1].rstrip()), end - 1, lines, newline)


def _without_comments(text: str) -> str:
    return _COMMENT.sub(lambda m: m[0] if m[0].startswith('"') or m["open"] else re.sub(r"[^\r\n]", " ", m[0]), text)


def _without_trailing_commas(blanked: str) -> str:
    return _TRAILING_COMMA.sub(lambda m: m[0] if m[0].startswith('"') else " ", blanked)


def _span_of_value(plain: str, key: str) -> tuple[int, int]:
    """Return start and end of the value of `key` in the outermost object, which has it; of the last one if several."""
    span, at = (0, 0), _after_separator(plain, plain.index("{") + 1)
    while plain[at] != "}":
        name, at = _DECODER.raw_decode(plain, at)
        start = _after_separator(plain, at)
        _, end = _DECODER.raw_decode(plain, start)
        span = (start, end) if name == key else span
        at = _after_separator(plain, end)
    return span


def _after_separator(plain: str, at: int) -> int:
    return at + len(_SEPARATOR.match(plain, at)[0])  # type: ignore[index]


def _insert(text: str, blanked: str, last_end: int, closing: int, lines: str, newline: str) -> str:
    """Return `text` with `lines` before the bracket at `closing`, below any comments; `last_end`: end of the last element
    before it, or of the opening bracket."""
    kept = text[:closing].rstrip(" \t\r\n")
    space = text[len(kept) : closing]
    if "\n" not in space:
        space = newline + _indent_at(text, closing)
    trailing_comma = "," if "," in blanked[last_end:closing] else ""
    if not trailing_comma and blanked[last_end - 1] not in "[{":
        kept = f"{kept[:last_end]},{kept[last_end:]}"
    return f"{kept}{newline}{lines}{trailing_comma}{space}{text[closing:]}"


def _indent_at(text: str, at: int) -> str:
    line = _line_before(text, at)
    return line[: len(line) - len(line.lstrip(" \t"))]


def _line_before(text: str, at: int) -> str:
    """Return the part of a line that is before the position `at`."""
    return text[text.rfind("\n", 0, at) + 1 : at]

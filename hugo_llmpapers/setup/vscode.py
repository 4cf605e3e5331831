"""VS Code tasks, with an input for the date and a problem matcher that shows errors in the editor.

They are appended to the owner's file, JSON with comments, without changing anything else.
https://code.visualstudio.com/docs/debugtest/tasks, https://code.visualstudio.com/docs/reference/tasks-appendix
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

FILE = ".vscode/tasks.json"
NEW, SERVE = "LLM papers: new", "LLM papers: serve"
MATCHER: Mapping[str, Any] = {
    "owner": "hugo-llmpapers",
    "fileLocation": ["autoDetect", "${workspaceFolder}"],
    "severity": "error",
    "pattern": {
        # Ours, `FILE:LINE:COL: error: message`, and Hugo's, `ERROR … "FILE:LINE:COL": message`.
        "regexp": r"^(?:\s*|(?:ERROR|Error:|WARN)\s.*?\")((?:[A-Za-z]:)?[^\s\":][^\":]*):(\d+):(\d+)(?:\":|: error:)\s+(.*)$",
        "file": 1, "line": 2, "column": 3, "message": 4,
    },
}  # fmt: skip
BACKGROUND: Mapping[str, Any] = {
    "activeOnStart": True,
    "beginsPattern": "^Change detected, rebuilding site",
    "endsPattern": "^(?:Web Server is available at|Total in|ERROR Rebuild failed|Error: Rebuild failed)",
}
"""The first and last line of a build by `hugo server`; without it, tasks that depend on the server would never start."""
DATE_INPUT: Mapping[str, Any] = {
    "id": "llmPapersDate",
    "type": "promptString",
    "description": "Day of the post, as 2026-02-27",
    "default": "today",  # not empty, as some shells drop empty arguments
}
_DATE = f"${{input:{DATE_INPUT['id']}}}"
_PATH = "${env:PATH}"
"""The login shell's, even if VS Code was not started from one: https://github.com/microsoft/vscode/issues/118460"""


def _path(separator: str, *folders: str) -> dict[str, Any]:
    return {"options": {"env": {"PATH": separator.join(folders)}}}


_SEARCH_PATH: Mapping[str, Any] = {
    # The site's virtual environment, that of the README, where pipx and uv put programs, PATH, and Homebrew's.
    **_path(
        ":", "${workspaceFolder}/.venv/bin", "${userHome}/.venvs/llmpapers/bin", "${userHome}/.local/bin", _PATH,
        "/opt/homebrew/bin", "/usr/local/bin",
    ),
    "windows": _path(
        ";", r"${workspaceFolder}\.venv\Scripts", r"${userHome}\.venvs\llmpapers\Scripts", r"${userHome}\.local\bin", _PATH
    ),
}  # fmt: skip
"""Where a task finds hugo-llmpapers and hugo."""

_STRING = r'"(?:\\.|[^"\\\n])*+"?'
"""The closing quote is optional: otherwise every opening quote would be tried, in quadratic time."""
_COMMENT = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?\*/|(?P<open>/\*.*\Z)", re.DOTALL)
_TRAILING_COMMA = re.compile(rf"{_STRING}|,(?=\s*[}}\]])")
_SEPARATOR = re.compile(r"[\s:,]*")
_DECODER = json.JSONDecoder()


def _task(label: str, detail: str, command: str, *args: str, **more: Any) -> dict[str, Any]:
    program = {"type": "shell", "command": command, "args": list(args)}
    return {"label": label, "detail": detail, **program, **_SEARCH_PATH, "problemMatcher": MATCHER, **more}


_SERVING = {"isBackground": True, "problemMatcher": {**MATCHER, "background": BACKGROUND}}
TASKS: tuple[dict[str, Any], ...] = (
    _task(NEW, "Writes the day's post if it does not exist", "hugo-llmpapers", "new", _DATE),
    _task(SERVE, "Serves the site at http://localhost:1313/ and rebuilds it after every change", "hugo", "server", **_SERVING),
    {
        "label": "LLM papers: new and serve",
        "detail": "One after the other",
        "dependsOn": [NEW, SERVE],
        "dependsOrder": "sequence",
        "problemMatcher": [],
    },
    _task("LLM papers: refresh", "Adds missing summaries and figures to the day's post", "hugo-llmpapers", "refresh", _DATE),
    _task("LLM papers: doctor", "Shows what would go wrong and how to fix it", "hugo-llmpapers", "doctor"),
)  # fmt: skip
"""Tasks are identified by label: one that its owner changed is left as it is."""


def missing(text: str) -> dict[str, list[dict[str, Any]]]:
    """Return what a tasks.json is missing, by the name of the list where it belongs: `tasks`, `inputs`.

    Raises ValueError if it is not a tasks file; json.JSONDecodeError, with the line, if it is not JSON with comments.
    """
    document = {} if is_blank(text) else parse(text)
    tasks, inputs = _list(document, "tasks"), _list(document, "inputs")
    # Older files use `taskName`.
    labels = [task.get("label", task.get("taskName")) for task in tasks if isinstance(task, dict)]
    new = [task for task in TASKS if task["label"] not in labels]
    has_input = any(isinstance(one, dict) and one.get("id") == DATE_INPUT["id"] for one in inputs)
    needs_input = not has_input and _DATE in text + json.dumps(new)
    return ({"tasks": new} if new else {}) | ({"inputs": [dict(DATE_INPUT)]} if needs_input else {})


def add(text: str, missing_parts: Mapping[str, Sequence[dict[str, Any]]], newline: str) -> str:
    """Return a tasks.json with what `missing` found in it."""
    if is_blank(text):
        document = json.dumps({"version": "2.0.0", **missing_parts}, ensure_ascii=False, indent=4)
        return text + document.replace("\n", newline) + newline
    for name, elements in missing_parts.items():
        text = append(text, name, elements, newline)
    return text


def parse(text: str) -> Any:
    """Return the value of JSON with comments. Raises json.JSONDecodeError with line and column of the original text.

    Comments and trailing commas are replaced by spaces, so positions in the parsed text are positions in the original.
    """
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
    existing = _list(document, key)
    blanked = _without_comments(text)
    plain = _without_trailing_commas(blanked)
    first_indented = re.search(r"^([ \t]+)[\"\[{]", blanked, re.MULTILINE)
    indent = unit = first_indented[1] if first_indented else "    "
    if key in document:
        start, end = _span_of_value(plain, key)
        new = [json.dumps(element, ensure_ascii=False, indent=unit) for element in elements]
        first = _line_before(text, _after_separator(plain, start + 1))
        indent = first if existing and not first.strip(" \t") else _indent_at(text, start) + unit
    else:
        start, end = plain.index("{"), len(plain.rstrip())
        new = [f"{json.dumps(key)}: {json.dumps(elements, ensure_ascii=False, indent=unit)}"]
    lines = f",{newline}".join(newline.join(indent + line for line in one.split("\n")) for one in new)
    return _insert(text, blanked, len(plain[: end - 1].rstrip()), end - 1, lines, newline)


def _list(document: Any, name: str) -> list[Any]:
    found = document.get(name, []) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"it is not an object with a list `{name}`")
    return found


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
    return text[text.rfind("\n", 0, at) + 1 : at]

"""VS Code tasks: the post from the command palette. https://code.visualstudio.com/docs/debugtest/tasks

What they need besides: an input for the date, and a problem matcher, which puts errors into the editor.
https://code.visualstudio.com/docs/reference/tasks-appendix
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hugo_llmpapers.setup import jsonc

FILE = ".vscode/tasks.json"
NEW, SERVE = "LLM papers: new", "LLM papers: serve"
_DATE = "llmPapersDate"
_GIVEN = f"${{input:{_DATE}}}"
_PLACE = r"^(?:\s*|(?:ERROR|Error:|WARN)\s.*?\")((?:[A-Za-z]:)?[^\s\":][^\":]*):(\d+):(\d+)(?:\":|: error:)\s+(.*)$"
"""A line with a place in a file: ours, `FILE:LINE:COL: error: message`, and Hugo's, `ERROR … "FILE:LINE:COL": message`."""
MATCHER: Mapping[str, Any] = {
    "owner": "hugo-llmpapers",
    "fileLocation": ["autoDetect", "${workspaceFolder}"],
    "severity": "error",
    "pattern": {"regexp": _PLACE, "file": 1, "line": 2, "column": 3, "message": 4},
}
BACKGROUND: Mapping[str, Any] = {
    "activeOnStart": True,
    "beginsPattern": "^Change detected, rebuilding site",
    "endsPattern": "^(?:Web Server is available at|Total in|ERROR Rebuild failed|Error: Rebuild failed)",
}
"""Between which lines `hugo server` builds; tasks that wait for it would wait for ever otherwise."""
INPUTS: tuple[dict[str, Any], ...] = (
    # Empty words do not reach a program in every shell, so the default is one.
    {"id": _DATE, "type": "promptString", "description": "Day of the post, as 2026-02-27", "default": "today"},
)
"""Known by their id."""


def _path(separator: str, *folders: str) -> dict[str, Any]:
    return {"options": {"env": {"PATH": separator.join(folders)}}}


_SEEN = "${env:PATH}"
"""That of the login shell, also where VS Code was not started from one: https://github.com/microsoft/vscode/issues/118460"""
_FOUND: Mapping[str, Any] = {
    # The site's own environment, that of the README, where pipx and uv put programs; Homebrew's.
    **_path(
        ":", "${workspaceFolder}/.venv/bin", "${userHome}/.venvs/llmpapers/bin", "${userHome}/.local/bin", _SEEN,
        "/opt/homebrew/bin", "/usr/local/bin",
    ),
    "windows": _path(
        ";", r"${workspaceFolder}\.venv\Scripts", r"${userHome}\.venvs\llmpapers\Scripts", r"${userHome}\.local\bin", _SEEN
    ),
}  # fmt: skip
"""Where a task looks for hugo-llmpapers and hugo."""


def _task(label: str, detail: str, *args: str) -> dict[str, Any]:
    program = {"type": "shell", "command": "hugo-llmpapers", "args": list(args)}
    return {"label": label, "detail": detail, **program, **_FOUND, "problemMatcher": MATCHER}


TASKS: tuple[dict[str, Any], ...] = (
    _task(NEW, "Writes the day's post, unless it is there already", "new", _GIVEN),
    {
        "label": SERVE,
        "detail": "Shows the site at http://localhost:1313/, and builds it after every change",
        "type": "shell",
        "command": "hugo",
        "args": ["server"],
        **_FOUND,
        "isBackground": True,
        "problemMatcher": {**MATCHER, "background": BACKGROUND},
    },
    {
        "label": "LLM papers: new and serve",
        "detail": "One after the other",
        "dependsOn": [NEW, SERVE],
        "dependsOrder": "sequence",
        "problemMatcher": [],
    },
    _task("LLM papers: refresh", "Puts in the summaries and figures that the day's post lacks", "refresh", _GIVEN),
    _task("LLM papers: doctor", "Says what would go wrong, and what to do about it", "doctor"),
)
"""A task is known by its label: one that has been changed is left as it is."""


def missing(text: str) -> dict[str, list[dict[str, Any]]]:
    """What a tasks.json lacks, by the name of the list where it belongs: `tasks`, `inputs`.

    Raises ValueError where it is not JSON with comments (json.JSONDecodeError then, with the line) or not of tasks.
    """
    if jsonc.is_blank(text):
        return {"tasks": list(TASKS), "inputs": list(INPUTS)}
    document = jsonc.parse(text)
    tasks, inputs = _list(document, "tasks"), _list(document, "inputs")
    # Older files say `taskName`.
    labels = [task.get("label", task.get("taskName")) for task in tasks if isinstance(task, dict)]
    new = [task for task in TASKS if task["label"] not in labels]
    ids = [one.get("id") for one in inputs if isinstance(one, dict)]
    try:
        asked = json.dumps([*tasks, *new])
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    needed = [one for one in INPUTS if one["id"] not in ids and f"${{input:{one['id']}}}" in asked]
    return {name: some for name, some in (("tasks", new), ("inputs", needed)) if some}


def completed(text: str, lacking: Mapping[str, Sequence[dict[str, Any]]], newline: str) -> str:
    """A tasks.json, as `missing` takes it, with these at the ends of its lists."""
    if jsonc.is_blank(text):
        document = json.dumps({"version": "2.0.0", **lacking}, ensure_ascii=False, indent=4)
        return text + document.replace("\n", newline) + newline
    for name, elements in lacking.items():
        text = jsonc.append(text, name, elements, newline)
    return text


def _list(document: Any, name: str) -> list[Any]:
    found = document.get(name, []) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"it is no object with a list `{name}`")
    return found

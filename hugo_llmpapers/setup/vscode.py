"""VS Code tasks, with an input for the date and a problem matcher that shows errors in the editor.

https://code.visualstudio.com/docs/debugtest/tasks, https://code.visualstudio.com/docs/reference/tasks-appendix
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hugo_llmpapers.setup import jsonc

FILE = ".vscode/tasks.json"
NEW, SERVE = "LLM papers: new", "LLM papers: serve"
MATCHER: Mapping[str, Any] = {
    "owner": "hugo-llmpapers",
    "fileLocation": ["autoDetect", "${workspaceFolder}"],
    "severity": "error",
    "pattern": {
        # Ours, `FILE:LINE:COL: error: message`, and Hugo's, `ERROR … "FILE:LINE:COL": message`.
        "regexp": r"^(?:\s*|(?:ERROR|Error:|WARN)\s.*?\")((?:[A-Za-z]:)?[^\s\":][^\":]*):(\d+):(\d+)(?:\":|: error:)\s+(.*)$",
        "file": 1,
        "line": 2,
        "column": 3,
        "message": 4,
    },
}
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


def _task(label: str, detail: str, command: str, *args: str, **more: Any) -> dict[str, Any]:
    program = {"type": "shell", "command": command, "args": list(args)}
    return {"label": label, "detail": detail, **program, **_SEARCH_PATH, "problemMatcher": MATCHER, **more}


_SERVING = {"isBackground": True, "problemMatcher": {**MATCHER, "background": BACKGROUND}}
TASKS: tuple[dict[str, Any], ...] = (
    _task(NEW, "Writes the day's post unless it exists", "hugo-llmpapers", "new", _DATE),
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
    if jsonc.is_blank(text):
        return {"tasks": list(TASKS), "inputs": [dict(DATE_INPUT)]}
    document = jsonc.parse(text)
    tasks, inputs = _list(document, "tasks"), _list(document, "inputs")
    # Older files use `taskName`.
    labels = [task.get("label", task.get("taskName")) for task in tasks if isinstance(task, dict)]
    new = [task for task in TASKS if task["label"] not in labels]
    has_input = any(isinstance(one, dict) and one.get("id") == DATE_INPUT["id"] for one in inputs)
    needs_input = not has_input and _DATE in text + json.dumps(new)
    found = {"tasks": new, "inputs": [dict(DATE_INPUT)] if needs_input else []}
    return {name: elements for name, elements in found.items() if elements}


def add(text: str, missing_parts: Mapping[str, Sequence[dict[str, Any]]], newline: str) -> str:
    """Return a tasks.json with what `missing` found in it."""
    if jsonc.is_blank(text):
        document = json.dumps({"version": "2.0.0", **missing_parts}, ensure_ascii=False, indent=4)
        return text + document.replace("\n", newline) + newline
    for name, elements in missing_parts.items():
        text = jsonc.append(text, name, elements, newline)
    return text


def _list(document: Any, name: str) -> list[Any]:
    found = document.get(name, []) if isinstance(document, dict) else None
    if not isinstance(found, list):
        raise ValueError(f"it is not an object with a list `{name}`")
    return found

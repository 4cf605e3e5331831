"""VS Code tasks: the post from the command palette. https://code.visualstudio.com/docs/debugtest/tasks"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hugo_llmpapers import jsonc

FILE = ".vscode/tasks.json"
NEW = "LLM papers: new"
TASKS: tuple[dict[str, Any], ...] = (
    {
        "label": NEW,
        "detail": "Writes today's post, unless it is there already",
        "type": "shell",
        "command": "hugo-llmpapers",
        "args": ["new"],
        "problemMatcher": [],
    },
    {
        "label": "LLM papers: new and serve",
        "detail": "Writes today's post and shows the site at http://localhost:1313/",
        "type": "shell",
        "command": "hugo",
        "args": ["server"],
        "dependsOn": [NEW],
        "dependsOrder": "sequence",
        "isBackground": True,
        "problemMatcher": [],
    },
)
"""A task is known by its label: one that has been changed is left as it is."""


def missing(text: str) -> tuple[dict[str, Any], ...]:
    """Those of ours that a tasks.json lacks.

    Raises ValueError where it is not JSON with comments (json.JSONDecodeError then, with the line) or not of tasks.
    """
    if jsonc.is_blank(text):
        return TASKS
    document = jsonc.parse(text)
    tasks = document.get("tasks", []) if isinstance(document, dict) else None
    if not isinstance(tasks, list):
        raise ValueError("it is no object with a list `tasks`")
    # Older files say `taskName`.
    labels = {task.get("label", task.get("taskName")) for task in tasks if isinstance(task, dict)}
    return tuple(task for task in TASKS if task["label"] not in labels)


def with_tasks(text: str, tasks: Sequence[dict[str, Any]], newline: str) -> str:
    """A tasks.json, as `missing` takes it, with these tasks at its end."""
    if jsonc.is_blank(text):
        document = json.dumps({"version": "2.0.0", "tasks": tasks}, ensure_ascii=False, indent=4)
        return text + document.replace("\n", newline) + newline
    return jsonc.appended(text, "tasks", tasks, newline)

"""VS Code tasks are added to the owner's file."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from hugo_llmpapers.setup import vscode
from hugo_llmpapers.setup.vscode import DATE_INPUT, NEW, SERVE, TASKS, add, missing

LABELS = [task["label"] for task in TASKS]
EARLIER = """{
    "version": "2.0.0",
    "tasks": [
        {
            "label": "LLM papers: new",
            "type": "shell",
            "command": "hugo-llmpapers",
            "args": ["new"],
            "problemMatcher": []
        },
        {
            "label": "LLM papers: new and serve", // mine
            "type": "shell",
            "command": "hugo",
            "args": ["server"],
            "dependsOn": ["LLM papers: new"],
            "isBackground": true
        }
    ]
}
"""
"""As written by an earlier version."""


@pytest.mark.parametrize("text", ["", "\n", "// See https://go.microsoft.com/fwlink/?LinkId=733558\n"])
def test_an_empty_file_gets_all_tasks(text: str) -> None:
    """Its comments are kept."""
    new = add(text, missing(text), "\n")
    assert new.startswith(text)
    assert vscode.parse(new) == {"version": "2.0.0", "tasks": list(TASKS), "inputs": [DATE_INPUT]}
    assert missing(new) == {}


def test_dependencies_and_inputs_of_tasks_exist() -> None:
    """VS Code ignores a dependency that does not exist, and refuses a task with an unknown input."""
    assert len(set(LABELS)) == len(LABELS)
    assert {name for task in TASKS for name in task.get("dependsOn", ())} <= set(LABELS)
    assert json.dumps(TASKS).count("${input:llmPapersDate}") == 2
    assert (DATE_INPUT["id"], DATE_INPUT["default"]) == ("llmPapersDate", "today")


@pytest.mark.skipif(os.name == "nt", reason="the task's path is that of POSIX")
def test_tasks_find_the_program_where_it_was_installed(tmp_path: Path) -> None:
    """In order: the site's environment, the README's, pipx's and uv's, PATH, Homebrew."""
    known = {"workspaceFolder": tmp_path / "site", "userHome": tmp_path / "home", "env:PATH": tmp_path / "path"}
    programs = [
        tmp_path / folder / "hugo-llmpapers"
        for folder in ("site/.venv/bin", "home/.venvs/llmpapers/bin", "home/.local/bin", "path")
    ]
    for program in programs:
        program.parent.mkdir(parents=True)
        program.touch(0o755)
    for task in (task for task in TASKS if "command" in task):
        seen = re.sub(r"\$\{([^}]+)\}", lambda found: str(known[found[1]]), task["options"]["env"]["PATH"])
        assert seen.endswith(f"{known['env:PATH']}:/opt/homebrew/bin:/usr/local/bin")
        folders = [folder for folder in seen.split(":") if folder.startswith(str(tmp_path))]
        assert [Path(folder, "hugo-llmpapers") for folder in folders] == programs
        assert shutil.which("hugo-llmpapers", path=seen) == str(programs[0])


def test_tasks_find_the_program_on_windows() -> None:
    """In the folders that environments and pipx use there."""
    for task in (task for task in TASKS if "command" in task):
        assert task["windows"]["options"]["env"]["PATH"].split(";") == [
            "${workspaceFolder}\\.venv\\Scripts",
            "${userHome}\\.venvs\\llmpapers\\Scripts",
            "${userHome}\\.local\\bin",
            "${env:PATH}",
        ]


def test_a_changed_task_is_kept() -> None:
    """Tasks are identified by their label."""
    text = f'{{"version": "2.0.0", "tasks": [{{"label": "{NEW}", "command": "make papers"}}]}}'
    assert [task["label"] for task in missing(text)["tasks"]] == [label for label in LABELS if label != NEW]
    new = add(text, missing(text), "\n")
    assert vscode.parse(new)["tasks"][0]["command"] == "make papers"
    assert missing(new) == {}


def test_tasks_of_an_earlier_version_are_kept() -> None:
    """New ones are appended; no line is removed."""
    new = add(EARLIER, missing(EARLIER), "\n")
    document = vscode.parse(new)
    assert document["tasks"][:2] == vscode.parse(EARLIER)["tasks"]
    assert sorted(task["label"] for task in document["tasks"]) == sorted(LABELS)
    assert [
        line for line in EARLIER.splitlines() if line.rstrip(",") not in {x.rstrip(",") for x in new.splitlines()}
    ] == []
    assert missing(new) == {}


@pytest.mark.parametrize(
    ("inputs", "added"),
    [
        ('"inputs": [{"id": "mine", "type": "promptString"}, /* c */],', ["mine", "llmPapersDate"]),
        ('"inputs": [],', ["llmPapersDate"]),
        ('"inputs": [{"id": "llmPapersDate", "type": "command"}],', ["llmPapersDate"]),
        ("", ["llmPapersDate"]),
    ],
)
def test_the_input_is_added_to_existing_ones(inputs: str, added: list[str]) -> None:
    """Unless its id exists; below any comments."""
    text = f'{{\n  // a\n  {inputs}\n  "tasks": [\n  ] // b\n}}\n'
    new = add(text, missing(text), "\n")
    assert [one["id"] for one in vscode.parse(new)["inputs"]] == added
    assert all(comment in new for comment in ("// a", "// b", *(["/* c */"] if "/* c */" in text else [])))
    assert missing(new) == {}


def test_a_removed_input_is_added_again() -> None:
    """Our tasks need it; a file whose tasks do not use it is complete."""
    whole = add("", missing(""), "\n")
    document = vscode.parse(whole)
    assert missing(json.dumps({**document, "inputs": []})) == {"inputs": [DATE_INPUT]}
    plain = [{**task, "args": []} for task in document["tasks"]]
    assert missing(json.dumps({"tasks": plain})) == {}


def test_task_names_of_older_files_are_recognised() -> None:
    """`taskName` was replaced by `label`."""
    found = missing(f'{{"tasks": [{{"taskName": "{SERVE}"}}, 7]}}')["tasks"]
    assert [task["label"] for task in found] == [label for label in LABELS if label != SERVE]


@pytest.mark.parametrize("text", ["[]", '{"tasks": "none"}', '{"tasks": [}', '{"tasks": [], "inputs": {}}'])
def test_other_documents_are_refused(text: str) -> None:
    """With a reason."""
    with pytest.raises(ValueError, match=r".+"):
        missing(text)


@pytest.mark.parametrize("label", ["[]", "{}", "null", "7"])
def test_labels_that_are_no_strings(label: str) -> None:
    """VS Code ignores such a task, as we do."""
    assert len(missing(f'{{"tasks": [{{"label": {label}}}], "inputs": [{{"id": {label}}}]}}')["tasks"]) == len(TASKS)

"""The VS Code tasks, in a file that is somebody else's."""

from __future__ import annotations

import pytest

from hugo_llmpapers import jsonc
from hugo_llmpapers.vscode import NEW, TASKS, missing, with_tasks

SERVE = TASKS[1]["label"]


@pytest.mark.parametrize("text", ["", "\n", "// See https://go.microsoft.com/fwlink/?LinkId=733558\n"])
def test_an_empty_file_becomes_a_whole_one(text: str) -> None:
    """Its comments stay."""
    new = with_tasks(text, missing(text), "\n")
    assert new.startswith(text)
    assert jsonc.parse(new) == {"version": "2.0.0", "tasks": list(TASKS)}


def test_all_tasks_depend_on_tasks_that_are_there() -> None:
    """VS Code says nothing to a task that waits for one that is not."""
    labels = [task["label"] for task in TASKS]
    assert len(set(labels)) == len(labels)
    assert {name for task in TASKS for name in task.get("dependsOn", ())} <= set(labels)


def test_a_task_that_its_owner_has_changed_is_there() -> None:
    """It is known by its label alone."""
    text = f'{{"version": "2.0.0", "tasks": [{{"label": "{NEW}", "command": "make papers"}}]}}'
    assert [task["label"] for task in missing(text)] == [SERVE]
    new = with_tasks(text, missing(text), "\n")
    assert jsonc.parse(new)["tasks"][0]["command"] == "make papers"
    assert missing(new) == ()


def test_an_older_files_task_names_count() -> None:
    """`taskName` was what `label` is."""
    assert [task["label"] for task in missing(f'{{"tasks": [{{"taskName": "{SERVE}"}}, 7]}}')] == [NEW]


@pytest.mark.parametrize("text", ["[]", '{"tasks": "none"}', '{"tasks": [}'])
def test_a_file_of_another_kind_is_refused(text: str) -> None:
    """With a reason."""
    with pytest.raises(ValueError, match=r".+"):
        missing(text)

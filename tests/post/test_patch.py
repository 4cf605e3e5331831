"""Changes are made only in lines that nobody has edited."""

from __future__ import annotations

from hugo_llmpapers.post.patch import Patched, apply_changes

BEFORE = "intro\n\n## 1\n\n- id: a\n\n### excerpt\n\nfirst\n\n## 2\n\n- id: b\n\n### excerpt\n\nsecond\n\nend\n"
AFTER = "INTRO\n\n## 1\n\n- id: a\n\n### summary\n\nFIRST\n\n## 2\n\n- id: b\n\n![](b.png)\n\n### summary\n\nSECOND\n\nend\n"


def test_an_unedited_file_becomes_the_new_one() -> None:
    """Also if the same heading is above each change."""
    assert apply_changes(BEFORE, BEFORE, AFTER) == Patched(AFTER, 0)


def test_edits_stay_to_the_byte() -> None:
    """New paragraphs, changed titles, trailing white space, a missing end of line."""
    edited = "intro\n\nMy own words.  \n\n## 1, better\n\n- id: a\n\n### excerpt\n\nfirst\n\n## 2\n\n- id: b\n\n### excerpt\n\nsecond!\n\nbye"
    done = apply_changes(edited, BEFORE, AFTER)
    assert done.text == edited.replace("intro", "INTRO").replace("### excerpt\n\nfirst", "### summary\n\nFIRST")
    assert done.missed == 1


def test_a_change_that_fits_twice_is_missed() -> None:
    """A hole is better than a change in the wrong place."""
    assert apply_changes("x\nx\n", "x\n", "y\n") == Patched("x\nx\n", 1)


def test_an_insertion_is_placed_by_the_lines_above() -> None:
    """However often the neighbouring lines occur."""
    before = "- a\n\ntext\n\n- b\n\ntext\n"
    assert (
        apply_changes(before, before, "- a\n\ntext\n\n- b\n\nNEW\n\ntext\n").text
        == "- a\n\ntext\n\n- b\n\nNEW\n\ntext\n"
    )


def test_equal_renderings_change_nothing() -> None:
    """Whatever the file is."""
    assert apply_changes("anything\r\n", BEFORE, BEFORE) == Patched("anything\r\n", 0)

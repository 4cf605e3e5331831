"""Changes are carried over only where nobody has touched the lines."""

from __future__ import annotations

from hugo_llmpapers.post.patch import Patched, apply_changes

BEFORE = "intro\n\n## 1\n\n- id: a\n\n### excerpt\n\nfirst\n\n## 2\n\n- id: b\n\n### excerpt\n\nsecond\n\nend\n"
AFTER = "INTRO\n\n## 1\n\n- id: a\n\n### summary\n\nFIRST\n\n## 2\n\n- id: b\n\n![](b.png)\n\n### summary\n\nSECOND\n\nend\n"


def test_an_untouched_file_becomes_the_new_one() -> None:
    """Also where the same heading stands before each change."""
    assert apply_changes(BEFORE, BEFORE, AFTER) == Patched(AFTER, 0)


def test_what_a_person_wrote_stays_to_the_byte() -> None:
    """New paragraphs, changed titles, white space at line ends, the missing end of line."""
    mine = "intro\n\nMy own words.  \n\n## 1, better\n\n- id: a\n\n### excerpt\n\nfirst\n\n## 2\n\n- id: b\n\n### excerpt\n\nsecond!\n\nbye"
    done = apply_changes(mine, BEFORE, AFTER)
    assert done.text == mine.replace("intro", "INTRO").replace("### excerpt\n\nfirst", "### summary\n\nFIRST")
    assert done.missed == 1


def test_a_change_that_fits_twice_is_left() -> None:
    """Better a hole than a wrong place."""
    assert apply_changes("x\nx\n", "x\n", "y\n") == Patched("x\nx\n", 1)


def test_an_insertion_finds_its_place_by_the_lines_above() -> None:
    """However often its neighbours stand there."""
    before = "- a\n\ntext\n\n- b\n\ntext\n"
    assert (
        apply_changes(before, before, "- a\n\ntext\n\n- b\n\nNEW\n\ntext\n").text
        == "- a\n\ntext\n\n- b\n\nNEW\n\ntext\n"
    )


def test_nothing_changes_where_nothing_differs() -> None:
    """Whatever the file is."""
    assert apply_changes("anything\r\n", BEFORE, BEFORE) == Patched("anything\r\n", 0)

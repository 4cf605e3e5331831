"""Images that pages in other languages show are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hugo_llmpapers.post.bundle import files_to_keep, free_name, other_pages
from hugo_llmpapers.site.site import Site
from tests.site.test_visibility import _site

NAME = "llm-papers-2026-02-27"
ENGLISH = b"![x](paper_1.png)\n"


def _bilingual(root: Path, language: str = "ja", *, by_folder: bool = False) -> Site:
    """Japanese is the default language; English stands beside it, or in a folder of its own."""
    config: dict[str, Any] = {"defaultcontentlanguage": "ja"}
    content = root / "content"
    if by_folder:
        mounts = [{"source": f"content/{key}", "target": "content", "lang": key} for key in ("ja", "en")]
        config["module"] = {"mounts": mounts}
        content /= language
    return replace(
        _site(root, config=config),
        language=language,
        language_key=language,
        languages=("ja", "en"),
        section_dir=content / "posts",
        by_file_name=language != "ja" and not by_folder,
    )


@pytest.mark.parametrize("text", ["![x](paper_1.png)", '{{< figure src="paper_1.png" >}}', "cover: paper_1.png"])
def test_an_image_on_another_page_stays(tmp_path: Path, text: str) -> None:
    """However it is named there; one that only the replaced page showed is removed."""
    files = {"index.md": b"![](paper_1.png) ![](paper_11.png)", "index.en.md": text.encode()}
    files |= {"paper_1.png": b"1", "paper_11.png": b"11"}
    assert files_to_keep(_bilingual(tmp_path), NAME, files).keys() == {"index.en.md", "paper_1.png"}


def test_without_another_page_nothing_stays(tmp_path: Path) -> None:
    """The whole post is replaced."""
    files = {"index.md": b"![](paper_1.png)", "paper_1.png": b"1", "cover.jpg": b"c"}
    assert files_to_keep(_bilingual(tmp_path), NAME, files) == {}


def test_the_owners_files_stay_if_there_is_another_page(tmp_path: Path) -> None:
    """Themes look for covers by their names."""
    files = {"index.md": b"", "index.en.md": b"", "cover.jpg": b"c"}
    assert files_to_keep(_bilingual(tmp_path), NAME, files).keys() == {"index.en.md", "cover.jpg"}


def test_a_page_shows_the_image_in_its_language(tmp_path: Path) -> None:
    """`paper_1.png` on an English page is `paper_1.en.png`, if it exists."""
    files = {"index.md": b"![](paper_1.png)", "index.en.md": ENGLISH, "paper_1.png": b"ja", "paper_1.en.png": b"en"}
    site = _bilingual(tmp_path)
    assert files_to_keep(site, NAME, files).keys() == {"index.en.md", "paper_1.en.png"}
    assert free_name(site, 1, b"new", files, other_pages(site, NAME, files)) == "paper_1.png"


def test_an_image_that_only_the_replaced_page_showed_is_removed(tmp_path: Path) -> None:
    """Shared images do not pile up."""
    files = {"index.md": b"![](paper_1-2.png)", "index.en.md": ENGLISH, "paper_1.png": b"old", "paper_1-2.png": b"new"}
    site = _bilingual(tmp_path, "en")
    assert files_to_keep(site, NAME, files).keys() == {"index.md", "paper_1-2.png"}


def test_a_new_image_gets_no_name_that_another_page_shows(tmp_path: Path) -> None:
    """Whether that image exists or is lost: the page would show the wrong one."""
    site = _bilingual(tmp_path)
    for files in ({"index.en.md": ENGLISH, "paper_1.png": b"old"}, {"index.en.md": ENGLISH}):
        pages = other_pages(site, NAME, files)
        assert free_name(site, 1, b"new", files, pages) == "paper_1-2.png"
        assert free_name(site, 2, b"new", files, pages) == "paper_2.png"


def test_the_same_image_is_shared(tmp_path: Path) -> None:
    """Under whatever number, if the default language has a page."""
    site = _bilingual(tmp_path, "en")
    files = {"index.md": b"![](paper_1-2.png)", "paper_1-2.png": b"same"}
    assert free_name(site, 1, b"same", files, other_pages(site, NAME, files)) == "paper_1-2.png"
    assert free_name(site, 1, b"same", {"paper_1-2.png": b"same"}, []) == "paper_1.en.png"


def test_bundles_in_several_content_folders_share_files(tmp_path: Path) -> None:
    """Hugo gives a page the files of the same bundle in another language's folder, unless it has its own."""
    site = _bilingual(tmp_path, by_folder=True)
    files = {"index.md": b"![](paper_1.png)", "paper_1.png": b"old"}
    english = tmp_path / "content" / "en" / "posts" / NAME
    english.mkdir(parents=True)
    (english / "index.html").write_bytes(b'<img src="paper_1.png">')
    assert files_to_keep(site, NAME, files).keys() == {"paper_1.png"}
    assert free_name(site, 1, b"new", files, other_pages(site, NAME, files)) == "paper_1-2.png"
    (english / "paper_1.png").write_bytes(b"its own")
    assert files_to_keep(site, NAME, files) == {}
    assert free_name(site, 1, b"new", files, other_pages(site, NAME, files)) == "paper_1.png"


def test_languages_in_file_names_ignore_case(tmp_path: Path) -> None:
    """As in Hugo."""
    assert _bilingual(tmp_path).belongs_to_translation("index.EN.md")
    assert not _bilingual(tmp_path, "en").belongs_to_translation("paper_1.EN.png")

"""Our archetypes in the site's own format."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date

import frontmatter as reader
import pytest

from hugo_llmpapers.post.archetype import shipped
from hugo_llmpapers.setup.archetype_file import archetype_text
from hugo_llmpapers.setup.theme import Conventions, Cover
from hugo_llmpapers.site.front_matter import Format

FORMATS: tuple[Format, ...] = ("yaml", "toml", "json")


def _rendered(text: str) -> str:
    """Return the front matter and body that Hugo makes of an archetype for one day."""
    text = re.sub(r"\{\{-? ?/\*.*?\*/ ?-?\}\}\n?", "", text, flags=re.DOTALL)
    text = re.sub(r"^\{\{-.*?-?\}\}\n", "", text, flags=re.DOTALL | re.MULTILINE)
    text = text.replace("{{ $day }}", "2026-02-27").replace("{{ $post.date | default .Date }}", "2026-02-27")
    text = text.replace("{{ $post.name | default .Name }}", "llm-papers-2026-02-27")
    text = text.replace("{{ $post.draft | default true }}", "false").replace("{{ .figure.file }}", "paper_1.png")
    return text[re.search(r"^(---|\+\+\+|\{)$", text, re.MULTILINE).start() :]  # type: ignore[union-attr]


def _front_matter(text: str, kind: Format) -> dict[str, object]:
    text = _rendered(text)
    if kind == "json":
        return dict(json.JSONDecoder().raw_decode(text)[0])
    if kind == "toml":
        return tomllib.loads(text.split("+++\n")[1])
    return dict(reader.loads(text).metadata)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_format_has_the_same_values(kind: Format, language: str) -> None:
    """Same keys, same order, same body; `draft` is a boolean in each."""
    ours = shipped(language).read_text(encoding="utf-8")
    text = archetype_text(language, Conventions(kind, "", None, page_bundles=False))
    values, expected = _front_matter(text, kind), _front_matter(ours, "yaml")
    assert list(values) == list(expected)
    assert {k: str(v) for k, v in values.items()} == {k: str(v) for k, v in expected.items()}
    assert values["draft"] is False
    assert values["date"] == ("2026-02-27" if kind == "json" else date(2026, 2, 27))
    assert text.split("{{- if $post.sample }}")[1] == ours.split("{{- if $post.sample }}")[1]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_yaml_without_additions_is_our_file(language: str) -> None:
    """To the byte."""
    text = archetype_text(language, Conventions("yaml", "", None, page_bundles=False))
    assert text == shipped(language).read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    ("key", "entry"),
    [
        ("featuredImage", {"featuredImage": "paper_1.png"}),
        ("images", {"images": ["paper_1.png"]}),
        ("cover.image", {"cover": {"image": "paper_1.png", "relative": True}}),
    ],
)
def test_a_cover_is_commented_out(kind: Format, key: str, entry: dict[str, object]) -> None:
    """The comment leaves nothing in a post; without its first and last line the entry is valid."""
    cover = Cover(key, by_url=False)
    text = archetype_text("en", Conventions(kind, "t", cover, page_bundles=True))
    plain = archetype_text("en", Conventions(kind, "t", None, page_bundles=True))
    assert _front_matter(text, kind) == _front_matter(plain, kind)
    assert _front_matter(text, kind)["usePageBundles"] is True
    lines = text.splitlines(keepends=True)
    switched_on = "".join(line for line in lines if not line.startswith("{{- /* t shows") and line != "end */}}\n")
    assert {**entry, **_front_matter(switched_on, kind)} == _front_matter(switched_on, kind)

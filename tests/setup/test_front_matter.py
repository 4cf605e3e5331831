"""The head of our archetypes in the site's own format."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date

import frontmatter as reader
import pytest

from hugo_llmpapers.post.archetype import shipped
from hugo_llmpapers.setup.front_matter import rewritten
from hugo_llmpapers.site.front_matter import Format

KINDS: tuple[Format, ...] = ("yaml", "toml", "json")
WHY = ("shows it; delete this line and the last", "end")


def _rendered(text: str) -> str:
    """What Hugo makes of it, for one day, as far as the head goes: comments and actions are gone."""
    text = re.sub(r"\{\{-? ?/\*.*?\*/ ?-?\}\}\n?", "", text, flags=re.DOTALL)
    text = re.sub(r"^\{\{-.*?-?\}\}\n", "", text, flags=re.DOTALL | re.MULTILINE)
    text = text.replace("{{ $day }}", "2026-02-27").replace("{{ $post.date | default .Date }}", "2026-02-27")
    text = text.replace("{{ $post.name | default .Name }}", "llm-papers-2026-02-27")
    text = text.replace("{{ $post.draft | default true }}", "false").replace("{{ .figure.file }}", "paper_1.png")
    return text[re.search(r"^(---|\+\+\+|\{)$", text, re.MULTILINE).start() :]  # type: ignore[union-attr]


def _head(text: str, kind: Format) -> dict[str, object]:
    text = _rendered(text)
    if kind == "json":
        return dict(json.JSONDecoder().raw_decode(text)[0])
    if kind == "toml":
        return tomllib.loads(text.split("+++\n")[1])
    return dict(reader.loads(text).metadata)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_format_says_the_same(kind: Format, language: str) -> None:
    """Same entries, same order, same body, and a value's kind is kept: `draft` is no string."""
    ours = shipped(language).read_text(encoding="utf-8")
    text = rewritten(ours, kind, {}, None, ("", ""))
    head, wanted = _head(text, kind), _head(ours, "yaml")
    assert list(head) == list(wanted)
    assert {k: str(v) for k, v in head.items()} == {k: str(v) for k, v in wanted.items()}
    assert head["draft"] is False
    assert head["date"] == ("2026-02-27" if kind == "json" else date(2026, 2, 27))
    assert text.split("{{- if $post.sample }}")[1] == ours.split("{{- if $post.sample }}")[1]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_yaml_without_additions_is_our_file(language: str) -> None:
    """To the byte."""
    ours = shipped(language).read_text(encoding="utf-8")
    assert rewritten(ours, "yaml", {}, None, ("", "")) == ours


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "cover",
    [
        {"featuredImage": "{{ .figure.file }}"},
        {"images": ["{{ .figure.file }}"]},
        {"cover": {"image": "{{ .figure.file }}", "relative": True}},
    ],
)
def test_a_cover_waits_in_a_comment(kind: Format, cover: dict[str, object]) -> None:
    """Off, it leaves no trace in a post; with the two lines of the comment gone, it is a right entry."""
    ours = shipped("ja").read_text(encoding="utf-8")
    text = rewritten(ours, kind, {"usePageBundles": True}, cover, WHY)
    assert _head(text, kind) == _head(rewritten(ours, kind, {"usePageBundles": True}, None, WHY), kind)
    assert _head(text, kind)["usePageBundles"] is True
    lines = text.splitlines(keepends=True)
    switched_on = "".join(line for line in lines if line not in (f"{{{{- /* {WHY[0]}\n", f"{WHY[1]} */}}}}\n"))
    wanted = json.loads(json.dumps(cover).replace("{{ .figure.file }}", "paper_1.png"))
    assert {**wanted, **_head(switched_on, kind)} == _head(switched_on, kind)

"""The head of an archetype in another format: ours are in YAML, a site may keep its front matter in TOML or JSON.

https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from hugo_llmpapers.site.front_matter import Format

_ENTRY = re.compile(r"(\w+): (.+)")
_LAST = "draft"
"""What is added goes before this entry, the last one of ours, so that JSON's commas come out right."""
_FIGURE = 'range first 1 (where $post.papers "figure" "!=" nil)'


def rewritten(
    archetype: str, kind: Format, on: Mapping[str, Any], cover: Mapping[str, Any] | None, why: tuple[str, str]
) -> str:
    """An archetype of ours with its front matter in `kind`, and further entries.

    `on`: entries that count. `cover`: entries for the first figure, inside a template comment (an ordinary one would
    come out in every post, and what a template says in it would be carried out). `why`: the comment's first and last
    words.
    """
    before, head, body = archetype.split("---\n", 2)
    entries = [(m[1], m[2]) for line in head.splitlines() if (m := _ENTRY.fullmatch(line))]
    lines: list[str] = []
    for key, value in entries:
        if key == _LAST:
            lines += [_entry(name, json.dumps(more), kind) for name, more in on.items()]
            lines += _commented(cover, kind, why) if cover else []
        lines.append(_entry(key, value, kind))
    opening, closing = {"yaml": ("---", "---"), "toml": ("+++", "+++"), "json": ("{", "}")}[kind]
    if kind == "json":
        lines[-1] = lines[-1].removesuffix(",")
    return before + "\n".join([opening, *lines, closing]) + "\n" + body


def _entry(key: str, value: str, kind: Format) -> str:
    """One entry, from its value as it stands in our YAML: JSON, or a template's action."""
    bare = {"yaml": {"url", "date", "draft"}, "toml": {"date", "draft"}, "json": {"draft"}}[kind]
    if value.startswith("{{") and key not in bare:
        value = f'"{value}"'
    return {"yaml": f"{key}: {value}", "toml": f"{key} = {value}", "json": f'  "{key}": {value},'}[kind]


def _commented(cover: Mapping[str, Any], kind: Format, why: tuple[str, str]) -> list[str]:
    lines = [f"{{{{- /* {why[0]}", f"{{{{- {_FIGURE} }}}}"]
    for key, value in cover.items():
        if kind == "yaml" and isinstance(value, Mapping):
            lines += [f"{key}:", *(f"  {name}: {json.dumps(inner)}" for name, inner in value.items())]
        elif kind == "toml" and isinstance(value, Mapping):
            inside = ", ".join(f"{name} = {json.dumps(inner)}" for name, inner in value.items())
            lines.append(f"{key} = {{ {inside} }}")
        else:
            lines.append(_entry(key, json.dumps(value), kind))
    return [*lines, "{{- end }}", f"{why[1]} */}}}}"]

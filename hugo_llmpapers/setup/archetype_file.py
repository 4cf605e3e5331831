"""The archetype that `init` writes: ours, in the site's front matter format and with the theme's entry for a picture.

https://gohugo.io/content-management/front-matter/
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hugo_llmpapers.post import archetype
from hugo_llmpapers.setup.theme import Conventions, Cover
from hugo_llmpapers.site.front_matter import Format

_LAST_KEY = "draft"
"""Entries are added before this one, the last of ours, so that JSON's commas stay correct."""
_FENCES: Mapping[Format, tuple[str, str]] = {"yaml": ("---", "---"), "toml": ("+++", "+++"), "json": ("{", "}")}
_UNQUOTED: Mapping[Format, frozenset[str]] = {
    "yaml": frozenset({"url", "date", "draft"}),
    "toml": frozenset({"date", "draft"}),
    "json": frozenset({"draft"}),
}
"""Keys whose value is a template action that needs no quotes."""
_FIRST_FIGURE = 'range first 1 (where $post.papers "figure" "!=" nil)'


def is_japanese(language: str) -> bool:
    """Return whether our texts for this language are in Japanese; else they are in English."""
    return language.partition("-")[0] == "ja"


def archetype_text(language: str, conventions: Conventions) -> str:
    """Return our archetype for a language, adapted to the site."""
    before, head, body = archetype.shipped(language).read_text(encoding="utf-8").split("---\n", 2)
    kind, lines = conventions.format, []
    for key, value in (line.split(": ", 1) for line in head.splitlines()):
        if key == _LAST_KEY:
            lines += [_entry("usePageBundles", "true", kind)] if conventions.page_bundles else []
            lines += _commented_cover(conventions, conventions.cover, language) if conventions.cover else []
        lines.append(_entry(key, value, kind))
    if kind == "json":
        lines[-1] = lines[-1].removesuffix(",")
    opening, closing = _FENCES[kind]
    return before + "\n".join([opening, *lines, closing]) + "\n" + body


def _entry(key: str, value: str, kind: Format) -> str:
    """Return one line of front matter. `value`: JSON, or a template action."""
    if value.startswith("{{") and key not in _UNQUOTED[kind]:
        value = f'"{value}"'
    return {"yaml": f"{key}: {value}", "toml": f"{key} = {value}", "json": f'  "{key}": {value},'}[kind]


def _commented_cover(conventions: Conventions, cover: Cover, language: str) -> list[str]:
    """Return the lines of a template comment with the entry for the first figure.

    A front matter comment would appear in every post, and its template actions would be executed.
    """
    if is_japanese(language):
        used_by = conventions.theme or "このサイト"
        why = f"{used_by} は {cover.key} を記事の画像として使う。最初の図を使うには、この行と「ここまで」の行を消す。"
        end = "ここまで"
    else:
        used_by = conventions.theme or "This site"
        why = (
            f'{used_by} shows `{cover.key}` as a post\'s picture. For the first figure, delete this and the "end" line.'
        )
        end = "end"
    entry = _cover_entry(cover, conventions.format)
    return [f"{{{{- /* {why}", f"{{{{- {_FIRST_FIGURE} }}}}", entry, "{{- end }}", f"{end} */}}}}"]


def _cover_entry(cover: Cover, kind: Format) -> str:
    file = "{{ $post.name }}/{{ .figure.file }}" if cover.by_url else "{{ .figure.file }}"
    key, _, inner = cover.key.partition(".")
    if not inner:
        return _entry(key, json.dumps([file] if key == "images" else file), kind)
    nested: Mapping[str, Any] = {inner: file, "relative": True}
    if kind == "yaml":
        return "\n".join([f"{key}:", *(f"  {name}: {json.dumps(value)}" for name, value in nested.items())])
    if kind == "toml":
        inside = ", ".join(f"{name} = {json.dumps(value)}" for name, value in nested.items())
        return f"{key} = {{ {inside} }}"
    return _entry(key, json.dumps(nested), kind)

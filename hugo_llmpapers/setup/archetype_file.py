"""The archetype that `init` writes: ours, in the site's front matter format and with the theme's entry for a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping

from hugo_llmpapers.post import archetype
from hugo_llmpapers.setup.theme import Conventions, Cover
from hugo_llmpapers.site.front_matter import Format

_FENCES: Mapping[Format, tuple[str, str]] = {"yaml": ("---", "---"), "toml": ("+++", "+++"), "json": ("{", "}")}
_QUOTED: Mapping[Format, tuple[str, ...]] = {"yaml": (), "toml": ("url",), "json": ("url", "date")}
"""Keys whose value is a template action that needs quotes."""


def is_japanese(language: str) -> bool:
    """Return whether our texts for this language are in Japanese; else they are in English."""
    return language.partition("-")[0] == "ja"


def archetype_text(language: str, conventions: Conventions) -> str:
    """Return our archetype for a language, adapted to the site."""
    before, head, body = archetype.shipped(language).read_text(encoding="utf-8").split("---\n", 2)
    kind, lines = conventions.format, []
    for key, value in (line.split(": ", 1) for line in head.splitlines()):
        if key == "draft":  # the last of ours, so that JSON's commas stay correct
            lines += [_entry("usePageBundles", "true", kind)] if conventions.page_bundles else []
            lines += _commented_cover(conventions, conventions.cover, language) if conventions.cover else []
        lines.append(_entry(key, value, kind))
    if kind == "json":
        lines[-1] = lines[-1].removesuffix(",")
    opening, closing = _FENCES[kind]
    return before + "\n".join([opening, *lines, closing]) + "\n" + body


def _entry(key: str, value: str, kind: Format) -> str:
    """Return one line of front matter. `value`: JSON, or a template action."""
    if key in _QUOTED[kind]:
        value = f'"{value}"'
    return {"yaml": f"{key}: {value}", "toml": f"{key} = {value}", "json": f'  "{key}": {value},'}[kind]


def _commented_cover(conventions: Conventions, cover: Cover, language: str) -> list[str]:
    """Return the lines of a template comment: in one of front matter, actions would be executed, and posts would have it."""
    if is_japanese(language):
        shows = f"{conventions.theme or 'このサイト'} は {cover.key} を記事の画像として使う。"
        why, end = f"{shows}最初の図を使うには、この行と「ここまで」の行を消す。", "ここまで"
    else:
        shows = f"{conventions.theme or 'This site'} shows `{cover.key}` as a post's picture."
        why, end = f'{shows} For the first figure, delete this and the "end" line.', "end"
    first = '{{- range first 1 (where $post.papers "figure" "!=" nil) }}'
    return [f"{{{{- /* {why}", first, _cover_entry(cover, conventions.format), "{{- end }}", f"{end} */}}}}"]


def _cover_entry(cover: Cover, kind: Format) -> str:
    file = "{{ $post.name }}/{{ .figure.file }}" if cover.by_url else "{{ .figure.file }}"
    key, _, inner = cover.key.partition(".")
    if not inner:
        return _entry(key, json.dumps([file] if key == "images" else file), kind)
    if kind == "yaml":
        return f'{key}:\n  {inner}: "{file}"\n  relative: true'
    if kind == "toml":
        return f'{key} = {{ {inner} = "{file}", relative = true }}'
    return _entry(key, json.dumps({inner: file, "relative": True}), kind)
